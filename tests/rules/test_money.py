"""Money by calendar year: the identity, the base year, the plan's three rules, and a budget that binds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simsim.district import District
from simsim.districts.class_law import NO_LAW
from simsim.rules import money
from simsim.rules.money import Pot
from simsim.world.budget import Budget, Floor
from tests.rules.money_trials import F1, F2, F3, TO, lived, series

ROOMS = {
    "E": {"policy": "equipment", "from": "2015-01-01", "settings": {"teaching_fill": 1.0, "delay_probability": 0.0}}
}


# ---- one rule at a time: a purse made by hand, with its answers worked out ----

P = {
    "fiscal_revenue_growth": 0.08, "fiscal_revenue_growth_sd": 0.02, "appropriation_growth_sd": 0.01,
    "surcharge_repairs_share": 0.4, "surcharge_of_revenue": 0.05, "capital_grant_of_revenue": 0.1,
    "appropriation_of_revenue": 0.2, "teacher_pay_elasticity": 2.0,
    "teacher_cost": 100.0, "new_teacher_cost_ratio": 0.5,
    "balance_kept_of_income": 0.1, "surcharge_mainly": 0.5, "novice_years": 5.0,
    "public_use_fund_years.first": 2015.0, "public_use_fund_years.later": 2017.0,
    "public_use_fund_before.primary": 1.0, "public_use_fund_before.junior": 2.0,
    "public_use_fund.primary": 3.0, "public_use_fund.junior": 4.0,
    "public_use_fund_later.primary": 5.0, "public_use_fund_later.junior": 6.0,
    "budget_priority.other": 5.0, "budget_priority.staff": 2.0,
}  # fmt: skip


def purse(costs=(), year: int = 2016, policies=(), **own) -> Any:
    """Return a world with 3 public teachers (one new), 20 + 10 public pupils, 5 private ones, and this budget."""
    budget = Budget(revenue=1000.0, first_revenue=1000.0, appropriation=400.0, surcharge=100.0, conditions_share=0.7)
    vars(budget).update(own)
    noted = {}
    recorder = SimpleNamespace(costs=list(costs), note_all=lambda world, values: noted.update(values))
    return SimpleNamespace(
        p=dict(P), year=year, first_year=2014, class_law=NO_LAW,
        budget=budget, recorder=recorder, noted=noted, policies=list(policies),
        measures={"M": SimpleNamespace(family="staff"), "N": SimpleNamespace(family="unranked")},
        acts=lambda policy: policy.on,
        teachers=SimpleNamespace(experience=np.array([9, 5, 4, 2]), public=np.array([True, True, True, False])),
        parts=SimpleNamespace(
            stage=np.array([0, 1, 0]), pupils=np.array([20, 10, 5]), public=np.array([True, True, False]),
        ),
        normal=lambda stream, ids: np.array([{"budget/revenue": 1.0, "budget/appropriation": -2.0}[stream]]),
        spend=lambda instance, kind, yuan, measure=None: recorder.costs.append((year, instance, measure, kind, yuan)),
    )  # fmt: skip


def test_growth_is_expected_with_its_own_luck_and_no_floor_is_left_over():
    world = purse(floor=Floor(0.1, "F2", None))
    money.expect(world)
    assert world.budget.growth == pytest.approx(0.10) and world.budget.appropriation_growth == pytest.approx(0.08)
    assert world.budget.conditions_share == 0.4 and world.budget.floor is None


def policy(name, capital=0.0, running=0.0, measure=None, committed=False, divisible=True, on=True):
    return SimpleNamespace(
        id=name, measure=measure, committed=committed, divisible=divisible, funded=None, on=on,
        planned=lambda world: (capital, running),
    )  # fmt: skip


def test_the_years_money_comes_in_as_it_grew_and_all_is_granted_where_nothing_binds():
    toy = policy("A", 5000.0, 1.0)
    world = purse(growth=0.1, appropriation_growth=0.2, policies=[toy, policy("B")])
    money.allocate(world)
    budget = world.budget
    assert (budget.revenue, budget.appropriation) == pytest.approx((1100.0, 480.0))
    assert (budget.surcharge, budget.grant_limit) == pytest.approx((55.0, 110.0))
    assert toy.funded == world.policies[1].funded == 1.0 and budget.wishes == [(2016, "A", 5001.0, 1.0)]


def test_a_budget_that_binds_serves_the_committed_first_and_then_by_priority():
    late, first, sworn = policy("A", 0.0, 100.0), policy("B", 0.0, 100.0, "M"), policy("C", 0.0, 40.0, committed=True)
    idle, free, small = policy("D", 1.0, 1.0, on=False), policy("E"), policy("F", 0.0, 0.5)
    world = purse(bound=True, policies=[late, first, sworn, idle, free, small], balance=10.0)
    assert [p.id for p in money.in_order(world)] == ["C", "B", "A", "E", "F"]
    money.allocate(world)
    surcharge = 50.0
    left = 10.0 + 400.0 + surcharge - 0.3 * surcharge - (250.0 + 100.0 + 0.4 * surcharge)
    assert sworn.funded == 1.0 and first.funded == pytest.approx((left - 40.0) / 100.0)
    assert late.funded == small.funded == 0.0 and free.funded == 1.0 and idle.funded is None
    assert [w[1] for w in world.budget.wishes] == ["C", "B", "A", "F"]


def test_capital_may_also_take_what_is_set_aside_and_the_grants():
    world = purse(bound=True, conditions=7.0)
    pot = money._pot(SimpleNamespace(**vars(world) | {"budget": world.budget}))
    assert pot.general == pytest.approx(400.0 + 100.0 - 30.0 - 250.0 - 100.0 - 40.0) and pot.capital == pytest.approx(
        37.0
    )


def test_a_measure_has_the_family_of_the_plan_where_it_has_a_priority():
    world = purse()
    assert [money.family(world, policy("A", measure=m)) for m in ("M", "N", "X", None)] == [
        "staff",
        "other",
        "other",
        "other",
    ]


def test_a_new_teacher_costs_less_and_the_level_follows_revenue_by_its_elasticity():
    assert money.pay(purse()) == pytest.approx(100.0 * 2.5)
    assert money.pay(purse(revenue=1100.0)) == pytest.approx(100.0 * 1.21 * 2.5)
    world = purse()
    money.settle(world)
    assert world.recorder.costs == [(2016, "staff", None, "running", 250.0)]


@pytest.mark.parametrize(("year", "yuan"), [(2014, 40), (2015, 100), (2016, 100), (2017, 160), (2018, 160)])
def test_public_use_funds_follow_the_norm_of_the_year_for_public_pupils(year, yuan):
    assert money.public_use(purse(year=year)) == yuan


def test_what_is_set_aside_is_beyond_repairs_and_never_less_than_nothing():
    assert money.repairs(purse()) == 40.0 and money.set_aside(purse()) == pytest.approx(30.0)
    assert money.set_aside(purse(conditions_share=0.1)) == 0.0
    assert money.public_pupils(purse()) == 30


COSTS = [
    (2015, "A", "", "capital", 999.0), (2016, "staff", "", "running", 250.0), (2016, "A", "", "capital", 60.0),
    (2016, "A", "", "running", 20.0), (2016, "B", "", "capital", 40.0), (2016, "B", "", "donated", 500.0),
]  # fmt: skip


def test_only_this_years_costs_on_the_budget_are_booked():
    assert money._booked(purse(COSTS)) == {"pay": 250.0, "capital": 100.0, "running": 20.0}


def test_the_year_closes_with_capital_paid_first_from_what_is_set_aside_then_from_grants():
    world = purse(COSTS, conditions=10.0, grant_limit=25.0, balance=50.0)
    money.close(world)
    noted, budget = world.noted, world.budget
    assert (noted["capital_grant"], noted["money_in"], noted["money_out"]) == pytest.approx((25.0, 525.0, 510.0))
    assert budget.conditions == 0.0 and budget.balance == pytest.approx(52.5)
    assert noted["money_returned"] == pytest.approx(75.0 - 52.5) and noted["money_balance"] == pytest.approx(52.5)
    assert noted["spending_per_pupil"] == pytest.approx(410.0 / 30) == budget.per_pupil
    assert (noted["cost_public_use"], noted["cost_repairs"]) == (100.0, 40.0)
    assert noted["surcharge_conditions_share"] == pytest.approx(0.7)


def test_grants_pay_no_more_of_capital_than_what_is_set_aside_leaves():
    for limit, grant in ((80.0, 60.0), (60.0, 60.0), (25.0, 25.0)):
        assert money._pay_capital(purse(conditions=10.0, grant_limit=limit), 100.0) == pytest.approx((40.0, grant))


def test_money_set_aside_and_not_spent_is_carried_over_apart():
    world = purse(conditions=10.0, balance=5.0, grant_limit=25.0, appropriation=60.0)
    money.close(world)
    assert world.budget.conditions == pytest.approx(40.0)
    assert world.budget.balance == pytest.approx(15.0 + 160.0 - 140.0 - 40.0)
    assert world.noted["money_returned"] == 0.0 and world.noted["money_balance"] == pytest.approx(35.0)


def test_debts_are_carried_over_and_nothing_goes_back():
    world = purse(COSTS, appropriation=100.0)
    money.close(world)
    assert world.noted["money_returned"] == 0.0 and world.budget.balance == pytest.approx(200.0 - 510.0)


def test_the_three_rules_hold_only_when_this_year_is_above_and_not_in_the_first():
    met = purse(growth=0.1, appropriation_growth=0.11, per_pupil=1.0)
    money.close(met)
    assert [met.noted[f"f{n}_met"] for n in (1, 2, 3)] == [1.0, 1.0, 1.0]
    even = purse(growth=0.1, appropriation_growth=0.1, per_pupil=140.0 / 30, conditions_share=0.5)
    money.close(even)
    assert [even.noted[f"f{n}_met"] for n in (1, 2, 3)] == [0.0, 0.0, 0.0]
    first = purse(COSTS, year=2014)
    money.close(first)
    assert "f1_met" not in first.noted and money._booked(first)["pay"] == 0.0


def test_the_first_year_sets_revenue_and_surcharge_so_that_income_is_spending():
    world = purse([(2014, "staff", "", "running", 200.0), (2014, "A", "", "capital", 50.0)], year=2014)
    money.close(world)
    budget = world.budget
    assert budget.surcharge == pytest.approx(budget.revenue * 0.05) and budget.appropriation == pytest.approx(
        budget.revenue * 0.2
    )
    assert budget.appropriation + budget.surcharge == pytest.approx(290.0 + 0.4 * budget.surcharge)
    assert budget.first_revenue == budget.revenue and budget.conditions_share == 0.4
    assert world.noted["money_balance"] == pytest.approx(0.0, abs=1e-9)


def test_running_spending_is_raised_to_what_was_promised_and_no_further():
    world = purse(COSTS, per_pupil=20.0, floor=Floor(0.1, "F2", "M"))
    money.close(world)
    assert world.budget.per_pupil == pytest.approx(22.0)
    assert world.recorder.costs[-1] == (2016, "F2", "M", "running", pytest.approx(660.0 - 410.0))
    enough = purse(COSTS, per_pupil=1.0, floor=Floor(0.1, "F2", "M"))
    money.close(enough)
    assert enough.budget.per_pupil == pytest.approx(410.0 / 30)


def test_a_budget_that_binds_raises_spending_only_as_far_as_the_money_goes():
    world = purse(COSTS, per_pupil=20.0, floor=Floor(0.1, "F2", "M"), bound=True, balance=15.0, grant_limit=25.0)
    money.close(world)
    left = 15.0 + 400.0 + 100.0 - 30.0 - 410.0 - (100.0 - 30.0 - 25.0)
    assert world.recorder.costs[-1][-1] == pytest.approx(left) and world.budget.balance == pytest.approx(0.0)
    broke = purse(COSTS, per_pupil=20.0, floor=Floor(0.1, "F2", "M"), bound=True, balance=-500.0)
    money.close(broke)
    assert broke.recorder.costs[-1][-1] == 0.0


def test_without_a_surcharge_its_share_is_nought_and_without_pupils_spending_is_whole():
    world = purse(surcharge=0.0)
    world.parts.pupils[:] = 0
    world.recorder.costs.append((2016, "staff", "", "running", 77.0))
    money.close(world)
    assert world.noted["surcharge_conditions_share"] == 0.0 and world.noted["spending_per_pupil"] == pytest.approx(77.0)


# ---- whole districts ----


@pytest.mark.slow
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


def test_capital_alone_pays_a_share_of_capital_alone():
    pot = Pot(general=0.0, capital=5.0)
    assert pot.share(20.0, 0.0) == 0.25 and (pot.general, pot.capital) == (0.0, 0.0)
    owing = Pot(general=-4.0, capital=5.0)
    assert owing.share(20.0, 0.0) == 0.25 and (owing.general, owing.capital) == (-4.0, 0.0)


def test_what_cannot_be_divided_waits_and_takes_nothing():
    pot = Pot(general=1.0, capital=5.0)
    assert pot.share(10.0, 0.0, divisible=False) == 0.0 and (pot.general, pot.capital) == (1.0, 5.0)
    assert pot.share(5.5, 0.5, divisible=False) == 1.0 and (pot.general, pot.capital) == (0.0, 0.0)


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
