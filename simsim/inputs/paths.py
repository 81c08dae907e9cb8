"""Where parameters and notebooks live: the repository's copy first, else the one inside the wheel."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from simsim.inputs.errors import InputError, Problem

PACKAGE = Path(__file__).resolve().parent.parent
OF_FILES = frozenset({".csv", ".docx", ".html", ".ipynb", ".json", ".parquet", ".py", ".xlsx", ".yaml", ".yml"})
"""How names of files end that simsim reads or writes."""


def path_of(value: object, where: str, key: str) -> Path:
    """Return a path as it was given, `~` in front as the home folder; InputError for what is neither a text nor a path,
    for none, and for what no system takes.
    """
    if not isinstance(value, str | os.PathLike) or not isinstance(text := os.fspath(value), str) or not text:
        raise InputError(Problem(where, key, value, "must be the path of a folder or file, as text or as a Path"))
    if "\0" in text:
        raise InputError(Problem(where, key, value, "holds a NUL character, which no path does; take it out"))
    if (found := os.path.expanduser(text)).startswith("~"):
        remedy = "begins with the home folder of somebody unknown here; write its whole path, or ./~ for a name"
        raise InputError(Problem(where, key, value, remedy))
    return Path(found)


def folder_name(folder: Path) -> Path:
    """Return a folder to write into; InputError for one that is not there yet and is called as a file would be."""
    if folder.suffix.lower() in OF_FILES and not folder.is_dir():
        remedy = (
            f"is a file's name, and a folder is asked for: what is written gets its own names; name {folder.parent}"
        )
        raise InputError(Problem(str(folder), "", None, remedy))
    return folder


@cache
def resource(name: str) -> Path:
    """Return the folder `parameters` or `notebooks`; raise FileNotFoundError when the installation lost it."""
    for root in (PACKAGE.parent, PACKAGE / "data"):
        if (root / name).is_dir() and (root is not PACKAGE.parent or (root / "pyproject.toml").exists()):
            return root / name
    raise FileNotFoundError(f"simsim's {name}/ folder is missing; reinstall simsim")
