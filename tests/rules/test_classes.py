"""Classes: everybody in a seat sits in one, as many as the rooms allow, evenly filled."""

from __future__ import annotations

import numpy as np

from simsim.district import District
from simsim.rules import classes


def test_everybody_in_a_seat_is_in_one_class_of_the_own_school_and_grade():
    district = District("baseline", seed=1)
    classes.form(district)
    students, formed = district.students, district.classes
    seated = np.flatnonzero(district.student_parts() >= 0)
    mine = students.class_row[seated]
    assert (formed.part[mine] == district.student_parts()[seated]).all()
    assert (formed.grade[mine] == students.grade[seated]).all()
    assert formed.size.sum() == len(seated) and formed.size.min() > 0


def test_classes_of_a_grade_differ_by_one_pupil_at_most():
    district = District("baseline", seed=2)
    classes.form(district)
    formed = district.classes
    for cell in np.unique(formed.part * 10 + formed.grade):
        assert np.ptp(formed.size[formed.part * 10 + formed.grade == cell]) <= 1


def test_more_rooms_never_give_fewer_classes_and_one_room_gives_every_grade_its_last():
    district = District("baseline", seed=1)
    rolls = np.full((len(district.parts), 9), 100)
    for part in district.parts:
        part.rooms = 1
    few = classes.class_counts(district, rolls)
    for part in district.parts:
        part.rooms = 500
    many = classes.class_counts(district, rolls)
    assert few.max() == 1 and (many >= few).all() and many.max() > 1
