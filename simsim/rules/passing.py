"""Time passes: everybody in a seat a grade up, every teacher a year older in the job."""

from __future__ import annotations

import numpy as np

from simsim.base.codes import NO_SCHOOL
from simsim.world.world import World


def advance(world: World) -> None:
    """Move everybody in a seat a grade up, graduate the last grade; a waiting child tries again in the same grade."""
    students = world.students
    taught = students.school != NO_SCHOOL
    students.grade[taught] += 1
    students.years_in_school[taught] += 1
    for name in ("moved", "displaced", "over_capacity"):
        students.columns[name][:] = False
    world.flows.let_go(students.grade > world.system.n_grades, "graduates")


def grow(world: World) -> None:
    """Let a year pass: experience, years in the school, and the drift of effectiveness (AR(1))."""
    teachers, p = world.teachers, world.p
    teachers.experience += 1
    teachers.years_in_school += 1
    rho = p["teacher_drift_rho"]
    shock = world.normal("advance/teacher-drift", teachers.id) * p["teacher_drift_sd"] * np.sqrt(1.0 - rho**2)
    teachers.drift[:] = rho * teachers.drift + shock
    teachers.coaching *= 1.0 - p["coaching_decay"]
