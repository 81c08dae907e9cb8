"""Files that appear whole or not at all: written under a temporary name, then renamed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pandas as pd


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file under a temporary name, then rename it: a reader sees all of it or nothing, and what stood there
    before stays when it cannot be written.

    OSError that names the path when that fails.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Write a text in UTF-8, its line ends as they are, whole or not at all."""
    write_bytes(text.encode(), path)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table without its index as UTF-8, lines ending as in Unix, whole or not at all."""
    write_text(table.to_csv(index=False, lineterminator="\n"), path)
