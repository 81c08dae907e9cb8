"""Rooms and equipment: what is added, what it costs, and what a school lacks of the standard."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.rules import building
from tests.one_district import lived


@pytest.fixture
def world():
    return lived()


def booked(world) -> float:
    return sum(row[-1] for row in world.recorder.costs if row[0] == 2015)


def test_a_new_year_starts_without_programmes(world):
    parts = world.parts
    parts.program = parts.sport_hour = parts.activities = 1.0
    parts.guided = True
    building.clear_programs(world)
    assert not (parts.program.any() or parts.sport_hour.any() or parts.activities.any() or parts.guided.any())


def test_only_a_public_part_that_was_full_for_long_enough_gets_rooms(world):
    parts, lag = world.parts, int(world.p["reactive_capacity_lag_years"])
    parts.full_years, parts.pupils = lag - 1, 0
    parts.pupils[[0, 18]] = parts.seats(world.p)[[0, 18]]
    parts.pupils[1], parts.full_years[2] = parts.seats(world.p)[1] - 1, 0
    parts.pupils[2] = 10**6
    before, step = parts.rooms.copy(), world.p["reactive_capacity_step"]
    building.add_rooms(world)
    assert np.flatnonzero(parts.rooms - before).tolist() == [0] and parts.rooms[0] == before[0] + max(
        1, round(step * before[0])
    )
    assert parts.full_years[[0, 1, 2, 18]].tolist() == [0, 0, 1, lag]


def test_rooms_come_with_teaching_area_in_proportion_and_are_paid_for(world):
    school = world.schools[5]
    part, area = school.parts[0], school.facilities["teaching_area_m2"]
    rooms = part.rooms
    building.enlarge(world, part, 2, "A")
    assert part.rooms == rooms + 2 and school.facilities["teaching_area_m2"] == pytest.approx(area * (1 + 2 / rooms))
    assert booked(world) == pytest.approx(area * 2 / rooms * world.p["building_cost"])


def test_equipment_follows_pupils_gained_and_stays_when_they_go(world):
    world.p["equipment_upkeep"] = 0.5
    for school in world.open_schools:
        school.equipped_for = sum(part.pupils for part in school.parts.values())
    grown, shrunk = world.schools[5], world.schools[6]
    grown.equipped_for //= 2
    shrunk.equipped_for *= 2
    had = {key: world.schools[key].facilities["books"] for key in world.schools}
    pupils = sum(part.pupils for part in grown.parts.values())
    share, kept = 0.5 * (pupils / grown.equipped_for - 1.0), shrunk.equipped_for
    building.keep_up(world)
    assert grown.facilities["books"] == pytest.approx(had[5] * (1.0 + share))
    assert all(world.schools[key].facilities["books"] == had[key] for key in had if key != 5)
    assert grown.equipped_for == pupils and shrunk.equipped_for == kept


def test_goods_that_are_missing_are_bought_at_their_cost_and_then_meet_the_standard(world):
    school = world.schools[5]
    school.facilities |= {"computers": 0.0, "books": 0.0, "equipment_yuan": 0.0}
    assert not building.meets(world, school)
    lacks = building.missing(world, school, building.FITTINGS)
    assert lacks["books"] == pytest.approx(building.standard(world, school, "books"))
    before = booked(world)
    added = building.purchase(world, school, lacks, "A", None)
    assert booked(world) - before == pytest.approx(building.cost(world, lacks))
    assert school.facilities["equipment_yuan"] == pytest.approx(added) and building.meets(world, school)
    assert building.missing(world, school, building.FITTINGS) == {}


def test_a_cost_is_the_sum_of_amounts_times_their_prices(world):
    goods = {"equipment_yuan": 1000.0, "computers": 2.0, "books": 10.0}
    expected = 1000.0 + 2.0 * world.p["computer_cost"] + 10.0 * world.p["book_cost"]
    assert building.cost(world, goods) == pytest.approx(expected)
    assert building.value_of(world, goods) == pytest.approx(2.0 * world.p["computer_cost"])


def test_a_part_claims_by_the_official_weights(world):
    school = world.schools[1]
    parts, total = building.claims(school)
    primary, junior, senior = building.weights()
    assert parts == {0: primary * school.parts[0].pupils, 1: junior * school.parts[1].pupils}
    assert total == pytest.approx(sum(parts.values()) + senior * school.senior_pupils)
    assert building.for_parts(school, {0: 10.0, 1: 0.0}) == pytest.approx(10.0 * total / parts[0])


def test_no_more_than_all_of_the_equipment_is_in_use(world):
    world.p["equipment_use_2014"] = 0.4
    assert building.use(world) == 0.4
    world.p["equipment_use_2014"] = 1.7
    assert building.use(world) == 1.0


def test_the_september_roll_is_noted(world):
    world.parts.pupils = 0
    building.note_rolls(world)
    assert np.array_equal(world.parts.pupils, world.parts.rolls())
