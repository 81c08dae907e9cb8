"""What the user of an experiment asks for: collections of every kind, and nothing by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.district import District
from simsim.experiments.experiment import Experiment
from simsim.experiments.request import scenarios_of, seeds_of
from simsim.inputs.errors import InputError
from tests.small_district import small_district


@pytest.mark.parametrize(
    "make",
    [list, tuple, set, frozenset, np.array, pd.Series, pd.Index, iter, lambda names: dict.fromkeys(names).keys()],
)
def test_scenarios_and_seeds_come_in_every_collection(make):
    assert sorted(s.name for s in scenarios_of(make(["baseline", "plan"]))) == ["baseline", "plan"]
    assert seeds_of(make([3, 1]), 1) == [1, 3]


def test_scenarios_keep_their_order_and_a_set_is_sorted():
    assert [s.name for s in scenarios_of(pd.Series(["plan", "baseline"]))] == ["plan", "baseline"]
    assert [s.name for s in scenarios_of({"plan", "baseline"})] == ["baseline", "plan"]


@pytest.mark.parametrize("seeds", [3, np.int64(3), np.uint8(3), np.array(3), range(1, 4), np.arange(1, 4)])
def test_numpys_numbers_are_numbers_of_seeds(seeds):
    assert seeds_of(seeds, np.int64(1)) == [1, 2, 3]


@pytest.mark.parametrize(
    "seeds",
    [[1, "2"], ["1"], "3", b"3", [1, np.nan], [1.0], 2.0, np.array([1.0, 2.0]), [True], True, [[1, 2]], [None], None,
     {1: 2}, [], 0, [0], [-1], np.ones((2, 2), int), pd.Series([1.0])],
)  # fmt: skip
def test_what_is_no_seed_is_refused(seeds):
    with pytest.raises(InputError, match="seeds"):
        seeds_of(seeds, 1)


@pytest.mark.parametrize("seeds", [[1, 1, 2], [3, 1, 3], np.array([2, 2]), pd.Series([1, 2, 1])])
def test_a_seed_named_twice_is_refused_as_it_would_be_run_once(seeds):
    with pytest.raises(InputError, match=r"seeds = [0-9]: is named twice"):
        seeds_of(seeds, 1)


def test_an_endless_generator_of_seeds_is_refused():
    def endless():
        seed = 1
        while True:
            yield seed
            seed += 1

    with pytest.raises(InputError, match="at most 100,000 seeds"):
        seeds_of(endless(), 1)


@pytest.mark.parametrize("scenarios", [[], [None], None, 5, [["plan"]], [5], np.array(["plam"])])
def test_what_is_no_scenario_is_refused(scenarios):
    with pytest.raises(InputError, match="scenario"):
        scenarios_of(scenarios)


@pytest.mark.parametrize(
    ("given", "key"),
    [({"fixed_parameters": "no"}, "fixed_parameters"), ({"fixed_parameters": 1}, "fixed_parameters"),
     ({"fixed_parameters": None}, "fixed_parameters"), ({"name": 5}, "name"), ({"name": ""}, "name"),
     ({"district": 5}, "district"), ({"to": np.float64(2016)}, "to"), ({"to": "2016"}, "to"),
     ({"first_seed": "1"}, "first_seed")],
)  # fmt: skip
def test_an_argument_of_the_wrong_kind_is_named(given, key):
    with pytest.raises(InputError, match=key):
        Experiment("baseline", **{"seeds": 1} | given)


def test_numpys_numbers_are_years_and_flags():
    experiment = Experiment("baseline", seeds=1, to=np.int64(2016), fixed_parameters=np.bool_(True))
    assert (experiment.to, experiment.fixed_parameters) == (2016, True)
    assert type(experiment.to) is int and type(experiment.seeds[0]) is int


@pytest.mark.parametrize("given", [{"fixed_parameters": "no"}, {"data": 5}, {"data": ""}, {"data": ["erdao"]}])
def test_a_district_refuses_them_too(given):
    with pytest.raises(InputError):
        District("baseline", **given)


def test_a_first_seed_beside_the_seeds_themselves_is_refused():
    with pytest.raises(InputError, match="first_seed = 3: has no effect beside the seeds themselves"):
        seeds_of([1, 2], 3)
    assert seeds_of([1, 2], 1) == [1, 2] and seeds_of(2, 3) == [3, 4]


def test_bytes_name_no_scenario():
    with pytest.raises(InputError, match="plan"):
        scenarios_of(b"plan")


def test_a_districts_folder_may_be_a_path_or_text_and_stays_known_to_the_results(tmp_path):
    folder = small_district()
    for place in (folder, str(folder)):
        (scenario,) = scenarios_of("baseline", place)
        assert scenario.district == str(folder)


@pytest.mark.parametrize(
    "names", [("Alpha", "alpha"), ("baseline", "Baseline"), ("ss", "ß"), ("a1", "a１")], ids=lambda names: names[0]
)
def test_names_that_a_file_system_may_fold_into_one_are_refused(names):
    asked = [{"name": name, "title": {"zh": "测", "en": name}, "extends": "plan"} for name in names]
    asked = [name if name == "baseline" else one for name, one in zip(names, asked, strict=True)]
    refused = f"= '{names[1]}': (differs from {names[0]} by case alone|must be a plain name)"
    with pytest.raises(InputError, match=refused):
        scenarios_of(asked)
