"""A plan's account: chances of the last promise, delays, money, and what a bound budget cuts; by hand."""

from __future__ import annotations

import pytest

from simsim.experiments.plan_account import (
    NO_EFFECT,
    comparison_table,
    effect_grade,
    heading_grade,
    last_dates,
    measure_table,
)
from simsim.scenarios.plan import Plan
from tests.experiments.small_results import results

L2 = [("paperwork", "2014-12"), ("built", "2015-12"), ("in use", "2016-09")]


def milestones(measure, step, due, done):
    """Return rows of a milestone for worlds 1, 2, ...: the month in which it is done in each."""
    months = list(enumerate(done, 1))
    return [("plan", seed, measure, step, due, month, 0, int(month != "" and month <= due)) for seed, month in months]


@pytest.mark.slow
def test_the_chance_is_that_of_the_last_milestone_and_no_mean_of_several():
    rows = milestones("L2", "paperwork", "2014-12", ["2014-11"] * 4)
    rows += milestones("L2", "in use", "2016-09", ["2016-09", "2017-09", "2018-09", ""])
    row = measure_table(results([], rows), "plan").set_index("measure").loc["L2"]
    assert (row.due, row.on_time, row.worlds, row.delay) == ("2016-09", 1, 4, 18.0)


def test_of_several_promises_due_last_all_must_be_kept_in_the_same_world():
    rows = milestones("L3", "construction started", "2016-12", ["2016-12", "2017-12"])
    rows += milestones("L4", "construction started", "2016-12", ["2017-12", "2016-12"])
    found = last_dates(results([], rows), "plan", ["L3", "L4"])
    assert found["met"].tolist() == [0, 0] and found["measures"].iloc[0] == "L3 L4"


def test_what_policies_date_and_the_plan_does_not_is_no_promise():
    rows = milestones("R1", "in force", "2014-12", ["2014-12"] * 2)
    assert last_dates(results([], rows), "plan", ["R1"], Plan.load()).empty


@pytest.mark.slow
def test_every_measure_stands_under_one_heading_with_a_department_and_a_grade():
    plan = Plan.load()
    table = measure_table(results([]), "plan")
    assert len(plan.headings) == 11 and len(table) == 43
    assert (table["heading"] != "").all() and (table["department"] != "").all()
    assert table.loc[table["judged"], "measure"].tolist() == [
        m.id for m in plan.measures.values() if m.department_judged
    ]
    assert effect_grade(plan.measures["R1"]) == NO_EFFECT and effect_grade(plan.measures["T4"]) != NO_EFFECT
    quality = next(heading for heading in plan.headings if heading.key == "quality")
    assert heading_grade(plan, quality) == NO_EFFECT


def test_a_heading_costs_what_its_measures_cost_and_donations_are_not_in_it():
    costs = [("plan", 1, 2015, "K1", "K1", "running", 5.0), ("plan", 1, 2016, "K4", "K4", "capital", 7.0)]
    costs += [("plan", 1, 2016, "K3", "K3", "donated", 99.0)]
    table = comparison_table(results([], costs=costs), "plan")
    care = table[table["heading"] == "care"].iloc[0]
    assert care["paid_high"] == pytest.approx(0.85 * 12.0) and care["paid"] == 0.0  # one world of four


@pytest.mark.slow
def test_a_bound_budget_tells_what_it_leaves_and_from_when_it_cuts():
    wished = [("plan", 1, 2015, "E1", "E1", 100.0, 1.0, 100.0), ("plan", 1, 2016, "E1", "E1", 100.0, 0.5, 50.0)]
    row = measure_table(results([], wished=wished), "plan", "plan").set_index("measure").loc["E1"]
    assert row.granted == 0.75 and row.first_cut == 2016
