"""What is asked of a folder twice is worked out once, and what is handed out may be changed by whoever gets it."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.once import once
from simsim.experiments.results import Results

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
