"""An assessment as a Word document that can be edited: A4, 黑体 headings and 仿宋 text as Chinese offices set them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simsim.assessment.findings import Findings
from simsim.assessment.html import is_number
from simsim.assessment.words import HEADING, Grid, pieces
from simsim.assessment.workbook import write

if TYPE_CHECKING:  # slow to load
    from docx.document import Document
    from docx.text.paragraph import Paragraph

FONTS = {"zh": ("黑体", "仿宋"), "en": ("Arial", "Times New Roman")}
"""Of headings and of text."""
TITLE, SECTION, TEXT, TABLE, FOOT = 18.0, 14.0, 12.0, 9.0, 9.0
"""Sizes in points."""
LONGEST_TITLE = 255
"""Characters of the title among a document's properties, Word's own limit."""
WIDE_MM, HIGH_MM, MARGIN_MM = 297, 210, 20


def write_document(found: Findings, path: Path, lang: str) -> None:
    """Write the assessment as a Word document; InputError when it cannot be written."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    document = docx.Document()
    title = str(getattr(found.standard.title, lang))
    document.core_properties.title, document.core_properties.author = title[:LONGEST_TITLE], "simsim"
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(WIDE_MM), Mm(HIGH_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    if found.simulated:
        _line(section.header.paragraphs[0], getattr(found.simulated, lang), FONTS[lang][0], FOOT)
    _page_number(section.footer.paragraphs[0], FONTS[lang][1])
    _line(document.add_heading(level=0), title, FONTS[lang][0], TITLE)
    for block in pieces(found, lang):
        for piece in block:
            if isinstance(piece, Grid):
                _table(document, piece, lang)
            elif piece.startswith(HEADING):
                _line(document.add_heading(level=1), piece.removeprefix(HEADING), FONTS[lang][0], SECTION)
            else:
                _line(document.add_paragraph(), piece, FONTS[lang][1], TEXT)
    write(document.save, path)


def _line(paragraph: Paragraph, text: str, font: str, points: float, bold: bool = False) -> None:
    """Write text in a font, which Word looks up for Chinese and other characters apart."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font, Pt(points), bold
    run.font.color.rgb = RGBColor(0, 0, 0)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _table(document: Document, grid: Grid, lang: str) -> None:
    """Add a table, its headings on every page, numbers to the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement

    table = document.add_table(rows=len(grid.rows), cols=len(grid.rows[0]), style="Table Grid")
    for number, (row, cells) in enumerate(zip(table.rows, grid.rows, strict=True)):
        for cell, text in zip(row.cells, cells, strict=True):
            paragraph = cell.paragraphs[0]
            _line(paragraph, text, FONTS[lang][0 if number == 0 else 1], TABLE, bold=number == 0)
            if number and is_number(text):
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    document.add_paragraph()


def _page_number(paragraph: Paragraph, font: str) -> None:
    """Write the number of the page in the middle of a foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(paragraph, "", font, FOOT)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
