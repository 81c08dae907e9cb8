"""Distances in a straight line."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsim.base.geometry import distance_km

KM = st.floats(-500, 500)


def test_the_triangle_of_three_and_four_has_five():
    assert distance_km(1.0, 2.0, 4.0, 6.0) == 5.0


@given(KM, KM, KM, KM, KM, KM)
def test_the_way_back_is_as_long_and_a_detour_is_never_shorter(ax, ay, bx, by, cx, cy):
    assert distance_km(ax, ay, bx, by) == distance_km(bx, by, ax, ay)
    assert distance_km(ax, ay, cx, cy) <= distance_km(ax, ay, bx, by) + distance_km(bx, by, cx, cy) + 1e-9


def test_many_homes_and_many_schools_give_a_table():
    km = distance_km(np.zeros((3, 1)), np.zeros((3, 1)), np.arange(2.0), np.zeros(2))
    assert km.tolist() == [[0.0, 1.0]] * 3
