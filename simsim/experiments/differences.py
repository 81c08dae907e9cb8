"""Sums over worlds: bands of one scenario, and paired differences between two, judged by thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.inputs.indicators import indicators, sureness

KEYS = ("stage", "group", "year")
ROUNDING = 1e-12
"""Differences below this share of the values themselves are rounding."""


def pivot(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return `value` with one row per key and one column per replication, keys in order of first appearance."""
    number = _row_numbers(frame, columns)
    place, seeds = pd.factorize(frame["replication"].to_numpy(), sort=True)
    first = np.flatnonzero(np.diff(np.maximum.accumulate(number), prepend=-1))
    values = np.full((len(first), len(seeds)), np.nan)
    values[number, place] = frame["value"].to_numpy(float)
    keys = frame.iloc[first][columns].astype({name: "str" for name in columns if name != "year"})
    return pd.DataFrame(values, index=pd.MultiIndex.from_frame(keys), columns=seeds)


def _row_numbers(frame: pd.DataFrame, columns: list[str]) -> Ints:
    """Number the distinct combinations of `columns` in order of first appearance."""
    combined = np.zeros(len(frame), np.int64)
    for name in columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, levels = column.cat.codes.to_numpy(), column.cat.categories
        else:
            codes, levels = pd.factorize(column)
        combined = combined * max(len(levels), 1) + codes
    return pd.factorize(combined)[0]


def band(wide: pd.DataFrame) -> pd.DataFrame:
    """Return median and moments of each row over replications."""
    values = wide.to_numpy()
    (median,) = _quantiles(values, [0.5])
    return wide.index.to_frame(index=False).assign(median=median, **_moments(values))


def _moments(values: Floats) -> dict[str, Floats]:
    """Return mean, 5-95 % interval and number of the values in each row; rows of NaN give NaN."""
    counted = ~np.isnan(values)
    n = counted.sum(axis=1)
    mean = np.where(counted, values, 0.0).sum(axis=1) / np.where(n, n, np.nan)
    low, high = _quantiles(values, sureness().interval)
    return {"mean": mean, "low": low, "high": high, "n": n}


def _quantiles(values: Floats, shares: Sequence[float]) -> list[Floats]:
    """Return linear-interpolation quantiles of each row without its NaN (NumPy's nanquantile, without its loop)."""
    ordered = np.sort(values, axis=1)
    last = np.maximum((~np.isnan(values)).sum(axis=1) - 1, 0)
    rows = np.arange(len(values))
    result = []
    for share in shares:
        below = np.floor(share * last).astype(int)
        above = np.minimum(below + 1, last)
        start = ordered[rows, below] if values.size else np.full(len(values), np.nan)
        end = ordered[rows, above] if values.size else start
        result.append(start + (share * last - below) * (end - start))
    return result


def differences(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `Results.paired` from differences (a row per key, a column per replication)."""
    values = gaps.to_numpy()
    moments = _moments(values)
    rows = np.flatnonzero(moments["n"] > 0)
    table = gaps.index[rows].to_frame(index=False)
    threshold = np.array(table["indicator"].map(_thresholds()), dtype=np.float64)
    found = _judged({name: numbers[rows] for name, numbers in moments.items()}, values[rows], threshold)
    table = table.assign(**found, pairing_gain=np.nan)
    table = table.astype(dict.fromkeys(("verdict", "words_en", "words_zh"), "str"))
    numbers = ["mean", "low", "high", "share", "with_sign", "mc_error", "matters", "beyond", "pairing_gain", "n"]
    return table[["indicator", *KEYS, *numbers, "verdict", "words_en", "words_zh"]]


def difference(gaps: Floats, indicator: str) -> dict[str, object]:
    """Return what `differences` tells of a single row: of the differences of an indicator by world."""
    threshold = np.array([_thresholds().get(indicator, np.nan)])
    with np.errstate(invalid="ignore"):  # of no world at all nothing is known
        found = _judged(_moments(gaps[None, :]), gaps[None, :], threshold)
    return {"indicator": indicator} | {name: values[0] for name, values in found.items()}


def _thresholds() -> dict[str, float]:
    return {name: entry.matters for name, entry in indicators().items()}


def _judged(moments: Mapping[str, Floats], values: Floats, threshold: Floats) -> dict[str, AnyArray]:
    """Return what is told of differences (a row per key, a column per replication), judged by their thresholds."""
    found: dict[str, AnyArray] = dict(moments)
    mean, n = found["mean"], found["n"]
    found["with_sign"] = (np.sign(values) == np.sign(mean)[:, None]).sum(axis=1)
    found["share"] = found["with_sign"] / n
    deviations = np.where(np.isnan(values), 0.0, values - mean[:, None])
    spread = np.sqrt((deviations**2).sum(axis=1) / np.where(n > 1, n - 1, np.nan))
    found["mc_error"] = spread / np.sqrt(n)
    found["matters"] = np.abs(mean) >= threshold
    found["beyond"] = (np.abs(values) > threshold[:, None]).sum(axis=1) / n
    found["verdict"] = sureness().keys(found, threshold)
    return found | _words(found["verdict"])


def _words(verdicts: AnyArray) -> dict[str, AnyArray]:
    """Return the words of verdicts in both languages."""
    text, keys = sureness().text, verdicts.tolist()
    return {f"words_{lang}": np.array([text[key][lang] for key in keys], object) for lang in ("en", "zh")}


def pairing_gain(left: Floats, right: Floats) -> Floats:
    """Return, for each row, the variance of the difference of unpaired replications over that of paired ones.

    NaN where fewer than two pairs are there, or where no pair differs from another by more than rounding.
    """
    there = ~(np.isnan(left) | np.isnan(right))
    alone = _variance(left, there) + _variance(right, there)
    paired = _variance(left - right, there)
    size = np.nanmax(np.abs(np.where(there, left, 0.0)), axis=1, initial=0.0)
    differ = paired > (ROUNDING * size) ** 2
    gain: Floats = np.divide(alone, paired, out=np.full(len(paired), np.nan), where=differ)
    return gain


def _variance(values: Floats, there: Mask) -> Floats:
    """Return the sample variance of each row's values that are there."""
    n = there.sum(axis=1)
    mean = np.where(there, values, 0.0).sum(axis=1) / np.where(n, n, np.nan)
    deviations: Floats = np.where(there, values - mean[:, None], 0.0)
    squares: Floats = (deviations**2).sum(axis=1) / np.where(n > 1, n - 1, np.nan)
    return squares
