"""What a difference hangs on: for every outcome the parameters that move it most, in simsim's style."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simsim.inputs.indicators import grade_of, grades, indicators
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import ALARM, FAINT, INK, capital
from simsim.report.words import Words

SHOWN = 6
ROW = 1.85
NAME_LETTERS, TITLE_LETTERS = 32, 40
COLOURS: Mapping[str, str] = {"judgement": "#e69f00", "derived": "#56b4e9", "published": "#0072b2"}


@drawn
def screening(table: pd.DataFrame, a: str, b: str, say: Words) -> Figure:
    """Draw the screening of the difference `a` minus `b` (titles): a panel for each indicator and stage, bars of
    mu_star with its interval, the smallest difference that matters and the run-to-run spread as lines.
    """
    names = list(dict.fromkeys(table["indicator"]))
    stages = [stage for stage in ("primary", "junior", "all") if stage in set(table["stage"])]
    columns = [stage for stage in stages if stage != "all"] or stages
    figure, axes = sheet(len(names), len(columns), 1.2 + ROW * len(names))
    for row, name in zip(axes, names, strict=True):
        for ax, stage in zip(row, columns, strict=True):
            mine = table[(table["indicator"] == name) & (table["stage"] == stage)]
            if mine.empty and ax is row[0]:
                mine = table[(table["indicator"] == name) & (table["stage"] == "all")]
            _panel(ax, mine, name, say) if len(mine) else ax.set_axis_off()
    year = int(table["year"].max())
    text = say("sensitivity.title", a=a, b=b, year=year)
    figure.suptitle(say.wrap(capital(text), 92 if say.lang == "en" else 82), x=0.01, ha="left", fontsize=14)
    _key(figure, say)
    return figure


def _panel(ax: Axes, mine: pd.DataFrame, indicator: str, say: Words) -> None:
    top = mine.nsmallest(SHOWN, "rank", keep="first")
    top = top[top["mu_star"] > 0]
    places = np.arange(len(top))
    colours = [COLOURS[grade_of(kind).name] for kind in top["kind"]]
    ax.barh(places, top["mu_star"], xerr=np.nan_to_num(top["conf"]), color=colours, ecolor=INK, height=0.7)
    ax.set_yticks(places, [say.wrap(capital(say.parameter(str(name))), NAME_LETTERS) for name in top["parameter"]])
    ax.tick_params(axis="y", labelsize=7.5, length=0)
    ax.set_ylim(SHOWN - 0.4, -0.6)
    ax.axvline(indicators()[indicator].matters, color=ALARM, lw=1.2, ls=(0, (4, 2)))
    ax.axvline(float(mine["noise"].iloc[0]), color=FAINT, lw=1.2, ls=":")
    ax.set_xlim(0, None)
    share = float(mine["noise_share"].iloc[0])
    stage = say(f"stage.{mine['stage'].iloc[0]}")
    title = say.wrap(capital(say("axis", name=say.label(indicator), unit=stage)), TITLE_LETTERS)
    ax.set_title(f"{title}\n{say('sensitivity.panel', share=say.percent(share))}", fontsize=9.5)
    ax.xaxis.set_major_formatter(lambda value, _: say.gap(value, indicator))
    ax.tick_params(axis="x", labelsize=8)


def _key(figure: Figure, say: Words) -> None:
    """Name the colours and the lines."""
    patches = [Patch(color=COLOURS[grade.name], label=grade.text[say.lang]) for grade in grades()]
    lines = [
        Line2D([], [], color=ALARM, ls=(0, (4, 2)), label=say("sensitivity.matters")),
        Line2D([], [], color=FAINT, ls=":", label=say("sensitivity.noise")),
    ]
    figure.legend(handles=[*patches, *lines], loc="outside lower left", ncols=3, fontsize=9)


def save(table: pd.DataFrame, a: str, b: str, lang: str, folder: Path) -> Path:
    """Write the figure of a screening into a folder as sensitivity-LANG.png, and return the file."""
    path = folder / f"sensitivity-{lang}.png"
    screening(table, a, b, Words(lang)).savefig(path)
    return path
