"""The figure of the teachers' report: teachers against posts and the standard, under three ways to recruit."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from simsim.experiments.workforce import whole
from simsim.inputs.indicators import count, sureness
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import FAINT, INK, colour, headline, stage_title, years
from simsim.report.view import View

AHEAD = 15
"""Years after the first that the page looks at: half a teacher's career, the reach of a recruiting plan (judgement)."""


def no_workforce(view: View) -> str:
    """Return the words for results that do not record the workforce by subject."""
    return "" if view.recorded("teachers_needed") else "none.workforce"


def shown_years(view: View) -> range:
    """Return the years that the page looks at, whether or not they were run."""
    return range(view.first, view.first + AHEAD + 1)


@drawn
def staff(view: View) -> Figure:
    """Teachers with their band, posts and the standard, and the staff under the two plain rules."""
    table = whole(view.workforce(view.focus))
    table = table[table["year"].isin(shown_years(view))]
    figure, axes = sheet(1, len(view.stages), 4.4)
    for ax, stage in zip(axes[0], view.stages, strict=True):
        groups = table[table["stage"] == stage].groupby("year")
        mean, own = groups.mean(numeric_only=True), colour(view.focus)
        low, high = (groups["teachers"].quantile(share) for share in sureness().interval)
        ax.fill_between(mean.index, low, high, color=own, alpha=0.16, lw=0)
        say = view.say
        ax.plot(mean.index, mean["teachers"], color=own, lw=2.4, label=say("workforce.line.teachers"))
        ax.plot(mean.index, mean["posts"], color=FAINT, lw=1.8, label=say("workforce.line.posts"))
        needed = mean["teachers_needed"]
        ax.plot(mean.index, needed, color=INK, lw=2.2, ls=(0, (4, 1.5)), label=say("workforce.line.needed"))
        for rule, dashes in (("as_retire", (0, (1, 1.2))), ("to_need", (0, (3, 1, 1, 1)))):
            line = mean[f"{rule}_surplus"] + needed
            ax.plot(mean.index, line, color=own, lw=1.8, ls=dashes, label=say(f"workforce.line.{rule}"))
        years(ax, view)
        ax.set_title(stage_title(view, stage))
        ax.set_ylim(0, ax.get_ylim()[1] * 1.05)
        ax.yaxis.set_major_formatter(lambda value, _: view.say.number(value))
    axes[0, 0].set_ylabel(view.say("workforce.axis"))
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    headline(figure, view, _finding(view, table))
    return figure


def _finding(view: View, table: pd.DataFrame) -> str:
    """Say how many teachers stand above the standard (or are missing) in the last year, while how many are hired."""
    last = table["year"].max()
    parts = []
    for stage in view.stages:
        mine = table[table["stage"] == stage]
        now, later = mine[mine["year"] == last], mine[mine["year"] > view.first]
        over = float(now["surplus"].mean())
        key = "workforce.above" if over >= 0 else "workforce.below"
        hired = view.say.number(float(later["hires"].mean()) if len(later) else 0.0)
        sign = 1.0 if over >= 0 else -1.0
        ends = sorted((sign * now["surplus"]).quantile(list(sureness().interval)).tolist())
        sure = count(int(((now["surplus"] > 0) == (over >= 0)).sum()), len(now), view.lang)
        words = {
            "n": view.say.number(abs(over)),
            "range": view.say.interval(*map(view.say.number, ends)),
            "count": sure,
        }
        parts.append(view.say(key, stage=view.say(f"stage.{stage}"), hires=hired, **words))
    title = view.title(view.focus)
    return view.say("workforce.finding", year=last, parts=view.say("join").join(parts), title=title)


FIGURES = {"teachers_staff": Exhibit(staff, no_workforce)}
