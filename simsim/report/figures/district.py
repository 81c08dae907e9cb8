"""Figures of the whole district: enrolment and seats, what differs between scenarios, gaps, and town and country."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim.inputs.indicators import count, sureness
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import (
    FAINT,
    INK,
    differences,
    fills,
    headline,
    legend,
    lines,
    name_differences,
    ranges,
    rows_of,
    stage_title,
    symmetric,
    zone,
)
from simsim.report.tables.sureness import counted
from simsim.report.view import View

ROW = 0.22
AXIS_LETTERS = 26


@drawn
def enrolment(view: View) -> Figure:
    """Pupils with their band, and the seats of every scenario, by stage."""
    figure, axes = sheet(1, len(view.stages), 4.6)
    for ax, stage in zip(axes[0], view.stages, strict=True):
        path = view.path(view.focus, "pupils", stage)
        ax.fill_between(path.index, path["low"], path["high"], color=FAINT, alpha=0.3, lw=0)
        ax.plot(path.index, path["median"], color=INK, lw=2.6, ls=(0, (4, 1.5)), label=view.say("enrolment.pupils"))
        lines(ax, view, "seats", stage)
        ax.set_title(stage_title(view, stage))
        ax.set_ylim(0.7 * ax.get_ylim()[0], None)
        ax.yaxis.set_major_formatter(lambda value, _: view.say.number(value))
        ax.legend(loc="lower right")
    axes[0, 0].set_ylabel(view.say("enrolment.axis"))
    legend(figure, view)
    headline(figure, view, _enrolment_finding(view))
    return figure


def _enrolment_finding(view: View) -> str:
    """Say how far seats and pupils of the focus are apart in the last year, stage by stage."""
    parts = []
    for stage in view.stages:
        seats, pupils = (view.by_world(view.focus, name, stage) for name in ("seats", "pupils"))
        spare = seats - pupils
        gap, ends = float(spare.median()), [float(spare.quantile(share)) for share in sureness().interval]
        key = "enrolment.spare" if gap >= 0 else "enrolment.short"
        there = count(int((spare >= 0 if gap >= 0 else spare < 0).sum()), len(spare), view.lang)
        said = view.say(key, stage=view.say(f"stage.{stage}"), n=view.say.number(abs(gap)))
        ends = sorted(end if gap >= 0 else -end for end in ends)
        interval = view.say.interval(*map(view.say.number, ends))
        parts.append(view.say("enrolment.in_worlds", said=said, range=interval, count=there))
    return view.say(
        "enrolment.finding", year=view.last, title=view.title(view.focus), parts=view.say("join").join(parts)
    )


def trajectory(ax: Axes, view: View, indicator: str, stage: str) -> None:
    """Draw the path of one indicator in every scenario, bands for base and focus."""
    lines(ax, view, indicator, stage)
    ax.set_title(stage_title(view, stage))
    ax.set_ylabel(view.say.wrap(view.say.axis(indicator), AXIS_LETTERS))


@drawn
def trend(view: View, indicator: str) -> Figure:
    """One indicator by stage: its path in every scenario, and each scenario's paired difference from the base."""
    stages = [stage for stage in view.stages if len(view.path(view.focus, indicator, stage))]
    figure, axes = sheet(
        len(stages),
        2 if view.others else 1,
        1.3 + len(stages) * max(2.4, 0.8 + ROW * len(view.others)),
        width_ratios=[1, 1.25][: 2 if view.others else 1],
    )
    for row, stage in zip(axes, stages, strict=True):
        trajectory(row[0], view, indicator, stage)
        if view.others:
            differences(row[1], view, indicator, stage)
    if view.others:
        name_differences(axes[:, 1], view, indicator)
    else:
        legend(figure, view)
    headline(figure, view, difference_finding(view, indicator, stages))
    return figure


def difference_finding(view: View, indicator: str, stages: Sequence[str] | None = None) -> str:
    """Say what the focus does to an indicator, stage by stage, and how sure that is."""
    name, stages = view.say.axis(indicator), view.stages if stages is None else stages
    if view.focus == view.base:
        parts = [
            view.say(
                "finding.level",
                stage=view.say(f"stage.{s}"),
                value=view.say.value(view.level(view.focus, indicator, s)["median"], indicator),
            )
            for s in stages
        ]
        return view.say("finding.levels", name=name, year=view.last, parts=view.say("join").join(parts))
    parts = []
    for stage in stages:
        row = view.difference(view.focus, indicator, stage)
        parts.append(difference_part(view, view.say(f"stage.{stage}"), row, indicator))
    return view.say(
        "finding.difference",
        name=name,
        year=view.last,
        title=view.title(view.focus),
        parts=view.say("join").join(parts),
    )


def difference_part(view: View, what: str, row: pd.Series, indicator: str) -> str:
    """Return what a headline says of one mean difference: the range, the words, and in how many worlds it has the
    sign.
    """
    value = view.say.value(row["mean"], indicator, sign=True)
    ends = view.say.interval(*(view.say.value(row[end], indicator, sign=True) for end in ("low", "high")))
    sure = (ends, row["words"], counted(view, row)) if row["verdict"] else (row["words"],)
    return view.say("finding.part", stage=what, value=value, words=view.say("join").join(filter(None, sure)))


GAPS = ("ses_gap", "migrant_gap", "school_gap", "urban_rural_gap")
LABEL_LETTERS = 16
"""A line of the name beside a row: more runs into the next row's."""


@drawn
def gaps(view: View) -> Figure:
    """Achievement gaps: in the base and the focus over the years, and every scenario's paired difference."""
    shown = [name for name in GAPS if view.recorded(name)]
    columns = len(view.stages)
    figure, axes = sheet(
        len(shown),
        columns + 1,
        1.2 + len(shown) * max(1.7, 0.45 + 0.16 * len(view.others)),
        width_ratios=[1] * columns + [1.25],
    )
    for row, indicator in zip(axes, shown, strict=True):
        for ax, stage in zip(row, view.stages, strict=False):
            lines(ax, view, indicator, stage, view.pair, few=True)
            ax.axhline(0, color=FAINT, lw=0.8)
        _both_stages(row[-1], view, indicator)
        row[0].set_ylabel(view.say.wrap(view.say.axis(indicator), LABEL_LETTERS), fontsize=10)
        limits = [axis.get_ylim() for axis in row[:-1]]
        for ax in row[:-1]:
            ax.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    for ax, stage in zip(axes[0], view.stages, strict=False):
        ax.set_title(stage_title(view, stage))
    axes[0, -1].set_title(view.say("gaps.difference", year=view.last), fontsize=10.5)
    axes[-1, -1].set_xlabel(view.say("gaps.axis"))
    legend(figure, view)
    headline(figure, view, view.say("gaps.finding", year=view.last, text=difference_finding(view, "ses_gap")))
    return figure


def _both_stages(ax: Axes, view: View, indicator: str) -> None:
    """Draw the differences of both stages in one plot: filled for primary, hollow for junior."""
    names = view.others
    positions = rows_of(ax, view, names, named=False)
    zone(ax, indicator)
    for stage, filled, shift in zip(view.stages, (True, False), (-0.16, 0.16), strict=False):
        ranges(
            ax,
            pd.DataFrame([view.difference(name, indicator, stage) for name in names]),
            positions,
            names,
            filled,
            shift,
        )
    symmetric(ax)


HOMES = ("home_urban", "home_rural")
MET = ("distance_km", "class_size_met", "score")


@drawn
def homes(view: View) -> Figure:
    """Children who live in town and in the country apart: how their way, class, teaching and score differ from the
    base in every scenario.
    """
    figure, axes = sheet(len(view.stages), len(MET), 1.6 + 2 * max(2.0, 0.6 + 0.34 * len(view.others)))
    for row, stage in zip(axes, view.stages, strict=True):
        for ax, indicator in zip(row, MET, strict=True):
            positions = rows_of(ax, view, view.others)
            zone(ax, indicator)
            for group, shift in zip(HOMES, (-0.16, 0.16), strict=True):
                found = [view.difference(name, indicator, stage, group=group) for name in view.others]
                ranges(ax, pd.DataFrame(found), positions, view.others, group == HOMES[0], shift)
            symmetric(ax)
            ax.tick_params(labelleft=ax is row[0])
        row[0].set_ylabel(stage_title(view, stage))
    for ax, indicator in zip(axes[0], MET, strict=True):
        ax.set_title(view.say.wrap(view.say(f"homes.{indicator}"), 24), fontsize=11.5)
    for ax, indicator in zip(axes[-1], MET, strict=True):
        ax.set_xlabel(view.say("difference.axis", unit=view.say.unit(indicator)))
    fills(figure, *(view.say(f"group.{group}") for group in HOMES))
    headline(figure, view, _homes_finding(view))
    return figure


def no_homes(view: View) -> str:
    """Return the words for results without a second scenario, or that do not record where children live."""
    return "none.others" if not view.others else "" if view.recorded(MET[1]) else "none.homes"


def no_rural_homes(view: View) -> str:
    """Return the words for results without others or homes, and for a district where nobody lives in the country."""
    there = (view.level(view.base, MET[0], stage, group="home_rural")["mean"] for stage in view.stages)
    return no_homes(view) or ("" if any(map(defined, there)) else "none.rural")


def _homes_finding(view: View) -> str:
    """Say how much farther or less far the children who live in the country travel, stage by stage."""
    parts = []
    for stage in view.stages:
        row = view.difference(view.focus, MET[0], stage, group=HOMES[1])
        parts.append(difference_part(view, view.say(f"stage.{stage}"), row, MET[0]))
    names = {"title": view.title(view.focus), "year": view.last}
    return view.say("homes.finding", parts=view.say("join").join(parts), **names)


FIGURES = {
    "enrolment": Exhibit(enrolment),
    "trend": Exhibit(trend),
    "gaps": Exhibit(gaps),
    "homes": Exhibit(homes, no_rural_homes),
}
