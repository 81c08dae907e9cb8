"""Tables that hold schools in parts, by stage, as one table of whole schools: form Ⅱ-2 with its two blocks, a file for
each stage of the statistics platform, 小学部 and 初中部 in two rows.

What belongs to a whole school (areas, equipment) and stands in both parts with the same number is the whole school's;
with two numbers it is divided already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.numbers import written
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.conversion import Conversion
from simsim.tables.headings import Heading
from simsim.tables.names import short_for, without_stage
from simsim.tables.phrases import Meaning
from simsim.tables.sharing import AREA_PARTS, FACILITIES, areas, shared_by
from simsim.tables.sheets import Sheet
from simsim.tables.stages import FROM_GRADE, STAGES, numbering_again, stages_of, stages_of_kind
from simsim.tables.table import Table
from simsim.tables.words import is_nothing, say, words
from simsim.tables.years import year_among

OTHER_FORMS = ("grade", "what", "breakdown")
"""Headings of tables that are no list of schools with what they have."""
NOT_COUNTED = ("0", "否", "不计校数")
SHOWN = 6
KIND_OF = {
    frozenset({"primary"}): "primary", frozenset({"junior"}): "junior", frozenset({"primary", "junior"}): "nine_year",
    frozenset({"junior", "senior"}): "complete", frozenset(STAGES): "twelve_year",
}  # fmt: skip


@dataclass
class Part:
    """One row: its school, its stage ("" for a whole school), its place, and its cells by key, in the keys' units."""

    name: str
    stage: str
    year: str
    place: str
    number: int
    table: str = ""
    cells: dict[str, object] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def whole_schools(tables: Sequence[Table], by_kind: bool = True) -> list[Table]:
    """Return tables in which every row is a whole school: those with parts of schools, or of one stage each, are joined
    into one, put where the first of them stood; others stay as they are. InputError where a school stands twice in one
    stage.
    """
    mine = [(table, stages_of(table, by_kind)) for table in tables if _in_parts(table)]
    mine = [(table, stages if by_kind else stages_of(table, True)) for table, stages in mine if any(stages)]
    if not mine:
        return list(tables)
    said: list[object] = []
    parts = [part for table, stages in mine for part in _parts(table, stages, said, [one for one, _ in mine])]
    _date(parts, [table for table, _ in mine])
    if by_kind:
        _refuse_twice(parts)
    parts = _with_campuses(parts, said)
    joined = _joined(parts, mine, said)
    others = [table for table in tables if not any(table is one for one, _ in mine)]
    return [joined, *others]


def _refuse_twice(parts: Sequence[Part]) -> None:
    """Refuse (InputError) a school whose stage stands in two rows, unless codes or years tell them apart."""
    seen: dict[tuple[str, ...], Part] = {}
    problems = []
    for part in parts:
        code, area = (plain(part.cells.get(key, "")) for key in ("code", "area"))
        key = (plain(part.name), code, area, part.stage, part.year)
        first = seen.setdefault(key, part) if part.stage else part
        if first is not part:
            remedy = f"is in the tables twice for the same stage (first in row {first.place}); keep one row"
            problems.append(Problem(part.table, f"row {part.place}", part.name, remedy))
    if problems:
        raise InputError(capped(problems))


def _date(parts: Sequence[Part], tables: Sequence[Table]) -> None:
    """Give parts the school year of their table's title or name, where the tables are of several years."""
    told = {table.shown: year_among(table.above) for table in tables}
    if len({year.september for year in told.values() if year}) < 2:
        return
    for part in parts:
        year = told[part.table]
        if year and not part.year:
            part.year = f"{year.september}学年"
            part.cells.setdefault("year", part.year)


def _with_campuses(parts: Sequence[Part], said: list[object]) -> list[Part]:
    """Return parts with those of campuses, which are not counted as schools (是否计校数), added to their main school:
    the one named beside them, or with whose name theirs begins. Teaching points stay.
    """
    campuses = [part for part in parts if _uncounted(part)]
    if not campuses:
        return list(parts)
    added = [part for part in campuses if (main := _main(part, parts)) and _add(main, part)]
    said.append(say("uncounted", n=len(campuses), added=len(added), some=some([part.name for part in campuses])))
    return [part for part in parts if not any(part is one for one in added)]


def _uncounted(part: Part) -> bool:
    cell = part.cells.get("counted")
    kind = columns().by_kind.get(plain(part.cells.get("kind", "")), "")
    return cell is not None and plain(cell) in NOT_COUNTED and kind != "teaching_point"


def _main(part: Part, parts: Sequence[Part]) -> Part | None:
    """Return the part of a campus's main school in the same stage and year; None where none is told."""
    others = [p for p in parts if (p.stage, p.year) == (part.stage, part.year) and not _uncounted(p)]
    named = plain(part.cells.get("main_school", ""))
    found = [p for p in others if plain(p.name) == named] if named else []
    meant = [p for p in others if named and short_for(named, plain(p.name))]
    found = found or (meant if len(meant) == 1 else []) or [p for p in others if part.name.startswith(p.name)]
    return max(found, key=lambda p: len(p.name), default=None)


def _add(main: Part, part: Part) -> bool:
    """Add a campus's numbers to its main school's."""
    for key, cell in part.cells.items():
        column = columns().columns.get(key)
        number, before = written(cell), written(main.cells.get(key))
        counts = column is not None and column.holds in ("count", "amount") and not key.startswith("value_")
        if number is not None and (counts or "/" in key):
            main.cells[key] = number + (before or 0.0)
            main.parts.setdefault(key, part.parts[key])
    return True


def _in_parts(table: Table) -> bool:
    """Tell whether a table has headings that need a stage, and is a list of schools."""
    keys = {h.means.key for h in table.headings if h.means and not h.means.grade}
    needs = keys & ({*columns().by_stage, *_alone_words()} - {c.part_of for c in columns().columns.values()})
    return bool(needs) and ("school" in keys or "code" in keys) and not any(table.first(key) for key in OTHER_FORMS)


def _alone_words() -> set[str]:
    return {key for key in ("pupils", *words()["headings"]) if f"{key}_primary" in columns().columns}


def _of_rooms() -> set[str]:
    """Return the keys that parts and whole schools both may have: rooms, places."""
    return {key for key in words()["headings"] if f"{key}_primary" in words()["headings"]} - _alone_words()


# ---- rows ----


def _parts(table: Table, stages: Sequence[str], said: list[object], every: Sequence[Table]) -> list[Part]:
    """Return the rows of a table as parts; what belongs to a stage is under its key with the stage."""
    name, code, year = (table.first(key) for key in ("school", "code", "year"))
    found: list[Part] = []
    unknown: list[str] = []
    where = table.sheet.file if len({one.sheet.file for one in every}) == len(every) else table.shown
    cells = Conversion(table)
    for number, row, stage in zip(table.numbers, table.rows, stages, strict=True):
        heading = name or code
        assert heading is not None
        shown = "" if is_blank(row[heading.place]) else clean(row[heading.place])
        place = f"{number} ({where})" if len(every) > 1 else str(number)
        when = "" if year is None or is_blank(row[year.place]) else clean(row[year.place])
        part = Part(without_stage(shown)[0], stage, when, place, number, table.shown)
        for h in table.headings:
            if h.means is None or (h.means.sex and not h.means.grade) or is_nothing(row[h.place]):
                continue
            key = _key(h.means, stage)
            if key is None:
                unknown += [shown] if shown not in unknown else []
            elif h.means.grade:
                part.cells[key], part.parts[key] = row[h.place], h.parts
            else:
                part.cells[key], part.parts[key] = cells.cell(row, h), h.parts
        found.append(part)
    if numbering_again(table) is not None and not table.blocks and not table.first("stage"):
        said.append(say("serial_blocks", table=table.shown))
    said += cells.said
    if unknown:
        texts = ", ".join(h.shown for h in table.headings if h.means and _key(h.means, "") is None)
        said.append(say("no_stage", table=table.shown, n=len(unknown), headings=texts, some=some(unknown)))
    return found


def _key(means: Meaning, stage: str) -> str | None:
    """Return the key of a cell in a row of a stage; None for one that needs a stage where none is known."""
    if means.grade and means.key in ("pupils", "classes"):
        grade = means.grade
        low = grade.isdecimal() and int(grade) <= 4 and stage in ("junior", "senior")
        return f"{means.key}/{int(grade) + FROM_GRADE[stage] if low else grade}/{means.sex}"
    needs = means.key in _alone_words() or (
        means.key in columns().by_stage and columns().by_stage[means.key].part_of is None
    )
    if not needs:
        return f"{means.key}_{stage}" if stage and means.key in _of_rooms() else means.key
    return f"{means.key}_{stage}" if stage else None


# ---- joining ----


def _joined(parts: Sequence[Part], mine: Sequence[tuple[Table, list[str]]], said: list[object]) -> Table:
    """Return one table of whole schools."""
    schools = _schools(parts)
    rows = [_School(group) for group in schools]
    for key, names in (
        ("parts_joined", [row.name for row in rows if len(row.parts) > 1]),
        ("whole_twice", [row.name for row in rows if row.shared in ("whole", "nearly")]),
        ("nearly_whole", [row.name for row in rows if row.shared == "nearly"]),
        ("already_split", [row.name for row in rows if row.shared == "split"]),
        ("one_stage_of_two", [row.name for row in rows if row.shared == "half"]),
    ):
        if names:
            said.append(say(key, n=len(names), some=some(names)))
    keys = list(dict.fromkeys(key for row in rows for key in row.cells))
    shown = {key: texts for part in parts for key, texts in part.parts.items()}
    headings = [Heading(i, (key,), _meaning(key)) for i, key in enumerate(keys)]
    first = mine[0][0]
    alone = [row for row in rows if {part.stage for part in row.parts} == {"senior"}]
    inferred = [row.name for row in rows if row.inferred]
    points = any(row.cells["kind"] == "teaching_point" for row in rows if row.inferred)
    if inferred and (points or any(table.first("kind") for table, _ in mine)):
        said.append(say("kinds_inferred", n=len(inferred), some=some(inferred)))
    if alone:
        said.append(say("senior_alone", n=len(alone), some=some([row.name for row in alone])))
        rows = [row for row in rows if row not in alone]
    sheet = Sheet(first.sheet.file, first.sheet.name, [])
    table = Table(sheet, headings, [row.parts[0].number for row in rows], [], first.above)
    table.rows = [[row.cells.get(key) for key in keys] for row in rows]
    table.places = [" + ".join(part.place for part in row.parts) for row in rows]
    table.sources = [one.sheet for one, _ in mine]
    table.called = {key: " / ".join(shown[key]) for key in keys if key in shown}
    table.said = [text for table_, _ in mine for text in (*table_.sheet.said, *table_.said)] + said
    return table


def _meaning(key: str) -> Meaning:
    if "/" in key:
        what, grade, sex = key.split("/")
        return Meaning(what, grade, sex=sex)
    return Meaning(key)


def _schools(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the parts of each school, by code where both have one, else by name; the same stage twice is two rows."""
    groups: dict[tuple[str, str], list[list[Part]]] = defaultdict(list)
    order: list[list[Part]] = []
    codes = {plain(part.name): plain(part.cells["code"]) for part in parts if "code" in part.cells}
    for part in parts:
        code = plain(part.cells["code"]) if "code" in part.cells else codes.get(plain(part.name), "")
        mine = groups[code or plain(part.name), part.year]
        fitting = next((g for g in mine if part.stage and all(p.stage and p.stage != part.stage for p in g)), None)
        if fitting is None:
            fitting = []
            mine.append(fitting)
            order.append(fitting)
        fitting.append(part)
    return order


class _School:
    """A school made of its parts: `cells` by key, and how what belongs to the whole of it was `shared`."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = list(parts)
        self.name = parts[0].name
        self.shared = ""
        self.inferred = False
        self.cells: dict[str, object] = {}
        for part in parts:
            for key, cell in part.cells.items():
                self.cells.setdefault(key, cell)
        if "school" in self.cells:
            self.cells["school"] = self.name
        self._kind()
        self._facilities()

    def _kind(self) -> None:
        """Let the kind be that of all stages, where it is not told or told of a part."""
        stages = {part.stage for part in self.parts if part.stage}
        told = stages_of_kind(self.cells.get("kind"))
        if stages and not stages <= set(told):
            self.inferred = not told
            point = stages == {"primary"} and self.name.endswith(columns().kinds["teaching_point"].zh)
            kind = "teaching_point" if point else KIND_OF.get(frozenset(stages))
            self.cells["kind"] = kind or self.cells.get("kind")

    def _facilities(self) -> None:
        """Tell a whole school's areas and equipment from those of its parts."""
        staged = [part for part in self.parts if part.stage]
        known = [areas(part.cells) for part in staged]
        keys = [key for key in FACILITIES if any(key in cells for cells in known)]
        if not staged or not keys or self.stage_values:
            return
        if len(staged) == 1:
            if len(stages_of_kind(self.cells.get("kind"))) > 1:
                self.shared = "half"
                self._drop(keys)
            return
        places = [(part.table, part.place, part.stage) for part in staged]
        self.shared = shared_by(self.name, dict(zip(places, known, strict=True)), keys)
        if self.shared != "split":
            return
        for part, cells in zip(staged, known, strict=True):
            for key in keys:
                if key in cells and f"{key}_{part.stage}" in columns().columns:
                    self.cells[f"{key}_{part.stage}"] = cells[key]
        self._drop(keys)

    @property
    def stage_values(self) -> bool:
        """Whether values per pupil are given, which need no division."""
        return any(key.startswith("value_") for key in self.cells)

    def _drop(self, keys: Iterable[str]) -> None:
        for key in (*keys, *AREA_PARTS):
            self.cells.pop(key, None)


def some(names: Sequence[str]) -> tuple[str, ...]:
    """Return the first names, and how many there are in all."""
    return tuple(names) if len(names) <= SHOWN else (*names[: SHOWN - 1], f"{names[SHOWN - 1]} … ({len(names)})")
