"""Tables of gains and losses: of children by where they live and who they are, whatever school they attend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd

from simsim.experiments.once import once
from simsim.experiments.outlook import areas
from simsim.experiments.results import Results
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.figures.district import no_homes
from simsim.report.figures.style import capital
from simsim.report.lines import Lines
from simsim.report.markup import Safe, details, joined, text
from simsim.report.markup import table as html_table
from simsim.report.tables.differences import ARROWS, tint
from simsim.report.tables.sureness import counted
from simsim.report.view import ALL, View

GROUPS = (ALL, "home_urban", "home_rural", "local", "migrant", "poor", "ses_low", "ses_high")
MEASURES = {
    "distance_km": "distance_km",
    "class_size": "class_size_met",
    "teaching": "teaching_met",
    "score": "score",
    "turned_away": "turned_away",
}
"""What is told of every group (words `gains.*`), and the indicator it is judged by."""
SUMMED = "turned_away"
"""Children turned away are counted over all years, the rest is told of the last year."""
HEADS = "pupils"


def gains(view: View) -> Safe:
    """Return what every group of children gains and loses against the base, stage by stage."""
    return joined(_by_group(view, view.focus, stage) for stage in view.stages)


def gains_others(view: View) -> Safe:
    """Return the same of all other scenarios, folded."""
    rest = [name for name in view.others if name != view.focus]
    return joined(
        details(view.title(name), joined(_by_group(view, name, s) for s in view.stages), annex=True) for name in rest
    )


def gains_areas(view: View) -> Safe:
    """Return what the children of every area (subdistrict or town) gain and lose against the base, by stage."""
    ours, theirs = (by_area(view, name) for name in (view.focus, view.base))
    gaps = (ours - theirs).dropna(axis=0, how="all").dropna(axis=1, how="all")
    found = view.judged_rows(pd.concat({view.last: gaps}, names=["year"]).reorder_levels([1, 2, 3, 0]))
    return joined(_by_area(view, found, theirs.mean(axis=1), stage) for stage in view.stages)


def _headings(view: View, first: str) -> list[str]:
    span = {"first": view.first, "last": view.last}
    return [view.say(f"gains.{first}"), *(view.say(f"gains.{name}", **span) for name in MEASURES)]


def _by_group(view: View, scenario: str, stage: str) -> Safe:
    rows: list[list[object]] = []
    for group in GROUPS:
        cells, known = [], False
        for name in MEASURES.values():
            base, found = _levels(view, scenario, name, stage, group)
            cells.append(_cell(view, base, found, name))
            known |= name != SUMMED and defined(base)
        if not known:  # nobody of this group lives or learns here
            continue
        rows.append([view.say(f"group.{group}" if group != ALL else "gains.everybody"), *cells])
    title = view.say("gains.caption", stage=view.say(f"stage.{stage}"), title=view.title(scenario), year=view.last)
    return html_table(_headings(view, "group"), rows, title)


def _levels(view: View, scenario: str, name: str, stage: str, group: str) -> tuple[float, pd.Series]:
    """Return the base's mean and the paired difference of a group in the last year, or summed over all years."""
    if name != SUMMED:
        return float(view.level(view.base, name, stage, group=group)["mean"]), view.difference(
            scenario, name, stage, group=group
        )
    ours, theirs = (_summed(view, one, stage, group) for one in (scenario, view.base))
    return float(theirs.mean()), view.judged(ours, theirs, name)


def _summed(view: View, scenario: str, stage: str, group: str) -> pd.Series:
    """Return the children turned away over all years by replication."""
    return view.turned_away.get((scenario, stage, group), pd.Series(dtype=float))


def _cell(view: View, base: float, row: pd.Series, indicator: str) -> object:
    """Return a difference with its sign of sureness, and the base and the count of worlds under it."""
    value = view.say.value(row["mean"], indicator, sign=True)
    known = view.say("gains.base", value=view.say.value(base, indicator))
    under = view.say("join").join(filter(None, (known, counted(view, row) if row["verdict"] else "")))
    cell = Safe(f"{text(value)}&nbsp;{ARROWS.get(row['verdict'], '')}<small>{text(under)}</small>")
    return cell, tint(row["verdict"], indicator)


# ---- by area ----


def by_area(view: View, scenario: str) -> pd.DataFrame:
    """Return what the children of each area meet: a row per indicator, stage and area (`group`), a column per world.

    Means of the last year weighted by pupils, children turned away summed over all years.
    """
    return _in_areas(view.results, scenario, view.last, tuple(areas(view.district).items()))


@once
def _in_areas(results: Results, scenario: str, last: int, places: Sequence[tuple[object, object]]) -> pd.DataFrame:
    names = [*MEASURES.values(), HEADS]
    frame = results.rows_if_any("neighbourhood_year", {"scenario": [scenario], "indicator": names})
    frame = frame[(frame["year"] == last) | (frame["indicator"] == SUMMED)]
    area = frame["neighbourhood"].map(dict(places))
    keys = [frame["stage"].astype(str), area, frame["neighbourhood"], frame["replication"]]
    values = frame["value"].groupby([frame["indicator"].astype(str), *keys]).sum()
    wide = values.unstack(0).rename_axis(index=["stage", "group", "neighbourhood", "replication"])
    weights = wide[HEADS].fillna(0.0)
    means = [name for name in MEASURES.values() if name != SUMMED]
    sums = wide[means].mul(weights, axis=0).assign(**{HEADS: weights, SUMMED: wide[SUMMED]})
    sums = sums.groupby(["stage", "group", "replication"]).sum()
    found = sums[means].div(sums[HEADS].where(sums[HEADS] > 0), axis=0).assign(**{SUMMED: sums[SUMMED]})
    return cast(pd.DataFrame, found.rename_axis(columns="indicator").stack().unstack("replication")).reorder_levels(
        ["indicator", "stage", "group"]
    )


def _by_area(view: View, found: Lines, base: pd.Series, stage: str) -> Safe:
    rows: list[list[object]] = []
    for area in dict.fromkeys(areas(view.district)):
        keys = [(name, stage, area) for name in MEASURES.values()]
        known = [float(base.get(key, np.nan)) for key in keys]
        cells = [_cell(view, value, found[*key, view.last], key[0]) for key, value in zip(keys, known, strict=True)]
        rows.append([capital(view.area(area)), *cells])
    title = view.say("gains.areas", stage=view.say(f"stage.{stage}"), title=view.title(view.focus), year=view.last)
    return html_table(_headings(view, "area"), rows, title)


TABLES = {
    "gains": Exhibit(gains, no_homes),
    "gains_others": Exhibit(gains_others, no_homes),
    "gains_areas": Exhibit(gains_areas, no_homes),
}
