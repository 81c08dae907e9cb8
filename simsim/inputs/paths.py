"""Where parameters and notebooks live: the repository's copy first, else the one inside the wheel."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from simsim.inputs.errors import InputError, Problem

PACKAGE = Path(__file__).resolve().parent.parent


def path_of(value: object, where: str, key: str) -> Path:
    """Return a path as it was given; InputError for what is neither a text nor a path."""
    if isinstance(value, str | os.PathLike) and isinstance(os.fspath(value), str):
        return Path(value)
    raise InputError(Problem(where, key, value, "must be the path of a folder or file, as text or as a Path"))


@cache
def resource(name: str) -> Path:
    """Return the folder `parameters` or `notebooks`; raise FileNotFoundError when the installation lost it."""
    for root in (PACKAGE.parent, PACKAGE / "data"):
        if (root / name).is_dir() and (root is not PACKAGE.parent or (root / "pyproject.toml").exists()):
            return root / name
    raise FileNotFoundError(f"simsim's {name}/ folder is missing; reinstall simsim")
