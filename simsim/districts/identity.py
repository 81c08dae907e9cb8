"""Which school each row of an office's tables is of: by its code, else by its name, else by its name and area."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from simsim.districts.telling import Teller
from simsim.inputs.errors import Problem
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.headings import Heading
from simsim.tables.meanings import FOOTNOTE
from simsim.tables.names import without_stage
from simsim.tables.table import Table
from simsim.tables.words import Said, say

PLACES = ("area", "district")
"""What tells schools of one name apart, where they have no code."""
FLOAT = re.compile(r"([0-9]+)\.0+")
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{2}")
LOST = "has lost digits (a spreadsheet wrote it as a power of ten); format the column as text and enter the codes again"
SHOWN = 6


@dataclass
class Identifier(Teller):
    """Tells which school a row is of; names and codes are linked across tables."""

    codes: dict[str, str] = field(default_factory=dict, kw_only=True)
    """The school of each name, and of each code with `code ` before it, in normal form."""
    bare_codes: dict[str, tuple[str, str, str]] = field(default_factory=dict, kw_only=True)
    """The first code that is written so but for zeros at its beginning, its table and name, by what follows them."""
    padded: dict[str, str] = field(default_factory=dict, kw_only=True)
    """By code how another row or table writes it, with other zeros."""
    several: dict[str, set[str]] = field(default_factory=dict, kw_only=True)
    """The areas, or codes, of schools by their name, where several schools have it."""
    parts: dict[str, set[str]] = field(default_factory=dict, kw_only=True)
    """The stages of schools of which parts stand in rows of their own, by name."""
    split: dict[str, str] = field(default_factory=dict, kw_only=True)
    """Schools without a code that are told apart by their area, with their name."""

    def look_ahead(self, tables: Iterable[Table]) -> None:
        """Find the names that several schools have: two areas in one year, or two codes."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for table in tables:
            year, code = table.first("year"), table.first("code")
            for row, name, place in zip(table.rows, table.column("school"), _places(table), strict=True):
                when = "" if year is None or is_blank(row[year.place]) else clean(row[year.place])
                coded = code is not None and not is_blank(row[code.place])
                if not is_blank(name) and place and not coded:
                    found[same_name(name), when].add(place)
        for (name, _), places in found.items():
            if len(places) > 1:
                self.several.setdefault(name, set()).update(places)

    def schools_of(self, table: Table) -> list[str]:
        """Return each row's school: its code, or its name where no table has a code for it."""
        code, name = table.first("code"), table.first("school")
        places, codes = _places(table), self._codes(table, code)
        found = []
        for at, row in enumerate(table.rows):
            called = "" if name is None or is_blank(row[name.place]) else self._whole(clean(row[name.place]))
            if not codes[at] and not called:
                heading = code or name
                assert heading is not None
                self.wrong(table, at, heading, None, "is empty; write the school's code or name")
            school = self._coded(table, codes[at], called) if codes[at] else self._named(table, at, called, places[at])
            if school and called:
                self.given.names[school] = self.split.get(school, FOOTNOTE.sub("", called))
            elif school:
                self.given.names.setdefault(school, school)
            found.append(school)
        return found

    def _whole(self, called: str) -> str:
        """Return the name of a whole school for that of a part: 八一学校 for 八一学校（初中部）."""  # noqa: RUF002
        whole, stage = without_stage(called)
        if stage:
            self.parts.setdefault(whole, set()).add(stage)
        return whole if stage else called

    def _codes(self, table: Table, heading: Heading | None) -> list[str]:
        """Return the code of each row, "" where there is none; 1001.0 is 1001, and 2.1E+09 is refused."""
        if heading is None:
            return [""] * len(table.rows)
        texts = ["" if is_blank(row[heading.place]) else clean(row[heading.place]) for row in table.rows]
        for at, text in enumerate(texts):
            if SCIENTIFIC.fullmatch(text):
                self.wrong(table, at, heading, text, LOST)
        whole = [FLOAT.fullmatch(text) for text in texts]
        return [found[1] if found else text for found, text in zip(whole, texts, strict=True)]

    def _coded(self, table: Table, given: str, called: str) -> str:
        """Return the code of a school as it was first written: another table, or another year, may have lost zeros at
        its beginning.
        """
        key, bare = f"code {plain(given)}", plain(given).lstrip("0")
        first, where, name = self.bare_codes.setdefault(bare, (given, table.shown, same_name(called)))
        if (
            key not in self.codes
            and first != given
            and (where != table.shown or (called and name == same_name(called)))
        ):
            self.padded.setdefault(first, given)
            self.codes[key] = first
        school = self.codes.setdefault(key, given)
        self.given.coded.add(school)
        if called:
            namesake = self.codes.setdefault(same_name(called), school)
            if namesake != school:
                self.several.setdefault(same_name(called), {namesake}).add(school)
        return school

    def _named(self, table: Table, at: int, called: str, place: str) -> str:
        """Return the school of a row without a code."""
        several = self.several.get(same_name(called))
        if not called or not several:
            return self.codes.setdefault(same_name(called), FOOTNOTE.sub("", called)) if called else ""
        by_code = several & self.given.coded
        heading = table.first("school")
        assert heading is not None
        if by_code:
            fitting = [school for school in by_code if place and self.given.text(school, "area") == place]
            if len(fitting) != 1:
                self.wrong(
                    table, at, heading, called, f"is the name of several schools, {_some(by_code)}; add their codes"
                )
            return fitting[0] if len(fitting) == 1 else ""
        if not place:
            self.wrong(
                table, at, heading, called, f"is the name of several schools, in {_some(several)}; add their areas"
            )
            return ""
        school = f"{called} ({place})"
        self.split[school] = school
        return school

    def told_of_schools(self) -> Iterator[Said]:
        """Yield what must be said of how schools were told apart, and taken for the same."""
        if self.padded:
            some = ", ".join(f"{one} {other}" for one, other in list(self.padded.items())[:SHOWN])
            yield say("zero_padded", n=len(self.padded), some=some)
        joined = [name for name, stages in self.parts.items() if len(stages) > 1]
        if joined:
            yield say("parts_joined", n=len(joined), some=_some(joined))
        if self.split:
            yield say("same_name_areas", n=len(self.split), some=_some(self.split))
        yield from self._changed()

    def _changed(self) -> Iterator[Said]:
        """Yield what must be said of schools of one name that follow each other under two codes."""
        years: dict[str, set[int]] = defaultdict(set)
        for (school, year, _), cell in self.given.rolls.items():
            if cell.value:
                years[school].add(year)
        by_name: dict[str, list[str]] = defaultdict(list)
        for school in sorted(self.given.coded & set(years), key=lambda school: min(years[school])):
            by_name[same_name(self.given.names.get(school, school))].append(school)
        some = [
            f"{self.given.names[one]} {one} → {other}"
            for schools in by_name.values()
            for one, other in zip(schools, schools[1:], strict=False)
            if max(years[one]) < min(years[other])
        ]
        if some:
            yield say("code_change", n=len(some), some=_some(some))


def same_name(name: object) -> str:
    """Return a name without what makes no other school of it: blanks, capitals, full-width signs, marks of notes."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", FOOTNOTE.sub("", clean(name)))).casefold()


def several_names(
    table: Table, schools: Sequence[str], years: Sequence[int | None], problems: list[Problem]
) -> Iterator[Said]:
    """Yield what must be said of codes that stand in one year beside several names; a `problem` are those of several
    districts, where a code is one of its district alone.
    """
    found: dict[tuple[str, int | None], dict[str, str]] = defaultdict(dict)
    where: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    code = table.first("code")
    for school, year, name, place in zip(schools, years, table.column("school"), table.column("district"), strict=True):
        if code is not None and school and not is_blank(name):
            found[school, year].setdefault(same_name(name), clean(name))
            where[school, year] |= set() if is_blank(place) else {clean(place)}
    twice = {school: names for (school, _), names in found.items() if len(names) > 1}
    apart = {school: names for (school, year), names in found.items() if len(names) > 1 < len(where[school, year])}
    for school, names in apart.items():
        remedy = f"is the code of schools in several districts ({', '.join(names.values())}); take one with --only"
        problems.append(Problem(table.shown, code.shown if code else "", school, remedy))
    if twice and not apart:
        some = _some(f"{school}: {' / '.join(names.values())}" for school, names in twice.items())
        yield say("several_names", table=table.shown, n=len(twice), some=some)


def _places(table: Table) -> list[str]:
    """Return the area, or else the district, of each row, in one text; "" where none is told."""
    headings = [heading for key in PLACES if (heading := table.first(key))]
    cells = [[clean(row[h.place]) for h in headings if not is_blank(row[h.place])] for row in table.rows]
    return [texts[0] if texts else "" for texts in cells]


def _some(names: Iterable[str]) -> str:
    every = list(names)
    every = sorted(every) if isinstance(names, set) else every
    return ", ".join(every[:SHOWN]) + (" ..." if len(every) > SHOWN else "")
