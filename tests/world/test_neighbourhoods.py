"""Neighbourhoods: shares that add up, and which schools each asks in turn."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.world.neighbourhoods import Neighbourhoods, schools_in_turn
from tests.one_district import founded

P = {"travel_limit_km.primary": 3.0, "travel_limit_km.junior": 5.0, "travel_limit_km.town": 8.0}


def places(**own) -> Neighbourhoods:
    """Return one urban neighbourhood at the origin whose schools are 1 (primary) and 9 (junior), and one in a town."""
    columns = {field.name: np.zeros(2) for field in dataclasses.fields(Neighbourhoods) if field.init}
    catchment = np.array([[1, 1], [9, 9]])
    columns |= {"key": np.array([10, 20]), "urban": np.array([True, False]), "catchment": catchment}
    return Neighbourhoods(**columns | {"former": catchment.copy(), "share": np.ones((2, 2))} | own)


class Parts(SimpleNamespace):
    def __len__(self) -> int:
        return len(self.stage)


def parts(km: list[float], public: list[bool] | None = None) -> Parts:
    """Return primary parts of schools 1, 2, ... at distances (km), and a junior part of school 9 at 1 km."""
    n = len(km)
    place = np.full((2, 1000), -1)
    place[PRIMARY, 1 : n + 1], place[JUNIOR, 9] = np.arange(n), n
    return Parts(
        stage=np.array([0] * n + [1]), public=np.array([*(public or [True] * n), True]),
        x_km=np.array([*km, 1.0]), y_km=np.zeros(n + 1), place=place,
    )  # fmt: skip


def asked(km, public=None, want_public=True, neighbourhood=0, stage=PRIMARY, **own) -> list[int]:
    row = schools_in_turn(places(**own), parts(km, public), P, public=want_public)[stage, neighbourhood].tolist()
    ended = row.index(-1)
    assert set(row[ended:]) == {-1}
    return row[:ended]


def test_the_own_school_comes_first_then_the_others_by_distance_within_the_limit():
    assert asked([2.5, 1.0, 0.5, 3.5]) == [0, 2, 1]


def test_the_own_school_is_asked_even_beyond_the_limit_and_the_limit_itself_is_within():
    assert asked([30.0, 3.0, 3.001]) == [0, 1]


def test_in_a_town_the_limit_is_that_of_towns():
    assert asked([0.0, 7.0, 8.5], neighbourhood=1) == [0, 1]


def test_after_a_redrawing_the_former_school_comes_second_and_the_own_once_more():
    assert asked([1.0, 2.0], former=np.array([[2, 2], [9, 9]])) == [0, 1, 0]


def test_a_former_school_that_closed_is_not_asked():
    assert asked([1.0, 2.0], former=np.array([[77, 77], [9, 9]])) == [0, 1]


def test_private_schools_are_asked_by_distance_without_a_limit_and_apart():
    public = [True, False, False]
    assert asked([1.0, 90.0, 50.0], public) == [0]
    assert asked([1.0, 90.0, 50.0], public, want_public=False) == [2, 1]


def test_stages_are_asked_apart():
    assert asked([1.0, 2.0], stage=JUNIOR) == [2]


def test_shares_add_up_to_one_and_standing_is_standardised_over_children():
    own = founded().neighbourhoods
    for share in (own.births_share, own.inflow_share, own.housing_share):
        assert share.sum() == pytest.approx(1.0)
    mean = np.average(own.standing, weights=own.births_share)
    assert mean == pytest.approx(0.0, abs=1e-12)
    assert np.average(own.standing**2, weights=own.births_share) == pytest.approx(1.0)


def test_before_any_redrawing_every_address_belongs_to_its_catchment():
    own = founded().neighbourhoods
    assert (own.share == 1.0).all() and np.array_equal(own.catchment, own.former) and own.former is not own.catchment


def test_rows_are_found_by_key():
    own = founded().neighbourhoods
    assert own.rows(own.key).tolist() == list(range(len(own))) and (np.diff(own.key) > 0).all()


def test_neighbourhoods_that_the_district_does_not_manage_are_left_out():
    district = founded()
    data = SimpleNamespace(neighbourhoods=district.data.neighbourhoods.copy())
    here = Neighbourhoods.of(data)
    data.neighbourhoods.loc[data.neighbourhoods["key"] == here.key[0], "included"] = 0
    fewer = Neighbourhoods.of(data)
    assert fewer.key.tolist() == here.key[1:].tolist() and fewer.births_share.sum() == pytest.approx(1.0)


def test_a_school_hands_over_all_its_catchments_and_former_ones_of_one_stage():
    here = places(catchment=np.array([[1, 2], [1, 9]]), former=np.array([[1, 1], [1, 9]]))
    here.hand_over(PRIMARY, 1, [5, 6])
    assert here.catchment.tolist() == [[5, 2], [1, 9]] and here.former.tolist() == [[5, 6], [1, 9]]


def test_the_travel_limit_is_the_stages_in_the_city_and_that_of_towns_elsewhere():
    assert places().travel_limit(P, PRIMARY).tolist() == [3.0, 8.0]
    assert places().travel_limit(P, JUNIOR).tolist() == [5.0, 8.0]
