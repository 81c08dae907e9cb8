"""A correction shared over parameters: exact on the path, nearest in the sense of the priors, floored at the range."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from simsim.base.streams import Streams
from simsim.conditioning.path import INFLOW, SHARED, Path
from simsim.conditioning.sharing import expected, shared
from simsim.districts.factual import Factual, SoftFact
from simsim.inputs import parameters
from tests.one_district import founded

PRIORS = {name: parameters.load()[name] for name in SHARED}
VALUES = {name: prior.value for name, prior in PRIORS.items()}
FIRST = SoftFact("first", 3600.0, 0.1, 2014, grade=1)


@cache
def path():
    return Path.of(founded(), 2018)


def conditioned(pupils, soft=(), drawn=None, priors=PRIORS):
    factual = Factual("plan", 2018, pupils, None, soft)
    found = shared(path(), factual, drawn or VALUES, priors, Streams(3))
    return found, expected(path(), factual, np.array([found[name] for name in SHARED]))


@pytest.mark.parametrize("pupils", [37_000.0, 41_000.0])
def test_the_path_ends_at_the_published_pupils(pupils):
    found, reached = conditioned(pupils, (FIRST,))
    assert abs(reached[0] / pupils - 1) < 5e-4
    assert found != VALUES


def test_what_is_met_already_moves_nothing():
    here = path().rolls(VALUES)[2018].sum()
    found, _ = conditioned(here)
    assert {name: round(value, 9) for name, value in found.items()} == {n: round(v, 9) for n, v in VALUES.items()}


def test_every_parameter_takes_its_part_in_the_direction_that_helps():
    found, _ = conditioned(path().rolls(VALUES)[2018].sum() + 2000)
    assert found[INFLOW] > VALUES[INFLOW] and found["births_to_entry_urban"] > VALUES["births_to_entry_urban"]
    assert found["migrant_leave"] < VALUES["migrant_leave"]


def test_in_migration_stays_in_its_range_and_the_others_take_the_rest():
    found, reached = conditioned(34_500.0)
    assert found[INFLOW] == PRIORS[INFLOW].low and abs(reached[0] / 34_500 - 1) < 5e-4


def test_a_parameter_that_the_district_sets_itself_is_left_alone():
    priors = {name: prior for name, prior in PRIORS.items() if name != "births_to_entry_urban"}
    found, _ = conditioned(41_000.0, priors=priors)
    assert found["births_to_entry_urban"] == VALUES["births_to_entry_urban"]


def test_a_surer_fact_pulls_harder():
    def first(doubt):
        fact = replace(FIRST, value=4400.0, doubt=doubt)
        runs = [shared(path(), Factual("plan", 2018, 39_000.0, None, (fact,)), VALUES, PRIORS, Streams(s))
                for s in range(1, 9)]  # fmt: skip
        return np.mean([abs(path().fact(fact, path().rolls(run), run) - 4400.0) for run in runs])

    assert first(0.02) < first(0.3)
