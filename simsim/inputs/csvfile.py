"""Read CSV tables from people who make mistakes: what is wrong is told with the line and the column, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.inputs.characters import not_text
from simsim.inputs.documents import Record
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import written
from simsim.inputs.size_limits import check_bytes, check_columns, check_lines, check_rows

FIRST_DATA_LINE = 2
SHOWN_PER_COLUMN = 3


@dataclass(frozen=True)
class Number:
    """A column of numbers: its bounds, and whether they are whole."""

    low: float = 0.0
    high: float = 1e12
    whole: bool = False


@dataclass(frozen=True)
class Words:
    """A column of text: the words allowed, or any when there are none; whether it may be empty."""

    allowed: tuple[str, ...] = ()
    optional: bool = False


Column = Number | Words


def read_table(
    path: str | Path, columns: Mapping[str, Column], optional: Iterable[str] = (), shown: str | None = None
) -> pd.DataFrame:
    """Return a CSV file with exactly these columns, numbers as numbers; InputError lists every problem of the file.

    `optional` names columns that may be missing. Refused: folders, empty, binary, UTF-16 and non-UTF-8 files, control
    characters, missing, unknown and repeated columns, cells that are empty, no finite number, out of bounds or not one
    of the words allowed.
    """
    shown = shown or Path(path).name
    raw = _cells(_text(Path(path), shown), shown)
    optional = tuple(optional)
    problems = _header(list(raw.columns), columns, optional, shown)
    table = {}
    for name, column in columns.items():
        if name in raw:
            table[name], found = _column(raw[name], name, column, shown)
            problems += found
    if not problems and raw.empty:
        problems = [Problem(shown, "", None, "has a header but no rows; add one row for each entry")]
    if problems:
        raise InputError(problems)
    return pd.DataFrame(table)


def _text(path: Path, shown: str) -> str:
    """Return a file's text; say which other thing it seems to be."""
    try:
        check_bytes(path.stat().st_size, shown)
        content = path.read_bytes()
    except IsADirectoryError:
        raise InputError(Problem(shown, "", None, "is a folder; name a CSV file")) from None
    except FileNotFoundError:
        raise InputError(Problem(shown, "", None, "is missing")) from None
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(
            Problem(shown, "", None, f"cannot be read: {getattr(error, 'strerror', None) or error}")
        ) from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(Problem(shown, "", None, "is UTF-16; save it as CSV UTF-8"))
    if b"\0" in content or content.startswith(b"PK\x03\x04"):
        raise InputError(Problem(shown, "", None, "is a binary file, not a CSV table; export the sheet as CSV UTF-8"))
    check_bytes(len(content), shown)  # a device says that it has none
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(shown, f"byte {error.start}", None, "is not UTF-8 text; save it as CSV UTF-8")
        ) from None
    if wrong := not_text(text):
        line = next(number for number, line in enumerate(text.split("\n"), 1) if not_text(line))
        raise InputError(Problem(shown, f"line {line}", None, wrong))
    if not text.strip():
        raise InputError(Problem(shown, "", None, "is empty; see docs/data-dictionary.md for its columns"))
    return text


def _cells(text: str, shown: str) -> pd.DataFrame:
    """Return all cells as stripped text."""
    check_lines(text, shown)
    try:
        raw = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False, header=None, skip_blank_lines=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise InputError(
            Problem(shown, "", None, f"is not a CSV table: {str(error).splitlines()[0].strip()}")
        ) from None
    check_rows(raw.shape[0] - 1, shown)
    check_columns(raw.shape[1], shown)
    raw = raw.apply(lambda column: column.str.strip())
    names = raw.iloc[0].tolist()
    twice = [
        Problem(shown, name, None, "is the name of two columns; keep one")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if twice:
        raise InputError(twice)
    table: pd.DataFrame = raw.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)
    return table


def records(table: pd.DataFrame) -> list[Record]:
    """Return the rows of a table, each by the names of its columns."""
    names, columns = [str(name) for name in table.columns], [table[name].tolist() for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _header(found: list[str], columns: Mapping[str, Column], optional: tuple[str, ...], shown: str) -> list[Problem]:
    """Return a problem for each column that is missing or unknown."""
    missing = [name for name in columns if name not in found and name not in optional]
    unknown = [name for name in found if name not in columns]
    problems = [
        Problem(shown, name, None, "is not a column" + (suggest(name, missing) or "; remove it")) for name in unknown
    ]
    return problems + [
        Problem(shown, name, None, f"is missing; add this column{suggest(name, unknown)}") for name in missing
    ]


def _column(cells: pd.Series[str], name: str, column: Column, shown: str) -> tuple[pd.Series, list[Problem]]:
    """Return one column with its type, and what is wrong in it."""
    if isinstance(column, Words):
        return cells, _bad_words(cells, name, column, shown)
    values = np.array([np.nan if (number := written(cell)) is None else number for cell in cells], dtype=float)
    good = (values >= column.low) & (values <= column.high) & (not column.whole or values % 1 == 0)
    if good.all():
        return pd.Series(values.astype(np.int64) if column.whole else values), []
    finite = np.isfinite(values)
    outside = finite & ((values < column.low) | (values > column.high))
    remedies = {
        "must be a finite number": ~finite,
        f"must lie between {column.low:g} and {column.high:g}": outside,
        "must be whole": finite & ~outside & ~good,
    }
    problems = [
        problem for remedy, bad in remedies.items() for problem in _cells_where(cells, bad, name, remedy, shown)
    ]
    return pd.Series(values), problems


def _bad_words(cells: pd.Series[str], name: str, column: Words, shown: str) -> list[Problem]:
    """Return a problem for each cell that is empty or not one of the words allowed."""
    bad = (cells == "") & (not column.optional)
    problems = _cells_where(cells, bad, name, "is empty; fill it in", shown)
    if column.allowed:
        other = ~cells.isin(column.allowed) & (cells != "")
        rows = _cells_where(cells, other, name, f"must be one of {', '.join(column.allowed)}", shown)
        problems += [Problem(p.file, p.key, p.value, p.remedy + suggest(str(p.value), column.allowed)) for p in rows]
    return problems


def _cells_where(cells: pd.Series[str], bad: ArrayLike, name: str, remedy: str, shown: str) -> list[Problem]:
    """Return one problem for each bad cell, the first few of a column."""
    rows = np.flatnonzero(np.asarray(bad))
    problems = [
        Problem(shown, f"line {row + FIRST_DATA_LINE}, {name}", cells.iloc[row], remedy)
        for row in rows[:SHOWN_PER_COLUMN]
    ]
    if len(rows) > SHOWN_PER_COLUMN:
        problems.append(Problem(shown, name, None, f"{len(rows) - SHOWN_PER_COLUMN} more cells like these: {remedy}"))
    return problems
