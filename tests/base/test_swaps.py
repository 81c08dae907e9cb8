"""Swaps of teachers between schools: who may change places with whom, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import SUBJECT_GROUPS
from simsim.base.swaps import Balance, Capacity, Pool, exchange, shuffle, to_need


def pool(cell, part, *, accepts=True, counts=True, side=None, backbone=False) -> Pool:
    n, part = len(cell), np.array(part)
    full = lambda value: np.broadcast_to(np.asarray(value), n).copy()  # noqa: E731
    group = np.array(cell) % len(SUBJECT_GROUPS)
    return Pool(
        np.array(cell),
        part,
        group,
        part if side is None else np.array(side),
        full(counts),
        full(accepts),
        full(backbone),
    )


def test_a_swap_is_between_schools_and_inside_a_cell():
    answer = exchange(pool([0, 0, 1, 0, 1], [7, 7, 7, 8, 7]), target=5)
    assert sorted(answer.moves) == [(0, 8), (3, 7)]


def test_who_refuses_is_noted_only_when_asked():
    answer = exchange(pool([0] * 6, [1, 2, 1, 2, 1, 2], accepts=[False, True, True, False, True, True]), target=2)
    assert answer.refused == [0] and sorted(answer.moves) == [(1, 1), (2, 2)]


def test_a_shuffle_deals_out_the_same_places_and_leaves_nobody_at_home():
    people = pool([0] * 60, [1] * 20 + [2] * 25 + [3] * 15)
    order = np.random.default_rng(0).permutation(60)
    people = pool([0] * 60, people.part[order])
    answer = shuffle(people, exchange(people, 60), np.random.default_rng(1).random(60))
    movers = [person for person, _ in answer.moves]
    assert sorted(place for _, place in answer.moves) == sorted(people.part[movers])
    assert all(people.part[person] != place for person, place in answer.moves) and len(movers) > 50


def test_need_sends_one_alone_while_that_evens_out_and_swaps_after_that():
    room = Capacity(
        np.array([[10, 0, 0, 0, 0], [6, 0, 0, 0, 0]]), np.array([80.0, 80.0]), np.array([[8] + [0] * 4, [5] + [0] * 4])
    )
    answer = to_need(pool([0] * 5, [0, 0, 0, 0, 1]), 5, room, {0: np.array([True, True])})
    assert answer.moves[:2] == [(0, 1), (1, 1)]
    assert room.staff[:, 0].tolist() == [8, 8]
    assert len(answer.moves) == 2  # even now: nobody is needed more elsewhere


def test_a_balancing_swap_is_the_one_that_narrows_most():
    quality = np.array([0.3, 0.1, -0.1, -0.3])
    sums = np.zeros((2, 5))
    sums[:, 0] = 0.4, -0.4
    people = pool([0] * 4, [0, 0, 1, 1])
    balance = Balance(people, quality, sums, np.array([[2, 0, 0, 0, 0]] * 2), sided=False)
    balance.run(2, np.ones(4, bool))
    assert balance.answer.moves == [(0, 1), (2, 0)]  # means 0 and 0: the gap is closed
    assert balance.sums[:, 0] == pytest.approx([0.0, 0.0])
