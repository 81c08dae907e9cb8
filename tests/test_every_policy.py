"""What every policy promises (simsim/studies/contract.py) holds for every
policy there is, and a broken promise is found.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

import simsim
from simsim.district import District
from simsim.policy import Policy, PolicySettings, register, registered, registry, setting
from simsim.studies import contract
from simsim.studies.contract import ID, PROMISES, SEED, Trial

LAST = 2017
POLICIES = sorted(registry())
EVERY_DAY = ("rotation",)
"""Policies held to the contract in the everyday tests; `make test` holds all to it."""
EACH = [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.slow) for name in POLICIES]


@cache
def trial(name: str) -> Trial:
    return Trial(registry()[name], LAST)


@pytest.mark.slow
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("name", EACH)
def test_a_policy_keeps_the_contract(name, promise):
    assert list(promise(trial(name))) == []


@pytest.mark.parametrize("name", EACH)
def test_a_policy_touches_somebody(name):
    touched = sum(p.touched for p in trial(name).at_defaults[0].policies if p.id == ID)
    assert touched > 0 or _touched_in_the_plan().get(name, 0) > 0


@cache
def _touched_in_the_plan() -> dict[str, int]:
    """Return how many each policy touches with the settings that the plan gives it."""
    plan = District("plan", seed=SEED).run(to=2018)
    totals: dict[str, int] = {}
    for policy in plan.policies:
        totals[policy.name] = totals.get(policy.name, 0) + policy.touched
    return totals


# ---- a class of somebody's own ----


class Visits(Policy):
    """A share of the teachers is visited, each time for a fee."""

    name = "visits"
    title = {"zh": "听课", "en": "Visits"}
    zero: Any = {"share": 0.0}

    class Settings(PolicySettings):
        """How many are visited, and the fee."""

        share: float = setting(0.1, unit="share of teachers", ge=0, le=1)
        fee: float = setting(10.0, unit="yuan a visit", ge=0)

    def staff(self, district):
        ids = district.teachers.id
        visited = district.chance(self.stream("visited"), ids, self.settings.share)
        self.touched += int(visited.sum())
        district.spend(self.id, "running", self.settings.fee * int(visited.sum()), self.measure)


def refused(cls: type[Policy], *promises: Any) -> str:
    """Return what is said of a class held to these promises, or to all."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(simsim.InputError) as error:
        patch.setattr(contract, "PROMISES", promises or PROMISES)
        simsim.check_policy(cls)
    return str(error.value)


@pytest.mark.slow
def test_a_policy_that_keeps_the_contract_passes_and_is_not_registered_by_it():
    assert simsim.check_policy(Visits) is None
    assert "visits" not in registry()


def test_a_class_that_is_no_policy_is_refused_before_anything_runs():
    assert "is not a class derived from" in refused(dict)


def test_a_policy_without_zero_fails():
    class Unproven(Visits):
        """Without zero."""

        zero = Policy.zero

    assert "Unproven: zero: is missing" in refused(Unproven, contract.is_described)


def test_a_zero_that_does_something_fails_and_what_it_changes_is_named():
    class Restless(Visits):
        """A zero dose that is none."""

        zero = {"share": 1.0}

    assert re.search(
        r"zero = {'share': 1.0}: changes .*table costs.*; at zero a policy must do nothing",
        refused(Restless, contract.is_inert_at_zero),
    )


def test_acting_before_the_date_fails():
    class Early(Visits):
        """Acts before its time."""

        def begin(self, district):
            if self.settings.share:
                district.teachers.mu[:] += 1.0

    assert "before its date" in refused(Early, contract.waits_for_its_date)


def test_a_setting_without_a_unit_or_source_fails():
    class Bare(Visits):
        """A setting without a word."""

        class Settings(Visits.Settings):
            """Bare."""

            more: float = 0.0

    assert "Settings.more: has no unit or source" in refused(Bare, contract.has_units_and_sources)


def test_failing_at_an_extreme_is_named_with_its_settings():
    class Brittle(Visits):
        """Fails when everybody is visited."""

        extremes = ({"share": 1.0},)

        def staff(self, district):
            if self.settings.share == 1.0:
                raise ValueError("nobody left")

    assert "extremes = {'share': 1.0}: raised ValueError in a trial run: nobody left" in refused(
        Brittle, contract.survives
    )


@pytest.mark.slow
def test_failing_at_the_defaults_is_said_once():
    class Broken(Visits):
        """Fails always, but for its zero."""

        def staff(self, district):
            if self.settings.share:
                raise KeyError("lost")

    assert (
        refused(Broken)
        == "test_failing_at_the_defaults_is_said_once.<locals>.Broken: raised KeyError in a trial run: 'lost'"
    )


def test_costs_under_another_name_fail():
    class Hidden(Visits):
        """Books under a name of its own."""

        def staff(self, district):
            district.spend("visits-fund", "running", self.settings.share)

    assert "spend = ['visits-fund']: is no instance" in refused(Hidden, contract.books_under_its_id)


@pytest.mark.slow
def test_a_draw_that_is_not_keyed_fails():
    class Dice(Visits):
        """Throws dice that all runs share."""

        dice = np.random.Generator(np.random.Philox(1))

        def staff(self, district):
            if self.settings.share:
                district.teachers.mu[:] += self.dice.random()

    assert "depend on what else was run before" in refused(Dice, contract.depends_on_no_other_run)


def test_a_stream_of_another_name_fails():
    class Borrower(Visits):
        """Draws from a stream that does not start with its id."""

        def staff(self, district):
            if self.settings.share:
                district.chance("staff/exit", district.teachers.id, self.settings.share)

    assert "stream = ['staff/exit']: is not the policy's own" in refused(Borrower, contract.draws_from_its_own_streams)


def test_a_name_that_is_taken_is_refused_and_the_registry_is_left_as_it_was():
    class Taken(Visits):
        """Has the name of a shipped policy."""

        name = "rotation"

    before = dict(registered)
    assert "is a policy already" in refused(Taken)
    assert registered == before


def test_a_policy_without_zero_runs_with_one_line_of_notice(tmp_path, caplog, monkeypatch):
    class Unproven(Visits):
        """Without zero."""

        name = "unproven"
        zero = Policy.zero

    monkeypatch.setitem(registered, "unproven", Unproven)
    register(Unproven)
    policies = {"x": {"policy": "unproven", "from": "2015-09-01"}, "y": {"policy": "coaching", "from": "2015-09-01"}}
    scenario = {"name": "noticed", "extends": "baseline", "policies": policies}
    simsim.Experiment(scenario, seeds=1, to=2015).run(out=tmp_path / "run", progress=False)
    registry.cache_clear()
    assert [r.getMessage() for r in caplog.records if r.name == "simsim"] == [
        "policy unproven declares no zero: that it is inert at a zero dose is unproven; see simsim.check_policy"
    ]
