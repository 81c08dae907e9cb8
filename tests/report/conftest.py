"""The small experiment as a report sees it, in both languages."""

from __future__ import annotations

from functools import cache
from multiprocessing import active_children

import pytest

from simsim.report.render import render
from simsim.report.view import View


@pytest.fixture(scope="module", params=["en", "zh"])
def view(request, small_experiment):
    return View.of(small_experiment, request.param)


@pytest.fixture(scope="session")
def pages(small_experiment, tmp_path_factory):
    """Give the page of a report of the small experiment, made once a session: a path by kind and language."""
    folder = tmp_path_factory.mktemp("pages")
    return cache(lambda kind, lang, short=False: render(kind, small_experiment, lang=lang, out=folder, short=short))


@pytest.fixture
def no_process_left():
    """Nothing that a test began is at work when it ends; workers of earlier tests (joblib keeps its own) stay."""
    before = {*active_children()}
    yield
    assert {*active_children()} <= before
