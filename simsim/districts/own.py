"""What a district's file says instead of simsim's defaults: numbers of its own, the law of retirement, its money."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Ints, Rows
from simsim.base.codes import STAGES
from simsim.inputs import numbers, parameters
from simsim.inputs.defaults import countries, first_years, known_by, last_year, stated
from simsim.inputs.documents import Document
from simsim.inputs.errors import suggest

MONTHS = 12
MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
AGES = {"men": "retire_male_base", "women": "retire_female_cadre_base"}
"""The parameter behind each of the ages that a law of retirement may state."""
OWN = ("country", "currency", "price_year", "last_year", "class_target", "retirement", "parameters", "words")
"""The entries of a district.yaml that this module reads; each may be left out."""
DETOUR = (1, 5)
"""Least and most km of road for a km as the crow flies."""
LONGEST = 100
"""The most years that a district may be run, and the most pupils that a class may be meant to have."""


def own_parameters(spec: Document) -> dict[str, float]:
    """Return the parameters that a district sets, by name: class target and limit, travel limits, ages of retirement,
    the end of fitted growth of posts (its last year), and whatever stands under its `parameters`.
    """
    values: dict[str, object] = {"posts_growth_until": last_year(spec)}
    values |= dict(_short(spec).values())
    values |= {name: _mapping(entry).get("value") for name, entry in _mapping(spec.get("parameters")).items()}
    return {name: float(number) for name, value in values.items() if (number := numbers.real(value)) is not None}


def _short(spec: Document) -> dict[str, tuple[str, object]]:
    """Return what stands in the short entries: by its place in the file, the parameter that it sets and the value."""
    sizes, limits = _value(spec, "class_target"), _value(_mapping(spec.get("travel")), "limit_km")
    law = stated(spec, "retirement") if spec.get("country") in (None, *countries()) else spec.get("retirement")
    ages = _mapping(_mapping(law).get("ages"))
    found = {f"class_target.value.{stage}": (f"class_size.target.{stage}", sizes.get(stage)) for stage in STAGES}
    found["rules.class_limit.value"] = (
        "class_size.limit",
        _mapping(_mapping(spec.get("rules")).get("class_limit")).get("value"),
    )
    for place in (*STAGES, "town"):
        found[f"travel.limit_km.value.{place}"] = (f"travel_limit_km.{place}", limits.get(place))
    found |= {f"retirement.ages.{who}": (name, ages.get(who)) for who, name in AGES.items()}
    return {key: entry for key, entry in found.items() if entry[1] is not None}


def _mapping(value: object) -> Document:
    return value if isinstance(value, Mapping) else {}


def _value(spec: Document, key: str) -> Document:
    return _mapping(_mapping(spec.get(key)).get("value"))


@dataclass(frozen=True)
class Delay:
    """One step of a reform of retirement: from a month on (since year 0), `months` later for every `every` months, up
    to `most`.
    """

    start: int
    months: int
    every: int
    most: int

    def of(self, due: Ints) -> Ints:
        """Return by how many months those are delayed (n) who would have retired in the months `due`."""
        steps = np.maximum(0, (due - self.start) // self.every + 1)
        delay: Ints = np.minimum(steps * self.months, self.most)
        return delay


def delays(spec: Document, as_of: int | None = None) -> tuple[Delay, ...]:
    """Return the steps of the reforms of retirement that a district's law knows; as of a year those that were known in
    September.
    """
    law = _mapping(stated(spec, "retirement"))
    steps = [step for step in law.get("steps") or () if known_by(as_of, law, step["from"])]
    return tuple(Delay(_month(str(step["from"])), step["months"], step["every"], step["most"]) for step in steps)


def _month(text: str) -> int:
    year, month = map(int, text.split("-"))
    return year * MONTHS + month - 1


def delayed(month: Rows, law: tuple[Delay, ...]) -> Rows:
    """Return months of retirement (n) after what every step of the law adds."""
    due = np.asarray(month, np.int64)
    later = due.copy()
    for step in law:
        later += step.of(due)
    return later


def currency(spec: Document, lang: str) -> str:
    """Return what the district's money is called."""
    words = stated(spec, "currency")
    return str(words.get(lang, "")) if isinstance(words, Mapping) else str(words or "")


def last_published(spec: Document) -> int:
    """Return the last year of which totals are published: that of `factual` or `fit` of the district's file, or else
    the last to which it is run by default.
    """
    told = (numbers.whole(_mapping(spec.get(key)).get("year")) for key in ("factual", "fit"))
    return next((year for year in told if year is not None), last_year(spec))


def last_known(spec: Document) -> int:
    """Return the last year of which something is known: the last published one, or else the first year, which is that
    of the last roll.
    """
    told = (numbers.whole(_mapping(spec.get(key)).get("year")) for key in ("factual", "fit"))
    return next((year for year in told if year is not None), int(spec["first_year"]))


def price_year(spec: Document) -> int:
    """Return the year of whose prices amounts of money are: the first, unless the district says another."""
    return int(spec.get("price_year") or spec["first_year"])


# ---- what must hold ----


def own_problems(spec: Document) -> Iterator[tuple[str, object, str]]:
    """Yield (key, value, remedy) for every entry of a district's own that is wrong; one that is missing never is."""
    for key, check in CHECKS.items():
        if spec.get(key) is not None and (remedy := check(spec[key])):
            yield key, spec[key], remedy
    first, last = numbers.whole(spec.get("first_year")), numbers.whole(spec.get("last_year"))
    if first is not None and last is not None and not first <= last <= first + LONGEST:
        yield "last_year", last, f"must be a year from {first} to {first + LONGEST}"
    for key, (name, value) in _short(spec).items():
        p = parameters.load()[name]
        if (given := numbers.real(value)) is None or not p.least <= given <= p.most:
            yield key, value, f"must be a number between {p.least:g} and {p.most:g} ({p.unit})"
    detour = _mapping(_mapping(spec.get("travel")).get("detour"))
    if (value := detour.get("value")) is not None and not DETOUR[0] <= (numbers.real(value) or 0) <= DETOUR[1]:
        yield "travel.detour.value", value, f"must be a number between {DETOUR[0]} and {DETOUR[1]}"
    yield from _parameter_problems(spec.get("parameters"))


def first_year_problem(value: object) -> str:
    """Return what is wrong with a first year, or nothing."""
    earliest, latest = first_years()
    year = numbers.whole(value)
    good = year is not None and earliest <= year <= latest
    return "" if good else f"must be a year from {earliest} to {latest}"


def _parameter_problems(entries: object) -> Iterator[tuple[str, object, str]]:
    """Yield what is wrong with the parameters that a district sets."""
    known = parameters.load()
    for name, entry in _mapping(entries).items():
        key, value = f"parameters.{name}", _mapping(entry).get("value")
        if name not in known:
            yield key, None, f"is not a parameter{parameters.hint(str(name), known)}; see `simsim list parameters`"
        elif (number := numbers.real(value)) is None or not known[name].least <= number <= known[name].most:
            p = known[name]
            yield f"{key}.value", value, f"must be a number between {p.least:g} and {p.most:g} ({p.unit})"


def _year(value: object) -> str:
    earliest, latest = first_years()
    year = numbers.whole(value)
    good = year is not None and earliest <= year <= latest + LONGEST
    return "" if good else f"must be a year from {earliest} to {latest + LONGEST}"


def _country(value: object) -> str:
    known = countries()
    return (
        "" if value in known else f"is not a country of simsim{suggest(str(value), known)}; known: {', '.join(known)}"
    )


def _words(value: object) -> str:
    return "" if isinstance(value, str) or not _in_both(value) else "must be text, or {zh: ..., en: ...}"


def _in_both(value: object) -> str:
    given = _mapping(value)
    good = set(given) == {"zh", "en"} and all(isinstance(text, str) and text.strip() for text in given.values())
    return "" if good else "must be {zh: ..., en: ...}, both text; put quotes round text with a comma or a colon in it"


def _class_target(value: object) -> str:
    sizes = _mapping(_mapping(value).get("value"))
    good = set(sizes) <= set(STAGES) and sizes and all(1 <= (numbers.real(v) or 0) <= LONGEST for v in sizes.values())
    return "" if good else f"must hold `value: {{primary: 45, junior: 50}}`, pupils a class from 1 to {LONGEST}"


def _retirement(value: object) -> str:
    law = _mapping(value)
    ages, steps = _mapping(law.get("ages")), law.get("steps") or []
    if not set(law) <= {"ages", "known", "steps", "kind", "source"} or not isinstance(steps, list):
        return "may hold `ages`, a list of `steps`, `known`, `kind` and `source`"
    if "known" in law and not MONTH.fullmatch(str(law["known"])):
        return "known must be a month, as 2024-10: when the law was made public"
    if not set(ages) <= set(AGES) or any(numbers.real(age) is None for age in ages.values()):
        return f"ages must be numbers by {' and '.join(AGES)}"
    return next((remedy for step in steps if (remedy := _step(step))), "")


def _step(step: object) -> str:
    entry = _mapping(step)
    sizes = [numbers.whole(entry.get(key)) for key in ("months", "every", "most")]
    good = MONTH.fullmatch(str(entry.get("from"))) and all(size is not None and size >= 1 for size in sizes)
    return "" if good else "a step must hold `from` (a month, as 2025-01), and whole `months`, `every` and `most`"


def _all_words(value: object) -> str:
    good = isinstance(value, Mapping) and not any(_words(entry) for entry in value.values())
    return "" if good else "must map the keys of parameters/words.yaml to {zh: ..., en: ...}"


def _parameters(value: object) -> str:
    return "" if isinstance(value, Mapping) else "must map names of parameters to {value, kind, source}"


CHECKS: Mapping[str, Callable[[object], str]] = {
    "title": _in_both,
    "label": _in_both,
    "country": _country,
    "currency": _words,
    "price_year": _year,
    "last_year": _year,
    "class_target": _class_target,
    "retirement": _retirement,
    "parameters": _parameters,
    "words": _all_words,
}
