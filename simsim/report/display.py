"""What results and districts draw of themselves: the reports' own figures, in one call, as Matplotlib Axes.

`simsim/__init__.py` offers every function here under the name of a method, and loads this file when one is called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simsim.district import District
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.indicators import known
from simsim.inputs.numbers import whole
from simsim.report.exhibit import Exhibit
from simsim.report.figures import maps, money, paired, schools
from simsim.report.figures.district import trajectory
from simsim.report.figures.sheet import drawn, figures_by, sheet
from simsim.report.figures.style import legend
from simsim.report.view import ALL, View

HEIGHT = 4.6
COLOUR_BAR = "<colorbar>"
Drawn = Axes | NDArray[np.object_]
"""The Axes of a figure, in an array where there are several."""


def plot(results: Results, indicator: str, stage: str | None = None, lang: str = "en") -> Drawn:
    """Draw an indicator over the years as the reports do, a line a scenario and 5-95 % bands for base and focus: of a
    stage, or of all together, or where that was not recorded one Axes a stage.

    InputError for an indicator, or a stage of it, that the results do not hold.
    """
    known([indicator])
    view = View.of(results, lang)
    there = [s for s in (ALL, *view.stages) if any(len(view.path(name, indicator, s)) for name in view.scenarios)]
    stages = [stage] if stage is not None else [ALL] if ALL in there else there
    if not stages or stages[0] not in there:
        raise InputError(Problem("results", "indicator", indicator, f"was not recorded for the stage {stage!r}"))
    return _shown(lambda: _trajectories(view, indicator, stages))


@drawn
def _trajectories(view: View, indicator: str, stages: Sequence[str]) -> Figure:
    figure, axes = sheet(1, len(stages), HEIGHT)
    for ax, stage in zip(axes[0], stages, strict=True):
        trajectory(ax, view, indicator, stage)
    legend(figure, view)
    return figure


def plot_paired(results: Results, a: str, b: str, indicator: str, lang: str = "en") -> Drawn:
    """Draw scenario `a` minus scenario `b` over the years, run by run, with mean and interval; one Axes a stage.

    InputError for an indicator or a scenario that the results do not hold.
    """
    known([indicator])
    view = View.of(results, lang, focus=a, base=b)
    table = results.paired(a, b, indicator, group=ALL)
    there = set(table["stage"])
    stages = tuple(stage for stage in view.stages if stage in there) or tuple(sorted(there))
    return _shown(lambda: paired.paths(_sober(view, indicator), indicator, stages))


def plot_map(results: Results, year: int | None = None, scenario: str | None = None, lang: str = "en") -> Drawn:
    """Draw the schools of a scenario on the schematic map in a year (the first and the last one by default).

    InputError for a scenario or a year that the results do not hold, and for a district without places.
    """
    view = View.of(results, lang, focus=scenario)
    year = year if year is None or whole(year) is None else int(year)
    if year is not None and (whole(year) is None or year not in view.years):
        raise InputError(Problem("results", "year", year, f"was not run; there are {view.first} to {view.last}"))
    return _exhibit(maps.FIGURES["map"], view, lambda: maps.schools_in(
        _sober(view, "seat_use"), (view.first, view.last) if year is None else (year,)
    ))  # fmt: skip


def plot_flows(results: Results, scenario: str | None = None, lang: str = "en") -> Drawn:
    """Draw who rotated from where to where, in a scenario or in the two that the reports show; one Axes each.
    InputError where no teacher rotates.
    """
    view = View.of(results, lang, focus=scenario)
    names = [one for one in schools.rotating(view) if scenario in (None, one)]
    if not names:
        raise InputError(Problem("results", "plot", scenario, view.say("none.rotation")))
    return _shown(lambda: schools.rotation(view, None if scenario is None else names))


def plot_costs(results: Results, scenario: str | None = None, lang: str = "en") -> Drawn:
    """Draw what scenarios cost, and every measure of one of them. InputError where nothing costs anything."""
    view = View.of(results, lang, focus=scenario)
    return _exhibit(money.FIGURES["costs"], view, lambda: money.costs(view))


def district_map(district: District, lang: str = "en") -> Drawn:
    """Draw the schools of a district on the schematic map, as in the last year that it lived.

    InputError before any year, and for a district without places.
    """
    name = district.spec.name
    tables = {key: frame.assign(scenario=name, replication=1) for key, frame in district.tables().items()}
    entry = {"title": dict(district.spec.title), "resolved": district.spec.to_dict()}
    results = Results(tables, {"scenarios": {name: entry}, "districts": {name: district.data.name}})
    return plot_map(results, district.year - 1, name, lang)


def _sober(view: View, *indicators: str) -> View:
    """Return the view without findings where an indicator rests on filled columns."""
    return view.illustrative if any(view.filled.get(name) for name in indicators) else view


def _exhibit(exhibit: Exhibit[Figure], view: View, make: Callable[[], Figure]) -> Drawn:
    """Draw what a report shows; InputError in the report's words where there is nothing to show."""
    if nothing := exhibit.nothing(view):
        raise InputError(Problem("results", "plot", None, view.say(nothing)))
    return _shown(make)


def _shown(make: Callable[[], Figure]) -> Drawn:
    """Draw a figure that a notebook shows, and return its Axes."""
    with figures_by(pyplot.figure):
        figure = make()
    found = [ax for ax in figure.axes if ax.get_label() != COLOUR_BAR]
    return found[0] if len(found) == 1 else np.array(found, dtype=object)
