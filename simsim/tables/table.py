"""A sheet as a table: its headings, and its rows without totals, notes and pages' repeated headings."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.numbers import written
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.headings import FEWEST_YEARS, IDENTITY, Heading, found_in, units_below, with_unit
from simsim.tables.sheets import Sheet
from simsim.tables.words import listed, say, words

BLANK = "blank"
CODES = re.compile(r"l[0-9]+([0-9]*)?|[甲乙丙丁戊己]|[0-9]{1,3}")
"""A cell of the row under the headings of an official form that numbers its columns: L1, L2 or 甲, 乙, 1, 2."""
CODE_STARTS = ("L", "l", "甲", "…", ".")
EMPTY = frozenset({"…", "……", "...", "......"})
TITLE_UNITS = re.compile(r"单位[:：]?\s*([^()（）]+)")  # noqa: RUF001


@dataclass
class Table:
    """A sheet's table: headings, rows with their numbers in the file, the texts above, and what was passed over."""

    sheet: Sheet
    headings: list[Heading]
    numbers: list[int]
    rows: list[list[object]]
    above: list[str]
    said: list[object] = field(default_factory=list)
    blocks: list[tuple[int, str]] = field(default_factory=list)
    """Rows that say nothing but a stage (小学), with it: what follows is of it."""
    places: list[str] = field(default_factory=list)
    """Of a table made of several, each row's place as messages name it; empty otherwise."""
    sources: list[Sheet] = field(default_factory=list)
    """The sheets of which such a table is made."""
    called: dict[str, str] = field(default_factory=dict)
    """Of such a table, the user's heading of each key."""

    @property
    def shown(self) -> str:
        """The file and sheet as messages name them."""
        return self.sheet.shown

    def find(self, key: str) -> list[Heading]:
        """Return the headings with this key, in order."""
        return [heading for heading in self.headings if heading.means and heading.means.key == key]

    def first(self, key: str) -> Heading | None:
        """Return the first heading with this key; None when there is none."""
        return next(iter(self.find(key)), None)

    def column(self, key: str) -> list[object]:
        """Return the cells under the first heading with this key; all None when there is none."""
        heading = self.first(key)
        return [None if heading is None else row[heading.place] for row in self.rows]

    def keep(self, good: Iterable[bool]) -> None:
        """Keep the rows for which `good` (n) holds."""
        which = list(good)
        self.rows, self.numbers = list(compress(self.rows, which)), list(compress(self.numbers, which))
        self.places = list(compress(self.places, which))


def read_table(sheet: Sheet, known: Mapping[str, str] | None = None) -> Table | None:
    """Return the table of a sheet; None when none of its first rows holds a heading that is understood.

    Dropped and said: rows of totals, notes, and headings that a later page repeats. The same heading twice: the first
    stands. InputError for rows with more cells than there are headings.
    """
    found = found_in(sheet.rows, known)
    if found is None:
        return None
    at, levels, headings = found
    above = [clean(cell) for row in sheet.rows[:at] for cell in row if not is_blank(cell)]
    above += [f"{sheet.name}", sheet.file.rsplit(".", 1)[0]]
    table = Table(sheet, headings, [], [], list(dict.fromkeys(above)), list(sheet.said))
    by_form = [(h.shown, h.means.unit) for h in headings if h.means and _by_form(h)]
    table.said += [say("form_unit", table=sheet.shown, heading=shown, unit=unit) for shown, unit in by_form]
    units = units_below(sheet.rows[at + levels :], headings)
    if units:
        levels += 1
        table.headings = [with_unit(heading, units) for heading in headings]
    _rows(table, at + levels)
    _once(table)
    _title_units(table)
    return table


def _rows(table: Table, start: int) -> None:
    """Take the rows of data below the headings into a table, and say what was left out. InputError for rows with more
    cells than there are headings.
    """
    width = len(table.headings)
    head = [frozenset(map(plain, heading.parts)) for heading in table.headings]
    dropped: Counter[str] = Counter()
    spills: list[int] = []
    for number, row in enumerate(table.sheet.rows[start:], start + 1 + table.sheet.before):
        cells = [*row[:width], *[None] * (width - len(row))]
        block = _stage_alone(cells)
        if block:
            table.blocks.append((number, block))
            continue
        why = _no_data(cells, head, table.headings)
        if why:
            dropped[why] += 1
            continue
        table.numbers.append(number)
        table.rows.append(cells)
        if not all(map(is_blank, row[width:])):
            spills.append(number)
    if spills:
        remedy = f"has more cells than there are headings ({width}); "
        workbook = table.sheet.name or not table.sheet.file.endswith((".csv", ".txt", ".tsv"))
        remedy += "give every column a heading" if workbook else "quote numbers that contain commas"
        raise InputError(capped([Problem(table.shown, f"row {number}", None, remedy) for number in spills]))
    table.said += [say(f"left_out_{why}", table=table.shown, n=n) for why, n in dropped.items() if why != BLANK]


def _stage_alone(cells: Sequence[object]) -> str:
    """Return the stage that a row names and nothing else; nothing for another row."""
    first = next((cell for cell in cells if not is_blank(cell)), None)
    if not isinstance(first, str):
        return ""
    name = plain(first).strip("、:：一二()（）")  # noqa: RUF001
    stage = str(words()["stage_words"].get(name, ""))
    return stage if stage and all(is_blank(cell) or cell == first for cell in cells) else ""


def _title_units(table: Table) -> None:
    """Give headings without a unit the one that the title names for such amounts, and say so."""
    found = [match[1] for text in table.above if (match := TITLE_UNITS.search(text))]
    units = {plain(unit) for text in found for unit in re.split(r"[、,，/ ;；]", text)}  # noqa: RUF001
    for i, heading in enumerate(table.headings):
        means = heading.means
        column = means and (columns().columns.get(means.key) or columns().by_stage.get(means.key))
        if means is None or not column or means.unit is not None or not units:
            continue
        fitting = [unit for unit in column.units if plain(unit) in units]
        if len(fitting) == 1 and column.units[fitting[0]] != 1:
            table.headings[i] = Heading(heading.place, heading.parts, replace(means, unit=fitting[0]))
            table.said.append(say("title_unit", table=table.shown, heading=heading.shown, unit=fitting[0]))


def _no_data(cells: Sequence[object], head: Sequence[frozenset[str]], headings: Sequence[Heading]) -> str:
    """Return what a row is that is no row of data, or nothing; `head` holds the levels of each heading."""
    given = [(place, cell) for place, cell in enumerate(cells) if not is_blank(cell)]
    if not given:
        return BLANK
    place, cell = given[0]
    if not isinstance(cell, str):
        return ""
    if cell.strip()[:1] in CODE_STARTS and _numbers_columns(cells):
        return BLANK
    alone = all(other == cell for _, other in given)
    if plain(cell) in head[place] and all(plain(c) in head[at] for at, c in given):
        return "repeated"
    named = {h.place for h in headings if h.means and h.means.key in (*IDENTITY, "district", "area")} | {0, 1}
    if cell.strip().startswith(tuple(EMPTY)):
        return "notes"
    texts = [plain(cells[at]) for at in named if at < len(cells) and isinstance(cells[at], str)]
    if any(map(_total, texts)):
        return "totals"
    if alone and place in named and (_note(plain(cell)) or len(headings) > FEWEST_YEARS):
        return "notes"
    signed = _note(plain(cell)) and all(isinstance(other, str) and written(other) is None for _, other in given)
    return "notes" if signed and len(given) < len(headings) / 2 else ""


def _by_form(heading: Heading) -> bool:
    """Tell whether a heading's unit is that of the Ministry's forms, which it does not name itself."""
    means = heading.means
    forms = words()["default_units"].get(means.key, {}) if means else {}
    named = unicodedata.normalize("NFKC", "".join(heading.parts))
    return bool(means and means.unit and means.unit in forms.values() and means.unit not in named)


def _numbers_columns(cells: Sequence[object]) -> bool:
    """Tell whether a row numbers the columns of a form, L1, L2 or 甲, 乙, 1, 2, or says … alone."""
    texts = [plain(cell) for cell in cells if not is_blank(cell)]
    if all(text in EMPTY for text in texts):
        return True
    lettered = any(text.startswith("l") or text == "甲" for text in texts)
    return lettered and len(texts) >= FEWEST_YEARS and all(CODES.fullmatch(text) for text in texts)


def _total(text: str) -> bool:
    name = text.split("(")[0].rstrip(":：")
    ends, starts = tuple(listed("total_ends")), tuple(listed("total_starts"))
    return name in listed("totals") or name.endswith(ends) or name.startswith(starts)


def _note(text: str) -> bool:
    return any(text.startswith(start) for start in listed("notes"))


def _once(table: Table) -> None:
    """Let the first of headings with the same meaning stand, and say which others do not."""
    seen: dict[tuple[object, ...], Heading] = {}
    for i, heading in enumerate(table.headings):
        means = heading.means
        if means is None:
            continue
        key = (means.key, means.grade, means.year, means.sex, heading.place if means.key == "breakdown" else 0)
        if key in seen:
            table.headings[i] = Heading(heading.place, heading.parts, None)
            about = {"heading": heading.shown, "place": heading.place + 1, "first": seen[key].shown}
            n = sum(_differ(row[heading.place], row[seen[key].place]) for row in table.rows)
            said = say("other_heading", table=table.shown, n=n, **about) if n else None
            table.said.append(said or say("same_heading", table=table.shown, **about))
        seen.setdefault(key, heading)


def _differ(one: object, other: object) -> bool:
    return not is_blank(one) and plain(one) != plain(other)
