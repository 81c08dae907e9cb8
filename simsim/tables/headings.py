"""The headings of a sheet: found among title rows, in up to six levels."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simsim.inputs.numbers import written
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import known_units
from simsim.tables.grades import BEFORE_ONE, HIGHEST, LOWEST, ROMAN
from simsim.tables.meanings import known_headings
from simsim.tables.meanings import understood as meaning_of
from simsim.tables.phrases import LISTED, Meaning
from simsim.tables.sheets import HEADING_ROWS
from simsim.tables.words import listed, of_others, words
from simsim.tables.years import year_of

LEVELS = 6
"""Of how many rows headings may consist: 在校生数 over 一年级 over 男; exports of the statistics platform have four or
five.
"""
FEWEST_YEARS = 2
IDENTITY = ("school", "code")


@dataclass(frozen=True)
class Heading:
    """One heading: its column, the levels it stands in, and what it means (None: not understood)."""

    place: int
    parts: tuple[str, ...]
    means: Meaning | None

    @property
    def shown(self) -> str:
        """The heading as messages name it."""
        return " / ".join(self.parts) or f"column {self.place + 1}"


Found = tuple[int, int, list[Heading]]


def score(rows: Sequence[Sequence[object]], known: Mapping[str, str] | None = None) -> int:
    """Return how many headings the first rows of a sheet hold that are understood."""
    found = found_in(rows, known)
    return 0 if found is None else sum(heading.means is not None for heading in found[2])


def headings_of(rows: Sequence[Sequence[object]]) -> Found | None:
    """Return where the headings of a sheet's rows begin, of how many rows they consist, and what they mean; None where
    none is understood.
    """
    return found_in(rows)


def found_in(rows: Sequence[Sequence[object]], known: Mapping[str, str] | None = None) -> Found | None:
    """Return where the headings begin, of how many rows they consist, and what they mean: as many as are understood."""
    known = known_headings() if known is None else known
    best, most = None, 0.0
    for levels in range(1, LEVELS + 1):
        for at in range(min(HEADING_ROWS, len(rows))):
            block = rows[at : at + levels]
            if len(block) < levels or not all(map(_may_head, block[1:])):
                continue
            headings = _headings(block, known)
            understood = len({h.means for h in headings if h.means})
            more = any(h.means and h.means.unit != LISTED for h in headings)
            further = best is not None and best[:2] == (at, levels - 1) and understood == most
            if more and (understood > most or (further and _qualifies(rows[at + levels - 1 :], headings))):
                best, most = (at, levels, headings), understood
    return best and _of_all_pupils(rows, best)


def _of_all_pupils(rows: Sequence[Sequence[object]], found: Found) -> Found:
    """Return headings without grades over which stands that others than all pupils are counted (教师, 随迁子女).

    It stands in upper levels of their own, or in the row above the headings, over some grades and not over all.
    """
    at, levels, headings = found
    of_grades = [h for h in headings if h.means and h.means.key == "pupils" and h.means.grade]
    above = _filled(rows[at - 1]) if at and of_grades else []
    before = {plain(cell) for cell in above[: of_grades[0].place]} if above else set()
    kept = list(headings)
    for h in of_grades:
        over = above[h.place] if h.place < len(above) and plain(above[h.place]) not in before else ""
        if any(map(_leaves_pupils_out, h.parts[:-1])):
            kept[h.place] = replace(h, means=None)
        elif _leaves_pupils_out(over):
            kept[h.place] = Heading(h.place, (clean(over), *h.parts), None)
    return at, levels, kept


def _leaves_pupils_out(text: object) -> bool:
    """Tell whether a text over grades says that others are counted: 随迁子女学生数, and not 学生数及班额."""
    of_all = any(word in plain(text) for word in listed("all_pupils"))
    return bool({*of_others(text)} - ({*words()["things"]} if of_all else set()))


def _filled(row: Sequence[object]) -> list[object]:
    """Return a row in which each text stands in the empty cells to its right, too."""
    cells = list(row)
    for place in range(1, len(cells)):
        cells[place] = cells[place - 1] if is_blank(cells[place]) else cells[place]
    return cells


def _qualifies(rows: Sequence[Sequence[object]], headings: Sequence[Heading]) -> bool:
    """Tell whether the first of these rows says what is counted (学生数, 其中：女) under the headings above it, though
    it makes no more of them understood: texts alone, none where a school or a year would stand, and no row of units.
    """
    cells = {place: cell for place, cell in enumerate(rows[0]) if not is_blank(cell)}
    heads = [h for h in headings if h.means and h.means.key in (*IDENTITY, "year")]
    of_rows = {h.place for h in heads if clean(cells.get(h.place, "")) != h.parts[-1]}  # merged cells repeat theirs
    texts = all(isinstance(cell, str) and written(cell) is None for cell in cells.values())
    return len(cells) >= FEWEST_YEARS and texts and not of_rows & set(cells) and not units_below(rows, headings)


def _may_head(row: Sequence[object]) -> bool:
    """Tell whether a row may be a lower one of headings: numbers in it are grades or years, each once, and several."""
    numbers = [plain(cell) for cell in row if not is_blank(cell) and plain(cell).isdecimal()]
    grades = all(LOWEST - 1 <= int(number) <= HIGHEST for number in numbers)
    years = all(len(number) == 4 and year_of(number) for number in numbers)
    times = set(Counter(numbers).values())
    return not numbers or (len(numbers) >= FEWEST_YEARS and (times == {1} and grades or len(times) == 1 and years))


def _headings(block: Sequence[Sequence[object]], known: Mapping[str, str]) -> list[Heading]:
    """Return the headings of some rows; an upper one holds for the columns to its right that have none of their own."""
    width = max((i + 1 for row in block for i, cell in enumerate(row) if not is_blank(cell)), default=0)
    levels = [[*row[:width], *[None] * (width - len(row))] for row in block]
    for i, row in enumerate(levels[:-1]):
        for place in range(1, width):
            below = any(not is_blank(other[place]) for other in levels[i + 1 :])
            same_above = all(levels[j][place] == levels[j][place - 1] for j in range(i))
            if is_blank(row[place]) and below and same_above:
                row[place] = row[place - 1]
    found = []
    for place in range(width):
        parts = [clean(row[place]) for row in levels if not is_blank(row[place])]
        parts = [part for i, part in enumerate(parts) if not i or part != parts[i - 1]]
        parts = _with_units(parts)
        found.append(Heading(place, tuple(parts), meaning_of(parts, known) if parts else None))
    romans = [h.place for h in found if h.means and h.means.unit == LISTED and plain(h.parts[-1]) in ROMAN]
    for place in romans if len(romans) < FEWEST_YEARS else ():
        found[place] = replace(found[place], means=None)
    listed_grades = sum(h.means is not None and (h.means.unit == LISTED or h.means.grade in BEFORE_ONE) for h in found)
    if listed_grades < FEWEST_YEARS:
        found = [h if not h.means or h.means.unit != LISTED else Heading(h.place, h.parts, None) for h in found]
    return found


def _with_units(parts: Sequence[str]) -> list[str]:
    """Return levels with one that is nothing but a unit in brackets at the end of the level above it."""
    found: list[str] = []
    for part in parts:
        if found and part.startswith(("(", "（")) and part.endswith((")", "）")):  # noqa: RUF001
            found[-1] += part
        else:
            found.append(part)
    return found


def units_below(rows: Sequence[Sequence[object]], headings: Sequence[Heading]) -> dict[int, str]:
    """Return the unit of each column where the row under the headings holds nothing but units, in brackets or not."""
    cells = {place: clean(cell) for place, cell in enumerate(rows[0]) if not is_blank(cell)} if rows else {}
    units = {place: unicodedata.normalize("NFKC", text).strip("() ") for place, text in cells.items()}
    return units if len(units) >= FEWEST_YEARS and all(plain(unit) in known_units() for unit in units.values()) else {}


def with_unit(heading: Heading, units: Mapping[int, str]) -> Heading:
    """Return a heading with the unit that stands below it, where it names none itself."""
    means, unit = heading.means, units.get(heading.place)
    return heading if means is None or means.unit or unit is None else replace(heading, means=replace(means, unit=unit))
