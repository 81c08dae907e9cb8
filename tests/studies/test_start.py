"""What the first year implies at school level."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.districts.files import load_district
from simsim.inputs.errors import InputError
from simsim.studies import start


def test_schools_of_better_off_intake_have_titles_and_teachers_no_worse_and_no_school_is_without():
    table = start.implied(3)
    assert len(table) == 2 * len(start.WORDS) and (table["low"] <= table["high"]).all()
    found = table.set_index(["stage", "implied"])["median"]
    for stage in ("primary", "junior"):
        assert found[stage, start.WORDS["titles"]] >= 0 < found[stage, start.WORDS["effectiveness"]]
        assert 0.2 < found[stage, start.WORDS["lowest"]] < found[stage, start.WORDS["highest"]] < 1


def test_the_first_year_of_one_world_is_the_same_twice():
    data = load_district("erdao")
    assert start.of_first_year(4, data) == start.of_first_year(4, data)


def test_a_correlation_with_what_does_not_differ_is_not_a_number():
    assert np.isnan(start.correlation(np.ones(3), np.arange(3.0)))
    assert start.correlation(np.arange(3.0), -np.arange(3.0)) == pytest.approx(-1.0)


def test_no_worlds_are_refused():
    with pytest.raises(InputError, match="at least 1 world"):
        start.implied(0)
