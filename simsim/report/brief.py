"""The decision page as an editable Word document, in the layout of Chinese official documents (GB/T 9704-2012):
margins, title in 小标宋 of size two, text in 仿宋 of size three with 28 points a line, page numbers. Two sheets: the
text, and the wide table across.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from simsim.assessment.docx import LONGEST_TITLE
from simsim.experiments.manifest import writable
from simsim.experiments.results import Results
from simsim.inputs.whole_files import write_bytes
from simsim.report.brief_table import usual_grade, write_table
from simsim.report.official import (
    A4_MM,
    FALLBACKS,
    FIVE,
    FONTS,
    FOUR,
    LITTLE_FIVE,
    LITTLE_FOUR,
    MARGINS_MM,
    POINTS_IN_MM,
    THREE,
    TWO,
    Fonts,
    element,
    set_font,
    write_line,
)
from simsim.report.tables.decision import Decision
from simsim.report.view import View
from simsim.report.words import half_characters

if TYPE_CHECKING:  # slow to load
    from docx.document import Document
    from docx.section import Section

TABLE_MARGIN_MM = 15
"""All round the sheet of the table, which lies across."""
SIZES = {
    "zh": ((THREE, 28.0), (FOUR, 24.0), (LITTLE_FOUR, 20.0)),
    "en": ((FOUR, 22.0), (LITTLE_FOUR, 18.0), (FIVE, 15.0)),
}
"""Sizes of the text with their spacing, points: the largest is taken with which the text fits its sheet."""
TITLE_LINE, NOTE_LINE = 34.0, 10.8
"""Spacing of the title and of the notes under the table, points."""
FONT_TABLE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable"


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
    """Return the document: title, facts and what may not be concluded on one sheet; the table with notes on another."""
    import docx

    document, fonts = docx.Document(), FONTS[view.lang]
    document.core_properties.title, document.core_properties.author = page.title[:LONGEST_TITLE], "simsim"
    _fallbacks(document)
    _sheet(document.sections[0], fonts)
    write_line(
        document.add_paragraph(), page.title, fonts.title, TWO, view.lang == "en", centre=True, spacing=TITLE_LINE
    )
    parts = _parts(view, page)
    size, spacing = type_size(page.title, parts, view.lang)
    for heading, lines in parts:
        write_line(document.add_paragraph(), heading, fonts.heading, size, indent=True, spacing=spacing)
        for words in lines:
            write_line(document.add_paragraph(), words, fonts.text, size, indent=True, spacing=spacing)
    _across(document)
    title = view.say("decision.brief.table", n=page.worlds)
    write_line(document.add_paragraph(), title, fonts.heading, FIVE, spacing=FIVE * 1.3)
    write_table(document, page, fonts)
    for words in _notes(view, page):
        write_line(document.add_paragraph(), words, fonts.number, LITTLE_FIVE, spacing=NOTE_LINE)
    return document


def _parts(view: View, page: Decision) -> list[tuple[str, list[str]]]:
    """Return the headings of the first sheet, each with its paragraphs."""
    item = [view.say("decision.brief.item", n=n, words=words) for n, words in enumerate(page.cannot, start=1)]
    facts = ["".join(page.facts) if view.lang == "zh" else " ".join(page.facts), *page.way]
    return [(view.say("decision.brief.facts"), facts), (view.say("decision.brief.cannot"), item)]


def _notes(view: View, page: Decision) -> list[str]:
    """Return what stands under the table: what its rows differ in, and how it is read."""
    usual, grades = usual_grade(page), {row.evidence for row in page.rows}
    more = [view.say("decision.brief.usual", grade=usual)] if usual else []
    more += [view.say("decision.brief.evidence", grade=grade) for grade in grades if len(grades) == 1]
    first, *key = page.key
    read = ("" if view.lang == "zh" else " ").join((*key, *more))
    return [view.say("decision.brief.notes", words=first), *page.apart, read]


def type_size(title: str, parts: Sequence[tuple[str, Sequence[str]]], lang: str) -> tuple[float, float]:
    """Return size and spacing of the text, points: the largest with which title and text fit one sheet."""
    ends = (("left_margin", "right_margin"), ("top_margin", "bottom_margin"))
    wide, high = (
        (side - sum(MARGINS_MM[end] for end in pair)) * POINTS_IN_MM for side, pair in zip(A4_MM, ends, strict=True)
    )
    texts = [words for heading, lines in parts for words in (heading, *lines)]
    high -= ceil(half_characters(title) * TWO / 2 / wide) * TITLE_LINE
    for size, spacing in SIZES[lang]:
        # a paragraph begins four half characters in; a line ends up to two early
        lines = sum(ceil((half_characters(words) + 4) / (wide / size * 2 - 2)) for words in texts)
        if lines * spacing <= high:
            break
    return size, spacing


# ---- the sheet ----


def _sheet(section: Section, fonts: Fonts) -> None:
    """Give a section the official margins, on A4, and a page number in the middle of its foot."""
    from docx.shared import Mm

    section.page_width, section.page_height = (Mm(side) for side in A4_MM)
    for name, size in MARGINS_MM.items():
        setattr(section, name, Mm(size))
    foot = section.footer.paragraphs[0]
    write_line(foot, "— ", fonts.number, FOUR, centre=True)
    run = foot.add_run()
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run._r.append(element("w:instrText", words) if words else element("w:fldChar", **{"w:fldCharType": kind}))
    set_font(run, fonts.number, FOUR)
    set_font(foot.add_run(" —"), fonts.number, FOUR)


def _across(document: Document) -> None:
    """Begin a section that lies across, with narrower margins."""
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm

    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for name in MARGINS_MM:
        setattr(section, name, Mm(TABLE_MARGIN_MM))
    section.footer_distance = Mm(TABLE_MARGIN_MM / 2)


def _fallbacks(document: Document) -> None:
    """Name what Word takes where a font of official documents is not installed."""
    from docx.opc.oxml import serialize_part_xml
    from docx.oxml import parse_xml

    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype == FONT_TABLE)
    fonts = parse_xml(part.blob)
    for name, other in FALLBACKS.items():
        font = element("w:font", **{"w:name": name})
        font.append(element("w:altName", **{"w:val": other}))
        fonts.append(font)
    part._blob = serialize_part_xml(fonts)
