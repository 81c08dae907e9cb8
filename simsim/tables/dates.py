"""Days, months and terms of which tables tell instead of a school year: the September of the school year they lie in.

From August to December a school year has begun everywhere that simsim is used. In the other months it depends on the
country: where the words are Chinese the school year is the one that began the year before (from April on the same
year's in Japan); January alone is so everywhere; other months are not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from simsim.tables.cells import simplified

CENTURIES = r"(?:19|20)[0-9]{2}"
CENTURY, HUNDRED = 2000, 100
BEGINS, JAPAN_BEGINS, JANUARY, DECEMBER = 8, 4, 1, 12
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
"""What a year of a Japanese era is counted from."""
ERA = re.compile(rf"({'|'.join(map(simplified, ERAS))})\s*(元|[0-9]{{1,2}})\s*年(度)?")
DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
NUMERALS = re.compile("[〇○零一二三四五六七八九]{3,4}(?=学?年)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"\b({'|'.join(MONTHS)})(?:[a-z]{{0,6}})\.?(?:\s*[0-9]{{1,2}}(?:st|nd|rd|th)?,?(?=\s+{CENTURIES}))?"
SEASONS = {"autumn": 9, "fall": 9, "spring": 1, "summer": 5, "winter": 2, "秋": 9, "春": 3}
NAMED = re.compile(rf"{MONTH}[\s,'’/_-]*({CENTURIES}|[0-9]{{2}}(?![0-9]))")  # noqa: RUF001
TERM = re.compile(rf"\b(autumn|fall|spring|summer|winter)\s*(?:term|semester|census|of)?\s*[,'’-]?\s*({CENTURIES})")  # noqa: RUF001
CHINESE = re.compile(rf"({CENTURIES})\s*年?\s*(?:([秋春])|年\s*(1[0-2]|0?[1-9])\s*月)")
YEAR_FIRST = re.compile(rf"({CENTURIES})([-/._])(1[0-2]|0?[1-9])\2(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])")
YEAR_LAST = re.compile(rf"(?<![0-9])([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2({CENTURIES})(?![0-9])")


def plain_years(text: str) -> str:
    """Return a text, simplified and small, with the years of Japanese eras and those in Chinese numerals in digits."""
    numerals = NUMERALS.sub(lambda found: found[0].translate(DIGITS), text)
    return ERA.sub(lambda found: f"{_era(found)}{'学年' if found[3] else '年'}", numerals)


def _era(found: re.Match[str]) -> int:
    first = {simplified(name): year for name, year in ERAS.items()}[found[1]]
    return first + (1 if found[2] == "元" else int(found[2]))


def is_dated(text: str) -> bool:
    """Tell whether a text, in the form of `plain_years`, names a day, a month or a term with its year."""
    return any(pattern.search(text) for pattern in (CHINESE, YEAR_FIRST, YEAR_LAST, NAMED, TERM))


def september_of(text: str, japanese: bool = False) -> int | None:
    """Return the September of the school year in which the first date of a text lies; None where it is not told."""
    chinese = CHINESE.search(text)
    if chinese:
        year, month = int(chinese[1]), SEASONS[chinese[2]] if chinese[2] else int(chinese[3])
        return year - (month < (JAPAN_BEGINS if japanese else BEGINS))
    year, month = next(_dates(text), (0, 0))
    if BEGINS <= month <= DECEMBER:
        return year
    return year - 1 if month == JANUARY else None


def _dates(text: str) -> Iterator[tuple[int, int]]:
    """Yield year and month of the dates of a text; month 0 where day and month cannot be told apart."""
    if found := YEAR_FIRST.search(text):
        yield int(found[1]), int(found[3])
    if found := YEAR_LAST.search(text):
        yield int(found[4]), _month(int(found[1]), int(found[3]))
    if found := NAMED.search(text):
        year = int(found[2])
        yield year + (CENTURY if year < HUNDRED else 0), MONTHS.index(found[1]) + 1
    if found := TERM.search(text):
        yield int(found[2]), SEASONS[found[1]]


def _month(first: int, second: int) -> int:
    """Return the month of a day and a month in either order; 0 where both may be it and it makes a difference."""
    fitting = [month for month in (first, second) if month <= DECEMBER]
    same = len(fitting) == 1 or min(fitting, default=0) >= BEGINS or first == second
    return fitting[0] if fitting and same else 0
