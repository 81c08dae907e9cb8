"""The fields of input files: each check adds what is wrong to one list, so that all problems come at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from simsim.base.calendar import SEPTEMBER
from simsim.inputs import numbers
from simsim.inputs.characters import not_text
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem, suggest

FIRST_YEAR, LAST_YEAR = 1990, 2100
NAME = re.compile(r"(?!.{81})\w[\w\-]*(\.[\w\-]+)*")
LANGUAGES = ("zh", "en")
SCENARIOS, INSTANCES = ("all",), ("staff", "total")
"""Words that tables have where scenarios and instances of policies are named: what all scenarios share, pay, a sum."""
T = TypeVar("T")
YEAR = "[0-9]{4}"
WRITTEN_DATE = "([0-9]{4})-([0-9]{1,2})(?:-([0-9]{1,2}))?"


@dataclass
class Form:
    """One input file being checked."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, value: object, remedy: str) -> None:
        """Note one problem."""
        self.problems.append(Problem(self.file, key, value.isoformat() if isinstance(value, date) else value, remedy))

    def stop(self) -> None:
        """Raise InputError with everything noted so far, if anything was."""
        if self.problems:
            raise InputError(self.problems)

    def mapping(self, data: object, key: str, known: Iterable[str] | None = None, what: str = "a field here") -> Draft:
        """Return a mapping with string keys, without the keys that are not `known`; anything else is a problem."""
        if not isinstance(data, Mapping):
            self.wrong(key, data, "must be a mapping of `key: value` lines")
            return {}
        known = None if known is None else list(known)
        for name in data:
            if not isinstance(name, str):
                self.wrong(join(key, name), None, "a key must be a word; put it in quotes")
            elif known is not None and name not in known:
                self.wrong(join(key, name), None, f"is not {what}{suggest(name, known)}; known: {', '.join(known)}")
        return {
            name: value for name, value in data.items() if isinstance(name, str) and (known is None or name in known)
        }

    def words(self, data: object, key: str) -> dict[str, str]:
        """Return words by language: a mapping {zh, en}, or one text for both."""
        if isinstance(data, str):
            data = dict.fromkeys(LANGUAGES, data)
        found = self.mapping(data, key, LANGUAGES, "a language") if data is not None else {}
        for language, text in found.items():
            if not isinstance(text, str):
                self.wrong(join(key, language), text, "must be text")
            elif wrong := not_text(text):
                self.wrong(join(key, language), text, wrong)
        return {language: text for language, text in found.items() if isinstance(text, str)}

    def text(self, value: object, key: str) -> str:
        """Return text; nothing where there is none."""
        if value is not None and not isinstance(value, str):
            self.wrong(key, value, "must be text")
        return value if isinstance(value, str) else ""

    def names(self, data: object, key: str) -> list[str]:
        """Return a list of names; one name may stand alone; a name given twice is a problem."""
        items = [data] if isinstance(data, str) else data
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.wrong(key, data, "must be a list of names")
            return []
        for item in sorted({item for item in items if items.count(item) > 1}):
            self.wrong(key, item, "is named twice; keep one")
        return items

    def choice(self, value: T, key: str, known: Iterable[str]) -> T:
        """Return the value when it is one of the known words."""
        known = list(known)
        if value not in known:
            self.wrong(key, value, f"must be one of {', '.join(filter(None, known))}{suggest(str(value), known)}")
        return value

    def flag(self, value: object, key: str) -> bool:
        """Return true or false."""
        answer = numbers.flag(value)
        if answer is None:
            self.wrong(key, value, "must be true or false")
        return answer is True

    def name(self, value: object, key: str, taken: Collection[str] = ()) -> str:
        """Return a name that may become part of a path: letters, digits, `-` and `_`, nothing that climbs out of a
        folder, and none of those that tables have `taken` for something else.
        """
        if isinstance(value, str) and value in taken:
            self.wrong(key, value, "is a word that simsim's own tables use for something else; choose another name")
        if not isinstance(value, str) or not NAME.fullmatch(value):
            self.wrong(key, value, "must be a plain name of letters, digits, - and _ (no folders, no ../)")
            return ""
        return value

    def date(self, value: object, key: str) -> date | None:
        """Return a date from 2015-09-01, 2015-09 (its first day) or 2015 (the school year's 1 September).

        A year is a number, and no text.
        """
        found = _date(value)
        if found is None and isinstance(value, str) and re.fullmatch(YEAR, value):
            self.wrong(key, value, "is text; write the year as a number, without quotes")
        elif found is None:
            self.wrong(key, value, "must be a date such as 2015-09-01, a month such as 2015-09, or a year")
        elif not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.wrong(key, value, f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
            return None
        return found


def merge(base: Document, top: Document, keep: bool = False) -> Draft:
    """Lay one mapping on another: maps merge by key, lists and values replace, null removes.

    With `keep`, a null of the first level stays, so that it can remove what a plan will bring.
    """
    merged = dict(base)
    for key, value in top.items():
        if value is None and key in base and not keep:
            del merged[key]
        elif isinstance(value, Mapping) and isinstance(base.get(key), Mapping):
            merged[key] = merge(base[key], value)
        else:
            merged[key] = value
    return merged


def changes_nothing(top: Document, base: Document) -> bool:
    """Whether a mapping has only empty ones, and nulls that remove nothing, to lay on another (`merge`)."""
    return all(
        changes_nothing(value, base[key] if isinstance(base.get(key), Mapping) else {})
        if isinstance(value, Mapping)
        else value is None and key not in base
        for key, value in top.items()
    )


def in_both(words: Mapping[str, str] | None, otherwise: str) -> dict[str, str]:
    """Return words in both languages: where one is missing the other one's, `otherwise` where there are none."""
    given = {language: text for language, text in (words or {}).items() if text.strip()}
    other = next(iter(given.values()), otherwise)
    return {language: given.get(language, other) for language in LANGUAGES} if other else {}


def join(*parts: object) -> str:
    """Return a dotted key."""
    return ".".join(str(part) for part in parts if part != "")


def _date(value: object) -> date | None:
    """Read what people write for a date; None when it is none."""
    value = numbers.plain(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    year = numbers.whole(value)
    match = re.fullmatch(WRITTEN_DATE, value) if isinstance(value, str) else None
    try:
        if year is not None:
            return date(year, SEPTEMBER, 1)
        return date(int(match[1]), int(match[2]), int(match[3] or 1)) if match else None
    except (ValueError, OverflowError):
        return None
