"""What every indicator is called, in what unit, how large a difference matters, and the words for how sure a difference
is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

FILE = "parameters/indicators.yaml"
TABLES = ("district", "school", "neighbourhood")
ANY_MONEY = {
    "en": {"currency": "money", "price_year": "the first year"},
    "zh": {"currency": "货币", "price_year": "首年"},
}
"""What units say of money where no district is looked at."""


@dataclass(frozen=True)
class Indicator:
    """One indicator: `matters` is the smallest difference worth acting on, `good` the direction that is good (up, down,
    none); `written` is its unit with holes for a district's currency and year of prices, `unit` what it is anywhere.
    """

    name: str
    unit: Mapping[str, str]
    label: Mapping[str, str]
    matters: float
    good: str
    decimals: int
    tables: tuple[str, ...]
    headline: bool = False
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sureness:
    """The fixed mapping from the numbers of a paired difference to a word."""

    fewest_replications: int
    very_likely: float
    likely: float
    errors: float
    interval: tuple[float, float]
    text: Mapping[str, Mapping[str, str]]

    def verdicts(self, table: pd.DataFrame, threshold: pd.Series) -> pd.Series:
        """Return one key of `text` a row; `table` has mean, low, high, share, mc_error and n.

        The first that holds: no difference in any replication; too few replications; interval inside the threshold;
        sign not clear (its share, or the Monte-Carlo error); mean inside the threshold; then by the share of
        replications.
        """
        higher = np.where(table["mean"] > 0, "higher", "lower")
        size = table["mean"].abs()
        slight = size < threshold
        unclear = (size < self.errors * table["mc_error"]) | (
            table["share"] < np.where(slight, self.very_likely, self.likely)
        )
        conditions: list[pd.Series[bool]] = [
            (table["low"] == 0) & (table["high"] == 0) & (size == 0),
            table["n"] < self.fewest_replications,
            (table["low"] > -threshold) & (table["high"] < threshold),
            unclear,
            slight,
            table["share"] >= self.very_likely,
        ]
        choices: list[str | NDArray[np.str_]] = [
            "same",
            "few",
            "small",
            "unclear",
            np.char.add("slight_", higher),
            np.char.add("very_likely_", higher),
        ]
        return pd.Series(np.select(conditions, choices, np.char.add("likely_", higher)), index=table.index, dtype="str")


@cache
def _file() -> Draft:
    return read_yaml(resource("parameters") / "indicators.yaml", FILE)


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return every indicator by name, in the order of the file."""
    content = _file()
    return MappingProxyType(
        {name: _indicator(name, entry, content["units"]) for name, entry in content["indicators"].items()}
    )


def _indicator(name: str, entry: Draft, units: dict[str, dict[str, str]]) -> Indicator:
    label = {language: str(entry.pop(language)) for language in ("en", "zh")}
    written, tables = units[entry.pop("unit")], tuple(entry.pop("tables"))
    unit = {language: text.format(**ANY_MONEY[language]) for language, text in written.items()}
    return Indicator(name=name, unit=unit, label=label, tables=tables, written=written, **entry)


@cache
def rests_on() -> Mapping[str, tuple[str, ...]]:
    """Return the columns of a district's tables (patterns, as schools.t_*) on which each indicator rests."""
    groups = [(str(entry["indicators"]).split(), tuple(str(entry["columns"]).split())) for entry in _file()["rests_on"]]
    return MappingProxyType(
        {
            name: tuple(
                dict.fromkeys(
                    column
                    for patterns, columns in groups
                    if any(fnmatchcase(name, pattern) for pattern in patterns)
                    for column in columns
                )
            )
            for name in indicators()
        }
    )


@cache
def sureness() -> Sureness:
    """Return the mapping from numbers to words."""
    words = dict(_file()["words"])
    low, high = words.pop("interval")
    return Sureness(interval=(low, high), **words)


def known(names: list[str] | tuple[str, ...] | None, where: str = "indicator") -> list[str] | None:
    """Return `names` as a list; InputError with a suggestion for each that is not an indicator."""
    if names is None:
        return None
    everything = indicators()
    problems = [_unknown(name, where) for name in names if name not in everything]
    if problems:
        raise InputError(problems)
    return list(names)


def _unknown(name: str, where: str) -> Problem:
    return Problem(FILE, where, name, f"not an indicator{suggest(name, indicators())}; see `simsim list indicators`")
