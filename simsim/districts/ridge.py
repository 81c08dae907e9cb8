"""Fitted parameters in a world: the value of the fit, moved along what the data cannot tell apart from it.

A fit pins down a few combinations of parameters. The others are drawn in every world; an entry of a district's `fitted`
block says in `along` by how much its value changes with each of them from `at`, so that the moments it was fitted to
hold, to first order, wherever the drawn ones lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simsim.inputs import numbers
from simsim.inputs.documents import Document
from simsim.inputs.parameters import load


def value_of(name: str, entry: Document, drawn: Mapping[str, float] | None = None) -> float:
    """Return the value of a fitted parameter; with the numbers `drawn` in a world, the one that fits as well there.

    It leaves neither the range that its evidence gives nor, without a range, its limits.
    """
    value = float(entry["value"])
    if drawn is None or not entry.get("along"):
        return value
    p = load()[name]
    steps = [slope * (drawn[by] - entry["at"][by]) for by, slope in sorted(entry["along"].items())]
    least, most = (p.least if p.low is None else p.low), (p.most if p.high is None else p.high)
    return float(np.clip(value + float(np.sum(steps)), least, most))


def problems(fitted: Document) -> Iterator[tuple[str, object, str]]:
    """Yield (key, value, remedy) for what is wrong with `along` and `at` in the entries of a fitted block."""
    known = load()
    for name, entry in fitted.items():
        if not isinstance(entry, Mapping) or ("along" not in entry and "at" not in entry):
            continue
        along, at = entry.get("along"), entry.get("at")
        if not (isinstance(along, Mapping) and isinstance(at, Mapping) and set(along) == set(at)):
            yield f"fitted.{name}.along", along, "needs the same names as `at`, a number each; let the fit write both"
            continue
        for by in sorted(set(along)):
            if by not in known or by in fitted:
                yield f"fitted.{name}.along", by, "must be a parameter that is drawn, not fitted; let the fit write it"
            elif numbers.real(along[by]) is None or numbers.real(at[by]) is None:
                yield f"fitted.{name}.along.{by}", along[by], "must be a number, and so must its value in `at`"
