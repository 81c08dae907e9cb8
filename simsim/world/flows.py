"""Who comes and who goes: every arrival and departure is counted, so that nobody appears or vanishes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import AnyArray, Floats, Ints, Mask, Rows
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.districts.system import SchoolSystem
from simsim.inputs.errors import InputError, Problem
from simsim.world.columns import ids_of, mask_over
from simsim.world.population import Population
from simsim.world.students import Student
from simsim.world.teachers import Teacher

WHO = ("grade", "neighbourhood", "migrant", "poor", "ses")
"""The columns that are kept of children who are turned away."""


class Flows:
    """Comings and goings of pupils and teachers.

    `tally[reason]` counts this year's by stage (stages), `public_staff[reason]` those of public schools by stage and
    subject group (stages, groups); `turned_away` keeps who found no place this year as columns; `expected` says how
    many pupils and teachers there must be; `hears`, if anybody, is told who leaves and why.
    """

    def __init__(self, students: Population[Student], teachers: Population[Teacher], system: SchoolSystem) -> None:
        self.students, self.teachers, self.system = students, teachers, system
        self.tally = Tally()
        self.public_staff = Tally((len(STAGES), len(SUBJECT_GROUPS)))
        self.turned_away: list[dict[str, AnyArray]] = []
        self.hears: Callable[[str, Ints], None] | None = None
        self.expected = {"students": 0, "teachers": 0}

    def begin(self) -> None:
        """Expect from now on whoever is here."""
        self.expected = {"students": len(self.students), "teachers": len(self.teachers)}

    def end_year(self) -> None:
        """Forget this year's counts, which have been recorded."""
        self.tally.clear()
        self.public_staff.clear()
        self.turned_away.clear()

    def turn_away(self, leaving: Mask) -> None:
        """Take pupils (mask over all) for whom there is no place off the rolls, and keep who they were for the record;
        InputError for what is no mask over all of them.
        """
        mask = mask_over(leaving, self.students.id, "let_go")
        if mask.any():
            self.turned_away.append({name: self.students.columns[name][mask] for name in WHO})
        self.let_go(leaving, "turned_away")

    def let_go(self, leaving: Mask, reason: str) -> None:
        """Take pupils (mask over all) off the rolls and count them by reason and stage.

        InputError for what is no mask over all of them.
        """
        self.let_go_by({reason: leaving})

    def let_go_by(self, reasons: Mapping[str, Mask]) -> None:
        """Take pupils off the rolls for several reasons at once (masks over all; nobody leaves twice).

        InputError for what is no mask over all of them.
        """
        gone = np.zeros(len(self.students), np.bool_)
        for reason, mask in reasons.items():
            leaving = mask_over(mask, self.students.id, "let_go") & ~gone
            if leaving.any():
                self.count(reason, self.system.stage_of(self.students.grade[leaving]))
                self.expected["students"] -= int(leaving.sum())
                gone |= leaving
                self._tell(reason, self.students.id[leaving])
        if gone.any():
            self.students.keep(~gone)

    def _tell(self, reason: str, ids: Ints) -> None:
        if self.hears is not None:
            self.hears(reason, ids)

    def take_in(self, reason: str, **columns: ArrayLike) -> None:
        """Put new pupils on the rolls and count them by reason and stage. InputError without their ids and grades."""
        _has(columns, "take_in", "id", "grade")
        self.students.add(**columns)
        self.count(reason, self.system.stage_of(np.atleast_1d(columns["grade"])))
        self.expected["students"] += len(np.atleast_1d(columns["id"]))

    def dismiss(self, leaving: Mask, reason: str) -> None:
        """Take teachers (mask over all) off the staff and count them by reason and stage.

        InputError for what is no mask over all of them.
        """
        leaving = mask_over(leaving, self.teachers.id, "dismiss")
        if leaving.any():
            self.count(reason, self.teachers.stage[leaving])
            public = leaving & self.teachers.public
            self._count_public(reason, self.teachers.stage[public], self.teachers.subject[public])
            self.expected["teachers"] -= int(leaving.sum())
            self._tell(reason, self.teachers.id[leaving])
            self.teachers.keep(~leaving)

    def employ(self, reason: str, **columns: ArrayLike) -> None:
        """Put new teachers on the staff and count them by reason and stage. InputError without their ids and stages."""
        _has(columns, "employ", "id", "stage")
        self.teachers.add(**columns)
        stages = np.broadcast_to(np.asarray(columns["stage"]), len(np.atleast_1d(columns["id"])))
        self.count(reason, stages)
        self.expected["teachers"] += len(np.atleast_1d(columns["id"]))
        public = np.broadcast_to(np.asarray(columns.get("public", False), bool), len(stages))
        subjects = np.broadcast_to(np.asarray(columns.get("subject", 0)), len(stages))
        self._count_public(reason, stages[public], subjects[public])

    def _count_public(self, reason: str, stages: Rows, subjects: Rows) -> None:
        """Add teachers of public schools (n) to this year's counts by stage and subject group."""
        np.add.at(self.public_staff[reason], (stages, subjects), 1.0)

    def leave(self, ids: ArrayLike, reason: str = "removed") -> None:
        """Take pupils or teachers off by id, counted under `reason`; KeyError when one is not here."""
        ids = np.atleast_1d(ids_of(ids))
        offices: tuple[tuple[Ints, Callable[[Mask, str], None]], ...] = (
            (self.students.id, self.let_go),
            (self.teachers.id, self.dismiss),
        )
        for here, take_off in offices:
            mine = np.isin(here, ids)
            ids = ids[~np.isin(ids, here)]
            take_off(mine, reason)
        if len(ids):
            raise KeyError(f"{int(ids[0])} is neither a pupil nor a teacher here; has the person left?")

    def count(self, what: str, stages: Rows) -> None:
        """Add to this year's tally: one for every entry of `stages` (n, stage codes); InputError for what are none."""
        try:
            self.tally[what] += np.bincount(stages, minlength=len(STAGES))
        except ValueError:
            codes = ", ".join(f"{code} ({word})" for code, word in enumerate(STAGES))
            raise InputError(Problem("count", what, stages, f"are not codes of stages: {codes}")) from None


def _has(columns: Mapping[str, ArrayLike], call: str, *needed: str) -> None:
    """Raise InputError unless the columns are there that everybody must have."""
    for name in needed:
        if name not in columns:
            raise InputError(Problem(call, name, None, f"is missing; give {name}=... of everybody who comes"))


class Tally(dict[str, Floats]):
    """Counts and amounts under every name, by stage (stages) unless a `shape` says otherwise; a name not counted yet
    has zeros.
    """

    def __init__(self, shape: int | tuple[int, ...] = len(STAGES)) -> None:
        super().__init__()
        self.shape = shape

    def __missing__(self, name: str) -> Floats:
        self[name] = np.zeros(self.shape)
        return self[name]
