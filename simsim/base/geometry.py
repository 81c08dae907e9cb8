"""Distances between homes and schools, in a straight line."""

from __future__ import annotations

from typing import Any

import numpy as np

from simsim.base.arrays import Floats


def distance_km(x: Any, y: Any, other_x: Any, other_y: Any) -> Floats:
    """Return the straight-line distance in km; the arguments broadcast."""
    return np.hypot(np.asarray(x) - other_x, np.asarray(y) - other_y)
