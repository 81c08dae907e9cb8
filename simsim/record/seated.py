"""Everybody who sits in a class, looked at once for all that is recorded of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.base.codes import STAGES
from simsim.world.world import World


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
