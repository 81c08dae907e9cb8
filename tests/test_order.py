"""The longest files come first, and nobody looks for garbage among the tests themselves."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.conftest import LONGEST, rank

TESTS = Path(__file__).parent


@pytest.mark.parametrize("name", LONGEST)
def test_a_file_that_is_named_is_one(name):
    assert len(list(TESTS.rglob(f"{name}.py"))) == 1


def test_notebooks_come_before_the_longest_files_and_those_before_all_others():
    places = [rank(TESTS / name) for name in ("01-one.ipynb", f"{LONGEST[0]}.py", f"{LONGEST[1]}.py", "test_other.py")]
    assert places == sorted(set(places))


def test_tests_are_left_out_of_searches_for_garbage():
    assert gc.isenabled() and gc.get_freeze_count() > 100_000
