"""The classes of a year as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.world.columns import Columned


@dataclass(slots=True)
class Classes(Columned):
    """All classes of a year as columns (n): where, how large, and the teachers' part of their value added (SD)."""

    part: Ints
    grade: Ints
    number: Ints
    size: Ints
    team: Floats
    ids: Ints

    @classmethod
    def none(cls) -> Classes:
        """Return the classes of a district before its first September."""
        nobody = np.empty(0, np.int64)
        return cls(nobody, nobody, nobody, nobody, np.empty(0), nobody)

    def __len__(self) -> int:
        return len(self.part)
