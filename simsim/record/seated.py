"""Everybody who sits in a class, looked at once for all that is recorded of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.base.codes import STAGES
from simsim.base.quantiles import quantiles
from simsim.world.world import World

FIFTH = 0.2


@dataclass(frozen=True)
class Seated:
    """The year's pupils in a class: their rows (n), and by pupil stage, part, grade, migration, family background,
    score and way to school (n each); `by_stage` holds the places of each stage's pupils among them.
    """

    rows: Ints
    stage: Ints
    part: Ints
    grade: AnyArray
    migrant: Mask
    ses: Floats
    score: Floats
    km: Floats
    by_stage: tuple[Ints, ...]

    @cached_property
    def fifths(self) -> tuple[tuple[float, float], ...]:
        """The limits of the lowest and the highest fifth of each stage by family background (SES, SD); of nobody,
        limits that nobody is beyond.
        """
        return tuple(_fifths(self.ses.take(mine)) for mine in self.by_stage)

    @classmethod
    def of(cls, world: World) -> Seated:
        """Look at them."""
        students = world.students
        rows = np.flatnonzero(students.class_row >= 0)
        grade = students.grade.take(rows)
        stage = world.system.stage_of(grade).astype(np.int64)
        return cls(
            rows,
            stage,
            world.parts.of_students().take(rows).astype(np.int64),
            grade,
            students.migrant.take(rows),
            students.ses.take(rows),
            students.score.take(rows),
            students.distance_km.take(rows).astype(float),
            tuple(np.flatnonzero(stage == code) for code in range(len(STAGES))),
        )


def _fifths(ses: Floats) -> tuple[float, float]:
    low, high = quantiles(ses, (FIFTH, 1.0 - FIFTH)) if len(ses) else (-np.inf, np.inf)
    return low, high
