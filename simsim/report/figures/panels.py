"""Small multiples of what measures do to people and money: base
and focus only, a panel an indicator, over the years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simsim.base.codes import STAGES
from simsim.inputs.indicators import indicators
from simsim.report.exhibit import Exhibit
from simsim.report.figures.district import difference_finding
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import (
    FAINT,
    INK,
    PAPER,
    capital,
    colour,
    from_zero,
    headline,
    legend,
    marker,
    stage_title,
    years,
)
from simsim.report.view import ALL, View
from simsim.report.words import MILLION, WAN

DASHED = (0, (4, 2))
TITLE_LETTERS = {1: 90, 2: 56, 3: 37, 4: 26}
HEIGHTS = {True: 1.35, False: 1.85}
NEARLY_ALL, ALL_SHARE = 0.94, 1.05
GROUPS = ("urban", "rural", "poor")
DEVELOPMENT = ("fit_share", "one_skill_share", "two_skills_share", "two_plus_one_share", "after_school_share")


@dataclass(frozen=True)
class Panel:
    """What one panel draws: an indicator of a stage and group, another beside it (dashed), or the mean in place of the
    median.

    A `flow` (hires, say) begins after the first year, which is a state; `zero`: the axis starts at nought.
    """  # fmt: skip

    indicator: str
    stage: str = ALL
    group: str = ALL
    beside: str = ""
    mean: bool = False
    flow: bool = False
    zero: bool = True


@dataclass(frozen=True)
class Theme:
    """A figure of panels in rows; its title tells what the focus does to the `lead` indicator in the stages named."""

    rows: tuple[tuple[Panel, ...], ...]
    lead: str
    stages: tuple[str, ...] = (ALL,)
    by_group: bool = False


def _by_stage(*panels: Panel) -> tuple[tuple[Panel, ...], ...]:
    return tuple(tuple(replace(panel, stage=stage) for panel in panels) for stage in STAGES)


THEMES: Mapping[str, Theme] = MappingProxyType(
    {
        "posts": Theme(
            _by_stage(Panel("surplus_teachers"), Panel("shortage_teachers"), Panel("released")),
            "shortage_teachers",
            STAGES,
        ),
        "recruitment": Theme(
            _by_stage(
                Panel("hires", beside="retirements", flow=True), Panel("exits", flow=True), Panel("backbone_share")
            ),
            "backbone_share",
            STAGES,
        ),
        "training": Theme(
            ((Panel("training_coverage"), Panel("training_coverage_principals"), Panel("studio_members")),),
            "training_coverage",
        ),
        "principals": Theme(
            (
                (Panel("principal_tenure"), Panel("principal_changes", flow=True)),
                (Panel("principals_overstaying", mean=True), Panel("principal_targets_met_share")),
            ),
            "principal_tenure",
        ),
        "migrants": Theme(
            _by_stage(
                Panel("migrant_public_share", zero=False),
                Panel("migrant_dissimilarity", beside="migrant_dissimilarity_random"),
                Panel("migrant_share"),
            ),
            "migrant_public_share",
            STAGES,
        ),
        "development": Theme(
            tuple(tuple(Panel(name, group=group) for group in GROUPS) for name in DEVELOPMENT),
            "two_skills_share",
            by_group=True,
        ),
        "care": Theme(
            ((Panel("aided"), Panel("aided_share")), (Panel("disabled_pupils"), Panel("disabled_served_share"))),
            "disabled_served_share",
        ),
        "money": Theme(
            (
                (Panel("revenue"), Panel("appropriation"), Panel("f1_met", mean=True)),
                (Panel("spending_per_pupil"), Panel("money_balance"), Panel("f2_met", mean=True)),
            ),
            "spending_per_pupil",
        ),
    }
)


def shown(view: View, theme: Theme) -> list[tuple[Panel, ...]]:
    """Return the rows of a theme without the panels of which nothing was recorded, in base or focus."""
    rows = [tuple(p for p in row if any(len(_path(view, name, p)) for name in view.pair)) for row in theme.rows]
    return [row for row in rows if row]


def no_panels(view: View, name: str) -> str:
    """Return the words for a theme of which nothing was recorded."""
    return "" if shown(view, THEMES[name]) else "none.panels"


def _path(view: View, scenario: str, panel: Panel, indicator: str = "") -> pd.DataFrame:
    path = view.path(scenario, indicator or panel.indicator, panel.stage, panel.group)
    return path[path.index > view.first] if panel.flow else path


@drawn
def panels(view: View, name: str) -> Figure:
    """Draw a theme: lines for base and focus, with their 5-95 % bands."""
    theme = THEMES[name]
    rows = shown(view, theme)
    columns = max(map(len, rows))
    figure, axes = sheet(
        len(rows), columns, 1.25 + len(rows) * HEIGHTS[theme.by_group], sharey="row" if theme.by_group else False
    )
    for number, (line, row) in enumerate(zip(axes, rows, strict=True)):
        for ax, panel in zip(line, row, strict=False):
            _draw(ax, view, panel)
            _name(ax, view, theme, panel, first_row=number == 0, columns=columns)
        for ax, panel in zip(line, row, strict=False):
            _scale(ax, view, panel)
        for ax in line[len(row) :]:
            ax.set_axis_off()
        _name_row(line[0], view, theme, row[0])
    pieces = [piece for row in rows for panel in row if panel.beside for piece in (panel.indicator, panel.beside)]
    legend(figure, view, view.pair, more=_strokes(view, pieces))
    headline(figure, view, _finding(view, theme))
    return figure


def _draw(ax: Axes, view: View, panel: Panel) -> None:
    """Draw base and focus, the focus last."""
    middle = "mean" if panel.mean else "median"
    for name in view.pair:
        path = _path(view, name, panel)
        if not panel.mean:
            ax.fill_between(path.index, path["low"], path["high"], color=colour(name), alpha=0.16, lw=0)
        ax.plot(path.index, path[middle], color=colour(name), lw=2.2, marker=marker(name), ms=4.5, mec=PAPER, mew=0.5)
        if panel.beside:
            other = _path(view, name, panel, panel.beside)
            ax.plot(other.index, other["median"], color=colour(name), lw=1.6, ls=DASHED)
    years(ax, view, few=True)


def _scale(ax: Axes, view: View, panel: Panel) -> None:
    """Let the value axis start at nought, end a share's near one, and write its ticks in the indicator's unit."""
    share = indicators()[panel.indicator].unit["en"] == "share"
    if panel.zero:
        from_zero(ax)
    if share and ax.get_ylim()[1] > NEARLY_ALL:
        ax.set_ylim(ax.get_ylim()[0], ALL_SHARE if panel.zero else 1.0)
    ax.yaxis.set_major_locator(mpl.ticker.MaxNLocator(4))
    ax.yaxis.set_major_formatter(_ticks(view, panel.indicator))
    if ax.get_ylim()[0] < 0:
        ax.axhline(0, color=FAINT, lw=0.9)


def _ticks(view: View, indicator: str) -> Callable[[float, float], str]:
    """Return how a tick is written: shares in per cent, money in millions or 万."""
    entry = indicators()[indicator]
    if entry.unit["en"] == "share":
        return lambda value, _: view.say.percent(value, 0 if round(100 * value, 6) == round(100 * value) else 1)
    if view.say.is_money(indicator):
        scale, decimals = (MILLION, 0) if view.lang == "en" else (WAN, 0)
        return lambda value, _: view.say.number(value / scale, decimals if value else 0)
    return lambda value, _: view.say.number(value, 0 if value == round(value) else 1)


def _name(ax: Axes, view: View, theme: Theme, panel: Panel, first_row: bool, columns: int) -> None:
    """Title a panel: the indicator, or where groups are set side by side the group, once."""
    if theme.by_group and first_row:
        ax.set_title(view.say(f"group.{panel.group}"), fontsize=11.5)
    elif not theme.by_group and (first_row or panel.stage == ALL):
        label = view.say.label(panel.indicator)
        text = view.say("panel.beside", first=label, second=view.say.label(panel.beside)) if panel.beside else label
        ax.set_title(view.say.wrap(capital(text), TITLE_LETTERS[columns]), fontsize=10.5)


def _name_row(ax: Axes, view: View, theme: Theme, panel: Panel) -> None:
    if theme.by_group:
        ax.set_ylabel(view.say.wrap(view.say.label(panel.indicator), 18), fontsize=10)
    elif panel.stage != ALL:
        ax.set_ylabel(stage_title(view, panel.stage))


def _strokes(view: View, pieces: list[str]) -> dict[str, Line2D]:
    """Return what whole and dashed strokes are, where a panel has both."""
    if not pieces:
        return {}
    looks = ("-", DASHED)
    return {
        view.say.label(name): Line2D([], [], color=INK, lw=1.8, ls=look)
        for name, look in zip(pieces[:2], looks, strict=True)
    }


def _finding(view: View, theme: Theme) -> str:
    """Say what the focus does to the leading indicator; its level where the base has none."""
    stages = [stage for stage in theme.stages if stage in (ALL, *view.stages)]
    if not any(np.isnan(view.difference(view.focus, theme.lead, stage)["mean"]) for stage in stages):
        return difference_finding(view, theme.lead, stages)
    parts = []
    for stage in stages:
        median, low, high = (_written(view, theme.lead, view.level(view.focus, theme.lead, stage)[name])
                             for name in ("median", "low", "high"))  # fmt: skip
        what, ends = view.say(f"stage.{stage}"), view.say.interval(low, high)
        parts.append(view.say("finding.part", stage=what, value=median, words=ends))
    text = view.say(
        "finding.levels", name=view.say.label(theme.lead), year=view.last, parts=view.say("join").join(parts)
    )
    return view.say("finding.of", text=text, title=view.title(view.focus))


def _written(view: View, indicator: str, value: float) -> str:
    share = indicators()[indicator].unit["en"] == "share"
    return view.say.percent(value) if share else view.say.value(value, indicator)


FIGURES = {name: Exhibit(partial(panels, name=name), partial(no_panels, name=name)) for name in THEMES}
