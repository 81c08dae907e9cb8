"""Patterns of choice, on schools and homes made by hand."""

from __future__ import annotations

import pytest

from simsim.base.codes import JUNIOR
from simsim.studies.pattern_choice import entrants, schools_nearer, sorting
from tests.studies.hand_made import snapshot

PARTS = {
    "key": [1, 2, 3, 4, 5],
    "stage": [1, 1, 1, 0, 1],
    "x_km": [0.0, 1.0, 2.0, 0.1, 0.2],
    "public": [True] * 4 + [False],
}


def children(part, **more):
    return {"part": part, "grade": 7, "home_x": 0.0, "home_y": 0.0} | more


def test_entrants_are_the_entry_grade_at_public_schools_of_the_stage():
    seen = snapshot(PARTS, children([0, 1, 3, 4, 2], grade=[7, 8, 1, 7, 7]))
    assert entrants(seen, JUNIOR).tolist() == [True, False, False, False, True]


def test_nearer_schools_are_public_ones_of_the_same_stage():
    seen = snapshot(PARTS, children([0, 1, 2, 2], home_x=[0.0, 0.0, 0.0, 1.9]))
    assert schools_nearer(seen, JUNIOR).tolist() == [0, 1, 2, 0]


def test_sorted_schools_have_all_the_variance_and_mixed_ones_none():
    apart = {"ses": [0.0, 0.0, 1.0, 1.0], "knowledge": [1.0, 1.0, 0.0, 0.0], "migrant": [True, True, False, False]}
    assert sorting(snapshot(PARTS, children([0, 0, 1, 1], **apart))) == pytest.approx(
        dict.fromkeys(("ses", "ability", "migrants"), 1.0)
    )
    assert sorting(snapshot(PARTS, children([0, 1, 0, 1], **apart))) == pytest.approx(
        dict.fromkeys(("ses", "ability", "migrants"), 0.0)
    )
