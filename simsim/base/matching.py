"""Who gets which place: deferred acceptance, first come first served, and choosing in turn."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import NOWHERE
from simsim.base.compiled import compiled

Serve = Callable[[Ints, Ints, Mask], None]
Choose = Callable[[Floats, Ints, Ints, Ints, Ints, Ints, Ints], None]
NOT_ASKED = -1


def lists(value: Floats, length: int) -> Ints:
    """Return each pupil's list (n, k): the columns of the best `length` schools, -1
    where none is left; -inf is never asked.
    """
    ranked = np.argsort(-value, axis=1, kind="stable")[:, :length]
    return np.where(np.isfinite(np.take_along_axis(value, ranked, axis=1)), ranked, NOT_ASKED)


def deferred_acceptance(cells: Ints, tickets: Floats, seats: Ints) -> Ints:
    """Return the place on the list that each pupil gets (n; -1 for none): student-proposing deferred acceptance.

    `cells` (n, k) lists what each pupil asks for in order (-1: nothing), `tickets` (n, k) is the pupil's ticket there
    (lower goes first; equal tickets in order of rows), `seats` the capacity of every cell. Every round pupils ask for
    the best cell whose worst admitted ticket they beat, and a cell that is asked by more than it seats lets fewer in:
    the student-optimal stable matching. Gale, D. and Shapley, L. S. (1962). College admissions and the stability of
    marriage. American Mathematical Monthly 69(1), 9-15; as cutoffs: Azevedo, E. M. and Leshno, J. D. (2016). A supply
    and demand framework for two-sided matching markets. Journal of Political Economy 124(5), 1235-1268.
    """
    rank: Ints = np.empty(tickets.size, np.int64)
    rank[np.argsort(tickets, axis=None, kind="stable")] = np.arange(tickets.size)
    rank = rank.reshape(tickets.shape)
    last = np.where(seats > 0, tickets.size, NOT_ASKED)
    while True:
        fits = (cells >= 0) & (rank <= last[cells])
        best = np.where(fits.any(axis=1), fits.argmax(axis=1), NOWHERE) if cells.size else np.full(len(cells), NOWHERE)
        asking = np.flatnonzero(best >= 0)
        cell, ticket = cells[asking, best[asking]], rank[asking, best[asking]]
        order = np.lexsort((ticket, cell))
        cell, ticket = cell[order], ticket[order]
        asked = np.bincount(cell, minlength=len(seats))
        nth = np.arange(len(cell)) - (np.cumsum(asked) - asked)[cell]
        full = (nth == seats[cell] - 1) & (asked[cell] > seats[cell])
        if not full.any():
            return best
        last[cell[full]] = ticket[full]


# ---- row loops, compiled where Numba can (simsim/base/compiled.py) and run by Python where it cannot ----


def first_come(cells: Ints, seats: Ints) -> Mask:
    """Return who gets a seat (n) when each in turn asks for one in a cell (n); `seats` (cells) is reduced in place."""
    taken = np.empty(len(cells), np.bool_)
    _kernels()[0](cells, seats, taken)
    return taken


def in_turn(liking: Floats, fits: Ints, group: Ints, origin: Ints, of: Ints, vacant: Ints) -> Ints:
    """Return the place that each person (n), one after the other, takes: the one it likes best (liking: n, places) of
    the kind `fits` (n) that has a vacancy in its group (n) and is not its origin (n); NOWHERE where there is none.

    `of` (places) is the kind of each; `vacant` (places, groups) is reduced in place, and gains what a mover leaves
    behind at its origin (NOWHERE for a newcomer).
    """
    chosen = np.full(len(liking), NOWHERE)
    _kernels()[1](liking, fits, group, origin, of, vacant, chosen)
    return chosen


@cache
def _kernels() -> tuple[Serve, Choose]:
    ints, table = "int64[::1]", "int64[:, ::1]"
    serve = compiled(_serve, f"void({ints}, {ints}, boolean[::1])")
    choose = compiled(_choose, f"void(float64[:, ::1], {ints}, {ints}, {ints}, {ints}, {table}, {ints})")
    return serve or _serve, choose or _choose


def _serve(cells: Ints, seats: Ints, taken: Mask) -> None:
    for row in range(len(cells)):
        taken[row] = seats[cells[row]] > 0
        if taken[row]:
            seats[cells[row]] -= 1


def _choose(liking: Floats, fits: Ints, group: Ints, origin: Ints, of: Ints, vacant: Ints, chosen: Ints) -> None:
    for row in range(len(liking)):
        best = -1
        for place in range(len(of)):
            free = of[place] == fits[row] and vacant[place, group[row]] > 0 and place != origin[row]
            if free and (best < 0 or liking[row, place] > liking[row, best]):
                best = place
        if best >= 0:
            chosen[row] = best
            vacant[best, group[row]] -= 1
            if origin[row] >= 0:
                vacant[origin[row], group[row]] += 1
