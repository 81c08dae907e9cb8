"""Rows of areas among those of schools: what adds up to the schools beside it is left out, what is called as an area is
and does not add up is refused. Neither becomes a school.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simsim.inputs.errors import Problem
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.headings import Heading
from simsim.tables.table import Table
from simsim.tables.words import count_of, listed, say

FEWEST_NUMBERS = 2
"""Fewer may add up to another by chance."""
REMEDY = "is called as an area is, and has no code; leave the row out, or give the school its name or its code"
SHOWN = 6
NUMBERED = re.compile("[一二三四五六七八九十0-9]+[中小]")
"""第一中, 十八小: a school by its number."""


@dataclass(eq=False)
class _Unit:
    """What a table says of one school, or area, in one year: its rows, name, and pupils by grade."""

    name: str
    coded: bool
    rows: list[int] = field(default_factory=list)
    pupils: dict[tuple[object, ...], float] = field(default_factory=dict)

    @property
    def may_be_area(self) -> bool:
        """Whether it can be a sum at all: by its name, or for want of a code and of a name that is a school's."""
        return is_area(self.name) or not (self.coded or is_school(self.name))

    @property
    def counted(self) -> dict[tuple[object, ...], float]:
        return {place: n for place, n in self.pupils.items() if n}


def without_areas(table: Table) -> list[Problem]:
    """Leave out, and say, the rows of a table whose pupils are, grade by grade, those of the schools next to it
    together; return as problems the rows that are called as areas are (东街道, 西镇) and add nothing up.
    """
    units = _units(table)
    sums: list[_Unit] = []
    for year in units.values():
        sums += _sums(year)
    whole = [
        unit.name
        for year in units.values()
        for at, unit in enumerate(year)
        if not unit.may_be_area and _may_be_whole(year, at)
    ]
    if whole:
        table.said.append(say("perhaps_sum", table=table.shown, some=", ".join(list(dict.fromkeys(whole))[:SHOWN])))
    gone = {row for unit in sums for row in unit.rows}
    some = ", ".join(list(dict.fromkeys(unit.name for unit in sums))[:SHOWN])
    heading = table.first("school") or table.first("code")
    shown = "" if heading is None else heading.shown
    problems = [
        Problem(table.shown, f"row {table.numbers[unit.rows[0]]}, {shown}", unit.name, REMEDY)
        for year in units.values()
        for unit in year
        if unit not in sums and not unit.coded and is_area(unit.name)
    ]
    if gone:
        table.said.append(say("area_rows", table=table.shown, n=len(gone), some=some))
        table.keep(row not in gone for row in range(len(table.rows)))
    return problems


def is_area(name: str) -> bool:
    """Tell whether a name is that of an area, and not of a school."""
    text = plain(name)
    return not is_school(name) and any(text.endswith(end) and text != end for end in listed("area_ends"))


def is_school(name: str) -> bool:
    """Tell whether a name says that it is a school's."""
    return any(word in plain(name) for word in listed("school_words")) or bool(NUMBERED.search(plain(name)))


def _units(table: Table) -> dict[str, list[_Unit]]:
    """Return by year, as it is written, what a table says of schools and areas in the order of its rows."""
    name, code, area = (table.first(key) for key in ("school", "code", "area"))
    year, grade = table.first("year"), table.first("grade")
    counted = [h for h in table.find("pupils") if h.means and bool(h.means.grade) != bool(grade)]
    found: dict[str, dict[str, _Unit]] = defaultdict(dict)
    if not counted or (name is None and code is None) or table.find("breakdown"):
        return {}
    for at, row in enumerate(table.rows):
        own_code, own_name = (_text(row, heading) for heading in (code, name))
        own_name = own_name or ("" if own_code else _text(row, area))
        units = found[plain(_text(row, year))]
        key = f"{plain(own_code)} {plain(own_name)}"
        unit = units.setdefault(key, _Unit(own_name or own_code, bool(own_code) and own_code != own_name))
        unit.rows.append(at)
        for heading in counted:
            number, means = count_of(row[heading.place]).value, heading.means
            if number is not None and means is not None:
                unit.pupils[means.grade or plain(_text(row, grade)), means.year, means.sex] = number
    return {when: list(units.values()) for when, units in found.items()}


def _text(row: Sequence[object], heading: Heading | None) -> str:
    return "" if heading is None or is_blank(row[heading.place]) else clean(row[heading.place])


def _sums(units: list[_Unit]) -> list[_Unit]:
    """Return those of a year that add up the ones next to them: all from the one before it, or to the one after it."""
    for step in (-1, 1):
        found = list(_adding(units, step))
        if found:
            return found
    return []


def _may_be_whole(units: Sequence[_Unit], at: int) -> bool:
    """Tell whether the unit at a place holds the pupils of those before it, or after it, together."""
    sides = (units[:at], units[:at:-1])
    return len(units[at].counted) > FEWEST_NUMBERS and any(_parts(side, units[at]) > 1 for side in sides)


def _adding(units: Sequence[_Unit], step: int) -> Iterator[_Unit]:
    """Yield the units that add up those before them (step -1), or after them (1), back to another that does; one alone
    is taken for a sum of one school only where others are sums of several, or it is called as an area is.
    """
    order = list(units) if step < 0 else list(reversed(units))
    several, alone, since = [], [], 0
    for at, unit in enumerate(order):
        parts = _parts(order[since:at], unit) if unit.may_be_area else 0
        if parts > 1:
            several.append(unit)
        elif parts == 1:
            alone.append(unit)
        if parts > 1 or (parts == 1 and is_area(unit.name)):
            since = at + 1
    yield from several
    yield from (unit for unit in alone if several or is_area(unit.name))


def _parts(before: Sequence[_Unit], unit: _Unit) -> int:
    """Return how many of the units right before another add up to it in every number; 0 where they do not."""
    total: dict[tuple[object, ...], float] = defaultdict(float)
    counted = unit.counted
    if len(counted) < FEWEST_NUMBERS:
        return 0
    for n, part in enumerate(reversed(before), 1):
        for place, number in part.counted.items():
            total[place] += number
        if total == counted:
            return n
        if any(number > counted.get(place, 0.0) for place, number in total.items()):
            return 0
    return 0
