"""The decision page as numbers: what every option comes to in seats, children, teachers, official lines and money.

Every number is worked out in each world first and summed up over the worlds that all options share: medians and 5-95 %
intervals of values, medians of the paired differences from the base, and in how many worlds they have a sign.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.experiments.comparison import BASELINE
from simsim.experiments.decision_values import ALL, REACHED, VALUES, Value, Worlds
from simsim.experiments.differences import differences
from simsim.experiments.evidence import Grounds, grounds_of
from simsim.experiments.filters import several
from simsim.experiments.large_classes import outside
from simsim.experiments.manifest import refuse_screening
from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.inputs.csvfile import records
from simsim.inputs.indicators import Grade, sureness

LOWER, HIGHER, SAME = "lower", "higher", "same"
NUMBERS = ("median", "low", "high", "worlds", "difference", "difference_low", "difference_high", "with_sign")
COLUMNS = (
    "option", "value", "column", "stage", *NUMBERS, "counted", "direction", "n", "verdict", "words_en", "words_zh",
    "grade", "hangs_on_en", "hangs_on_zh",
)  # fmt: skip


def options_of(results: Results) -> list[str]:
    """Return the scenarios that are options: all that ran, but those outside the national law on large classes."""
    there, left_out = [name for name in results.scenarios if results.replications(name)], outside(results)
    return [name for name in there if name not in left_out] or there


@once
def decision(results: Results, base: str | None = None, options: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a row an option and value of the decision page, over the worlds that all options share.

    Columns: option, value, column (of the page), stage; median, low and high (5-95 %) of the value; `worlds` of `n`
    that are as `counted` says (short of seats, line reached or inside, dearer, in debt; empty: nothing is counted but
    the sign); difference with low and high: median and interval of the paired differences from `base`, and with_sign,
    the worlds in which it has the `direction` (lower, higher, same) of its median; verdict and words (one rule:
    parameters/indicators.yaml); grade and hangs_on: the evidence of the difference, of the base's own value in its row.
    Money in yuan. InputError for a name that is not in the results.

    >>> import simsim
    >>> results = simsim.Experiment(["baseline", "plan"], seeds=1, to=2015).run(progress=False)
    >>> table = simsim.decision(results)
    >>> table[table["value"] == "seats_short"][["option", "stage", "n"]].values.tolist()[0]
    ['baseline', 'primary', 1]
    """
    refuse_screening(results.manifest, results.folder or "results")
    asked_for = several("options", options)
    names = options_of(results) if asked_for is None else [results.scenario(name) for name in asked_for]
    base = results.scenario(base) if base is not None else BASELINE if BASELINE in names else names[0]
    worlds = Worlds(results, tuple(dict.fromkeys([*names, base])), base)
    asked = [
        (grounds, option, value, stage)
        for option in names
        for grounds in [grounds_of(results, option, base)]
        for value in VALUES
        for stage in (worlds.stages if value.by_stage else (ALL,))
    ]
    gaps = [_gap(worlds, option, value, stage) for _, option, value, stage in asked]
    words = _differences(worlds, gaps, [value for _, _, value, _ in asked])
    told = [_nothing() if option == base else found for (_, option, _, _), found in zip(asked, words, strict=True)]
    rows = [_row(worlds, *one) | found for one, found in zip(asked, told, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@once
def between(results: Results, option: str, other: str) -> pd.DataFrame:
    """Return in what an option differs from another that is not the base, world by world: a row a value and stage.

    Columns: value, column, stage, n, difference with low and high (median and 5-95 % of worlds), with_sign, direction,
    verdict and words, as in `decision`. A value that was not recorded has no row.
    """
    worlds = Worlds(results, (option, other), other)
    asked = [(value, stage) for value in VALUES for stage in (worlds.stages if value.by_stage else (ALL,))]
    gaps = [_gap(worlds, option, value, stage) for value, stage in asked]
    words = _differences(worlds, gaps, [value for value, _ in asked])
    found = zip(asked, gaps, words, strict=True)
    rows = [
        {"value": value.name, "column": value.column, "stage": stage, "n": int(gap.notna().sum())} | told
        for (value, stage), gap, told in found
        if gap.notna().any()
    ]
    return pd.DataFrame(rows)


def _gap(worlds: Worlds, option: str, value: Value, stage: str) -> pd.Series:
    """Return in what an option differs from the base by world."""
    return worlds.value(value, option, stage) - worlds.value(value, worlds.base, stage)


def by_world(worlds: Worlds, value: Value, option: str, stage: str) -> pd.Series:
    """Return a value of an option by world; of a relative one the difference from the base."""
    found = worlds.value(value, option, stage)
    return found - worlds.value(value, worlds.base, stage) if value.relative else found


def _row(worlds: Worlds, grounds: Grounds, option: str, value: Value, stage: str) -> dict[str, object]:
    found = by_world(worlds, value, option, stage)
    gaps = _gap(worlds, option, value, stage)
    own = option == worlds.base
    median, low, high = spread(found)
    row: dict[str, object] = {"option": option, "value": value.name, "column": value.column, "stage": stage}
    row |= {"median": median, "low": low, "high": high, "n": int(found.notna().sum())}
    lines = value.counted != REACHED or worlds.rule(value.name) is not None
    counts = value.met is not None and lines and not (value.relative and own) and not np.isnan(median)
    row |= {"counted": value.counted if counts else "", "worlds": np.nan}
    if value.met is not None and counts:
        row["worlds"] = int(value.met(worlds, found.dropna()).sum())
    evidence = grounds.of(found if own else gaps, value.indicator, "")
    row |= {"grade": evidence.grade.name if row["n"] and not (own and value.relative) else ""}
    row |= {f"hangs_on_{lang}": evidence.words(lang) if row["grade"] else "" for lang in ("en", "zh")}
    return row


def spread(values: pd.Series | Floats | Sequence[float]) -> tuple[float, float, float]:
    """Return median and 5-95 % of worlds without those that are NaN (linear interpolation); NaN where none is."""
    numbers = np.asarray(values, float)
    there = numbers[~np.isnan(numbers)]
    if not len(there):
        return float("nan"), float("nan"), float("nan")
    median, low, high = np.quantile(there, [0.5, *sureness().interval]).tolist()
    return median, low, high


def _nothing() -> dict[str, object]:
    numbers = dict.fromkeys(("difference", "difference_low", "difference_high", "with_sign"), float("nan"))
    return {**numbers, "direction": "", "verdict": "", "words_en": "", "words_zh": ""}


def _differences(worlds: Worlds, gaps: Sequence[pd.Series], values: Sequence[Value]) -> list[dict[str, object]]:
    """Return the paired differences of values by world, all judged at once: median, interval, worlds with its sign,
    verdict and words; nothing where no world has one.
    """
    counted = [n for n, gap in enumerate(gaps) if gap.notna().any()]
    if not counted:
        return [_nothing() for _ in gaps]
    keys = [(values[n].indicator, ALL, ALL, worlds.last) for n in counted]
    index = pd.MultiIndex.from_tuples(keys, names=["indicator", "stage", "group", "year"])
    found = np.array([gaps[n].reindex(worlds.replications).to_numpy(float) for n in counted])
    judged = differences(pd.DataFrame(found, index=index, columns=worlds.replications))
    words = dict(zip(counted, records(judged[["verdict", "words_en", "words_zh"]]), strict=True))
    return [{**_spread_of(gap), **words[n]} if n in words else _nothing() for n, gap in enumerate(gaps)]


def _spread_of(gaps: pd.Series) -> dict[str, object]:
    """Return median and interval of a paired difference, its direction, and the worlds with the sign of its median."""
    there = gaps.dropna().to_numpy(float)
    median, low, high = spread(there)
    direction = {1.0: HIGHER, -1.0: LOWER}.get(float(np.sign(median)), SAME)
    numbers = {"difference": median, "difference_low": low, "difference_high": high}
    return {**numbers, "with_sign": int((np.sign(there) == np.sign(median)).sum()), "direction": direction}


def weakest(grades: Sequence[str], known: Sequence[Grade]) -> Grade | None:
    """Return the weakest of the grades named; None where none is."""
    named = [grade for grade in known if grade.name in set(grades)]
    return min(named, key=lambda grade: grade.rank, default=None)


def alike(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs of options of a decision table whose numbers are all the same: nothing on the page tells them
    apart.
    """
    shown = ["median", "low", "high", "worlds"]
    rows = {option: mine[shown].to_numpy(float) for option, mine in table.groupby("option", sort=False)}
    names = list(rows)
    return [
        (str(a), str(b))
        for place, a in enumerate(names)
        for b in names[place + 1 :]
        if np.array_equal(rows[a], rows[b], equal_nan=True)
    ]
