"""What every policy promises, whoever wrote it: it is described, inert at its zero dose, silent before its date, and
hard to break.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from simsim.district import District
from simsim.inputs.parameters import load
from simsim.policy import PHASES, Policy, registry
from simsim.scenarios.scenario import Scenario
from simsim.world.rates import RATES

SEED = 3
POLICIES = sorted(registry())
EXTREMES = [(name, i) for name in POLICIES for i in range(len(registry()[name].extremes))]


def district(policies: dict, to: int) -> District:
    """Return a district that lived under these policies up to a year."""
    spec = {"name": "trial", "extends": "baseline", "policies": policies}
    return District(spec, seed=SEED).run(to=to)


def needed(name: str, start: str = "2015-09-01") -> dict:
    """Return instances of what a policy requires, and of what those require, as they come from their defaults."""
    found = {}
    for other in registry()[name].requires:
        found |= {f"needed-{other}": {"policy": other, "from": start}} | needed(other, start)
    return found


def entry(name: str, start: str, settings: dict) -> dict:
    return {"policy": name, "from": start, "settings": dict(settings)}


def without(name: str, to: int) -> District:
    """Return the district that lacks only this policy."""
    return _without(name if registry()[name].requires else "", to)


@cache
def _without(name: str, to: int) -> District:
    return district(needed(name) if name else {}, to)


def assert_same(one: District, two: District) -> None:
    """Every column of every person, and every table but that of touched agents, bit for bit."""
    for kind in ("students", "teachers"):
        mine, other = getattr(one, kind).columns, getattr(two, kind).columns
        assert list(mine) == list(other)
        for column in mine:
            np.testing.assert_array_equal(mine[column], other[column], err_msg=f"{kind}.{column}")
    tables, others = one.tables(), two.tables()
    for table in set(tables) - {"touched"}:
        pd.testing.assert_frame_equal(tables[table], others[table], check_exact=True, obj=table)


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_says_what_it_is_in_both_languages(name):
    policy = registry()[name]
    assert policy.name == name and policy.title["zh"].strip() and policy.title["en"].strip()
    assert policy.title["zh"] != policy.title["en"]
    assert policy.effect and policy.touches and policy.__doc__
    assert set(policy.rates) <= set(RATES)
    assert not policy.rates or policy.rate is not Policy.rate
    assert any(hasattr(policy, phase) for phase in PHASES) or policy.rates or policy.begin is not Policy.begin


@pytest.mark.parametrize("name", POLICIES)
def test_every_setting_has_a_unit_and_a_source(name):
    for key, field in registry()[name].Settings.model_fields.items():
        extra = field.json_schema_extra or {}
        assert extra.get("unit") and extra.get("source"), f"{name}.{key}"
        assert not extra.get("parameter") or extra["parameter"] in load(), f"{name}.{key}"


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_works_from_its_defaults(name):
    cls = registry()[name]
    assert cls.Settings() == cls.Settings.model_validate({})
    spec = Scenario.load(
        {"name": "trial", "extends": "baseline", "policies": needed(name) | {"x": entry(name, "2015-09-01", {})}}
    )
    assert name in {i.policy for i in spec.instances}


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_does_nothing_at_its_zero_dose(name):
    trial = district(needed(name) | {"x": entry(name, "2015-09-01", registry()[name].zero)}, 2017)
    assert_same(trial, without(name, 2017))


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_changes_nothing_before_its_date(name):
    trial = district(needed(name) | {"x": entry(name, "2016-09-01", {})}, 2015)
    assert_same(trial, without(name, 2015))


@pytest.mark.parametrize(("name", "index"), EXTREMES)
def test_a_policy_survives_the_ends_of_its_range(name, index):
    trial = district(needed(name) | {"x": entry(name, "2015-09-01", registry()[name].extremes[index])}, 2016)
    table = trial.tables()["district_year"]
    scores = table[(table.indicator == "score") & (table.group == "all")].value
    assert np.isfinite(scores).all() and len(trial.students) > 0


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_touches_somebody(name):
    trial = district(needed(name) | {"x": entry(name, "2015-09-01", {})}, 2017)
    touched = sum(p.touched for p in trial.policies if p.name == name)
    assert touched > 0 or _touched_in_the_plan().get(name, 0) > 0


@cache
def _touched_in_the_plan() -> dict[str, int]:
    """Return how many each policy touches with the settings that the plan gives it."""
    plan = District("plan", seed=SEED).run(to=2018)
    totals: dict[str, int] = {}
    for policy in plan.policies:
        totals[policy.name] = totals.get(policy.name, 0) + policy.touched
    return totals
