"""The sheets of a file as rows of cells: .xlsx, .xls and .ods workbooks, text tables of several encodings, folders."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from simsim.inputs.errors import InputError, Problem
from simsim.inputs.size_limits import (
    LONGEST_CELL,
    MOST_LINES,
    MOST_ROLL_ROWS,
    MOST_SHEETS,
    check_bytes,
    check_columns,
    check_lines,
    check_rows,
)
from simsim.tables import workbooks
from simsim.tables.archive import SHEETS, check_archive, check_extent
from simsim.tables.cells import is_blank
from simsim.tables.words import say

TEXT, WORKBOOKS, OLD = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm", ".ods"), ".xls"
SUFFIXES = (".csv", ".xlsx", ".xls", ".ods")
HEADING_ROWS = 10
"""In how many first rows the headings are looked for: tables often carry a title above them."""
ENCODINGS = ("gb18030", "big5hkscs")
WESTERN = "cp1252"
LONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
MOSTLY = 0.9
OLE = b"\xd0\xcf\x11\xe0"
"""How an .xls workbook begins."""
UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
END = "\x1aend of the text"
"""Put behind a text table: a row of its own, unless a quotation mark is still open."""
SAMPLE = 20_000
"""Bytes by which an encoding is told."""
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, KeyError, IndexError, ValueError, TypeError, AttributeError, OSError, EOFError,
    SyntaxError, RuntimeError, ArithmeticError,
)  # fmt: skip
"""What a damaged workbook makes its reader raise."""
Score = Callable[[Sequence[Sequence[object]]], int]
"""How many headings the first rows hold that are understood."""


@dataclass
class Sheet:
    """One sheet: its file's name, its own ("" for a text file), its rows without empty ends, and what must be said."""

    file: str
    name: str
    rows: list[list[object]]
    hidden: bool = False
    said: list[object] = field(default_factory=list)
    before: int = 0
    """How many rows of the file stand before these."""

    @property
    def shown(self) -> str:
        """The file, and the sheet where there is one, as messages name them."""
        hidden = " (hidden)" if self.hidden else ""
        return f"{self.file}: sheet {self.name}{hidden}" if self.name else self.file


def read_sheets(path: str | Path, score: Score, most: int = MOST_ROLL_ROWS) -> list[Sheet]:
    """Return the sheets with cells of a file, or of every table in a folder; InputError for what is no table.

    `score` tells encodings apart by the headings that are understood; `most` is how many rows a sheet may have.
    """
    path = Path(path)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
        files = [file for file in files if not file.name.startswith(("~$", "."))]
        if not files:
            raise InputError(Problem(str(path), "", None, f"holds no table; put {', '.join(SUFFIXES)} files into it"))
        if len(files) > MOST_SHEETS:
            raise InputError(Problem(str(path), "", None, f"holds more than {MOST_SHEETS} tables; keep what is needed"))
        return [sheet for file in files for sheet in read_sheets(file, score, most)]
    _check_file(path)
    content = _read(path)
    if path.suffix.lower() in TEXT or _is_text(content, path.name):
        return [_bounded(Sheet(path.name, "", _text_rows(content, path.name, score, most)), most)]
    return _workbook(content, path, most)


def _is_text(content: bytes, shown: str) -> bool:
    """Tell whether a file that is called a workbook is a text table. InputError for a web page."""
    start = content[:SAMPLE].lstrip(b"\xef\xbb\xbf \r\n\t")
    if start[:1] == b"<":
        remedy = "is a web page (or XML) that is called a workbook; open it in a spreadsheet and save it as .xlsx"
        raise InputError(Problem(shown, "", None, remedy))
    lines = start.count(b"\n") and any(mark in start for mark in (b",", b"\t", b";"))
    binary = start[:2] == b"PK" or start[:4] == OLE or (b"\0" in start and start[:2] not in (b"\xff\xfe", b"\xfe\xff"))
    return bool(lines) and not binary


def _check_file(path: Path) -> None:
    """Refuse what cannot be a table: nothing there, a device, another kind of file, something enormous."""
    if not path.exists():
        raise InputError(Problem(str(path), "", None, "there is no such file"))
    if not path.is_file():
        raise InputError(Problem(path.name, "", None, "is a folder or a device; name a .csv or .xlsx file"))
    if path.suffix.lower() not in (*TEXT, *WORKBOOKS, OLD):
        remedy = f"is not one of {', '.join(SUFFIXES)}; save the table as one of these"
        raise InputError(Problem(path.name, "", path.suffix or None, remedy))
    check_bytes(path.stat().st_size, path.name)


def _read(path: Path) -> bytes:
    """Return a file's bytes, or say why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Problem(path.name, "", None, f"cannot be read: {error.strerror}")) from None


def _bounded(sheet: Sheet, most: int) -> Sheet:
    """Return a sheet that is not absurdly large, without blank rows at its end."""
    while sheet.rows and all(map(is_blank, sheet.rows[-1])):
        sheet.rows.pop()
    check_rows(len(sheet.rows), sheet.shown, most)
    check_columns(max(map(len, sheet.rows), default=0), sheet.shown)
    for number, row in enumerate(sheet.rows, 1):
        longest = max((len(cell) for cell in row if isinstance(cell, str)), default=0)
        if longest > LONGEST_CELL:
            remedy = f"a cell has {longest:,} characters; at most {LONGEST_CELL:,} are read"
            raise InputError(Problem(sheet.shown, f"row {number}", None, remedy))
    return sheet


def _without_end(row: Sequence[object]) -> list[object]:
    """Return a row without the empty cells at its end."""
    end = len(row)
    while end and row[end - 1] in (None, ""):
        end -= 1
    return list(row[:end])


# ---- text ----


def _text_rows(content: bytes, shown: str, score: Score, most: int) -> list[list[object]]:
    """Return the cells of a text file."""
    if (b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff"))) or content.startswith(UTF_32):
        remedy = "is a binary file, not a text table; save it as CSV UTF-8 or .xlsx"
        raise InputError(Problem(shown, "", None, remedy))
    text = _decoded(content, shown, score)
    check_lines(text, shown, max(MOST_LINES, most))
    try:
        rows = [*_split(text + ("\n" if text and text[-1] not in "\r\n" else "") + END)]
    except csv.Error as error:
        raise InputError(Problem(shown, "", None, f"cannot be read as a table: {error}")) from None
    if rows.pop() != [END]:  # a quotation mark that is open takes everything after it into one cell
        remedy = "has a quotation mark that is never closed, and all that follows would be one cell; close it"
        raise InputError(Problem(shown, f"row {len(rows) + 1}", None, remedy))
    found = [_without_end(row) for row in rows[:most]]
    more = [*islice(filter(None, map(_without_end, rows[most:])), 1)]
    if not found:
        raise InputError(Problem(shown, "", None, "is empty; start from parameters/templates/schools-template.csv"))
    return [*found, *more]


def _split(text: str) -> Iterable[list[str]]:
    """Return the rows of a text, separated by whatever separates its first lines."""
    first = "".join(text[:SAMPLE].splitlines(keepends=True)[:HEADING_ROWS])
    return csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;|", key=first.count))


def _decoded(content: bytes, shown: str, score: Score) -> str:
    """Return a text in the encoding that it is written in: UTF-8 or UTF-16, else the one in which most headings are
    understood, and where none is, the one that charset-normalizer finds likelier.
    """
    mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return content.decode("utf-16" if mark else "utf-8-sig")
    except UnicodeDecodeError:
        pass
    texts = {}
    for encoding in () if mark else (WESTERN,) if _is_western(content) else ENCODINGS:
        try:
            texts[encoding] = content.decode(encoding)
        except UnicodeDecodeError:
            continue
    if not texts:
        remedy = "is neither UTF-8, GB18030 nor Big5 text; save it as CSV UTF-8"
        raise InputError(Problem(shown, "", None, remedy))
    known = {encoding: score(list(islice(_split(text), HEADING_ROWS))) for encoding, text in texts.items()}
    best = max(known.values())
    likely = [encoding for encoding, number in known.items() if number == best]
    return texts[likely[0] if len(likely) == 1 else _likelier(content, likely)]


def _is_western(content: bytes) -> bool:
    """Tell whether the bytes beyond ASCII of a text stand alone, as accents do, and not in pairs as Chinese ones."""
    lone, every = len(LONE.findall(content)), sum(byte >= 0x80 for byte in content)
    return every > 0 and lone > MOSTLY * every


def _likelier(content: bytes, encodings: Sequence[str]) -> str:
    """Return which of some encodings a text is written in, by its characters."""
    from charset_normalizer import from_bytes

    found = from_bytes(content[:SAMPLE], cp_isolation=list(encodings)).best()
    return found.encoding if found is not None and found.encoding in encodings else encodings[0]


# ---- workbooks ----


def _workbook(content: bytes, path: Path, most: int) -> list[Sheet]:
    """Return the sheets of a workbook that hold cells; a damaged or locked one is one message."""
    if path.suffix.lower() == OLD and content.startswith(b"PK\x03\x04"):
        path = path.with_suffix(".xlsx")
    try:
        if path.suffix.lower() != OLD:
            check_archive(io.BytesIO(content), path.name)
            check_extent(io.BytesIO(content), path.name)
        old = path.suffix.lower() == OLD
        found = workbooks.apart(content, path.name) if old else workbooks.sheets(content, path.name)
    except InputError:
        raise
    except UNREADABLE:
        raise InputError(_damaged(path)) from None
    except BaseException as error:  # what a panic of calamine is
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise InputError(_damaged(path)) from None
    sheets = [Sheet(path.name, name, rows, hidden) for name, hidden, rows in found if rows is not None]
    if not sheets:
        remedy = "has no sheet with cells (only charts?); put the table of schools into one"
        raise InputError(Problem(path.name, "", None, remedy))
    sheets[0].said += [say("chart", file=path.name, sheet=name) for name, _, rows in found if rows is None]
    for sheet in sheets:
        sheet.rows = [_without_end(row) for row in sheet.rows]
    return [_bounded(sheet, most) for sheet in sheets]


def _damaged(path: Path) -> Problem:
    remedy = f"is not a workbook that can be read (damaged or locked?); save it as {path.suffix} again"
    return Problem(path.name, "", None, remedy)


def error_cells(path: Path, sheet: str) -> list[str]:
    """Return the cells of a sheet of an .xlsx file that hold an error (#REF!, #DIV/0!), which are read as empty.

    InputError for a file that cannot be read.
    """
    from openpyxl import load_workbook

    if path.suffix.lower() not in WORKBOOKS[:2]:
        return []
    content = io.BytesIO(_read(path))
    with zipfile.ZipFile(content) as archive:
        if not any(b't="e"' in archive.read(name) for name in archive.namelist() if name.startswith(SHEETS)):
            return []
    rows = load_workbook(content, read_only=True, data_only=True)[sheet].iter_rows()
    return [f"{cell.coordinate} {cell.value}" for row in rows for cell in row if cell.data_type == "e"]


def bare_formula(path: Path, sheet: str) -> str:
    """Return the cell of a sheet's first formula without a saved value in an .xlsx file, or nothing.

    InputError for a file that cannot be read.
    """
    from openpyxl import load_workbook

    if path.suffix.lower() not in WORKBOOKS[:2]:
        return ""
    content = io.BytesIO(_read(path))
    with zipfile.ZipFile(content) as archive:
        if not any(b"<f" in archive.read(name) for name in archive.namelist() if name.startswith(SHEETS)):
            return ""
    saved, written = (load_workbook(content, read_only=True, data_only=only)[sheet] for only in (True, False))
    for values, formulas in zip(saved.iter_rows(values_only=True), written.iter_rows(), strict=False):
        for value, cell in zip(values, formulas, strict=False):
            if value is None and cell.data_type == "f":
                return str(cell.coordinate)
    return ""
