"""A kind of person with a method, as Student has, and the columns of 200 of them."""

from __future__ import annotations

import numpy as np

from simsim.world.person import Person

SCHEMA = {"school": np.int16, "grade": np.int8, "score": np.float64, "moved": np.bool_}
N = 200


class Pupil(Person):
    """A view with a method, as Student has."""

    def praise(self, points: float = 1.0) -> None:
        """Raise the score."""
        self.score = self.score + points
