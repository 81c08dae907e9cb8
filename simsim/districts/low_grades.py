"""一年级 of a junior school is the seventh grade: tables of one stage, and rows of one, begin to count anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from simsim.inputs.errors import Problem
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.columns import columns
from simsim.tables.grades import grade_of, order
from simsim.tables.headings import Heading
from simsim.tables.names import UNSURE, stage_of_name
from simsim.tables.stages import FROM_GRADE, LAST_LOW, stages_of, stages_of_kind
from simsim.tables.table import Table
from simsim.tables.words import Said, count_of, say

YEARS = 3
"""The grades of a junior or senior school that are read so; a fourth may be the sixth or the ninth."""
SHOWN = 6
OWN = "has pupils in grades 1 to 3 alone and may be a junior school: write 七年级 or 初一, or add a column 学段"
FOURTH = "is a fourth year of a junior or senior school; write the grades as 六年级 to 九年级, or 初一, 高一"


@dataclass
class LowGrades:
    """How many years of schooling lie before the first grade of each row of a table; 0 where grades count from 1."""

    before: list[int]
    said: list[Said]
    problems: list[Problem]

    def grade(self, at: int, grade: str) -> str:
        """Return the grade of a row's cell."""
        return str(int(grade) + self.before[at]) if self.before[at] and grade.isdecimal() else grade


def low_grades(
    table: Table, schools: Sequence[str], years: Sequence[int | None], grade: Heading | None, read: Sequence[Heading]
) -> LowGrades:
    """Return how the grades of a table's rows count.

    They count anew where its title, a block, a column, the kind or the name says that they are of a junior or senior
    school, and none of them is above the fourth.
    """
    found = LowGrades([0] * len(table.rows), [], [])
    stages: Sequence[str] = stages_of(table, by_kind=False)
    groups: dict[tuple[str, int | None, str], list[int]] = defaultdict(list)
    for at, (school, year) in enumerate(zip(schools, years, strict=True)):
        groups[school, year, stages[at]].append(at)
    names: list[str] = []
    for (school, _, stage), rows in groups.items():
        grades = {number for at in rows for number in _grades(table.rows[at], grade, read)}
        if not school or not grades or min(grades) < 1 or max(grades) > LAST_LOW:
            continue
        told = (
            _primary_alone(table, rows[0]) or stage or _of_kind(table, rows[0]) or stage_of_name(_name(table, rows[0]))
        )
        if told == UNSURE:
            found.problems.append(_problem(table, rows[0], OWN))
        elif told in ("junior", "senior") and max(grades) > YEARS:
            found.problems.append(_problem(table, rows[0], FOURTH))
        elif told in ("junior", "senior"):
            names.append(_name(table, rows[0]))
            for at in rows:
                found.before[at] = FROM_GRADE[told]
    if names:
        some = ", ".join(list(dict.fromkeys(names))[:SHOWN])
        found.said.append(say("low_grades", table=table.shown, n=len(set(names)), some=some))
    return found


def _grades(row: Sequence[object], grade: Heading | None, read: Sequence[Heading]) -> list[int]:
    """Return the grades in which a row gives pupils or classes."""
    if grade is not None:
        own = grade_of(row[grade.place])
        return [order(own)] if own and plain(row[grade.place])[:1] not in ("初", "高") else []
    counts = [(h.means.grade, count_of(row[h.place])) for h in read if h.means and h.means.grade]
    return [order(name) for name, count in counts if count.value or not (count.blank or count.value == 0)]


def _primary_alone(table: Table, at: int) -> str:
    """Return primary for a school whose own kind (小学, 教学点) teaches nothing else, whatever the title says."""
    heading = table.first("kind")
    alone = heading is not None and stages_of_kind(table.rows[at][heading.place]) == ("primary",)
    return "primary" if alone else ""


def _of_kind(table: Table, at: int) -> str:
    """Return the stage of a row's school by a Chinese name of its kind; UNSURE for one of several stages."""
    heading = table.first("kind")
    cell = "" if heading is None or is_blank(table.rows[at][heading.place]) else clean(table.rows[at][heading.place])
    kind = columns().by_kind.get(plain(cell), "")
    stages = columns().kinds[kind].stages if kind and not cell.isascii() else ()
    if not stages or "primary" in stages:
        return "primary" if stages else ""
    return stages[0] if len(stages) == 1 else UNSURE


def _name(table: Table, at: int) -> str:
    heading = table.first("school") or table.first("code")
    return "" if heading is None or is_blank(table.rows[at][heading.place]) else clean(table.rows[at][heading.place])


def _problem(table: Table, at: int, remedy: str) -> Problem:
    return Problem(table.shown, f"row {table.numbers[at]}", _name(table, at), remedy)
