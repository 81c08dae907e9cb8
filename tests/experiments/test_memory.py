"""While many districts are lived, what was there before is left out of searches for garbage; afterwards it is not."""

from __future__ import annotations

import gc

import pytest

from simsim.experiments import memory


@pytest.fixture(autouse=True)
def nothing_frozen():
    """The tests themselves are (tests/conftest.py)."""
    gc.unfreeze()
    yield
    gc.freeze()


def test_what_was_left_alone_before_stays_so():
    gc.freeze()
    with memory.for_many_runs():
        pass
    assert gc.get_freeze_count() > 0


def test_what_is_here_is_left_alone_until_the_end_even_when_something_fails():
    before = gc.get_freeze_count()
    with pytest.raises(RuntimeError), memory.for_many_runs():
        assert gc.get_freeze_count() > before
        raise RuntimeError
    assert gc.get_freeze_count() == before


def test_a_c_library_that_cannot_be_told_is_no_mistake(monkeypatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: object())
    with memory.for_many_runs():
        pass
