"""The first year holds still: medians over worlds of what the model's own rules move."""

from __future__ import annotations

import os

import pytest

from simsim.inputs.errors import InputError
from simsim.studies import standstill as study
from simsim.studies.standstill import standstill
from simsim.studies.stationary import MEASURED

WORLDS = int(os.environ.get("SIMSIM_STILL_WORLDS", "10"))
"""What is promised is the median of 50 (SIMSIM_STILL_WORLDS=50)."""


@pytest.mark.slow
def test_in_a_stationary_world_the_first_year_holds_still():
    table = standstill(WORLDS, jobs=2).set_index("measured")
    assert table["holds"].all(), table[~table["holds"]].to_string()


def test_the_table_judges_medians_against_what_the_pattern_allows(monkeypatch):
    def measured(seed, name):
        moved = dict.fromkeys(MEASURED, (0.009, 0.0, 1.0)[seed - 1])
        return dict.fromkeys(MEASURED, 0.4), moved

    monkeypatch.setattr(study, "_measured", measured)
    table = standstill(3, jobs=1).set_index("measured")
    assert len(table) == len(MEASURED) and (table["first"] == 0.4).all() and (table["change"] == 0.009).all()
    assert table["holds"]["composite CV, primary, first year"] and table["within"].min() == pytest.approx(1 / 3)
    assert not table["holds"]["pupils displaced, junior, first year"]


def test_no_worlds_are_refused():
    with pytest.raises(InputError, match="at least 1 world"):
        standstill(0)
