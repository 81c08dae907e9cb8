"""Classes: formed every September from the rolls, the rooms and the teachers of each school."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.codes import CORE, FIRST_GRADE, LAST_GRADE, N_GRADES
from simsim.world.classes import Classes
from simsim.world.teachers import TEAM, effects

if TYPE_CHECKING:
    from simsim.district import District

SLOTS = 128
"""Class numbers per grade in the keys of classes."""


def form(district: District) -> None:
    """Form classes near the target size within the rooms; who sits where is the rank of a keyed draw."""
    students = district.students
    seated = np.flatnonzero(district.student_parts() >= 0)
    cell = district.student_parts()[seated].astype(np.int64) * N_GRADES + students.grade[seated] - 1
    rolls = np.bincount(cell, minlength=len(district.parts) * N_GRADES)
    counts = class_counts(district, rolls.reshape(-1, N_GRADES)).ravel()
    # A cell is a whole number, the draw lies below one: one sort orders cells, and pupils by lot inside them.
    order = np.argsort(cell + students.class_draw[seated])
    rank = np.empty(len(cell), np.int64)
    rank[order] = np.arange(len(cell)) - (np.cumsum(rolls) - rolls)[cell[order]]
    # Ranks go to classes in equal shares: sizes of one grade differ by one at most.
    row = (np.cumsum(counts) - counts)[cell] + rank * counts[cell] // np.maximum(rolls[cell], 1)
    students.class_row[:] = -1
    students.class_row[seated] = row
    where, number = identity.count_up(counts)
    part, grade = where // N_GRADES, where % N_GRADES + 1
    keys = np.array([p.key for p in district.parts])[part]
    ids = identity.make(0, identity.INITIAL, keys, grade * SLOTS + number)
    team, rows = teams(district, part)
    district.classes = Classes(part, grade, number, np.bincount(row, minlength=len(part)), team, rows, ids)


def class_counts(district: District, rolls: Ints) -> Ints:
    """Return the number of classes by part and grade: rolls over the target, rounded up, as far as the rooms go.

    Where rooms are short the grades whose classes stay smallest give up a class first; no grade loses its last.
    """
    counts = np.zeros_like(rolls)
    for row, part in enumerate(district.parts):
        grades = slice(FIRST_GRADE[part.stage] - 1, LAST_GRADE[part.stage])
        target = int(district.p["class_size.target.primary" if part.stage == 0 else "class_size.target.junior"])
        wanted = -(-rolls[row, grades] // target)
        while wanted.sum() > part.rooms and (wanted > 1).any():
            sizes = np.where(wanted > 1, rolls[row, grades] / np.maximum(wanted - 1, 1), np.inf)
            wanted[np.argmin(sizes)] -= 1
        counts[row, grades] = wanted
    return counts


def teams(district: District, part: Ints) -> tuple[Floats, Ints]:
    """Give each class three core-subject teachers of its school; return their mean effect (SD) and their rows (n, 3).

    Teachers stand in the order of a keyed draw and take classes in turn; a school short of core teachers lets each
    teach more. A school without any lends whoever is there.
    """
    teachers, value = district.teachers, effects(district)
    at, n_parts = district.teacher_parts().astype(np.int64), len(district.parts)
    has_core = np.bincount(at[teachers.subject == CORE], minlength=n_parts) > 0
    usable = np.flatnonzero((teachers.subject == CORE) | ~has_core[at])
    draw = district.uniform("class/team", teachers.id[usable])
    usable = usable[np.argsort(at[usable] + draw)]  # by part, by lot inside it
    n = np.bincount(at[usable], minlength=n_parts)
    start = np.cumsum(n) - n
    classes_before = np.searchsorted(part, part)
    turn = (np.arange(len(part)) - classes_before)[:, None] * TEAM + np.arange(TEAM)
    place = start[part][:, None] + turn % np.maximum(n[part], 1)[:, None]
    rows = usable[np.minimum(place, len(usable) - 1)]
    return np.where(n[part] > 0, value[rows].mean(axis=1), 0.0), rows
