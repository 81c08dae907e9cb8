"""Fixtures of tests of districts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simsim.inputs.paths import resource


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the shipped district that a test may damage."""
    folder = tmp_path / "copy"
    shutil.copytree(resource("parameters") / "districts" / "erdao", folder)
    return folder
