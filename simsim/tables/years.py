"""School years as offices write them, each the September in which it begins."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from simsim.tables.cells import plain, simplified
from simsim.tables.grades import whole_number

REPUBLIC = 1911
"""What a year of the Minguo calendar is counted from."""
CENTURIES = r"(?:19|20)[0-9]{2}"
PAIR = re.compile(rf"({CENTURIES})\s*[-‐–—~～/至]?\s*((?:19|20)?[0-9]{{2}})(?:\s*(?:学年度?|年度?|sy))?")  # noqa: RUF001
SHORT_PAIR = re.compile(r"([0-4][0-9])\s*[-‐–—~/]\s*([0-9]{2})(?:\s*学年度?)?")
CENTURY = 2000
TERM = re.compile(r"\s*(?:第[一二12]学期|[上下]学期)$")
"""What follows a school year and says no other: 2012-2013学年第一学期."""
SINGLE = re.compile(rf"({CENTURIES})(?:\.0+)?(学年度?|年度?)?(?:(?:9月1日|年9月|年秋|-09(?:-01)?).*)?")
SEPTEMBER = re.compile("[9秋]")
MINGUO = re.compile(r"(?:民国)?([0-9]{2,3})(?:\s*(学年度?|年度?))?")


@dataclass(frozen=True)
class Year:
    """A school year as written: its September, and whether it is bare, which may mean the year in which it ends."""

    september: int
    bare: bool = False


def year_of(value: object, heading: str = "") -> Year | None:
    """Return the school year that a cell names; None for what is none.

    2012-13, 2012-2013, 20122013 and 113學年度 are the September of the first; 2012 alone is bare. `heading` tells a
    year without a century: 113 under 學年度, 12-13 under any.
    """
    text = simplified(unicodedata.normalize("NFKC", str(whole_number(value))).strip().lower())
    text = re.sub(r"^(sy|ay|fy)\s*|(school|academic)\s*year\s*", "", text).strip(" .")
    text = re.sub(rf"^(?:fall|autumn)\s*(?:of\s*)?({CENTURIES})$", r"\1年秋", TERM.sub("", text).strip())
    pair = PAIR.fullmatch(text) or (heading and SHORT_PAIR.fullmatch(text)) or None
    if pair:
        first, second = int(pair[1]), int(pair[2])
        first += CENTURY if first < CENTURY // 20 else 0
        follows = second in (first + 1, (first + 1) % 100)
        return Year(first) if follows else None
    single = SINGLE.fullmatch(text)
    if single:
        return Year(int(single[1]), bare=not (single[2] or "").startswith("学年") and not SEPTEMBER.search(text[4:]))
    old = MINGUO.fullmatch(text)
    told = old and ((old[2] or "").startswith("学年") or "民国" in text or "学年" in plain(heading))
    return Year(int(old[1]) + REPUBLIC) if old and told else None


def year_in(text: object) -> Year | None:
    """Return the school year that a title, or the name of a sheet or file, speaks of; None where there is none."""
    folded = simplified(unicodedata.normalize("NFKC", str(text)).lower())
    found = re.search(rf"{CENTURIES}\s*[-‐–—~至/]\s*(?:19|20)?[0-9]{{2}}(?![0-9])", folded)
    found = found or re.search(rf"(?<![0-9]){CENTURIES}{CENTURIES}(?![0-9])", folded)
    found = found or re.search(rf"(?<![0-9]){CENTURIES}(?![0-9])(?:\s*学年度?)?", folded)
    found = found or re.search(r"(?<![0-9])[0-9]{2,3}\s*学年度?", folded)
    return year_of(found[0]) if found else None
