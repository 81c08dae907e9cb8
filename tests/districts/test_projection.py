"""Cohort survival with known answers, and the national hindcast within its bounds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import simsim
from simsim.districts.births import entrants
from simsim.districts.files import load_district
from simsim.districts.projection import by_stage, ratio_names, ratios_between
from simsim.districts.system import shipped
from simsim.inputs import parameters
from simsim.inputs.errors import InputError

BORN = pd.DataFrame({"year": range(2000, 2021), "births": [900 + 10 * i for i in range(21)]})
STOCK = {grade: 100.0 * grade for grade in range(1, 10)}


def project(**changes):
    return simsim.project_enrolment(
        **({"births": BORN, "stock": STOCK, "to": 2020, "ratios": [1.0] * 8, "entry_ratio": 1.0} | changes)
    )


def test_with_ratios_of_one_every_cohort_grows_up_unchanged():
    pupils = project()
    for year in range(2015, 2021):
        assert pupils.loc[year, 2:].tolist() == pupils.loc[year - 1, :8].tolist()
        assert pupils.loc[year, 1] == pytest.approx(entrants(BORN, year))


def test_the_first_row_is_the_stock_and_stages_add_up():
    pupils = project()
    assert pupils.loc[2014].to_dict() == STOCK
    stages = by_stage(pupils)
    assert stages.loc[2014].tolist() == [2100.0, 2400.0]
    assert np.allclose(stages.sum(axis=1), pupils.sum(axis=1))


def test_ratios_and_entry_ratio_come_from_the_parameters_unless_given():
    p = parameters.load()
    pupils = simsim.project_enrolment(BORN, STOCK, to=2015)
    assert pupils.loc[2015, 7] == pytest.approx(600 * p["gpr_6_7"].value)
    assert pupils.loc[2015, 1] == pytest.approx(entrants(BORN, 2015) * p["births_to_entry_urban"].value)
    assert len(ratio_names(shipped())) == 8


def test_ratios_between_two_rolls_give_back_the_second():
    before, after = np.arange(100, 1000, 100), np.arange(90, 990, 100)
    pupils = project(stock=dict(enumerate(before, 1)), ratios=ratios_between(before, after))
    assert pupils.loc[2015, 2:].tolist() == pytest.approx(after[1:])


def test_known_numbers_replace_projected_ones_and_are_carried_on():
    pupils = project(known={7: {2016: 50.0}})
    assert pupils.loc[2016, 7] == pupils.loc[2017, 8] == pupils.loc[2018, 9] == 50.0


def test_a_year_unlike_the_others_keeps_its_share_of_everybody_but_the_entrants():
    usual, odd = project(), project(kept={2016: 0.9})
    assert odd.loc[2016, 1] == usual.loc[2016, 1]
    assert np.allclose(odd.loc[2016, 2:], 0.9 * usual.loc[2016, 2:])


def test_births_after_the_last_known_year_follow_the_factor():
    low, high = (project(to=2030, factor=factor) for factor in (0.8, 1.2))
    assert (low.loc[:2026] == high.loc[:2026]).all(axis=None)
    assert low.loc[2029, 1] / high.loc[2029, 1] == pytest.approx(0.8 / 1.2)


def test_the_district_expects_the_entrants_that_the_projection_shows():
    """Same function, same ratio: entrants of many replications without noise average to grade 1 of the projection."""
    data = load_district("erdao")
    quiet = {"name": "quiet", "title": {"en": "q", "zh": "静"}, "extends": "baseline", "schema": "simsim-scenario/1"}
    district = simsim.District(quiet | {"parameters": {"entry_noise_sd": 0.0}}, seed=1, fixed_parameters=True).run(
        to=2016
    )
    rows = [
        row
        for row in district.recorder.district
        if row[2:4] == ("all", "entrants") and row[1] == "all" and row[0] > 2014
    ]
    projected = simsim.project_enrolment(data.births, STOCK, to=2016, autumn=district.p["entrants_autumn_share"])
    for year, *_, value in rows:
        assert value == pytest.approx(projected.loc[year, 1], abs=len(data.neighbourhoods) / 2)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"stock": {1: 10.0}}, "stock"),
        ({"stock": STOCK | {3: float("nan")}}, "stock"),
        ({"to": 2010}, "to"),
        ({"ratios": [1.0]}, "ratios"),
        ({"births": pd.DataFrame({"year": [2000]})}, "births.births"),
    ],
)
def test_what_cannot_be_projected_is_one_clear_error(changes, key):
    with pytest.raises(InputError) as caught:
        project(**changes)
    assert key in [problem.key for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("to", "2020"),
        ("first", 2014.0),
        ("stock", STOCK | {1: "100"}),
        ("stock", [100.0] * 9),
        ("ratios", ["1"] * 8),
        ("ratios", [-1.0] * 8),
        ("entry_ratio", True),
        ("factor", -1.0),
        ("variant", "Flat"),
        ("births", BORN.assign(births="a")),
        ("births", pd.concat([BORN, BORN])),
        ("births", None),
    ],
)
def test_what_is_no_number_no_year_and_no_variant_is_named(key, value):
    with pytest.raises(InputError, match=f"project_enrolment: {key}"):
        project(**{key: value})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"known": {0: {2016: 50.0}}}, r"known = 0: is not a grade; there are 1 to 9"),
        ({"known": {10: {2016: 50.0}}}, r"known = 10: is not a grade"),
        ({"known": {"7": {2016: 50.0}}}, r"known = '7': is not a grade"),
        ({"known": {7: 50.0}}, r"known\[7\] = 50.0: must be numbers by year"),
        ({"known": [50.0]}, r"known = \[50.0\]: must be numbers by grade and year"),
        ({"known": {7: {2016: -1}}}, r"known\[7\]\[2016\] = -1: must be a number, 0 or more"),
        ({"known": {7: {2016: float("nan")}}}, r"known\[7\]\[2016\] = nan: must be a number"),
        ({"known": {7: {"2016": 50.0}}}, r"known\[7\] = '2016': must be a year as a whole number"),
        ({"known": {7: {2040: 50.0}}}, r"known\[7\] = \[2040\]: has no effect.*2015 to 2020"),
        ({"kept": 0.9}, r"kept = 0.9: must be numbers by year"),
        ({"kept": {2016: "0.9"}}, r"kept\[2016\] = '0.9': must be a number"),
        ({"kept": {2016: None}}, r"kept\[2016\]: must be a number"),
        ({"kept": {2014: 0.9}}, r"kept = \[2014\]: has no effect"),
    ],
)
def test_given_numbers_of_which_nothing_can_be_made_are_refused(given, message):
    with pytest.raises(InputError, match=message):
        project(**given)


def test_given_numbers_may_be_series_and_none_at_all():
    series = pd.Series({2014: 1.0, 2016: 0.5})
    assert project(kept=series).equals(project(kept={2016: 0.5}))
    assert project(known={7: series}).loc[2016, 7] == 0.5
    assert project(known={}, kept={}).equals(project())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"births": BORN.drop(5)}, r"births.year = 2005: is left out between others"),
        ({"births": BORN.assign(year=BORN["year"] + 0.5)}, r"births.year = 2000.5: must be a year as a whole number"),
        ({"births": BORN.iloc[:0]}, "births: is empty"),
        ({"stock": STOCK | {0: 5.0}}, "stock = 0: is not a grade; it would be left out"),
        ({"ratios": 1.0}, "ratios = 1.0: give 8 numbers"),
        ({"ratios": [98.0] * 8}, "ratio = 98.0: is a ratio"),
        ({"entry_ratio": 90}, "ratio = 90: is a ratio.*write 0.95 for 95 %"),
        ({"autumn": 2}, "autumn = 2: must be a share from 0 to 1"),
        ({"autumn": float("nan")}, "autumn = nan: must be a share"),
        ({"system": "china"}, "system = 'china': must be a SchoolSystem"),
    ],
)
def test_what_would_be_projected_from_something_else_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        project(**given)
