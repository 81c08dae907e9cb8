"""The list of tasks: every measure with its dose, cost and status."""

from __future__ import annotations

import pytest

from simsim.experiments.tasks import STATUS, ledger
from simsim.scenarios.plan import Plan
from tests.experiments.small_results import results


def test_the_ledger_has_every_measure_with_its_words_dose_and_mean_cost():
    touched = [("plan", seed, "E1", "E1", "equipment", 10.0 * seed) for seed in (1, 2, 3, 4)]
    costs = [("plan", seed, 2015, "E1", "E1", "capital", 100.0) for seed in (1, 2, 3, 4)] + [
        ("plan", 1, 2016, "E1", "E1", "running", 40.0)
    ]
    wished = [("plan", 1, 2015, "E1", "E1", 100.0, 1.0, 100.0), ("plan", 1, 2016, "E1", "E1", 100.0, 0.5, 50.0)]
    table = ledger(results([], touched=touched, costs=costs, wished=wished), "plan").set_index("measure")
    assert list(table.index) == list(Plan.load().measures)
    row = table.loc["E1"]
    assert (
        row.dose == 25.0
        and row.capital == 100.0
        and row.running == 10.0
        and row.funded == 0.75
        and row.deadline == "2014-12"
    )
    assert table.loc["R1", "department"] and row.dose_unit == "schools"


@pytest.mark.slow
@pytest.mark.parametrize(("met", "status"), [([1, 1, 1, 1], "met"), ([1, 1, 1, 0], "mixed"), ([0, 0, 0, 0], "missed")])
def test_the_status_follows_from_how_often_the_dates_were_met(met, status):
    touched = [("plan", seed, "E1", "E1", "equipment", 1.0) for seed in (1, 2, 3, 4)]
    rows = [("plan", seed, "E1", "four gardens", "2014-12", "", 0, m) for seed, m in enumerate(met, 1)]
    assert ledger(results([], rows, touched), "plan").set_index("measure").loc["E1", "status"] == status


@pytest.mark.slow
def test_measures_that_are_off_or_only_explored_are_told_apart_from_those_that_reached_nobody():
    table = ledger(results([], touched=[("plan", 1, "T4", "T4", "recruitment", 0.0)]), "plan").set_index("measure")
    assert (
        table.loc["T5", "status"] == "explored"
        and table.loc["E2", "status"] == "absent"
        and table.loc["T4", "status"] == "idle"
    )
    assert set(table.status) <= set(STATUS)


def test_an_instance_outside_the_plan_stands_at_the_end():
    table = ledger(results([], touched=[("plan", 1, "mine", "", "inspection", 4.0)]), "plan")
    assert table.iloc[-1].measure == "mine" and table.iloc[-1].dose == 1.0 and table.iloc[-1].words_zh == "责任督学"
