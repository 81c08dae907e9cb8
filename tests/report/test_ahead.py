"""Figures drawn ahead by a copy of this process: the same to the letter, and drawn here where the copy does not bring
them.
"""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from simsim.inputs.paths import resource
from simsim.report import ahead
from simsim.report.ahead import asked_by, drawing_ahead, on_two_cores, shown
from simsim.report.copies import can_part
from simsim.report.figures.catalogue import FIGURES
from simsim.report.figures.told import told
from simsim.report.render import KINDS, render

ASKED = [("enrolment",), ("trend", "teacher_gap")]
apart = pytest.mark.skipif(not can_part(), reason="processes cannot be copied here")


@pytest.fixture
def drawer(monkeypatch):
    """Draw the process in which a figure is asked for, in place of the figure."""
    monkeypatch.setattr(ahead, "told", lambda view, *asked: f"{'/'.join(asked)} by {os.getpid()}")


@apart
@pytest.mark.usefixtures("no_process_left", "drawer")
def test_a_copy_draws_what_is_asked_for_and_this_process_the_rest(view):
    with on_two_cores(), drawing_ahead(view, ASKED):
        found = [shown(view, *asked) for asked in (*reversed(ASKED), *ASKED, ("costs",))]
    other, *rest, here = (picture.split(" by ")[1] for picture in found)
    assert {*rest} == {other} and other != here == str(os.getpid())
    assert found[0].startswith("trend/teacher_gap by") and found[2].startswith("enrolment by")


@apart
@pytest.mark.usefixtures("no_process_left")
def test_a_figure_drawn_ahead_is_the_same_to_the_letter(view):
    with on_two_cores(), drawing_ahead(view, ASKED):
        found = [shown(view, *asked) for asked in ASKED]
    assert found == [told(view, *asked) for asked in ASKED]


@pytest.mark.usefixtures("no_process_left", "drawer")
def test_without_leave_every_figure_is_drawn_here(view):
    with drawing_ahead(view, ASKED):
        assert shown(view, "enrolment") == f"enrolment by {os.getpid()}"


@apart
@pytest.mark.usefixtures("no_process_left")
@pytest.mark.parametrize("end", ["raises", "dies", "cannot begin"])
def test_what_a_copy_does_not_bring_is_drawn_here(view, monkeypatch, end):
    here = os.getpid()

    def draw(view, *asked):
        if os.getpid() == here:
            return "drawn here"
        if end == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        raise RuntimeError("no pen")

    monkeypatch.setattr(ahead, "told", draw)
    if end == "cannot begin":
        monkeypatch.setattr(os, "fork", lambda: (_ for _ in ()).throw(BlockingIOError("no more processes")))
    with on_two_cores(), drawing_ahead(view, ASKED):
        assert [shown(view, *asked) for asked in ASKED] == ["drawn here"] * 2


@apart
@pytest.mark.usefixtures("no_process_left")
def test_a_page_that_fails_leaves_no_process_at_work(view, monkeypatch):
    monkeypatch.setattr(ahead, "told", lambda *asked: signal.pause())
    with pytest.raises(KeyboardInterrupt), on_two_cores(), drawing_ahead(view, ASKED):
        raise KeyboardInterrupt


def test_notebooks_ask_for_figures_that_there_are():
    for kind in KINDS:
        asked = asked_by(resource("notebooks") / f"report-{kind}.ipynb")
        assert asked and {name for name, *_ in asked} <= {*FIGURES}


def test_a_figure_that_is_worked_out_cannot_be_drawn_ahead(tmp_path):
    source = 'page.figure("trend", "teacher_gap")\npage.figure(name)\npage.figure()\npage.table("costs")'
    cells = [{"cell_type": "markdown", "source": ["page."]}, {"cell_type": "code", "source": source.splitlines(True)}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    assert asked_by(tmp_path / "a.ipynb") == [("trend", "teacher_gap")]


@apart
@pytest.mark.slow
@pytest.mark.usefixtures("no_process_left")
@pytest.mark.parametrize("kind", ["comparison", "scenario"])
def test_a_page_is_the_same_to_the_byte_on_two_cores(pages, small_experiment, tmp_path, monkeypatch, kind):
    alone: Path = pages(kind, "zh")
    drawn_here: list[str] = []
    monkeypatch.setattr(ahead, "told", lambda view, *asked: drawn_here.append(asked) or told(view, *asked))
    with on_two_cores():
        page = render(kind, small_experiment, lang="zh", out=tmp_path)
    assert page.read_bytes() == alone.read_bytes() and not drawn_here
