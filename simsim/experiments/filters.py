"""What is asked of results by name, year or seed: found, or refused with what there is; nothing empty is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import TypeVar

import numpy as np
import pandas as pd

from simsim.base.arrays import Cell, Mask
from simsim.inputs.errors import InputError, Problem, shorten, suggest
from simsim.inputs.indicators import indicators
from simsim.inputs.numbers import plain as plain_value

T = TypeVar("T")
WRITE = {"indicator": "indicators", "stage": "stage", "group": "group", "year": "years", "scenario": "scenarios"}
"""The argument that takes a value of each column."""
MOST_SHOWN = 12


def unknown(key: str, value: object, there: Iterable[object], elsewhere: str = "") -> InputError:
    """Return the error of a name that is not in these results."""
    listed = list(there)
    shown = ", ".join(map(str, listed[:MOST_SHOWN])) + (", ..." if len(listed) > MOST_SHOWN else "")
    hint = elsewhere or suggest(str(value), map(str, listed))
    return InputError(Problem("results", key, value, f"is not in these results{hint}; there are {shown or 'none'}"))


def plain(value: T) -> T:
    """Return an array without dimensions as the one value that it holds; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def several(key: str, value: object) -> list[object] | None:
    """Return None, or a list of one or several values, each once; InputError for none, a mapping or a table."""
    if value is None:
        return None
    value = plain(value)
    if isinstance(value, str | Integral | float) or not isinstance(value, Iterable):
        return [value]
    if isinstance(value, Mapping | pd.DataFrame | bytes):
        raise InputError(Problem("results", key, shorten(value), "must be one value, or a list of them"))
    listed = list(value)
    if not listed:
        raise InputError(Problem("results", key, None, "is empty; name what you want, or leave it out for everything"))
    try:
        return list(dict.fromkeys(listed))
    except TypeError:
        raise InputError(Problem("results", key, listed, "must be one value, or a flat list of them")) from None


def one(key: str, value: T) -> T:
    """Return one value; InputError for none and for several, of which all but one would be left out."""
    if value is None or (isinstance(value, Iterable) and not isinstance(value, str | np.str_)):
        raise InputError(Problem("results", key, value, "must be one value"))
    return value


def seeds_among(seeds: object, there: Iterable[int]) -> list[int]:
    """Return seeds as whole numbers; InputError when they are none, or not among the replications of these results."""
    known, seeds = set(there), plain(seeds)
    if isinstance(seeds, str | Integral | float) or not isinstance(seeds, Iterable):
        remedy = "must be the seeds themselves: [5] for one, range(1, 6) for the first five"
        raise InputError(Problem("results", "replications", seeds, remedy))
    listed: list[int] = []
    given = seeds if isinstance(seeds, Mapping | pd.DataFrame) else list(seeds)
    once = several("replications", given) or []
    if len(once) < len(given):
        twice = plain_value(next(seed for seed in once if list(given).count(seed) > 1))
        remedy = "is named twice; a replication counts once, so a sample with repeats is none"
        raise InputError(Problem("results", "replications", twice, remedy))
    for seed in once:
        if isinstance(seed, bool | np.bool_) or not isinstance(seed, Integral):
            raise InputError(Problem("results", "replications", seed, "must be a whole number: the seed of a run"))
        if seed not in known:
            raise unknown("replications", int(seed), sorted(known))
        listed.append(int(seed))
    return sorted(listed)


@dataclass(frozen=True)
class Filter:
    """What to keep of a table by column; a column that was not asked for keeps everything."""

    wanted: Mapping[str, list[object]]

    @classmethod
    def of(cls, frame: pd.DataFrame, **asked: object) -> Filter:
        """Return a filter from values by column; InputError for each value that the table does not hold."""
        wanted: dict[str, list[object]] = {}
        for column, value in asked.items():
            listed = several(WRITE[column], value)
            if listed is not None:
                wanted[column] = [_found(frame, column, one) for one in listed]
        return cls(wanted)

    def rows(self, frame: pd.DataFrame) -> Mask:
        """Return which rows are kept (n)."""
        keep = np.ones(len(frame), bool)
        for column, values in self.wanted.items():
            keep &= frame[column].isin(values).to_numpy()
        return keep

    def nothing(self, frame: pd.DataFrame, scenarios: Iterable[str] = ()) -> InputError:
        """Return the error of a filter that keeps nothing of a table although each value alone is there."""
        where = "".join(f" for {name}" for name in scenarios)
        if frame.empty:
            return InputError(Problem("results", "scenario", None, f"no finished run{where}; see the failures"))
        text = ", ".join(f"{column}={shorten(values)}" for column, values in self.wanted.items())
        narrowest = frame
        for column, values in self.wanted.items():
            rows = narrowest[narrowest[column].isin(values)]
            if rows.empty:
                there = ", ".join(map(str, _values(narrowest, column)[:MOST_SHOWN]))
                return InputError(Problem("results", text, None, f"was not recorded{where}; {column} can be {there}"))
            narrowest = rows
        return InputError(Problem("results", text, None, "is not defined in any replication that both scenarios have"))


def _values(frame: pd.DataFrame, column: str) -> list[Cell]:
    return [value.item() if isinstance(value, np.generic) else value for value in pd.unique(frame[column])]


def _found(frame: pd.DataFrame, column: str, value: object) -> object:
    """Return a value that a column of the table holds; InputError, with the remedy, when it does not."""
    if column == "year":
        return _year(frame, value)
    there = _values(frame, column)
    if isinstance(value, str) and value in there:
        return str(value)
    elsewhere = _elsewhere(frame, column, value)
    if column == "indicator" and not elsewhere and isinstance(value, str):
        if value in indicators():
            raise unknown(column, value, there, " (no run recorded it)")
        hint = suggest(value, [*there, *indicators()])
        raise InputError(Problem("results", column, value, f"not an indicator{hint}; see `simsim list indicators`"))
    raise unknown(column, value, there, elsewhere)


def _year(frame: pd.DataFrame, value: object) -> int:
    there = sorted(_values(frame, "year"))
    span = f"{there[0]} to {there[-1]}" if there else "none"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        elsewhere = _elsewhere(frame, "year", value)
        example = f", such as {there[0]}" if there else ""
        remedy = f"must be a year as a whole number{example}{elsewhere}"
        raise InputError(Problem("results", "years", value, remedy))
    if value not in there:
        raise InputError(Problem("results", "years", int(value), f"is not in these results; there are {span}"))
    return int(value)


def _elsewhere(frame: pd.DataFrame, column: str, value: object) -> str:
    """Return a hint when a value belongs to another column than the one it was given for."""
    if isinstance(value, Integral) and not isinstance(value, bool) and column != "year":
        return f" (a year? write years={int(value)})"
    for other, argument in WRITE.items():
        if other not in (column, "year") and isinstance(value, str) and value in _values(frame, other):
            article = "an" if other == "indicator" else "a"
            return f" (it is {article} {other}: write {argument}={value!r})"
    return ""
