"""Misuse from Python: the District, and policies that other packages or notebooks bring - each mistake is named with
its remedy.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import ClassVar

import numpy as np
import pytest

from simsim import policy
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.policy import Policy


@pytest.fixture(scope="module")
def district():
    return District("baseline", seed=1)


@pytest.mark.parametrize("seed", [0, -1, 1.5, "1", None, True, 2**40])
def test_a_seed_is_a_whole_number_from_one(seed):
    with pytest.raises(InputError, match="seed"):
        District("baseline", seed=seed)


def test_numpys_integers_are_seeds_too(district):
    assert np.array_equal(District("baseline", seed=np.int64(1)).students.knowledge, district.students.knowledge)


@pytest.mark.parametrize("scenario", ["plam", 5, None, ["plan"], "../plan"])
def test_an_unknown_scenario_is_named(scenario):
    with pytest.raises(InputError, match="scenario"):
        District(scenario)


@pytest.mark.parametrize("to", [2013, 2036, 2014.5, "2015", None])
def test_a_year_out_of_range_is_refused_before_anything_is_lived(district, to):
    with pytest.raises(InputError, match="must be a year from 2014 to 2035"):
        district.run(to=to)
    assert district.year == 2014


def test_no_step_goes_beyond_the_last_year(district, monkeypatch):
    monkeypatch.setattr(district, "year", 2036)
    with pytest.raises(InputError, match="must be a year from 2014 to 2035"):
        district.step()


def test_a_district_may_be_named_and_an_unknown_one_is_refused():
    assert District("baseline", data="erdao").data.name == "erdao"
    with pytest.raises(InputError, match="nowhere"):
        District("baseline", data="nowhere")


def test_tables_before_the_first_year_say_what_to_do(district):
    with pytest.raises(RuntimeError, match="live a year first"):
        district.tables()


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
