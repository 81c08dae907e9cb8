"""What is asked of a folder twice is worked out once, and what is handed out may be changed by whoever gets it."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest

from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError

ASKED: list[object] = []


@once
def rows(results: Results, names: object, year: int = 0) -> pd.DataFrame:
    ASKED.append((names, year))
    return pd.DataFrame({"rows": [len(results.tables)], "year": year})


def test_a_folder_answers_once_for_each_set_of_arguments_and_hands_out_copies(small_experiment):
    results = Results.load(small_experiment.folder)
    ASKED.clear()
    first = rows(results, ["a"], year=1)
    first["mine"] = 0
    assert list(rows(results, ["a"], year=1)) == ["rows", "year"] and len(ASKED) == 1
    rows(results, ["a"], year=2), rows(results, ["b"], year=1)
    assert len(ASKED) == 3


def test_tables_that_a_user_may_change_other_folders_and_what_is_no_key_are_asked_anew(small_experiment):
    results, loose = Results.load(small_experiment.folder), Results({})
    ASKED.clear()
    for one, names in (
        (loose, "a"),
        (loose, "a"),
        (results, {}),
        (results, {}),
        (Results.load(small_experiment.folder), "a"),
    ):
        rows(one, names)
    narrowed = results.for_replications(results.replications(results.scenarios[0])[:1])
    rows(results, "a"), rows(narrowed, "a")
    assert len(ASKED) == (7 if narrowed is not results else 6)


def test_what_only_equals_an_argument_is_not_answered_as_it(small_experiment):
    results = Results.load(small_experiment.folder)
    baseline, indicator = results.scenarios[0], "teacher_gap"
    assert len(results.paired(baseline, baseline, indicator, years=[2015]))
    with pytest.raises(InputError, match=r"years = 2015\.0"):
        results.paired(baseline, baseline, indicator, years=[2015.0])


def test_an_iterator_is_no_key_and_results_that_were_asked_can_be_copied(small_experiment):
    results = Results.load(small_experiment.folder)
    names = iter(["teacher_gap"])
    results.paired(results.scenarios[0], results.scenarios[0], names)
    assert not results.tables.answers
    results.paired(results.scenarios[0], results.scenarios[0], "teacher_gap")
    for twin in (copy.deepcopy(results), pickle.loads(pickle.dumps(results))):
        assert twin == results and results.tables.answers and not twin.tables.answers


def test_saving_over_an_experiment_says_that_there_is_one(small_experiment):
    with pytest.raises(InputError, match="holds an experiment already"):
        Results.load(small_experiment.folder).save(small_experiment.folder)
