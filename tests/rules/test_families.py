"""Families: what children bring to school."""

from __future__ import annotations

import pytest

from simsim.inputs.parameters import load
from simsim.rules.families import sd_entry, sd_growth, variance_of_knowledge


def values() -> dict[str, float]:
    """Return every parameter at its value."""
    return {name: parameter.value for name, parameter in load().items() if not parameter.rule}


def test_the_sds_of_entry_and_growth_are_solved_from_unit_variance() -> None:
    p = values()
    assert sd_entry(p) > 0 and sd_growth(p, 4.0) > 0
    assert variance_of_knowledge(p) == pytest.approx(
        p["test_reliability"] - (1 - p["lam_persist"]) ** 2 * 0.0177, abs=0.01
    )
