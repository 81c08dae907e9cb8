"""A sheet as a table: its headings found among title rows, in up to three levels; its rows without totals and notes.

`columns()` are the headings of the table of schools (parameters/templates/columns.yaml, docs/data-dictionary.md),
`known_headings()` those and all others that an import understands.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import compress
from typing import Literal

from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.numbers import written
from simsim.inputs.paths import resource
from simsim.inputs.standards import Frozen, Standard, Text
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.paths import is_whole, other_part, path_meaning, per_pupil
from simsim.tables.sheets import HEADING_ROWS, Sheet
from simsim.tables.words import (
    BEFORE_ONE,
    HIGHEST,
    LISTED,
    LOWEST,
    Meaning,
    listed,
    meaning,
    say,
    without_unit,
    words,
    year_of,
)

LEVELS = 6
"""Of how many rows headings may consist: 在校生数 over 一年级 over 男; exports of the statistics platform have four or
five.
"""
FEWEST_YEARS = 2
IDENTITY = ("school", "code")
BLANK = "blank"
CODES = re.compile(r"l[0-9]+([0-9]*)?|[甲乙丙丁戊己]|[0-9]{1,3}")
"""A cell of the row under the headings of an official form that numbers its columns: L1, L2 or 甲, 乙, 1, 2."""
CODE_STARTS = ("L", "l", "甲", "…", ".")
EMPTY = frozenset({"…", "……", "...", "......"})
TITLE_UNITS = re.compile(r"单位[:：]?\s*([^()（）]+)")  # noqa: RUF001
PER_ONE, PER_HUNDRED = "生均", "每百名"
STAGE_NAMES = {"primary": ("小学", "Primary"), "junior": ("初中", "Junior")}
"""How a heading of a stage begins in the table of schools."""


class Column(Frozen):
    """One column of the table of schools: its headings, what it holds, and the indicator and stage it feeds.

    `part_of`: the facility of one stage's part alone, of the whole school's column named. `value_of`: the indicator per
    `per` pupils, where a table gives values instead of amounts. `template`: whether the templates have the column.
    """

    zh: str
    en: str
    also: tuple[str, ...] = ()
    holds: Literal["text", "kind", "owner", "count", "amount"]
    stage: Literal["primary", "junior", "senior"] | None = None
    input: str | None = None
    optional: bool = False
    unit: Text | None = None
    units: dict[str, float] = {}
    sum_of: tuple[str, ...] = ()
    part_of: str | None = None
    value_of: str | None = None
    per: float = 1
    template: bool = True


class Kind(Frozen):
    """One kind of school: its names and the stages it teaches."""

    zh: str
    en: str
    also: tuple[str, ...] = ()
    stages: tuple[str, ...]


class Owner(Frozen):
    """Who runs a school (举办者): the code in the declaration's forms, and the names by which tables tell it."""

    zh: str
    en: str
    code: int | None = None
    also: tuple[str, ...] = ()


class Columns(Frozen):
    """Everything that a table of schools may hold: `columns` by key, those `by_stage` among them under KEY_primary and
    KEY_junior.
    """

    columns: dict[str, Column]
    by_stage: dict[str, Column]
    kinds: dict[str, Kind]
    owners: dict[str, Owner]
    totals: tuple[str, ...]

    @cached_property
    def by_heading(self) -> dict[str, str]:
        """Return the key of every heading, in its normal form."""
        return {plain(h): key for key, c in self.columns.items() for h in (key, c.zh, c.en, *c.also)}

    @cached_property
    def by_kind(self) -> dict[str, str]:
        """Return the kind of every name of a kind, in its normal form."""
        return {plain(h): key for key, k in self.kinds.items() for h in (key, k.zh, k.en, *k.also)}

    @cached_property
    def by_owner(self) -> dict[str, str]:
        """Return the owner of every name and code of one, in its normal form."""
        return {
            plain(name): key
            for key, o in self.owners.items()
            for name in (key, o.zh, o.en, *o.also, *([] if o.code is None else [o.code]))
        }

    @cached_property
    def alone(self) -> dict[str, str]:
        """Return the key, without its stage, of every heading that needs one: of tables of one stage, or of parts."""
        return {
            plain(h): key for key, c in self.by_stage.items() if c.part_of is None for h in (key, c.zh, c.en, *c.also)
        }

    def needed(self, standard: Standard, stages: set[str]) -> list[str]:
        """Return the keys that a standard needs when the schools teach these stages."""
        return [
            key
            for key, c in self.columns.items()
            if not c.optional
            and (c.stage is None or c.stage in stages)
            and (c.input is None or c.input in standard.indicators)
        ]


@cache
def columns() -> Columns:
    """Return the columns of the table of schools, read once."""
    content = read_yaml(resource("parameters") / "templates" / "columns.yaml")
    parts = {
        key: {**column, "optional": True, "template": False, "units": column["units"] | _per_units(column)}
        for key, column in content["by_stage"].items()
    }
    every = {**content["columns"], **_staged(parts)}
    found = {key: value for key, value in content.items() if key != "schema"}
    return Columns.model_validate({**found, "columns": every, "by_stage": parts})


def _per_units(column: Mapping[str, object]) -> dict[str, float]:
    """Return the units that headings of values have besides: per pupil or per 100 pupils where the other is meant."""
    per = column.get("per", 1)
    assert isinstance(per, int | float)
    return {PER_ONE: float(per), PER_HUNDRED: per / 100} if "value_of" in column else {}


def _staged(parts: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """Return the columns that those by stage stand for, under their keys."""
    found = {}
    for key, column in parts.items():
        for stage, (zh, en) in STAGE_NAMES.items():
            texts = [str(text) for text in column.get("also", ())]  # type: ignore[attr-defined]
            also = [f"{en.lower()} {text}" if text.isascii() else zh + text for text in texts]
            names = {"zh": zh + str(column["zh"]), "en": f"{en} {column['en']}"}
            found[f"{key}_{stage}"] = {**column, **names, "also": also, "stage": stage}
    return found


@cache
def known_headings() -> Mapping[str, str]:
    """Return the key of every heading that is understood, in its normal form."""
    more = {plain(text): key for key, texts in words()["headings"].items() for text in (key, *texts)}
    return {**columns().alone, **columns().by_heading, **more}


@cache
def _of_levels() -> Mapping[str, str]:
    """Return the headings that stand for themselves below others, without those that need a path or a stage."""
    alone = {key for key in columns().by_stage if key not in words()["headings"]}
    return {text: key for text, key in known_headings().items() if key not in alone}


def understood(parts: Sequence[str], known: Mapping[str, str]) -> Meaning | None:
    """Return what a heading means whose levels are `parts`, from the top: by its words, else by its path, else by its
    last level; None where it is not understood.
    """
    value = _value_meaning(parts)
    if value:
        return value
    if len(parts) == 1:
        found = meaning(parts, known)
        return found if found or known is not known_headings() else _known_path(parts)
    if known is not known_headings():
        return meaning(parts, known)
    path = _known_path(parts)
    found = path or meaning(parts, _of_levels())
    return None if found and other_part(parts) and found.key not in ("pupils", "classes") else found


def _known_path(parts: Sequence[str]) -> Meaning | None:
    """Return what a path means, where its key is one of a table."""
    found = path_meaning(parts)
    return found if found and found.key in {*columns().columns, *columns().by_stage, *words()["headings"]} else None


def _value_meaning(parts: Sequence[str]) -> Meaning | None:
    """Return the value per pupil, or per 100, that a heading asks for; None where it asks for none."""
    if other_part([*parts, ""]):
        return None
    text, unit = without_unit("".join(part for part in parts if not is_whole(part)))
    whole = known_headings().get(plain(text))
    if whole and "value" in whole:
        return Meaning(whole, unit=unit)
    found = per_pupil(text)
    if found is None:
        return None
    key = known_headings().get(plain(found[0]), "")
    stage = key.rsplit("_", 1)[-1] if key.endswith(tuple(STAGE_NAMES)) else ""
    column = columns().columns.get(key) or columns().columns.get(f"{key}_primary")
    value = columns().by_stage.get(f"value_{column.input}") if column else None
    if column is None or value is None:
        return None
    other = None if value.per == found[1] else PER_ONE if found[1] == 1 else PER_HUNDRED
    return Meaning(f"value_{column.input}" + (f"_{stage}" if stage else ""), unit=other or unit)


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


Found = tuple[int, int, list[Heading]]


def score(rows: Sequence[Sequence[object]], known: Mapping[str, str] | None = None) -> int:
    """Return how many headings the first rows of a sheet hold that are understood."""
    found = _found(rows, known_headings() if known is None else known)
    return 0 if found is None else sum(heading.means is not None for heading in found[2])


def headings_of(rows: Sequence[Sequence[object]]) -> Found | None:
    """Return where the headings of a sheet's rows begin, of how many rows they consist, and what they mean; None where
    none is understood.
    """
    return _found(rows, known_headings())


def read_table(sheet: Sheet, known: Mapping[str, str] | None = None) -> Table | None:
    """Return the table of a sheet; None when none of its first rows holds a heading that is understood.

    Dropped and said: rows of totals, notes, and headings that a later page repeats. The same heading twice: the first
    stands. InputError for rows with more cells than there are headings.
    """
    found = _found(sheet.rows, known_headings() if known is None else known)
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
        table.headings = [_with_unit(heading, units) for heading in headings]
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
        remedy = f"has more cells than there are headings ({width}); quote numbers that contain commas"
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


def _found(rows: Sequence[Sequence[object]], known: Mapping[str, str]) -> Found | None:
    """Return where the headings begin, of how many rows they consist, and what they mean: as many as are understood."""
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
    return best


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
    return not numbers or (len(numbers) >= FEWEST_YEARS and len(set(numbers)) == len(numbers) and (grades or years))


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
        found.append(Heading(place, tuple(parts), understood(parts, known) if parts else None))
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


def units_below(rows: Sequence[Sequence[object]], headings: Sequence[Heading]) -> dict[int, str]:
    """Return the unit of each column where the row under the headings holds nothing but units, in brackets or not."""
    cells = {place: clean(cell) for place, cell in enumerate(rows[0]) if not is_blank(cell)} if rows else {}
    units = {place: unicodedata.normalize("NFKC", text).strip("() ") for place, text in cells.items()}
    return units if len(units) >= FEWEST_YEARS and all(plain(unit) in known_units() for unit in units.values()) else {}


@cache
def known_units() -> frozenset[str]:
    """Return every unit that headings use, in its normal form, those of no column among them."""
    every = {**columns().columns, **columns().by_stage}.values()
    return frozenset(plain(unit) for column in every for unit in column.units) | listed("more_units")


def _with_unit(heading: Heading, units: Mapping[int, str]) -> Heading:
    """Return a heading with the unit that stands below it, where it names none itself."""
    means, unit = heading.means, units.get(heading.place)
    return heading if means is None or means.unit or unit is None else replace(heading, means=replace(means, unit=unit))


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
