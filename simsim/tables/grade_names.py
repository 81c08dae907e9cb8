"""Names of grades that a table alone does not decide: S1 and Form 1 count from where primary school ends, R from what
stands beside it, I and X from what else the column holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from simsim.inputs.errors import InputError, Problem, capped
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.grades import HIGHEST, ROMAN, K, grade_of, order, whole_number
from simsim.tables.headings import Heading
from simsim.tables.phrases import LISTED, Meaning
from simsim.tables.table import Table
from simsim.tables.words import say

SECOND = re.compile(r"(?:s|f|form|sec|secondary|secundaria)\.?([1-6])|([1-6])[oa]?(?:de)?secundaria")
"""A year of secondary school: S1, Form 1, Secondary 1."""
WORDED = re.compile(r"form|secondary|[1-6]?[oa]?(?:de)?secundaria")
"""Names that are years of secondary school whatever stands beside them; S1 may be a semester."""
FIRST = re.compile(r"(?:p|primary|std|standard|class|primaria|小学?)\.?([1-8])(?:年级)?|([1-6])[oa]?(?:de)?primaria")
"""A year of primary school, in tables in which secondary school counts anew."""
ENDS = (6, 7, 8)
"""After which grade primary school may end, where secondary school counts anew."""
FEWEST = 2
LATER = "Year {}"
"""What a grade above the twelfth is called; its pupils are said and not counted."""
ANEW = "counts from the first year of secondary school, which is grade 7, 8 or 9, by country; write the grade (7 to 12)"


def name_grades(table: Table) -> None:
    """Give grades that are named by their place in a system the number that the table itself decides, and say so.

    InputError for years of secondary school in a table that does not show where primary school ends.
    """
    heading = table.first("grade")
    if heading is not None:
        _in_cells(table, heading)
    elif table.first("school") or table.first("code"):
        _in_headings(table)


def _in_cells(table: Table, heading: Heading) -> None:
    """Write grades for romans and years of secondary school into a column of grades."""
    cells = {plain(whole_number(cell)) for cell in table.column("grade") if not is_blank(cell)}
    named = {text: str(ROMAN[text]) for text in cells if text in ROMAN}
    if len(named) < FEWEST:
        named = {}
    second = {text for text in cells if SECOND.fullmatch(text) and not grade_of(text)}
    last = _last(cells)
    if second and last is None:
        rows = zip(table.numbers, table.column("grade"), strict=True)
        wrong = [(number, cell) for number, cell in rows if plain(cell) in second]
        where = f"row {{}}, {heading.shown}"
        raise InputError(capped([Problem(table.shown, where.format(n), clean(cell), ANEW) for n, cell in wrong]))
    named |= {text: str((last or 0) + _year(text)) for text in second}
    written = _later(named)
    for row in table.rows:
        row[heading.place] = written.get(plain(row[heading.place]), row[heading.place])
    _said(table, named.items())


def _in_headings(table: Table) -> None:
    """Let headings alone that name years of secondary school, R or romans mean grades."""
    alone = {h.place: plain(h.shown) for h in table.headings if len(h.parts) == 1}
    named = _secondary(table, alone) | _reception(table, alone)
    for at, grade in named.items():
        parts = table.headings[at].parts
        late = order(grade) > HIGHEST
        table.headings[at] = Heading(at, (LATER.format(grade),), None) if late else Heading(at, parts, _grade(grade))
    romans = {at: str(ROMAN[text]) for at, text in alone.items() if text in ROMAN and table.headings[at].means}
    _said(table, [(table.headings[at].shown, grade) for at, grade in sorted((named | romans).items())])


def _secondary(table: Table, alone: dict[int, str]) -> dict[int, str]:
    """Return the grades of headings that name years of secondary school; InputError where the table does not tell."""
    second = {at: text for at, text in alone.items() if table.headings[at].means is None and SECOND.fullmatch(text)}
    graded = any(h.means and h.means.grade for h in table.headings)
    last = _last(alone.values())
    lost = len(second) >= FEWEST and not graded and table.first("pupils") is None
    if last is None and (lost or any(map(WORDED.match, second.values()))):
        problems = [Problem(table.shown, f"heading {table.headings[at].shown}", None, ANEW) for at in second]
        raise InputError(capped(problems))
    return {at: str(last + _year(text)) for at, text in second.items()} if last else {}


def _reception(table: Table, alone: dict[int, str]) -> dict[int, str]:
    """Return K for a heading R that stands before grade 1."""
    means = [h.means for h in table.headings]
    first = [at for at, following in enumerate(means[1:]) if following and following.grade == "1"]
    return {at: K for at in first if alone.get(at) == "r" and means[at] is None}


def _grade(grade: str) -> Meaning:
    return Meaning("pupils", grade, unit=LISTED)


def _later(named: dict[str, str]) -> dict[str, str]:
    """Return names of grades in which those above the twelfth, which are not counted, are called as years."""
    return {text: LATER.format(grade) if order(grade) > HIGHEST else grade for text, grade in named.items()}


def _said(table: Table, named: Iterable[tuple[str, str]]) -> None:
    some = ", ".join(f"{text} = {grade}" for text, grade in sorted(named, key=lambda pair: order(pair[1])))
    if some:
        table.said.append(say("named_grades", table=table.shown, some=some))


def _last(names: Iterable[str]) -> int | None:
    """Return the last grade of primary school among some names; None where they do not show it."""
    last = max((int(match[1] or match[2]) for name in names if (match := FIRST.fullmatch(name))), default=0)
    return last if last in ENDS else None


def _year(text: str) -> int:
    match = SECOND.fullmatch(text)
    return int(match[1] or match[2]) if match else 0
