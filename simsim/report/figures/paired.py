"""The paired difference of two scenarios over the years: every replication, their mean and 5-95 % interval."""

from __future__ import annotations

from typing import cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim.inputs.indicators import indicators
from simsim.report.figures.district import AXIS_LETTERS, difference_finding
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import FAINT, ZONE, colour, headline, stage_title, years
from simsim.report.view import ALL, View

HEIGHT = 4.2
THIN = 0.7


@drawn
def paths(view: View, indicator: str, stages: tuple[str, ...]) -> Figure:
    """Draw the focus minus the base, a plot a stage; the shade in the middle is too small to matter."""
    gaps = view.results.gaps(view.focus, view.base, indicator)
    table = view.results.paired(view.focus, view.base, indicator, group=ALL)
    figure, axes = sheet(1, len(stages), HEIGHT, sharey=True)
    for ax, stage in zip(axes[0], stages, strict=True):
        mine = cast(pd.DataFrame, gaps.sort_index().xs((indicator, stage, ALL)))
        _draw(ax, view, mine, table[table["stage"] == stage].set_index("year"))
        ax.axhspan(-indicators()[indicator].matters, indicators()[indicator].matters, color=ZONE, lw=0, zorder=0)
        ax.set_title(stage_title(view, stage))
    unit = view.say("difference.from", base=view.title(view.base), unit=view.say.unit(indicator))
    axes[0, 0].set_ylabel(view.say.wrap(unit, AXIS_LETTERS))
    headline(figure, view, difference_finding(view, indicator, stages))
    figure.supxlabel(view.say("paired.key", n=len(gaps.columns)), fontsize=9.5, color=FAINT, x=0.995, ha="right")
    return figure


def _draw(ax: Axes, view: View, gaps: pd.DataFrame, table: pd.DataFrame) -> None:
    ink = colour(view.focus)
    ax.axhline(0, color=FAINT, lw=1)
    ax.plot(gaps.index, gaps.to_numpy(), color=ink, lw=THIN, alpha=0.35)
    ax.fill_between(table.index, table["low"], table["high"], color=ink, alpha=0.16, lw=0)
    ax.plot(table.index, table["mean"], color=ink, lw=2.4)
    years(ax, view)
