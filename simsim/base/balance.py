"""The official measure of balance between schools: pupil-weighted coefficients of variation (差异系数), by stage.

The 2012 method in one line: X = x / P for every school, mean = sum(x) / sum(P), S = sqrt(sum(P / sum(P) * (X -
mean)^2)), CV = S / mean. Everything here is plain arithmetic on arrays, cheap enough to run in every simulated year;
names, lines and weights come from the standards in `parameters/standards/` (see `simsim.inputs.standards`), so that a
real table and a simulated one are judged by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import Floats, Mask

TOLERANCE = 1e-9
"""Slack, relative to a line, for a value that equals its line but for rounding in the last bits."""


def weighted_cv(amounts: ArrayLike, pupils: ArrayLike, *, weighted: bool = True) -> float:
    """Return the coefficient of variation between schools of an input per pupil.

    `amounts` holds each school's total (books, square metres, teachers), `pupils` its pupils; schools without pupils
    are left out. With `weighted=False` every school counts once (plain mean and population standard deviation), which
    is not the official value. NaN when no school has pupils or nobody has any of the input, for then no ratio exists,
    and where an amount is NaN. ValueError for what are no numbers, for pupils that are NaN or negative, and for two
    Series of different schools.

    >>> import simsim
    >>> round(simsim.weighted_cv(amounts=[1000, 3000], pupils=[100, 100]), 3)
    0.5
    >>> round(simsim.weighted_cv(amounts=[500, 1500], pupils=[100, 300]), 3)
    0.0
    """
    one, other = (getattr(given, "index", None) for given in (amounts, pupils))
    if isinstance(one, pd.Index) and isinstance(other, pd.Index) and not one.equals(other):
        raise ValueError("amounts and pupils are Series of different schools; bring them into one order of one index")
    numbers, heads = _numbers("amounts", amounts), _numbers("pupils", pupils)
    if np.isnan(heads).any():
        raise ValueError("pupils must be numbers: some are NaN; write 0 for a school without pupils")
    return float(weighted_cvs(numbers[None, :], heads, weighted=weighted)[0])


def _numbers(what: str, given: ArrayLike) -> Floats:
    """Return numbers (n); ValueError for text, for true and false, and for what is no list of numbers."""
    found = np.asarray(given)
    if found.ndim != 1 or (found.size and found.dtype.kind not in "iuf"):
        raise ValueError(f"{what} must be numbers, one a school, not {given!r:.80}")
    return found.astype(np.float64)


def weighted_cvs(amounts: ArrayLike, pupils: ArrayLike, *, weighted: bool = True) -> Floats:
    """Return `weighted_cv` of several inputs at once: `amounts` has one row an input and one column a school.

    ValueError when `amounts` and `pupils` do not list the same schools, or pupils are negative.
    """
    per_pupil, shares = _per_pupil(amounts, pupils, weighted)
    means = per_pupil @ shares
    spreads = np.sqrt(((per_pupil - means[:, None]) ** 2) @ shares)
    cvs: Floats = np.divide(spreads, means, out=np.full(len(means), np.nan), where=means > 0)
    return cvs


def weighted_mean(amounts: ArrayLike, pupils: ArrayLike, *, weighted: bool = True) -> float:
    """Return the mean input per pupil that `weighted_cv` compares the schools with; NaN when no school has pupils.

    ValueError when `amounts` and `pupils` do not list the same schools, or pupils are negative.
    """
    per_pupil, shares = _per_pupil(np.atleast_2d(np.asarray(amounts, dtype=np.float64)), pupils, weighted)
    return float(per_pupil[0] @ shares) if len(shares) else float("nan")


def _per_pupil(amounts: ArrayLike, pupils: ArrayLike, weighted: bool) -> tuple[Floats, Floats]:
    """Return inputs per pupil of the schools that have pupils, and each school's share of the weight."""
    table, heads = np.asarray(amounts, dtype=np.float64), np.asarray(pupils, dtype=np.float64)
    if table.shape[1:] != heads.shape:
        raise ValueError(f"amounts and pupils must list the same schools, not {table.shape[1:]} and {heads.shape}")
    if (heads < 0).any():
        raise ValueError(f"pupils must not be negative, as {heads[heads < 0][0]:g} is; mend the number")
    open_ = heads > 0
    heads = heads[open_]
    weights = heads if weighted else np.ones_like(heads)
    return table[:, open_] / heads, weights / weights.sum()


def composite(cvs: ArrayLike) -> float:
    """Return the composite CV (综合差异系数) of one stage: the plain
    mean of its indicators' CVs; NaN when one is missing.
    """
    values = np.asarray(cvs, dtype=np.float64)
    return float(values.mean()) if values.size else float("nan")


def split(
    amount: ArrayLike,
    pupils_primary: ArrayLike,
    pupils_junior: ArrayLike,
    pupils_senior: ArrayLike,
    weights: Mapping[str, float],
) -> tuple[Floats, Floats, Floats]:
    """Share a whole school's facilities between its primary, junior and senior parts.

    Every pupil counts with the weight of their stage (officially 1, 1.1 and 1.32: junior to senior is 1
    to 1.2); parts without pupils get nothing, and a school without any pupils gives nothing to anybody.
    Teachers are not split: they are reported by stage.
    """
    heads = np.stack(
        np.broadcast_arrays(*(np.asarray(p, dtype=np.float64) for p in (pupils_primary, pupils_junior, pupils_senior)))
    )
    claims = heads * np.reshape(
        [weights["primary"], weights["junior"], weights["senior"]], (3, *([1] * (heads.ndim - 1)))
    )
    total = claims.sum(axis=0)
    parts = np.asarray(amount, dtype=np.float64) * np.divide(claims, total, out=np.zeros_like(claims), where=total > 0)
    return parts[0], parts[1], parts[2]


def at_most(value: float, line: float) -> bool:
    """Tell whether a value keeps within a line, forgiving rounding in the last bits; NaN never does."""
    return bool(value <= line * (1 + TOLERANCE))


def reaches(values: Floats, minimums: Floats) -> Mask:
    """Tell which values reach their minimum, forgiving rounding in the last bits; NaN never does."""
    result: Mask = values >= minimums * (1 - TOLERANCE)
    return result


def schools_pass(per_unit: Floats, minimums: Floats, *, needed: int, floor: float) -> Mask:
    """Tell which schools pass: at least `needed` minimums reached, every other input
    at `floor` (85 %) of its minimum or more.

    `per_unit` has one row an indicator and one column a school; `minimums` one value an indicator, in the same unit.
    """
    lines = minimums[:, None]
    passed: Mask = (reaches(per_unit, lines).sum(axis=0) >= needed) & reaches(per_unit, floor * lines).all(axis=0)
    return passed
