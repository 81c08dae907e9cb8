"""Figures of the explorer, as PNG: the path and its paired differences run by run, the map, who gains and loses."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import numpy as np
import pandas as pd
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from simsim.explorer.sentences import gains, schools_said
from simsim.explorer.state import EXPLORED, NEW_SCHOOL, Explorer
from simsim.inputs.indicators import indicators
from simsim.report.figures.district import trajectory
from simsim.report.figures.maps import AREA_OF_A_PUPIL, CLASSES, FIGURES, FILLS, cells, hull_of
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import (
    FAINT,
    INK,
    PAPER,
    ZONE,
    colour,
    headline,
    legend,
    marker,
    ranges,
    stage_title,
    stamp,
    symmetric,
    years,
    zone,
)
from simsim.report.view import ALL, View

DOTS = 100
"""Dots an inch: a figure of the explorer is 900 wide."""
ROW = 0.34
RING = 110.0
MAP = FIGURES["map"]


def png(figure: Figure) -> bytes:
    """Return a figure as the bytes of an image."""
    file = BytesIO()
    figure.set_dpi(DOTS)
    FigureCanvasAgg(figure).print_png(file)  # type: ignore[no-untyped-call]
    return file.getvalue()


@drawn
def paths(state: Explorer, view: View) -> Figure:
    """The indicator over the years with its bands, and its paired difference in every world."""
    figure, axes = sheet(1, 2 if view.others else 1, 3.9, width_ratios=[1, 1][: 2 if view.others else 1])
    trajectory(axes[0, 0], view, state.indicator, state.stage)
    axes[0, 0].axvline(state.year, color=FAINT, lw=0.8, ls=":")
    if view.others:
        _runs(axes[0, 1], state, view)
    legend(figure, view)
    stamp(figure, view.say("synthetic.stamp"))
    return figure


def _runs(ax: Axes, state: Explorer, view: View) -> None:
    """Draw the difference of the current scenario from its reference: a thin line a world, and the mean."""
    gaps = view.results.gaps(EXPLORED, view.base, state.indicator).xs((state.stage, ALL), level=("stage", "group"))
    table = cast(pd.DataFrame, gaps).droplevel("indicator")
    limit = indicators()[state.indicator].matters
    ax.axhspan(-limit, limit, color=ZONE, lw=0, zorder=0)
    ax.axhline(0, color=FAINT, lw=1)
    ax.plot(table.index, table.to_numpy(), color=colour(EXPLORED), lw=0.9, alpha=0.45)
    mean = table.mean(axis=1)
    ax.plot(mean.index, mean, color=colour(EXPLORED), lw=2.4, marker=marker(EXPLORED), ms=5.5, mec=PAPER, mew=0.6)
    years(ax, view)
    words = {"base": view.title(view.base), "n": table.shape[1]}
    ax.set_title(view.say.wrap(view.say("explore.runs", **words), 46), fontsize=11)
    ax.set_ylabel(view.say("difference.axis", unit=view.say.unit(state.indicator)))


@drawn
def place(state: Explorer, view: View) -> Figure:
    """The schools of the stage in the year looked at: size by pupils, colour by pupils per seat; a new one ringed.
    Where nobody said where schools stand, or none of the stage is open then, it says so.
    """
    if (nothing := MAP.nothing(view)) or state.schools(state.current).empty:
        return _words(view.say(nothing or "explore.nothing", title=view.title(EXPLORED), base=view.title(view.base)))
    figure, axes = sheet(1, 1, 5.6)
    ax, hull, table = axes[0, 0], hull_of(view), state.schools(state.current)
    norm = BoundaryNorm(CLASSES, len(FILLS), extend="max")
    palette = LinearSegmentedColormap.from_list("seat use", FILLS, N=len(FILLS))
    at = table[["x_km", "y_km"]].to_numpy(float)
    spread = len(table) > 1 and bool(np.ptp(at, axis=0).any())
    for polygon, use in zip(cells(at, hull) if spread else (), table["seat_use"], strict=False):
        ax.add_patch(Polygon(polygon, closed=True, facecolor=palette(norm(use)), edgecolor=PAPER, lw=1.2, alpha=0.55))
    ax.add_patch(Polygon(hull, closed=True, fill=False, edgecolor=FAINT, lw=1))
    dots = ax.scatter(
        at[:, 0], at[:, 1], s=AREA_OF_A_PUPIL * table["pupils"], c=table["seat_use"], cmap=palette, norm=norm,
        edgecolor=INK, lw=0.7, zorder=3,
    )  # fmt: skip
    _new_school(ax, state, view)
    bar = figure.colorbar(dots, ax=ax, location="right", shrink=0.7, extend="max")
    bar.set_label(view.say("map.colour"))
    bar.ax.yaxis.set_major_formatter(ticker.FuncFormatter(lambda value, _: view.say.number(value, 2)))
    ax.set_aspect("equal")
    ax.set_axis_off()
    ax.set_title(view.say("map.title", stage=stage_title(view, state.stage), year=state.year))
    ax.text(hull[:, 0].min(), hull[:, 1].min() - 0.9, view.say("map.mark"), fontsize=9.5, color=FAINT)
    stamp(figure, view.say("synthetic.stamp"))
    return figure


def _words(text: str) -> Figure:
    """Return a figure that says in words why there is nothing to see."""
    figure, axes = sheet(1, 1, 1.0)
    axes[0, 0].set_axis_off()
    axes[0, 0].text(0.0, 0.5, text, fontsize=12, color=INK)
    return figure


def _new_school(ax: Axes, state: Explorer, view: View) -> None:
    """Ring the place of the new school, whether it is open yet or not."""
    settings = (state.changes.get(NEW_SCHOOL) or {}).get("settings", {})
    if "x_km" in settings:
        ax.scatter(
            [settings["x_km"]], [settings["y_km"]], s=RING, facecolor="none", edgecolor=INK, lw=1.6, ls=":", zorder=4
        )
        ax.annotate(
            view.say("explore.school"), (settings["x_km"], settings["y_km"]), xytext=(9, 8), textcoords="offset points",
            fontsize=9.5, zorder=5,
        )  # fmt: skip


@drawn
def groups(state: Explorer, view: View) -> Figure:
    """Who gains and who loses: the mean score of groups of pupils against the reference, a plot a stage."""
    table = gains(state, view)
    figure, axes = sheet(1, len(view.stages), 1.9 + ROW * len(table) / max(len(view.stages), 1), sharex=True)
    for ax, stage in zip(axes[0], view.stages, strict=True):
        mine = table[table["stage"] == stage].reset_index(drop=True)
        _bars(ax, view, mine)
        ax.set_title(stage_title(view, stage))
        ax.set_xlabel(view.say("difference.axis", unit=view.say.unit("score")))
        ax.tick_params(labelleft=ax is axes[0, 0])
    headline(figure, view, schools_said(state, view))
    return figure


def _bars(ax: Axes, view: View, table: pd.DataFrame) -> None:
    positions = np.arange(len(table), dtype=float)
    ax.set_yticks(positions, [view.say(f"explore.group.{name}") for name in table["group"]], fontsize=10)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    zone(ax, "score")
    ranges(ax, table, positions, [EXPLORED] * len(table))
    symmetric(ax)
