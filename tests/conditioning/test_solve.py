"""A world of the factual scenario ends at what is published."""

from __future__ import annotations

from functools import cache

import pytest

from simsim.conditioning.numbers import numbers_of
from simsim.conditioning.solve import POSTS, SOLVED
from simsim.district import District, HeadCount, solution
from simsim.districts.files import load_district
from simsim.inputs import parameters

SEED = 4
ERDAO = load_district("erdao")


@cache
def heads():
    counted = HeadCount(ERDAO, SEED, numbers_of(ERDAO, SEED, False, District.founded))
    return counted.heads({}, 2024), counted


@pytest.mark.slow
def test_pupils_and_staff_of_the_published_year_are_what_was_published():
    (pupils, staff), _ = heads()
    assert abs(pupils / 44_725 - 1) < 0.005 and abs(staff / 3_710 - 1) < 0.005


@pytest.mark.slow
def test_counting_heads_finds_what_a_whole_run_of_the_plan_records():
    lived, counted = District("plan", seed=SEED).run(to=2017), HeadCount(ERDAO, SEED, heads()[1]._drawn)
    rows = lived.tables()["district_year"]
    rows = rows[(rows.year == 2017) & (rows.stage == "all") & (rows.group == "all")].set_index("indicator").value
    pupils, staff = counted.heads({}, 2017)
    assert abs(pupils / rows["pupils"] - 1) < 2e-4 and abs(staff / rows["staff"] - 1) < 2e-3


def test_a_world_has_the_solution_and_all_its_scenarios_share_it():
    found = solution(ERDAO, SEED)
    assert set(found.values) == set(SOLVED)
    for scenario in ("plan", "baseline"):
        district = District(scenario, seed=SEED)
        assert {name: district.p[name] for name in SOLVED} == dict(found.values)


@pytest.mark.slow
def test_what_leaves_its_range_is_marked_and_not_clipped():
    known = parameters.load()
    for seed in (1, 2, SEED):
        found = solution(ERDAO, seed)
        for name, value in found.values.items():
            inside = known[name].low <= value <= known[name].high
            assert inside == (name not in found.outside)


def test_a_world_is_solved_once_and_by_its_seed_alone(monkeypatch):
    found, another = solution(ERDAO, SEED), solution(ERDAO, 1)
    monkeypatch.setattr("simsim.conditioning.numbers.solve", lambda *_: pytest.fail("solved a second time"))
    assert solution(ERDAO, SEED) is found
    assert found.values != another.values


def test_growth_of_posts_is_drawn_and_solved():
    found = solution(ERDAO, SEED)
    assert found.drawn[POSTS] == parameters.draw(parameters.load(), SEED)[POSTS] != found.values[POSTS]
