"""Filled forms as workbooks: each in its official layout, with a sheet of what stayed empty and why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from simsim.assessment.filling import Cell, Filled, Missing, fill
from simsim.assessment.findings import Findings
from simsim.assessment.layouts import Form, forms, load_form
from simsim.assessment.words import check_language, joined, word
from simsim.assessment.workbook import write
from simsim.experiments.targets import not_among_parts
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import folder_name, path_of
from simsim.tables.cells import safe

if TYPE_CHECKING:  # slow to load
    from openpyxl.worksheet.worksheet import Worksheet

WIDTH, NAME_WIDTH, NOTE_WIDTH, TITLE_HEIGHT, HEAD_HEIGHT = 11, 24, 30, 30, 62
FAILING = "808080"
"""The dark shade of a cell that fails (one with a line of the form beside it)."""
SIMULATED = "模拟"
UNFIT = re.compile(r"[^\w-]")
"""What a standard's name may not bring into the name of a file."""
FORM_FILE = re.compile(r"[\w-]+-[\w-]+\.xlsx")
"""What the file of a filled form is called, and perhaps a table."""


def refuse_folder(folder: Path, read: Iterable[Path]) -> None:
    """Refuse (InputError) a folder that tables are read from (`read`), where the next assessment would read the forms
    as tables, and one of a table that was such a form.
    """
    for one in read:
        home = one if os.path.isdir(one) else one.parent if FORM_FILE.fullmatch(one.name) else None
        if home is not None and os.path.isdir(folder) and folder.samefile(home):
            remedy = f"is the folder that {one.name} is read from; name another one for the forms"
            raise InputError(Problem(str(folder), "", None, remedy))


def check_folder(folder: str | Path) -> Path:
    """Return the folder that forms go to, made where it is not there; InputError where it cannot be."""
    path = folder_name(not_among_parts(path_of(folder, "assess", "forms")))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            Problem(str(folder), "", None, f"cannot be a folder for forms: {error.strerror}; name another")
        ) from None
    return path


def shipped() -> Iterator[Form]:
    """Yield the forms that are filled without being asked for by name."""
    return (form for form in map(load_form, forms()) if not form.only_when_asked)


def write_forms(found: Findings, chosen: Iterable[Form], folder: Path, lang: str) -> list[tuple[Path, Filled]]:
    """Fill the tables of the forms that belong to the standard of the findings, and write each as
    FOLDER/<standard>-<table>.xlsx; return the files with what they hold.
    """
    check_language(lang)
    written = []
    for form in chosen:
        if not form.covers(found.standard.name):
            continue
        for table in form.tables:
            filled, name = fill(form, table, found), UNFIT.sub("-", found.standard.name)
            path = folder / f"{name}-{table.name}.xlsx"
            write_form(filled, found, path, lang)
            written.append((path, filled))
    return written


def write_form(filled: Filled, found: Findings, path: Path, lang: str) -> None:
    """Write one filled table as a workbook of two sheets; InputError when it cannot be written."""
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    stamp = found.simulated is not None
    name = filled.table.sheet + (f"（{filled.stage}）" if filled.stage else "")  # noqa: RUF001
    _draw(book.create_sheet(name + f"（{SIMULATED}）" * stamp), filled, found)  # noqa: RUF001
    _list(book.create_sheet(word("form_missing", lang) + f"（{SIMULATED}）" * stamp), filled, found, lang)  # noqa: RUF001
    write(book.save, path)


# ---- the form ----


def _draw(sheet: Worksheet, filled: Filled, found: Findings) -> None:
    """Draw the form: title, headings level by level, the L row, the rows, the notes."""
    first = 3 if filled.heads else 1
    width = first - 1 + len(filled.table.columns)
    _across(sheet, filled.table.title + f"【{SIMULATED}】" * (found.simulated is not None), width, title=True)
    _headings(sheet, filled, first)
    for head, row in zip(filled.heads or [()] * len(filled.rows), filled.rows, strict=True):
        sheet.append([*head, *(safe(cell.value) for cell in row)])
        for place, cell in enumerate(row, first):
            _style(sheet, sheet.max_row, place, cell)
    if filled.heads:
        _merge_equal(sheet, [head[0] for head in filled.heads], sheet.max_row - len(filled.heads) + 1)
    for note in [*filled.notes, *([found.simulated.zh] if found.simulated else [])]:
        _across(sheet, note, width)
    _page(sheet, filled, first)


def _across(sheet: Worksheet, text: str, width: int, title: bool = False) -> None:
    """Add a row of one text over the whole width."""
    from openpyxl.styles import Alignment, Font

    row = 1 if title else sheet.max_row + 1
    cell = sheet.cell(row, 1, str(safe(text)))
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    cell.alignment = Alignment(horizontal="center" if title else "left", vertical="center", wrap_text=True)
    cell.font = Font(bold=title, size=16 if title else 10)
    sheet.row_dimensions[row].height = TITLE_HEIGHT


def _headings(sheet: Worksheet, filled: Filled, first: int) -> None:
    """Write the headings, merged where neighbours share a level and down to the last, and the L row."""
    levels, columns = filled.table.levels, filled.table.columns
    for place, column in enumerate(columns, first):
        for level, text in enumerate(column.heading):
            sheet.cell(2 + level, place, text)
        if len(column.heading) < levels:
            start = 1 + len(column.heading)
            sheet.merge_cells(start_row=start, end_row=1 + levels, start_column=place, end_column=place)
    for level in range(levels - 1):
        tops = [c.heading[: level + 1] if len(c.heading) > level + 1 else (str(i),) for i, c in enumerate(columns)]
        for start, end in _runs(tops):
            if end > start:
                row = 2 + level
                sheet.merge_cells(start_row=row, end_row=row, start_column=first + start, end_column=first + end)
    for place, column in enumerate(columns, first):
        sheet.cell(2 + levels, place, column.label or None)
    if first > 1:
        sheet.merge_cells(start_row=2, end_row=2 + levels, start_column=1, end_column=first - 1)
    for row in range(2, 3 + levels):
        for place in range(1, first + len(columns)):
            _style(sheet, row, place, Cell(), bold=row < 2 + levels)
        sheet.row_dimensions[row].height = HEAD_HEIGHT / levels if row < 2 + levels else None


def _runs(keys: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each run of equal keys."""
    for _, run in groupby(range(len(keys)), key=lambda place: keys[place]):
        places = list(run)
        yield places[0], places[-1]


def _merge_equal(sheet: Worksheet, texts: Sequence[str], first_row: int) -> None:
    """Merge the cells of the first column that say the same below each other."""
    for start, end in _runs(texts):
        sheet.merge_cells(start_row=first_row + start, end_row=first_row + end, start_column=1, end_column=1)
    for row in range(first_row, first_row + len(texts)):
        for place in (1, 2):
            _style(sheet, row, place, Cell())


def _style(sheet: Worksheet, row: int, place: int, cell: Cell, bold: bool = False) -> None:
    """Give a cell its frame, its decimals and its shade."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    line, drawn = Side(style="thin"), sheet.cell(row, place)
    drawn.border = Border(left=line, right=line, top=line, bottom=line)
    drawn.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if bold:
        drawn.font = Font(bold=True)
    if cell.decimals is not None:
        drawn.number_format = "0" + ("." + "0" * cell.decimals if cell.decimals else "")
    if cell.failing:
        drawn.fill = PatternFill("solid", start_color=FAILING)
        drawn.font = Font(color="FFFFFF", bold=True)


def _page(sheet: Worksheet, filled: Filled, first: int) -> None:
    """Set widths and the printed page: A4 across, one page wide, headings on every page."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for place, column in enumerate(filled.table.columns, first):
        wide = NAME_WIDTH if column.give == "school" else NOTE_WIDTH if column.give == "remarks" else WIDTH
        sheet.column_dimensions[get_column_letter(place)].width = wide
    for place in range(1, first):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTH * place
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{2 + filled.table.levels}"
    sheet.freeze_panes = f"A{3 + filled.table.levels}"


# ---- what stayed empty ----


def _list(sheet: Worksheet, filled: Filled, found: Findings, lang: str) -> None:
    """Write what stayed empty, which schools are not in the form, and what the form was filled from."""
    from openpyxl.styles import Alignment, Font

    rows: list[list[object]] = [[getattr(found.simulated, lang)]] if found.simulated else []
    rows.append([word(key, lang) for key in ("form_label", "form_heading", "form_rows", "reason")])
    rows += [[m.label, m.heading, _rows_of(m, lang), reason(m, lang)] for m in filled.missing]
    if not filled.missing:
        rows.append([word("form_complete", lang)])
    for school in found.exempt.to_dict("records"):
        rows.append([None, word("exempt_title", lang), school["school"], school[f"reason_{lang}"]])
    evidence = filled.form.evidence[filled.table.evidence]
    rows += [[], [word("document", lang), getattr(filled.form.form, lang)], [word("table", lang), found.file]]
    rows += [[word("evidence", lang), word(evidence.kind, lang)], [word("source", lang), evidence.told(lang)]]
    for row in rows:
        sheet.append([safe(value) for value in row])
    for letter, wide in zip("ABCD", (WIDTH, NAME_WIDTH * 2, NAME_WIDTH, NAME_WIDTH * 3), strict=True):
        sheet.column_dimensions[letter].width = wide
    for cells in sheet.iter_rows():
        for place, cell in enumerate(cells):
            cell.alignment = Alignment(vertical="top", wrap_text=place > 0)
    for cell in sheet[2 if found.simulated else 1]:
        cell.font = Font(bold=True)


def reason(missing: Missing, lang: str) -> str:
    """Return why a column stayed empty, with the headings that would fill it."""
    return word(f"missing_{missing.reason}", lang, **{key: getattr(t, lang) for key, t in missing.values.items()})


def _rows_of(missing: Missing, lang: str) -> str:
    return joined(missing.rows, lang) if missing.rows else word("form_all_rows", lang)


def told(written: Sequence[tuple[Path, Filled]], lang: str) -> str:
    """Return what the screen says of the forms that were written: the files, and what stayed empty in each."""
    lines = ["== " + word("forms_title", lang)]
    for path, filled in written:
        lines.append(word("form_written", lang, path=path, title=filled.table.title, n=len(filled.rows)))
        for missing in filled.missing:
            shown = " ".join(part for part in (missing.label, missing.heading) if part)
            where = word("form_some_rows", lang, n=len(missing.rows)) if missing.rows else ""
            lines.append(f"  {word('form_empty', lang)} {shown}{where}{word('colon', lang)}{reason(missing, lang)}")
    return "\n" + "\n".join(lines) + "\n"
