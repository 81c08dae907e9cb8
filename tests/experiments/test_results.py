"""Tables of results: narrowed, saved, exported; bands, and paired differences worked out by hand."""

import pickle
from copy import deepcopy

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.decision import decision
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
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

    def noted(name):
        return lambda self, *given: asked.append((name, *given))

    monkeypatch.setattr("simsim.experiments.results.display_of", noted)
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


def test_gaps_are_the_differences_replication_by_replication():
    found = only(table({"plan": [5.0, 7.0], "baseline": [1.0, 10.0, 0.0]}))
    assert found.gaps("plan", "baseline").to_numpy().tolist() == [[4.0, -3.0]]


def test_only_replications_that_both_scenarios_have_are_paired():
    frame = table({"plan": [1.0, 2.0, 3.0], "baseline": [0.0, 0.0, 0.0]})
    row = (
        only(frame[~((frame["scenario"] == "baseline") & (frame["replication"] == 2))])
        .paired("plan", "baseline")
        .iloc[0]
    )
    assert row["n"] == 2 and row["mean"] == 2.0


def test_a_key_that_only_one_scenario_has_is_not_compared():
    frame = pd.concat([table({"plan": [1.0], "baseline": [0.0]}), table({"plan": [1.0]}, year=2025)])
    assert list(only(frame).paired("plan", "baseline")["year"]) == [2024]


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


def test_results_are_equal_by_what_they_hold(kept):
    mine, saved = kept
    assert saved == Results.load(saved.folder) and mine == mine
    assert saved != saved.for_replications([1]) and (mine == 5) is False
    assert pickle.loads(pickle.dumps(saved)) == saved == deepcopy(saved)


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda r: r["district_year"], TypeError, r"write results.frame\('district_year'\)"),
        (lambda r: r[0], TypeError, "there are the tables district_year"),
        (lambda r: r.district_year, AttributeError, r"its table: results.frame\('district_year'\)"),
        (lambda r: r.head(), AttributeError, r"a table does: results.frame\('district_year'\).head"),
        (lambda r: r.pairde("a", "b"), AttributeError, r"did you mean paired\?"),
    ],
)
def test_results_are_no_table_and_say_where_it_is(kept, ask, kind, message):
    for results in kept:
        with pytest.raises(kind, match=message):
            ask(results)
