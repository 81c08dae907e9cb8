"""Tables as files that spreadsheets read: CSV and XLSX."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pandas as pd

from simsim.experiments.targets import target
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.whole_files import marked_csv, saved, write_bytes
from simsim.tables.cells import safe


def export(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV (UTF-8 with a mark, so that spreadsheets read Chinese) or XLSX, by the ending of `path`; no
    text is left to be taken for a formula.

    The file is whole or not there. InputError for another ending, and for a place where no table may be written
    (`targets.target`) or none can.
    """
    path = target(path)
    as_bytes = {".csv": marked_csv, ".xlsx": _xlsx}[path.suffix.lower()]
    try:
        write_bytes(as_bytes(frame.assign(**{name: frame[name].map(safe) for name in _texts(frame)})), path)
    except OSError as error:
        raise InputError(
            Problem(str(path), "", None, f"cannot be written: {error.strerror or error}; name another file")
        ) from None
    return path


def _texts(frame: pd.DataFrame) -> list[str]:
    """Return the columns of a table that may hold text."""
    return [str(name) for name, kind in frame.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]


def _xlsx(frame: pd.DataFrame) -> bytes:
    def save(file: BytesIO) -> None:
        with pd.ExcelWriter(file, engine="openpyxl") as book:
            frame.to_excel(book, index=False, sheet_name="simsim", freeze_panes=(1, 0))

    return saved(save)
