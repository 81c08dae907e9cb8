"""A district to change at will: made once, copied for every test."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

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


def founded() -> District:
    """Return a district in its first September."""
    return deepcopy(_founded())


def lived() -> District:
    """Return a district after its first year: September 2015, when nothing has happened yet."""
    return deepcopy(_lived())
