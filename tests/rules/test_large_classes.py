"""Admission under the law on large classes: a class below the cap, near by, before a larger one at home."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import NOWHERE
from simsim.districts.class_law import NO_LAW, ClassLaw, Step
from simsim.rules import admission, large_classes, mobility
from tests.one_district import lived

LAW = ClassLaw((Step(2015, 66, 0.02), Step(2017, 56, 0.05)))


@pytest.fixture
def world():
    """Return a district in September 2015 before anybody is placed, under a law that is in force already."""
    district = lived()
    district.class_law = LAW
    mobility.depart(district)
    mobility.arrive(district)
    return district


def test_the_law_lowers_a_limit_to_what_it_aims_at_and_raises_none(world):
    assert large_classes.cap(world) == 65 and large_classes.sizes(world) == [55, 65]
    assert large_classes.lowered(world, 60) == 55 and large_classes.lowered(world, 50) == 50
    world.class_law = NO_LAW
    assert large_classes.lowered(world, 60) == 60 and large_classes.sizes(world) == []


def test_the_first_september_is_given_and_under_no_law(world):
    world.year = world.first_year
    assert large_classes.cap(world) is None


def test_places_below_a_size_are_gaps_in_classes_and_whole_classes_of_the_entry_grade_in_free_rooms():
    rolls = np.array([[0, 60], [30, 40], [50, 120]])
    places = large_classes.places_below(rolls, np.array([5, 2, 3]), np.array([1, 1, 1]), 55)
    assert places.tolist() == [[3 * 55, 50], [25, 15], [0, 0]]


def test_seats_under_the_law_are_no_more_than_places_below_its_aim_and_without_it_as_they_were(world):
    rolls = np.zeros((len(world.parts), 9), np.int64)
    many = np.full(rolls.shape, 10_000)
    assert (large_classes.within(world, many, rolls).sum(axis=1) == world.parts.rooms * 55).all()
    few = np.ones_like(rolls)
    assert (large_classes.within(world, few, rolls) <= few).all()
    world.class_law = NO_LAW
    assert large_classes.within(world, many, rolls) is many


def test_rooms_beyond_the_entry_grades_even_share_are_open_to_each_grade_above(world):
    part = int(np.flatnonzero(world.parts.stage == 0)[0])
    rolls, many = np.zeros((len(world.parts), 9), np.int64), np.full((len(world.parts), 9), 10_000)
    rolls[part, :6] = 50  # six classes with five places each
    for rooms, entry, above in (
        (12, 6, 0),
        (30, 9, 3),
    ):  # 30: 24 free, 19 beyond the share of 5, three for each of five
        world.parts.rooms[part] = rooms
        free = large_classes.within(world, many, rolls)[part]
        assert free[:6].tolist() == [entry * 55 + 5] + [above * 55 + 5] * 5 and not free[6:].any()


def test_a_class_is_filled_to_the_cap_with_those_who_sit_there_already_and_no_further(world):
    world.class_law = ClassLaw((Step(2015, 56, 0.05),))
    parts, students = world.parts, world.students
    rows = np.flatnonzero((parts.of_students() < 0) & (students.grade == 1) & students.entitled)
    own = admission.catchment_parts(world, rows)
    school = int(np.argmax(np.bincount(own[own >= 0], minlength=len(parts))))
    rows, own = rows[own == school], own[own == school]
    older = np.bincount(students.grade[parts.of_students() == school], minlength=10)
    parts.rooms[school] = (-(-older // 55)).sum() + 1
    chosen = np.full(len(rows), NOWHERE)
    chosen[:20] = school
    found = large_classes.last_places(world, rows, chosen, own)
    assert len(rows) > 56 and (found == school).sum() == 55 and (found[:55] == school).all()


def test_who_found_no_seat_gets_the_nearest_class_below_the_cap_and_the_catchment_school_first(world):
    parts, students = world.parts, world.students
    rows = np.flatnonzero((parts.of_students() < 0) & (students.grade == 1) & students.entitled)[:40]
    own, chosen = admission.catchment_parts(world, rows), np.full(40, NOWHERE)
    assert (large_classes.last_places(world, rows, chosen, own) == own).all()
    full = own[0]
    parts.rooms[full] = 0
    found = large_classes.last_places(world, rows, chosen, own)
    mine = own == full
    assert (found[mine] != full).all() and (found[mine] >= 0).all() and (found[~mine] == own[~mine]).all()
    assert (chosen == NOWHERE).all()


def test_where_no_class_is_below_the_cap_nobody_is_sent_away(world):
    rows = np.flatnonzero((world.parts.of_students() < 0) & (world.students.grade == 1))[:40]
    world.parts.rooms = 0
    own = admission.catchment_parts(world, rows)
    assert (large_classes.last_places(world, rows, np.full(40, NOWHERE), own) == NOWHERE).all()


def test_without_a_law_everybody_stays_as_placed(world):
    world.class_law = NO_LAW
    rows = np.flatnonzero(world.parts.of_students() < 0)[:40]
    own, chosen = admission.catchment_parts(world, rows), np.full(40, NOWHERE)
    assert large_classes.last_places(world, rows, chosen, own) is chosen


def test_a_child_without_a_right_to_a_seat_gets_none_by_the_law(world):
    rows = np.flatnonzero((world.parts.of_students() < 0) & ~world.students.entitled)
    own = admission.catchment_parts(world, rows)
    assert len(rows) and (large_classes.last_places(world, rows, np.full(len(rows), NOWHERE), own) == NOWHERE).all()
