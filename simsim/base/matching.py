"""Deferred acceptance: pupils and schools matched by wishes, priorities and places."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.base.codes import NOWHERE

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
