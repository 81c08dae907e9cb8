"""Policies of other packages: found like simsim's own, or refused with what they lack."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import ClassVar

import numpy as np
import pytest

from simsim import policy
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.policy import Policy


class Good(Policy):
    """A complete policy."""

    name: ClassVar[str] = "good"
    title: ClassVar[dict[str, str]] = {"zh": "好", "en": "Good"}
    rates: ClassVar[tuple[str, ...]] = ("staff/exit",)
    factor: ClassVar[float] = 1.0

    def rate(self, name, district):
        return self.factor


class Nameless(Policy):
    """It has no name."""

    title: ClassVar[dict[str, str]] = {"zh": "无", "en": "None"}


class Untitled(Policy):
    """It has no title."""

    name: ClassVar[str] = "untitled"


class Misspelt(Good):
    """Its rate does not exist."""

    rates: ClassVar[tuple[str, ...]] = ("staff/exits",)


class Unset(Good):
    """Its settings are a plain class."""

    Settings = dict


class Taken(Good):
    """Its name is one of simsim's own."""

    name: ClassVar[str] = "rotation"


FLAWED = [
    ("Nameless", "name: is missing"),
    ("Untitled", "title: must be {zh: ..., en: ...}"),
    ("Misspelt", "rates = 'staff/exits': is not a named rate (did you mean staff/exit?)"),
    ("Unset", "Settings = <class 'dict'>: must be derived from"),
    ("Taken", "name = 'rotation': is already the name of"),
    ("District", "is not a class derived from simsim.policy.Policy"),
    ("nothing", "cannot be loaded (AttributeError"),
]


def offer(monkeypatch, name: str) -> None:
    """Let a package offer something of this module as a policy."""
    point = EntryPoint("theirs", f"{__name__}:{name}", policy.GROUP)
    monkeypatch.setattr(policy, "entry_points", lambda group: [point])
    policy.registry.cache_clear()


@pytest.fixture
def offering(monkeypatch):
    yield lambda name: offer(monkeypatch, name)
    monkeypatch.undo()
    policy.registry.cache_clear()


@pytest.mark.parametrize(("name", "remedy"), FLAWED)
def test_another_packages_policy_that_is_none_is_named_with_what_it_lacks(offering, name, remedy):
    offering(name)
    with pytest.raises(InputError) as caught:
        policy.registry()
    message = str(caught.value)
    assert message.startswith(f"entry point theirs = {__name__}:{name}") and remedy in message and "\n" not in message


def test_another_packages_policy_is_found_like_simsims_own(offering):
    offering("Good")
    assert policy.find("good") is Good and policy.find("rotation").__module__ == "simsim.policies.rotation"


@pytest.mark.parametrize(
    ("cls", "remedy"),
    [(Nameless, "name: is missing"), (Misspelt, "did you mean staff/exit"), (Taken, "is a policy already")],
)
def test_a_policy_typed_into_a_notebook_is_checked_when_it_is_registered(cls, remedy):
    with pytest.raises(InputError) as caught:
        policy.register(cls)
    assert remedy in str(caught.value) and cls not in policy.registered.values()


@pytest.mark.parametrize("factor", [np.nan, np.inf, -0.5])
def test_a_multiplier_that_no_draw_would_notice_is_an_error(offering, monkeypatch, factor):
    offering("Good")
    monkeypatch.setattr(Good, "factor", factor)
    bonus = {"policy": "good", "from": "2015-09-01"}
    with pytest.raises(ValueError, match=r"bonus \(good\): rate\(\) gave .* for staff/exit"):
        District({"name": "s", "extends": "baseline", "policies": {"bonus": bonus}}).run(to=2015)
