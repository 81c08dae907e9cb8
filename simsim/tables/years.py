"""School years as offices write them, each the September in which it begins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from simsim.tables.cells import plain, simplified
from simsim.tables.dates import CENTURIES, ERAS, is_dated, plain_years, september_of
from simsim.tables.grades import whole_number

REPUBLIC = 1911
"""What a year of the Minguo calendar is counted from."""
PAIR = re.compile(rf"({CENTURIES})\s*[-‐–—~～/至]?\s*((?:19|20)?[0-9]{{2}})(?:\s*(?:学年度?|年度?|sy))?")  # noqa: RUF001
SHORT_PAIR = re.compile(r"([0-4][0-9])\s*[-‐–—~/]\s*([0-9]{2})(?:\s*学年度?)?")
CENTURY = 2000
TERM = re.compile(r"\s*(?:第[一二12]学期|[上下]学期)$")
"""What follows a school year and says no other: 2012-2013学年第一学期."""
SINGLE = re.compile(rf"({CENTURIES})(?:\.0+)?(学年度?|年度?)?")
SPAN = re.compile(rf"{CENTURIES}\s*[-‐–—~至/]\s*(?:19|20)?[0-9]{{2}}(?![0-9])")
"""Two years that are no school year: 2006-2012."""
MINGUO = re.compile(r"(?:民国)?([0-9]{2,3})(?:\s*(学年度?|年度?))?")


@dataclass(frozen=True)
class Year:
    """A school year as written: its September; whether it is bare, which may mean the year in which it ends;
    and whether it began the year before the date that is written.
    """

    september: int
    bare: bool = False
    before: bool = False


def year_of(value: object, heading: str = "") -> Year | None:
    """Return the school year that a cell names; None for what is none.

    2012-13, 2012-2013, 20122013 and 113學年度 are the September of the first, a day or a term that of the school year
    in which it lies (`dates`); 2012 alone is bare. `heading` tells a year without a century: 113 under 學年度, 12-13
    under any.
    """
    raw = _folded(whole_number(value)).strip(" '\"’‘`")  # noqa: RUF001
    text = plain_years(raw)
    text = re.sub(r"^(sy|ay|fy)\s*|(school|academic|calendar)?\s*year\s*", "", text).strip(" .")
    text = TERM.sub("", re.sub(r"(?<=[0-9])(?:_|\s+to\s+)(?=[0-9]{2})", "-", text)).strip()
    pair = PAIR.fullmatch(text) or (heading and SHORT_PAIR.fullmatch(text)) or None
    if pair:
        first, second = int(pair[1]), int(pair[2])
        first += CENTURY if first < CENTURY // 20 else 0
        follows = second in (first + 1, (first + 1) % 100)
        return Year(first) if follows else None
    single = SINGLE.fullmatch(text)
    if single:
        return Year(int(single[1]), bare=not (single[2] or "").startswith("学年"))
    if is_dated(text):
        return _of_date(text, raw)
    old = MINGUO.fullmatch(text)
    told = old and ((old[2] or "").startswith("学年") or "民国" in text or "学年" in plain(heading))
    return Year(int(old[1]) + REPUBLIC) if old and told else None


def _folded(text: object) -> str:
    return simplified(unicodedata.normalize("NFKC", str(text)).strip().lower())


def _of_date(text: str, raw: str) -> Year | None:
    """Return the school year of the first date of a text, whose eras are as written in `raw`."""
    september = september_of(text, _japanese(raw))
    return None if september is None else Year(september, before=str(september) not in text)


def _japanese(text: str) -> bool:
    return "现在" in text or any(simplified(era) in text for era in ERAS)


def year_in(text: object) -> Year | None:
    """Return the school year that a title, or the name of a sheet or file, speaks of; None where there is none."""
    return firmly(text) or _loosely(text)


def year_among(texts: Iterable[object]) -> Year | None:
    """Return the school year that some titles speak of: the first that is a school year by its words, else the first
    that is a date or a bare year.
    """
    every = list(texts)
    return next(filter(None, (*map(firmly, every), *map(_loosely, every))), None)


def firmly(text: object) -> Year | None:
    """Return the school year that a text names as one: 2012-13, 2012学年, 113學年度."""
    folded = plain_years(_folded(text))
    found = re.search(rf"(?<![0-9]){CENTURIES}\s*[-‐–—~至/]\s*(?:19|20)?[0-9]{{2}}(?![-/.]?[0-9])", folded)
    found = found or re.search(rf"(?<![0-9]){CENTURIES}{CENTURIES}(?![0-9])", folded)
    found = found or re.search(rf"(?<![0-9]){CENTURIES}\s*学年度?", folded)
    found = found or re.search(r"(?<![0-9])[0-9]{2,3}\s*学年度?", folded)
    return year_of(found[0]) if found else None


def _loosely(text: object) -> Year | None:
    """Return the school year of a day, a month or a term of a text, else the bare year in it."""
    raw = _folded(text)
    folded = plain_years(raw)
    if is_dated(folded):
        return _of_date(folded, raw)
    if SPAN.search(folded):
        return None
    found = re.search(rf"(?<![0-9]){CENTURIES}(?![0-9])", folded)
    return year_of(found[0]) if found else None
