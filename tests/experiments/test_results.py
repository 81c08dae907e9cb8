"""Tables of results: narrowed, saved, exported; bands, and paired differences worked out by hand."""

import numpy as np
import openpyxl
import pandas as pd
import pytest

from simsim.experiments import results
from simsim.experiments.decision import decision
from simsim.experiments.results import Results, differences, export
from simsim.inputs.errors import InputError
from simsim.inputs.indicators import sureness
from tests.experiments.small_results import PUPILS, SCORE, only, table


def test_filters_take_one_value_or_several():
    frames = [
        table({"plan": [1.0, 2.0], "baseline": [0.0, 0.0]}, name, year)
        for name in (SCORE, PUPILS)
        for year in (2017, 2024)
    ]
    found = only(*frames)
    assert len(found.paired("plan", "baseline")) == 4
    assert set(found.paired("plan", "baseline", years=2017)["year"]) == {2017}
    assert set(found.paired("plan", "baseline", indicators=[PUPILS])["indicator"]) == {PUPILS}
    assert (
        len(found.paired("plan", "baseline", years=[2017, 2024], indicators=SCORE, stage="primary", group="all")) == 2
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.paired("plam", "baseline"), r"scenario = 'plam'.*did you mean plan\?"),
        (lambda r: r.paired("plan", "baseline", indicators="scores"), r"did you mean score\?"),
        (lambda r: r.bands("scores"), r"not an indicator"),
        (lambda r: r.plot("scores"), r"not an indicator"),
        (lambda r: r.frame("district_yeer"), r"did you mean district_year\?"),
    ],
)
def test_an_unknown_name_is_the_users_mistake_and_suggests_the_closest(call, message):
    with pytest.raises(InputError, match=message):
        call(only(table({"plan": [1.0], "baseline": [0.0]})))


@pytest.mark.parametrize("figure", ["plot_map", "plot_flows", "plot_costs"])
def test_a_figure_is_drawn_of_the_scenario_asked_for_or_of_those_that_reports_show(monkeypatch, figure):
    asked = []
    monkeypatch.setattr(results, "display_of", lambda name: lambda self, *given: asked.append((name, *given)))
    found = only(table({"plan": [1.0], "baseline": [0.0]}))
    getattr(found, figure)(scenario="plan")
    getattr(found, figure)()
    year = [None] if figure == "plot_map" else []
    assert asked == [(f"Results.{figure}", *year, scenario, "en") for scenario in ("plan", None)]
    with pytest.raises(InputError, match=r"did you mean plan\?"):
        getattr(found, figure)(scenario="plam")


def test_a_scenario_less_itself_is_no_difference_at_all():
    found = only(table({"plan": [0.5, 0.7, 0.9]}))
    difference = found.paired("plan", "plan", SCORE)
    assert difference[["mean", "low", "high", "mc_error"]].to_numpy().tolist() == [[0.0] * 4]
    assert difference["verdict"].tolist() == ["same"] and not found.gaps("plan", "plan").to_numpy().any()


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Results in memory, and the same ones in a folder."""
    mine = only(table({"plan": [0.5, 0.7], "baseline": [0.4, 0.5]}))
    folder = tmp_path_factory.mktemp("kept") / "saved"
    mine.save(folder)
    return [mine, Results.load(folder)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.rows("school_yaer", {}), "table = 'school_yaer': is not in these results"),
        (lambda r: r.rows(None, {}), "table: is not in these results"),
        (lambda r: r.rows(["district_year"], {}), "table = ..district_year"),
        (lambda r: r.rows("district_year", {"stge": ["primary"]}), "stge: is not a column of district_year .*stage"),
        (lambda r: r.rows("district_year", None), "must be columns with the values wanted"),
        (lambda r: r.for_replications([1, 1, 2]), "replications = 1: is named twice"),
        (lambda r: r.for_replications(np.array([2, 2])), "replications = 2: is named twice"),
    ],
)
def test_a_table_or_column_that_is_not_there_and_a_seed_named_twice_are_refused(kept, call, message):
    for held in kept:
        with pytest.raises(InputError, match=message):
            call(held)


def test_what_is_saved_is_loaded_again(tmp_path):
    manifest = {"schema": "simsim-experiment/1", "seeds": [1, 2]}
    frame = table({"plan": [1.0, 2.0], "baseline": [0.0, 0.0]})
    folder = Results({"district_year": frame}, manifest).save(tmp_path / "saved")
    loaded = Results.load(folder)
    assert loaded.manifest["seeds"] == [1, 2] and sorted(loaded.scenarios) == ["baseline", "plan"]
    pd.testing.assert_frame_equal(loaded.frame("district_year").astype(frame.dtypes.to_dict()), frame)


def test_a_folder_that_is_not_an_experiment_is_the_users_mistake(tmp_path):
    with pytest.raises(InputError, match="not the folder of an experiment"):
        Results.load(tmp_path)
    with pytest.raises(InputError, match="not the folder of an experiment"):
        Results.load(tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(InputError, match="cannot be read"):
        Results.load(tmp_path)


def test_results_narrowed_to_some_replications_hold_no_others():
    narrowed = only(table({"plan": [1.0, 2.0, 3.0], "baseline": [0.0] * 3})).for_replications([1, 3])
    assert narrowed.replications("plan") == [1, 3]


def test_exported_tables_open_in_a_spreadsheet_with_chinese(tmp_path):
    frame = only(table({"plan": [0.1] * 20, "baseline": [0.0] * 20})).paired("plan", "baseline")
    assert "很可能更高" in export(frame, tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx")).active
    assert [cell.value for cell in sheet[1]] == list(frame.columns)
    assert sheet.cell(2, list(frame.columns).index("words_zh") + 1).value == "很可能更高"


def test_no_text_of_an_export_is_a_formula(tmp_path):
    frame = pd.DataFrame({"area": ["=1+1", "@SUM(1)", "-2", "North"], "n": [-1.0, 2.0, np.nan, 4.0]})
    assert export(frame, tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[1] == "'=1+1,-1.0"
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx")).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["'=1+1", -1], ["'@SUM(1)", 2], ["'-2", None], ["North", 4]]


@pytest.mark.parametrize("name", ["t.ods", "t", "nowhere/t.csv", "nowhere/t.xlsx"])
def test_an_export_that_cannot_be_written_is_the_users_mistake(tmp_path, name):
    with pytest.raises(InputError):
        export(pd.DataFrame({"a": [1]}), tmp_path / name)


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


def test_gaps_are_the_differences_replication_by_replication():
    found = only(table({"plan": [5.0, 7.0], "baseline": [1.0, 10.0, 0.0]}))
    assert found.gaps("plan", "baseline").to_numpy().tolist() == [[4.0, -3.0]]


def test_the_gain_of_pairing_is_the_variance_of_unpaired_differences_over_that_of_paired_ones_by_hand():
    left, right = np.array([[0.0, 1.0, 5.0]]), np.array([[0.0, 2.0, 3.0]])
    for scale in (1.0, 1e-13, 1e9):
        assert results.pairing_gain(scale * left, scale * right) == pytest.approx([4.0])
    some = np.array([[0.0, 1.0, 5.0, np.nan, 9.0]]), np.array([[0.0, 2.0, 3.0, 7.0, np.nan]])
    assert results.pairing_gain(*some) == pytest.approx([4.0])
    assert np.isnan(results.pairing_gain(left, left + 1e3)) and np.isnan(
        results.pairing_gain(left[:, :1], right[:, :1])
    )


def test_only_replications_that_both_scenarios_have_are_paired():
    frame = table({"plan": [1.0, 2.0, 3.0], "baseline": [0.0, 0.0, 0.0]})
    row = (
        only(frame[~((frame["scenario"] == "baseline") & (frame["replication"] == 2))])
        .paired("plan", "baseline")
        .iloc[0]
    )
    assert row["n"] == 2 and row["mean"] == 2.0


def test_a_missing_value_is_left_out_of_its_pair():
    row = only(table({"plan": [1.0, np.nan, 5.0], "baseline": [0.0, 0.0, np.nan]})).paired("plan", "baseline").iloc[0]
    assert row["n"] == 1 and row["mean"] == 1.0 and np.isnan(row["mc_error"])


def test_a_key_that_only_one_scenario_has_is_not_compared():
    frame = pd.concat([table({"plan": [1.0], "baseline": [0.0]}), table({"plan": [1.0]}, year=2025)])
    assert list(only(frame).paired("plan", "baseline")["year"]) == [2024]


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


def test_rows_in_another_order_give_the_same_differences():
    rng = np.random.default_rng(1)
    values = {"plan": list(rng.normal(size=12)), "baseline": list(rng.normal(size=12))}
    frames = [table(values, name, year) for name in (SCORE, PUPILS) for year in (2017, 2018)]
    keys = ["indicator", "year"]
    one = only(*frames).paired("plan", "baseline").sort_values(keys, ignore_index=True)
    shuffled = pd.concat(frames, ignore_index=True).sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(one, only(shuffled).paired("plan", "baseline").sort_values(keys, ignore_index=True))


def test_categories_and_plain_words_give_the_same_differences():
    frame = table({"plan": [1.0, 2.0], "baseline": [0.0, 0.5]})
    words = frame.astype(dict.fromkeys(("scenario", "stage", "group", "indicator"), "category"))
    pd.testing.assert_frame_equal(only(frame).paired("plan", "baseline"), only(words).paired("plan", "baseline"))


def test_bands_are_the_median_and_the_interval_over_replications():
    band = only(table({"plan": [1.0, 2.0, 3.0, 4.0, 10.0], "baseline": [0.0] * 5})).bands(SCORE)
    row = band[band["scenario"] == "plan"].iloc[0]
    assert (row["median"], row["mean"], row["n"]) == (3.0, 4.0, 5)
    assert row["low"] == pytest.approx(1.2) and row["high"] == pytest.approx(8.8)
    assert list(band["scenario"].cat.categories) == ["plan", "baseline"]


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


def lopsided() -> Results:
    """Return results where plan has pupils of 2023 and 2024, the baseline of 2024 alone."""
    both = table({"plan": [1.0, 2.0], "baseline": [0.0, 0.0]}, PUPILS)
    return only(both, table({"plan": [5.0, 5.0]}, PUPILS, 2023), table({"plan": [1.0], "baseline": [1.0]}, stage="all"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.paired("plan", "baseline", PUPILS, years=2023), "not recorded for baseline; year can be 2024$"),
        (lambda r: r.paired("baseline", "plan", PUPILS, years=2023), "not recorded for baseline; year can be 2024$"),
        (lambda r: r.paired("plan", "baseline", PUPILS, "all"), "not recorded for plan; stage can be primary$"),
        (lambda r: r.bands(SCORE, "primary"), "not recorded for plan for baseline; stage can be all$"),
        (lambda r: r.bands(years=2023, scenarios="baseline"), "not recorded for baseline; year can be 2024$"),
    ],
)
def test_what_was_not_recorded_together_is_said_with_what_was(call, message):
    with pytest.raises(InputError, match=message):
        call(lopsided())


def test_what_no_replication_of_both_has_is_said():
    frame = table({"plan": [1.0, np.nan], "baseline": [np.nan, 1.0]})
    with pytest.raises(InputError, match="is not defined in any replication that both scenarios have"):
        only(frame).paired("plan", "baseline", SCORE)
    assert only(frame).paired("plan", "baseline").empty


def test_bands_of_some_scenarios_are_in_the_order_asked_for():
    bands = lopsided().bands(PUPILS, scenarios=["baseline", "plan"])
    assert bands[["scenario", "year", "median", "n"]].values.tolist() == [
        ["baseline", 2024, 0.0, 2], ["plan", 2024, 1.5, 2], ["plan", 2023, 5.0, 2],
    ]  # fmt: skip


def test_a_median_of_an_even_number_lies_halfway():
    band = only(table({"plan": [1.0, 8.0, 2.0, np.nan, 4.0]})).bands()
    assert band[["median", "mean", "n"]].values.tolist() == [[3.0, 3.75, 4]]


def test_results_sum_up_who_ran_and_from_when_to_when():
    found = only(table({"plan": [1.0, 2.0], "baseline": [1.0]}, year=2017), table({"plan": [1.0, 1.0]}, year=2020))
    assert found.summary().values.tolist() == [["plan", 2, 2017, 2020], ["baseline", 1, 2017, 2017]]
    assert found.replications("plan") == [1, 2] and found.scenarios == ["plan", "baseline"]


def test_scenarios_kept_as_categories_are_in_the_order_of_the_categories():
    frame = table({"plan": [1.0], "baseline": [1.0]})
    frame["scenario"] = pd.Categorical(frame["scenario"], ["baseline", "plan"])
    assert Results({"district_year": frame}).scenarios == ["baseline", "plan"]
    frame["scenario"] = pd.Categorical(frame["scenario"], ["gone", "baseline", "plan"])
    found = Results({"district_year": frame})
    assert found.summary()["scenario"].tolist() == ["baseline", "plan"]
    with pytest.raises(InputError, match="no finished run for gone; see the failures"):
        found.bands(scenarios="gone")


def test_keys_stay_apart_and_in_the_order_in_which_they_first_appear():
    names, years = (SCORE, PUPILS, "class_size"), (2017, 2016, 2018)
    values = {(name, year): float(10 * i + j) for i, name in enumerate(names) for j, year in enumerate(years)}
    frames = [table({"plan": [value], "baseline": [0.0]}, *key) for key, value in values.items()]
    for found in (only(*frames).paired("plan", "baseline"), only(*frames).bands(scenarios="plan")):
        assert found.index.tolist() == list(range(9))
        assert found[["indicator", "year", "mean"]].values.tolist() == [[*key, value] for key, value in values.items()]


@pytest.mark.parametrize("name", [None, 3, ["district_year"]])
def test_only_a_name_is_the_name_of_a_table_or_scenario(name):
    found = only(table({"plan": [1.0]}))
    with pytest.raises(InputError, match="there are district_year"):
        found.frame(name)
    with pytest.raises(InputError, match="there are plan"):
        found.scenario(name)


def test_narrowing_to_all_replications_is_the_same_and_to_others_is_refused():
    found = only(table({"plan": [1.0, 2.0]}))
    assert found.for_replications([2, 1]) is found
    with pytest.raises(InputError, match="there are 1, 2"):
        found.for_replications([3])


def test_narrowed_results_say_so_where_the_manifest_named_the_seeds():
    frames = {"district_year": table({"plan": [1.0, 2.0, 3.0]}), "known": pd.DataFrame({"a": [7]})}
    plain = Results(frames).for_replications([2])
    assert "seeds" not in plain.manifest and plain.replications("plan") == [2]
    assert plain.frame("known")["a"].tolist() == [7]
    named = Results(frames, {"seeds": [1, 2, 3, 4], "to": 2024}).for_replications([2, 4])
    assert named.manifest == {"seeds": [2, 4], "to": 2024} and named.replications("plan") == [2]


def test_a_replication_that_failed_is_one_of_the_replications():
    failures = pd.DataFrame({"scenario": ["plan"], "replication": [3]})
    found = Results({"district_year": table({"plan": [1.0, 2.0]}), "failures": failures})
    assert found.for_replications([1, 3]).frame("failures")["replication"].tolist() == [3]
    assert found.for_replications([1]).frame("failures").empty


def test_a_folder_answers_what_its_tables_answer(tmp_path):
    made = Results(
        {"district_year": lopsided().frame("district_year")}, {"schema": "simsim-experiment/1", "seeds": [1, 2]}
    )
    loaded = Results.load(made.save(tmp_path / "saved"))
    assert loaded.folder == tmp_path / "saved"
    assert loaded.summary().values.tolist() == made.summary().values.tolist()
    assert loaded.replications("baseline") == [1, 2]
    columns = ["indicator", "year", "mean", "low", "high", "n"]
    found, expected = (each.paired("plan", "baseline", PUPILS)[columns].values.tolist() for each in (loaded, made))
    assert found == expected
    narrowed = loaded.for_replications([2])
    assert narrowed.replications("plan") == [2] == narrowed.manifest["seeds"]
    assert narrowed.paired("plan", "baseline", PUPILS)["mean"].tolist() == [2.0]


def test_exported_tables_have_no_row_numbers_and_their_headings_stay_in_sight(tmp_path):
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    assert export(frame, tmp_path / "T.CSV").read_text(encoding="utf-8-sig").splitlines() == ["a,b", "1,x", "2,y"]
    sheet = openpyxl.load_workbook(export(frame, tmp_path / "t.xlsx"))["simsim"]
    assert list(sheet.values) == [("a", "b"), (1, "x"), (2, "y")] and sheet.freeze_panes == "A2"


def drawn(*frames: pd.DataFrame, **values: list[float]) -> Results:
    """Return results with these rows and the parameters (a value per replication) that their worlds drew."""
    rows = [(seed, name, value) for name, column in values.items() for seed, value in enumerate(column, start=1)]
    parameters = pd.DataFrame(rows, columns=["replication", "parameter", "value"])
    return Results({"district_year": pd.concat(frames, ignore_index=True), "parameters": parameters})


def test_drivers_go_with_an_outcome_or_its_difference_in_the_last_year_or_the_one_asked_for():
    up, down, other = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0], [2.0, 1.0, 4.0, 3.0]
    later = table({"plan": up, "baseline": [value - gap for value, gap in zip(up, other, strict=True)]})
    found = drawn(later, table({"plan": down, "baseline": down}, year=2020), rho_K=up, dropout=other)
    for asked, order in (
        ({}, {"rho_K": 1.0}),
        ({"b": "baseline"}, {"dropout": 1.0}),
        ({"year": 2020}, {"rho_K": -1.0}),
    ):
        first = found.drivers(SCORE, "plan", **asked).iloc[0]
        assert {first["parameter"]: pytest.approx(first["correlation"])} == order


def test_drivers_are_of_both_stages_together_where_that_was_recorded_and_else_of_the_first():
    up, down = [1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0]
    stages = [table({"plan": down}, stage="junior"), table({"plan": down}, stage="primary")]
    first, together = [table({"plan": up}, stage="junior"), stages[1]], [*stages, table({"plan": up}, stage="all")]
    for frames in (first, together):
        found = drawn(*frames, rho_K=up).drivers(SCORE, "plan")
        assert found["correlation"].tolist() == pytest.approx([1.0])
    assert drawn(*stages, rho_K=up).drivers(SCORE, "plan", stage="primary")["correlation"].iloc[0] < 0.0


def test_drivers_need_parameters_that_were_drawn_and_an_outcome_in_both_scenarios():
    with pytest.raises(InputError, match="nothing was drawn"):
        only(table({"plan": [1.0, 2.0, 3.0]})).drivers(SCORE, "plan")
    found = drawn(table({"plan": [1.0, 2.0]}), table({"baseline": [1.0, 2.0]}, PUPILS), rho_K=[1.0, 2.0])
    with pytest.raises(InputError, match="was not recorded there"):
        found.drivers(PUPILS, "plan")


def test_what_is_written_into_a_table_that_was_handed_out_changes_no_later_answer(tmp_path):
    frame = table({"plan": [1.0, 2.0], "baseline": [0.0, 0.0]})
    folder = Results({"district_year": frame}, {"schema": "simsim-experiment/1", "seeds": [1, 2]}).save(
        tmp_path / "saved"
    )
    loaded = Results.load(folder)
    handed = loaded.frame("district_year")
    handed["value"] = 0.0
    handed.loc[:, "replication"] = 7
    assert loaded.paired("plan", "baseline")["mean"].tolist() == [1.5] and loaded.frame("district_year")["value"].any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.drivers([SCORE, PUPILS], "plan"), "indicator = .*must be one value"),
        (lambda r: r.drivers(None, "plan"), "must be one value"),
        (lambda r: r.drivers(SCORE, "plan", stage=["primary"]), "stage = .*must be one value"),
        (lambda r: r.drivers(SCORE, "plan", year=[2017]), "year = .*must be one value"),
        (lambda r: r.rows("district_year", {"scenario": "plan"}), "must be a list of values"),
        (lambda r: decision(r, options=[]), "options: is empty"),
        (lambda r: decision("folder"), r"write Results.load\(folder\)"),
    ],
)
def test_several_in_place_of_one_and_none_in_place_of_several_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call(only(table({"plan": [1.0], "baseline": [0.0]})))
