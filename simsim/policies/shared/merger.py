"""Merging a school stage into others: where its pupils, catchments, staff, posts, rooms and equipment go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simsim import actions
from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import NOWHERE, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.policies.shared.new_school import target_posts
from simsim.rules import building
from simsim.rules.admission import catchment_parts
from simsim.world.schools import Part, School
from simsim.world.world import World

AREAS = ("teaching_area_m2", "sports_area_m2")


@dataclass
class Merged:
    """What a merger left to see to: who came, from where, and which posts are to lapse.

    `pupils` are the ids of those who changed school, `homes` the keys of the neighbourhoods that were handed over,
    `rooms` and `areas` what was freed; `lapsing` counts posts by key of the school that has them.
    """

    stage: int
    pupils: Ints
    homes: Ints
    schools: tuple[int, ...]
    rooms: int
    areas: dict[str, float]
    lapsing: dict[int, int] = field(default_factory=dict)


def merge(district: World, part: Part, into: School | None, instance: str, surplus: str, rooms: str) -> Merged:
    """Close a stage of a school: all of it goes to the school `into`, or where the nearest schools are, then shut it.

    Without `into` each neighbourhood goes to its nearest public school of the stage, and pupils follow. `surplus` says
    which posts come along (`keep`, `redeploy`, `lapse`), `rooms` what becomes of the building (`handed_over` to the
    school that gets most pupils, else freed).
    """
    school, stage, roll = part.school, part.stage, part.pupils
    rows = np.flatnonzero(district.parts.of_students() == part.row)
    places = district.neighbourhoods
    homes = (places.catchment[stage] == school.key) | (places.former[stage] == school.key)
    heirs = np.full(len(places), into.key) if into else nearest(district, part)
    actions.hand_over_catchments(district, stage, school.key, heirs)
    to = _followed(district, part, rows, into)
    ids = district.students.id[rows].copy()
    actions.transfer_pupils(district, rows, to)
    weights = _weights(district, to, heirs[homes], stage)
    receivers = [district.parts[int(row)] for row in np.flatnonzero(weights)]
    district.parts.pupils += np.rint(weights * roll).astype(np.int64)
    done = Merged(stage, ids, places.key[homes], tuple(r.key for r in receivers), part.rooms, {})
    lapsing = move_staff(district, part, weights, instance, surplus)
    main = district.parts[int(np.argmax(weights))]
    _move_goods(part, roll, {r.school: float(weights[r.row]) for r in receivers})
    done.areas = _move_rooms(part, main if rooms == "handed_over" else None)
    done.lapsing = lapsing
    actions.close_stage(district, school, stage, main.school)
    return done


def nearest(district: World, part: Part) -> Ints:
    """Return the key of the nearest other public school of the stage for each neighbourhood (n)."""
    parts, places = district.parts, district.neighbourhoods
    others = _others(district, part)
    km = distance_km(places.x_km[:, None], places.y_km[:, None], parts.x_km[others], parts.y_km[others])
    keys: Ints = parts.key[others[km.argmin(axis=1)]]
    return keys


def next_km(district: World, part: Part) -> float:
    """Return how far the nearest other public school of the stage is from a school."""
    parts, others, school = district.parts, _others(district, part), part.school
    return float(distance_km(school.x_km, school.y_km, parts.x_km[others], parts.y_km[others]).min())


def _others(district: World, part: Part) -> Ints:
    """Return the other public parts of a stage (rows), those that are only opening last resort."""
    others: Ints = district.parts.of_stage(part.stage, only_public=True)
    others = others[others != part.row]
    full: Ints = others[~district.parts.opening[others]]
    return full if len(full) else others


def _followed(district: World, part: Part, rows: Ints, into: School | None) -> Ints:
    """Return the part each pupil (rows) goes to: the receiver's, or that of the catchment as it is now."""
    if into is not None:
        return np.full(len(rows), into.parts[part.stage].row)
    return catchment_parts(district, rows)


def _weights(district: World, to: Ints, heirs: Ints, stage: int) -> Floats:
    """Return the share of a closing stage that goes to each part (parts): as the pupils go, else as catchments do."""
    n = len(district.parts)
    counts = np.bincount(to, minlength=n)
    if not len(to):
        counts = np.bincount(district.parts.place[stage, heirs], minlength=n)
    shares: Floats = counts / counts.sum()
    return shares


# ---- staff ----


def move_staff(district: World, part: Part, weights: Floats, instance: str, surplus: str) -> dict[int, int]:
    """Move a stage's teachers with their posts, and send guests home; return the posts that are to lapse, by school.

    Posts go as the pupils do (`weights`, parts). With `redeploy` a receiver takes only what its roll asks for; the
    others go where most pupils share a post. With `lapse` it gives the surplus up as posts fall vacant.
    """
    teachers, parts = district.teachers, district.parts
    away = (teachers.stage == part.stage) & (teachers.post == part.key) & (teachers.home != part.key)
    _end_spells(district, away)
    guests = np.flatnonzero(away)
    district.move_teachers(guests, teachers.home[guests], "merger", instance)
    rows, group, posts = _units(district, part, instance)
    targets = {row: target_posts(district, parts[row]) for row in np.flatnonzero(weights).tolist()}
    shares = (split(len(rows), weights), split(len(group) - len(rows), weights))
    goes = np.concatenate([np.repeat(np.arange(len(parts)), share) for share in shares])
    if surplus == "redeploy":
        goes = _up_to(district, part, goes, targets)
    for row in np.unique(goes).tolist():
        parts.posts[row] += np.bincount(group[(goes == row) & posts], minlength=len(SUBJECT_GROUPS))
    came = int(posts.sum())
    part.posts[:] = 0
    keys = parts.key[goes[: len(rows)]]
    absent = teachers.post[rows] != part.key
    teachers.home[rows[absent]] = keys[absent]
    district.move_teachers(rows[~absent], keys[~absent], "merger", instance)
    back = np.isin(np.arange(len(teachers)), rows) & (teachers.post == teachers.home)
    _end_spells(district, back)
    if surplus != "lapse":
        return {}
    over = {parts[row].key: min(int(parts.posts[row].sum()) - target, came) for row, target in targets.items()}
    return {key: n for key, n in over.items() if n > 0}


def _end_spells(district: World, mask: Mask) -> None:
    """End the spell of teachers (mask) who come home because a school closes."""
    district.teachers.spell_end[mask] = 0
    district.teachers.mandated[mask] = False


def _units(district: World, part: Part, instance: str) -> tuple[Ints, Ints, Mask]:
    """Return what moves: rows of the teachers whose home the stage is, by lot; the subject group of each of them and
    then of each vacant post; and whether there is a post to it (a teacher above the posts brings none).
    """
    teachers, n = district.teachers, len(SUBJECT_GROUPS)
    rows = np.flatnonzero((teachers.stage == part.stage) & (teachers.home == part.key))
    lot = district.uniform(f"{instance}/merger/{part.key}/{part.stage}", teachers.id[rows])
    rows = rows[np.argsort(lot, kind="stable")]
    group = teachers.subject[rows].astype(np.int64)
    rank = np.array([np.count_nonzero(group[:i] == g) for i, g in enumerate(group)], dtype=np.int64)
    vacant = np.repeat(np.arange(n), np.maximum(part.posts - np.bincount(group, minlength=n), 0))
    posts = np.concatenate((rank < part.posts[group], np.ones(len(vacant), bool)))
    return rows, np.concatenate((group, vacant)), posts


def _up_to(district: World, part: Part, goes: Ints, targets: dict[int, int]) -> Ints:
    """Return the part (row) each post goes to: as `goes` says until that part has its target, the others by need."""
    posts, rolls = district.parts.posts.sum(axis=1), district.parts.rolls()
    goes, able = goes.copy(), _may_take(district, part)
    for i, row in enumerate(goes.tolist()):
        if posts[row] >= targets[row]:
            goes[i] = row = int(np.argmax(np.where(able, rolls / np.maximum(posts, 1), -np.inf)))
        posts[row] += 1
    return goes


def _may_take(district: World, part: Part) -> Mask:
    """Return which parts may take posts that nobody needs at the receiver: public ones of the stage that are full."""
    parts = district.parts
    able: Mask = (parts.stage == part.stage) & parts.public & ~parts.opening & (np.arange(len(parts)) != part.row)
    return able if able.any() else (parts.stage == part.stage) & parts.public & (np.arange(len(parts)) != part.row)


def split(n: int, weights: Floats) -> Ints:
    """Return whole numbers that add up to `n`, as near to the shares `weights` as can be (largest remainders)."""
    exact = n * weights
    whole = np.floor(exact + 1e-9).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: n - whole.sum()]] += 1
    return whole


def lapse(district: World, part: Part, owed: int) -> int:
    """Let up to `owed` posts of a part that stand vacant lapse, so that hiring does not fill them; return how many."""
    vacant = np.maximum(district.parts.vacancies()[part.row], 0)
    gone = np.minimum(vacant, np.maximum(owed - np.concatenate(([0], np.cumsum(vacant)[:-1])), 0))
    part.posts[:] = part.posts - gone
    for group, count in enumerate(gone.tolist()):
        for kind in range(len(district.vacated)):
            less = min(count, int(district.vacated[kind, part.stage, group]))
            district.vacated[kind, part.stage, group] -= less
            count -= less
    return int(gone.sum())


# ---- rooms and equipment ----


def _move_goods(part: Part, roll: int, shares: dict[School, float]) -> None:
    """Take a stage's share of equipment, computers, books and multimedia rooms to the schools its pupils go to."""
    school = part.school
    claims, total = building.claims(school)
    mine = claims[part.stage] / total if total else 1.0 / len(claims)
    for name in building.FOLLOW_THE_ROLL:
        amount = mine * school.facilities[name]
        school.facilities[name] -= amount
        for other, share in shares.items():
            other.facilities[name] += share * amount
    school.equipped_for = max(school.equipped_for - roll, 0)
    for other, share in shares.items():
        other.equipped_for += round(share * roll)


def _move_rooms(part: Part, heir: Part | None) -> dict[str, float]:
    """Free a stage's rooms with the areas that belong to them, and give them to an heir if there is one."""
    school = part.school
    share = part.rooms / max(sum(other.rooms for other in school.parts.values()), 1)
    areas = {name: share * school.facilities[name] for name in AREAS}
    for name, area in areas.items():
        school.facilities[name] -= area
        if heir is not None:
            heir.school.facilities[name] += area
    if heir is not None:
        heir.rooms += part.rooms
    part.rooms = 0
    return areas


# ---- the way to school ----


def far_from_school(district: World, merged: Merged, limit_km: float | None) -> Ints:
    """Return the rows of pupils whom a merger gave a way beyond the travel limit (or `limit_km`): those who came with
    it or live where the closed school's catchment was, and sit in a school that took them.
    """
    students, places = district.students, district.neighbourhoods
    at = district.parts.of_students()
    rows = np.flatnonzero(at != NOWHERE)
    here = np.isin(students.school[rows], merged.schools) & (district.parts.stage[at[rows]] == merged.stage)
    rows = rows[here]
    theirs = np.isin(students.id[rows], merged.pupils) | np.isin(students.neighbourhood[rows], merged.homes)
    rows = rows[theirs]
    limit = places.travel_limit(district.p, merged.stage)[places.rows(students.neighbourhood[rows])]
    far: Ints = rows[students.distance_km[rows] > (limit if limit_km is None else limit_km)]
    return far
