"""Who may be asked to rotate, how likely they are to go, and what their schools can give and take."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simsim.base.arrays import AnyArray, Floats, Ints, Mask, Rows
from simsim.base.codes import CORE, SENIOR, STAGES, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.base.swaps import Answer, Balance, Capacity, Pool, exchange, to_need
from simsim.record.rotation import GOOD
from simsim.world.staff import age
from simsim.world.world import World

EVER = 0
TENTH = 0.1


@dataclass(frozen=True)
class Call:
    """Whom an instance asks to rotate, and on what terms.

    `sided`: only teachers of urban and good schools count, and they change places with those of the others. Teachers
    are told to go and comply with chance `compliance`, or are free to refuse (None).
    """

    scope: str
    sided: bool
    years_in_school: float
    age_limit: float
    compliance: float | None
    allowance: float
    title_incentive: float
    order: str
    accept: str


def ask(district: World, call: Call) -> tuple[Ints, Pool]:
    """Return the rows of teachers who may be asked, in the order of a keyed draw, and the pool they form."""
    teachers, parts = district.teachers, district.parts
    area, origin = areas(district, call.scope), good_parts(district) if call.sided else parts.public
    part = parts.of_teachers().astype(np.int64)
    rows = np.flatnonzero(eligible(district, call) & (area[part] >= 0))
    at, group = part[rows], teachers.subject[rows].astype(np.int64)
    cell = cells(area[at], teachers.stage[rows], group)
    side = origin[at].astype(np.int64) if call.sided else at
    chance = np.broadcast_to(willing(district, rows, at, area, origin, call), len(rows))
    turn = np.argsort(district.uniform(call.order, teachers.id[rows]), kind="stable")
    accepts = district.chance(call.accept, teachers.id[rows[turn]], chance[turn])
    asked = Pool(cell, at, group, side, origin[at], np.zeros(len(rows), bool), teachers.backbone[rows]).take(turn)
    return rows[turn], replace(asked, accepts=accepts)


def eligible(district: World, call: Call) -> Mask:
    """Return who is eligible (n teachers): public, at the home post, long enough in the school and not too old."""
    teachers = district.teachers
    may = teachers.public & (teachers.post == teachers.home) & (teachers.years_in_school >= call.years_in_school)
    asked: Mask = may & (age(district) < call.age_limit)
    return asked


def willing(district: World, rows: Ints, at: Ints, area: Ints, origin: Mask, call: Call) -> Floats:
    """Return the chance that each teacher (rows, at parts `at`) goes: as told, or as volunteers do."""
    if call.compliance is not None:
        return district.compliance(call.compliance)
    parts = district.parts
    open_to = (parts.stage[:, None] == parts.stage) & (area[:, None] == area) & ~np.eye(len(parts), dtype=bool)
    if call.sided:
        open_to &= origin[:, None] != origin
    km = distance_km(parts.x_km[:, None], parts.y_km[:, None], parts.x_km, parts.y_km)
    away = (km * open_to).sum(axis=1) / np.maximum(open_to.sum(axis=1), 1)
    return volunteering(district, rows, away[at], call.allowance, call.title_incentive)


def areas(district: World, scope: str) -> Ints:
    """Return the area inside which teachers of each part move (parts): the district, or a cluster; -1 where nobody
    does.
    """
    if scope == "district":
        return np.where(district.parts.public, 0, -1)
    numbers = {
        cluster: i for i, cluster in enumerate(dict.fromkeys(s.cluster for s in district.open_schools if s.cluster))
    }
    return np.where(
        district.parts.public, district.parts.of_schools(lambda s: numbers[s.cluster] if s.cluster else -1), -1
    )


def volunteering(district: World, rows: Ints, km: Floats, allowance: float, title_incentive: float) -> Floats:
    """Return the chance that each teacher (rows) volunteers to work `km` away (effects.md section 2, a logit).

    Own children are the main barrier; the longer somebody has taught the less readily they go, senior teachers less
    still; pay and titles attract.
    """
    teachers, p = district.teachers, district.p
    years = age(district)[rows]
    family = (years >= p["child_at_home.from"]) & (years <= p["child_at_home.to"])
    family &= district.chance("teacher/child", teachers.id[rows], p["child_at_home.share"], EVER)
    u = p["accept.constant"] + p["accept.km"] * km + p["accept.child"] * family
    u += p["accept.year"] * (teachers.experience[rows] - p["accept.year_from"])
    u += p["accept.senior"] * (teachers.title[rows] == SENIOR)
    u += (
        p["accept.title_incentive"] * title_incentive
        + p["accept.subsidy_per_10pct"] * allowance / p["teacher_cost"] / TENTH
    )
    return 1.0 / (1.0 + np.exp(-u))


def good_parts(district: World) -> Mask:
    """Return the urban public parts of above-median standing in their stage (parts): the "urban and good schools" of
    the national rule.
    """
    stage, status = district.parts.stage, district.parts.status
    good = np.zeros(len(stage), bool)
    for s in district.system.stages:
        mine = (stage == s) & district.parts.public
        good |= mine & (status > np.median(status[mine]))
    return good & district.parts.urban


def cells(area: Ints, stage: Rows | int, group: Rows | int) -> Ints:
    """Return the number of the cell of an area, a stage and a subject group."""
    numbers: Ints = (area * len(STAGES) + stage) * len(SUBJECT_GROUPS) + group
    return numbers


def destinations(district: World, rows: Ints, pool: Pool, call: Call, rule: str, target: int, backbone: int) -> Answer:
    """Return who goes where by a rule: up to `target` who count, of them `backbone` backbone teachers if it can.

    `exchange` lets two swap; `need` and `weakest` send teachers where pupils per teacher are most or monitored quality
    is lowest; `balancing` makes the swaps that narrow gaps in teacher quality as monitoring shows it.
    """
    parts, groups = district.parts, len(SUBJECT_GROUPS)
    if rule in ("need", "weakest"):
        area = areas(district, call.scope)
        to = ~good_parts(district) if call.sided else np.ones(len(parts), bool)
        options = {c: to & (cells(area, parts.stage, c % groups) == c) for c in np.unique(pool.cell).tolist()}
        floor = np.ceil(district.p["rotation.floor"] * parts.posts).astype(np.int64)
        capacity = Capacity(parts.staff(), parts.rolls().astype(float), floor)
        return to_need(pool, target, capacity, options, -parts.monitored if rule == "weakest" else None)
    if rule != "balancing":
        return exchange(pool, target)
    seen = district.teachers.monitored
    cell = parts.of_teachers().astype(np.int64) * groups + district.teachers.subject
    sums = np.bincount(cell, seen, len(parts) * groups).reshape(-1, groups).astype(float)
    balance = Balance(pool, seen[rows], sums, parts.staff(), call.sided)
    balance.run(min(target, backbone if call.sided else 2 * backbone), pool.backbone)
    balance.run(target, np.ones(len(pool), bool))
    return balance.answer


def tally(district: World, rows: Ints, pool: Pool, answer: Answer, call: Call) -> dict[str, Floats]:
    """Return what a year's asking came to, by COUNTS and stage (stages); asked before anybody moves."""
    teachers, parts, good = district.teachers, district.parts, good_parts(district)
    may = eligible(district, call)
    people, to = (
        (np.array(column, dtype=np.int64) for column in zip(*answer.moves, strict=True))
        if answer.moves
        else (np.empty(0, np.int64), np.empty(0, np.int64))
    )
    stage, origin = teachers.stage[rows], pool.part[people]
    counted, from_good = people[pool.counts[people]], people[good[origin]]
    of: dict[str, tuple[AnyArray, AnyArray | None]] = {
        "eligible": (stage[pool.counts], None),
        "rotated": (stage[people], None),
        "counted": (stage[counted], None),
        "backbone": (stage[counted], pool.backbone[counted]),
        "refusals": (stage[answer.refused], None),
        "km": (stage[people], distance_km(parts.x_km[origin], parts.y_km[origin], parts.x_km[to], parts.y_km[to])),
        "good_rotated": (stage[from_good], None),
        "good_backbone": (stage[from_good], pool.backbone[from_good]),
        GOOD: (teachers.stage[may & good[parts.of_teachers()]], None),
    }
    return {name: np.bincount(who, weights, len(STAGES)).astype(float) for name, (who, weights) in of.items()}


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
