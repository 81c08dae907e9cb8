"""Files that appear whole or not at all: written under temporary names, then renamed."""

from __future__ import annotations

import errno
import gc
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pandas as pd

LXML = "lxml."
"""The library by which openpyxl writes sheets, where it is installed."""


def write_all(files: Mapping[Path, bytes | str]) -> None:
    """Write files under temporary names, then rename them: a reader sees all of one or nothing, and where one of them
    cannot be written none is, and what stood there before stays. Texts become UTF-8, their line ends as they are.

    OSError that names the path when that fails.
    """
    drafts = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in files}
    path = Path()
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            drafts[path].write_bytes(content if isinstance(content, bytes) else content.encode())
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file whole or not at all; OSError that names the path when that fails."""
    write_all({path: content})


def write_text(text: str, path: Path) -> None:
    """Write a text in UTF-8 whole or not at all; OSError that names the path when that fails."""
    write_all({path: text})


def csv_of(table: pd.DataFrame) -> str:
    """Return a table as CSV without its index, lines ending as in Unix."""
    return str(table.to_csv(index=False, lineterminator="\n"))


def marked_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV without its index, in UTF-8 with the mark by which spreadsheets know Chinese."""
    return str(table.to_csv(index=False)).encode("utf-8-sig")


def saved(save: Callable[[BytesIO], object]) -> bytes:
    """Return what a library saves into a file that it is given.

    openpyxl writes its sheets into the folder for temporary files first: OSError that names this folder where it is
    full, which lxml tells as an error of its own.
    """
    file, full = BytesIO(), False
    try:
        save(file)
    except Exception as error:
        full = type(error).__module__.startswith(LXML)
        if not full:
            raise
    if full:
        _thrown_away()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), tempfile.gettempdir())
    return file.getvalue()


def _thrown_away() -> None:
    """Let a half-written sheet go, which would say once more, and without being asked, that it cannot be written."""
    told = sys.unraisablehook
    sys.unraisablehook = lambda _: None
    try:
        gc.collect()
    finally:
        sys.unraisablehook = told
