"""The warning of large classes a year ahead, and the rooms that the law on them forces.

What is known in a school year tells the rolls of the next: who is at school less those who leave, children who come of
school age (at last year's ratio of entrants to births, as planners have it), and families who move in. Where classes of
the law's size would come to be, and no school within the travel limit has places left, the school gets the class rooms
that are missing, ready in September and paid before any measure.
"""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.base.codes import JUNIOR, NO_SCHOOL, NOWHERE, STAGES
from simsim.base.sums import added_up
from simsim.rules import building, mobility
from simsim.rules.large_classes import cap
from simsim.world.world import World

INSTANCE = "law/large-classes"
"""Under what name the budget books it."""


def add_rooms(world: World) -> None:
    """Add the class rooms that the law forces this year, book them, and write down where and for what."""
    target = world.parts.class_target(world.p)
    total = np.zeros((2, len(STAGES)))
    for row, rooms in enumerate(rooms_needed(world).tolist()):
        if rooms:
            part = world.parts[row]
            yuan = building.rooms_cost(world, part, rooms)
            places = int(rooms * target[row])
            world.recorder.law_rooms.append((world.year, STAGES[part.stage], part.key, rooms, places, yuan))
            total[:, part.stage] += rooms, yuan
            building.enlarge(world, part, rooms, INSTANCE)
    if cap(world) is not None:
        for stage in world.system.stages:
            values = {"law_rooms": total[0, stage], "law_rooms_yuan": total[1, stage]}
            world.recorder.note_all(world, values, STAGES[stage])


def cost(world: World) -> float:
    """Return what the law forces to be built this year (yuan), as far as it can be told before policies act."""
    if cap(world) is None:
        return 0.0
    needed = enumerate(rooms_needed(world).tolist())
    return added_up(building.rooms_cost(world, world.parts[row], rooms) for row, rooms in needed if rooms)


def rooms_needed(world: World) -> Ints:
    """Return the class rooms (parts) that each public part lacks for classes within the law's cap; 0 without a law.

    Pupils above the entry grade stay where they are. Entering children fill the rooms that are left, at their own
    school or at the nearest one with places; those without any need rooms at their own.
    """
    most, parts = cap(world), world.parts
    if most is None:
        return np.zeros(len(parts), np.int64)
    size = most / (1.0 + world.p["large_class.margin"])
    staying, coming, homes = projected(world)
    own_ways = _by_own_past(world, coming)
    first = np.array(world.system.first_grade)[parts.stage] - 1
    entry = np.arange(len(parts)), first
    above = np.ceil(staying / size).sum(axis=1) - np.ceil(staying[entry] / size)
    room = np.floor(np.maximum(parts.rooms - above, 0.0)) * size
    seated = staying[entry] + _shared_out(world, coming, homes, np.maximum(room - staying[entry], 0.0), own_ways)
    needed = above + np.ceil(seated / size - 1e-9)
    return np.where(parts.public, np.maximum(needed - parts.rooms, 0.0), 0.0).astype(np.int64)


def projected(world: World) -> tuple[Floats, Floats, Ints]:
    """Return the pupils expected in September: those at school and those who come into grades above the entry (parts,
    grades), the entering children (stages, neighbourhoods) and the parts whose catchment these are (same shape).
    """
    students, parts, places, system = world.students, world.parts, world.neighbourhoods, world.system
    stays = np.maximum(1.0 - np.add(*mobility.chances(world)), 0.0)
    at, grades = parts.of_students().astype(np.int64), system.n_grades
    seated = at >= 0
    remain = stays * (1.0 - _goes_on(world))
    cells = at[seated] * grades + students.grade[seated] - 1
    staying = np.asarray(np.bincount(cells, remain[seated], len(parts) * grades).reshape(-1, grades), np.float64)
    children = mobility.expected_arrivals(world).copy()
    foreseen = mobility.entry_noise(world, world.year - 1)
    children[:, system.entry_grade - 1] += mobility.expected_entrants(world, foreseen)
    seeks = np.where(seated, stays - remain, stays)
    who = ~seated | (seeks > 0.0)
    home = places.rows(students.neighbourhood[who]) * grades + students.grade[who] - 1
    children += np.bincount(home, seeks[who], children.size).reshape(children.shape)
    coming: Floats = np.zeros((len(STAGES), len(places)))
    homes: Ints = np.full(coming.shape, NOWHERE, np.int64)
    for stage in system.stages:
        homes[stage] = parts.place[stage, places.catchment[stage]]
        for grade in system.grades(stage):
            if system.is_entry(grade):
                coming[stage] += (1.0 - world.p["private_share"]) * children[:, grade - 1]
            else:
                np.add.at(staying[:, grade - 1], _teaching(world, stage, grade), children[:, grade - 1])
    return staying, coming, homes


def _goes_on(world: World) -> Floats:
    """Return each pupil's chance (n) to seek another school before the junior stage, as a calibrated district's account
    has it; 0 in any other district.
    """
    account, students = world.account, world.students
    if account is None or world.year not in account.goes_on:
        return np.zeros(len(students))
    begin = (students.grade == world.system.first_grade[JUNIOR]) & (students.school != NO_SCHOOL)
    return np.where(begin, account.goes_of(world.year, np.maximum(students.school, 0)), 0.0)


def _by_own_past(world: World, coming: Floats) -> Floats:
    """Return of the `coming` children (stages, neighbourhoods) those who go to a junior school that a calibrated
    district's account says, not the catchment's (neighbourhoods, parts), as `admission.catchment_parts` sends them.
    """
    account, places, parts = world.account, world.neighbourhoods, world.parts
    found = np.zeros((len(places), len(parts)))
    if account is None or world.year not in account.ways:
        return found
    part = parts.place[JUNIOR, account.keys].astype(np.int64)
    there = part >= 0
    shares = np.diff(account.ways[world.year], axis=1, prepend=0.0)
    children = np.where(places.catchment[JUNIOR] == account.asked, coming[JUNIOR], 0.0)
    found[:, part[there]] = children[:, None] * shares[:, there]
    return found


def _teaching(world: World, stage: int, grade: int) -> Ints:
    """Return the part (neighbourhoods) that takes children of a grade: the catchment's, or the former one while that
    does not teach it yet.
    """
    places, parts = world.neighbourhoods, world.parts
    own, former = (parts.place[stage, keys[stage]].astype(np.int64) for keys in (places.catchment, places.former))
    found: Ints = np.where((grade > parts.top_grade[own]) & (former >= 0), former, own)
    return found


def _shared_out(world: World, coming: Floats, homes: Ints, room: Floats, own_ways: Floats | None = None) -> Floats:
    """Return the entering children that each part (parts) is expected to take, `room` places (parts) being free; of
    those who come into the junior stage `own_ways` (neighbourhoods, parts) go where an account says.
    """
    places = world.neighbourhoods
    taken = np.zeros(len(room))
    for stage in world.system.stages:
        ways = own_ways if own_ways is not None and stage == JUNIOR else np.zeros((len(places), len(room)))
        usual = coming[stage] - ways.sum(axis=1)
        former = world.parts.place[stage, places.former[stage]].astype(np.int64)
        away = np.where(former >= 0, 1.0 - places.share[stage], 0.0) * usual
        asked = np.bincount(homes[stage], usual - away, len(room)) + ways.sum(axis=0)
        asked += np.bincount(np.where(former >= 0, former, 0), away, len(room))
        here = np.minimum(asked, np.maximum(room - taken, 0.0))
        over = np.divide(asked - here, asked, out=np.zeros(len(room)), where=asked > 0.0)
        taken += here
        elsewhere = over[homes[stage]] * (usual - away) + over[np.maximum(former, 0)] * away + ways @ over
        for place in np.flatnonzero(coming[stage] > 0.0).tolist():
            nowhere = _elsewhere(world.public_order[stage, place], room, taken, elsewhere[place])
            taken[homes[stage, place]] += nowhere
    return taken


def _elsewhere(order: Ints, room: Floats, taken: Floats, left: float) -> float:
    """Let children without a place ask at parts in turn (k, -1 ends); `taken` grows; return how many find none."""
    for part in order[order >= 0].tolist():
        found = min(left, max(room[part] - taken[part], 0.0))
        taken[part] += found
        left -= found
        if left <= 0.0:
            break
    return left
