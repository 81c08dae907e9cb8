"""Which stage each row of a table tells of: by its name, a column, its block, the name of the sheet or file, the
numbering or the kind of school.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from simsim.inputs.numbers import written
from simsim.tables.cells import is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.grades import order
from simsim.tables.names import STAGE_WORDS, UNSURE, stage_of_name, without_stage
from simsim.tables.table import Table
from simsim.tables.words import words

STAGES = ("primary", "junior", "senior")
OTHER_WORDS = {
    "国小": "primary", "国中": "junior", "国民中学": "junior", "初级中学": "junior", "中学校": "junior",
    "高级中学": "senior",
}  # fmt: skip
"""What titles call stages in Taiwan and Japan."""
FROM_GRADE = {"primary": 0, "junior": 6, "senior": 9}
"""Grades before the first of a stage."""
LAST_LOW = 4
"""The last grade of a stage that counts anew, in junior schools of four years."""


def stage_of(texts: Iterable[str]) -> str:
    """Return the stage that the first text to name one alone names, as the name of a sheet or file; nothing else."""
    for text in texts:
        told = plain(text).replace("中小学", "")
        found = {stage for word, stage in {**STAGE_WORDS, **OTHER_WORDS}.items() if word in told}
        if len(found) == 1:
            return found.pop()
    return ""


def stages_of(table: Table, by_kind: bool) -> list[str]:
    """Return the stage of each row, "" where none is told: by its name, a column, the block it stands in, the sheet's,
    file's or title's name, where the numbering begins again, or (`by_kind`) as its kind has one stage alone.
    """
    heading, name, kind = table.first("stage"), table.first("school"), table.first("kind")
    whole = stage_of((table.sheet.name, *(text for text in table.above if text != table.sheet.name)))
    whole = whole or _of_headings(table)
    again, low = numbering_again(table), _low_grades(table)
    names = Counter("" if name is None else plain(without_stage(str(row[name.place]))[0]) for row in table.rows)
    found = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        named = without_stage(str(row[name.place]))[1] if name and not is_blank(row[name.place]) else ""
        said = "" if heading is None else words()["stage_words"].get(plain(row[heading.place]), "")
        block = next((stage for at, stage in reversed(table.blocks) if at < number), "")
        counted = "" if again is None else "junior" if number >= again else "primary"
        taught = (stages_of_kind(row[kind.place]) if kind else ()) or _with_pupils(table, row)
        if len(taught) > 1 and name and names[plain(without_stage(str(row[name.place]))[0])] > 1:
            taught = _with_pupils(table, row)
        alone = taught[0] if by_kind and len(taught) == 1 else ""
        if by_kind and not taught and low and name and not is_blank(row[name.place]):
            alone = stage_of_name(str(row[name.place])).replace(UNSURE, "")
        found.append(named or said or block or whole or counted or alone)
    return found


def _low_grades(table: Table) -> bool:
    """Tell whether a table has columns of grades and none above the fourth year of a stage."""
    grades = [order(h.means.grade) for h in table.headings if h.means and h.means.grade]
    return bool(grades) and max(grades) <= LAST_LOW


def _of_headings(table: Table) -> str:
    """Return the stage that headings name in brackets, 骨干教师(小学), where they name one alone; else nothing."""
    named = {h.means.key.rsplit("_", 1)[-1] for h in table.headings if h.means and h.means.key in columns().columns}
    own = named & {"primary", "junior"}
    grades = {order(h.means.grade) > FROM_GRADE["junior"] for h in table.headings if h.means and h.means.grade}
    if len(grades) > 1:  # 一年级 and 七年级 in one table: it is of no stage alone, whatever else is told of one
        return ""
    return own.pop() if len(own) == 1 and any(h.means and h.means.key == "pupils" for h in table.headings) else ""


def stages_of_kind(cell: object) -> tuple[str, ...]:
    """Return the stages of the kind of school that a cell names; none where it names none."""
    kind = "" if is_blank(cell) else columns().by_kind.get(plain(cell), "")
    return columns().kinds[kind].stages if kind else ()


def _with_pupils(table: Table, row: Sequence[object]) -> tuple[str, ...]:
    """Return the stages in which a row gives pupils."""
    headings = {stage: table.first(f"pupils_{stage}") for stage in STAGES}
    return tuple(stage for stage, h in headings.items() if h is not None and written(row[h.place]))


def numbering_again(table: Table) -> int | None:
    """Return the row in which a table's numbering begins again, where it does so once; None otherwise."""
    serial = table.first("serial")
    if serial is None:
        return None
    ones = [n for n, row in zip(table.numbers, table.rows, strict=True) if written(row[serial.place]) == 1]
    return ones[1] if len(ones) == 2 else None
