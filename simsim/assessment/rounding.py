"""What rounded values per pupil leave open: form Ⅱ-2 gives two decimals.

A CV is S / mean, S a norm of the deviations, so values that are wrong by at most h move S by at most h, and the mean by
at most h.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from simsim.base.balance import TOLERANCE
from simsim.inputs.standards import Standard, Text
from simsim.tables.words import say

Half = Mapping[tuple[str, str], float]
"""By indicator and stage, half of the last decimal of its values, per pupil."""
SHOWN = 6


def cv_range(cv: float, mean: float, half: float) -> tuple[float, float]:
    """Return the least and the greatest CV that values rounded by up to `half` may have; the CV itself for exact ones.

    `mean` and `half` are per pupil. Infinite where the mean may be 0.
    """
    if not half or cv != cv:
        return cv, cv
    spread = cv * mean
    high = (spread + half) / (mean - half) if mean > half else float("inf")
    return max(spread - half, 0.0) / (mean + half), high


def said_of(parts: pd.DataFrame, indicators: pd.DataFrame, standard: Standard, half: Half) -> Iterator[object]:
    """Yield that values are rounded, and which lines and minimums that leaves open; nothing for exact ones."""
    if not half:
        return
    yield say("values_given")
    undecided = [*_lines(indicators, standard), *_minimums(parts, standard, half)]
    if undecided:
        more = f"… ({len(undecided)})"
        yield say("rounding_open", what=(*undecided[:SHOWN], *([more] if len(undecided) > SHOWN else [])))


def _lines(indicators: pd.DataFrame, standard: Standard) -> Iterator[Text]:
    """Yield the CVs whose line lies within their range."""
    if standard.cv.judges != "each":
        return
    for row in indicators.to_dict("records"):
        if row["cv_low"] <= row["line"] < row["cv_high"]:
            label, numbers = standard.indicators[row["indicator"]].label, f"{row['cv']:.3f} / {row['line']:g}"
            yield Text(zh=f"{label.zh}差异系数 {numbers}", en=f"{label.en}, CV {numbers}")


def _minimums(parts: pd.DataFrame, standard: Standard, half: Half) -> Iterator[Text]:
    """Yield the schools' values that lie within the rounding of their minimum."""
    for part in parts.to_dict("records"):
        for name, indicator in standard.indicators.items():
            error = half.get((name, str(part["stage"])), 0.0) * indicator.per
            if not error or indicator.minimum is None:
                continue
            aim, value = getattr(indicator.minimum, part["stage"]), part[f"value_{name}"]
            if abs(value - aim) <= error * (1 + TOLERANCE):
                school, label = part["school"], indicator.label
                yield Text(zh=f"{school} {label.zh} {value:.2f}", en=f"{school} {label.en} {value:.2f}")
