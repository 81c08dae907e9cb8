"""Children drawn once for several worlds of a seed: the same, and drawn anew where anything they rest on differs."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.rules import persons
from simsim.rules.newcomers import newcomers
from tests.one_district import founded

YEAR = 2016


@pytest.fixture
def calls(monkeypatch):
    """How many times children were drawn."""
    made, draw = [], persons.children
    monkeypatch.setattr(persons, "children", lambda *given: (made.append(1), draw(*given))[1])
    return made


def given(n: int = 12):
    place = np.arange(n) % 3
    ids = identity.make(YEAR, identity.BIRTH, 0, np.arange(n))
    return ids, place, np.full(n, 0.3), np.ones(n, np.int64), identity.BIRTH


def test_a_second_world_has_the_same_children_and_draws_none(calls):
    one, two = founded(), founded()
    one.drawn = two.drawn = {}
    calls.clear()
    first, second = newcomers(one, *given()), newcomers(two, *given())
    assert len(calls) == 1 and first is not second
    alone = newcomers(founded(), *given())
    assert all((second[name] == column).all() for name, column in alone.items()) and second.keys() == alone.keys()


@pytest.mark.parametrize("what", ["parameter", "neighbourhood", "number", "year"])
def test_what_differs_is_drawn_anew(calls, what):
    one, two = founded(), founded()
    one.drawn = two.drawn = {}
    calls.clear()
    newcomers(one, *given())
    if what == "parameter":
        two.p["migrant_ses_gap"] += 0.1
    if what == "neighbourhood":
        two.neighbourhoods.standing[0] += 0.1
    two.year += what == "year"
    asked = given(11 if what == "number" else 12)
    two.drawn, found = None, newcomers(two, *asked)
    two.drawn, again = one.drawn, newcomers(two, *asked)
    assert len(calls) == 3 and all((again[name] == column).all() for name, column in found.items())


def test_columns_are_of_the_kinds_of_the_roll():
    world = founded()
    found = newcomers(world, *given())
    assert {name: column.dtype for name, column in found.items()} == {
        name: world.students.columns[name].dtype for name in found
    }
