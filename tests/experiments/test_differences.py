"""Bands and paired differences over worlds, and their verdicts, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.differences import differences, pairing_gain
from simsim.inputs.indicators import sureness
from tests.experiments.small_results import PUPILS, SCORE, only, table


def paired(differences: list[float], indicator: str = SCORE) -> pd.Series:
    zeros = [0.0] * len(differences)
    return only(table({"plan": differences, "baseline": zeros}, indicator)).paired("plan", "baseline").iloc[0]


def test_a_paired_difference_has_the_mean_interval_error_and_share_worked_out_by_hand():
    row = paired([1.0, 2.0, 3.0, 4.0, -5.0])
    assert row["mean"] == 1.0
    assert row["low"] == pytest.approx(-5 + 0.2 * 6)  # a fifth of the way from the first to the second of five
    assert row["high"] == pytest.approx(3 + 0.8 * 1)
    assert row["share"] == 0.8
    assert row["mc_error"] == pytest.approx(np.std([1, 2, 3, 4, -5], ddof=1) / np.sqrt(5))
    assert row["n"] == 5 and row["matters"]
    assert paired([1.0, 3.0])["mc_error"] == pytest.approx(1.0)


def test_the_gain_of_pairing_is_the_variance_of_unpaired_differences_over_that_of_paired_ones_by_hand():
    left, right = np.array([[0.0, 1.0, 5.0]]), np.array([[0.0, 2.0, 3.0]])
    for scale in (1.0, 1e-13, 1e9):
        assert pairing_gain(scale * left, scale * right) == pytest.approx([4.0])
    some = np.array([[0.0, 1.0, 5.0, np.nan, 9.0]]), np.array([[0.0, 2.0, 3.0, 7.0, np.nan]])
    assert pairing_gain(*some) == pytest.approx([4.0])
    assert np.isnan(pairing_gain(left, left + 1e3)) and np.isnan(pairing_gain(left[:, :1], right[:, :1]))


def test_a_missing_value_is_left_out_of_its_pair():
    row = only(table({"plan": [1.0, np.nan, 5.0], "baseline": [0.0, 0.0, np.nan]})).paired("plan", "baseline").iloc[0]
    assert row["n"] == 1 and row["mean"] == 1.0 and np.isnan(row["mc_error"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("differences", "verdict", "english", "chinese"),
    [
        ([0.1] * 20, "very_likely_higher", "very likely higher", "很可能更高"),
        ([-0.1] * 97 + [0.1] * 3, "very_likely_lower", "very likely lower", "很可能更低"),
        ([-0.1] * 19 + [0.1], "likely_lower", "likely lower", "可能更低"),  # 19 of 20: the share may be 0.75
        ([0.1] * 10, "likely_higher", "likely higher", "可能更高"),  # 10 of 10: 0.69
        ([0.1] * 10 + [-0.001] * 2, "likely_higher", "likely higher", "可能更高"),  # 10 of 12: 0.52
        ([0.1] * 8 + [-0.001] * 2, "few", "too few worlds to say", "模拟次数太少，尚不能判断"),  # 8 of 10: 0.44
        ([-0.1] * 17 + [0.05] * 3, "likely_lower", "likely lower", "可能更低"),
        ([0.1] * 17 + [-0.05] * 3, "likely_higher", "likely higher", "可能更高"),
        ([0.1] * 12 + [-0.02] * 8, "unclear", "no clear direction", "各次模拟方向不一"),
        ([0.01] * 20, "small", "too small to matter", "差别太小，无实际意义"),
        ([0.015] * 18 + [0.03] * 2, "small", "too small to matter", "差别太小，无实际意义"),
        ([0.019] * 10 + [0.03, 0.0] * 5, "few", "too few worlds to say", "模拟次数太少，尚不能判断"),
        ([-0.005] * 70 + [-0.03] * 30, "small", "too small to matter", "差别太小，无实际意义"),  # all of one sign
        ([0.0] * 20, "same", "no difference", "没有差别"),
        ([0.1] * 9, "few", "too few worlds to say", "模拟次数太少，尚不能判断"),
        ([0.5, -0.5] * 10, "few", "too few worlds to say", "模拟次数太少，尚不能判断"),
        ([0.5, -0.5] * 5000, "unclear", "no clear direction", "各次模拟方向不一"),
    ],
)
def test_the_same_numbers_always_give_the_same_words(differences, verdict, english, chinese):
    row = paired(differences)
    assert (row["verdict"], row["words_en"], row["words_zh"]) == (verdict, english, chinese)


def test_a_mean_within_its_monte_carlo_error_is_never_called_a_difference():
    row = paired([0.1] * 18 + [-0.5, -0.6])
    assert row["share"] == 0.9 and row["matters"] and row["verdict"] == "few"


def test_how_many_worlds_have_the_sign_and_how_many_differ_by_more_than_the_threshold_is_counted():
    row = paired([0.1] * 12 + [-0.02] * 5 + [0.0, -0.03, 0.01])
    assert (row["with_sign"], row["n"], row["share"]) == (13, 20, 0.65)
    assert row["beyond"] == 13 / 20  # 0.02 itself is not beyond 0.02


def test_every_verdict_has_words_in_both_languages():
    assert all(set(words) == {"en", "zh"} for words in sureness().text.values())


def test_differences_without_any_pair_give_an_empty_table_with_the_same_columns():
    full = only(table({"plan": [1.0], "baseline": [0.0]})).paired("plan", "baseline")
    empty = differences(
        pd.DataFrame(index=pd.MultiIndex.from_tuples([], names=["indicator", "stage", "group", "year"]))
    )
    assert list(empty.columns) == list(full.columns) and empty.empty


def test_a_key_without_any_pair_is_left_out_and_the_others_keep_their_numbers():
    frames = [
        table({"plan": [np.nan, 1.0], "baseline": [1.0, np.nan]}, year=2023),
        table({"plan": [7.0], "baseline": [4.0]}),
    ]
    found = only(*frames).paired("plan", "baseline")
    assert found[["year", "mean", "low", "high", "share", "n"]].values.tolist() == [[2024, 3.0, 3.0, 3.0, 1.0, 1]]
    assert found.index.tolist() == [0]


def test_a_mean_as_large_as_the_threshold_matters():
    assert paired([0.02])["matters"] and paired([-0.02])["matters"]
    assert not paired([0.0199])["matters"] and not paired([-0.0199])["matters"]


def test_an_interval_leaves_missing_values_out_wherever_they_are():
    row = paired([np.nan, 4.0, 2.0, np.nan, 3.0])
    assert (row["mean"], row["n"]) == (3.0, 3)
    assert row["low"] == pytest.approx(2.1) and row["high"] == pytest.approx(3.9)
    assert row["mc_error"] == pytest.approx(1 / np.sqrt(3))


def test_a_median_of_an_even_number_lies_halfway():
    band = only(table({"plan": [1.0, 8.0, 2.0, np.nan, 4.0]})).bands()
    assert band[["median", "mean", "n"]].values.tolist() == [[3.0, 3.75, 4]]


def test_keys_stay_apart_and_in_the_order_in_which_they_first_appear():
    names, years = (SCORE, PUPILS, "class_size"), (2017, 2016, 2018)
    values = {(name, year): float(10 * i + j) for i, name in enumerate(names) for j, year in enumerate(years)}
    frames = [table({"plan": [value], "baseline": [0.0]}, *key) for key, value in values.items()]
    for found in (only(*frames).paired("plan", "baseline"), only(*frames).bands(scenarios="plan")):
        assert found.index.tolist() == list(range(9))
        assert found[["indicator", "year", "mean"]].values.tolist() == [[*key, value] for key, value in values.items()]
