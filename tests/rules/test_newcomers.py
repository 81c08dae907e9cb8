"""Children drawn once for several worlds of a seed: the same, and drawn anew where anything they rest on differs."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.rules import newcomers as rule
from simsim.rules import persons
from simsim.rules.families import EVER
from simsim.rules.newcomers import knowledge_at, newcomers
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


def test_what_a_child_knows_on_coming_is_the_start_that_lasts_what_grew_with_ses_and_luck_by_hand(monkeypatch):
    world, ids = founded(), given(3)[0]
    monkeypatch.setattr(rule, "entry_knowledge", lambda *_: np.ones(3))
    monkeypatch.setattr(rule, "sd_growth", lambda p, years: 0.3 * (years == world.system.years_to_middle))
    world.p |= {"rho_K": 0.5, "b_g_ses_annual": 0.2}
    ses, grade, nobody = np.array([1.0, 1.0, 2.0]), np.array([1, 2, 4]), np.zeros(3, bool)
    luck = world.normal("family/history", ids, EVER)
    found = knowledge_at(world, ids, np.zeros(3, np.int64), ses, nobody, grade)
    lasting = [1.0, 0.5 + 1.0 * 0.2 * 1.0, 0.125 + 1.75 * 0.2 * 2.0]
    spread = [0.0, 0.3, 0.3 * np.sqrt((1 - 1 / 64) / 0.75)]
    assert found == pytest.approx(lasting + spread * luck)


def test_a_newcomer_knows_what_children_of_the_grade_know():
    world, (ids, place, share, _, route) = founded(), given()
    grade = np.arange(12) % 9 + 1
    found = newcomers(world, ids, place, share, grade, route)
    people = persons.children(world, ids, place, share, grade, route)
    expected = knowledge_at(world, ids, place, people["ses"], people["migrant"], grade)
    assert found["knowledge"] == pytest.approx(expected, abs=1e-6)
