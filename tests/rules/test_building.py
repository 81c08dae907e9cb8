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


def test_a_full_school_gets_one_room_at_least_and_none_when_rooms_are_not_added(world):
    parts = world.parts
    parts.full_years, parts.pupils = 100, 10**6
    parts.rooms[0] = 1
    world.p["reactive_capacity_step"] = 0.0
    building.add_rooms(world)
    assert parts.rooms[0] == 1 and parts.full_years[0] == 101
    world.p["reactive_capacity_step"] = 0.1
    building.add_rooms(world)
    assert parts.rooms[0] == 2 and parts.full_years[0] == 0


def test_growth_of_what_a_school_has_costs_the_value_of_equipment_and_books(world):
    school, paid = world.schools[5], booked(world)
    had = dict(school.facilities)
    building.buy(world, school, 0.25, "A")
    for name in ("equipment_yuan", "computers", "books", "multimedia_rooms"):
        assert school.facilities[name] == pytest.approx(1.25 * had[name])
    expected = 0.25 * (had["equipment_yuan"] + had["books"] * world.p["book_cost"])
    assert booked(world) - paid == pytest.approx(expected) and expected > 0.0


def test_a_school_that_was_equipped_for_nobody_buys_nothing_at_first_and_one_for_a_single_pupil_grows(world):
    world.p["equipment_upkeep"] = 0.5
    nobody, one = world.schools[5], world.schools[6]
    for school in world.open_schools:
        school.equipped_for = sum(part.pupils for part in school.parts.values())
    pupils, books = one.equipped_for, {key: world.schools[key].facilities["books"] for key in (5, 6)}
    nobody.equipped_for, one.equipped_for = 0, 1
    building.keep_up(world)
    assert nobody.facilities["books"] == books[5] and nobody.equipped_for > 0
    assert one.facilities["books"] == pytest.approx(books[6] * (1.0 + 0.5 * (pupils - 1)))


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


def test_a_part_without_pupils_claims_and_needs_nothing_and_one_with_a_single_pupil_does(world):
    school = world.schools[1]
    school.parts[0].pupils, school.parts[1].pupils, school.senior_pupils = 1, 0, 0
    assert building.for_parts(school, {0: 10.0, 1: 99.0}) == 10.0
    least = world.p["equipment_standard.books.primary"]
    assert building.standard(world, school, "books") == pytest.approx(least)
    school.parts[0].pupils = 0
    assert building.for_parts(school, {0: 10.0}) == building.standard(world, school, "books") == 0.0
    school.facilities |= dict.fromkeys(building.FITTINGS, 0.0)
    assert building.meets(world, school)


def test_a_school_needs_enough_for_the_part_that_gets_least_of_what_all_share(world):
    school, p = world.schools[1], world.p
    school.parts[0].pupils, school.parts[1].pupils, school.senior_pupils = 100, 100, 0
    primary, junior, _ = building.weights()
    p |= {"equipment_standard.books.primary": 10.0, "equipment_standard.books.junior": 12.0}
    total = 100 * (primary + junior)
    needs = max(10.0 * total / primary, 12.0 * total / junior)
    assert building.standard(world, school, "books") == pytest.approx(needs)
    school.facilities["books"] = needs - 1.0
    assert building.missing(world, school, ["books"]) == {"books": pytest.approx(1.0)}


def test_computers_and_rooms_that_are_bought_count_towards_the_value_of_equipment(world):
    school, p = world.schools[5], world.p
    computers, value = (building.standard(world, school, good) for good in ("computers", "equipment_yuan"))
    school.facilities |= {"computers": computers - 2.0, "equipment_yuan": value - 5.0 * p["computer_cost"]}
    lacks = building.missing(world, school, ["equipment_yuan", "computers"])
    assert lacks["equipment_yuan"] == pytest.approx(3.0 * p["computer_cost"], rel=1e-6)
    assert lacks["computers"] == pytest.approx(2.0)
    added = building.purchase(world, school, lacks, "A", None)
    assert added == pytest.approx(5.0 * p["computer_cost"])
    assert school.facilities["equipment_yuan"] == pytest.approx(value)
    assert school.facilities["computers"] == pytest.approx(computers)


def test_multimedia_rooms_are_missing_by_the_class_rooms_of_the_part_that_gets_least(world):
    school = world.schools[5]
    (part,) = school.parts.values()
    part.rooms, school.senior_pupils = 20, 0
    school.facilities["multimedia_rooms"] = 4.0
    assert building.missing_rooms(school, 0.5) == {"multimedia_rooms": pytest.approx(6.0)}
    assert building.missing_rooms(school, 0.2) == {}


def test_no_more_than_all_of_the_equipment_is_in_use(world):
    world.p["equipment_use_2014"] = 0.4
    assert building.use(world) == 0.4
    world.p["equipment_use_2014"] = 1.7
    assert building.use(world) == 1.0


def test_the_september_roll_is_noted(world):
    world.parts.pupils = 0
    building.note_rolls(world)
    assert np.array_equal(world.parts.pupils, world.parts.rolls())
