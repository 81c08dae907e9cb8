"""What a plan's file says beside its measures: the headings under which they stand, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from simsim.inputs.documents import Document
from simsim.inputs.errors import suggest
from simsim.inputs.form import Form, join
from simsim.inputs.indicators import indicators
from simsim.inputs.numbers import real, whole
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

HEADING = ("key", "words", "measures", "promise", "lines", "values")
VALUE = ("indicator", "stage", "rule", "limit")
REALITY = ("measures", "facts", "sources")
FOUND = ("zh", "en", "sources")
FACT = ("words", "year", "value", "number", "stage", "as", "sources")
INPUT, START, CHECK = "input", "start", "check"
ALL = "all"
COUNTED = ("schools", "schools.nine_year")


@dataclass(frozen=True)
class Heading:
    """One heading of a plan: its measures, what they promise in a line, the lines of the scoreboard and the numbers
    (`indicator`, `stage`, perhaps `rule` and `limit`) by which it is seen.
    """

    key: str
    words: Mapping[str, str]
    measures: tuple[str, ...]
    promise: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    values: tuple[Document, ...] = ()


@dataclass(frozen=True)
class Found:
    """What is known of a measure in reality, by language, and the numbers of its sources."""

    words: Mapping[str, str]
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fact:
    """A published number to lay beside a simulated one; `kind` tells whether the worlds are set to it (input), start
    from it (start), or know nothing of it (check).
    """

    words: Mapping[str, str]
    year: int
    value: float
    number: str
    stage: str
    kind: str
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reality:
    """What is known of what became of a plan: by measure, in numbers, and from where."""

    measures: Mapping[str, Found] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    sources: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@cache
def lines_known() -> tuple[str, ...]:
    """Return the names of the scoreboard's lines."""
    return tuple(read_yaml(resource("parameters") / "scoreboard.yaml")["lines"])


def headings_of(form: Form, entries: object, measures: Collection[str]) -> tuple[Heading, ...]:
    """Return the headings that a plan's file lists; every measure must stand under exactly one, if there are any."""
    if not isinstance(entries, list):
        form.wrong("headings", entries, "must be a list of headings")
        return ()
    found = [_heading(form, join("headings", number), entry) for number, entry in enumerate(entries, 1)]
    placed = [name for heading in found for name in heading.measures]
    for name in measures if found else ():
        if placed.count(name) != 1:
            form.wrong(join("headings", name), placed.count(name), "must stand under exactly one heading")
    for name in sorted(set(placed) - set(measures)):
        form.wrong(join("headings", name), None, f"is not a measure of the plan{suggest(name, measures)}")
    return tuple(found)


def _heading(form: Form, key: str, entry: object) -> Heading:
    """Check one heading."""
    data = form.mapping(entry, key, HEADING, "a field of a heading")
    lines = form.names(data.get("lines") or [], join(key, "lines"))
    for name in lines:
        form.choice(name, join(key, "lines"), lines_known())
    values = data.get("values") or []
    if not isinstance(values, list):
        form.wrong(join(key, "values"), values, "must be a list")
        values = []
    return Heading(
        form.name(data.get("key"), join(key, "key")),
        form.words(data.get("words"), join(key, "words")),
        tuple(form.names(data.get("measures") or [], join(key, "measures"))),
        form.words(data.get("promise"), join(key, "promise")),
        tuple(lines),
        tuple(_value(form, join(key, "values", place), value) for place, value in enumerate(values, 1)),
    )


def _value(form: Form, key: str, entry: object) -> Document:
    """Check one number by which a heading is seen."""
    data = form.mapping(entry, key, VALUE, "a field of a value")
    form.choice(data.get("indicator"), join(key, "indicator"), [*indicators()])
    form.choice(data.setdefault("stage", ALL), join(key, "stage"), (ALL, "primary", "junior"))
    if "rule" in data or "limit" in data:
        form.choice(data.get("rule"), join(key, "rule"), ("at_least", "at_most"))
        if real(data.get("limit")) is None:
            form.wrong(join(key, "limit"), data.get("limit"), "must be a number")
    return data


def reality_of(form: Form, entry: object, measures: Collection[str]) -> Reality:
    """Return what a plan's file says of what became of it."""
    data = form.mapping(entry, "reality", REALITY, "a field of what became of a plan")
    sources = dict(_sources(form, data.get("sources") or {}))
    told = form.mapping(data.get("measures") or {}, "reality.measures", measures, "a measure of the plan")
    found = {name: _found(form, join("reality.measures", name), entry, sources) for name, entry in told.items()}
    facts = data.get("facts") or []
    if not isinstance(facts, list):
        form.wrong("reality.facts", facts, "must be a list")
        facts = []
    listed = [_fact(form, join("reality.facts", place), fact, sources) for place, fact in enumerate(facts, 1)]
    return Reality(found, tuple(fact for fact in listed if fact), sources)


def _sources(form: Form, entries: object) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the numbered sources."""
    for number, words in (entries if isinstance(entries, Mapping) else {}).items():
        if whole(number) is None:
            form.wrong(join("reality.sources", str(number)), number, "must be a number")
        else:
            yield int(number), form.words(words, join("reality.sources", str(number)))


def _cited(form: Form, key: str, numbers: object, sources: Mapping[int, object]) -> tuple[int, ...]:
    """Return the numbers of sources that something cites."""
    listed = numbers if isinstance(numbers, list) else []
    for number in listed:
        if number not in sources:
            form.wrong(join(key, "sources"), number, "is not among the sources below; add it there")
    return tuple(number for number in listed if number in sources)


def _found(form: Form, key: str, entry: object, sources: Mapping[int, object]) -> Found:
    data = form.mapping(entry, key, FOUND, "a field of what was found")
    words = form.words({name: data[name] for name in ("zh", "en") if name in data}, key)
    return Found(words, _cited(form, key, data.get("sources"), sources))


def _fact(form: Form, key: str, entry: object, sources: Mapping[int, object]) -> Fact | None:
    """Check one published number."""
    data = form.mapping(entry, key, FACT, "a field of a fact")
    year, value = whole(data.get("year")), real(data.get("value"))
    for name, number in (("year", year), ("value", value)):
        if number is None:
            form.wrong(join(key, name), data.get(name), "must be a number")
    number = form.choice(data.get("number"), join(key, "number"), [*COUNTED, *indicators()])
    kind = form.choice(data.get("as"), join(key, "as"), (INPUT, START, CHECK))
    words, cited = form.words(data.get("words"), join(key, "words")), _cited(form, key, data.get("sources"), sources)
    if year is None or value is None:
        return None
    return Fact(words, year, value, str(number), str(data.get("stage", ALL)), str(kind), cited)
