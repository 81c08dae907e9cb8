"""Misuse of the District from Python: each mistake is named with its remedy."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import InputError


@pytest.fixture(scope="module")
def district():
    return District("baseline", seed=1)


@pytest.mark.parametrize("seed", [0, -1, 1.5, "1", None, True, 2**40])
def test_a_seed_is_a_whole_number_from_one(seed):
    with pytest.raises(InputError, match="seed"):
        District("baseline", seed=seed)


def test_numpys_integers_are_seeds_too(district):
    assert np.array_equal(District("baseline", seed=np.int64(1)).students.knowledge, district.students.knowledge)


@pytest.mark.parametrize("scenario", ["plam", 5, None, ["plan"], "../plan"])
def test_an_unknown_scenario_is_named(scenario):
    with pytest.raises(InputError, match="scenario"):
        District(scenario)


@pytest.mark.parametrize("to", [2013, 2036, 2014.5, "2015"])
def test_a_year_out_of_range_is_refused_before_anything_is_lived(district, to):
    with pytest.raises(InputError, match="must be a year from 2014 to 2035"):
        district.run(to=to)
    assert district.year == 2014


def test_no_step_goes_beyond_the_last_year(district, monkeypatch):
    monkeypatch.setattr(district, "year", 2036)
    with pytest.raises(InputError, match="must be a year from 2014 to 2035"):
        district.step()


def test_a_district_may_be_named_and_an_unknown_one_is_refused():
    assert District("baseline", data="erdao").data.name == "erdao"
    with pytest.raises(InputError, match="nowhere"):
        District("baseline", data="nowhere")


def test_tables_before_the_first_year_say_what_to_do(district):
    with pytest.raises(RuntimeError, match="live a year first"):
        district.tables()
