"""What a policy may do: each action does what it says and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from simsim import actions
from simsim.base import ids as identity
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.rules import hiring
from tests.one_district import lived


@pytest.fixture
def district():
    return lived()


NAME = {"zh": "新", "en": "New"}


def test_a_new_school_is_open_public_and_empty(district):
    school = actions.open_school(district, 50, NAME, "nine_year", (1.0, 2.0), (6, 3), {"books": 5})
    assert district.schools[50] is school and school.public and (school.opened, school.building_year) == (2015, 2015)
    assert [school.parts[s].rooms for s in (PRIMARY, JUNIOR)] == [6, 3]
    assert school.facilities["books"] == 5.0 and sum(school.facilities.values()) == 5.0
    row = district.parts.place[PRIMARY, 50]
    assert district.parts.rolls()[row] == 0 and district.parts.staff()[row].sum() == 0
    assert school.parts[PRIMARY].residual != 0.0
    with pytest.raises(ValueError, match="school 50 exists already"):
        actions.open_school(district, 50, NAME, "primary", (1.0, 2.0), (6, 0), {})


def test_a_school_that_moves_takes_its_pupils_along(district):
    school, students = district.schools[5], district.students
    mine, others = students.school == 5, students.distance_km[students.school != 5].copy()
    actions.relocate(district, school, (1.0, 2.0))
    expected = np.hypot(students.home_x[mine] - 1.0, students.home_y[mine] - 2.0)
    assert students.distance_km[mine] == pytest.approx(expected, rel=1e-5) and school.building_year == 2015
    assert np.array_equal(students.distance_km[students.school != 5], others)
    assert district.parts.x_km[district.parts.place[PRIMARY, 5]] == 1.0


def test_a_redrawn_catchment_remembers_the_former_school(district):
    places = district.neighbourhoods
    key, before = int(places.key[2]), int(places.catchment[PRIMARY, 2])
    new = next(k for k in (4, 5) if k != before)
    others = np.delete(places.catchment, 2, axis=1)
    actions.assign_catchment(district, PRIMARY, [key], new, share=0.4)
    assert (places.catchment[PRIMARY, 2], places.former[PRIMARY, 2], places.share[PRIMARY, 2]) == (new, before, 0.4)
    assert np.array_equal(np.delete(places.catchment, 2, axis=1), others) and places.share[JUNIOR, 2] == 1.0
    assert district.public_order[PRIMARY, 2, 0] == district.parts.place[PRIMARY, new]


def test_placing_counts_as_a_move_outside_entry_grades(district):
    students = district.students
    rows = np.array([np.flatnonzero(students.grade == grade)[0] for grade in (2, 7)])
    students.years_in_school[rows] = 3
    actions.place_pupils(district, rows, 4)
    assert students.school[rows].tolist() == [4, 4] and students.moved[rows].tolist() == [True, False]
    assert students.years_in_school[rows].tolist() == [0, 0]


def test_hires_go_to_the_school_that_is_named(district):
    counts = np.zeros((2, 5), np.int64)
    counts[PRIMARY, 0] = 2
    ids = actions.hire(district, counts, "hire", identity.HIRE, "A", key=4, star=True)
    rows = district.teachers.rows(ids)
    assert district.teachers.post[rows].tolist() == [4, 4] and district.teachers.star[rows].all()


def test_vacated_posts_are_filled_by_the_shares_that_are_said(district):
    actions.fill_vacated(district, 0.5, 0)
    assert district.instructions.fill == {"retirement": 0.5, "exit": 0.0, "growth": 1.0}


def test_filling_all_posts_wants_every_public_vacancy_net(district):
    parts = district.parts
    vacant = parts.vacancies()[parts.public]
    actions.fill_all_posts(district)
    for stage in (0, 1):
        expected = np.maximum(vacant[parts.stage[parts.public] == stage].sum(axis=0), 0)
        assert district.vacated[2, stage].tolist() == expected.tolist()
    assert district.vacated[:2].sum() == 0 and set(district.instructions.fill.values()) == {1.0}


def test_new_teachers_are_posted_by_the_rule_that_is_named(district):
    for name, rule in (("need", hiring.post_by_need), ("equal", hiring.post_evenly), ("choice", None)):
        actions.post_new_teachers(district, name)
        assert district.instructions.post is rule


def test_whoever_takes_a_vacated_post_leaves_one_recruit_fewer(district):
    row = np.flatnonzero(district.teachers.stage == PRIMARY)[:1]
    group = district.teachers.subject[row[0]]
    district.vacated[:] = 0
    district.vacated[1:, PRIMARY, group] = 2
    actions.take_vacated(district, row, "trial", "A")
    assert district.vacated[:, PRIMARY, group].tolist() == [0, 1, 2]


def test_leaders_are_shared_between_the_stages_as_candidates_are(district):
    teachers = district.teachers
    teachers.star[:] = False
    rows = np.concatenate([np.flatnonzero(teachers.stage == s)[:n] for s, n in ((0, 30), (1, 10))])
    named = actions.name_leaders(district, rows, 4, "trial/stream")
    assert np.bincount(teachers.stage[named]).tolist() == [3, 1] and teachers.star.sum() == 4
    assert len(actions.name_leaders(district, rows[:0], 3, "trial/other")) == 0
