"""Two hundred pupils, as columns and as a population."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from simsim.world.population import Population
from tests.world.pupils import SCHEMA, N, Pupil


@pytest.fixture
def columns():
    rng = np.random.default_rng(7)
    return {
        "id": np.sort(rng.choice(10_000, N, replace=False)),
        "school": rng.integers(1, 9, N),
        "grade": rng.integers(1, 10, N),
        "score": rng.normal(size=N),
        "moved": rng.random(N) < 0.3,
    }


@pytest.fixture
def people(columns):
    people = Population(SCHEMA, Pupil, mesa.Model())
    people.add(**columns)
    return people
