"""Every change that a user notices has its fragment, and each fragment is one that the release will take."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
FRAGMENTS = [path for path in sorted((ROOT / SETTINGS["directory"]).iterdir()) if path.name != "README.md"]


def test_every_fragment_has_a_kind_that_is_declared_and_some_words():
    kinds = "|".join(kind["directory"] for kind in SETTINGS["type"])
    for path in FRAGMENTS:
        assert re.fullmatch(rf"(\d+|\+[\w-]+)\.({kinds})\.md", path.name), path.name
        assert path.read_text("utf-8").strip()


def test_the_changelog_has_the_place_where_a_release_puts_them():
    assert (ROOT / SETTINGS["filename"]).read_text("utf-8").count(SETTINGS["start_string"]) == 1
