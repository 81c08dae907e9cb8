"""The array types of simsim, named once."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.integer]
"""Row numbers, or codes of any width."""
AnyArray: TypeAlias = NDArray[Any]
"""A column whose type depends on its name."""
Cell: TypeAlias = Any
"""One value of such a column."""
Columns: TypeAlias = dict[str, AnyArray]
"""Columns of one length, by name."""
