"""What others cite and reuse: the version, the licence of every data file, the text that comes from one command."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DATA = ("*.yaml", "*.csv", "*.parquet", "*.xlsx", "*.ods", "*.xls")
PLACES = ("parameters", "notebooks", "tests/baseline", "tests/tables")


def test_the_citation_names_the_version_and_licence_of_the_package():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (cited["version"], cited["license"]) == (project["version"], project["license"]) and cited["authors"]


def test_every_data_file_has_its_licence_in_the_table():
    text = (ROOT / "docs" / "data-licences.md").read_text("utf-8")
    named = re.findall(r"`([^`]+)`", text)
    files = [
        path.relative_to(ROOT).as_posix() for place in PLACES for kind in DATA for path in (ROOT / place).rglob(kind)
    ]
    files = [name for name in files if "/outputs/" not in name]
    assert len(files) > 60 and not [name for name in files if not any(fnmatch(name, pattern) for pattern in named)]


@pytest.mark.slow
def test_the_methods_text_comes_from_one_command(tmp_path):
    command = [
        sys.executable,
        str(ROOT / "docs" / "paper.py"),
        "--seeds",
        "1",
        "--to",
        "2015",
        "--jobs",
        "1",
        "--out",
        str(tmp_path),
    ]
    env = os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    found = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr[-2000:]
    text = (tmp_path / "methods.md").read_text("utf-8")
    assert "one world" in text and not re.search(r"\{\w+\}", text)
    assert all((tmp_path / name).stat().st_size > 10_000 for name in re.findall(r"[\w-]+\.png", text))
