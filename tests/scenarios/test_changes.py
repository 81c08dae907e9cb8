"""What a scenario sets and assumes is a number of a known parameter, once a year, where it can have an effect."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario
from tests.scenarios.test_scenario import SIZE, complaints


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("partnership_usg", r"x: assume = 'partnership_usg': is not a parameter \(did you mean partnership_ugs\?\)"),
        ("dropout", "is drawn in every replication as it is; only a judged effect that is otherwise 0 can be assumed"),
        ("rotation_rate_policy", r"is not drawn \(lever\)"),
        (["group_lead", "group_lead"], "is named twice"),
        (3, "must be a list of names"),
    ],
)
def test_only_a_judged_effect_that_is_otherwise_zero_can_be_assumed(name, message):
    with pytest.raises(InputError, match=message):
        Scenario.load({"name": "x", "extends": "baseline", "assume": [name] if isinstance(name, str) else name})


def test_what_is_set_for_all_years_cannot_be_assumed_too():
    both = {"name": "x", "assume": ["group_lead"], "parameters": {"group_lead": 0.01}}
    with pytest.raises(InputError, match="is set by `parameters` for all years, so it is not drawn; keep one of them"):
        Scenario.load(both)
    later = {"group_lead": {"value": 0.01, "from": 2018}}
    assert Scenario.load(both | {"parameters": later}).assume == ("group_lead",)


def test_changes_are_dated_and_in_order_of_time():
    entry = [{"value": 42, "from": 2020}, {"value": 40, "from": "2016-10-01"}, 44]
    found = Scenario.load({"parameters": {"class_size.target.primary": entry}})
    assert [(c.value, c.from_year) for c in found.changes] == [(44, None), (40, 2017), (42, 2020)]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([40, 42], f"parameters.{SIZE} = 42.0: is given twice for all years (40 and 42); keep one"),
        (
            [{"value": 40, "from": 2016}, {"value": 42, "from": 2016}],
            "twice for the school year 2016 (40 and 42)",
        ),
        ([{"value": 40, "from": "2015-10"}, {"value": 42, "from": "2016-08"}], "twice for the school year 2016"),
        ([{"value": 40, "from": 2012}, {"value": 42, "from": 2014}], "acts from the next September; keep one"),
        ([{"value": 40, "from": 2014}, {"value": 42, "from": 2015}], "is given twice for the school year 2015"),
        ([], f"parameters.{SIZE} = []: is empty; write a number, or leave the parameter out"),
        (
            {"value": 30, "from": 2036},
            f"parameters.{SIZE}.from = 2036: would act from September 2036; runs end",
        ),
        ({"value": 30, "from": "2035-10"}, "would act from September 2036"),
    ],
)
def test_a_parameter_given_twice_or_for_no_year_is_refused(value, message):
    assert message in complaints({"parameters": {SIZE: value}})


def test_a_parameter_may_hold_always_and_change_later():
    found = Scenario.load({"parameters": {SIZE: [40, {"value": 42, "from": 2014}, {"value": 44, "from": 2016}]}})
    assert [found.changes_of(year, 2014)[SIZE] for year in (2014, 2015, 2016)] == [40, 42, 44]


@pytest.mark.parametrize("value", ["0.1", "yes", True, "40①", None, float("nan"), [True]])
def test_what_is_no_number_is_no_value_of_a_parameter(value):
    assert "must be a number" in complaints({"parameters": {SIZE: value}})


@pytest.mark.parametrize("since", ["2015", "２０１５-09", "٢٠١٥-09", True, 2015.0, "2015-9①"])  # noqa: RUF001
def test_a_year_in_quotes_and_foreign_digits_are_no_dates(since):
    assert "parameters." + SIZE + ".from" in complaints({"parameters": {SIZE: {"value": 40, "from": since}}})


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("gpr_1_5", "project_enrolment"),
        ("approval_months", "the outlook"),
        ("target_icc_junior", "people"),
        ("mcid_cv", "people"),
    ],
)
def test_a_parameter_that_no_simulated_year_reads_is_refused(name, reader):
    text = complaints({"parameters": {name: 1}})
    assert f"parameters.{name} = 1: is read by" in text and reader in text and "no simulated year" in text


@pytest.mark.parametrize("value", [np.array(40), np.array([40]), [np.int16(40)], np.float32(40)])
def test_arrays_and_numpy_scalars_set_a_parameter(value):
    found = Scenario.load({"extends": "baseline", "parameters": {"class_size.target.primary": value}})
    assert [change.value for change in found.changes] == [40.0]
