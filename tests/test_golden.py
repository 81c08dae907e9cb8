"""Every table of every shipped scenario is what it was; after a change that is meant to move results: make baseline."""

from __future__ import annotations

import pandas as pd
import pytest

from tests import golden


@pytest.mark.slow
def test_every_table_of_every_scenario_is_what_it_was():
    lines = golden.differences(golden.committed(), golden.golden(jobs=2))
    assert not lines, "\n".join([f"{len(lines)} tables moved; if this is meant: make baseline", *lines[:20]])


def test_one_number_that_moves_is_named_with_its_table_indicator_and_year():
    was = golden.condensed("baseline", 1, 2015)
    table = was[(was["kind"] == "sum") & (was["name"] == "value/seat_use") & (was["table"] == "district_year")].index[0]
    year = was[(was["kind"] == "year") & (was["name"] == "value/2015") & (was["table"] == "district_year")].index[0]
    now = was.copy()
    now.loc[[table, year], "total"] += 1e-3
    assert golden.differences(was, was) == []
    (line,) = golden.differences(was, now)
    assert "district_year differs from 2015 on; first value/seat_use" in line


def test_a_last_bit_is_no_difference():
    was = pd.DataFrame(
        [("baseline", 1, 2024, "t", "sum", "value/x", "", 3, 1.0, 1.0)],
        columns=[*golden.RUN, *golden.WHAT, *"digest count total squares".split()],
    )
    assert golden.differences(was, was.assign(total=1.0 + 1e-13)) == []
    assert golden.differences(was, was.assign(total=1.0 + 1e-7))


def test_adding_new_scenarios_runs_only_them_and_leaves_the_rows_that_are_there(monkeypatch):
    there = pd.DataFrame([("baseline", 1, 2015, "t")], columns=[*golden.RUN, "table"])
    monkeypatch.setattr(golden, "runs", lambda: [("baseline", 1, 2015), ("frozen", 2, 2015)])
    monkeypatch.setattr(golden, "condensed", lambda *run: pd.DataFrame([(*run, "new")], columns=there.columns))
    grown = golden.added(there, jobs=1)
    assert grown.values.tolist() == [["baseline", 1, 2015, "t"], ["frozen", 2, 2015, "new"]]
    assert golden.added(grown, jobs=1) is grown
