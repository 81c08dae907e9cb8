"""Money by calendar year: revenue, appropriation, surcharge, pay, and what the
measures cost; in = out + returned + carried over.

All in constant prices. The appropriation of the first year is what balances that year's spending; revenue and surcharge
are shares of it and of each other. From then on revenue grows, the appropriation grows with it (more when F1 is kept)
and pay follows revenue. Capital is paid first from money set aside for the conditions of schools (F3), then from grants
of city and province up to their limit, then from general money. General money left over beyond a margin goes back to
the treasury (结余收回). In a scenario with `budget: bound` what is short is cut from the measures, the lowest priority
first; otherwise the balance tells how far the money would reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsim.base.codes import STAGES
from simsim.base.sums import added_up
from simsim.rules import class_warning
from simsim.world.staff import is_new
from simsim.world.world import Acting, World

STAFF = "staff"
ONCE = np.zeros(1, np.int64)
LAST = "other"


@dataclass
class Pot:
    """Money that measures may still take: general, and for capital only."""

    general: float
    capital: float

    def share(self, capital: float, running: float, divisible: bool = True, committed: bool = False) -> float:
        """Take what a measure wants, or the share of it that is there; return the share.

        What cannot be divided waits; what is committed is paid whether the money is there or not.
        """
        general, room = max(self.general, 0.0), max(self.general, 0.0) + self.capital
        share = min(
            1.0,
            general / running if running > general else 1.0,
            room / (capital + running) if capital + running > room else 1.0,
        )
        share = 1.0 if committed else share
        if not divisible and share < 1.0:
            return 0.0
        from_capital = min(self.capital, share * capital)
        self.capital -= from_capital
        self.general -= share * (capital + running) - from_capital
        return share


# ---- before the year: what comes in, and who gets it ----


def expect(world: World) -> None:
    """Draw how revenue and the appropriation grow under business as usual, before policies promise more."""
    budget, p = world.budget, world.p
    budget.growth = p["fiscal_revenue_growth"] + p["fiscal_revenue_growth_sd"] * float(
        world.normal("budget/revenue", ONCE)[0]
    )
    budget.appropriation_growth = budget.growth + p["appropriation_growth_sd"] * float(
        world.normal("budget/appropriation", ONCE)[0]
    )
    budget.conditions_share = p["surcharge_repairs_share"]
    budget.floor = None


def allocate(world: World) -> None:
    """Let the year's money come in, and give every measure its share of it: all of it unless the budget binds."""
    budget, p = world.budget, world.p
    budget.revenue *= 1.0 + budget.growth
    budget.appropriation *= 1.0 + budget.appropriation_growth
    budget.surcharge = p["surcharge_of_revenue"] * budget.revenue
    budget.grant_limit = p["capital_grant_of_revenue"] * budget.revenue
    bound = world.budget.bound
    pot = _pot(world) if bound else Pot(0.0, 0.0)
    for policy in in_order(world):
        capital, running = policy.planned(world)
        policy.funded = (
            pot.share(capital, running, policy.divisible, policy.committed)
            if bound and capital + running > 0.0
            else 1.0
        )
        if capital + running > 0.0:
            budget.wishes.append((world.year, policy.id, capital + running, policy.funded))


def in_order(world: World) -> list[Acting]:
    """Return the policies that act this year: the committed first, then by the priority of their family
    (`budget_priority`), then by id.
    """
    acting = [policy for policy in world.policies if world.acts(policy)]
    return sorted(
        acting,
        key=lambda policy: (not policy.committed, world.p[f"budget_priority.{family(world, policy)}"], policy.id),
    )


def family(world: World, policy: Acting) -> str:
    """Return the plan's family of an instance; `other` when it stands for no measure of the plan."""
    found = world.measures.get(policy.measure or "")
    return found.family if found and f"budget_priority.{found.family}" in world.p else LAST


def _pot(world: World) -> Pot:
    """Return what is left when staff, pupils' public-use funds and repairs are paid for as they stand, and the rooms
    that the law on large classes forces: they are built whether the money is there or not.
    """
    budget = world.budget
    fixed = pay(world) + public_use(world) + repairs(world)
    general = budget.balance + budget.appropriation + budget.surcharge - set_aside(world) - fixed
    pot = Pot(general, budget.conditions + set_aside(world) + budget.grant_limit)
    pot.share(class_warning.cost(world), 0.0, committed=True)
    return pot


# ---- what the year costs ----


def settle(world: World) -> None:
    """Book the pay of public teachers."""
    world.spend(STAFF, "running", pay(world))


def pay(world: World) -> float:
    """Return the year's pay of public teachers: a teacher costs the mean, a new one less; the level follows revenue."""
    teachers, p = world.teachers, world.p
    new = np.count_nonzero(is_new(world) & teachers.public)
    full = np.count_nonzero(teachers.public) - new
    level = world.budget.level ** p["teacher_pay_elasticity"]
    return float(p["teacher_cost"] * level * (full + p["new_teacher_cost_ratio"] * new))


def public_use(world: World) -> float:
    """Return the year's public-use funds (公用经费) of public schools, by the norm per pupil of the year."""
    p, year = world.p, world.year
    norm = "public_use_fund_later" if year >= p["public_use_fund_years.later"] else "public_use_fund"
    norm = norm if year >= p["public_use_fund_years.first"] else "public_use_fund_before"
    by_stage = np.array([p[f"{norm}.{stage}"] for stage in STAGES])
    public = world.parts.public
    return float((by_stage[world.parts.stage] * world.parts.pupils)[public].sum())


def repairs(world: World) -> float:
    """Return what schools' repairs take of the surcharge every year, whatever is promised."""
    return world.p["surcharge_repairs_share"] * world.budget.surcharge


def set_aside(world: World) -> float:
    """Return what the year's surcharge adds to the money for the conditions of schools, beyond repairs."""
    budget = world.budget
    return max(budget.conditions_share - world.p["surcharge_repairs_share"], 0.0) * budget.surcharge


# ---- the end of the year ----


def close(world: World) -> None:
    """Add up the year: first the base year's balance, then income, spending and
    what is carried over; test F1, F2 and F3.
    """
    budget = world.budget
    spent = _booked(world)
    spent |= {"public_use": public_use(world), "repairs": repairs(world)}
    if world.year == world.first_year:
        _balance_first_year(world, spent)
    before = budget.balance + budget.conditions
    own, grant = _pay_capital(world, spent["capital"])
    spent["running"] += _top_up(world, spent, spent["capital"] - own - grant)
    income, out = budget.appropriation + budget.surcharge + grant, added_up(spent.values())
    left = before + income - out - budget.conditions
    returned = max(left - world.p["balance_kept_of_income"] * income, 0.0)
    budget.balance = left - returned
    _note(world, spent, {"money_in": income, "money_out": out, "money_returned": returned, "capital_grant": grant})


def _booked(world: World) -> dict[str, float]:
    """Return this year's booked costs: pay, and capital and running cost of
    everything else; donations are off the budget.
    """
    booked = {"pay": 0.0, "capital": 0.0, "running": 0.0}
    for year, instance, _, kind, yuan in reversed(world.recorder.costs):
        if year != world.year:
            break
        if kind in booked:
            booked["pay" if instance == STAFF else kind] += yuan
    return booked


def _balance_first_year(world: World, spent: dict[str, float]) -> None:
    """Set the first year's income so that it balances: A + S = spending, S a share of revenue, A another."""
    budget, p = world.budget, world.p
    per_appropriation = p["surcharge_of_revenue"] / p["appropriation_of_revenue"]
    budget.conditions_share = p["surcharge_repairs_share"]
    base = added_up(spent.values()) - spent["repairs"]
    budget.appropriation = base / (1.0 + (1.0 - p["surcharge_repairs_share"]) * per_appropriation)
    budget.surcharge = per_appropriation * budget.appropriation
    budget.revenue = budget.first_revenue = budget.appropriation / p["appropriation_of_revenue"]
    spent["repairs"] = repairs(world)


def _top_up(world: World, spent: dict[str, float], general_capital: float) -> float:
    """Raise running spending per pupil to what was promised (F2),
    as far as a binding budget allows; return the yuan.
    """
    budget, floor = world.budget, world.budget.floor
    if floor is None:
        return 0.0
    missing = max(budget.per_pupil * (1.0 + floor.growth) * public_pupils(world) - _running(spent), 0.0)
    if world.budget.bound:
        left = (
            budget.balance
            + budget.appropriation
            + budget.surcharge
            - set_aside(world)
            - _running(spent)
            - general_capital
        )
        missing = min(missing, max(left, 0.0))
    world.spend(floor.instance, "running", missing, floor.measure)
    return missing


def _pay_capital(world: World, capital: float) -> tuple[float, float]:
    """Pay capital from the money set aside and from grants; return both. General money pays the rest."""
    budget = world.budget
    there = budget.conditions + set_aside(world)
    own = min(capital, there)
    budget.conditions = there - own
    return own, min(capital - own, budget.grant_limit)


def public_pupils(world: World) -> int:
    """Return the pupils of public schools this September."""
    return int(world.parts.pupils[world.parts.public].sum())


def _running(spent: dict[str, float]) -> float:
    return added_up(spent.values()) - spent["capital"]


def _note(world: World, spent: dict[str, float], flows: dict[str, float]) -> None:
    """Write the year's money, and whether the plan's three rules held; the first year has nothing to compare with."""
    budget = world.budget
    per_pupil = _running(spent) / max(public_pupils(world), 1)
    to_conditions = (spent["repairs"] + set_aside(world)) / budget.surcharge if budget.surcharge else 0.0
    values = flows | {
        "revenue": budget.revenue,
        "appropriation": budget.appropriation,
        "surcharge": budget.surcharge,
        "cost_public_use": spent["public_use"],
        "cost_repairs": spent["repairs"],
        "spending_per_pupil": per_pupil,
        "money_balance": budget.balance + budget.conditions,
        "surcharge_conditions_share": to_conditions,
    }
    if world.year > world.first_year:
        values["f1_met"] = float(budget.appropriation_growth > budget.growth)
        values["f2_met"] = float(per_pupil > budget.per_pupil)
        values["f3_met"] = float(to_conditions > world.p["surcharge_mainly"])
    budget.per_pupil = per_pupil
    world.recorder.note_all(world, values)
