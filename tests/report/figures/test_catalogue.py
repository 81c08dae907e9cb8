"""Figures and words: no empty box for a character, titles that
say what the data say, one catalogue in two languages.
"""

from __future__ import annotations

from itertools import combinations

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.text import Text

from simsim.experiments.comparison import BASELINE
from simsim.experiments.experiment import Experiment
from simsim.experiments.outlook import outlook, outlook_surplus
from simsim.experiments.results import Results
from simsim.report.figures.catalogue import FIGURES
from simsim.report.figures.sheet import style
from simsim.report.tables.catalogue import TABLES
from simsim.report.view import View
from tests.districts.small_systems import FIRST, imported
from tests.report.chinese import english

EVERY_DAY = ("enrolment", "eight", "map")
"""Figures drawn of a single scenario in the everyday tests; `make test` draws all."""
ALONE = [name if name in EVERY_DAY else pytest.param(name, marks=pytest.mark.slow) for name in sorted(FIGURES)]


@pytest.fixture(scope="module", params=[pytest.param("en", marks=pytest.mark.slow), "zh"])
def view(request, small_experiment):
    """The small experiment, every day in the language whose characters a font may lack."""
    return View.of(small_experiment, request.param)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_every_figure_draws_in_both_languages_without_a_missing_character(view, name):
    if FIGURES[name].nothing(view):
        pytest.skip(FIGURES[name].nothing(view))
    figure = FIGURES[name](view, *(["teacher_gap"] if name == "trend" else []))
    assert figure.get_suptitle()
    said = [text.get_text().replace("\n", "") for text in figure.findobj(Text)]
    assert view.lang == "en" or not english(said), "say it in parameters/words.yaml"


@pytest.mark.slow
@pytest.mark.parametrize("name", ALONE)
def test_a_single_scenario_can_be_drawn_too(small_experiment, name):
    one = Results(
        {
            key: table[table["scenario"] == "baseline"] if "scenario" in table else table
            for key, table in tables(small_experiment)
        }
    )
    view = View.of(one)
    if not FIGURES[name].nothing(view):
        assert FIGURES[name](view, *(["teacher_gap"] if name == "trend" else [])).get_suptitle()


def tables(results):
    return [(name, _plain(results.frame(name))) for name in results.tables]


def _plain(table):
    return table.assign(scenario=table["scenario"].astype(str)) if "scenario" in table else table


def test_the_title_follows_the_data(small_experiment):
    before = FIGURES["enrolment"](View.of(small_experiment)).get_suptitle()
    frames = dict(tables(small_experiment))
    year = frames["district_year"]
    frames["district_year"] = year.assign(value=year["value"].where(year["indicator"] != "seats", 0.0))
    after = FIGURES["enrolment"](View.of(Results(frames, small_experiment.manifest))).get_suptitle()
    assert before != after and "short" in after


@pytest.mark.slow
@pytest.mark.parametrize(("system", "stage"), [("primary-only", "primary"), ("junior-only", "junior")])
def test_everything_can_be_drawn_and_told_of_a_district_with_one_stage(system, stage, tmp_path):
    folder = imported(tmp_path, system)
    scenarios = [BASELINE, "rotation-only"]
    experiment = Experiment(scenarios, seeds=2, to=FIRST + 2, district=folder)
    view = View.of(experiment.run(out=tmp_path / "out", progress=False), focus=scenarios[1])
    assert view.stages == (stage,)
    assert set(outlook(view.results, BASELINE, view.district)["stage"]) == {stage}
    assert set(outlook_surplus(view.results, BASELINE)["stage"]) == {stage}
    for name, figure in FIGURES.items():
        if not figure.nothing(view):
            assert figure(view, *(["teacher_gap"] if name == "trend" else [])).get_suptitle()
    for name, table in TABLES.items():
        if not table.nothing(view):
            assert "nan" not in table(view).lower().split(), name


FAR = 2035
OVER_YEARS = ("trend", "gaps", "eight", "staff", "timeline", "money", "outlook_seats", "outlook_areas")
TOUCHES = 1.5
"""Pixels by which two boxes may run into each other, for what fonts leave round their letters."""


def to_a_far_year(results):
    """Return the results with their last year repeated to FAR, in every table that has years."""
    frames = dict(tables(results))
    for name, frame in frames.items():
        if "year" in frame and len(frame):
            last = frame[frame["year"] == frame["year"].max()]
            more = [last.assign(year=year) for year in range(int(frame["year"].max()) + 1, FAR + 1)]
            frames[name] = pd.concat([frame, *more], ignore_index=True)
    return Results(frames, results.manifest)


def words_on(figure):
    """Return the texts that are seen, by what they may not run into: those of each axis, and all others."""
    with mpl.rc_context(style()):
        figure.canvas.draw()
    axes = [axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]
    ticks = {id(label): place for place, axis in enumerate(axes) for label in axis.get_ticklabels(which="both")}
    shown = {id(tick.label1) for axis in axes if axis.axes.axison for tick in axis._update_ticks()}
    found = {}
    for text in figure.findobj(Text):
        seen = text.get_visible() and text.get_text().strip() and text.get_rotation() % 90 == 0
        if seen and (id(text) not in ticks or id(text) in shown):
            found.setdefault(ticks.get(id(text), "words"), []).append(text)
    return found


@pytest.mark.slow
def test_no_words_run_into_others_in_figures_to_a_far_year(view):
    far, met = View.of(to_a_far_year(view.results), view.lang, focus="plan").alone(), {}
    for name in OVER_YEARS:
        if not FIGURES[name].nothing(far):
            for texts in words_on(FIGURES[name](far, *(["teacher_gap"] if name == "trend" else []))).values():
                boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
                for (one, a), (other, b) in combinations(boxes, 2):
                    over = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
                    met |= {(name, one, other): over} if min(over) > TOUCHES else {}
    assert far.last == FAR and not met
