"""One explorer of a small district, lived in two worlds, that tests copy and change."""

from __future__ import annotations

from copy import copy

import pytest

from simsim.explorer.state import Explorer

LAST = 2026
QUOTA = {"policy": "rotation", "from": "2025-09-01", "settings": {"quota": 0.2, "voluntary": False}}
ROTATING = {"name": "rotating", "extends": "xinwan-baseline", "policies": {"R": QUOTA}}


@pytest.fixture(scope="session")
def lived():
    state = Explorer(ROTATING, "xinwan", seeds=2)
    state.to = state.year = state.first + 2
    return state.live()


@pytest.fixture
def state(lived):
    """The same worlds in an explorer of one's own."""
    twin = copy(lived)
    twin.changes, twin.saved, twin.worlds, twin.failures = {}, [], dict(lived.worlds), {}
    return twin
