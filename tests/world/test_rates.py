"""Rates: what is registered is asked for, what is not is refused, and multipliers are numbers of at least 0."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import simsim
from simsim.world.rates import RATES, multiplied

PACKAGE = Path(simsim.__file__).parent


def policy(factor, name: str = "staff/exit"):
    return SimpleNamespace(id="A", name="toy", rates=(name,), rate=lambda rate, world: factor)


@pytest.mark.parametrize("name", RATES)
def test_every_registered_rate_is_asked_for_somewhere(name):
    texts = (path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "rates.py")
    assert any(f'rate("{name}"' in "".join(text.split()).replace("rate(\n", "rate(") for text in texts)


def test_every_rate_says_its_unit_its_base_and_who_asks():
    assert all(rate.unit and rate.base and rate.asked_by for rate in RATES.values())


def test_without_a_policy_the_base_stays():
    assert multiplied("staff/exit", [0.1, 0.2], [], None).tolist() == [0.1, 0.2]


def test_every_policy_that_names_the_rate_multiplies_it_and_no_other_does():
    policies = [policy(0.5), policy(3.0), policy(100.0, "staff/voluntary-move")]
    assert multiplied("staff/exit", [0.1, 0.2], policies, None).tolist() == pytest.approx([0.15, 0.3])


def test_a_multiplier_may_differ_between_people_and_may_be_nought():
    assert multiplied("staff/exit", 0.4, [policy(np.array([0.0, 0.5]))], None).tolist() == [0.0, 0.2]


def test_a_policy_is_told_which_rate_and_which_world():
    asked = []
    toy = SimpleNamespace(id="A", name="toy", rates=("staff/exit",), rate=lambda *told: asked.append(told) or 1.0)
    multiplied("staff/exit", 0.1, [toy], "world")
    assert asked == [("staff/exit", "world")]


def test_an_unknown_rate_is_refused_with_a_suggestion():
    with pytest.raises(KeyError, match="did you mean staff/exit"):
        multiplied("staff/exits", 0.1, [], None)


@pytest.mark.parametrize("factor", [-0.1, float("nan"), float("inf"), np.array([1.0, -1.0]), "0.5", True, None])
def test_a_multiplier_that_is_negative_or_no_number_is_refused_by_name(factor):
    with pytest.raises(ValueError, match=r"A \(toy\): rate\(\) gave .* for staff/exit"):
        multiplied("staff/exit", 0.1, [policy(factor)], None)


@pytest.mark.parametrize("base", [float("nan"), "0.1", None, [0.1, float("inf")], True])
def test_a_base_that_is_no_number_is_refused(base):
    with pytest.raises(ValueError, match="the base of staff/exit must be finite numbers"):
        multiplied("staff/exit", base, [], None)


def test_multipliers_of_other_people_are_refused():
    with pytest.raises(ValueError, match=r"gave \(2, 1\) numbers for staff/exit; return one, or one for each at risk"):
        multiplied("staff/exit", [0.1, 0.2], [policy(np.ones((2, 1)))], None)
