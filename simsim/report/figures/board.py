"""The plan's scoreboard as heat maps: by when its dated promises are done, and
in which years its lines and rules are met.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simsim.base.arrays import Floats
from simsim.experiments.scoreboard import SEE, definition
from simsim.inputs.indicators import sureness
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import FAINT, INK, MOST_YEARS, PAPER, headline
from simsim.report.view import View

SCALE = LinearSegmentedColormap.from_list("met", ["#f0a060", "#fbe3cf", "#f4f4f4", "#cfe3f3", "#3f8fc8"])
LETTERS = 62
ROW = 0.255
DATES, GAINS = "milestones", "gains"
DARK = 0.9


def done_by(view: View) -> pd.DataFrame:
    """Return for every milestone of the focus (words, index) the share of replications
    in which it is done by the end of each year.
    """
    table = view.results.frame("milestones")
    mine = table[table["scenario"] == view.focus]
    board = view.board[view.board["section"] == DATES]
    rows = {}
    for row in board.itertuples():
        measure, name = str(row.line).split(": ", 1)
        done = [
            str(month)[:4] for month in mine.loc[(mine["measure"] == measure) & (mine["milestone"] == name), "done"]
        ]
        rows[getattr(row, view.lang)] = [_share(done, year) for year in view.years]
    frame = pd.DataFrame(rows, index=view.years).T
    return frame.iloc[np.argsort(board["year"].to_numpy(), kind="stable")] if len(frame) else frame


def no_dates(view: View) -> str:
    """Return the words for a scoreboard without dated promises."""
    return "" if view.board["section"].eq(DATES).any() else "none.milestones"


def _share(done: Sequence[str], year: int) -> float:
    """Return the share of replications that had done something by the end of a year; NaN when nobody reported."""
    return sum(end != "" and end <= str(year) for end in done) / len(done) if done else np.nan


@drawn
def dates(view: View) -> Figure:
    """The share of replications in which each dated promise is
    done by the end of each year; the year it is due framed.
    """
    table = done_by(view)
    board = view.board[view.board["section"] == DATES].set_index(view.lang)
    last = max(int(board["year"].max()) + 4, view.first + 6)
    shown = [year for year in view.years if year <= last]
    table, years = table[shown], board["year"].to_dict()
    figure, axes = sheet(1, 1, 1.2 + ROW * len(table))
    ax = axes[0, 0]
    _cells(ax, view, table.to_numpy(float))
    for row, label in enumerate(table.index):
        due = int(years[label])
        if due in shown:
            ax.add_patch(Rectangle((shown.index(due) - 0.5, row - 0.5), 1, 1, fill=False, ec=INK, lw=1.6))
    _labels(ax, view, list(table.index), shown)
    promised = board[board["year"] <= view.last]
    headline(figure, view, _finding(view, "board.dates.finding", promised["probability"], view.last))
    return figure


@drawn
def lines(view: View) -> Figure:
    """The share of replications in which each line and rule is met, year by year."""
    board = view.board[~view.board["section"].isin([DATES, GAINS]) & ~view.board["line"].isin(_to_see())]
    sections = definition()["sections"]
    labels, rows = [], []
    for key in [key for key in sections if key in set(board["section"])]:
        mine = board[board["section"] == key]
        labels.append((sections[key][view.lang], True))
        rows.append([np.nan] * len(view.years))
        for line in dict.fromkeys(mine["line"]):
            one = mine[mine["line"] == line].set_index("year")
            labels.append((one[view.lang].iloc[0], False))
            rows.append(one["probability"].reindex(view.years).to_list())
    figure, axes = sheet(1, 1, 1.2 + ROW * len(rows))
    _cells(axes[0, 0], view, np.array(rows, float))
    _labels(
        axes[0, 0],
        view,
        [text for text, _ in labels],
        view.years,
        bold=[row for row, (_, head) in enumerate(labels) if head],
    )
    final = board.loc[board["year"] == view.last, "probability"]
    headline(figure, view, _finding(view, "board.lines.finding", final, view.last))
    return figure


def _to_see() -> list[str]:
    """Return the lines that are numbers to see and not rules to meet."""
    return [name for name, line in definition()["lines"].items() if line["rule"] == SEE]


def _cells(ax: Axes, view: View, values: Floats) -> None:
    """Draw a cell for every probability, with its per cent."""
    ax.imshow(np.ma.masked_invalid(values), cmap=SCALE, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            text = view.say.number(100 * value)
            ax.text(column, row, text, ha="center", va="center", fontsize=8.5, color=PAPER if value > DARK else INK)
    ax.set_xticks(np.arange(values.shape[1] + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(values.shape[0] + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=PAPER, lw=1.5)
    ax.tick_params(which="both", length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _labels(ax: Axes, view: View, names: list[str], columns: list[int], bold: Sequence[int] = ()) -> None:
    """Name rows and columns; a heading stands in the ink of text, the lines under it lighter and smaller."""
    ax.set_yticks(range(len(names)), [view.say.wrap(name, LETTERS) for name in names], fontsize=8.5, linespacing=1.0)
    for row, tick in enumerate(ax.get_yticklabels()):
        if row in bold:
            tick.set_fontsize(10.5)
            tick.set_color(FAINT)
    crowded = len(columns) > 2 * MOST_YEARS
    ax.set_xticks(range(len(columns)), [f"'{year % 100:02d}" if crowded else str(year) for year in columns], fontsize=9)
    ax.xaxis.tick_top()


def _finding(view: View, key: str, shares: pd.Series, year: int) -> str:
    """Count what is met almost always and almost never."""
    judged = shares.dropna()
    levels = judged.map(sureness().level)
    sure, never = int((levels == "very_likely").sum()), int((levels == "very_unlikely").sum())
    return view.say(key, title=view.title(view.focus), year=year, all=len(judged), sure=sure, never=never)


def dates_data(view: View) -> pd.DataFrame:
    """Return what `dates` draws as a table: a row a milestone, a column a year."""
    return done_by(view).rename_axis("milestone").reset_index()


def lines_data(view: View) -> pd.DataFrame:
    """Return what `lines` draws as a table, in the page's language: a row a line and year."""
    board = view.board[~view.board["section"].isin([DATES, GAINS])]
    sections = {key: words[view.lang] for key, words in definition()["sections"].items()}
    columns = ["section", view.lang, "year", "value", "low", "high", "probability", "n"]
    return board[columns].rename(columns={view.lang: "line"}).assign(section=board["section"].map(sections))


FIGURES = {
    "board_dates": Exhibit(dates, no_dates, dates_data),
    "board_lines": Exhibit(lines, data=lines_data),
}
