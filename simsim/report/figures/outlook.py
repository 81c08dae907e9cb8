"""Figures of the seat warning: children against seats, where seats run out or stand
empty, first-graders to come, surplus teachers.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from simsim.districts.births import VARIANTS
from simsim.experiments.outlook import KNOWN, expected_entrants, outlook_surplus
from simsim.inputs import parameters
from simsim.inputs.indicators import count, sureness
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import (
    FAINT,
    INK,
    PAPER,
    ZONE,
    capital,
    colour,
    from_zero,
    headline,
    legend,
    lines,
    marker,
    stage_title,
    years,
)
from simsim.report.view import ALL, View

USE = LinearSegmentedColormap.from_list("use", ["#2166ac", "#a9cbe3", "#f6f6f6", "#f4b183", "#b2182b"])
LEAST, MOST = 0.5, 1.3
PALE = (0.62, 1.24)


def assumed_from(view: View, stage: str) -> int | None:
    """Return the first year in which some children of a stage are not born yet when
    births were last counted; None when all are.
    """
    table = view.outlook
    later = table.loc[(table["stage"] == stage) & (table["area"] == ALL) & (table["basis"] != KNOWN), "year"]
    return int(later.min()) if len(later) else None


def _shade(ax: Axes, view: View, start: int | None, named: bool = True) -> None:
    """Shade the years that stand on assumed births, and say so once."""
    if start is None:
        return
    ax.axvspan(start - 0.5, view.last + 0.5, color=ZONE, lw=0, zorder=0)
    if named:
        ax.text(
            view.last + 0.4,
            0.02,
            view.say("outlook.assumed"),
            transform=ax.get_xaxis_transform(),
            ha="right",
            va="bottom",
            fontsize=9.5,
            color="#666666",
        )


@drawn
def seats(view: View) -> Figure:
    """Children and their band against the seats of base and focus, stage by stage."""
    figure, axes = sheet(1, len(view.stages), 4.3)
    for ax, stage in zip(axes[0], view.stages, strict=True):
        path = view.path(view.focus, "pupils", stage)
        ax.fill_between(path.index, path["low"], path["high"], color=FAINT, alpha=0.3, lw=0)
        ax.plot(path.index, path["median"], color=INK, lw=2.6, ls=(0, (4, 1.5)), label=view.say("enrolment.pupils"))
        lines(ax, view, "seats", stage, view.pair)
        _few_years(ax, view)
        ax.set_ylim(0, ax.get_ylim()[1] * 1.05)
        _shade(ax, view, assumed_from(view, stage))
        ax.set_title(stage_title(view, stage))
        ax.yaxis.set_major_formatter(lambda value, _: view.say.number(value))
        ax.legend(loc="lower left")
    axes[0, 0].set_ylabel(view.say("enrolment.axis"))
    legend(figure, view, view.pair)
    headline(figure, view, _seats_finding(view))
    return figure


def _few_years(ax: Axes, view: View) -> None:
    """Label every fifth year and the last."""
    ticks = [year for year in view.years if (view.last - year) % 5 == 0]
    ax.set_xticks(ticks, [str(year) for year in ticks])
    ax.set_xlim(view.first - 0.5, view.last + 0.5)


def year_of_peak(path: pd.Series) -> int:
    """Return the first year in which a path is highest."""
    return int(path.index[int(np.nanargmax(path.to_numpy(float)))])


def _seats_finding(view: View) -> str:
    """Say when each stage has most children, and how many seats stand empty in the last year: median over the worlds of
    the difference within a world, its range, and in how many worlds it has that sign.
    """
    parts = []
    for stage in view.stages:
        peak = year_of_peak(view.path(view.focus, "pupils", stage)["median"])
        seats, pupils = (view.by_world(view.focus, name, stage) for name in ("seats", "pupils"))
        spare = seats - pupils
        sign = 1.0 if float(spare.median()) >= 0 else -1.0
        held = spare * sign
        said = view.say(
            "outlook.spare" if sign > 0 else "outlook.missing",
            n=view.say.number(float(held.median())), stage=view.say(f"stage.{stage}"), peak=peak, last=view.last,
        )  # fmt: skip
        ends = view.say.interval(*(view.say.number(float(held.quantile(end))) for end in sureness().interval))
        there = count(int((held >= 0 if sign > 0 else held > 0).sum()), len(held), view.lang)
        parts.append(view.say("enrolment.in_worlds", said=said, range=ends, count=there))
    return view.say("outlook.finding", parts=view.say("join").join(parts), title=view.title(view.focus))


@drawn
def areas(view: View) -> Figure:
    """Children for every 100 seats by area and year: where and when the district
    runs out of seats, and where it empties.
    """
    table = view.outlook
    names = list(dict.fromkeys(table.loc[table["area"] != ALL, "area"])) + [ALL]
    figure, axes = sheet(len(view.stages), 1, 1.3 + len(view.stages) * (0.5 + 0.3 * len(names)))
    for ax, stage in zip(axes[:, 0], view.stages, strict=True):
        mine = table[table["stage"] == stage].set_index(["area", "year"])
        _heat(ax, view, names, mine)
        start = assumed_from(view, stage)
        if start is not None:
            ax.axvline(view.years.index(start) - 0.5, color=INK, lw=1.2, ls=(0, (3, 2)))
        ax.set_title(view.say("outlook.area_title", stage=stage_title(view, stage)))
    headline(figure, view, _areas_finding(view))
    return figure


def _heat(ax: Axes, view: View, names: Sequence[str], mine: pd.DataFrame) -> None:
    use, short, empty = (
        mine[column].unstack("year").reindex(index=list(names), columns=view.years)
        for column in ("use", "p_short", "p_empty")
    )
    norm = TwoSlopeNorm(1.0, LEAST, MOST)
    ax.imshow(
        np.ma.masked_invalid(use.to_numpy(float).clip(LEAST, MOST)),
        cmap=USE,
        norm=norm,
        aspect="auto",
        interpolation="nearest",
    )
    likely, chances = sureness().likely, [table.to_numpy(float) for table in (short, empty)]
    for (row, column), value in np.ndenumerate(use.to_numpy(float)):
        if np.isnan(value):
            continue
        warned = max(chances[0][row, column], chances[1][row, column]) >= likely
        shade = INK if PALE[0] < value < PALE[1] else PAPER
        ax.text(column, row, view.say.number(100 * value), ha="center", va="center", fontsize=8.5, color=shade)
        if warned:
            ax.plot([column - 0.42, column + 0.42], [row + 0.4] * 2, color=shade, lw=1.8, solid_capstyle="butt")
    ax.set_yticks(range(len(names)), [capital(view.area(name)) for name in names], fontsize=9.5)
    ax.set_xticks(
        range(len(view.years)),
        [view.say("outlook.short_year", year=f"{year % 100:02d}") for year in view.years],
        fontsize=9,
    )
    ax.axhline(len(names) - 1.5, color=PAPER, lw=4)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _areas_finding(view: View) -> str:
    found = view.warnings[view.warnings["area"] != ALL]
    counts = {
        kind: found.loc[found["kind"] == kind, ["stage", "area"]].drop_duplicates().shape[0]
        for kind in ("short", "empty")
    }
    every = view.outlook.loc[view.outlook["area"] != ALL, ["stage", "area"]].drop_duplicates().shape[0]
    return view.say("outlook.areas_finding", title=view.title(view.focus), all=every, **counts)


@drawn
def entrants(view: View) -> Figure:
    """First-graders to be expected from births alone: known, then assumed in
    three variants; beside them those simulated.
    """
    span = range(view.first, view.last + 1)
    figure, axes = sheet(1, 1, 3.5)
    ax = axes[0, 0]
    paths = {name: expected_entrants(view.district, span, name).groupby("year")["entrants"].sum() for name in VARIANTS}
    low, high = (pd.concat(paths, axis=1).agg(how, axis=1) for how in ("min", "max"))
    ax.fill_between(low.index, low, high, color=colour(view.focus), alpha=0.2, lw=0)
    ax.plot(low.index, paths["flat"], color=colour(view.focus), lw=2.2, label=view.say("outlook.from_births"))
    path = view.path(view.focus, "entrants", view.stages[0])
    path = path[path.index > view.first]  # nobody enters in the state before the first year
    ax.plot(path.index, path["median"], color=INK, lw=2, ls=(0, (4, 1.5)), label=view.say("outlook.simulated"))
    _few_years(ax, view)
    from_zero(ax)
    _shade(ax, view, assumed_from(view, view.stages[0]))
    ax.set_ylabel(view.say("outlook.entrants_axis"))
    ax.grid(axis="y")
    ax.yaxis.set_major_formatter(lambda value, _: view.say.number(value))
    ax.legend(loc="lower left")
    headline(figure, view, _entrants_finding(view, paths["flat"]))
    return figure


def _entrants_finding(view: View, path: pd.Series) -> str:
    factor = parameters.load()["births_to_entry_urban"].value
    peak = year_of_peak(path)
    values = {
        "peak": peak,
        "most": view.say.number(path.max()),
        "last": view.last,
        "least": view.say.number(path.loc[view.last]),
    }
    return view.say("outlook.entrants_finding", factor=view.say.number(factor, 2), **values)


@drawn
def teachers_beyond(view: View) -> Figure:
    """Teachers beyond those that the pupils would have at the ratio of the year with most pupils."""
    figure, axes = sheet(1, len(view.stages), 3.6)
    tables = {name: outlook_surplus(view.results, name) for name in view.pair}
    for ax, stage in zip(axes[0], view.stages, strict=True):
        for name, table in tables.items():
            mine = table[table["stage"] == stage].set_index("year")
            ax.fill_between(mine.index, mine["low"], mine["high"], color=colour(name), alpha=0.16, lw=0)
            ax.plot(
                mine.index, mine["surplus"], color=colour(name), lw=2.2, marker=marker(name), ms=4.5, mec=PAPER, mew=0.5
            )
        peak = int(tables[view.focus].query("stage == @stage")["peak"].iloc[0])
        ax.axvline(peak, color=INK, lw=1, ls=(0, (3, 2)))
        ax.text(
            peak + 0.3,
            0.97,
            view.say("outlook.peak", year=peak),
            transform=ax.get_xaxis_transform(),
            va="top",
            fontsize=10,
        )
        years(ax, view)
        _few_years(ax, view)
        from_zero(ax)
        _shade(ax, view, assumed_from(view, stage), named=False)
        ax.set_title(stage_title(view, stage))
        ax.yaxis.set_major_locator(mpl.ticker.MaxNLocator(5))
    axes[0, 0].set_ylabel(view.say.wrap(view.say("outlook.surplus_axis"), 30))
    legend(figure, view, view.pair)
    headline(figure, view, _surplus_finding(view, tables[view.focus]))
    return figure


def _surplus_finding(view: View, table: pd.DataFrame) -> str:
    mine = table[table["year"] == view.last].set_index("stage")
    parts = [
        view.say("outlook.surplus_part", stage=view.say(f"stage.{s}"), n=view.say.number(mine["surplus"][s]),
                 low=view.say.number(mine["low"][s]), high=view.say.number(mine["high"][s])) for s in view.stages
    ]  # fmt: skip
    return view.say(
        "outlook.surplus_finding", year=view.last, parts=view.say("join").join(parts), title=view.title(view.focus)
    )


FIGURES = {
    "outlook_seats": Exhibit(seats, data=lambda view: view.outlook),
    "outlook_areas": Exhibit(areas, data=lambda view: view.outlook),
    "outlook_entrants": Exhibit(entrants, data=lambda view: view.outlook),
    "outlook_surplus": Exhibit(teachers_beyond),
}
