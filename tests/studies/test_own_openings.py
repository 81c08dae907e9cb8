"""Schools that opened are looked back at beside simpler ways to count."""

from __future__ import annotations

import numpy as np

from simsim.studies.own_openings import openings, summary, words
from tests.districts.test_own_forecast import rolls


def with_an_opening() -> np.ndarray:
    pupils = np.full((4, 6, 3), 60.0)
    pupils[3, :3] = 0.0
    pupils[3, 3:, 0] = 36.0
    pupils[3, 3:, 1:] = 0.0
    pupils[3, 4:, 1] = 36.0
    return pupils


def test_a_school_that_opened_is_forecast_from_the_september_before() -> None:
    table = openings(rolls(with_an_opening()))
    assert set(table["what"]) == {"opened"} and table["base"].unique().tolist() == [2017]
    assert table["lead"].tolist() == [1, 2, 3] and table["actual"].tolist() == [36.0, 72.0, 72.0]
    assert table["no plan"].tolist() == [0.0, 0.0, 0.0] and table["mean size"].tolist() == [60.0, 120.0, 120.0]


def test_neighbours_are_shown_where_places_are_known() -> None:
    places = {"S0": (0.0, 0.0), "S1": (1.0, 0.0), "S2": (50.0, 0.0), "S3": (0.5, 0.0)}
    table = openings(rolls(with_an_opening()), places)
    assert set(table["what"]) == {"opened", "neighbours"}
    assert table.loc[table["what"] == "neighbours", "actual"].iloc[0] == 3 * 3 * 60.0


def test_words_say_where_ours_adds_nothing() -> None:
    table = openings(rolls(with_an_opening()))
    worse = table.assign(ours=1000.0)
    assert "adds nothing to mean size or no plan" in words(worse)
    assert "closer than both" in words(table.assign(ours=table["actual"]))
    assert summary(table)["schools"].tolist() == [1, 1, 1]


def test_a_district_in_which_nothing_opened_says_so() -> None:
    assert "nothing to look back at" in words(openings(rolls(np.full((2, 5, 3), 30.0))))
