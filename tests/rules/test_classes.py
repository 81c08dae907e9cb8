"""Classes: everybody in a seat sits in one, as many as the rooms allow, evenly filled, with teachers in turn."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import CORE, NO_SCHOOL
from simsim.rules import classes
from simsim.world.staff import effects
from simsim.world.teachers import TEAM
from tests.one_district import founded


@pytest.fixture
def district():
    return founded()


def test_everybody_in_a_seat_is_in_one_class_of_the_own_school_and_grade_and_who_waits_in_none(district):
    students = district.students
    students.school[::50] = NO_SCHOOL
    classes.form(district)
    formed, seated = district.classes, np.flatnonzero(district.student_parts() >= 0)
    mine = students.class_row[seated]
    assert (formed.part[mine] == district.student_parts()[seated]).all()
    assert (formed.grade[mine] == students.grade[seated]).all()
    assert formed.size.sum() == len(seated) == (students.class_row != -1).sum() < len(students)
    assert formed.size.min() > 0


def test_classes_of_a_grade_are_numbered_from_nought_and_filled_by_lot_to_within_one_pupil(district):
    classes.form(district)
    students, formed = district.students, district.classes
    for part, grade in ((0, 1), (0, 6), (len(district.parts) - 1, 9)):
        rows = np.flatnonzero((formed.part == part) & (formed.grade == grade))
        assert formed.number[rows].tolist() == list(range(len(rows)))
        assert np.ptp(formed.size[rows]) <= 1 < len(rows)
        lots = [students.class_draw[students.class_row == row] for row in rows]
        assert all(before.max() < after.min() for before, after in zip(lots, lots[1:], strict=False))


def test_a_class_has_an_id_of_its_own_by_school_grade_and_number_alone(district):
    classes.form(district)
    formed, keys = district.classes, district.parts.key
    assert len(set(formed.ids.tolist())) == len(formed)
    serial = formed.grade * classes.SLOTS + formed.number
    np.testing.assert_array_equal(formed.ids, identity.make(0, identity.INITIAL, keys[formed.part], serial))
    assert formed.number.max() < classes.SLOTS


def test_a_grade_has_as_many_classes_as_its_roll_fills_at_the_target_where_rooms_are_plenty(district):
    target = district.parts.class_target(district.p)[0]
    district.parts.rooms[:] = 500
    rolls = np.zeros((len(district.parts), 9), np.int64)
    rolls[0, :5] = 0, 1, target, target + 1, 4 * target - 1
    assert classes.class_counts(district, rolls)[0].tolist() == [0, 1, 1, 2, 4, 0, 0, 0, 0]
    assert not classes.class_counts(district, rolls)[1:].any()


@pytest.mark.parametrize(
    ("rooms", "counts"),
    [
        (9, [4, 2, 2, 1]),
        (8, [3, 2, 2, 1]),  # 120 in three classes of 40: smaller than 60 or 50 in one
        (7, [3, 2, 1, 1]),  # then the 50 are fewer in one class than the 60 in one, or the 120 in two
        (6, [2, 2, 1, 1]),  # the 120 in two classes and the 60 in one are even: the lower grade gives up first
        (5, [2, 1, 1, 1]),
        (4, [1, 1, 1, 1]),
        (0, [1, 1, 1, 1]),
    ],
)
def test_where_rooms_are_short_the_grade_whose_classes_stay_smallest_gives_one_up_and_none_its_last(
    district, rooms, counts
):
    district.p |= {"class_size.target.primary": 30}
    rolls = np.zeros((len(district.parts), 9), np.int64)
    rolls[0, :4] = 120, 60, 50, 20
    district.parts.rooms[0] = rooms
    assert classes.class_counts(district, rolls)[0, :4].tolist() == counts


# ---- teachers ----


def one_class_each(district) -> np.ndarray:
    return np.arange(len(district.parts))


def test_a_class_is_taught_by_the_three_core_teachers_of_its_school_whose_lots_are_next(district):
    part = np.repeat(one_class_each(district), 2)
    found, value, teachers = classes.teams(district, part), effects(district), district.teachers
    for here in (0, len(district.parts) - 1):
        mine = np.flatnonzero((district.parts.of_teachers() == here) & (teachers.subject == CORE))
        mine = mine[np.argsort(district.uniform("class/team", teachers.id[mine]))]
        assert len(mine) > 2 * TEAM
        assert found[part == here] == pytest.approx([value[mine[:3]].mean(), value[mine[3:6]].mean()])


def test_with_as_many_classes_as_core_teachers_each_teaches_three(district):
    at, value = district.parts.of_teachers(), effects(district)
    core = district.teachers.subject == CORE
    part = np.sort(at[core].astype(np.int64))
    found = classes.teams(district, part)
    for here in (0, 5, len(district.parts) - 1):
        assert found[part == here].mean() == pytest.approx(value[core & (at == here)].mean())


def test_a_school_without_core_teachers_lends_whoever_is_there_and_one_without_teachers_adds_nothing(district):
    teachers, at, last = district.teachers, district.parts.of_teachers(), len(district.parts) - 1
    full = classes.teams(district, one_class_each(district))
    others = np.flatnonzero(at == 0)
    teachers.subject[others] = CORE + 1
    teachers.post[at == last] = teachers.post[at == last - 1][0]
    found, value = classes.teams(district, one_class_each(district)), effects(district)
    lot = others[np.argsort(district.uniform("class/team", teachers.id[others]))]
    assert found[0] == pytest.approx(value[lot[:TEAM]].mean())
    assert found[last] == 0.0 != full[last]
    np.testing.assert_array_equal(found[1 : last - 1], full[1 : last - 1])


def test_the_only_core_teacher_of_a_school_teaches_every_class_alone(district):
    teachers, at = district.teachers, district.parts.of_teachers()
    for here in (0, len(district.parts) - 1):
        rows = np.flatnonzero(at == here)
        teachers.subject[rows] = CORE + 1
        teachers.subject[rows[3]] = CORE
        found = classes.teams(district, np.repeat(one_class_each(district), 2))
        assert found[[2 * here, 2 * here + 1]] == pytest.approx(effects(district)[rows[3]])


def test_in_a_district_without_teachers_a_class_adds_nothing(district):
    district.teachers.keep(np.zeros(len(district.teachers), bool))
    assert classes.teams(district, one_class_each(district)).tolist() == [0.0] * len(district.parts)
