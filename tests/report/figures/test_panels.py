"""Panels: what each shows, and what is left out."""

from __future__ import annotations

import pytest

from simsim.experiments.results import Results
from simsim.report.figures import panels as figures_panels
from simsim.report.figures.catalogue import FIGURES
from simsim.report.view import View


def tables(results):
    return [(name, _plain(results.frame(name))) for name in results.tables]


def _plain(table):
    return table.assign(scenario=table["scenario"].astype(str)) if "scenario" in table else table


def test_a_panel_of_which_nothing_was_recorded_is_left_out(small_experiment):
    frames = dict(tables(small_experiment))
    year = frames["district_year"]
    frames["district_year"] = year[~year["indicator"].astype(str).str.startswith(("aided", "disabled"))]
    view = View.of(Results(frames, small_experiment.manifest))
    assert not figures_panels.shown(view, figures_panels.THEMES["care"])
    assert FIGURES["care"].nothing(view) == "none.panels"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(figures_panels.THEMES))
def test_every_panel_shows_an_indicator_that_the_district_records(small_experiment, name):
    view = View.of(small_experiment)
    for panel in (panel for row in figures_panels.THEMES[name].rows for panel in row):
        assert len(view.path("plan", panel.indicator, panel.stage, panel.group)), panel


def test_panels_of_one_row_that_share_an_axis_clip_nothing(small_experiment):
    figure = FIGURES["development"](View.of(small_experiment))
    for ax in figure.axes:
        tops = [line.get_ydata().max() for line in ax.lines if len(line.get_ydata()) > 2]
        assert not tops or max(tops) <= ax.get_ylim()[1]
