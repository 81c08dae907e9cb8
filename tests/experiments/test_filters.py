"""What is asked of results by name, year or seed is found, or refused with what there is; nothing empty is answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.comparison import compared, shown
from simsim.experiments.outlook import outlook, outlook_surplus, warnings
from simsim.experiments.places import plan_of
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import at_end, dates, scoreboard
from simsim.experiments.tasks import ledger
from simsim.inputs.errors import InputError

ROWS = [
    (scenario, seed, year, stage, "all", indicator, float(seed + (scenario == "plan")))
    for scenario in ("baseline", "plan")
    for seed in (1, 2, 3)
    for year in (2015, 2016)
    for stage in ("primary", "junior")
    for indicator in ("score", "pupils")
] + [("plan", seed, 2016, "primary", "poor", "teacher_gap", 1.0) for seed in (1, 2, 3)]
NAMES = ["scenario", "replication", "year", "stage", "group", "indicator", "value"]


@pytest.fixture(params=["words", "categories"])
def results(request):
    frame = pd.DataFrame(ROWS, columns=NAMES)
    if request.param == "categories":
        frame = frame.astype(dict.fromkeys(("scenario", "stage", "group", "indicator"), "category"))
    return Results({"district_year": frame})


ASKED = {
    "a misspelt stage": ({"stage": "primry"}, r"stage = 'primry': .*did you mean primary\?\); there are"),
    "a misspelt group": ({"group": "poorr"}, r"group = 'poorr'.*did you mean poor\?"),
    "a misspelt indicator": ("scor", r"indicator = 'scor': not an indicator \(did you mean score\?\)"),
    "an indicator not recorded": ("exits", "no run recorded it"),
    "a year not run": ({"years": 1999}, "years = 1999: is not in these results; there are 2015 to 2016"),
    "one of the years not run": ({"years": [2015, 2030]}, "years = 2030"),
    "a year as text": ({"years": "2016"}, "years = '2016': must be a year as a whole number"),
    "a year as float": ({"years": 2016.0}, "must be a year as a whole number"),
    "a year as yes": ({"years": True}, "must be a year"),
    "a slice of years": ({"years": slice(2015, 2016)}, "must be a year"),
    "no years": ({"years": []}, "years: is empty"),
    "no indicators": ([], "is empty"),
    "no stages": ({"stage": ()}, "is empty"),
    "an empty text": ({"stage": ""}, "stage = ''"),
    "a year for the indicator": (2016, r"a year\? write years=2016"),
    "several years for the indicator": ([2015, 2016], r"write years=2015"),
    "a stage for the indicator": ("primary", "it is a stage: write stage='primary'"),
    "a group for the stage": ({"stage": "poor"}, "it is a group: write group='poor'"),
    "an indicator for the group": ({"group": "score"}, "it is an indicator: write indicators='score'"),
    "a scenario for the indicator": ("plan", "it is a scenario"),
    "a mapping": ({"stage": {"primary": 1}}, "must be one value, or a list"),
    "lists in lists": ({"years": [[2015]]}, "flat list"),
    "nothing among names": (["score", None], "indicator"),
    "a function": ({"stage": len}, "is not in these results"),
    "together never": ({"group": "poor", "stage": "junior"}, "stage|group"),
}


@pytest.mark.parametrize("case", ASKED)
def test_what_results_do_not_hold_is_refused_by_pairs_and_bands_alike(results, case):
    asked, message = ASKED[case]
    by_name = isinstance(asked, dict)
    for call in (lambda *a, **k: results.paired("plan", "baseline", *a, **k), results.bands):
        with pytest.raises(InputError, match=message):
            call(**asked) if by_name else call(asked)


FOUND = {
    "one": {"years": 2015},
    "NumPy's": {"years": np.int64(2015)},
    "without dimension": {"years": np.array(2015)},
    "a list": {"years": [2015]},
    "a set": {"years": {2015}},
    "a range": {"years": range(2015, 2016)},
    "an array": {"years": np.arange(2015, 2016)},
    "a series": {"years": pd.Series([2015, 2015])},
    "a generator": {"years": (year for year in (2015,))},
}


@pytest.mark.parametrize("case", FOUND)
def test_years_in_every_collection_are_found(case):
    results = Results({"district_year": pd.DataFrame(ROWS, columns=NAMES)})
    found = results.paired("plan", "baseline", pd.Series(["score"]), np.array(["primary"]), {"all"}, **FOUND[case])
    assert found[["indicator", "stage", "year", "mean"]].values.tolist() == [["score", "primary", 2015, 1.0]]


def test_pairs_and_bands_take_the_same_thing_in_the_same_place(results):
    place = ("score", "primary", "all", 2015)
    pair, band = results.paired("plan", "baseline", *place), results.bands(*place)
    names = ["indicator", "stage", "group", "year"]
    assert pair[names].values.tolist() == [list(place)]
    assert band[names].drop_duplicates().values.tolist() == [list(place)]
    pd.testing.assert_frame_equal(
        pair, results.paired("plan", "baseline", indicators="score", stage="primary", group="all", years=2015)
    )


def test_a_number_that_only_one_scenario_has_is_a_band_but_no_pair(results):
    assert results.bands("teacher_gap")["scenario"].tolist() == ["plan"]
    with pytest.raises(InputError, match="was not recorded for baseline; indicator can be score, pupils"):
        results.paired("plan", "baseline", "teacher_gap")
    assert set(compared(results)["indicator"]) == {"score", "pupils"}
    with pytest.raises(InputError, match="was not recorded for baseline"):
        compared(results, names=["teacher_gap"])


@pytest.mark.parametrize("scenarios", ["plan", ["plan"], {"plan"}, np.array(["plan"]), ("plan", "plan")])
def test_bands_take_one_scenario_or_several(results, scenarios):
    assert results.bands("score", "primary", scenarios=scenarios)["scenario"].tolist() == ["plan", "plan"]


@pytest.mark.parametrize("scenarios", [[], "plam", ["plan", "plam"], 3, [None]])
def test_bands_refuse_scenarios_that_were_not_run(results, scenarios):
    with pytest.raises(InputError, match="scenario"):
        results.bands("score", scenarios=scenarios)


@pytest.mark.parametrize("name", ["plam", None, 3, ["plan"], 2016, len])
def test_an_unknown_scenario_is_refused_everywhere(results, name):
    for call in (
        lambda: results.paired(name, "baseline"),
        lambda: results.paired("plan", name),
        lambda: results.replications(name),
        lambda: ledger(results, name),
        lambda: scoreboard(results, name),
        lambda: dates(Results({**results.tables, "milestones": pd.DataFrame({"scenario": []})}), name),
        lambda: plan_of(results, name),
        lambda: outlook(results, name),
        lambda: outlook_surplus(results, name),
    ):
        with pytest.raises(InputError, match="results: scenario"):
            call()
    with pytest.raises(InputError, match="scenario = 'plam'"):
        compared(results, baseline="plam")
    with pytest.raises(InputError, match="scenario = ''"):
        compared(results, baseline="")
    with pytest.raises(InputError, match="scenario = 'plam'"):
        scoreboard(results, "plan", base="plam")


@pytest.mark.parametrize("seeds", [[1, 3], (3, 1), {1, 3}, np.array([1, 3]), pd.Series([1, 3]), range(1, 4, 2), "gen"])
def test_replications_in_every_collection_are_found(results, seeds):
    seeds = (seed for seed in (1, 3)) if isinstance(seeds, str) else seeds
    narrowed = results.for_replications(seeds)
    assert narrowed.replications("plan") == [1, 3] and narrowed.bands("score")["n"].tolist()[0] == 2


@pytest.mark.parametrize(
    "seeds", [[], 1, np.int64(1), np.array(2), "1", ["1"], [1.0], [True], [9], [1, 9], None, {1: 2}]
)
def test_replications_that_were_not_run_are_refused(results, seeds):
    with pytest.raises(InputError, match="replications"):
        results.for_replications(seeds)


def test_narrowed_results_know_their_seeds():
    frame = pd.DataFrame(ROWS, columns=NAMES)
    narrowed = Results({"district_year": frame}, {"seeds": [1, 2, 3]}).for_replications([1, 2])
    assert narrowed.manifest["seeds"] == [1, 2]
    with pytest.raises(InputError, match="replications = 3: is not in these results; there are 1, 2"):
        narrowed.for_replications([3])


@pytest.mark.parametrize("name", ["district_yeer", None, 3, ["district_year"], ""])
def test_an_unknown_table_is_refused(results, name):
    with pytest.raises(InputError, match="table"):
        results.frame(name)


@pytest.mark.parametrize("year", [2030, "2015", True, None, 2015.0])
def test_a_scoreboard_is_asked_for_a_year_that_it_has(year):
    board = pd.DataFrame({"section": ["lines"] * 2, "year": [2015, 2016]})
    assert len(at_end(board, 2015)) == 1
    with pytest.raises(InputError, match="year.*there are 2015 to 2016"):
        at_end(board, year)


@pytest.mark.parametrize("likely", [-0.1, 1.5, "0.9", True, float("nan")])
def test_warnings_take_a_share_of_replications(likely):
    with pytest.raises(InputError, match="likely.*share of replications"):
        warnings(pd.DataFrame(), likely)


def test_a_comparison_is_shown_in_a_language_of_simsim(results):
    with pytest.raises(InputError, match="lang = 'fr'.*there are en, zh"):
        shown(compared(results), lang="fr")


def test_a_plot_of_what_was_not_recorded_says_what_was(small_experiment):
    with pytest.raises(InputError, match=r"did you mean primary\?"):
        small_experiment.plot("teacher_gap", stage="primry")
    with pytest.raises(KeyError, match=r"did you mean district_year\?"):
        small_experiment.tables["district_yeer"]
