"""Seats: open to anybody or kept for the catchment, and one fewer of both for whoever sits down."""

from __future__ import annotations

import numpy as np

from simsim.world.seats import Seats


def test_a_seat_that_one_takes_is_one_fewer_for_everybody():
    seats = Seats(np.array([[1, 0]]), np.array([[3, 1]]))
    assert seats.take(np.array([0, 0, 0, 1]), own=True).tolist() == [True, True, True, True]
    assert seats.open.tolist() == [[-2, -1]] and seats.own.tolist() == [[0, 0]]
    assert not seats.take(np.array([0, 1])).any()
    seats = Seats(np.array([[2]]), np.array([[3]]))
    assert seats.take(np.array([0, 0, 0])).tolist() == [True, True, False]
    assert seats.own.tolist() == [[1]]


def test_the_same_seats_for_everybody_are_copies():
    given = np.array([[2, 1]])
    seats = Seats.alike(given)
    assert seats.take(np.array([0, 1])).all()
    assert given.tolist() == [[2, 1]] and seats.open.tolist() == seats.own.tolist() == [[1, 0]]
