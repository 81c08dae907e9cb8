"""Pupils: the stage of a grade, and a school of 0 while they wait."""

from __future__ import annotations

import numpy as np

from simsim.world.students import COLUMNS, begins_stage, stage_of
from tests.one_district import founded


def test_grades_one_to_six_are_primary_and_seven_to_nine_junior():
    assert stage_of(np.arange(1, 10)).tolist() == [0] * 6 + [1] * 3


def test_one_pupil_has_the_stage_of_the_grade():
    students = founded().students
    pupil = students[int(students.id[0])]
    for grade, stage in ((1, 0), (6, 0), (7, 1), (9, 1)):
        pupil.grade = grade
        assert pupil.stage == stage and isinstance(pupil.stage, int)


def test_columns_hold_what_their_type_can_hold():
    students = founded().students
    assert all(students.columns[name].dtype == dtype for name, dtype in COLUMNS.items())


def test_grades_one_and_seven_begin_a_stage():
    assert np.flatnonzero(begins_stage(np.arange(11, dtype=np.int8))).tolist() == [1, 7]
