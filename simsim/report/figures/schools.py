"""Figures of single schools: how crowded each is, whom it lost or took, and who rotated from where to where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim.experiments.decision import spread
from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.report.exhibit import Exhibit
from simsim.report.figures.district import difference_part
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import FAINT, INK, PAPER, colour, headline, legend, marker, stage_title, stamp
from simsim.report.view import ALL, View

FULL, CROWDED = 1.0, "crowded_schools"
SCHOOL_ROW = 0.19
NAME_LETTERS = 30
MOVES, DARK = "Blues", 0.5
"""Colours of a matrix of moves; above this share of its largest number words are written in white."""


@drawn
def crowding(view: View) -> Figure:
    """Pupils per seat and displaced pupils of every school in the last year, in base and focus."""
    tables = {stage: _school_order(view, stage) for stage in view.stages}
    heights = [len(keys) for keys in tables.values()]
    figure, axes = sheet(
        len(heights), 2, 1.7 + SCHOOL_ROW * sum(heights), height_ratios=heights, width_ratios=[1.35, 1]
    )
    for row, (stage, keys) in zip(axes, tables.items(), strict=True):
        for ax, indicator in zip(row, ("seat_use", "displaced"), strict=True):
            _dumbbells(ax, view, stage, indicator, keys)
        row[0].axvline(FULL, color=FAINT, lw=1)
        row[0].set_ylabel(stage_title(view, stage))
        row[1].tick_params(labelleft=False)
    axes[0, 0].set_title(view.say("crowding.use", year=view.last))
    axes[0, 1].set_title(view.say("crowding.displaced", year=view.last))
    stamp(figure, view.say("synthetic.stamp"))
    legend(figure, view, view.pair)
    headline(figure, view, _crowding_finding(view))
    return figure


def _school_order(view: View, stage: str) -> list[int]:
    """Return the schools of a stage by how crowded they are in the base, the fullest first; new ones last."""
    base = view.by_school(view.base, "seat_use", stage)["median"].sort_values(ascending=False)
    focus = view.by_school(view.focus, "seat_use", stage).index
    return [*base.index, *(key for key in focus if key not in base.index)]


def _dumbbells(ax: Axes, view: View, stage: str, indicator: str, keys: list[int]) -> None:
    names = view.names()
    positions = np.arange(len(keys))
    tables = {name: view.by_school(name, indicator, stage).reindex(keys) for name in view.pair}
    if len(tables) > 1:
        ends = pd.concat([table["median"] for table in tables.values()], axis=1)
        ax.hlines(positions, ends.min(axis=1), ends.max(axis=1), color="#c9c9c9", lw=1.4, zorder=1)
    for (name, table), shift in zip(tables.items(), (-0.13, 0.13), strict=False):
        ax.hlines(positions + shift, table["low"], table["high"], color=colour(name), lw=1.8, alpha=0.4)
        ax.plot(
            table["median"],
            positions + shift,
            ls="",
            marker=marker(name),
            color=colour(name),
            ms=5.5,
            mec=PAPER,
            mew=0.5,
        )
    ax.set_yticks(positions, [_short(str(names[key]), NAME_LETTERS) for key in keys], fontsize=9.5)
    ax.set_ylim(len(keys) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="both")


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else name[: letters - 1] + "…"


def _crowding_finding(view: View) -> str:
    """Say how many schools have more pupils than seats, counted in each world: base, focus, and the difference."""
    parts = []
    for name in view.pair:
        median, low, high = spread(over_capacity(view, name, view.last))
        ends = view.say.interval(*map(view.say.number, (low, high)))
        parts.append(view.say("crowding.part", title=view.title(name), n=view.say.number(median), range=ends))
    if view.focus != view.base:
        ours, theirs = (over_capacity(view, name, view.last) for name in (view.focus, view.base))
        row = view.judged(ours, theirs, CROWDED)
        parts.append(difference_part(view, view.say("crowding.difference"), row, CROWDED))
    return view.say("crowding.finding", year=view.last, parts=view.say("join").join(parts))


def over_capacity(view: View, scenario: str, year: int) -> pd.Series:
    """Return how many schools (a school of two stages counts in each) have more pupils than seats, by replication."""
    of = {"scenario": [scenario], "indicator": [CROWDED], "group": [ALL]}
    frame = view.results.rows_if_any("district_year", {**of, "year": [year], "stage": list(view.stages)})
    return frame.groupby("replication")["value"].sum()


# ---- rotation ----

ROTATION = "rotation"


def rotating(view: View) -> list[str]:
    """Return the scenarios in which teachers rotate."""
    there = set(_rotations(view.results)["scenario"])
    return [name for name in view.scenarios if name in there]


@once
def _rotations(results: Results) -> pd.DataFrame:
    """Return how often teachers rotated from school to school, in all worlds together: a row a scenario, year and
    way (`moves`).
    """
    table = results.frame("teacher_moves")
    ways = table[table["reason"] == ROTATION].groupby(["scenario", "year", "origin", "destination"], observed=True)
    return ways.size().rename("moves").reset_index().astype({"scenario": str})


def no_rotation(view: View) -> str:
    """Return the words for a view in which no teacher rotates."""
    return "" if rotating(view) else "none.rotation"


def flows(view: View, scenario: str) -> pd.DataFrame:
    """Return rotations a year from group of schools (rows) to group (columns):
    clusters, and town or country outside them.
    """
    moves = _rotations(view.results)
    mine = moves[moves["scenario"] == scenario]
    groups = school_groups(view, scenario)
    runs = len(view.results.replications(scenario))
    years = len([year for year in view.years if year > view.first])
    ends = [
        pd.Series(groups.reindex(pd.MultiIndex.from_arrays([mine["year"], mine[end]])).to_numpy())
        for end in ("origin", "destination")
    ]
    counts = mine["moves"].reset_index(drop=True).groupby(ends).sum()
    table = counts.unstack(fill_value=0) / (runs * max(years, 1))
    outside = [view.say("flows.urban"), view.say("flows.rural")]
    there = table.index.union(table.columns)
    order = [name for name in [*sorted(set(there) - set(outside)), *outside] if name in there]
    return table.reindex(index=order, columns=order, fill_value=0.0)


def school_groups(view: View, scenario: str) -> pd.Series:
    """Return each school's group by year and key: its cluster, else town or country."""
    table = view.schools.loc[scenario]
    outside = np.where(table["urban"].astype(bool), view.say("flows.urban"), view.say("flows.rural"))
    cluster = table["cluster"].fillna("").astype(str)
    words = cluster.map(view.translated(scenario))
    return pd.Series(np.where(cluster == "", outside, words), index=table.index)


def mapped(view: View) -> dict[str, pd.DataFrame]:
    """Return the moves of the scenarios that are drawn: the focus (or the first), and the one that least stays inside
    its own groups; what the others move differs in size more than in ways, and stands in table and data.
    """
    tables = {name: flows(view, name) for name in rotating(view)}
    first = view.focus if view.focus in tables else next(iter(tables))
    rest = [name for name in tables if name != first]
    return {name: tables[name] for name in (first, *sorted(rest, key=lambda name: _inside(tables[name]))[:1])}


def _inside(table: pd.DataFrame) -> float:
    """Return the share of moves that stay inside a group of schools, 1 where there is none."""
    total = float(table.to_numpy().sum())
    return float(np.trace(table.to_numpy())) / total if total else 1.0


@drawn
def rotation(view: View, scenarios: Sequence[str] | None = None) -> Figure:
    """Who rotated from where to where: moves a year between groups of schools, in the scenarios of `mapped` or in those
    named.
    """
    tables = mapped(view) if scenarios is None else {name: flows(view, name) for name in scenarios}
    names = list(tables)
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    size = max(len(table) for table in tables.values())
    figure, axes = sheet(rows, columns, 0.8 + rows * (1.7 + 0.24 * size))
    for ax, (name, table) in zip(axes.flat, tables.items(), strict=False):
        _matrix(ax, view, table)
        ax.set_title(view.say.wrap(view.title(name), 32), fontsize=11.5, color=colour(name))
    for ax in axes.flat[len(names) :]:
        ax.set_axis_off()
    for row in axes:
        row[0].set_ylabel(view.say("flows.from"))
    headline(figure, view, _flows_finding(view, tables))
    return figure


def _matrix(ax: Axes, view: View, table: pd.DataFrame) -> None:
    labels = [_short(str(name), NAME_LETTERS) for name in table.index]
    shown = table.map(lambda value: view.say.number(value, 1) if value >= 0.05 else "")
    values = table.to_numpy(float)
    ax.pcolormesh(values, cmap=MOVES, vmin=0, vmax=max(values.max(initial=0.0), 1e-9), edgecolors=PAPER, linewidth=1.5)
    for (row, column), words in np.ndenumerate(shown.to_numpy()):
        ink = PAPER if values[row, column] > DARK * values.max() else INK
        ax.text(column + 0.5, row + 0.5, words, color=ink, fontsize=10.5, ha="center", va="center")
    ax.invert_yaxis()
    ax.tick_params(length=0, labelsize=9.5)
    for spine in ax.spines.values():
        spine.set_visible(False)
    middles = np.arange(len(labels)) + 0.5
    ax.set_yticks(middles, labels)
    ax.set_xticks(middles, labels, rotation=30, ha="right", rotation_mode="anchor")
    ax.set_xlabel(view.say("flows.to"))
    ax.set_ylabel("")


def _flows_finding(view: View, tables: dict[str, pd.DataFrame]) -> str:
    name = next(iter(tables))
    table = tables[name]
    total = float(table.to_numpy().sum())
    share = view.say.percent(_inside(table) if total else np.nan)
    return view.say("flows.finding", title=view.title(name), n=view.say.number(total, 0), share=share)


def rotation_data(view: View) -> pd.DataFrame:
    """Return the moves a year of every scenario that rotates: a row a scenario and way."""
    rows = [
        (name, str(origin), str(destination), float(table.loc[origin, destination]))
        for name in rotating(view)
        for table in [flows(view, name)]
        for origin in table.index
        for destination in table.columns
    ]
    ways = pd.DataFrame(rows, columns=["scenario", "origin", "destination", "moves"])
    return ways[ways["moves"] > 0].reset_index(drop=True)


FIGURES = {"crowding": Exhibit(crowding), "rotation": Exhibit(rotation, no_rotation, rotation_data)}
