"""Classes: formed every September from the rolls, the rooms and the teachers of each school."""

from __future__ import annotations

from dataclasses import dataclass

from simsim.base.arrays import Floats, Ints


@dataclass
class Classes:
    """All classes of a year as columns (n): where, how large, and the teachers' part of their value added (SD)."""

    part: Ints
    grade: Ints
    number: Ints
    size: Ints
    team: Floats
    team_rows: Ints
    ids: Ints

    def __len__(self) -> int:
        return len(self.part)
