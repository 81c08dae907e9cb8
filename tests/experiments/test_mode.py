"""The mode of an experiment in words."""

from __future__ import annotations

from simsim.districts.files import load_district
from simsim.experiments import mode
from simsim.experiments.mode import doses, factors_of, lines
from simsim.report import words
from simsim.scenarios.scenario import Scenario


def test_a_dated_factor_is_said_with_its_year_and_each_year_has_its_own_dose():
    dated = [{"value": 1.3, "from": 2015}, {"value": 0.5, "from": 2016}, {"value": 2, "from": 2019}]
    scenario = Scenario.load({"name": "more", "extends": "baseline", "parameters": {"inflow_factor": dated}})
    factors = factors_of(scenario, 2017)
    assert list(factors.values()) == [1.3, 0.5]
    said = lines({"worlds": {"doses": doses({"more": factors}, load_district("erdao"), [1.0])}})
    assert [line.split(",")[0] for line in said if "more" in line] == [
        f"more from {year}: in-migration times {factor:g}" for year, factor in factors.items()
    ]


def test_a_factor_of_all_years_is_said_without_a_year():
    found = doses({"more": {None: 1.3}}, load_district("erdao"), [1.0])
    assert lines({"worlds": {"doses": found}})[-1].startswith("more: in-migration times 1.3")


def test_the_catalogue_of_words_is_called_as_the_reports_call_it_and_so_parsed_once():
    assert mode.FILE == words.FILE
