"""The stationary world: nothing moves in it but staff."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.districts.files import load_district
from simsim.studies import stationary
from simsim.studies.patterns import load
from simsim.studies.watched import Replication


@pytest.fixture(scope="module")
def world() -> District:
    return stationary.still_world(1, to=2017)


def test_births_fill_a_grade_of_the_lowest_stage_every_year():
    data = stationary.constant_births(load_district("erdao"))
    assert set(data.births["births"]) == {3850.0}


def test_rolls_stay_nobody_is_displaced_and_no_room_is_added(world: District):
    table = world.tables()["district_year"]
    rows = table[table["group"] == "all"].set_index(["indicator", "stage", "year"])["value"]
    for stage in ("primary", "junior"):
        pupils = np.array([rows["pupils", stage, year] for year in range(2014, 2018)])
        assert np.abs(pupils / pupils[0] - 1.0).max() < 0.02
        # The cohorts born from 2014 on are a little larger (3,850) than those at junior schools (3,800).
        assert all(rows["displaced", stage, year] <= 0.005 * pupils[0] for year in range(2014, 2018))
        assert rows["displaced", stage, 2015] == 0
    assert world.parts.rooms.tolist() == [part.rooms for part in stationary.still_world(1, to=2014).parts]
    assert world.parts.staff().sum() != 0


def test_what_is_measured_is_what_the_pattern_declares():
    parts = next(pattern for pattern in load() if pattern.number == 33).parts
    assert {part.name for part in parts} == set(stationary.MEASURED)


def test_changes_are_counted_from_the_first_year_and_years_not_lived_are_left_out(world: District):
    found, moved = stationary.levels(world), stationary.changes(world)
    assert set(moved) == {name for name in stationary.MEASURED if name.endswith("first")}
    assert moved["composite_junior_first"] == pytest.approx(
        found["composite", "junior", 2015] - found["composite", "junior", 2014]
    )
    assert found["composite", "primary", 2014] == pytest.approx(0.385, abs=0.001)
    assert 0.2 < found["large_classes", "junior", 2014] < 0.3


@pytest.mark.slow
def test_the_pattern_asks_the_same_world():
    assert stationary.no_trend(Replication(1)) == stationary.changes(stationary.still_world(1))
