"""What a district file declares as published of later years: read, and refused with its remedy where it is wrong."""

from __future__ import annotations

import pytest

from simsim.districts.factual import factual_of, factual_problems
from simsim.districts.files import load_district

SPEC = load_district("erdao").spec


def with_block(**changes):
    return {**SPEC, "factual": {**SPEC["factual"], **changes}}


def with_fact(**changes):
    fact = {"value": 4050, "year": 2014, "grade": 1, "doubt": 0.1, "source": "a report"}
    return with_block(soft={"first": {**fact, **changes}})


def test_erdao_declares_the_plan_with_its_published_totals_and_three_soft_facts():
    factual = factual_of(SPEC)
    assert (factual.scenario, factual.year, factual.pupils, factual.staff) == ("plan", 2024, 44725, 3710)
    assert {fact.name: (fact.value, fact.doubt) for fact in factual.soft} == {
        "first_grade_2014": (4050, 0.10),
        "children_2020": (63426, 0.08),
        "kindergarten_2024": (10050, 0.15),
    }


@pytest.mark.parametrize("name", ["shanhe", "xinwan"])
def test_other_districts_declare_nothing_and_are_not_conditioned(name):
    assert load_district(name).factual is None


def test_what_is_not_known_yet_in_a_year_is_no_fact_of_it():
    from dataclasses import replace

    data = load_district("erdao")
    assert replace(data, as_of=2014).factual is None
    assert replace(data, as_of=2024).factual == data.factual


@pytest.mark.parametrize(
    ("spec", "key", "remedy"),
    [
        ({**SPEC, "factual": 3}, "factual", "must say what is published"),
        (with_block(pupil=3), "factual.pupil", "did you mean pupils?"),
        (with_block(scenario=None), "factual.scenario", "must name the scenario that happened"),
        (with_block(year=2014, soft=None), "factual.year", "must be a year from 2015"),
        (with_block(pupils="aggregates.check_2024.pupil"), "factual.pupils", "must be a number above 0"),
        (with_block(staff=-3), "factual.staff", "must be a number above 0"),
        (with_block(soft=[1]), "factual.soft", "must map names of facts"),
        (with_block(soft={"a": 3}), "factual.soft.a", "must be {value"),
        (with_fact(doubt=0), "factual.soft.first.doubt", "must be a number above 0 and at most 1"),
        (with_fact(value="many"), "factual.soft.first.value", "must be a number above 0"),
        (with_fact(year=2030), "factual.soft.first.year", "must be a year from 2014 to 2024"),
        (with_fact(source=" "), "factual.soft.first.source", "is missing"),
        (with_fact(ages=[0, 14]), "factual.soft.first", "must say whom it counts"),
        (with_fact(grade=0), "factual.soft.first.grade", "must be the year of schooling"),
        (with_fact(agse=[0, 14]), "factual.soft.first.agse", "did you mean ages?"),
        (with_block(soft={"a": {"value": 1, "year": 2020, "ages": [5, 2], "doubt": 0.1, "source": "x"}}),
         "factual.soft.a.ages", "must be [first, last]"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_with_its_remedy(spec, key, remedy):
    found = {complaint[0]: complaint[2] for complaint in factual_problems(spec)}
    assert list(found) == [key] and remedy in found[key]


def test_the_block_as_it_stands_has_no_problem_and_none_is_needed():
    assert not list(factual_problems(SPEC))
    assert not list(factual_problems({key: value for key, value in SPEC.items() if key != "factual"}))
