"""Causes: shares that add up, and rules that are stopped."""

from __future__ import annotations

from itertools import combinations

import pytest

from simsim import year
from simsim.inputs.errors import InputError
from simsim.rules import building, classes, development, learning, money, monitoring
from simsim.studies import causes
from tests.one_district import founded


def game(worth):
    players = ("a", "b", "c")
    return {frozenset(some): worth(set(some)) for k in range(4) for some in combinations(players, k)}


def test_shares_of_what_adds_up_are_what_each_adds():
    found = causes.shapley(game(lambda some: sum({"a": 1.0, "b": 2.0, "c": -4.0}[who] for who in some)))
    assert found == pytest.approx({"a": 1.0, "b": 2.0, "c": -4.0})


def test_what_two_make_only_together_is_shared_and_the_third_gets_nothing():
    found = causes.shapley(game(lambda some: 6.0 * ({"a", "b"} <= some)))
    assert found == pytest.approx({"a": 3.0, "b": 3.0, "c": 0.0})


def test_the_glove_market_is_shared_as_in_the_textbook():
    found = causes.shapley(game(lambda some: float("a" in some and len(some) > 1)))
    assert found == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6})


def test_every_rule_of_rolls_staff_and_buildings_is_of_one_kind():
    kinds = [rule for rules in causes.KINDS.values() for rule in rules]
    assert len(set(kinds)) == len(kinds)
    always = {
        classes.form,
        building.clear_programs,
        building.note_rolls,
        year.record,
        year.act,
        year.instruct,
        year.show,
    }
    always |= {development.clear, development.grow, development.evaluate, learning.teach, learning.test}
    always |= {monitoring.observe, money.expect, money.allocate, money.settle, money.close}
    lived = {rule for phase in year.YEAR for rule in (*phase.first, *phase.rules)}
    assert lived - always - set(kinds) == set()


def test_with_every_kind_stopped_nothing_of_a_school_moves():
    district = founded()
    district.stopped = frozenset(rule for rules in causes.KINDS.values() for rule in rules)
    rolls, staff, rooms = district.parts.rolls(), district.parts.staff(), district.parts.rooms.copy()
    district.run(to=2016)
    assert (district.parts.rolls() == rolls).all() and (district.parts.staff() == staff).all()
    assert (district.parts.rooms == rooms).all()


@pytest.mark.slow  # a world for every combination of kinds
def test_the_shares_of_a_district_add_up_to_its_change():
    table = causes.causes(1, first_seed=3, jobs=1)
    assert len(table) == 2 * 2 * len(causes.INDICATORS)
    assert table["change"].to_numpy() == pytest.approx(table[[*causes.KINDS, "rest"]].sum(axis=1).to_numpy(), abs=1e-9)
    assert (table.loc[table["indicator"] != "teacher_gap", "rest"].abs() < 1e-9).all()
    assert (table["rolls"].abs() > 0.001).any() and (table["staff"].abs() > 0.001).any()


def test_no_worlds_are_refused():
    with pytest.raises(InputError, match="at least 1 world"):
        causes.causes(0)
