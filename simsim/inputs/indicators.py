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

from simsim.base.arrays import Floats, Mask
from simsim.base.shares import share_interval
from simsim.inputs.documents import Document, Draft
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
EVEN = 0.5
"""The share of worlds with a sign that says nothing."""
SHARE_DECIMALS = 9
"""Shares of worlds are compared to so many decimals: 1 - 0.8 is 0.2."""


@dataclass(frozen=True)
class Indicator:
    """One indicator: `matters` is the smallest difference worth acting on, `good` the direction that is good (up, down,
    none); `why` is the reason for `matters`; `written` is its unit with holes for a district's currency and year of
    prices, `unit` what it is anywhere.
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
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sureness:
    """The fixed mapping from the numbers of a paired difference to a word."""

    fewest_replications: int
    very_likely: float
    likely: float
    errors: float
    interval: tuple[float, float]
    text: Mapping[str, Mapping[str, str]]

    def level(self, share: float) -> str:
        """Return how sure a share of worlds is: very_likely, likely, unlikely or very_unlikely, empty in between and
        for NaN. 0.2 is as unlikely as 0.8 is likely, whatever binary fractions say: shares count to nine decimals.
        """
        for limit, very in ((self.very_likely, "very_"), (self.likely, "")):
            for part, word in ((share, "likely"), (1.0 - share, "unlikely")):
                if round(part - limit, SHARE_DECIMALS) >= 0.0:
                    return very + word
        return ""

    def verdicts(self, table: pd.DataFrame, threshold: pd.Series) -> pd.Series:
        """Return one key of `text` a row; `table` has mean, low, high, share, with_sign, beyond, mc_error and n.

        The rule stands in parameters/indicators.yaml, above the words; nothing else decides on a word.
        """
        names = ("mean", "low", "high", "share", "with_sign", "beyond", "mc_error", "n")
        keys = self.keys({name: table[name].to_numpy(float) for name in names}, threshold.to_numpy(float))
        return pd.Series(keys, index=table.index, dtype="str")

    def keys(self, numbers: Mapping[str, Floats], threshold: Floats) -> NDArray[np.str_]:
        """Return what `verdicts` says, of numbers as arrays of one shape."""
        size, error = np.abs(numbers["mean"]), self.errors * numbers["mc_error"]
        surest, _ = share_interval(numbers["with_sign"], numbers["n"])
        inside = size + error < threshold
        few_beyond = _reaches(1.0 - numbers["beyond"], self.likely)
        conditions: list[Mask] = [
            (numbers["low"] == 0) & (numbers["high"] == 0) & (size == 0),
            numbers["n"] < self.fewest_replications,
            inside & (few_beyond | _reaches(numbers["share"], self.likely)),
            inside,
            (size < threshold) | ~(size >= error),
            ~_reaches(numbers["share"], self.likely),
            surest < EVEN,
            _reaches(numbers["share"], self.very_likely) & (surest >= self.likely),
        ]
        higher = np.where(numbers["mean"] > 0, "higher", "lower")
        very, likely = np.char.add("very_likely_", higher), np.char.add("likely_", higher)
        choices: list[str | NDArray[np.str_]] = ["same", "few", "small", "unclear", "few", "unclear", "few", very]
        return np.select(conditions, choices, likely)


def _reaches(shares: Floats, limit: float) -> Mask:
    """Return which shares reach a limit, to nine decimals; NaN does not."""
    reaches: Mask = (shares - limit).round(SHARE_DECIMALS) >= 0.0
    return reaches


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
    return Indicator(name=name, unit=unit, label=label, tables=tables, written=written, why=_why(name), **entry)


def _why(name: str) -> Mapping[str, str]:
    """Return the reason for an indicator's threshold, in both languages: the first entry that names it."""
    found = (entry for entry in _file()["reasons"] if _named(name, entry))
    return next(({language: str(entry[language]) for language in ("en", "zh")} for entry in found), {})


def _named(name: str, entry: Document) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in str(entry["indicators"]).split())


@cache
def primary_outcomes() -> Mapping[str, Mapping[str, str]]:
    """Return the indicators that were named as outcomes before any result was read, with the reason for each."""
    return MappingProxyType({name: dict(reason) for name, reason in _file()["primary"]["outcomes"].items()})


@cache
def named_on() -> str:
    """Return the day on which the primary outcomes were named."""
    return str(_file()["primary"]["named"])


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


@dataclass(frozen=True)
class Grade:
    """How good evidence is: its name, its rank (0 the weakest), the kinds of parameters it covers, and its words."""

    name: str
    rank: int
    kinds: tuple[str, ...]
    text: Mapping[str, str]


@cache
def grades() -> tuple[Grade, ...]:
    """Return the grades of evidence, the weakest first."""
    return tuple(
        Grade(name, rank, tuple(entry["kinds"]), {language: entry[language] for language in ("en", "zh")})
        for rank, (name, entry) in enumerate(_file()["grades"].items())
    )


def grade_of(kind: str) -> Grade:
    """Return the grade of a kind of parameter."""
    return next(grade for grade in grades() if kind in grade.kinds)


@dataclass(frozen=True)
class GroundsRule:
    """How the evidence of a row is found: the share of variance that counts, how many parameters are named, the chance
    of naming one by luck, and the words.
    """

    variance: float
    named: int
    error: float
    text: Mapping[str, Mapping[str, str]]
    count: Mapping[str, str]


@cache
def grounds_rule() -> GroundsRule:
    """Return how the evidence of a row is found."""
    return GroundsRule(**_file()["grounds"])


def count(k: float, n: float, lang: str) -> str:
    """Return "97 of 100" in a language."""
    return grounds_rule().count[lang].format(k=int(k), n=int(n))


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
    problems = [_unknown(name, where) for name in names if not isinstance(name, str) or name not in everything]
    if problems:
        raise InputError(problems)
    return list(names)


def _unknown(name: str, where: str) -> Problem:
    return Problem(
        FILE, where, name, f"not an indicator{suggest(str(name), indicators())}; see `simsim list indicators`"
    )
