"""Zones where none are given: every public school has one, and gets its share of the children from near by."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.districts.zones import Seat, kilometres, radii, zones_of


def seat(key: int, x: float | None, children: float = 10, area: str = "", feeds: int = 0) -> Seat:
    return Seat(key, area, None if x is None else (x, 0.0), children, feeds)


def test_one_stage_alone_has_a_zone_a_school():
    zones = zones_of([seat(1, 0, 30), seat(2, 1, 10)], [])
    assert [(z.primary, z.junior, z.share) for z in zones] == [(1, 0, 0.75), (2, 0, 0.25)]
    assert [(z.primary, z.junior) for z in zones_of([], [seat(3, 0)])] == [(0, 3)]


def test_children_go_to_the_nearest_junior_school_that_has_room():
    zones = zones_of([seat(1, 0), seat(2, 1), seat(3, 10)], [seat(8, 0, 20), seat(9, 10, 10)])
    assert {(z.primary, z.junior) for z in zones} == {(1, 8), (2, 8), (3, 9)}


def test_a_zone_is_divided_where_a_junior_school_is_full():
    zones = zones_of([seat(1, 0, 60)], [seat(8, 0, 20), seat(9, 10, 40)])
    assert [(z.junior, pytest.approx(z.share)) for z in zones] == [(8, 1 / 3), (9, 2 / 3)]


def test_a_nine_year_school_keeps_its_own_and_a_named_feeder_goes_where_it_says():
    zones = zones_of([seat(1, 0), seat(2, 0)], [seat(1, 0), seat(9, 5)])
    assert {(z.primary, z.junior) for z in zones} == {(1, 1), (2, 9)}
    fed = zones_of([seat(1, 0, feeds=9), seat(2, 5)], [seat(8, 0), seat(9, 5)])
    assert {z.junior for z in fed if z.primary == 1} == {9}


def test_without_places_the_area_decides():
    zones = zones_of([seat(1, None, area="north"), seat(2, None, area="south")],
                     [seat(8, None, area="south"), seat(9, None, area="north")])  # fmt: skip
    assert {(z.primary, z.junior) for z in zones} == {(1, 9), (2, 8)}


def test_every_public_school_has_a_zone_even_where_it_has_no_share():
    zones = zones_of([seat(1, 0, 50)], [seat(k, k, 50 if k == 7 else 0) for k in range(7, 12)])
    assert {z.junior for z in zones} == set(range(7, 12)) and sum(z.share for z in zones) == pytest.approx(1)


def test_degrees_become_km_and_a_zone_reaches_half_way():
    km = kilometres({"a": (121.0, 25.0), "b": (121.0, 25.1), "c": (121.1, 25.0)})
    assert np.hypot(*np.subtract(km["a"], km["b"])) == pytest.approx(11.1, abs=0.1)
    assert np.hypot(*np.subtract(km["a"], km["c"])) == pytest.approx(10.1, abs=0.1)
    assert radii(np.array([[0.0, 0], [3, 0], [30, 0]])).tolist() == [1.5, 1.5, 5.0]
    assert radii(np.zeros((3, 2))).tolist() == [1.0] * 3
