"""A year passes: pupils in a seat go up, the oldest graduate, and teachers are a year older in the job."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.rules import passing


@pytest.fixture
def district():
    return District("baseline", seed=1)


def test_everybody_in_a_seat_goes_up_grade_nine_leaves_and_nobody_else(district):
    students = district.students
    before = dict(zip(students.id.tolist(), students.grade.tolist(), strict=True))
    passing.advance(district)
    after = dict(zip(students.id.tolist(), students.grade.tolist(), strict=True))
    assert after == {person: grade + 1 for person, grade in before.items() if grade < district.system.n_grades}


def test_a_child_without_a_seat_stays_in_its_grade(district):
    students = district.students
    waiting = students.id[np.flatnonzero(students.grade == 1)[:5]]
    students.school[students.rows(waiting)] = NO_SCHOOL
    passing.advance(district)
    assert (students.grade[students.rows(waiting)] == 1).all()


def test_without_drift_and_coaching_only_the_years_of_teachers_change(district):
    teachers = district.teachers
    district.p["teacher_drift_sd"] = 0.0
    teachers.drift[:] = 0.0
    before = teachers.to_frame()
    passing.grow(district)
    after = teachers.to_frame()
    changed = {name for name in before if not before[name].equals(after[name])}
    assert changed == {"experience", "years_in_school"}
    assert (after.experience - before.experience == 1).all()
