"""The figure of one school or area: pupils against seats, with their ranges, in base and focus."""

from __future__ import annotations

from matplotlib.figure import Figure

from simsim.experiments.one_place import in_year
from simsim.inputs.indicators import count, sureness
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import colour, from_zero, headline, legend, marker, stage_title, years
from simsim.report.view import View


def no_place(view: View) -> str:
    """Return the words for a view of no school or area."""
    return "" if view.place is not None else "none.place"


def stages_there(view: View) -> list[str]:
    """Return the stages that the place teaches in the focus, or the base."""
    there = {stage for name in view.pair for stage in view.at_place(name).index.get_level_values("stage")}
    return [stage for stage in view.stages if stage in there]


@drawn
def seats(view: View) -> Figure:
    """Pupils with their band against seats, stage by stage."""
    stages = stages_there(view)
    figure, axes = sheet(1, len(stages), 3.6)
    for ax, stage in zip(axes[0], stages, strict=True):
        for name in view.pair:
            table = view.at_place(name)
            if stage not in table.index.get_level_values("stage"):
                continue
            groups = table.xs(stage, level="stage").groupby("year")
            low, high = (groups["pupils"].quantile(share) for share in sureness().interval)
            ax.fill_between(low.index, low, high, color=colour(name), alpha=0.16, lw=0)
            ax.plot(low.index, groups["pupils"].median(), color=colour(name), lw=2, ls=(0, (4, 1.5)))
            seats = groups["seats"].median()
            ax.plot(seats.index, seats, color=colour(name), lw=2.2, marker=marker(name), ms=4.5)
        years(ax, view)
        from_zero(ax)
        ax.set_title(stage_title(view, stage))
        ax.yaxis.set_major_formatter(lambda value, _: view.say.number(value))
    axes[0, 0].set_ylabel(view.say("enrolment.axis"))
    legend(figure, view, view.pair)
    headline(figure, view, _finding(view, stages))
    return figure


def _finding(view: View, stages: list[str]) -> str:
    """Say how many seats are missing or to spare in the last year, and in how many worlds."""
    parts, place = [], view.place
    table = view.at_place(view.focus)
    for stage in stages:
        mine = in_year(table, stage, view.last)
        if mine.empty:
            continue
        gap = mine["pupils"] - mine["seats"]
        short = float(gap.median()) > 0
        ends = sorted((1.0 if short else -1.0) * end for end in gap.quantile(list(sureness().interval)).tolist())
        words = {
            "n": view.say.number(abs(float(gap.median()))),
            "range": view.say.interval(*map(view.say.number, ends)),
            "count": count(int((gap > 0).sum()), len(gap), view.lang),
        }
        parts.append(view.say(f"place.{'short' if short else 'spare'}", stage=view.say(f"stage.{stage}"), **words))
    name = place.name[view.lang] if place else ""
    return view.say("place.finding", place=name, year=view.last, parts=view.say("join").join(parts))


FIGURES = {"place_seats": Exhibit(seats, no_place)}
