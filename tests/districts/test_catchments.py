"""The quick search for catchments finds what a search through all pairs of moves finds."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.arrays import Floats, Ints
from simsim.districts.catchments import KM_WEIGHT, SMALLEST, evened


def plainly(chosen: Ints, movable: Ints, children: Floats, distance: Floats, target: Floats) -> Ints:
    """Do the same by weighing every pair of moves in every step."""
    n, chosen = len(target), chosen.copy()
    who, to = np.repeat(movable, n), np.tile(np.arange(n), len(movable))
    first, second = (pairs.ravel() for pairs in np.indices((len(who), len(who))))
    first, second = first[who[first] <= who[second]], second[who[first] <= who[second]]
    while len(first):
        change = children[who, None] * (np.eye(n)[to] - np.eye(n)[chosen[who]])
        further = children[who] * (distance[who, to] - distance[who, chosen[who]])
        load = np.bincount(chosen, children, n)
        same = who[first] == who[second]
        loads = load + change[first] + np.where(same[:, None], 0.0, change[second])
        km = KM_WEIGHT * (further[first] + np.where(same, 0.0, further[second]))
        cost = km + ((loads - target) ** 2 / target).sum(axis=1) + (loads < SMALLEST).sum(axis=1)
        now = ((load - target) ** 2 / target).sum() + (load < SMALLEST).sum()
        best = int(np.argmin(np.round(cost, 12)))
        if cost[best] >= now - SMALLEST:
            break
        if not same[best]:
            chosen[who[second[best]]] = to[second[best]]
        chosen[who[first[best]]] = to[first[best]]
    return chosen


@pytest.mark.parametrize("seed", range(60))
def test_it_chooses_as_a_search_through_all_pairs_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    places, schools = int(rng.integers(1, 12)), int(rng.integers(1, 6))
    children = rng.uniform(0.01, 0.2, places)
    # Half the time nearly everybody starts at one school, so that others are empty and every pair shares a school.
    chosen = rng.integers(0, schools if seed % 2 else 1, places)
    movable = np.flatnonzero(rng.random(places) < 0.8)
    distance, target = rng.uniform(0, 5, (places, schools)), rng.uniform(0.02, 0.5, schools)
    asked = (chosen, movable, children, distance, target)
    assert evened(*asked).tolist() == plainly(*asked).tolist()


def test_nobody_who_may_not_move_does() -> None:
    chosen = evened(np.zeros(3, int), np.array([1]), np.ones(3), np.zeros((3, 2)), np.ones(2))
    assert chosen.tolist() == [0, 1, 0]


def test_two_change_places_where_neither_could_move_alone() -> None:
    distance = np.array([[5.0, 0.0], [0.0, 5.0]])
    assert evened(np.array([0, 1]), np.arange(2), np.ones(2), distance, np.ones(2)).tolist() == [1, 0]
