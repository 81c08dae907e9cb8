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


def test_a_first_year_changed_between_two_years_is_refused():
    district = District("baseline", seed=1)
    district.first_year = 2010
    with pytest.raises(InputError, match="first_year: was changed"):
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


REFUSED = {
    "another population": (lambda d: setattr(d, "students", 3), AttributeError, "write into its columns"),
    "other schools": (lambda d: setattr(d, "schools", {}), AttributeError, "cannot be replaced"),
    "a school under another key": (lambda d: d.schools.update({999: d.schools[1]}), TypeError, "under their own keys"),
    "no school at all": (lambda d: d.schools.__ior__({"x": 3}), TypeError, "under their own keys"),
    "a misspelt ownership": (
        lambda d: setattr(d.schools[1], "ownership", "privat"),
        InputError,
        "did you mean private",
    ),
    "a word for a flag": (lambda d: setattr(d.schools[1], "urban", "yes"), InputError, "must be true or false"),
    "a word for a number": (lambda d: setattr(d.schools[1].principal, "effectiveness", "x"), InputError, "a number"),
    "a flag for a number": (lambda d: d.schools[1].facilities.update(books=True), TypeError, "must be a number"),
    "another key": (lambda d: setattr(d.schools[1], "key", 99), AttributeError, "cannot be replaced"),
    "a deleted attribute": (lambda d: delattr(d.schools[1], "x_km"), AttributeError, "cannot be deleted"),
    "a deleted column": (lambda d: delattr(d.students, "score"), AttributeError, "cannot be deleted"),
    "a deleted facility": (lambda d: d.schools[1].facilities.pop("books"), TypeError, "cannot be taken away"),
    "a new parameter": (lambda d: d.p.setdefault("x", 3), KeyError, "is not a parameter"),
    "a removed school": (lambda d: d.schools[1].remove(), TypeError, "policy merge_schools"),
    "no neighbourhood": (lambda d: d.neighbourhoods.rows([1, 0]), KeyError, "0 is not the key of a neighbourhood"),
    "a number for a column": (lambda d: setattr(d.neighbourhoods, "key", 3), InputError, r"key\[...\] = value"),
    "other people": (lambda d: setattr(d.students.select(), "ids", [1]), AttributeError, "select"),
    "nothing to work out": (lambda d: d.students.agg("score", []), TypeError, "agg takes a function"),
    "a view of a district": (lambda d: simsim.Student(d, 5), TypeError, r"district.students\[id\]"),
    "draws for shares": (lambda d: d.uniform("x", [1.5]), TypeError, "array of whole numbers"),
    "draws of half a year": (lambda d: d.uniform("x", [1], year=2015.5), TypeError, "has a name and a year"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_would_break_later_or_do_nothing_is_refused_at_once(lived, kind):
    act, error, remedy = REFUSED[kind]
    with pytest.raises(error, match=remedy):
        act(lived)
    assert len(lived.schools) == 25 and lived.schools[1].key == 1 and lived.schools[1].urban is not None


def test_what_fits_is_still_written(lived):
    school, places = lived.schools[1], lived.neighbourhoods
    school.x_km, school.urban = np.float64(school.x_km), np.bool_(school.urban)
    places.catchment = places.catchment.copy()
    assert places.rows(places.key[2]) == 2 and lived.schools.get(1) is school and True not in lived.schools


@pytest.mark.parametrize(("name", "value"), [("year", 2020), ("spec", None)])
def test_a_year_or_a_scenario_changed_between_two_years_is_refused_before_anything_is_lived(lived, name, value):
    before = getattr(lived, name)
    setattr(lived, name, value)
    with pytest.raises(InputError, match=f"{name}: was changed between two years"):
        lived.step()
    setattr(lived, name, before)
    assert lived.year == 2015


def test_an_error_in_a_property_of_ones_own_is_told_as_it_is():
    class Mine(District):
        @property
        def mine(self) -> int:
            return self.data.nowhere  # type: ignore[attr-defined, no-any-return]

    with pytest.raises(AttributeError, match="nowhere"):
        _ = Mine("baseline", fixed_parameters=True).mine


def test_a_setting_is_not_set_on_the_policy_and_an_unknown_limit_is_named():
    policy = District("plan", fixed_parameters=True).policies[0]
    setting = next(iter(type(policy).Settings.model_fields))
    with pytest.raises(AttributeError, match="settings stay as the scenario says"):
        setattr(policy, setting, 1)
    with pytest.raises(TypeError, match=r"has no limit gee \(did you mean ge\?\)"):
        simsim.setting(0.1, unit="share", gee=0)


def test_what_is_written_into_the_data_of_one_district_reaches_no_other():
    mine = District("baseline", seed=1)
    mine.data.schools["books"] = 0.0
    mine.data.schools.loc[:, "computers"] = 0.0
    mine.data.spec["first_year"] = 2013
    other = District("baseline", seed=1)
    assert other.year == 2014 and min(other.schools[1].facilities[name] for name in ("books", "computers")) > 0.0
