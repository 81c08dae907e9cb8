"""A year passes: pupils in a seat go up, the oldest graduate, and teachers are a year older in the job."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import NO_SCHOOL
from simsim.rules import passing
from tests.one_district import founded


@pytest.fixture
def district():
    return founded()


def test_everybody_in_a_seat_goes_up_grade_nine_leaves_and_nobody_else(district):
    students = district.students
    before = dict(zip(students.id.tolist(), students.grade.tolist(), strict=True))
    passing.advance(district)
    after = dict(zip(students.id.tolist(), students.grade.tolist(), strict=True))
    assert after == {person: grade + 1 for person, grade in before.items() if grade < district.system.n_grades}
    assert district.tally["graduates"].sum() == len(before) - len(after) > 0


def test_years_in_the_school_are_counted_and_what_the_last_year_said_of_a_place_is_forgotten(district):
    students = district.students
    young = np.flatnonzero(students.grade == 1)
    ids, before = students.id[young], students.years_in_school[young].copy()
    for name in ("moved", "displaced", "over_capacity"):
        students.columns[name][:] = True
    passing.advance(district)
    np.testing.assert_array_equal(students.years_in_school[students.rows(ids)], before + 1)
    assert not (students.moved.any() or students.displaced.any() or students.over_capacity.any())


def test_a_child_without_a_seat_stays_in_its_grade(district):
    students = district.students
    waiting = students.id[np.flatnonzero(students.grade == 1)[:5]]
    students.school[students.rows(waiting)] = NO_SCHOOL
    students.years_in_school[students.rows(waiting)] = 0
    passing.advance(district)
    assert (students.grade[students.rows(waiting)] == 1).all()
    assert not students.years_in_school[students.rows(waiting)].any()


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


def test_of_drift_and_coaching_a_share_lasts_and_new_drift_keeps_its_spread(district):
    teachers, p = district.teachers, district.p
    p |= {"teacher_drift_rho": 0.6, "teacher_drift_sd": 0.05, "coaching_decay": 0.25}
    teachers.drift[:] = 1.0
    teachers.coaching[:] = 0.4
    shock = district.normal("advance/teacher-drift", teachers.id)
    passing.grow(district)
    assert teachers.drift == pytest.approx(0.6 + 0.05 * 0.8 * shock) and teachers.coaching == pytest.approx(0.3)
