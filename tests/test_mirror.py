"""The tests stand where what they test stands: tests/<wing>/test_<file>.py tests simsim/<wing>/<file>.py."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "simsim"
WINGS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
OF_A_SEQUENCE = "_stateful"
"""Ends the name of a test of any sequence of calls, beside the test of single ones."""
EACH_TESTED = ("base", "rules", "world", "policies")
NAMES_ALONE = {"base/arrays"}
"""Files that hold names of types and nothing that could go wrong."""


def files(folder: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob(pattern))


@pytest.mark.parametrize("wing", WINGS)
def test_every_test_file_of_a_wing_tests_a_file_of_it(wing):
    names = files(TESTS, f"{wing}/**/test_*.py")
    tested = {name.replace("test_", "") for name in names if not name.endswith(OF_A_SEQUENCE)}
    assert tested - set(files(PACKAGE, f"{wing}/**/*.py")) == set()


@pytest.mark.parametrize("wing", EACH_TESTED)
def test_every_file_of_these_wings_has_a_test_file_of_its_own(wing):
    owing = {name for name in files(PACKAGE, f"{wing}/*.py") if not name.endswith("__init__")}
    assert owing - NAMES_ALONE == {
        name.replace("test_", "") for name in files(TESTS, f"{wing}/test_*.py") if not name.endswith(OF_A_SEQUENCE)
    }


def test_no_folder_of_tests_is_without_a_wing():
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and list(path.glob("test_*.py"))}
    assert folders <= set(WINGS)
