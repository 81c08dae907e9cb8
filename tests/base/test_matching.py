"""Deferred acceptance: the matching of an independent implementation, of textbooks
and of brute force; and what families want.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching.games import HospitalResident

from simsim.base import matching
from simsim.base.matching import deferred_acceptance, first_come, in_turn, lists


def instance(seed: int, pupils: int, schools: int, length: int, most: int, least: int = 0):
    """Return random lists (n, k; -1 after their end), tickets and seats."""
    rng = np.random.default_rng(seed)
    asked = rng.permuted(np.tile(np.arange(schools), (pupils, 1)), axis=1)[:, :length]
    asked = np.where(np.arange(length) < rng.integers(1, length + 1, pupils)[:, None], asked, -1)
    return asked, rng.random((pupils, length)), rng.integers(least, most + 1, schools)


def school_of(asked, place):
    return np.where(place >= 0, np.take_along_axis(asked, np.maximum(place, 0)[:, None], axis=1)[:, 0], -1)


def published(asked, tickets, seats) -> np.ndarray:
    """Return the school of each pupil by the package `matching` (student-optimal)."""
    residents = {i: [int(s) for s in row if s >= 0] for i, row in enumerate(asked)}
    ticket = {(i, int(s)): tickets[i, k] for i, row in enumerate(asked) for k, s in enumerate(row) if s >= 0}
    askers = {s: [i for i in residents if s in residents[i]] for s in np.unique(asked[asked >= 0]).tolist()}
    hospitals = {s: sorted(there, key=lambda i, s=s: ticket[i, s]) for s, there in askers.items()}
    game = HospitalResident.create_from_dictionaries(residents, hospitals, {s: int(seats[s]) for s in hospitals})
    found = np.full(len(asked), -1)
    for hospital, matched in game.solve(optimal="resident").items():
        found[[resident.name for resident in matched]] = hospital.name
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_matching_is_that_of_an_independent_published_implementation(seed):
    size = np.random.default_rng(1000 + seed)
    schools = int(size.integers(2, 9))
    problem = instance(
        seed, int(size.integers(5, 80)), schools, int(size.integers(1, schools + 1)), int(size.integers(1, 20)), least=1
    )
    np.testing.assert_array_equal(school_of(problem[0], deferred_acceptance(*problem)), published(*problem))


def stable(asked, tickets, seats, place) -> bool:
    """Whether nobody prefers a school that has a seat free or seats somebody with a worse ticket."""
    rank = np.where(place < 0, asked.shape[1], place)
    for i, k in product(*map(range, asked.shape)):
        if asked[i, k] >= 0 and k < rank[i]:
            there = [
                tickets[j, place[j]] for j in range(len(asked)) if place[j] >= 0 and asked[j, place[j]] == asked[i, k]
            ]
            if len(there) < seats[asked[i, k]] or tickets[i, k] < max(there, default=-1.0):
                return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_it_is_stable_and_every_pupil_likes_it_best_among_all_stable_matchings(seed):
    asked, tickets, seats = instance(seed, 5, 3, 3, 2)
    found = deferred_acceptance(asked, tickets, seats)
    assert stable(asked, tickets, seats, found)
    mine = np.where(found < 0, 3, found)
    for places in product(range(-1, 3), repeat=5):
        place = np.array(places)
        schools = school_of(asked, place)
        feasible = (schools[place >= 0] >= 0).all() and (np.bincount(schools[schools >= 0], minlength=3) <= seats).all()
        if feasible and stable(asked, tickets, seats, place):
            assert (mine <= np.where(place < 0, 3, place)).all()


def test_the_example_of_gale_and_shapley_has_its_single_stable_matching():
    # Gale and Shapley (1962), example 2: each pair (rank of the woman by the man, rank of the man by the woman).
    one, two = [(1, 3), (2, 3), (3, 2), (4, 3)], [(1, 4), (4, 1), (3, 3), (2, 2)]
    table = np.array([one, two, [(2, 2), (1, 4), (3, 4), (4, 1)], [(4, 1), (2, 2), (3, 1), (1, 4)]])
    asked = np.argsort(table[:, :, 0], axis=1)
    tickets = np.take_along_axis(table[:, :, 1].astype(float), asked, axis=1)
    assert school_of(asked, deferred_acceptance(asked, tickets, np.ones(4, int))).tolist() == [2, 3, 0, 1]


def test_one_contested_seat_goes_to_the_better_ticket_and_equal_tickets_to_the_first_row():
    asked, seats = np.zeros((3, 1), int), np.ones(1, int)
    assert deferred_acceptance(asked, np.array([[0.4], [0.2], [0.9]]), seats).tolist() == [-1, 0, -1]
    assert deferred_acceptance(asked, np.full((3, 1), 0.5), seats).tolist() == [0, -1, -1]


def test_without_seats_or_pupils_or_wishes_nobody_gets_a_place():
    asked, tickets, _ = instance(1, 6, 3, 3, 1)
    assert (deferred_acceptance(asked, tickets, np.zeros(3, int)) == -1).all()
    assert (deferred_acceptance(np.full((6, 3), -1), tickets, np.ones(3, int)) == -1).all()
    assert len(deferred_acceptance(asked[:0], tickets[:0], np.ones(3, int))) == 0
    assert (deferred_acceptance(asked[:, :0], tickets[:, :0], np.ones(3, int)) == -1).all()


def test_the_order_of_pupils_does_not_matter():
    asked, tickets, seats = instance(5, 60, 6, 4, 8)
    shuffled = np.random.default_rng(2).permutation(60)
    np.testing.assert_array_equal(
        deferred_acceptance(asked, tickets, seats)[shuffled],
        deferred_acceptance(asked[shuffled], tickets[shuffled], seats),
    )


@given(st.integers(0, 10_000), st.integers(0, 4))
def test_more_seats_make_no_pupil_worse_off(seed, school):
    asked, tickets, seats = instance(seed, 40, 5, 5, 9)
    more = seats + (np.arange(5) == school)
    before, after = (
        np.where(x < 0, 9, x)
        for x in (deferred_acceptance(asked, tickets, seats), deferred_acceptance(asked, tickets, more))
    )
    assert (after <= before).all()


@given(st.integers(0, 10_000))
def test_one_more_pupil_makes_no_other_better_off(seed):
    asked, tickets, seats = instance(seed, 40, 5, 5, 9)
    all_, fewer = deferred_acceptance(asked, tickets, seats)[1:], deferred_acceptance(asked[1:], tickets[1:], seats)
    assert (np.where(fewer < 0, 9, fewer) <= np.where(all_ < 0, 9, all_)).all()


@given(st.integers(0, 10_000), st.permutations(range(5)))
def test_no_pupil_gains_by_another_list(seed, order):
    asked, tickets, seats = instance(seed, 30, 5, 5, 5)
    truth = deferred_acceptance(asked, tickets, seats)[0]
    lie, mine = asked.copy(), tickets.copy()
    lie[0], mine[0] = asked[0][order], tickets[0][order]
    place = deferred_acceptance(lie, mine, seats)[0]
    assert (9 if truth < 0 else truth) <= (9 if place < 0 else order[place])


def test_a_list_is_the_best_schools_and_never_one_that_is_not_asked():
    value = np.array([[0.5, -np.inf, 2.0, 1.0], [-np.inf, -np.inf, -np.inf, 0.0]])
    assert lists(value, 2).tolist() == [[2, 3], [3, -1]]
    assert lists(value, 9).tolist() == [[2, 3, 0, -1], [3, -1, -1, -1]]


# ---- row loops, and their plain twins ----

CELLS = st.lists(st.integers(0, 4), max_size=40)
SEATS = st.lists(st.integers(0, 8), min_size=5, max_size=5)


@given(CELLS, SEATS)
def test_claims_are_served_first_come_first_served_and_never_beyond_the_seats(cells, seats):
    cells, before = np.array(cells, np.int64), np.array(seats, np.int64)
    after = before.copy()
    taken = first_come(cells, after)
    np.testing.assert_array_equal(after, before - np.bincount(cells[taken], minlength=5))
    assert (after >= 0).all()
    for cell in range(5):
        mine = taken[cells == cell]
        assert mine[: before[cell]].all() and not mine[before[cell] :].any()


def ranked_claims(cells, seats):
    """Say the same with NumPy alone: who stands in the queue of a cell before its seats run out."""
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    rank = np.arange(len(cells)) - np.searchsorted(ordered, ordered)
    taken = np.empty(len(cells), bool)
    taken[order] = rank < seats[ordered]
    np.subtract.at(seats, cells[taken], 1)
    return taken


def chosen_in_turn(liking, fits, group, origin, of, vacant):
    """Say the same with NumPy alone, a person at a time."""
    chosen = np.full(len(liking), -1)
    for row, (kind, mine, start) in enumerate(zip(fits, group, origin, strict=True)):
        options = (of == kind) & (vacant[:, mine] > 0)
        options[start] &= start < 0
        if options.any():
            chosen[row] = np.argmax(np.where(options, liking[row], -np.inf))
            vacant[chosen[row], mine] -= 1
            if start >= 0:
                vacant[start, mine] += 1
    return chosen


@pytest.fixture(params=["compiled", "as Python runs it"])
def way(request, monkeypatch):
    assert all(hasattr(kernel, "py_func") for kernel in matching._kernels())
    if request.param != "compiled":
        monkeypatch.setattr(matching, "_kernels", lambda: (matching._serve, matching._choose))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("seed", range(30))
def test_the_compiled_loops_do_what_numpy_does(seed):
    rng = np.random.default_rng(seed)
    people, places, groups = rng.integers(0, 60), rng.integers(1, 12), 3
    cells, seats = rng.integers(0, places, people), rng.integers(-2, 9, places)
    plain = seats.copy()
    np.testing.assert_array_equal(first_come(cells, seats), ranked_claims(cells, plain))
    np.testing.assert_array_equal(seats, plain)
    vacant, of = rng.integers(-1, 3, (places, groups)), rng.integers(0, 2, places)
    # Likings of one decimal are often equal: the first of the best is taken.
    liking = rng.normal(size=(people, places)).round(1)
    who = rng.integers(0, 2, people), rng.integers(0, groups, people), rng.integers(-1, places, people)
    plain = vacant.copy()
    np.testing.assert_array_equal(in_turn(liking, *who, of, vacant), chosen_in_turn(liking, *who, of, plain))
    np.testing.assert_array_equal(vacant, plain)
