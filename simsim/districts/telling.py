"""What a table tells of schools and areas beside their rolls: numbers, texts and years, births, and what is to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from simsim.districts.given import Given
from simsim.inputs.errors import Problem
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.grades import grades_of
from simsim.tables.headings import Heading
from simsim.tables.table import Table
from simsim.tables.words import count_of, listed, say
from simsim.tables.years import Year, year_of

TEXTS = ("name_en", "district", "area", "ownership", "urban", "catchment_primary", "catchment_junior", "what", "grades")
YEARS = ("opens", "closes")
NUMBERS = (
    "rooms", "places", "teachers", "overqualified", "midtitle", "backbone", "title_senior", "title_first",
    "title_second", "title_none", "longitude", "latitude", "x_km", "y_km", "ses", "migrant_share", "migrant_pupils",
    "building_year", "poor_pupils", "disabled_pupils",
)  # fmt: skip
BY_STAGE = (
    "teachers", "overqualified", "midtitle", "backbone", "pe_arts", "star", "rooms", "places", "title_none",
    "title_second", "title_first", "title_senior",
)  # fmt: skip
FACILITIES = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")
KEPT_APART = ("poor_pupils", "disabled_pupils", "migrant_pupils")
"""Counts of children that are written beside the district, the small ones hidden."""
SIGNED = ("longitude", "latitude", "x_km", "y_km", "ses")
NOT_A_NUMBER = "is not a number; write digits only, leave it empty or write * where it is not known"
EVENTS = ("opens", "closes", "grades", "places")


def numeric() -> tuple[str, ...]:
    """Return the keys of schools that hold numbers and are used."""
    staged = tuple(f"{key}_{stage}" for key in BY_STAGE for stage in ("primary", "junior"))
    return (*NUMBERS, *staged, *FACILITIES, "pupils_senior")


@dataclass
class Teller:
    """Takes what tables tell of schools and areas beside their rolls into `given`, noting mistakes in `problems`."""

    given: Given
    problems: list[Problem]
    year_is: str
    bare: int = field(default=0, kw_only=True)
    """How many years are bare, and how many dates lie in a school year that began the year before."""
    before: int = field(default=0, kw_only=True)

    def wrong(self, table: Table, at: int, heading: Heading, value: object, remedy: str) -> None:
        """Note what is wrong with a cell, by its table, row, column and value."""
        key = f"row {table.numbers[at]}, {heading.shown}"
        self.problems.append(Problem(table.shown, key, None if is_blank(value) else value, remedy))

    def _september(self, year: Year) -> int:
        """Return the September of a school year as it is meant."""
        self.bare += year.bare
        self.before += year.before
        return year.september - (year.bare and self.year_is == "end")

    def _values(self, table: Table, schools: Sequence[str], years: Sequence[int | None]) -> set[int]:
        """Take in what a table says of schools beside their rolls; return the columns that were used."""
        used: set[int] = set()
        by_key: dict[str, list[Heading]] = defaultdict(list)
        for heading in table.headings:
            if heading.means and heading.means.key in (*numeric(), *TEXTS, *YEARS):
                by_key[heading.means.key].append(heading)
        by_key |= {key: headings for key, headings in _sums(table).items() if key not in by_key}
        for key, headings in by_key.items():
            used |= {h.place for h in headings if key not in KEPT_APART}
            for at, (school, year) in enumerate(zip(schools, years, strict=True)):
                value = self._value(table, at, key, headings) if school else None
                if value is not None and (year or 0) >= self.given.since.get((school, key), 0):
                    self.given.values[school][key] = value
                    self.given.since[school, key] = year or 0
        return used

    def _value(self, table: Table, at: int, key: str, headings: Sequence[Heading]) -> object:
        """Return a text, a September or a number that a row gives; None where it gives none or what is wrong."""
        cells = [table.rows[at][heading.place] for heading in headings]
        if key in TEXTS:
            return None if is_blank(cells[0]) else clean(cells[0])
        if key in YEARS:
            year = None if is_blank(cells[0]) else year_of(cells[0])
            return None if year is None else float(self._september(year))
        total = 0.0
        for cell, heading in zip(cells, headings, strict=True):
            count = count_of(cell)
            if count.wrong or (count.value is not None and count.value < 0 and key not in SIGNED):
                self.wrong(table, at, heading, cell, NOT_A_NUMBER if count.wrong else "is negative; write 0 or more")
            if count.value is None:
                return None
            total += count.value * _factor(heading)
        return total

    def _events(self, table: Table, schools: Sequence[str]) -> None:
        """Take in the rows of a table of what is to come: openings, closures, grades and places by year."""
        what, year = table.first("what"), table.first("year")
        grades, places = table.first("grades") or table.first("grade"), table.first("places")
        if what is None or year is None:
            self.problems.append(
                Problem(table.shown, "", None, "tells of changes, but of no year; add a column for it")
            )
            return
        for at, (school, row) in enumerate(zip(schools, table.rows, strict=True)):
            cell, when = row[what.place], year_of(row[year.place], year.shown)
            event = next((name for name in EVENTS if plain(cell) in listed("what", name)), None)
            if event is None:
                self.wrong(table, at, what, cell, f"is none of {', '.join(EVENTS)} (开办, 撤并, 年级, 学位)")
            elif when is None:
                self.wrong(table, at, year, row[year.place], "is no school year; write it as 2012-13 or 2012")
            elif school:
                named = "" if grades is None or is_blank(row[grades.place]) else clean(row[grades.place])
                room = None if places is None else count_of(row[places.place]).value
                told = {"grades": grades_of(named), "places": room}
                self.given.plans.append({"school": school, "year": self._september(when), "what": event, **told})

    def _areas(self, table: Table) -> None:
        """Take in a table without schools: births by year and area, or areas with the schools that serve them."""
        area, year = table.first("area"), table.first("year") or table.first("area_year")
        for key, kept in (("births", self.given.births), ("registered", self.given.registered)):
            for heading in table.find(key):
                for at, row in enumerate(table.rows):
                    means, count = heading.means, count_of(row[heading.place])
                    when = year_of(row[year.place], year.shown) if year else None
                    september = means.year if means and means.year else when.september if when else None
                    if september is None or count.wrong:
                        remedy = NOT_A_NUMBER if count.wrong else "has no year beside it; add a column with the year"
                        self.wrong(table, at, heading, row[heading.place], remedy)
                    elif count.value is not None:
                        where = "" if area is None or is_blank(row[area.place]) else clean(row[area.place])
                        kept.append((where, september, count.value))
        serves = [key for key in ("catchment_primary", "catchment_junior") if table.first(key)]
        for row in table.rows if serves and area else ():
            assert area is not None
            told = {h.means.key: row[h.place] for h in table.headings if h.means}
            self.given.areas.append({**told, "area": clean(row[area.place])})
        if not serves and not table.find("births") and not table.find("registered"):
            self.given.said.append(say("no_use", table=table.shown))


def _sums(table: Table) -> dict[str, list[Heading]]:
    """Return the headings that together stand for a key, as columns.yaml says, where all of them are there."""
    places = {plain(heading.shown): heading for heading in table.headings}
    found = {
        key: [places.get(plain(part)) for part in column.sum_of]
        for key, column in columns().columns.items()
        if column.sum_of and key in numeric()
    }
    return {key: [h for h in parts if h] for key, parts in found.items() if all(parts)}


def _factor(heading: Heading) -> float:
    """Return what turns the unit in a heading's brackets into the unit of its key; 1 for one that is not known."""
    means = heading.means
    column = columns().columns.get(means.key) if means else None
    if column is None or means is None or means.unit is None:
        return 1.0
    return {plain(unit): factor for unit, factor in column.units.items()}.get(plain(means.unit), 1.0)
