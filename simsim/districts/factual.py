"""What is published of a district's later years: the factual scenario, the totals that it ended at, and softer facts.

A world of the factual scenario ends at these totals (simsim/conditioning/); a district that declares none is not
conditioned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simsim.inputs import numbers
from simsim.inputs.defaults import furthest_year
from simsim.inputs.documents import Document
from simsim.inputs.errors import suggest

FACTUAL = "factual"
KEYS = ("scenario", "year", "pupils", "staff", "soft")
TOTALS = ("pupils", "staff")
FACT_KEYS = ("value", "year", "ages", "grade", "share", "doubt", "unit", "kind", "source")
OLDEST = 20
"""No fact is about children older than this."""
Complaint = tuple[str, object, str]
EXAMPLE = "`factual: {scenario: plan, year: 2024, pupils: 44725, staff: 3710}`"


@dataclass(frozen=True)
class SoftFact:
    """A number that the district's children are known by with a doubt: the share `share` of those of `ages` (first and
    last, on 1 September of `year`) or in a `grade`; `doubt` is its standard deviation as a share of the value.
    """

    name: str
    value: float
    doubt: float
    year: int
    ages: tuple[int, int] | None = None
    grade: int | None = None
    share: float = 1.0

    @property
    def sd(self) -> float:
        """Its standard deviation (children)."""
        return self.doubt * self.value


@dataclass(frozen=True)
class Factual:
    """The totals that the factual scenario ended at: pupils, and staff if that is known, of `year`."""

    scenario: str
    year: int
    pupils: float
    staff: float | None = None
    soft: tuple[SoftFact, ...] = ()


def factual_of(spec: Document) -> Factual | None:
    """Return what a district file that was checked declares, or None."""
    block = spec.get(FACTUAL)
    if not isinstance(block, Mapping):
        return None
    soft = tuple(_soft(name, entry) for name, entry in (block.get("soft") or {}).items())
    staff = None if block.get("staff") is None else total_of(spec, block["staff"])
    return Factual(block["scenario"], int(block["year"]), total_of(spec, block["pupils"]) or 0.0, staff, soft)


def _soft(name: str, entry: Document) -> SoftFact:
    ages = tuple(map(int, entry["ages"])) if "ages" in entry else None
    grade = int(entry["grade"]) if "grade" in entry else None
    value, doubt, share = (float(entry.get(key, 1.0)) for key in ("value", "doubt", "share"))
    return SoftFact(name, value, doubt, int(entry["year"]), None if ages is None else (ages[0], ages[1]), grade, share)


def total_of(spec: Document, told: object) -> float | None:
    """Return a total given as a number, or by the dotted place of its entry in the district file; None for neither."""
    if isinstance(told, str):
        found: object = spec
        for part in told.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        told = found.get("value") if isinstance(found, Mapping) else found
    return numbers.real(told)


def factual_problems(spec: Document) -> Iterator[Complaint]:
    """Yield (key, value, remedy) for whatever is wrong in the block `factual` of a district file; nothing without."""
    block = spec.get(FACTUAL)
    if block is None:
        return
    if not isinstance(block, Mapping):
        yield FACTUAL, block, f"must say what is published of a later year, as {EXAMPLE}; or leave it out"
        return
    for key in block:
        if key not in KEYS:
            yield f"{FACTUAL}.{key}", block[key], f"is no entry of factual{suggest(str(key), KEYS)}"
    scenario = block.get("scenario")
    if not isinstance(scenario, str) or not scenario.strip():
        yield f"{FACTUAL}.scenario", scenario, "must name the scenario that happened; see `simsim list scenarios`"
    yield from _year_problem(spec, block.get("year"), f"{FACTUAL}.year", after_first=True)
    for name in TOTALS:
        if (name in block or name == TOTALS[0]) and (total_of(spec, block.get(name)) or 0.0) <= 0:
            remedy = "must be a number above 0, or the place of one in this file, as aggregates.check_2024.pupils"
            yield f"{FACTUAL}.{name}", block.get(name), remedy
    yield from _soft_problems(spec, block.get("soft"))


def _year_problem(
    spec: Document, value: object, key: str, after_first: bool = False, most: object = None
) -> Iterator[Complaint]:
    first, year = numbers.whole(spec.get("first_year")), numbers.whole(value)
    if first is None:
        return
    earliest, latest = first + after_first, numbers.whole(most) or furthest_year(spec)
    if year is None or not earliest <= year <= latest:
        yield key, value, f"must be a year from {earliest} to {latest}"


def _soft_problems(spec: Document, soft: object) -> Iterator[Complaint]:
    where = f"{FACTUAL}.soft"
    if soft is None:
        return
    if not isinstance(soft, Mapping):
        yield where, soft, "must map names of facts to {value, year, ages or grade, doubt, unit, kind, source}"
        return
    for name, entry in soft.items():
        key = f"{where}.{name}"
        if not isinstance(entry, Mapping):
            yield key, entry, "must be {value, year, ages or grade, doubt, unit, kind, source}"
            continue
        for field in entry:
            if field not in FACT_KEYS:
                yield f"{key}.{field}", entry[field], f"is no entry of a fact{suggest(str(field), FACT_KEYS)}"
        for field, high in (("value", 1e9), ("doubt", 1.0), ("share", 1.0)):
            number = numbers.real(entry.get(field, 1.0 if field == "share" else None))
            if number is None or not 0 < number <= high:
                yield f"{key}.{field}", entry.get(field), f"must be a number above 0 and at most {high:g}"
        yield from _year_problem(spec, entry.get("year"), f"{key}.year", most=spec[FACTUAL].get("year"))
        if not str(entry.get("source") or "").strip():
            yield f"{key}.source", entry.get("source"), "is missing; say where the number was published"
        yield from _whom(entry, key)


def _whom(entry: Document, key: str) -> Iterator[Complaint]:
    """Yield a fact that does not say, in one way, whom it counts."""
    if ("ages" in entry) == ("grade" in entry):
        yield key, None, "must say whom it counts: `ages: [first, last]`, or `grade: 1`"
    elif "ages" in entry and not _ages(entry["ages"]):
        yield f"{key}.ages", entry["ages"], f"must be [first, last], whole years from 0 to {OLDEST}"
    elif "grade" in entry and not 1 <= (numbers.whole(entry["grade"]) or 0) <= OLDEST:
        yield f"{key}.grade", entry["grade"], "must be the year of schooling, a whole number from 1 on"


def _ages(value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    ages = [age for age in map(numbers.whole, value) if age is not None]
    return len(value) == len(ages) == 2 and 0 <= ages[0] <= ages[1] <= OLDEST
