"""The words of offices' tables (parameters/templates/book.yaml): what is said of tables, and cells of numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from simsim.inputs.documents import Draft
from simsim.inputs.numbers import written
from simsim.inputs.paths import resource
from simsim.inputs.standards import Text
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.cells import REMEMBERED, clean, is_blank, plain, simplified

BOUND = re.compile(
    r"n?(?:<=?|≤|少于|不足|不到|小于|低于|fewerthan|lessthan|under|below)([0-9]+)"
    r"|([0-9]+)(?:及?以下|orfewer|orless|orunder)|[01](?:[-~–—至]|to)([0-9]{1,2})"
)
WHOM = re.compile("(?:人|名|个|pupils|students)(?=以下|及以下|$)")
LONG = 6
"""A shorter word must stand whole."""
EQUAL = re.compile("<=|≤")
"""A number that is hidden because it is small: `<10`, `少于5`, `1-4`."""
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[\s'’][0-9]{3})+")  # noqa: RUF001
DECIMAL_COMMA = re.compile("([0-9]+),0{1,2}")
COUNTED = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)(?:人|名|个|間|间|班|pupils|students)")


@cache
def words() -> Draft:
    """Return the words of the file, read once."""
    return read_yaml(resource("parameters") / "templates" / "book.yaml")


@cache
def rule(name: str) -> float:
    """Return a number of the rules by which an import fills columns."""
    return float(words()["rules"][name])


@cache
def listed(*path: str) -> frozenset[str]:
    """Return a list of the file in normal form, as ("measures", "pupils")."""
    *above, last = path
    block = words()
    for key in above:
        block = block[key]
    return frozenset(plain(text) for text in block[last])


def of_others(text: object) -> list[str]:
    """Return the words of a title, or over the grades of a table, that say that others than all pupils are counted."""
    folded = simplified(unicodedata.normalize("NFKC", str(text))).lower()
    return sorted(word for word in words()["not_all_pupils"] if _stands(word, folded))


def _stands(word: str, text: str) -> bool:
    """Tell whether a word stands in a text: a Chinese one anywhere, an English one at the beginning of a word."""
    if not word.isascii():
        return simplified(word) in re.sub(r"\s", "", text)
    end = r"(?![a-z])" if len(word) < LONG else ""
    return bool(re.search(rf"(?<![a-z]){re.escape(word)}{end}", text))


@dataclass(frozen=True)
class Said:
    """Something that must be said of a table, in the words of the file's `said`: its key and what fills its places."""

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def text(self, lang: str) -> str:
        """Return the sentence in English (en) or Chinese (zh)."""
        return str(words()["said"][self.key][lang]).format(
            **{key: _shown(value, key, lang) for key, value in self.values}
        )

    def __str__(self) -> str:
        return self.text("en")


def _shown(value: object, key: str, lang: str) -> object:
    """Return what fills a place of a sentence in a language: stages and labels by name, several names one after
    another.
    """
    if isinstance(value, tuple):
        return ("、" if lang == "zh" else ", ").join(str(_shown(one, key, lang)) for one in value)
    if isinstance(value, Text):
        return getattr(value, lang)
    return words()["stages"][lang].get(value, value) if key == "stage" else value


def say(key: str, **values: object) -> Said:
    """Return a sentence about a table."""
    return Said(key, tuple(values.items()))


# ---- numbers ----


@dataclass(frozen=True)
class Count:
    """A number of a cell: `value`, None where it is not known; `most`, what it is at most where that is said;
    `blank` for an empty cell; `wrong` for what is no number.
    """

    value: float | None = None
    most: int | None = None
    blank: bool = False
    wrong: bool = False


def count_of(cell: object) -> Count:
    """Return what a cell says of a number: blank, hidden (*, <10) and not known (n/a) are no 0."""
    return _counted(cell) if isinstance(cell, str) else _of(cell)


def is_nothing(cell: object) -> bool:
    """Tell whether a cell holds no number: empty, or a word that says so (-, —, 无)."""
    return is_blank(cell) or (isinstance(cell, str) and clean(cell).strip("[]").lower() in words()["nothing"])


@lru_cache(maxsize=REMEMBERED)
def _counted(cell: str) -> Count:
    return _of(cell)


def _of(cell: object) -> Count:
    if is_blank(cell):
        return Count(blank=True)
    number = written(_ungrouped(cell) if isinstance(cell, str) else cell)
    if number is not None:
        return Count(number)
    text = plain(cell).strip("[]")
    if clean(cell).strip("[]").lower() in words()["nothing"]:
        return Count(blank=True)
    if text in _unknown():
        return Count()
    bound = BOUND.fullmatch(WHOM.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", str(cell)).lower())))
    if bound:
        said = int(next(part for part in bound.groups() if part))
        return Count(most=said - 1 if bound[1] and not EQUAL.search(bound[0]) else said)
    counted = COUNTED.fullmatch(text)
    return Count(written(counted[1])) if counted else Count(wrong=True)


def _ungrouped(cell: str) -> str:
    """Return a number without the blanks or apostrophes between its thousands, or the noughts behind its decimal comma:
    1 234, 1'234 and 12,0 as 1234 and 12.
    """
    text = unicodedata.normalize("NFKC", cell).strip()
    if GROUPED.fullmatch(text):
        return re.sub(r"[\s'’]", "", text)  # noqa: RUF001
    comma = DECIMAL_COMMA.fullmatch(text)
    return comma[1] if comma else cell


@cache
def _unknown() -> frozenset[str]:
    return frozenset(plain(text) for text in words()["unknown"])
