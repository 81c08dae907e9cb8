"""Languages side by side: in their order, with their own mistakes, and with no process left behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem
from simsim.report import languages
from simsim.report.copies import PageLost, can_part
from simsim.report.languages import side_by_side, work_out
from simsim.report.view import View

apart = pytest.mark.skipif(not can_part(), reason="processes cannot be copied here")


def of_process(lang: str) -> list[Path]:
    """Pretend to make a page, named after the process that made it."""
    return [Path(f"{lang}-{os.getpid()}")]


@apart
@pytest.mark.usefixtures("no_process_left")
def test_every_language_has_a_process_of_its_own_and_comes_in_its_order():
    found = [str(page).split("-") for page in side_by_side(["zh", "en"], of_process)]
    assert [lang for lang, _ in found] == ["zh", "en"]
    assert len({*(process for _, process in found), str(os.getpid())}) == 3


def test_one_language_is_made_by_this_process():
    assert [*side_by_side(["zh"], of_process)] == of_process("zh")


def test_where_no_process_can_be_copied_languages_follow_each_other(monkeypatch):
    monkeypatch.setattr(languages, "can_part", lambda: False)
    assert [*side_by_side(["zh", "en"], of_process)] == [*of_process("zh"), *of_process("en")]


@apart
@pytest.mark.usefixtures("no_process_left")
def test_a_mistake_in_one_language_is_raised_here_and_ends_the_other():
    def make(lang: str) -> list[Path]:
        if lang == "zh":
            raise InputError(Problem("report", "kind", "x", "must be another"))
        time.sleep(600)
        return []

    with pytest.raises(InputError, match="must be another"):
        list(side_by_side(["zh", "en"], make))


@apart
@pytest.mark.usefixtures("no_process_left")
def test_a_process_that_dies_is_told_with_its_language():
    def make(lang: str) -> list[Path]:
        os.kill(os.getpid(), signal.SIGKILL)
        return []

    with pytest.raises(PageLost, match="in zh were not made: their process ended with -9"):
        list(side_by_side(["zh", "en"], make))


@apart
def test_what_languages_share_is_worked_out_before_they_part(small_experiment):
    results = Results.load(small_experiment.folder)
    work_out(View.of(results, "zh"))
    known = {*results.tables.answers}
    view = View.of(results, "en")
    assert len(view.levels) and len(view.pairs) and len(view.numbers) and len(view.schools)
    assert known and {*results.tables.answers} == known
