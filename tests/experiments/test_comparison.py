"""Paired differences: worked out by hand, and put into the same words."""

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.comparison import compared, shown, vain
from simsim.experiments.results import Results, differences
from simsim.inputs.errors import InputError
from simsim.inputs.indicators import sureness
from simsim.scenarios.scenario import Scenario

SCORE, PUPILS = "score", "pupils"


def table(values: dict[str, list[float]], indicator: str = SCORE, year: int = 2024) -> pd.DataFrame:
    """district_year rows: one value per scenario and replication (1, 2, ...)."""
    rows = [
        (scenario, seed, year, "primary", "all", indicator, value)
        for scenario, numbers in values.items()
        for seed, value in enumerate(numbers, start=1)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "year", "stage", "group", "indicator", "value"])


def results(*frames: pd.DataFrame) -> Results:
    return Results({"district_year": pd.concat(frames, ignore_index=True)})


def paired(differences: list[float], indicator: str = SCORE) -> pd.Series:
    zeros = [0.0] * len(differences)
    return results(table({"plan": differences, "baseline": zeros}, indicator)).paired("plan", "baseline").iloc[0]


def test_a_paired_difference_has_the_mean_interval_error_and_share_worked_out_by_hand():
    row = paired([1.0, 2.0, 3.0, 4.0, -5.0])
    assert row["mean"] == 1.0
    assert row["low"] == pytest.approx(-5 + 0.2 * 6)  # a fifth of the way from the first to the second of five
    assert row["high"] == pytest.approx(3 + 0.8 * 1)
    assert row["share"] == 0.8
    assert row["mc_error"] == pytest.approx(np.std([1, 2, 3, 4, -5], ddof=1) / np.sqrt(5))
    assert row["n"] == 5 and row["matters"]


def test_only_replications_that_both_scenarios_have_are_paired():
    frame = table({"plan": [1.0, 2.0, 3.0], "baseline": [0.0, 0.0, 0.0]})
    row = (
        results(frame[~((frame["scenario"] == "baseline") & (frame["replication"] == 2))])
        .paired("plan", "baseline")
        .iloc[0]
    )
    assert row["n"] == 2 and row["mean"] == 2.0


def test_a_missing_value_is_left_out_of_its_pair():
    row = (
        results(table({"plan": [1.0, np.nan, 5.0], "baseline": [0.0, 0.0, np.nan]})).paired("plan", "baseline").iloc[0]
    )
    assert row["n"] == 1 and row["mean"] == 1.0 and np.isnan(row["mc_error"])


def test_a_key_that_only_one_scenario_has_is_not_compared():
    frame = pd.concat([table({"plan": [1.0], "baseline": [0.0]}), table({"plan": [1.0]}, year=2025)])
    assert list(results(frame).paired("plan", "baseline")["year"]) == [2024]


@pytest.mark.parametrize(
    ("differences", "verdict", "english", "chinese"),
    [
        ([0.1] * 20, "very_likely_higher", "very likely higher", "很可能更高"),
        ([-0.1] * 19 + [0.1], "very_likely_lower", "very likely lower", "很可能更低"),
        ([-0.1] * 17 + [0.05] * 3, "likely_lower", "likely lower", "可能更低"),
        ([0.1] * 17 + [-0.05] * 3, "likely_higher", "likely higher", "可能更高"),
        ([0.1] * 12 + [-0.02] * 8, "unclear", "no clear difference", "没有明确差别"),
        ([0.01] * 20, "small", "too small to matter", "差别太小，无实际意义"),
        (
            [0.015] * 18 + [0.03] * 2,
            "slight_higher",
            "slightly higher, too little to matter on average",
            "略高，平均幅度太小",
        ),
        ([0.0] * 20, "same", "no difference", "没有差别"),
        ([0.1] * 9, "few", "too few replications to say", "重复次数太少，不能下结论"),
        ([0.5, -0.5] * 10, "unclear", "no clear difference", "没有明确差别"),
    ],
)
def test_the_same_numbers_always_give_the_same_words(differences, verdict, english, chinese):
    row = paired(differences)
    assert (row["verdict"], row["words_en"], row["words_zh"]) == (verdict, english, chinese)


def test_a_mean_within_its_monte_carlo_error_is_never_called_a_difference():
    row = paired([0.1] * 18 + [-0.5, -0.6])
    assert row["share"] == 0.9 and row["matters"] and row["verdict"] == "unclear"


def test_every_verdict_has_words_in_both_languages():
    assert all(set(words) == {"en", "zh"} for words in sureness().text.values())


def test_what_rounds_to_nothing_is_shown_without_a_minus():
    frame = table({"plan": [-1e-9, -1e-9], "baseline": [0.0, 0.0]})
    row = shown(
        results(frame).paired("plan", "baseline").assign(scenario="plan", label_en="", unit_en=""), everything=True
    ).iloc[0]
    assert row["Difference"].startswith("+0.0") and "-" not in row["5-95 %"]


def test_rows_in_another_order_give_the_same_differences():
    rng = np.random.default_rng(1)
    values = {"plan": list(rng.normal(size=12)), "baseline": list(rng.normal(size=12))}
    frames = [table(values, name, year) for name in (SCORE, PUPILS) for year in (2017, 2018)]
    keys = ["indicator", "year"]
    one = results(*frames).paired("plan", "baseline").sort_values(keys, ignore_index=True)
    shuffled = pd.concat(frames, ignore_index=True).sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(
        one, results(shuffled).paired("plan", "baseline").sort_values(keys, ignore_index=True)
    )


def test_categories_and_plain_words_give_the_same_differences():
    frame = table({"plan": [1.0, 2.0], "baseline": [0.0, 0.5]})
    words = frame.astype(dict.fromkeys(("scenario", "stage", "group", "indicator"), "category"))
    pd.testing.assert_frame_equal(results(frame).paired("plan", "baseline"), results(words).paired("plan", "baseline"))


def test_bands_are_the_median_and_the_interval_over_replications():
    band = results(table({"plan": [1.0, 2.0, 3.0, 4.0, 10.0], "baseline": [0.0] * 5})).bands(SCORE)
    row = band[band["scenario"] == "plan"].iloc[0]
    assert (row["median"], row["mean"], row["n"]) == (3.0, 4.0, 5)
    assert row["low"] == pytest.approx(1.2) and row["high"] == pytest.approx(8.8)
    assert list(band["scenario"].cat.categories) == ["plan", "baseline"]


def test_differences_without_any_pair_give_an_empty_table_with_the_same_columns():
    full = results(table({"plan": [1.0], "baseline": [0.0]})).paired("plan", "baseline")
    empty = differences(
        pd.DataFrame(index=pd.MultiIndex.from_tuples([], names=["indicator", "stage", "group", "year"]))
    )
    assert list(empty.columns) == list(full.columns) and empty.empty


def test_parameters_set_in_vain_are_named_by_scenario():
    parameters = {"class_size.target.primary": {"value": 30, "from": 2030}, "rotation_allowance": 100}
    late = Scenario.load({"name": "late", "extends": "baseline", "parameters": parameters})
    known = {"late": {"resolved": late.to_dict()}, "baseline": {"resolved": Scenario.load("baseline").to_dict()}}
    frame = table({"late": [1.0], "baseline": [1.0]})
    found = vain(Results({"district_year": frame}, {"scenarios": known, "to": 2015}))
    assert [f"{name}: {change}" for name, change in found] == [
        "late: class_size.target.primary = 30 from 2030 has no effect: dated after the last year of the run",
        "late: rotation_allowance = 100 has no effect: only rotation reads it, which this scenario does not have",
    ]
    assert vain(Results({"district_year": frame})) == []


@pytest.mark.parametrize(("lang", "words"), [("en", "not defined"), ("zh", "无定义")])
def test_compare_says_in_words_what_is_not_defined(lang, words):
    never = table({"plan": [np.nan], "baseline": [1.0]}, PUPILS)
    once = table({"plan": [2.0], "baseline": [1.0]})
    mixed = results(never, once)
    text = shown(compared(mixed, names=[SCORE, PUPILS]), everything=True, lang=lang)
    of_pupils, of_score = text.to_numpy().tolist()
    assert of_score[4] == "+1.000" and of_score[6] == words  # one replication has no error of the mean
    assert [of_pupils[i] for i in (4, 5, 6, 8, 9)] == [words] * 5
    alone = shown(compared(mixed, names=[PUPILS]), everything=True, lang=lang)
    assert len(alone) == 1 and alone.iloc[0, 4] == words
    assert not text.map(lambda cell: str(cell).strip() in ("nan", "inf", "-inf", "")).any(axis=None)


def test_what_nobody_recorded_is_still_refused_by_compare():
    with pytest.raises(InputError, match="not an indicator"):
        compared(results(table({"plan": [2.0], "baseline": [1.0]})), names=["pupil"])
