"""Comparisons of every scenario with a baseline: which rows, in which order, and in which words."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.comparison import assumed, compared, idle, shown, vain
from simsim.experiments.manifest import DESIGN
from simsim.experiments.results import Results
from simsim.experiments.table_folder import TableFolder
from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario
from tests.experiments.small_results import PUPILS, SCORE, only, table

THREE = {"plan": [3.0, 5.0], "baseline": [1.0, 2.0], "third": [1.0, 1.0]}


def test_every_other_scenario_is_compared_with_the_one_called_baseline():
    found = compared(only(table(THREE)))
    assert list(found.columns[:5]) == ["scenario", "baseline", "indicator", "stage", "group"]
    assert found[["scenario", "baseline", "mean"]].values.tolist() == [
        ["plan", "baseline", 2.5],
        ["third", "baseline", -0.5],
    ]
    assert found.index.tolist() == [0, 1]


def test_another_baseline_may_be_named_and_without_one_the_first_scenario_is_it():
    named = compared(only(table(THREE)), "third")
    assert named[["scenario", "baseline", "mean"]].values.tolist() == [
        ["plan", "third", 3.0],
        ["baseline", "third", 0.5],
    ]
    first = compared(only(table({"plan": [3.0, 5.0], "third": [1.0, 1.0]})))
    assert first[["scenario", "baseline", "mean"]].values.tolist() == [["third", "plan", -3.0]]


def test_a_comparison_of_one_scenario_or_with_an_unknown_one_is_the_users_mistake():
    with pytest.raises(InputError, match=r"scenario = 'plan'.*is the only one that was run; a comparison needs two"):
        compared(only(table({"plan": [1.0]})))
    with pytest.raises(InputError, match=r"did you mean baseline\?"):
        compared(only(table(THREE)), "baselin")


def test_a_scenario_that_did_not_record_the_indicator_is_left_out_and_when_none_did_that_is_said():
    frames = [table(THREE), table({"third": [9.0, 9.0], "baseline": [4.0, 4.0]}, PUPILS)]
    found = compared(only(*frames), names=[PUPILS])
    assert found[["scenario", "indicator", "mean"]].values.tolist() == [["third", PUPILS, 5.0]]
    with pytest.raises(InputError, match=r"indicator=\['pupils'\].*was not recorded for third"):
        compared(only(table(THREE), table({"plan": [9.0]}, PUPILS)), "third", [PUPILS])


def test_of_an_indicator_that_is_named_every_scenario_is_compared_as_without_a_name():
    found = compared(only(table(THREE), table(THREE, PUPILS)), names=[SCORE])
    assert found[["scenario", "indicator", "mean"]].values.tolist() == [["plan", SCORE, 2.5], ["third", SCORE, -0.5]]


def test_labels_and_units_are_those_of_the_dictionary_and_an_unknown_indicator_keeps_its_name():
    found = compared(only(table(THREE), table(THREE, "pianos"))).query("scenario == 'plan'").set_index("indicator")
    words = found[["label_en", "label_zh", "unit_en", "unit_zh"]]
    assert words.loc[SCORE].tolist() == ["Mean score", "平均成绩", "SD", "标准差"]
    assert words.loc["pianos"].tolist() == ["pianos", "pianos", "", ""]


def touched(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["scenario", "replication", "instance", "policy", "value"])


def test_the_effects_that_scenarios_assume_are_named_by_scenario():
    results = only(table(THREE))
    results.manifest["scenarios"] = {"plan": {"resolved": {"assume": ["group_lead"]}}, "third": {"resolved": {}}}
    assert assumed(results) == {"plan": ["group_lead"]}


def test_a_policy_is_idle_when_it_touched_nobody_in_any_replication():
    frame = touched(
        [
            ("plan", 1, "A", "aid", 0), ("plan", 2, "A", "aid", 0), ("plan", 1, "B", "stars", 0),
            ("plan", 2, "B", "stars", 3), ("third", 1, "B", "stars", 0),
        ]
    )  # fmt: skip
    assert idle(Results({"touched": frame})) == ["plan: A (aid)", "third: B (stars)"]
    kept = frame.astype(dict.fromkeys(("scenario", "instance", "policy"), "category"))
    assert idle(Results({"touched": kept})) == ["plan: A (aid)", "third: B (stars)"]
    assert idle(only(table(THREE))) == []


def many(seeds: int = 10) -> pd.DataFrame:
    """Return a comparison of plan with the baseline over two years and stages, of three indicators: class sizes and
    scores, which are main ones (scores of primary pupils do not differ), and entrants, which are none.
    """
    frames = [
        table({"plan": [above] * seeds, "baseline": [0.0] * seeds}, name, year, stage=stage, group=group)
        for name, above in (("entrants", 1234.0), (SCORE, 0.5), ("class_size", -2.0))
        for year in (2023, 2024)
        for stage in ("all", "junior", "primary")
        for group in ("all", "migrant")
    ]
    rows = pd.concat(frames, ignore_index=True)
    rows.loc[(rows["indicator"] == SCORE) & (rows["stage"] == "primary"), "value"] = 0.0
    return compared(only(rows))


def test_a_reader_sees_the_last_year_of_whole_groups_and_of_main_indicators_what_differs():
    found = shown(many())
    assert found[["Indicator", "Stage", "Year"]].values.tolist() == [
        ["Mean score", "junior", 2024],  # a primary outcome
        ["Mean score", "all", 2024],
        ["Mean class size", "primary", 2024],
        ["Mean class size", "junior", 2024],
        ["Mean class size", "all", 2024],
    ]


def test_everything_is_shown_when_asked_for_by_scenario_indicator_and_stage_in_their_order():
    found = shown(many(), everything=True)
    stages = ["primary", "junior", "all"]
    assert found[["Indicator", "Stage"]].values.tolist() == [
        [label, stage] for label in ("Mean score", "Pupils entering a stage", "Mean class size") for stage in stages
    ]
    assert set(found["Year"]) == {2024}
    order = shown(compared(only(table(THREE))), everything=True)["Scenario"].tolist()
    assert order == ["plan", "third"]


def test_numbers_have_the_decimals_of_their_indicator_and_their_error_one_more():
    rows = table({"plan": [0.1, 0.3], "baseline": [0.0, 0.0]})
    (row,) = shown(compared(only(rows)), everything=True).to_dict("records")
    assert row == {
        "Scenario": "plan", "Indicator": "Mean score", "Stage": "primary", "Year": 2024, "Difference": "+0.200",
        "5-95 %": "0.110 to 0.290", "MC error": "0.1000", "Pairing gain": "×1.0", "Unit": "SD",
        "Worlds with the sign": "2 of 2", "Beyond what matters": "100%",
        "Evidence": "–", "Hangs on": "–",
        "Verdict": "too few worlds to say",
    }  # fmt: skip
    large = shown(compared(only(table({"plan": [1234.0], "baseline": [0.0]}, "entrants"))), everything=True)
    assert large["Difference"].tolist() == ["+1,234"] and large["5-95 %"].tolist() == ["1,234 to 1,234"]


def test_the_chinese_edition_has_its_own_headings_and_words():
    (row,) = shown(compared(only(table({"plan": [0.1, 0.3], "baseline": [0.0] * 2}))), lang="zh").to_dict("records")
    assert row == {
        "情景": "plan", "指标": "平均成绩", "学段": "小学", "年份": 2024, "差别": "+0.200",
        "5-95%区间": "0.110至0.290", "模拟误差": "0.1000", "配对增益": "×1.0", "单位": "标准差",
        "同方向次数": "2次中2次", "超过最小差别的比例": "100%",
        "证据等级": "–", "主要取决于": "–",
        "判断": "模拟次数太少，尚不能判断",
    }  # fmt: skip


def test_a_language_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InputError, match=r"lang = 'fr': is not a language of simsim.*there are en, zh"):
        shown(many(1), lang="fr")


def test_what_rounds_to_nothing_is_shown_without_a_minus():
    frame = table({"plan": [-1e-9, -1e-9], "baseline": [0.0, 0.0]})
    row = shown(
        only(frame).paired("plan", "baseline").assign(scenario="plan", label_en="", unit_en=""), everything=True
    ).iloc[0]
    assert row["Difference"].startswith("+0.0") and "-" not in row["5-95 %"]


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


def test_a_scenario_that_this_simsim_cannot_read_or_that_changes_nothing_has_nothing_in_vain():
    resolved = {"name": "late", "extends": "baseline", "parameters": {"rotation_allowance": 100}}
    frame = table({"late": [1.0]})

    def found(entry):
        return vain(Results({"district_year": frame}, {"scenarios": {"late": entry}, "to": 2015}))

    assert len(found({"resolved": resolved})) == 1
    assert found({"resolved": resolved | {"parameters": {}}}) == [] == found({"resolved": {}}) == found({})
    assert found({"resolved": resolved | {"policies": {"X": {"policy": "of tomorrow"}}}}) == []


@pytest.mark.parametrize(("lang", "words"), [("en", "not defined"), ("zh", "无定义")])
def test_compare_says_in_words_what_is_not_defined(lang, words):
    never = table({"plan": [np.nan], "baseline": [1.0]}, PUPILS)
    once = table({"plan": [2.0], "baseline": [1.0]})
    mixed = only(never, once)
    text = shown(compared(mixed, names=[SCORE, PUPILS]), everything=True, lang=lang)
    of_score, of_pupils = text.to_numpy().tolist()
    assert of_score[4] == "+1.000" and of_score[6] == words  # one replication has no error of the mean
    assert [of_pupils[i] for i in (4, 5, 6, 7, 9, 10)] == [words] * 6
    alone = shown(compared(mixed, names=[PUPILS]), everything=True, lang=lang)
    assert len(alone) == 1 and alone.iloc[0, 4] == words
    assert not text.map(lambda cell: str(cell).strip() in ("nan", "inf", "-inf", "")).any(axis=None)


def test_what_nobody_recorded_is_still_refused_by_compare():
    with pytest.raises(InputError, match="not an indicator"):
        compared(only(table({"plan": [2.0], "baseline": [1.0]})), names=["pupil"])


@pytest.mark.parametrize(("folder", "named"), [(None, "results"), (Path("somewhere"), "somewhere")])
def test_a_screening_is_not_compared_and_says_where_it_is(folder, named):
    screening = replace(only(table(THREE)), manifest={DESIGN: {}}, folder=folder)
    with pytest.raises(InputError, match=f"{named}: .*is a screening"):
        compared(screening)


@pytest.mark.parametrize(
    ("seeds", "nobody"),
    [(range(1, 7), ["plan: A (aid)"]), (range(1, 6), ["plan: A (aid)", "plan: B (stars)"]), ([6], ["plan: A (aid)"])],
)
def test_of_a_folder_idle_policies_are_those_of_the_runs_looked_at(tmp_path, monkeypatch, seeds, nobody):
    rows = [
        (scenario, seed, instance, policy, float(scenario == "third" or (instance == "B" and seed == 6)))
        for scenario in ("plan", "third")
        for seed in range(1, 7)
        for instance, policy in (("A", "aid"), ("B", "stars"))
    ]
    record = table({"plan": [1.0] * 6, "third": [1.0] * 6})
    Results({"district_year": record, "touched": touched(rows)}).save(tmp_path / "kept")
    results = Results.load(tmp_path / "kept").for_replications(seeds)
    read, part = [], TableFolder._part
    monkeypatch.setattr(
        TableFolder, "_part", lambda self, name, key, entry: read.append(key) or part(self, name, key, entry)
    )
    assert idle(results) == nobody
    assert len([scenario for scenario, _ in read if scenario == "third"]) == 1  # whose policies all act in the first
