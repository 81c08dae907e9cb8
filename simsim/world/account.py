"""Who comes and goes in a district that is calibrated on its own rolls (rules/own_account.py works it out)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask


@dataclass(frozen=True)
class Account:
    """By year: children who enter by neighbourhood (n), arrivals by neighbourhood and year of schooling (n, grades),
    and the chance to leave beyond the usual one of pupils about to begin a year of schooling, by key of the school they
    come from (keys + 1, grades + 1), 0 in the last row, of schools that opened since; `leave` is the district's mean
    chance to leave or drop out (grades + 1).

    `ways` says by year where those of each neighbourhood go who come into the junior stage from other schools: shares
    of the schools `keys` (n, schools), added up from the first to the last; `movers` how many they are (n), `asked` the
    catchment school of each neighbourhood that they rest on (n). `goes_on` is the chance of pupils of a school that
    teaches both stages to go to another junior school (keys + 1), `expects` in which grades a school is to have pupils
    (keys + 1, grades + 1). `replaces` is the share of arrivals in a year of schooling that take the place of those who
    leave by usual chances, and do not make schools larger (grades + 1).
    """

    keys: Ints
    asked: Ints
    entrants: dict[int, Floats] = field(default_factory=dict)
    arrivals: dict[int, Floats] = field(default_factory=dict)
    more_leave: dict[int, Floats] = field(default_factory=dict)
    leave: dict[int, Floats] = field(default_factory=dict)
    ways: dict[int, Floats] = field(default_factory=dict)
    movers: dict[int, Floats] = field(default_factory=dict)
    goes_on: dict[int, Floats] = field(default_factory=dict)
    expects: dict[int, Mask] = field(default_factory=dict)
    replaces: dict[int, Floats] = field(default_factory=dict)

    def more_of(self, year: int, schools: Ints, grades: Ints) -> Floats:
        """Return the chance to leave beyond the usual one of pupils (n), by keys of their schools and their grades."""
        more = self.more_leave[year]
        found: Floats = more[np.minimum(schools, len(more) - 1), grades]
        return found

    def expected(self, year: int, schools: Ints) -> Mask:
        """Return in which grades schools (n keys) are to have pupils (n, grades)."""
        expects = self.expects[year]
        found: Mask = expects[np.minimum(schools, len(expects) - 1), 1:]
        return found

    def goes_of(self, year: int, schools: Ints) -> Floats:
        """Return the chance to go to another junior school of pupils (n), by keys of their schools."""
        chance = self.goes_on[year]
        found: Floats = chance[np.minimum(schools, len(chance) - 1)]
        return found

    def way_of(self, year: int, homes: Ints, draw: Floats) -> Ints:
        """Return the keys of the schools to which children (n) of neighbourhoods (rows) go by a draw from 0 to 1."""
        place = (draw[:, None] >= self.ways[year][homes]).sum(axis=1)
        found: Ints = self.keys[np.minimum(place, len(self.keys) - 1)]
        return found
