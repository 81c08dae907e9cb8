"""What the law on large classes (大班额) asks of admission: a class below the cap near by before a larger one."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Ints
from simsim.base.codes import NOWHERE
from simsim.world.world import World


def cap(world: World) -> int | None:
    """Return the largest class that the law allows this year; None where it asks for nothing, as in the first year,
    whose roll is given.
    """
    return world.class_law.cap(world.year) if world.year > world.first_year else None


def sizes(world: World) -> list[int]:
    """Return the class sizes to which admission fills classes in turn: what the law aims at in the end, then what it
    allows this year; none where it asks for nothing.
    """
    most, aim = cap(world), world.class_law.aim(world.year)
    return [] if most is None or aim is None else sorted({aim, most})


def lowered(world: World, limit: int) -> int:
    """Return a limit on the classes of a catchment's own children, lowered to what the law aims at."""
    return min([limit, *sizes(world)])


def places_below(rolls: Ints, rooms: Ints, first: Ints, most: int) -> Ints:
    """Return the places (parts, grades) that are left before a class has more than `most` pupils.

    Classes that are there fill up; rooms (parts) without one are the entry grade's (`first`, parts). Where classes of
    that size do not fit into the rooms as it is, there is no place.
    """
    classes = -(-rolls // most)
    spare = rooms - classes.sum(axis=1)
    places: Ints = (classes * most - rolls) * (spare >= 0)[:, None]
    places[np.arange(len(rolls)), first - 1] += np.maximum(spare, 0) * most
    return places


def within(world: World, seats: Ints, rolls: Ints) -> Ints:
    """Return free seats (parts, grades), under a law no more than are left below the class size that it aims at.

    Every room counts once: those without a class are the entry grade's up to its even share of all; of what is beyond
    it, each grade above may open as many.
    """
    if not sizes(world):
        return seats
    most, rooms = sizes(world)[0], world.parts.rooms
    first, last = (np.array(ends)[world.parts.stage] for ends in (world.system.first_grade, world.system.last_grade))
    spare, n = rooms - (-(-rolls // most)).sum(axis=1), last - first + 1
    more = np.maximum(spare - -(-rooms // n), 0) // np.maximum(n - 1, 1) * (n > 1)
    grade = np.arange(1, rolls.shape[1] + 1)
    above = (grade > first[:, None]) & (grade <= last[:, None])
    places = places_below(rolls, rooms - (n - 1) * more, first, most) + above * more[:, None] * most
    free: Ints = np.minimum(seats, places)
    return free


def last_places(world: World, rows: Ints, chosen: Ints, own: Ints) -> Ints:
    """Return the parts of pupils (rows, n) with those who have a right to a seat and found none (-1 in `chosen`) in the
    nearest class below the cap, their catchment school (`own`, n) first; -1 stays where there is none, or no law.
    """
    for most in sizes(world):
        left = np.flatnonzero((chosen == NOWHERE) & world.students.entitled[rows])
        if len(left):
            chosen = _fill(world, rows, chosen.copy(), left, own, _places(world, rows, chosen, most))
    return chosen


def _places(world: World, rows: Ints, chosen: Ints, most: int) -> Ints:
    """Return the places (parts, grades) below a class size when pupils (rows) sit where they have chosen."""
    parts, students, grades = world.parts, world.students, world.system.n_grades
    at = parts.of_students().astype(np.int64)
    at[rows] = chosen
    seated = at >= 0
    rolls = np.bincount(at[seated] * grades + students.grade[seated] - 1, minlength=len(parts) * grades)
    first = np.array(world.system.first_grade)[parts.stage]
    return places_below(rolls.reshape(-1, grades), parts.rooms, first, most)


def _fill(world: World, rows: Ints, chosen: Ints, left: Ints, own: Ints, places: Ints) -> Ints:
    """Let those who are left (places in `rows`) ask at their own school, then at the others in turn, for one of the
    `places` (parts, grades).
    """
    students, public, room = world.students, world.parts.public.tolist(), places.tolist()
    grades, homes = students.grade[rows[left]], world.neighbourhoods.rows(students.neighbourhood[rows[left]])
    columns = (left, grades - 1, world.system.stage_of(grades), homes, own[left])
    turns: dict[tuple[int, int], list[int]] = {}
    for n, grade, stage, home, first in zip(*(column.tolist() for column in columns), strict=True):
        if (stage, home) not in turns:
            turns[stage, home] = [part for part in world.public_order[stage, home].tolist() if part >= 0]
        asked = (part for part in (first, *turns[stage, home]) if part >= 0 and public[part])
        found = next((part for part in asked if room[part][grade] > 0), NOWHERE)
        if found != NOWHERE:
            chosen[n] = found
            room[found][grade] -= 1
    return chosen
