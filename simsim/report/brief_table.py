"""The table of the decision brief: an option a row, a number with its interval and its count of worlds in a cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsim.report.official import FIVE, POINTS_IN_MM, SIX, Fonts, element, set_font, write_line
from simsim.report.tables.decision import Decision, Heading, Shown
from simsim.report.words import half_characters

if TYPE_CHECKING:  # slow to load
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

NUMBER_LINE, TABLE_LINE = 11.5, 8.3
"""Spacing of a number, and of what stands under it, points."""
CELL_MM = 0.5
"""Left and right of what a cell says."""
TWIPS_IN_MM = 56.7
TITLE_LINES, HEADING_LINES = 3, 5
"""An option's title and a column's heading are broken into so many lines, that the numbers have the room."""
FILLS = {"good": "D6E8F5", "good2": "A9CFE8", "bad": "FDE3D0", "bad2": "F9BF95"}
AFTER_SHADE = ("w:spacing", "w:ind", "w:jc", "w:rPr")
"""What comes after the shading among a paragraph's properties, as Word's schema orders them."""


def usual_grade(page: Decision) -> str:
    """Return the letter of evidence that most numbers have: the table shows the others only."""
    letters = [one.grade for row in page.rows for cell in row.cells for one in cell if one.grade]
    return max(sorted(set(letters)), key=letters.count) if letters else ""


@dataclass(frozen=True)
class Line:
    """A line of a cell: words, then a number in bold and larger, and the class of the line's colour."""

    words: str = ""
    number: str = ""
    css: str = ""

    @property
    def points(self) -> float:
        """How wide the line is, points, with half a size for a half character."""
        return (half_characters(self.words) * SIX + half_characters(self.number) * FIVE) / 2


def write_table(document: Document, page: Decision, fonts: Fonts) -> None:
    """Write the table: its first row is repeated on every sheet, and no row is cut."""
    from docx.shared import Emu

    headings, rows = columns(page)
    table = document.add_table(rows=1, cols=len(headings), style="Table Grid")
    table.autofit = False
    table._tbl.tblPr.insert_element_before(_padding(), "w:tblLook")
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        _cell(cell, [(heading.name, True)] + [(heading.note, False)] * bool(heading.note), fonts)
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for row in rows:
        for place, (cell, lines) in enumerate(zip(table.add_row().cells, row, strict=True)):
            _numbers(cell, lines, fonts) if place else _cell(cell, [(line.words, True) for line in lines], fonts)
    section = document.sections[-1]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    sizes = widths(headings, rows)
    for column, width in zip(table.columns, sizes, strict=True):
        column.width = Emu(round(room * width / sum(sizes)))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, column in zip(row.cells, table.columns, strict=True):
            cell.width = column.width


def columns(page: Decision) -> tuple[list[Heading], list[list[list[Line]]]]:
    """Return the headings and, row by row, the lines of every cell. A grade that all options share needs no column."""
    usual, every = usual_grade(page), len({row.evidence for row in page.rows}) > 1
    rows = []
    for row in page.rows:
        numbers = [[line for one in cell for line in _lines_of(one, usual, len(cell) > 1)] for cell in row.cells]
        rows.append([[Line(row.title)], *numbers, *[[Line(row.evidence)]] * every])
    return list(page.headings if every else page.headings[:-1]), rows


def _lines_of(one: Shown, usual: str, many: bool) -> list[Line]:
    """Return a number of a cell as lines: interval and count share one where a cell has several numbers."""
    grade = f" [{one.grade}]" if one.grade and one.grade != usual else ""
    under = [one.interval, one.tally]
    under = ["; ".join(filter(None, under))] if many else under
    first = Line(f"{one.label} " if one.label else "", f"{one.median}{grade}", one.css)
    return [first, *(Line(words, css=one.css) for words in under if words)]


def widths(headings: Sequence[Heading], rows: Sequence[Sequence[Sequence[Line]]]) -> list[float]:
    """Return what each column needs, points: for its longest line, or a part of an option's title or of a heading."""
    columns = [[line.points for cells in column for line in cells] for column in zip(*rows, strict=True)]
    titles = [line.words for cells, *_ in rows for line in cells]
    columns[0] = [points / TITLE_LINES for points in columns[0]]
    columns[0] += [Line(word).points for title in titles for word in title.split() if title.isascii()]
    said = (Line(each.name + each.note).points / HEADING_LINES for each in headings)
    padding = 2 * CELL_MM * POINTS_IN_MM
    return [max(*points, heading, 2 * SIX) + padding for points, heading in zip(columns, said, strict=True)]


def _padding() -> BaseOxmlElement:
    """Return the little room that cells leave beside what they say."""
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", **{"w:w": str(round(CELL_MM * TWIPS_IN_MM)), "w:type": "dxa"}))
    return margins


def _paragraphs(cell: _Cell) -> Iterator[Paragraph]:
    """Yield the paragraphs of an empty cell, a new one each time (so take no more than are written)."""
    yield cell.paragraphs[0]
    while True:
        yield cell.add_paragraph()


def _cell(cell: _Cell, lines: Sequence[tuple[str, bool]], fonts: Fonts) -> None:
    """Write words into a cell, each with whether it is bold."""
    for (words, bold), paragraph in zip(lines, _paragraphs(cell), strict=False):
        write_line(paragraph, words, fonts.number, SIX, bold=bold, spacing=TABLE_LINE)
        _tight(paragraph)


def _tight(paragraph: Paragraph) -> None:
    """Leave no room between Chinese characters and figures, as a narrow cell has none to give."""
    form = paragraph._p.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        form.insert_element_before(element(name, **{"w:val": "0"}), *AFTER_SHADE)


def _numbers(cell: _Cell, lines: Sequence[Line], fonts: Fonts) -> None:
    """Write the lines of numbers into a cell, in their colours."""
    for line, paragraph in zip(lines, _paragraphs(cell), strict=False):
        spacing = NUMBER_LINE if line.number else TABLE_LINE
        write_line(paragraph, line.words, fonts.number, SIX, spacing=spacing)
        _tight(paragraph)
        set_font(paragraph.add_run(line.number), fonts.number, FIVE, bold=True)
        if line.css in FILLS:
            shade = element("w:shd", **{"w:val": "clear", "w:color": "auto", "w:fill": FILLS[line.css]})
            paragraph._p.get_or_add_pPr().insert_element_before(shade, *AFTER_SHADE)
