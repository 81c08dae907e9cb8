"""How Chinese offices set a document (GB/T 9704-2012): sheet, margins, sizes, fonts; and lines so written in Word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsim.report.words import chinese_marks

if TYPE_CHECKING:  # slow to load
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

A4_MM = (210, 297)
MARGINS_MM = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
TWO, THREE, FOUR, LITTLE_FOUR, FIVE, LITTLE_FIVE, SIX = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0, 7.5
"""Sizes in points: 二号, 三号, 四号, 小四, 五号, 小五, 六号."""
POINTS_IN_MM = 72 / 25.4
FALLBACKS = {"方正小标宋简体": "宋体", "仿宋_GB2312": "仿宋"}


@dataclass(frozen=True)
class Fonts:
    """The fonts of title, headings, text and page numbers."""

    title: str
    heading: str
    text: str
    number: str


LATIN = "Times New Roman"
"""The font of figures and Latin letters, among Chinese characters as well."""
FONTS = {
    "zh": Fonts("方正小标宋简体", "黑体", "仿宋_GB2312", "宋体"),
    "en": Fonts(LATIN, "Arial", LATIN, LATIN),
}
CHINESE = vars(FONTS["zh"]).values()


def element(name: str, words: str = "", **attributes: str) -> BaseOxmlElement:
    """Return an element of Word's XML."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    element.text = words or None
    return element


def set_font(run: Run, name: str, size: float, bold: bool = False) -> None:
    """Give a run its font for Latin and Chinese letters apart; quotation marks are Chinese among Chinese characters."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run.font.name, run.font.size, run.font.bold = LATIN if name in CHINESE else name, Pt(size), bold
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)
    if name in CHINESE and any(mark in run.text for mark in "“”‘’…—"):
        fonts.set(qn("w:hint"), "eastAsia")


def write_line(
    paragraph: Paragraph, words: str, font: str, size: float, bold: bool = False, centre: bool = False,
    indent: bool = False, spacing: float = 0.0,
) -> None:  # fmt: skip
    """Write words into a paragraph of fixed spacing, its first line indented by two characters if asked for."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    form = paragraph.paragraph_format
    form.line_spacing, form.space_after, form.space_before = Pt(spacing or size), Pt(0), Pt(0)
    form.first_line_indent = Pt(2 * size) if indent else None
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run(chinese_marks(words) if font in CHINESE else words), font, size, bold)
