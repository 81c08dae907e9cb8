"""Misuse of the District from Python: each mistake is named with its remedy."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

import simsim
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
    for ask in (district.tables, district.plot_map, district.schools[1].history):
        with pytest.raises(InputError, match="live a year first"):
            ask()
    assert "plot_map" not in district._repr_html_() and "history" not in district.schools[1]._repr_html_()


# ---- neighbours of the idioms above ----


@pytest.fixture(scope="module")
def lived():
    district = District("baseline", seed=1)
    district.step()
    return district


@pytest.mark.parametrize("key", [True, 1.0, None, "1", [1]])
def test_what_only_equals_a_schools_key_is_no_key(lived, key):
    with pytest.raises((KeyError, TypeError)):
        lived.schools[key]


def test_a_numpy_integer_is_a_schools_key_and_no_school_can_be_taken_away(lived):
    assert lived.schools[np.int64(1)] is lived.schools[1]
    for take in (lambda: lived.schools.pop(1), lived.schools.clear, lambda: lived.schools.__delitem__(1)):
        with pytest.raises(TypeError, match="cannot be taken away"):
            take()
    assert 1 in lived.schools


def test_true_is_no_number_in_a_column(lived):
    with pytest.raises(InputError, match="the column takes numbers; write 1 or 0"):
        lived.students.set("grade", True)
    with pytest.raises(InputError, match="write 1 or 0"):
        lived.students.score = np.bool_(True)


def test_a_masked_mask_is_refused(lived):
    mask = np.ma.array(lived.students.grade > 3, mask=lived.students.grade == 9)
    with pytest.raises(InputError, match="masked array"):
        lived.students.select(mask)


def test_parameters_changed_between_two_years_are_refused_as_they_would_do_nothing():
    district = District("baseline", seed=1)
    with pytest.raises(KeyError, match="did you mean class_size.target.primary"):
        district.p["class_size.target.primray"] = 30
    with pytest.raises(TypeError, match="must be a number"):
        district.p["class_size.target.primary"] = "30"
    district.p["class_size.target.primary"] = 30
    with pytest.raises(InputError, match="write them in the scenario"):
        district.step()


def test_a_misspelt_column_of_neighbourhoods_and_classes_is_refused(lived):
    for where in (lived.neighbourhoods, lived.classes):
        with pytest.raises(AttributeError):
            where.sizes_ = 3


def test_a_district_takes_mesas_data_collector_without_announcing_it(lived):
    lived.datacollector = mesa.DataCollector({"pupils": lambda d: len(d.students)})
    lived.datacollector.collect(lived)
    assert lived.datacollector.get_model_vars_dataframe()["pupils"].tolist() == [len(lived.students)]


def test_results_of_a_path_and_a_misspelt_public_name_name_the_remedy():
    with pytest.raises(InputError, match=r"write Results.load\(folder\)"):
        simsim.Results("outputs/mine")
    with pytest.raises(AttributeError, match="did you mean Scenario"):
        _ = simsim.Scenrio


def test_groups_say_how_a_mean_is_asked_for(lived):
    with pytest.raises(AttributeError, match=r"use agg\(column, np.mean\)"):
        lived.students.groupby("school").mean()
