"""Titles: teachers rise after years of service, to first and senior only into a titled post of their school.

A school has titled posts in the share of its posts that were held by such teachers on the first September. That titled
posts are approved by school, and that nobody rises without a free one, is judgement: the rule is remembered as that of
the reform of 2015 (approved structure of posts, 岗位结构比例), whose text was not found.
"""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask, Rows
from simsim.base.codes import FIRST, JUNIOR, PRIMARY, SECOND, SENIOR, STAGES, SUBJECT_GROUPS
from simsim.base.matching import first_come
from simsim.inputs.documents import Record
from simsim.world.world import World

TITLED = (FIRST, SENIOR)
"""The titles that have posts of their own: first and higher, and senior."""
STAFF = {stage: [f"t_{stage}_{group}" for group in SUBJECT_GROUPS] for stage in STAGES}
"""The columns of schools.csv that count the teachers of a stage."""


def promote(world: World) -> None:
    """Raise titles: to second after a year, to first after five and to senior after ten as far as titled posts are
    free; the lowest draw goes first.
    """
    teachers, p = world.teachers, world.p
    u = world.uniform("staff/title", teachers.id)
    since = world.year - teachers.title_year
    novices = (teachers.title < SECOND) & (teachers.experience >= 1)
    first = (
        (teachers.title == SECOND)
        & (teachers.experience >= p["title_first_wait_years"])
        & (u < world.rate("staff/first-title", p["title_L1_hazard_after5"]))
    )
    ready = (
        (teachers.title == FIRST)
        & (since >= p["title_senior_after_first"])
        & (teachers.experience >= p["title_senior_wait_years"])
    )
    ready &= u < p["title_senior_hazard_after10"]
    teachers.title[novices] = SECOND
    rise = _by_school if p["structure.titles_of_schools"] else _by_stage
    rise(world, first, ready, u)


def raise_title(world: World, rows: Rows, title: int) -> None:
    """Give teachers (rows) a title from this year on."""
    world.teachers.title[rows] = title
    world.teachers.title_year[rows] = world.year


def titled_shares(world: World) -> Floats:
    """Return the share of each part's posts that is titled (parts, TITLED): what its staff of the first year held.

    A school opened since has the share that its stage had.
    """
    rows = {row["key"]: row for row in world.first_schools}
    held = np.array([[_titled(rows.get(key), stage) for stage in STAGES] for key in world.parts.key.tolist()])
    held = held[np.arange(len(world.parts)), world.parts.stage]
    whole = np.array([np.sum([_titled(row, stage) for row in rows.values()], axis=0) for stage in STAGES])
    known = held[:, -1] > 0
    held = np.where(known[:, None], held, whole[world.parts.stage])
    shares: Floats = held[:, :-1] / np.maximum(held[:, -1:], 1)
    return shares


def _titled(row: Record | None, stage: str) -> list[float]:
    """Return the teachers of a school's stage on the first September: first title and above, senior, all."""
    if row is None:
        return [0.0, 0.0, 0.0]
    senior, staff = row[f"title_senior_{stage}"], sum(row[column] for column in STAFF[stage])
    return [row[f"title_first_{stage}"] + senior, senior, staff]


def free_titled_posts(world: World) -> Ints:
    """Return the titled posts that nobody holds by part (parts, TITLED): of first title and above, and of senior.

    Below zero where more hold the title than the school has posts for: who comes with a title keeps it.
    """
    parts, teachers = world.parts, world.teachers
    posts = np.rint(titled_shares(world) * parts.posts.sum(axis=1)[:, None]).astype(np.int64)
    home = parts.place[teachers.stage, teachers.home]
    held = [np.bincount(home[(home >= 0) & (teachers.title >= title)], minlength=len(parts)) for title in TITLED]
    free: Ints = posts - np.array(held, dtype=np.int64).T
    return free


def pools(world: World) -> Ints:
    """Return the pool of titled posts to which each part belongs (parts; the number of a part of the pool).

    Each part is its own, unless this year's instructions let schools share.
    """
    parts, shared = world.parts, world.instructions.title_pools
    lead = np.array([shared.get(key, key) for key in parts.key.tolist()], dtype=np.int64)
    pool = parts.place[parts.stage, lead].astype(np.int64)
    return np.where(pool >= 0, pool, np.arange(len(parts)))


def _by_school(world: World, first: Mask, ready: Mask, u: Floats) -> None:
    """Raise those ready for the senior title and for the first (masks) into the free titled posts of their pools."""
    free, pool = free_titled_posts(world), pools(world)
    home = world.parts.place[world.teachers.stage, world.teachers.home]
    for who, title, posts in ((ready, SENIOR, free[:, 1]), (first, FIRST, free[:, 0])):
        room = np.zeros(len(pool), np.int64)
        np.add.at(room, pool, posts)
        rows = np.flatnonzero(who & (home >= 0))
        rows = rows[np.argsort(u[rows], kind="stable")]
        raise_title(world, rows[first_come(pool[home[rows]], room)], title)


def _by_stage(world: World, first: Mask, ready: Mask, u: Floats) -> None:
    """Raise whoever is ready for the first title, and to senior as many as the quota of the stage has room for."""
    teachers, p = world.teachers, world.p
    for stage, quota in ((PRIMARY, p["senior_quota_primary"]), (JUNIOR, p["senior_quota_junior"])):
        mine = teachers.stage == stage
        room = int(max(quota * mine.sum() - (mine & (teachers.title == SENIOR)).sum(), 0))
        rows = np.flatnonzero(mine & ready)
        raise_title(world, rows[np.argsort(u[rows], kind="stable")][:room], SENIOR)
    raise_title(world, np.flatnonzero(first), FIRST)
