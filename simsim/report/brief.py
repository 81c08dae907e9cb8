"""The decision page as an editable Word document, in the layout of Chinese official documents (GB/T 9704-2012):
margins, title in 小标宋 of size two, text in 仿宋 of size three with 28 points a line, page numbers, and the wide table
across.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from simsim.assessment.docx import LONGEST_TITLE
from simsim.experiments.manifest import writable
from simsim.experiments.results import Results
from simsim.inputs.whole_files import write_bytes
from simsim.report.tables.decision import Decision, Row, Shown
from simsim.report.view import View
from simsim.report.words import chinese_marks, half_characters

if TYPE_CHECKING:  # slow to load
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

A4_MM = (210, 297)
MARGINS_MM = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
TWO, THREE, FOUR, TABLE = 22.0, 16.0, 14.0, 6.5
"""Sizes in points: 二号, 三号, 四号, and that of the table."""
LINE, TABLE_LINE = 28.0, 7.2
TABLE_TITLE = 9.0
CELL_MM = 0.6
"""Left and right of what a cell says."""
TWIPS_IN_MM = 56.7
TITLE_LINES, HEADING_LINES = 3, 5
"""An option's title and a column's heading are broken into so many lines, that the numbers have the room."""
FILLS = {"good": "D6E8F5", "good2": "A9CFE8", "bad": "FDE3D0", "bad2": "F9BF95"}
AFTER_SHADE = ("w:spacing", "w:ind", "w:jc", "w:rPr")
"""What comes after the shading among a paragraph's properties, as Word's schema orders them."""
FALLBACKS = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋"}
FONT_TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable"


@dataclass(frozen=True)
class Fonts:
    """The fonts of title, headings, text and page numbers."""

    title: str
    heading: str
    text: str
    number: str


FONTS = {
    "zh": Fonts("方正小标宋简体", "黑体", "仿宋_GB2312", "宋体"),
    "en": Fonts("Times New Roman", "Arial", "Times New Roman", "Times New Roman"),
}
CHINESE = vars(FONTS["zh"]).values()


def brief(
    results: Results | str | Path, lang: str = "en", out: str | Path | None = None, scenario: str | None = None
) -> Path:
    """Write the decision page of results or of an experiment's folder as report-brief.docx (.zh.docx) into `out`, by
    default that folder, and return its path. InputError for anything that is not there or cannot be written.
    """
    view = View.of(results, lang, focus=scenario)
    place = out if out is not None else view.results.folder
    folder = writable(Path(place if place is not None else "."))
    path = folder / ("report-brief.docx" if lang == "en" else f"report-brief.{lang}.docx")
    with BytesIO() as file:
        written(view, Decision.of(view)).save(file)
        write_bytes(file.getvalue(), path)
    return path


def written(view: View, page: Decision) -> Document:
    """Return the document: title, facts, what may not be concluded; on a sheet of its own the table with notes."""
    import docx

    document, fonts = docx.Document(), FONTS[view.lang]
    document.core_properties.title, document.core_properties.author = page.title[:LONGEST_TITLE], "simsim"
    _fallbacks(document)
    _sheet(document.sections[0], fonts)
    _line(document.add_paragraph(), page.title, fonts.title, TWO, bold=view.lang == "en", centre=True)
    parts = (("facts", (*page.facts, *page.between)), ("cannot", page.cannot))
    for number, (name, lines) in enumerate(parts, start=1):
        _line(document.add_paragraph(), view.say(f"decision.brief.{name}"), fonts.heading, THREE, indent=True)
        for place, words in enumerate(lines, start=1):
            said = view.say("decision.brief.item", n=place, words=words) if number > 1 else words
            _line(document.add_paragraph(), said, fonts.text, THREE, indent=True)
    _across(document, fonts)
    _line(
        document.add_paragraph(),
        view.say("decision.brief.table"),
        fonts.heading,
        TABLE_TITLE,
        spacing=TABLE_TITLE * 1.5,
    )
    _table(document, page, fonts)
    for words in (view.say("decision.brief.notes"), *page.key):
        _line(document.add_paragraph(), words, fonts.number, TABLE, spacing=TABLE_LINE)
    return document


# ---- the sheet ----


def _sheet(section: Section, fonts: Fonts) -> None:
    """Give a section the official margins, on A4, and a page number in the middle of its foot."""
    from docx.shared import Mm

    section.page_width, section.page_height = (Mm(side) for side in A4_MM)
    for name, size in MARGINS_MM.items():
        setattr(section, name, Mm(size))
    foot = section.footer.paragraphs[0]
    _line(foot, "— ", fonts.number, FOUR, centre=True)
    run = foot.add_run()
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run._r.append(_element("w:instrText", words) if words else _element("w:fldChar", **{"w:fldCharType": kind}))
    _font(run, fonts.number, FOUR)
    _font(foot.add_run(" —"), fonts.number, FOUR)


def _across(document: Document, fonts: Fonts) -> None:
    """Begin a section that lies across, with the margins turned along."""
    from docx.enum.section import WD_ORIENT, WD_SECTION

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    top, right, bottom, left = (getattr(section, f"{side}_margin") for side in ("top", "right", "bottom", "left"))
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = right, bottom, left, top


def _fallbacks(document: Document) -> None:
    """Name what Word takes where a font of official documents is not installed."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype == FONT_TABLE)
    fonts = parse_xml(part.blob)
    for name, other in FALLBACKS.items():
        font = _element("w:font", **{"w:name": name})
        font.append(_element("w:altName", **{"w:val": other}))
        fonts.append(font)
    part._blob = serialize_part_xml(fonts)


# ---- lines ----


def _element(name: str, words: str = "", **attributes: str) -> BaseOxmlElement:
    """Return an element of Word's XML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    element.text = words or None
    return element


def _font(run: Run, name: str, size: float, bold: bool = False) -> None:
    """Give a run its font for Latin and Chinese letters alike."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name, run.font.size, run.font.bold = name, Pt(size), bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _line(
    paragraph: Paragraph, words: str, font: str, size: float, bold: bool = False, centre: bool = False,
    indent: bool = False, spacing: float = LINE,
) -> None:  # fmt: skip
    """Write words into a paragraph of fixed spacing, its first line indented by two characters if asked for."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.line_spacing, form.space_after, form.space_before = Pt(spacing), Pt(0), Pt(0)
    form.first_line_indent = Pt(2 * size) if indent else None
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run(chinese_marks(words) if font in CHINESE else words), font, size, bold)


# ---- the table ----


def _table(document: Document, page: Decision, fonts: Fonts) -> None:
    """Write the table: its first row is repeated on every sheet, and no row is cut."""
    from docx.shared import Emu

    table = document.add_table(rows=1, cols=len(page.headings), style="Table Grid")
    table.autofit = False
    table._tbl.tblPr.insert_element_before(_padding(), "w:tblLook")
    for cell, heading in zip(table.rows[0].cells, page.headings, strict=True):
        _cell(cell, [(heading.name, True, ""), *([(heading.note, False, "")] if heading.note else [])], fonts)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for row in page.rows:
        _fill(table.add_row().cells, row, fonts)
    section = document.sections[-1]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    sizes = widths(page)
    for column, width in zip(table.columns, sizes, strict=True):
        column.width = Emu(round(room * width / sum(sizes)))
    for line in table.rows:
        line._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        for cell, column in zip(line.cells, table.columns, strict=True):
            cell.width = column.width


def widths(page: Decision) -> list[int]:
    """Return what each column needs for its longest line, in half characters: that of its numbers, of an option's
    title and a heading a part.
    """
    titles = max(half_characters(row.title) for row in page.rows) // TITLE_LINES
    columns = zip(*(row.cells for row in page.rows), strict=True)
    numbers = [
        max(half_characters(said) for cell in cells for one in cell for said, *_ in _lines_of(one)) for cells in columns
    ]
    wanted = [titles, *numbers, max(half_characters(row.evidence) for row in page.rows)]
    headings = [half_characters(each.name + each.note) // HEADING_LINES for each in page.headings]
    return [max(pair) + 1 for pair in zip(wanted, headings, strict=True)]


def _padding() -> BaseOxmlElement:
    """Return the little room that cells leave beside what they say."""
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", **{"w:w": str(round(CELL_MM * TWIPS_IN_MM)), "w:type": "dxa"}))
    return margins


def _fill(cells: Sequence[_Cell], row: Row, fonts: Fonts) -> None:
    _cell(cells[0], [(row.title, True, "")], fonts)
    for cell, values in zip(cells[1:-1], row.cells, strict=True):
        _cell(cell, [line for one in values for line in _lines_of(one)], fonts)
    _cell(cells[-1], [(row.evidence, False, "")], fonts)


def _lines_of(one: Shown) -> list[tuple[str, bool, str]]:
    """Return a number of a cell as lines: words, whether bold, and the class of the colour."""
    first = " ".join(filter(None, (one.label, one.median, f"[{one.grade}]" if one.grade else "")))
    return [(first, True, one.css), *((words, False, one.css) for words in (one.interval, one.counted) if words)]


def _cell(cell: _Cell, lines: Sequence[tuple[str, bool, str]], fonts: Fonts) -> None:
    for place, (words, bold, css) in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        _line(paragraph, words, fonts.number, TABLE, bold=bold, spacing=TABLE_LINE)
        if css in FILLS:
            shade = _element("w:shd", **{"w:val": "clear", "w:color": "auto", "w:fill": FILLS[css]})
            paragraph._p.get_or_add_pPr().insert_element_before(shade, *AFTER_SHADE)
