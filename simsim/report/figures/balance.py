"""Figures of the official indicators: the composite of the 2012 method against its
lines, its eight parts, and the 2017 method.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim.inputs.indicators import count
from simsim.inputs.standards import Standard, load_standard
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import (
    ALARM,
    FAINT,
    colour,
    differences,
    from_zero,
    headline,
    legend,
    lines,
    marker,
    name_differences,
    stage_title,
)
from simsim.report.view import View

EIGHT = ("teaching_area", "sports_area", "equipment", "computers", "books", "teachers", "overqualified", "midtitle")
SEVEN = ("overqualified", "backbone", "pe_arts", "teaching_area", "sports_area", "equipment", "multimedia")


def line_of(standard: Standard, stage: str) -> float:
    """Return the highest coefficient of variation that a standard allows in a stage."""
    return float(getattr(standard.cv, stage))


def _limit(ax: Axes, view: View, standard: str, stage: str) -> float:
    """Draw a standard's line and write its value beside it."""
    limit = line_of(load_standard(standard), stage)
    ax.axhline(limit, color=ALARM, lw=1.5, ls=(0, (6, 2)))
    words = view.say("balance.line", value=view.say.number(limit, 2))
    ax.annotate(
        words,
        (view.last + 0.25, limit),
        xytext=(0, 3),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=ALARM,
        fontsize=10,
    )
    return limit


@drawn
def composite(view: View) -> Figure:
    """The composite CV by stage, scenario and year against its line, and the paired differences."""
    columns = 2 if view.others else 1
    figure, axes = sheet(
        len(view.stages),
        columns,
        1.5 + len(view.stages) * max(2.4, 0.8 + 0.22 * len(view.others)),
        width_ratios=[1, 1.25][:columns],
    )
    for row, stage in zip(axes, view.stages, strict=True):
        lines(row[0], view, "cv_composite", stage)
        limit = _limit(row[0], view, "basic-2012", stage)
        row[0].set_ylim(0, limit * 1.15)
        row[0].set_title(stage_title(view, stage))
        row[0].set_ylabel(view.say.wrap(view.say.axis("cv_composite"), 32))
        if view.others:
            differences(row[1], view, "cv_composite", stage)
    if view.others:
        name_differences(axes[:, 1], view, "cv_composite")
    else:
        legend(figure, view)
    headline(figure, view, _composite_finding(view))
    return figure


def _composite_finding(view: View) -> str:
    parts = []
    for stage in view.stages:
        value, limit = (
            view.level(view.focus, "cv_composite", stage)["median"],
            line_of(load_standard("basic-2012"), stage),
        )
        key = "balance.inside" if value <= limit else "balance.outside"
        values = view.by_world(view.focus, "cv_composite", stage)
        there = count(int(((values <= limit) == (value <= limit)).sum()), len(values), view.lang)
        numbers = {"value": view.say.number(value, 3), "line": view.say.number(limit, 2), "count": there}
        parts.append(view.say(key, stage=view.say(f"stage.{stage}"), **numbers))
    return view.say("balance.finding", year=view.last, title=view.title(view.focus), parts=view.say("join").join(parts))


@drawn
def eight(view: View) -> Figure:
    """The eight CVs of the 2012 method: no line of their own; only their mean is judged."""
    figure, axes = sheet(2 * len(view.stages), 4, 0.6 + 3.5 * len(view.stages), sharex=True)
    for row, stage in enumerate(view.stages):
        for number, name in enumerate(EIGHT):
            ax = axes[2 * row + number // 4, number % 4]
            lines(ax, view, f"cv_{name}", stage, view.pair, few=True)
            ax.set_title(view.say.wrap(view.say(f"input.{name}"), 21), fontsize=10.5)
            from_zero(ax)
        for lower in (0, 1):
            axes[2 * row + lower, 0].set_ylabel(view.say("balance.stage_cv", stage=view.say(f"stage.{stage}")))
    legend(figure, view, view.pair)
    headline(figure, view, _eight_finding(view))
    return figure


def _eight_finding(view: View) -> str:
    """Name the input on which schools differ most in each stage."""
    parts = []
    for stage in view.stages:
        values = {name: view.level(view.focus, f"cv_{name}", stage)["median"] for name in EIGHT}
        worst = max(values, key=lambda name: values[name])
        parts.append(
            view.say(
                "eight.part",
                stage=view.say(f"stage.{stage}"),
                input=view.say(f"input.{worst}"),
                value=view.say.number(values[worst], 2),
            )
        )
    return view.say("eight.finding", year=view.last, title=view.title(view.focus), parts=view.say("join").join(parts))


@drawn
def seven(view: View) -> Figure:
    """The seven CVs of the 2017 method in the last year, each against its own line, in base and focus."""
    figure, axes = sheet(1, len(view.stages), 3.9, sharey=True)
    for ax, stage in zip(axes[0], view.stages, strict=True):
        limit = line_of(load_standard("quality-2017"), stage)
        ax.axvline(limit, color=ALARM, lw=1.5, ls=(0, (6, 2)))
        for name, shift in zip(view.pair, (-0.14, 0.14), strict=False):
            for y, indicator in enumerate(SEVEN):
                band = view.level(name, f"cv17_{indicator}", stage)
                ax.plot([band["low"], band["high"]], [y + shift] * 2, color=colour(name), lw=2.2, alpha=0.5)
                ax.plot([band["median"]], [y + shift], marker=marker(name), color=colour(name), ms=6.5)
        ax.set_title(view.say("seven.title", stage=stage_title(view, stage), line=view.say.number(limit, 2)))
        ax.set_yticks(range(len(SEVEN)), [view.say.wrap(view.say(f"input.{name}"), 26) for name in SEVEN])
        ax.set_ylim(len(SEVEN) - 0.4, -0.6)
        ax.set_xlim(0, None)
        ax.set_xlabel(view.say("seven.axis"))
        ax.grid(axis="x", color="#e4e4e4")
        ax.spines["left"].set_color(FAINT)
    legend(figure, view, view.pair)
    headline(figure, view, _seven_finding(view))
    return figure


def _seven_finding(view: View) -> str:
    """Say in how many worlds all seven are inside their line, stage by stage."""
    parts = []
    for stage in view.stages:
        limit = line_of(load_standard("quality-2017"), stage)
        inside = pd.DataFrame([view.by_world(view.focus, f"cv17_{name}", stage) <= limit for name in SEVEN]).all()
        there = count(int(inside.sum()), len(inside), view.lang)
        parts.append(view.say("seven.part", stage=view.say(f"stage.{stage}"), count=there))
    return view.say("seven.finding", year=view.last, title=view.title(view.focus), parts=view.say("join").join(parts))


FIGURES = {"composite": Exhibit(composite), "eight": Exhibit(eight), "seven": Exhibit(seven)}
