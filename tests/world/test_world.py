"""The world: draws of the year, rates of who acts, and what happened is written down."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.inputs.errors import InputError
from tests.one_district import founded, lived


@pytest.fixture
def world():
    return lived()


IDS = np.arange(1, 200, dtype=np.int64)


def test_a_draw_belongs_to_its_stream_its_year_and_its_person(world):
    u = world.uniform("a/b", IDS)
    assert np.array_equal(u, world.uniform("a/b", IDS, year=2015)) and np.array_equal(
        u[5:], world.uniform("a/b", IDS[5:])
    )
    for other in (world.uniform("a/c", IDS), world.uniform("a/b", IDS, year=2016)):
        assert (u != other).all()
    assert np.array_equal(world.normal("a/b", IDS, 2014), world.normal("a/b", IDS, 2014))
    assert (world.normal("a/b", IDS, 2014) != world.normal("a/b", IDS)).all()


def test_a_chance_hits_nobody_at_nought_everybody_at_one_and_is_the_uniform_in_between(world):
    assert not world.chance("a/b", IDS, 0.0).any() and world.chance("a/b", IDS, 1.0).all()
    assert np.array_equal(world.chance("a/b", IDS, 0.3, 0), world.uniform("a/b", IDS, 0) < 0.3)
    assert (world.chance("a/b", IDS, 0.3, 0) != world.chance("a/b", IDS, 0.3)).any()


def toy(**own):
    made = SimpleNamespace(id="A", name="toy", rates=(), active=lambda year: year >= 2015, rate=lambda *_: 0.5)
    vars(made).update(own)
    return made


def test_no_policy_acts_in_the_first_year_or_when_it_is_not_active(world):
    assert world.acts(toy()) and not world.acts(toy(active=lambda year: False))
    world.year = world.first_year
    assert not world.acts(toy(active=lambda year: True))


def test_only_policies_that_act_multiply_a_rate(world):
    idle = toy(rates=("staff/exit",), active=lambda year: False)
    world.policies = [toy(rates=("staff/exit",)), idle]
    assert float(world.rate("staff/exit", 0.2)) == 0.1


def test_inspection_ends_a_share_of_non_compliance(world):
    assert world.compliance(0.6) == pytest.approx(0.6)
    world.policies = [toy(rates=("policy/non-compliance",))]
    assert world.compliance([0.6, 1.0]).tolist() == pytest.approx([0.8, 1.0])


def test_open_schools_are_those_that_teach_by_key(world):
    keys = [school.key for school in world.open_schools]
    assert keys == sorted(world.schools)
    world.schools[3].parts = {}
    assert [school.key for school in world.open_schools] == [key for key in keys if key != 3]
    world.index_parts()
    assert world.parts.place[PRIMARY, 3] == -1 == world.parts.place[JUNIOR, 3]
    assert not (world.public_order == len(world.parts)).any()


def test_a_school_that_moved_is_asked_from_its_new_place(world):
    world.schools[5].x_km += 1000.0
    row = world.parts.place[PRIMARY, 5]
    asked_before = (world.public_order[PRIMARY] == row).sum()
    world.redraw()
    assert world.parts.x_km[row] == world.schools[5].x_km and (world.public_order[PRIMARY] == row).sum() < asked_before


def test_money_is_booked_with_its_year_and_nothing_is_not_booked(world):
    before = len(world.recorder.costs)
    world.spend("A", "capital", 0.0)
    assert len(world.recorder.costs) == before
    world.spend("A", "capital", 5, "M1")
    world.spend("B", "running", 7.0)
    assert world.recorder.costs[before:] == [(2015, "A", "M1", "capital", 5.0), (2015, "B", "", "running", 7.0)]


def test_a_teacher_who_moves_begins_anew_at_the_school_and_the_move_is_written_down(world):
    teachers = world.teachers
    rows = np.flatnonzero((teachers.stage == PRIMARY) & (teachers.post == 1))[:2]
    teachers.years_in_school[rows] = 9
    before, ids = len(world.recorder.moves), teachers.id[rows].tolist()
    world.move_teachers(rows, 2, "voluntary")
    assert teachers.post[rows].tolist() == teachers.home[rows].tolist() == [2, 2]
    assert teachers.years_in_school[rows].tolist() == [0, 0] and teachers.moved_year[rows].tolist() == [2015, 2015]
    moves = world.recorder.moves[before:]
    assert [row[:5] for row in moves] == [(2015, person, 1, 2, "voluntary") for person in ids]
    assert world.flows.tally["voluntary_moves"].tolist() == [2, 0]


def test_a_rotated_teacher_keeps_the_home_post_and_is_no_voluntary_mover(world):
    rows = np.flatnonzero((world.teachers.stage == PRIMARY) & (world.teachers.post == 1))[:2]
    world.move_teachers(rows, [2, 4], "rotation", "R", home=False)
    assert world.teachers.post[rows].tolist() == [2, 4] and world.teachers.home[rows].tolist() == [1, 1]
    assert world.recorder.moves[-1][5] == "R" and "voluntary_moves" not in world.flows.tally


def test_a_world_before_its_first_year_owes_nothing():
    world = founded()
    assert world.year == world.first_year == 2014 and world.phase == "build" and world.vacated.shape == (3, 2, 5)
    assert (world.vacated == 0).all() and world.recorder.costs == [] and world.clusters == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: d.spend("mine", "captial", 5.0), r"mine: spend\.kind = 'captial': .*did you mean capital"),
        (lambda d: d.spend("mine", "capital", float("nan")), r"spend\.yuan = nan: must be a finite number"),
        (lambda d: d.spend("mine", "capital", "5"), r"spend\.yuan = '5'"),
        (lambda d: d.spend("mine", "capital", True), r"spend\.yuan = True"),
        (lambda d: d.move_teachers(d.teachers.stage == 0, 1, "mine"), r"move_teachers: rows = .*np\.flatnonzero"),
        (lambda d: d.move_teachers(d.teachers.id[:2], 1, "mine"), r"move_teachers: rows = .*teachers\.rows\(ids\)"),
        (lambda d: d.move_teachers([-1], 1, "mine"), "move_teachers: rows"),
        (lambda d: d.count("mine", np.array([5])), r"count: mine = .*0 \(primary\), 1 \(junior\)"),
        (lambda d: d.count("mine", np.array([-1])), "count: mine"),
        (lambda d: d.take_in("mine", id=[5]), "take_in: grade: is missing"),
        (lambda d: d.employ("mine", id=[5]), "employ: stage: is missing"),
    ],
)
def test_what_policies_call_with_what_cannot_be_is_refused_before_anything_changes(call, message):
    district = lived()
    before = len(district.students), len(district.teachers), list(district.recorder.costs)
    with pytest.raises(InputError, match=message):
        call(district)
    assert before == (len(district.students), len(district.teachers), district.recorder.costs)


def test_teachers_are_moved_by_rows_and_nobody_by_none():
    district = lived()
    district.move_teachers([], int(district.parts.key[0]), "mine")
    district.spend("mine", "running", np.float64(3.5))
    assert district.recorder.costs[-1][-1] == 3.5
