"""Rows that are found by their places are the rows that a plain search finds, in the same order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.choosing import LONG, ByIndicator, Chooser

SCENARIOS, INDICATORS = ["plan", "baseline", "late"], ["seats", "pupils", "score"]


def table(rows: int, together: bool) -> pd.DataFrame:
    """Return a table whose scenarios stand one after the other, or scattered."""
    rng = np.random.default_rng(7)
    scenarios = rng.integers(0, len(SCENARIOS), rows)
    return pd.DataFrame(
        {
            "scenario": pd.Categorical.from_codes(np.sort(scenarios) if together else scenarios, SCENARIOS),
            "indicator": pd.Categorical.from_codes(rng.integers(-1, len(INDICATORS), rows), INDICATORS),
            "year": rng.integers(2014, 2018, rows),
            "value": rng.random(rows),
        }
    )


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("rows", [LONG, 50])
@pytest.mark.parametrize(
    "where",
    [
        {"indicator": ["pupils"]},
        {"scenario": ["late"], "indicator": ["score", "pupils"]},
        {"scenario": ["late", "plan", "none"], "indicator": ["seats", "none"], "year": [2015, 2016]},
        {"scenario": None, "indicator": ["seats"], "year": None},
        {"scenario": ["baseline"], "indicator": None},
        {"scenario": [], "indicator": ["seats"]},
        {"scenario": ["plan"], "indicator": []},
        {},
    ],
)
def test_rows_found_by_place_are_those_of_a_plain_search(where, rows, together):
    frame = table(rows, together)
    keep = np.ones(rows, bool)
    for name, values in where.items():
        keep &= True if values is None else frame[name].isin(values).to_numpy()
    chooser = Chooser(frame)
    pd.testing.assert_frame_equal(chooser.of(where), frame[keep])
    pd.testing.assert_frame_equal(chooser.of(where), frame[keep])


def test_of_scenarios_that_stand_together_no_row_is_looked_at_again():
    assert ByIndicator(table(LONG, together=True)).answers == ("indicator", "scenario")
    assert ByIndicator(table(LONG, together=False)).answers == ("indicator",)
