"""Distances between homes and schools, in a straight line."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import AnyArray, Floats


def distance_km(
    x: AnyArray | float, y: AnyArray | float, other_x: AnyArray | float, other_y: AnyArray | float
) -> Floats:
    """Return the straight-line distance in km; the arguments broadcast."""
    km: Floats = np.hypot(np.asarray(x) - other_x, np.asarray(y) - other_y)
    return km
