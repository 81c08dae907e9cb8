"""Figures of one scenario in depth: when its measures act, and how its staff comes and goes."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim.report.exhibit import Exhibit
from simsim.report.figures.money import dates_finding, measure_label, milestones, promised
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import (
    FAINT,
    INK,
    MOST_YEARS,
    PAPER,
    colour,
    headline,
    legend,
    lines,
    stage_title,
    years,
)
from simsim.report.view import ALL, View
from simsim.report.words import PER_TEACHER

MONTHS = 12
FLOWS = {"hires": "#0072b2", "retirements": "#d55e00", "exits": "#e69f00"}


def _year_of(month: str) -> float:
    """Return a month such as 2015-09 or 2015-09-01 as a number of years."""
    year, rest = str(month)[:4], str(month)[5:7]
    return int(year) + (int(rest or 1) - 1) / MONTHS


def instances(view: View) -> dict[str, tuple[float, float]]:
    """Return when each policy instance of the focus starts and ends."""
    resolved = view.results.manifest.get("scenarios", {}).get(view.focus, {}).get("resolved", {})
    found = {}
    for name, entry in (resolved.get("policies") or {}).items():
        end = entry.get("to")
        found[name] = (_year_of(entry.get("from") or f"{view.first}-09"), _year_of(end) if end else view.last + 1.0)
    return dict(sorted(found.items(), key=lambda item: (item[1][0], item[0])))


def no_measures(view: View) -> str:
    """Return the words for a focus without measures."""
    return "" if instances(view) else "none.measures"


@drawn
def timeline(view: View) -> Figure:
    """When each measure acts, and the month in which its milestones are usually done."""
    spans = instances(view)
    done = milestones(view, view.focus)
    figure, axes = sheet(1, 1, 1.4 + 0.3 * max(len(spans), 1))
    ax = axes[0, 0]
    for row, (name, (start, end)) in enumerate(spans.items()):
        ax.barh(row, min(end, view.last + 1) - start, left=start, height=0.55, color=colour(view.focus), alpha=0.35)
        mine = done[done["measure"] == name]
        _marks(ax, [_year_of(due) for due in mine["due"]], row, filled=False)
        _marks(ax, [_year_of(month) for month in mine["done"] if month], row, filled=True)
    ax.set_yticks(range(len(spans)), [measure_label(view, name) for name in spans], fontsize=10)
    ax.set_ylim(len(spans) - 0.4, -0.6)
    ax.set_xlim(view.first + 0.5, view.last + 1)
    step = -(-(view.last - view.first) // (2 * MOST_YEARS))
    ax.set_xticks(range(view.last, view.first, -step))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    handles = [mpl.lines.Line2D([], [], ls="", marker="D", color=INK, mfc=face, ms=6) for face in (PAPER, INK)]
    figure.legend(handles, [view.say("timeline.due"), view.say("timeline.done")], loc="outside lower left", ncols=2)
    headline(figure, view, _timeline_finding(view, spans))
    return figure


def _timeline_finding(view: View, spans: Mapping[str, tuple[float, float]]) -> str:
    """Say how many dates are kept; where nothing is dated, how many measures begin before the middle year."""
    dated = promised(view, view.focus)
    if len(dated):
        return dates_finding(view, dated)
    started = sum(start < view.middle for start, _ in spans.values())
    return view.say("timeline.finding", n=len(spans), started=started, year=view.middle, title=view.title(view.focus))


def _marks(ax: Axes, at: list[float], row: int, filled: bool) -> None:
    ax.plot(
        at,
        [row + (0.12 if filled else -0.12)] * len(at),
        ls="",
        marker="D",
        color=INK,
        mfc=INK if filled else PAPER,
        ms=5,
        zorder=3,
    )


@drawn
def staff(view: View) -> Figure:
    """Teachers by stage in base and focus, and who comes and goes in the focus."""
    figure, axes = sheet(1, len(view.stages) + 1, 3.7, width_ratios=[1] * len(view.stages) + [1.2])
    for ax, stage in zip(axes[0], view.stages, strict=False):
        lines(ax, view, "teachers", stage, view.pair, few=True)
        ax.set_title(view.say("staff.teachers", stage=stage_title(view, stage)))
        ax.yaxis.set_major_formatter(lambda value, _: view.say.number(value))
    _flows(axes[0, -1], view)
    legend(figure, view, view.pair)
    headline(figure, view, _staff_finding(view))
    return figure


def _flows(ax: Axes, view: View) -> None:
    """Draw hires above zero, those who leave below."""
    tables = {
        name: view.path(view.focus, name, ALL)["median"] for name in FLOWS if len(view.path(view.focus, name, ALL))
    }
    below = np.zeros(len(view.years))
    for name, path in tables.items():
        value = path.reindex(view.years).fillna(0.0).to_numpy()
        leaving = name != "hires"
        ax.bar(
            view.years,
            -value if leaving else value,
            bottom=-below if leaving else 0,
            color=FLOWS[name],
            label=view.say(f"staff.{name}"),
            width=0.75,
        )
        below = below + value if leaving else below
    ax.axhline(0, color=FAINT, lw=1)
    years(ax, view, few=True)
    ax.set_xlim(view.first - 0.6, view.last + 0.6)
    ax.yaxis.set_major_formatter(lambda value, _: view.say.number(abs(value)))
    ax.set_title(view.say("staff.flows"))
    ax.legend(fontsize=9.5, loc="upper left", ncols=3, columnspacing=0.8, handlelength=1.0)
    ax.set_ylim(ax.get_ylim()[0], ax.get_ylim()[1] * 1.25)


def _staff_finding(view: View) -> str:
    first, last = (
        view.level(view.focus, "pupils_per_teacher", ALL, year)["median"] for year in (view.first, view.last)
    )
    level = view.level(view.focus, "teachers", ALL)
    values = {"teachers": view.say.number(level["median"]), "title": view.title(view.focus)}
    values["range"] = view.say.interval(*(view.say.number(level[end]) for end in ("low", "high")))
    values |= {name: view.say.value(ratio, PER_TEACHER) for name, ratio in (("first", first), ("last", last))}
    return view.say("staff.finding", year_first=view.first, year=view.last, **values)


FIGURES = {"timeline": Exhibit(timeline, no_measures), "staff": Exhibit(staff)}
