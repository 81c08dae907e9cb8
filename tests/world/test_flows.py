"""Flows: everybody who comes or goes is counted, and nobody twice."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.world.flows import Tally
from tests.one_district import founded


@pytest.fixture
def district():
    return founded()


def both(district) -> tuple[int, int]:
    return len(district.students), len(district.teachers)


def test_whoever_is_here_at_the_beginning_is_expected(district):
    flows = district.flows
    flows.expected = {"students": 0, "teachers": 0}
    flows.begin()
    assert (flows.expected["students"], flows.expected["teachers"]) == both(district)


def test_pupils_who_leave_are_counted_once_by_stage_and_are_no_longer_expected(district):
    flows, students = district.flows, district.students
    leaving = np.zeros(len(students), bool)
    leaving[np.flatnonzero(students.grade == 6)[:3]] = True
    leaving[np.flatnonzero(students.grade == 7)[:2]] = True
    ids, before = set(students.id[leaving].tolist()), len(students)
    flows.let_go(leaving, "leavers")
    assert flows.tally["leavers"].tolist() == [3, 2]
    assert flows.expected["students"] == len(students) == before - 5
    assert not ids & set(students.id.tolist())
    flows.let_go(np.zeros(len(students), bool), "leavers")
    assert flows.tally["leavers"].tolist() == [3, 2]


def test_who_has_finished_grade_nine_is_counted_as_junior(district):
    district.students.grade[:] = 10
    district.flows.let_go(np.ones(len(district.students), bool), "graduates")
    assert district.flows.tally["graduates"][PRIMARY] == 0 and district.flows.expected["students"] == 0


def test_teachers_who_leave_are_counted_once_by_stage(district):
    flows, teachers = district.flows, district.teachers
    leaving, before = teachers.stage == JUNIOR, len(teachers)
    n = int(leaving.sum())
    flows.dismiss(leaving, "exits")
    assert flows.tally["exits"].tolist() == [0, n] and flows.expected["teachers"] == len(teachers) == before - n
    assert (teachers.stage == PRIMARY).all()


def test_new_people_are_counted_by_stage_and_expected(district):
    flows, (pupils, staff) = district.flows, both(district)
    flows.take_in("arrivals", id=np.array([1, 2, 3]), grade=np.array([1, 7, 9]))
    flows.employ("hires", id=np.array([4, 5]), stage=1)
    assert flows.tally["arrivals"].tolist() == [1, 2] and flows.tally["hires"].tolist() == [0, 2]
    assert both(district) == (pupils + 3, staff + 2) == (flows.expected["students"], flows.expected["teachers"])
    flows.take_in("arrivals", id=6, grade=2)
    assert flows.tally["arrivals"].tolist() == [2, 2] and flows.expected["students"] == pupils + 4


def test_people_leave_by_id_and_a_stranger_is_refused(district):
    flows, (pupils, staff) = district.flows, both(district)
    pupil, teacher = int(district.students.id[3]), int(district.teachers.id[3])
    flows.leave([pupil, teacher, pupil])
    assert both(district) == (pupils - 1, staff - 1) and flows.tally["removed"].sum() == 2
    assert pupil not in district.students and teacher not in district.teachers
    with pytest.raises(KeyError, match=f"{teacher} is neither a pupil nor a teacher here"):
        flows.leave(teacher)
    assert both(district) == (pupils - 1, staff - 1)


def test_a_tally_begins_at_nought_and_adds_up():
    tally = Tally()
    assert tally["moves"].tolist() == [0, 0]
    tally["moves"] += np.array([1, 2])
    tally["moves"] += np.array([1, 0])
    assert tally["moves"].tolist() == [2, 2] and tally["other"].tolist() == [0, 0]


def test_pupils_who_leave_for_several_reasons_at_once_are_counted_under_the_first(district):
    flows, students = district.flows, district.students
    drops, gone = (np.arange(len(students)) < n for n in (3, 5))
    before, grades = len(students), students.grade[:5].copy()
    flows.let_go_by({"dropouts": drops, "leavers": gone})
    assert (flows.tally["dropouts"].sum(), flows.tally["leavers"].sum()) == (3, 2)
    assert flows.tally["leavers"][PRIMARY] == np.count_nonzero(grades[3:] < 7)
    assert flows.expected["students"] == len(students) == before - 5
