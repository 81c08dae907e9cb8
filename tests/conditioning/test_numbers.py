"""The parameters of a world by year: solved to the published year, drawn anew after it, set by a scenario or fixed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simsim.conditioning.ahead import AHEAD
from simsim.conditioning.numbers import known_in, numbers_of
from simsim.conditioning.path import INFLOW
from simsim.district import District, solution
from simsim.districts.files import load_district
from simsim.inputs import parameters
from simsim.inputs.errors import InputError

ERDAO = load_district("erdao")


@pytest.mark.slow
def test_after_the_published_year_in_migration_is_a_fresh_draw():
    numbers = numbers_of(ERDAO, 4, False, District.founded)
    drawn = parameters.draw(parameters.load(), 4)
    assert numbers.of(2024)[INFLOW] == solution(ERDAO, 4).values[INFLOW]
    assert numbers.of(2025)[INFLOW] == drawn[AHEAD] != numbers.of(2024)[INFLOW]
    assert {k: v for k, v in numbers.of(2025).items() if k != INFLOW} == {
        k: v for k, v in numbers.of(2024).items() if k != INFLOW
    }


def test_fixed_parameters_are_those_of_the_file_and_nothing_is_solved(monkeypatch):
    monkeypatch.setattr("simsim.conditioning.numbers.solution_of", lambda *_: pytest.fail("solved"))
    district = District("plan", seed=999, fixed_parameters=True)
    assert district.p[INFLOW] == ERDAO.fitted()[INFLOW]


def test_a_district_that_declares_nothing_is_not_conditioned(monkeypatch):
    monkeypatch.setattr("simsim.conditioning.numbers.solution_of", lambda *_: pytest.fail("solved"))
    shanhe = load_district("shanhe")
    assert numbers_of(shanhe, 3, False, District.founded).of(2040)[INFLOW] == shanhe.fitted()[INFLOW]


def test_a_scenario_that_scales_in_migration_multiplies_the_solution():
    plan, high = District("plan", seed=4), District("high-inflow", seed=4)
    assert plan.p[INFLOW] == high.p[INFLOW] and high.p["inflow_factor"] == 1.3


def test_a_scenario_that_sets_a_solved_parameter_has_its_own_and_the_others_of_the_world():
    district = District({"extends": "plan", "parameters": {INFLOW: 2.0}}, seed=4)
    found = solution(ERDAO, 4).values
    assert district.p[INFLOW] == 2.0 and district.p["migrant_leave"] == found["migrant_leave"]


def test_a_factual_scenario_that_is_none_is_refused_with_its_place_and_remedy():
    spec = {**ERDAO.spec, "factual": {**ERDAO.spec["factual"], "scenario": "plann"}}
    with pytest.raises(InputError, match=r"district.yaml: factual.scenario.*did you mean plan"):
        solution(replace(ERDAO, spec=spec), 1)


@pytest.mark.parametrize("year", [2013, 2031, "2014", 2014.5])
def test_a_date_of_which_nothing_can_be_known_is_refused(year):
    with pytest.raises(InputError, match="as_of"):
        known_in(ERDAO, year)
