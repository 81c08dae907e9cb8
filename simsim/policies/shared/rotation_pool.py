"""Who may be asked to rotate, how likely they are to go, and what their schools can give and take."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask, Rows
from simsim.base.codes import CORE, SENIOR, STAGES, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.base.swaps import Capacity
from simsim.world.staff import age
from simsim.world.world import World

EVER = 0
TENTH = 0.1


def areas(district: World, scope: str) -> Ints:
    """Return the area inside which teachers of each part move (parts): the
    district, or a cluster; -1 where nobody does.
    """
    if scope == "district":
        return np.where(district.parts.public, 0, -1)
    numbers = {
        cluster: i for i, cluster in enumerate(dict.fromkeys(s.cluster for s in district.open_schools if s.cluster))
    }
    return np.where(
        district.parts.public, district.parts.of_schools(lambda s: numbers[s.cluster] if s.cluster else -1), -1
    )


def reach(district: World, area: Ints, sides: Mask | None) -> Floats:
    """Return the mean distance from each part to the schools where its teachers could go (parts), km.

    With `sides` (parts) they go from one side to the other.
    """
    x, y = places(district)
    stage = district.parts.stage
    open_to = (stage[:, None] == stage) & (area[:, None] == area) & ~np.eye(len(stage), dtype=bool)
    if sides is not None:
        open_to &= sides[:, None] != sides
    km = distance_km(x[:, None], y[:, None], x, y)
    mean: Floats = (km * open_to).sum(axis=1) / np.maximum(open_to.sum(axis=1), 1)
    return mean


def volunteering(district: World, rows: Ints, km: Floats, allowance: float, title_incentive: float) -> Floats:
    """Return the chance that each teacher (rows) volunteers to work `km` away (effects.md section 2, a logit).

    Own children are the main barrier; novices go more readily, senior teachers less; pay and titles attract.
    """
    teachers, p = district.teachers, district.p
    years = age(district)[rows]
    family = (years >= p["child_at_home.from"]) & (years <= p["child_at_home.to"])
    family &= district.chance("teacher/child", teachers.id[rows], p["child_at_home.share"], EVER)
    u = p["accept.constant"] + p["accept.km"] * km + p["accept.child"] * family
    u += p["accept.novice"] * (teachers.experience[rows] < p["novice_years"]) + p["accept.senior"] * (
        teachers.title[rows] == SENIOR
    )
    u += (
        p["accept.title_incentive"] * title_incentive
        + p["accept.subsidy_per_10pct"] * allowance / p["teacher_cost"] / TENTH
    )
    return 1.0 / (1.0 + np.exp(-u))


def good_parts(district: World) -> Mask:
    """Return the urban public parts of above-median standing in their stage (parts): the
    "urban and good schools" of the national rule.
    """
    stage, status = district.parts.stage, district.parts.status
    good = np.zeros(len(stage), bool)
    for s in range(len(STAGES)):
        mine = (stage == s) & district.parts.public
        good |= mine & (status > np.median(status[mine]))
    return good & district.parts.urban


def cells(area: Ints, stage: Rows | int, group: Rows | int) -> Ints:
    """Return the number of the cell of an area, a stage and a subject group."""
    numbers: Ints = (area * len(STAGES) + stage) * len(SUBJECT_GROUPS) + group
    return numbers


def places(district: World) -> tuple[Floats, Floats]:
    """Return where the parts stand (parts), km."""
    return district.parts.x_km, district.parts.y_km


def room(district: World) -> Capacity:
    """Return what each part can give and take: most of the posts of a subject group stay filled."""
    posts = district.parts.posts
    floor = np.ceil(district.p["rotation.floor"] * posts).astype(np.int64)
    return Capacity(district.parts.staff(), district.parts.rolls().astype(float), floor)


def released(district: World, rows: Ints) -> Ints:
    """Return those who can go home (rows) without leaving a school stage short of its last core teacher."""
    teachers, at = district.teachers, district.parts.of_teachers()
    home = district.parts.place[teachers.stage, teachers.home]
    while len(rows):
        core = rows[teachers.subject[rows] == CORE]
        n = len(district.parts)
        left = (
            district.parts.staff()[:, CORE] + np.bincount(home[core], minlength=n) - np.bincount(at[core], minlength=n)
        )
        held = core[left[at[core]] < 1]
        if not len(held):
            break
        rows = rows[rows != held[-1]]
    return rows
