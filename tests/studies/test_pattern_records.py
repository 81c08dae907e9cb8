"""Parts of patterns read from an experiment's tables: the means that a run of their own gives."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.experiments.results import Results
from simsim.inputs.errors import InputError
from simsim.studies.pattern_records import TOLD, recorded
from simsim.studies.patterns import load
from tests.experiments.small_results import only, table


def tables(years=(2014, 2015, 2024)):
    values = {"primary": 0.1, "junior": 0.3}
    return [
        table({"baseline": [value + year / 1e4, value]}, indicator, year, stage=stage)
        for indicator in {indicator for indicator, _, _ in TOLD.values()}
        for stage, value in values.items()
        for year in years
    ]


def test_every_part_is_one_of_a_pattern_and_its_mean_is_over_its_stages_and_years():
    parts = {(pattern.number, part.name) for pattern in load() for part in pattern.parts}
    found = recorded(only(*tables())).set_index(["number", "part", "replication"])["value"]
    assert set(TOLD) <= parts and len(found) == 2 * len(TOLD)
    assert found[1, "junior", 2] == 0.3 and found[1, "junior", 1] == pytest.approx(0.3 + 2014.5 / 1e4)
    assert found[2, "correlation", 2] == pytest.approx(0.2)
    assert found[1, "primary_2024", 1] == pytest.approx(0.1 + 2024 / 1e4)


def test_years_that_were_not_lived_are_refused():
    short = Results({"district_year": pd.concat(tables((2014, 2015)), ignore_index=True)})
    with pytest.raises(InputError, match="was not recorded"):
        recorded(short)
