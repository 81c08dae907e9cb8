"""Money by calendar year: the identity, the base year, the plan's three rules, and a budget that binds."""

from __future__ import annotations

import pytest

from simsim.district import District
from simsim.rules.money import Pot
from tests.rules.money_trials import F1, F2, F3, TO, lived, series

ROOMS = {
    "E": {"policy": "equipment", "from": "2015-01-01", "settings": {"teaching_fill": 1.0, "delay_probability": 0.0}}
}


@pytest.mark.parametrize("budget", ["report", "bound"])
@pytest.mark.parametrize("seed", [1, 2])
def test_money_that_comes_in_goes_out_or_back_or_is_carried_over(budget, seed):
    district = lived(F1 | F2 | F3 | ROOMS, seed=seed, budget=budget)
    came, went, back, left = (
        series(district, name) for name in ("money_in", "money_out", "money_returned", "money_balance")
    )
    before = 0.0
    for year in range(2014, TO + 1):
        assert before + came[year] == pytest.approx(went[year] + back[year] + left[year], abs=1.0)
        before = left[year]


def test_spending_is_the_sum_of_its_parts():
    district = lived(F3 | ROOMS)
    parts = [series(district, f"cost_{name}") for name in ("staff", "public_use", "repairs", "capital", "running")]
    for year, total in series(district, "money_out").items():
        assert total == pytest.approx(sum(part.get(year, 0.0) for part in parts))


def test_the_first_year_balances():
    assert series(lived(to=2014), "money_balance")[2014] == pytest.approx(0.0, abs=1e-3)


def test_what_a_measure_costs_lowers_the_balance_and_changes_no_income_but_grants():
    idle, busy = lived(to=2015), lived(ROOMS, to=2015, parameters={"capital_grant_of_revenue": 0.0})
    for name in ("revenue", "appropriation", "surcharge"):
        assert series(idle, name) == series(busy, name)
    assert series(busy, "money_balance")[2015] < series(idle, "money_balance")[2015]


def test_capital_draws_grants_only_up_to_their_limit():
    district = lived(ROOMS, to=2015)
    assert series(district, "capital_grant")[2015] == pytest.approx(
        district.p["capital_grant_of_revenue"] * series(district, "revenue")[2015]
    )


def test_unspent_money_beyond_the_margin_goes_back():
    district = lived(F1, parameters={"balance_kept_of_income": 0.0, "appropriation_growth_margin": 0.2})
    assert max(series(district, "money_balance").values()) <= 1.0
    assert series(district, "money_returned")[TO] > 0


def test_pay_follows_revenue():
    flat = lived(parameters={"fiscal_revenue_growth": 0.0, "fiscal_revenue_growth_sd": 0.0}, to=2016)
    rich = lived(
        parameters={"fiscal_revenue_growth": 0.1, "fiscal_revenue_growth_sd": 0.0, "teacher_pay_elasticity": 1.0},
        to=2016,
    )
    assert series(rich, "cost_staff")[2016] == pytest.approx(1.21 * series(flat, "cost_staff")[2016])


# ---- a budget that binds ----


def test_a_pot_gives_all_it_has_and_no_more():
    pot = Pot(general=10.0, capital=5.0)
    assert pot.share(5.0, 0.0) == 1.0 and (pot.general, pot.capital) == (10.0, 0.0)
    assert pot.share(0.0, 20.0) == 0.5 and pot.general == 0.0
    assert pot.share(0.0, 1.0) == 0.0


def test_capital_money_pays_no_running_cost():
    assert Pot(general=0.0, capital=100.0).share(0.0, 1.0) == 0.0
    assert Pot(general=1.0, capital=100.0).share(10.0, 2.0) == 0.5


def test_what_cannot_be_divided_waits_and_takes_nothing():
    pot = Pot(general=1.0, capital=5.0)
    assert pot.share(10.0, 0.0, divisible=False) == 0.0 and (pot.general, pot.capital) == (1.0, 5.0)


def test_what_is_committed_is_paid_even_into_the_red():
    pot = Pot(general=1.0, capital=5.0)
    assert pot.share(10.0, 0.0, committed=True) == 1.0 and pot.general == -4.0


def test_a_debt_leaves_nothing_to_the_next():
    assert Pot(general=-4.0, capital=0.0).share(1.0, 1.0) == 0.0


def funded(district: District) -> dict[str, float]:
    table = district.tables()["instance_year"]
    return table[table.year == 2015].set_index("instance")["funded"].to_dict()


def two(first: str, second: str) -> District:
    """Return a bound district with two measures of known families, of which one must go short."""
    plan = {
        "plan": {"file": "erdao-2014-2016", "include": ["E1", "V2"]},
        "policies": {"E1": {"settings": {"delay_probability": 0.0}}},
    }
    ranks = {f"budget_priority.{first}": 1, f"budget_priority.{second}": 2}
    tight = {
        "capital_grant_of_revenue": 0.0,
        "fiscal_revenue_growth": 0.02,
        "fiscal_revenue_growth_sd": 0.0,
        "appropriation_growth_sd": 0.0,
    }
    tight |= {"teacher_pay_elasticity": 0.0}
    spec = {
        "name": "trial",
        "extends": "baseline",
        "budget": "bound",
        **plan,
        "parameters": ranks | tight | {"multimedia_room_cost": 60000},
    }
    return District(spec, seed=1).run(to=2015)


def test_the_family_of_higher_priority_is_served_first():
    inspectors, rooms = funded(two("accountability", "equipment")), funded(two("equipment", "accountability"))
    assert inspectors["V2"] == 1.0 and 0.0 < inspectors["E1"] < rooms["E1"] < 1.0 and rooms["V2"] == 0.0


def test_short_money_scales_what_is_bought_and_the_ledger_shows_it():
    tight = {"capital_grant_of_revenue": 0.0, "fiscal_revenue_growth": 0.0, "fiscal_revenue_growth_sd": 0.0}
    bound, free = (lived(F3 | ROOMS, budget=budget, parameters=tight, to=2015) for budget in ("bound", "report"))
    share = funded(bound)["E"]
    spent = {
        d: t[(t.instance == "E") & (t.year == 2015)].spent.iloc[0]
        for d in (bound, free)
        for t in [d.tables()["instance_year"]]
    }
    assert 0.0 < share < 1.0 and spent[bound] == pytest.approx(share * spent[free])
    assert funded(free)["E"] == 1.0


def test_a_school_that_cannot_be_paid_waits():
    school = {
        "L": {
            "policy": "new_schools",
            "from": "2015-01-01",
            "settings": {"rooms_primary": 100, "delay_probability_firm": 0.0},
        }
    }
    tight = {"capital_grant_of_revenue": 0.0, "fiscal_revenue_growth": 0.0, "fiscal_revenue_growth_sd": 0.0}
    bound = lived(school, budget="bound", parameters=tight, to=2017)
    assert 101 not in bound.schools and 101 in lived(school, parameters=tight, to=2017).schools
    table = bound.tables()["instance_year"]
    assert set(table[table.instance == "L"].funded) == {0.0} and table[table.instance == "L"].spent.sum() == 0.0


def test_a_bound_budget_that_suffices_changes_nothing():
    rich = {"fiscal_revenue_growth": 0.12, "fiscal_revenue_growth_sd": 0.0, "capital_grant_of_revenue": 0.5}
    small = {"V": {"policy": "inspection", "from": "2015-09-01"}}
    bound, free = (lived(small, budget=budget, parameters=rich, to=2016).tables() for budget in ("bound", "report"))
    assert bound["district_year"].equals(free["district_year"]) and bound["instance_year"].equals(free["instance_year"])
