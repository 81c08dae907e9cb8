"""Classes: formed every September from the rolls, the rooms and the teachers of each school."""

from __future__ import annotations

from math import inf

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.codes import CORE
from simsim.base.rows import shared_out
from simsim.world.classes import Classes
from simsim.world.staff import effects
from simsim.world.teachers import TEAM
from simsim.world.world import World

SLOTS = 128
"""Class numbers per grade in the keys of classes."""


def form(world: World) -> None:
    """Form classes near the target size within the rooms; who sits where is the rank of a keyed draw."""
    students, grades = world.students, world.system.n_grades
    at = world.parts.of_students()
    seated = np.flatnonzero(at >= 0)
    cell = at[seated].astype(np.int64) * grades + students.grade[seated] - 1
    rolls = np.bincount(cell, minlength=len(world.parts) * grades)
    counts = class_counts(world, rolls.reshape(-1, grades)).ravel()
    # Ranks by lot go to classes in equal shares: sizes of one grade differ by one at most.
    row = shared_out(cell, students.class_draw[seated], counts)
    students.class_row[:] = -1
    students.class_row[seated] = row
    where, number = identity.count_up(counts)
    part, grade = where // grades, where % grades + 1
    keys = world.parts.key[part]
    ids = identity.make(0, identity.INITIAL, keys, grade * SLOTS + number)
    size = np.bincount(row, minlength=len(part))
    world.classes = Classes(part, grade, number, size, teams(world, part), ids)


def class_counts(world: World, rolls: Ints) -> Ints:
    """Return the number of classes by part and grade: rolls over the target, rounded up, as far as the rooms go.

    Where rooms are short the grades whose classes stay smallest give up a class first; no grade loses its last.
    """
    counts = -(-rolls // world.parts.class_target(world.p)[:, None])
    for row in np.flatnonzero(counts.sum(axis=1) > world.parts.rooms):
        counts[row] = _within(counts[row].tolist(), rolls[row].tolist(), int(world.parts.rooms[row]))
    return counts


def _within(wanted: list[int], rolls: list[int], rooms: int) -> list[int]:
    """Return the classes of a part by grade, those `wanted` brought within its rooms."""
    sizes = [pupils / (n - 1) if n > 1 else inf for pupils, n in zip(rolls, wanted, strict=True)]
    for _ in range(sum(wanted) - rooms):
        smallest = min(sizes)
        if smallest == inf:
            break
        grade = sizes.index(smallest)
        wanted[grade] -= 1
        sizes[grade] = rolls[grade] / (wanted[grade] - 1) if wanted[grade] > 1 else inf
    return wanted


def teams(world: World, part: Ints) -> Floats:
    """Give each class three core-subject teachers of its school; return their mean effect (n, SD).

    Teachers stand in the order of a keyed draw and take classes in turn; a school short of core teachers lets each
    teach more. A school without any lends whoever is there.
    """
    teachers, value = world.teachers, effects(world)
    at, n_parts = world.parts.of_teachers().astype(np.int64), len(world.parts)
    has_core = np.bincount(at[teachers.subject == CORE], minlength=n_parts) > 0
    usable = np.flatnonzero((teachers.subject == CORE) | ~has_core[at])
    if not len(usable):
        return np.zeros(len(part))  # as for a school that has no teacher
    draw = world.uniform("class/team", teachers.id[usable])
    usable = usable[np.argsort(at[usable] + draw)]  # by part, by lot inside it
    n = np.bincount(at[usable], minlength=n_parts)
    start = np.cumsum(n) - n
    classes_before = np.searchsorted(part, part)
    turn = (np.arange(len(part)) - classes_before)[:, None] * TEAM + np.arange(TEAM)
    place = start[part][:, None] + turn % np.maximum(n[part], 1)[:, None]
    rows = usable[np.minimum(place, len(usable) - 1)]
    return np.where(n[part] > 0, value[rows].mean(axis=1), 0.0)
