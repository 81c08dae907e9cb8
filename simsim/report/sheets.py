"""A workbook of plain tables as bytes: Office Open XML (ECMA-376) with one sheet a table, its first row kept in view.

openpyxl makes an object of every cell, which took a fifth of the time of a page; of tables of words and numbers the
format asks for little more than the numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from io import BytesIO
from numbers import Integral, Real
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Cell = object
Sheet = Iterable[Sequence[Cell]]

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
KEPT_IN_VIEW = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    'state="frozen"/></sheetView></sheetViews>'
)
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML may hold."""
LETTERS = 26
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The date of everything inside, so that the same tables are the same bytes."""


def workbook(sheets: Mapping[str, Sheet], in_view: Sequence[str] = ()) -> bytes:
    """Return a workbook of sheets by name, each a sequence of rows; of those named in `in_view` the first row stays in
    view. Numbers are numbers, None leaves a cell empty, everything else is text, never a formula.
    """
    parts = {f"xl/worksheets/sheet{n}.xml": _sheet(rows, name in in_view) for n, (name, rows) in _numbered(sheets)}
    kinds = "".join(f'<Override PartName="/{name}" ContentType="{KIND}.worksheet+xml"/>' for name in parts)
    book = f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in _numbered(sheets)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{rels}{xml}{book}{kinds}</Types>',
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n, _ in _numbered(sheets)}
        ),
        **parts,
    }
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as book_file:
        for name, text in files.items():
            entry = ZipInfo(name, LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            book_file.writestr(entry, HEAD + text)
    return content.getvalue()


def _numbered(sheets: Mapping[str, Sheet]) -> Iterable[tuple[int, tuple[str, Sheet]]]:
    return enumerate(sheets.items(), 1)


def _relations(found: Mapping[str, tuple[str, str]]) -> str:
    each = "".join(f'<Relationship Id="{k}" Type="{OFFICE}/{kind}" Target="{at}"/>' for k, (kind, at) in found.items())
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _sheet(rows: Sheet, in_view: bool) -> str:
    """Return the XML of a sheet."""
    columns: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        columns += [_column(place) for place in range(len(columns), len(row))]
        cells = [
            _cell(f"{name}{number}", value) for name, value in zip(columns, row, strict=False) if value is not None
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    views = KEPT_IN_VIEW if in_view else ""
    return f'<worksheet xmlns="{MAIN}">{views}<sheetData>{"".join(lines)}</sheetData></worksheet>'


def _column(place: int) -> str:
    """Return the letters of a column, counted from 0."""
    return (_column(place // LETTERS - 1) if place >= LETTERS else "") + chr(ord("A") + place % LETTERS)


def _cell(place: str, value: Cell) -> str:
    """Return the XML of a cell."""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Integral) or (isinstance(value, Real) and math.isfinite(value)):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = escape(NO_XML.sub("", str(value)), quote=False)
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
