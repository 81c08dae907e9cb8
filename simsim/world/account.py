"""Who comes and goes in a district that is calibrated on its own rolls (rules/own_account.py works it out)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Floats, Ints


@dataclass(frozen=True)
class Account:
    """By year: children who enter by neighbourhood (n), arrivals by neighbourhood and year of schooling (n, grades),
    and the chance to leave beyond the usual one of pupils about to begin a year of schooling, by key of the school they
    come from (keys + 1, grades + 1), 0 in the last row, of schools that opened since; `leave` is the district's mean
    chance to leave or drop out (grades + 1).
    """

    entrants: dict[int, Floats]
    arrivals: dict[int, Floats]
    more_leave: dict[int, Floats]
    leave: dict[int, Floats]

    def more_of(self, year: int, schools: Ints, grades: Ints) -> Floats:
        """Return the chance to leave beyond the usual one of pupils (n), by keys of their schools and their grades."""
        more = self.more_leave[year]
        found: Floats = more[np.minimum(schools, len(more) - 1), grades]
        return found
