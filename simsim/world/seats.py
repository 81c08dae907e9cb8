"""Seats that admission has to give: open to anybody, or kept for the children of the catchment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Ints, Mask
from simsim.base.matching import first_come


@dataclass
class Seats:
    """Free seats by part and grade (parts, grades): `open` to anybody, and `own`, to children of the catchment.

    Whoever takes a seat leaves one fewer of both kinds; where children of the catchment sit above what is open to
    anybody, `open` is below 0.
    """

    open: Ints
    own: Ints

    @classmethod
    def alike(cls, seats: Ints) -> Seats:
        """Return the same seats (parts, grades) for everybody."""
        return cls(seats.copy(), seats.copy())

    def take(self, cells: Ints, own: bool = False) -> Mask:
        """Return who gets a seat (n) when each in turn asks for one in a cell (n; part times grades plus grade less
        one), as a child of the catchment if `own`, else as anybody.
        """
        asked, other = (self.own, self.open) if own else (self.open, self.own)
        taken = first_come(cells, asked.reshape(-1))
        other -= np.bincount(cells[taken], minlength=other.size).reshape(other.shape)
        return taken
