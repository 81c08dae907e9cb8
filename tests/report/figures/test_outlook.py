"""The outlook: which years rest on assumed births."""

from __future__ import annotations

from simsim.experiments.results import Results
from simsim.report.figures import outlook as figures_outlook
from simsim.report.view import View


def tables(results):
    return [(name, _plain(results.frame(name))) for name in results.tables]


def _plain(table):
    return table.assign(scenario=table["scenario"].astype(str)) if "scenario" in table else table


def test_years_that_rest_on_assumed_births_begin_six_years_after_the_last_that_were_counted(small_experiment):
    view = View.of(small_experiment)
    assert figures_outlook.assumed_from(view, "primary") is None
    frames = dict(tables(small_experiment))
    later = {
        name: frames[name].assign(year=frames[name]["year"] + 16)
        for name in ("neighbourhood_year", "school_year", "schools")
    }
    view = View.of(Results(frames | later, small_experiment.manifest))
    assert figures_outlook.assumed_from(view, "primary") == int(view.district.births["year"].max()) + 7
