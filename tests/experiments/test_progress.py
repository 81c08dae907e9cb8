"""Progress: a rate and the time left from the first second, and nothing of it in an executed notebook."""

from __future__ import annotations

import io
import sys
import time
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from simsim.experiments import progress
from simsim.experiments.experiment import Experiment
from simsim.experiments.parts import Found
from simsim.experiments.progress import Pace, duration, progress_of


def unit(runs=10, scenario="plan"):
    data = SimpleNamespace(spec={"first_year": 2014})
    share = SimpleNamespace(data=data, seeds=tuple(range(1, runs + 1)), scenario=SimpleNamespace(name=scenario))
    return SimpleNamespace(runs=runs, shares=(share,), to=2024)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_there_is_a_rate_and_a_time_left_before_anything_is_done():
    text = str(Pace([unit()], clock=Clock()))
    assert (
        text.startswith("0 of 10 runs, ")
        and " a second, about " in text
        and text.endswith(" left (a guess until a run is over)")
    )
    assert Pace([unit()], processes=2, clock=Clock()).rate > Pace([unit()], clock=Clock()).rate


def test_the_rate_becomes_what_the_runs_took():
    clock = Clock()
    pace = Pace([unit(1000)], clock=clock)
    for seed in range(1, 501):
        clock.now += 2.0
        pace.tell("plan", seed)
    assert pace.rate == pytest.approx(0.5, rel=0.01) and "about 17 min left" in str(pace)


def test_a_run_counts_once_however_often_it_is_told_and_never_more_than_there_are():
    pace = Pace([unit(2)], clock=Clock())
    for seed in (1, 1, 2, 9):
        pace.tell("plan", seed)
    pace.found(Found(("plan", 1), (1, 2), {}))
    assert pace.done == 2


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (90, "90 s"), (600, "10 min"), (7300, "2 h 2 min"), (90000, "25 h 0 min")]
)
def test_times_are_said_as_people_say_them(seconds, words):
    assert duration(seconds) == words


def each(units, told):
    for share in units[0].shares:
        for seed in share.seeds:
            told("plan", seed)
        yield Found(("plan", 1), share.seeds, {})


def test_where_no_terminal_is_a_line_comes_at_once_and_one_every_few_seconds(monkeypatch):
    monkeypatch.setattr(progress, "LOG_EVERY", 0.01)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    notes = []
    for _ in progress_of(each, [unit()], True, note=notes.append):
        time.sleep(0.2)
    lines = sys.stderr.getvalue().splitlines()
    assert lines[0].startswith("0 of 10") and lines[-1].startswith("10 of 10") and len(lines) > 2
    assert notes and notes[-1].startswith("10 of 10")


def test_a_run_that_fails_or_is_left_early_ends_the_watching(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    def failing(units, told):
        raise RuntimeError("no")
        yield

    with pytest.raises(RuntimeError, match="no"):
        list(progress_of(failing, [unit()], True))
    finding = progress_of(each, [unit()], True)
    next(finding)
    finding.close()


def test_in_a_notebook_that_somebody_watches_one_line_is_shown_and_emptied(monkeypatch):
    shown = []
    line = SimpleNamespace(update=lambda data, raw: shown.append(data))
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data) or line)
    watched = SimpleNamespace(get_parent=lambda channel: {"content": {"allow_stdin": True}})
    monkeypatch.setattr(progress, "_kernel", lambda: watched)
    list(progress_of(each, [unit()], True))
    assert "0 of 10 runs" in shown[0]["text/plain"] and shown[-1] == {}


@pytest.mark.slow
def test_nothing_stays_in_an_executed_notebook(tmp_path):
    code = (
        "import simsim, tempfile, IPython\n"
        "assert IPython.get_ipython().kernel is not None\n"
        "_ = simsim.Experiment('baseline', seeds=1, to=2014).run(out=tempfile.mkdtemp() + '/x')"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert notebook.cells[0].outputs == []


@pytest.mark.slow
def test_workers_tell_of_each_run_before_their_block_is_done(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(Pace, "tell", lambda self, scenario, seed: told.append((scenario, seed)))
    Experiment("baseline", seeds=2, to=2014).run(jobs=2, out=tmp_path / "x", progress=False)
    runs = [one for one in told if one[0] == "baseline"]  # the worlds of the factual scenario are solved before
    assert sorted(runs) == [("baseline", 1), ("baseline", 2)]
