"""Weighted worlds: weights, effective number and moments by separate arithmetic; what is measured is measured once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.inputs.errors import InputError
from simsim.studies import weighted_worlds as study
from simsim.studies.patterns import Part, Pattern
from simsim.studies.weighted_worlds import Weights, distance, measured, moments, said, shown, weighted, weights_of
from tests.experiments.small_results import only, table

IN, SIGN = Part("in", "a share", "share", "checked", 0.2, 0.4), Part("up", "a sign", "x", "checked", sign="positive")
WORLDS = 30


@pytest.fixture
def two_patterns(monkeypatch):
    known = (
        Pattern(1, {"en": "one", "zh": "一"}, "checked", "", "", (IN,)),
        Pattern(2, {"en": "two", "zh": "二"}, "checked", "", "", (SIGN,)),
    )
    monkeypatch.setattr(study.patterns, "load", lambda: known)


def rows(values: np.ndarray, number: int = 1, part: str = "in") -> pd.DataFrame:
    listed = [(seed, number, part, value) for seed, value in enumerate(values, start=1)]
    return pd.DataFrame(listed, columns=["replication", "number", "part", "value"])


def test_a_world_outside_the_range_counts_less_by_its_distance_in_half_widths(two_patterns):
    values = np.array([0.3] * (WORLDS - 2) + [0.5, 0.7])  # 0.1 and 0.3 above the range, which is 0.1 on either side
    found = weights_of(rows(values))
    by_hand = np.exp(-0.5 * np.array([0.0] * (WORLDS - 2) + [1.0**2, 3.0**2]))
    assert found.weights.to_numpy() == pytest.approx(by_hand / by_hand.sum())
    assert found.effective == pytest.approx(by_hand.sum() ** 2 / (by_hand**2).sum())


def test_a_pattern_that_all_worlds_miss_tells_them_apart_less(two_patterns):
    values = np.linspace(0.9, 1.1, WORLDS)  # the mean misses the range by 0.6
    found = weights_of(rows(values))
    scale = np.hypot(0.1, 0.6)
    by_hand = np.exp(-0.5 * ((values - 0.4) / scale) ** 2)
    assert found.weights.to_numpy() == pytest.approx(by_hand / by_hand.sum())
    assert found.parts["verdict"].tolist() == ["FAIL"] and found.effective > 0.95 * WORLDS


def test_what_is_not_decided_weighs_nothing_and_when_nothing_is_decided_that_is_said(two_patterns):
    at_the_edge = np.array([0.3, 0.5] * (WORLDS // 2))
    both = pd.concat([rows(np.full(WORLDS, 0.3)), rows(np.array([1.0] * 24 + [-1.0] * 6), 2, "up")])
    assert weights_of(both).weights.to_numpy() == pytest.approx(np.full(WORLDS, 1 / WORLDS))
    with pytest.raises(InputError, match="decide nothing"):
        weights_of(rows(at_the_edge))


def test_distance_is_nought_inside_and_of_a_sign_counts_from_zero():
    assert distance(IN, np.array([0.1, 0.2, 0.3, 0.6])) == pytest.approx([0.1, 0.0, 0.0, 0.2])
    assert distance(SIGN, np.array([-2.0, 0.0, 3.0])) == pytest.approx([2.0, 0.0, 0.0])


def test_moments_of_weighted_worlds_are_worked_out_by_hand():
    gaps, weights = pd.Series([1.0, 2.0, -3.0, np.nan], [1, 2, 3, 4]), pd.Series([0.2, 0.4, 0.2, 0.2], [1, 2, 3, 4])
    found = moments(gaps, weights)
    w = np.array([0.25, 0.5, 0.25])
    mean = 0.25 + 1.0 - 0.75
    effective = 1 / (0.0625 + 0.25 + 0.0625)
    error = np.sqrt(((w * (np.array([1, 2, -3]) - mean)) ** 2).sum() * effective / (effective - 1))
    assert (found["mean"], found["share"]) == pytest.approx((mean, 0.75))
    assert (found["n"], found["mc_error"], found["with_sign"]) == pytest.approx((effective, error, 0.75 * effective))


def test_equal_weights_give_the_numbers_of_the_worlds_as_drawn():
    values = np.random.default_rng(2).normal(0.05, 0.05, WORLDS)
    results = only(table({"plan": list(values), "baseline": [0.0] * WORLDS}))
    even = Weights(pd.Series(1 / WORLDS, range(1, WORLDS + 1)), pd.DataFrame())
    (row,) = weighted(results, even, ["score"]).to_dict("records")
    assert (row["weighted_mean"], row["weighted_error"]) == pytest.approx((row["mean"], row["mc_error"]))
    assert (row["weighted_share"], row["weighted_beyond"]) == pytest.approx((row["share"], row["beyond"]))
    assert row["survives"] and row["effective"] == pytest.approx(WORLDS)


def test_a_conclusion_that_rests_on_worlds_that_miss_the_patterns_does_not_survive():
    results = only(table({"plan": [0.1] * 35 + [0.0] * 5, "baseline": [0.0] * 40}))
    w = pd.Series([0.01] * 35 + [0.13] * 5, range(1, 41))
    (row,) = weighted(results, Weights(w, pd.DataFrame()), ["score"]).to_dict("records")
    assert row["weighted_mean"] == pytest.approx(0.035) and row["weighted_share"] == pytest.approx(0.35)
    assert row["verdict"] == "likely_higher" and not row["survives"]
    (text,) = shown(weighted(results, Weights(w, pd.DataFrame()), ["score"])).to_dict("records")
    assert (text["Sign"], text["Sign, weighted"], text["Survives"]) == ("35 of 40", "35%", "no")


def test_worlds_are_measured_once_and_kept_in_a_file(monkeypatch, tmp_path):
    asked = []

    def fake(seed, numbers, data):
        asked.append(seed)
        return {(1, "in"): 0.1 * seed}

    monkeypatch.setattr(study.patterns, "measure", fake)
    file = tmp_path / "worlds.csv"
    first = measured([1, 2, 3], file=file)
    assert asked == [1, 2, 3] and first["value"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    again = measured([2, 3, 4], file=file)
    assert asked == [1, 2, 3, 4] and again["replication"].tolist() == [2, 3, 4]
    measured([1], (1, 2), file=file)
    assert asked == [1, 2, 3, 4, 1]  # other patterns


def test_what_is_said_names_worlds_and_what_is_left_of_them(two_patterns):
    found = weights_of(rows(np.full(WORLDS, 0.3)))
    assert said(found, "en").startswith("30 worlds count as 30.0") and "30.0" in said(found, "zh")
