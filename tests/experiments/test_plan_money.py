"""Money beyond business as usual, delay and displaced entrants, on tables small enough to work out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.experiments.plan_money import (
    balances,
    delay_costs,
    displaced_share,
    family_scenarios,
    late_of,
    spending,
    trade_offs,
)
from simsim.experiments.results import Results
from tests.experiments.small_results import results, table


def rows(frame: pd.DataFrame) -> list[tuple]:
    """Return a table's rows as `results` takes them."""
    return list(frame.itertuples(index=False, name=None))


def numbers(indicator, stage, year, **values):
    """Return the rows of an indicator: the numbers of each scenario's worlds (`_` stands for `-` in its name)."""
    named = {name.replace("_", "-"): list(numbers) for name, numbers in values.items()}
    return rows(table(named, indicator, year, stage=stage))


def test_the_parts_of_what_it_costs_more_add_up_to_the_net():
    spent = numbers("money_out", "all", 2015, plan=[100.0, 200.0], baseline=[40.0, 50.0])
    costs = [
        ("plan", 1, 2015, "E1", "E1", "capital", 30.0),
        ("plan", 2, 2015, "law/large-classes", "", "capital", 60.0),
        ("plan", 1, 2015, "staff", "", "running", 45.0),
        ("baseline", 1, 2015, "staff", "", "running", 25.0),
        ("plan", 1, 2015, "K3", "K3", "donated", 500.0),
    ]
    found = spending(results(spent, costs=costs), "plan", "baseline").set_index("year").loc[2015]
    assert found.net == 105.0 and found.measures == 15.0 and found.law == 30.0 and found.pay == 10.0
    assert found[["measures", "law", "full", "pay", "other"]].sum() == pytest.approx(found.net)


def test_a_balance_counts_the_worlds_below_zero_and_takes_no_rounding_for_a_deficit():
    found = balances(results(numbers("money_balance", "all", 2015, plan=[-5.0, -1e-8, 7.0])))
    assert found[["below", "n", "median"]].to_numpy().tolist() == [[1, 3, -1e-8]]


def test_delay_is_told_in_its_worst_year():
    early, late = {2015: [100.0, 100.0], 2016: [100.0, 100.0]}, {2015: [60.0, 100.0], 2016: [99.0, 101.0]}
    made = [row for year in early for row in numbers("seats", "junior", year, plan=early[year], plan_late=late[year])]
    found = delay_costs(results(made), "plan-late", "plan")
    assert found[["indicator", "worst", "mean", "worse", "n", "mean_last"]].to_numpy().tolist() == [
        ["seats", 2015, -20.0, 1, 2, 0.0]
    ]


def test_displaced_children_are_counted_against_the_years_entrants_of_their_stage():
    values = {"entry_pupils": [40.0, 20.0], "displaced_entrants_share": [0.25, 0.05], "over_capacity": [3.0, 5.0]}
    made = [row for name, each in values.items() for row in numbers(name, "junior", 2016, plan=each)]
    found = displaced_share(results(made), "plan").iloc[0]
    assert found[["entrants", "displaced", "over_capacity", "of_entrants"]].tolist() == [30.0, 5.5, 4.0, 0.15]
    assert displaced_share(results(numbers("pupils", "junior", 2016, plan=[1.0])), "plan").empty


def test_what_is_traded_off_is_summed_over_the_years_and_over_the_stages():
    made = [row for year in (2015, 2016) for stage in ("primary", "junior")
            for row in numbers("turned_away", stage, year, plan=[1.0, 1.0], part=[4.0, 2.0])]  # fmt: skip
    found = trade_offs(results(made), "plan", "part").set_index(["indicator", "stage"])
    assert found.loc[("turned_away", "all"), ["mean", "less", "n"]].tolist() == [-8.0, 2, 2]


def test_scenarios_are_known_by_what_they_do_and_not_by_their_names(small_experiment):
    manifest = {"scenarios": {}, "order": ["baseline", "plan", "a", "b", "c"]}
    step = {"measure": "E1", "policy": "equipment", "settings": {"delay_months": None}}
    other = {**step, "measure": "K1", "policy": "migrants"}
    late = {**step, "settings": {"delay_months": 12}}
    third = {**step, "measure": "L1"}
    made = {"baseline": {}, "plan": {"E1": step, "K1": other, "L1": third}, "a": {"E1": step, "K1": other},
            "b": {"L1": third}, "c": {"E1": late, "K1": other, "L1": third}}  # fmt: skip
    for name, policies in made.items():
        manifest["scenarios"][name] = {"resolved": {"policies": policies}}
    frame = table({name: [1.0] for name in made}, "pupils", stage="all")
    found = Results({"district_year": frame}, manifest)
    families = family_scenarios(found, "plan", "baseline", dict.fromkeys(("L1", "E1", "K1"), ""))
    assert families.to_numpy().tolist() == [["a", "without", ("L1",)], ["b", "only", ("L1",)]]
    assert late_of(found, "plan") == "c" and late_of(small_experiment, "plan") is None
