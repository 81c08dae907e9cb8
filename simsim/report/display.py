"""How results show themselves in a notebook: `HTML` by class, and the plots that results offer.

`simsim/__init__.py` names both to IPython and to the classes below, and loads this file when one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.indicators import known
from simsim.report.figures.district import trajectory
from simsim.report.figures.style import DPI, WIDTH, legend, style
from simsim.report.markup import joined, table, tag
from simsim.report.view import ALL, View
from simsim.report.words import Words

HEIGHT = 4.6


def results_html(results: Results) -> str:
    """Return what an experiment ran as a table: scenarios with replications and years."""
    say = Words("en")
    headings = [say("scenario"), say("provenance.seeds"), say("provenance.years")]
    rows = [
        [tag("code", row["scenario"]), row["replications"], f"{row['first_year']}–{row['last_year']}"]
        for row in results.summary().to_dict("records")
    ]
    return joined([tag("p", f"Results {results.manifest.get('name', '')}".rstrip()), table(headings, rows)])


def plot(results: Results, indicator: str, stage: str = ALL, lang: str = "en") -> Axes:
    """Draw an indicator over the years as the reports do, a line a scenario and 5-95 % bands for base and focus.

    InputError for an indicator, or a stage of it, that the results do not hold.
    """
    known([indicator])
    view = View.of(results, lang)
    if not any(len(view.path(name, indicator, stage)) for name in view.scenarios):
        raise InputError(Problem("results", "indicator", indicator, f"was not recorded for the stage {stage!r}"))
    with mpl.rc_context(style()):
        figure = pyplot.figure(figsize=(WIDTH, HEIGHT), dpi=DPI, layout="constrained")
        ax = figure.subplots()
        trajectory(ax, view, indicator, stage)
        legend(figure, view)
        figure.canvas.draw()
    return ax


HTML: Mapping[str, Callable[[Results], str]] = MappingProxyType({"simsim.experiments.results.Results": results_html})
PLOTS: Mapping[str, Callable[..., Axes]] = MappingProxyType({"Results.plot": plot})
