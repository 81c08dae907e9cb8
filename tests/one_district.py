"""Districts to change at will: each made and lived once, and copied for every test that asks for it."""

from __future__ import annotations

import pickle
from copy import deepcopy
from functools import cache, lru_cache
from typing import Any

from simsim.district import District
from simsim.inputs.parameters import load

VALUES = {name: parameter.value for name, parameter in load().items() if not parameter.rule}
"""Every parameter at its value."""


@cache
def _founded() -> District:
    return District("baseline", seed=1, fixed_parameters=True)


@cache
def _lived() -> District:
    district = founded()
    district.step()
    return district


@lru_cache(maxsize=16)
def _lived_under(scenario: bytes, seed: int, to: int, fixed_parameters: bool) -> District:
    return District(pickle.loads(scenario), seed=seed, fixed_parameters=fixed_parameters).run(to=to)


def lived_under(scenario: Any, to: int, seed: int, fixed_parameters: bool = True) -> District:
    """Return a district that lived under a scenario up to a year; not for tests that patch what happens in a year."""
    return deepcopy(_lived_under(pickle.dumps(scenario), seed, to, fixed_parameters))


def founded() -> District:
    """Return a district in its first September."""
    return deepcopy(_founded())


def lived() -> District:
    """Return a district after its first year: September 2015, when nothing has happened yet."""
    return deepcopy(_lived())
