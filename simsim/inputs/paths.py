"""Where parameters and notebooks live: the repository's copy first, else the one inside the wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def resource(name: str) -> Path:
    """Return the folder `parameters` or `notebooks`; raise FileNotFoundError when the installation lost it."""
    for root in (PACKAGE.parent, PACKAGE / "data"):
        if (root / name).is_dir() and (root is not PACKAGE.parent or (root / "pyproject.toml").exists()):
            return root / name
    raise FileNotFoundError(f"simsim's {name}/ folder is missing; reinstall simsim")
