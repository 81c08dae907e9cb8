"""How every figure looks: fonts with Chinese characters, one fixed colour per
scenario, and the pieces that figures are made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim.base.arrays import AnyArray, Floats
from simsim.experiments.precision import half_width
from simsim.inputs.indicators import indicators
from simsim.report.view import View

TITLE_LETTERS = {"en": 98, "zh": 88}
# Okabe and Ito's colours, which colour-blind readers tell apart; each scenario also has its own marker.
COLOURS = {
    "baseline": "#4d4d4d",
    "frozen": "#a09a8c",
    "plan": "#0072b2",
    "plan-late": "#56b4e9",
    "openings-only": "#009e73",
    "rotation-only": "#e69f00",
    "rotation-national": "#d55e00",
    "rotation-balancing": "#cc79a7",
    "shanhe-keep": "#332288",
    "shanhe-merge": "#44aa99",
    "shanhe-board": "#882255",
    "xinwan-baseline": "#661100",
    "xinwan-schools": "#117733",
    "xinwan-late": "#aa4499",
}
MARKERS = {
    "baseline": "s",
    "frozen": "X",
    "plan": "o",
    "plan-late": "v",
    "openings-only": "D",
    "rotation-only": "^",
    "rotation-national": "P",
    "rotation-balancing": "<",
    "shanhe-keep": ">",
    "shanhe-merge": "d",
    "shanhe-board": "*",
    "xinwan-baseline": "8",
    "xinwan-schools": "h",
    "xinwan-late": "p",
}
SPARE_COLOURS = ("#332288", "#88ccee", "#117733", "#999933", "#882255", "#aa4499", "#44aa99", "#661100")
SPARE_MARKERS = "*hdp>8"
INK, FAINT, PAPER, ALARM = "#222222", "#8a8a8a", "#ffffff", "#b2182b"
ZONE = "#ececec"
ROW_LETTERS = 42
MOST_YEARS = 6
"""Years written under a time axis at most: more run into each other where the record goes on to 2035."""


def headline(figure: Figure, view: View, text: str) -> None:
    """Write the finding over the figure."""
    figure.suptitle(view.say.wrap(capital(text), TITLE_LETTERS[view.lang]), x=0.01, ha="left", fontsize=14)


def colour(scenario: str) -> str:
    """Return a scenario's colour, the same in every figure of every report."""
    return COLOURS.get(scenario) or SPARE_COLOURS[crc32(scenario.encode()) % len(SPARE_COLOURS)]


def marker(scenario: str) -> str:
    """Return a scenario's marker."""
    return MARKERS.get(scenario) or SPARE_MARKERS[crc32(scenario.encode()) % len(SPARE_MARKERS)]


def lines(
    ax: Axes, view: View, indicator: str, stage: str, scenarios: Sequence[str] | None = None, few: bool = False
) -> None:
    """Draw an indicator over the years: a line for every scenario, a 5-95 % band
    for base and focus; `few` years on the axis.
    """
    for name in scenarios or _focus_last(view):
        path = view.path(name, indicator, stage)
        main = name in view.pair
        if main:
            ax.fill_between(path.index, path["low"], path["high"], color=colour(name), alpha=0.16, lw=0)
        ax.plot(
            path.index, path["median"], color=colour(name), lw=2.4 if main else 1.3, alpha=1 if main else 0.85,
            marker=marker(name),
            ms=5.5 if main else 4, mec=PAPER, mew=0.6,
        )  # fmt: skip
    years(ax, view, few)


def _focus_last(view: View) -> list[str]:
    return [*(name for name in view.scenarios if name not in view.pair), *view.pair]


def years(ax: Axes, view: View, few: bool = False) -> None:
    """Label a time axis with some years, the last included."""
    step = max(len(view.years) // 2, 1) if few else -(-len(view.years) // MOST_YEARS)
    shown = view.years[::-step][::-1]
    ax.set_xticks(shown, [str(year) for year in shown])
    ax.set_xlim(view.first - 0.3, view.last + 0.3)
    ax.grid(axis="y")


def from_zero(ax: Axes) -> None:
    """Let the value axis start at zero and keep its room at the top."""
    ax.set_ylim(min(0.0, ax.get_ylim()[0]) if ax.get_ylim()[0] < 0 else 0.0, ax.get_ylim()[1])


def capital(text: str) -> str:
    """Return a text that starts with a capital letter."""
    return text[:1].upper() + text[1:]


def stage_title(view: View, stage: str) -> str:
    """Return a stage as a title."""
    return capital(view.say(f"stage.{stage}"))


def legend(
    figure: Figure,
    view: View,
    scenarios: Sequence[str] | None = None,
    columns: int = 3,
    letters: int = 34,
    more: Mapping[str, mpl.lines.Line2D] = {},
) -> None:
    """Name the scenarios under the figure, and `more` strokes after them."""
    names = scenarios or view.scenarios
    handles = [
        mpl.lines.Line2D(
            [], [], color=colour(n), marker=marker(n), lw=2.4 if n in view.pair else 1.3, ms=6, mec=PAPER, mew=0.6
        )
        for n in names
    ]
    labels = [view.say.wrap(name, letters) for name in (*map(view.title, names), *more)]
    columns = min(columns, len(names)) if not more else len(labels)
    figure.legend(
        [*handles, *more.values()], labels, loc="outside lower left", ncols=columns, handlelength=2.2, columnspacing=1.6
    )


def rows_of(ax: Axes, view: View, scenarios: Sequence[str], named: bool = True) -> Floats:
    """Give every scenario a row, with its title unless the legend says it; return the rows' positions."""
    positions = np.arange(len(scenarios), dtype=float)
    ax.set_yticks(
        positions, [view.say.wrap(view.title(name), ROW_LETTERS) if named else "" for name in scenarios], fontsize=9.5
    )
    for tick, name in zip(ax.get_yticklabels() if named else (), scenarios, strict=False):
        tick.set_color(INK if name != view.focus else colour(name))
    ax.set_ylim(len(scenarios) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    return positions


def ranges(
    ax: Axes, table: pd.DataFrame, positions: Floats, names: Sequence[str], filled: bool = True, shift: float = 0.0
) -> None:
    """Draw a point with its interval for every row of `table` (mean or median, low, high); of a mean whose Monte-Carlo
    error is there, its 95 % interval too, broad and short.
    """
    middle = "mean" if "mean" in table else "median"
    for row, (name, y) in enumerate(zip(names, positions + shift, strict=True)):
        low, mid, high = (float(table[column].iloc[row]) for column in ("low", middle, "high"))
        if np.isnan(mid):
            continue
        ax.plot([low, high], [y, y], color=colour(name), lw=2.2, alpha=0.55)
        width = (
            half_width(float(table["mc_error"].iloc[row]), float(table["n"].iloc[row])) if "mc_error" in table else 0
        )
        if width > 0:
            ax.plot([mid - width, mid + width], [y, y], color=colour(name), lw=6, alpha=0.35, solid_capstyle="butt")
        ax.plot(
            [mid],
            [y],
            marker=marker(name),
            color=colour(name),
            mfc=colour(name) if filled else PAPER,
            mec=colour(name),
            mew=1.2,
            ms=7,
        )


def zone(ax: Axes, indicator: str) -> None:
    """Shade the differences that are too small to matter, and mark no difference."""
    entry = indicators().get(indicator)
    if entry is not None:
        ax.axvspan(-entry.matters, entry.matters, color=ZONE, lw=0, zorder=0)
    ax.axvline(0, color=FAINT, lw=1)


def differences(ax: Axes, view: View, indicator: str, stage: str, year: int | None = None) -> None:
    """Draw every scenario's paired difference from the base in the last year; the base's own row names its marker."""
    names = [view.base, *view.others]
    positions = rows_of(ax, view, names)
    table = pd.DataFrame([view.difference(name, indicator, stage, year) for name in names])
    for name in ("mean", "low", "high"):
        table.iloc[0, list(table.columns).index(name)] = 0.0
    zone(ax, indicator)
    ranges(ax, table, positions, names)
    symmetric(ax)


def name_differences(axes: AnyArray, view: View, indicator: str) -> None:
    """Title the plots of differences, and name their common axis."""
    for ax in axes:
        ax.set_title(view.say("difference.title", year=view.last), fontsize=11.5)
    axes[-1].set_xlabel(view.say("difference.from", base=view.title(view.base), unit=view.say.unit(indicator)))


def fills(figure: Figure, filled: str, hollow: str) -> None:
    """Say under the figure what filled and hollow markers are."""
    handles = [mpl.lines.Line2D([], [], ls="", marker="o", color=INK, mfc=face, ms=7) for face in (INK, PAPER)]
    figure.legend(handles, [filled, hollow], loc="outside lower left", ncols=2)


def symmetric(ax: Axes) -> None:
    """Leave room on both sides, few ticks, true minus signs."""
    ax.margins(x=0.08)
    ax.xaxis.set_major_locator(mpl.ticker.MaxNLocator(4))


def stamp(figure: Figure, text: str) -> None:
    """Write a remark into the figure's lower right corner: what is schematic or synthetic."""
    figure.text(0.995, 0.006, text, fontsize=9.5, color=FAINT, ha="right", va="bottom")
