"""What the words of a heading mean together: what is counted, in which grade and year, and of which sex."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simsim.tables.cells import plain, simplified
from simsim.tables.dates import CENTURIES
from simsim.tables.grades import (
    CHINESE,
    GRADE,
    HIGHEST,
    LOWEST,
    ORDINALS,
    PK,
    RANGE,
    ROMAN,
    K,
    grade_at,
    short_grade,
)
from simsim.tables.words import listed
from simsim.tables.years import Year, year_of

LISTED = "listed"
"""The `unit` of a heading that is a number and nothing else: a grade where several stand side by side."""
SEXES = {"b": "boys", "g": "girls", "m": "male", "f": "female"}
"""Letters below a grade."""
UNIT = re.compile(r"(?P<name>.*?)\s*(\((?P<unit>[^()]*)\))?")


@dataclass(frozen=True)
class Meaning:
    """What a heading means: a key, and of a number of pupils, classes or teachers the grade, year and sex."""

    key: str
    grade: str = ""
    year: int | None = None
    bare: bool = False
    sex: str = ""
    unit: str | None = None


def without_unit(text: str) -> tuple[str, str | None]:
    """Return a heading without the unit in its brackets, and that unit."""
    match = UNIT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (match["name"], match["unit"]) if match else (text, None)


def meaning(parts: Iterable[str], known: Mapping[str, str]) -> Meaning | None:
    """Return what a heading means whose levels are `parts`, from the top; None where it is not understood.

    `known` maps headings in their normal form to keys.
    """
    levels = [without_unit(part) for part in parts]
    unit = next((found for _, found in reversed(levels) if found), None)
    names = [name for name, _ in levels]
    names[1:] = [SEXES.get(plain(name), name) for name in names[1:]]
    joined = "".join(names)
    whole = ["".join(part) for part in (names, names[::-1])]
    for text in (*whole, *_combined(names)):
        if plain(text) in known:
            return Meaning(known[plain(text)], unit=unit)
    found = _measured(joined, known, unit)
    if found is None and len(names) > 1:
        last = names[-1]
        key = known.get(plain(last))
        return Meaning(key, unit=unit) if key else _measured(last, known, unit)
    return found


def _combined(names: list[str]) -> list[str]:
    """Return the names of levels without the upper ones that say nothing to the point, longest first."""
    return ["".join(names[i:]) for i in range(1, len(names) - 1)]


def _measured(text: str, known: Mapping[str, str], unit: str | None) -> Meaning | None:
    """Return what a heading means that names a grade, a year or a sex beside what is counted."""
    folded = plain(text)
    for name in (PK, K):
        if folded in listed("grades", name):
            return Meaning("pupils", name, unit=unit)
    number = _alone(folded)
    if LOWEST <= number <= HIGHEST:
        return Meaning("pupils", str(number), unit=LISTED if unit is None else unit)
    short = short_grade(folded)
    if short:
        sex = {"b": "boys", "g": "girls"}.get(folded[-1], "")
        return Meaning("pupils", short, sex=sex, unit=LISTED)
    rest, year = _without_year(text)
    if RANGE.search(unicodedata.normalize("NFKC", rest).lower()):
        return None
    found = GRADE.search(plain(rest))
    grade = grade_at(found) if found else ""
    rest = GRADE.sub("", plain(rest), count=1) if found else plain(rest)
    if not grade:
        grade, rest = _named_grade(rest)
    rest, sex = _without_sex(rest)
    for key in ("pupils", "classes", "births"):
        if rest in listed("measures", key) and (grade or year or (sex and rest)):
            when = year.september if year else None
            return Meaning(key, grade, when, bool(year and year.bare), sex, unit)
    if sex and not grade and year is None and rest in known:
        return Meaning(known[rest], sex=sex, unit=unit)
    return None


def _alone(folded: str) -> int:
    """Return the number that a heading is and nothing else: 3, 三, III, third; 0 for another."""
    if folded in ORDINALS:
        return ORDINALS.index(folded) + 1
    return CHINESE.get(folded) or ROMAN.get(folded) or (int(folded) if re.fullmatch("1?[0-9]", folded) else 0)


def _named_grade(rest: str) -> tuple[str, str]:
    """Return a grade that a name at the beginning gives, and what follows; only before words for what is counted."""
    for name in (PK, K):
        for start in sorted(listed("grades", name), key=len, reverse=True):
            after = rest.removeprefix(start)
            if len(start) > 1 and after != rest and _without_sex(after)[0] in listed("measures", "pupils"):
                return name, after
    return "", rest


def _without_year(text: str) -> tuple[str, Year | None]:
    """Return a heading without the year that it begins or ends with, and that year."""
    folded = simplified(unicodedata.normalize("NFKC", text).strip())
    pattern = (
        rf"{CENTURIES}\s*[-–—/至]\s*(?:19|20)?[0-9]{{2}}(?:\s*学年度?)?|{CENTURIES}{CENTURIES}(?:\s*学年度?)?"
        rf"|{CENTURIES}(?:\s*(?:学年度?|年度|年))?|[0-9]{{2,3}}\s*学年度?"
    )
    found = re.match(rf"(?:{pattern})(?![0-9])", folded) or re.search(rf"(?<![0-9])(?:{pattern})$", folded)
    year = year_of(found[0]) if found else None
    return (folded[: found.start()] + folded[found.end() :], year) if found and year else (text, None)


def _without_sex(text: str) -> tuple[str, str]:
    """Return a text without the word for a sex that it begins or ends with, and that sex."""
    for sex in ("girls", "boys"):  # "female" before "male"
        for word in sorted(listed(sex), key=len, reverse=True):
            if text.startswith(word):
                return text.removeprefix(word), sex
            if text.endswith(word):
                return text.removesuffix(word), sex
    return text, ""
