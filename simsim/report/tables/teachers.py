"""Tables of the teachers' report: who retires, is needed and is hired, by year and by subject; and rotation."""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from simsim.experiments.outlook import area_at
from simsim.experiments.workforce import COLUMNS, whole
from simsim.inputs import parameters
from simsim.inputs.indicators import sureness
from simsim.record.workforce import GROUPS, PUBLIC
from simsim.report.exhibit import Exhibit
from simsim.report.figures.schools import ROTATION, no_rotation, rotating
from simsim.report.figures.style import capital
from simsim.report.figures.teachers import no_workforce, shown_years
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.differences import ARROWS, tint
from simsim.report.tables.filled import filled_note, noted
from simsim.report.tables.sureness import counted
from simsim.report.view import View

GAP = "teacher_gap"
RESTING, ROTATING = ("public_teachers", "posts"), ("rotation_good_share",)
"""The indicators by which it is told whether numbers rest on filled columns."""
HUNDRED = 100
MOST_WAYS = 15
"""So many ways from area to area are listed, the busiest first; the rest in one line."""
RANGED = ("teachers", "surplus", "as_retire_surplus", "to_need_surplus")
FLOWS = ("retirements", "exits", "hires", "as_retire_hires", "to_need_hires")


def years(view: View) -> Safe:
    """Return, stage by stage and year by year, who leaves, is needed and is hired, beside the two rules."""
    table = whole(view.workforce(view.focus))
    shown = shown_years(view)
    parts = [_years(view, table[table["stage"] == stage], stage, shown) for stage in view.stages]
    note = view.say("workforce.short_run", last=view.last, wanted=shown.stop - 1)
    return joined(
        [filled_note(view, RESTING), *parts, *([tag("p", note, "quiet")] if view.last < shown.stop - 1 else [])]
    )


def _years(view: View, mine: pd.DataFrame, stage: str, shown: range) -> Safe:
    rows = [
        [str(year), *_numbers(view, mine[mine["year"] == year], year > view.first)]
        for year in shown
        if year in view.years
    ]
    title = view.say("workforce.years", stage=view.say(f"stage.{stage}"), title=view.title(view.focus))
    return html_table(_headings(view, "year"), rows, title)


def _headings(view: View, first: str) -> list[str]:
    return [view.say(f"workforce.{first}"), *(view.say(f"workforce.{name}") for name in COLUMNS)]


def _numbers(view: View, mine: pd.DataFrame, moves: bool = True) -> list[object]:
    """Return the cells of one row: means over worlds, some with 5-95 %; the first year has no flows."""
    cells: list[object] = []
    for name in COLUMNS:
        if name in FLOWS and not moves:
            cells.append("")
            continue
        mean = view.say.number(float(mine[name].mean()))
        around = tag("small", _band(view, mine[name])) if name in RANGED else ""
        cells.append(Safe(f"{text(mean)}{around}"))
    return cells


def _band(view: View, values: pd.Series) -> str:
    low, high = map(view.say.number, np.quantile(values.to_numpy(float), sureness().interval).tolist())
    return view.say.interval(low, high)


def subjects(view: View) -> Safe:
    """Return, stage by stage and subject by subject, the flows of all years and the stocks of the last one shown."""
    table, shown = view.workforce(view.focus), shown_years(view)
    end = min(shown.stop - 1, view.last)
    table = table[(table["year"] <= end) & (table["year"] > view.first)]
    keys = ["stage", "group", "replication"]
    sums = table.groupby(keys)[list(FLOWS)].sum()
    last = table[table["year"] == end].set_index(keys).drop(columns=list(FLOWS))
    wide = last.join(sums).reset_index()
    parts = []
    for stage in view.stages:
        mine = wide[wide["stage"] == stage]
        rows = [
            [view.say(f"group.{group}"), *_numbers(view, mine[mine["group"] == group])]
            for group in (*GROUPS[1:], PUBLIC)
        ]
        span = {"first": view.first + 1, "last": end, "title": view.title(view.focus)}
        title = view.say("workforce.subjects", stage=view.say(f"stage.{stage}"), **span)
        parts.append(html_table(_headings(view, "subject"), rows, title))
    return noted(view, RESTING, joined(parts))


# ---- rotation ----

QUOTA = ("rotation_good_share", "rotation_good_backbone_share")
RULES = ("rotation_rate_policy", "rotation_backbone_share")


def quota(view: View) -> Safe:
    """Return, by year of the focus, moves, refusals, quota and backbone share reached against the national rule."""
    say, name = view.say, _told(view)
    limits = [parameters.load()[rule].value for rule in RULES]
    frame = view.results.rows_if_any("district_year", {"scenario": [name], "stage": ["all"], "group": ["all"]})
    wanted = [*QUOTA, "rotated", "rotation_eligible", "rotation_refusals"]
    frame = frame[frame["indicator"].isin(wanted)].astype({"indicator": str})
    wide = frame.pivot_table(index=["year", "replication"], columns="indicator", values="value")
    rows: list[list[object]] = []
    for year, mine in wide.groupby("year"):
        met = np.logical_and(*((mine[c] >= limit).to_numpy() for c, limit in zip(QUOTA, limits, strict=True)))
        shares = [Safe(f"{say.percent(float(mine[c].mean()), 1)}{tag('small', _shares(view, mine[c]))}") for c in QUOTA]
        counts = [say.number(float(mine[c].mean())) for c in wanted[2:]]
        rows.append([str(year), *counts, *shares, say("workforce.of", k=int(met.sum()), n=len(met))])
    rule = [say("rotation.rule"), "", "", "", *(say("workforce.at_least", share=say.percent(x)) for x in limits), ""]
    headings = [
        say(f"workforce.{key}") for key in ("year", "moves", "eligible", "refusals", "quota", "backbone", "met")
    ]
    title = say("workforce.quota_caption", title=view.title(name))
    return noted(view, ROTATING, html_table(headings, [*rows, [(cell, "quiet") for cell in rule]], title))


def _told(view: View) -> str:
    """Return the focus where it rotates, else the first scenario that does."""
    names = rotating(view)
    return view.focus if view.focus in names else names[0]


def _shares(view: View, values: pd.Series) -> str:
    low, high = (view.say.percent(x, 1) for x in np.quantile(values.to_numpy(float), sureness().interval).tolist())
    return view.say.interval(low, high)


def ways(view: View) -> Safe:
    """Return who rotates from which area to which, the busiest first: teachers a year, backbone share, distance."""
    say, name = view.say, _told(view)
    moves = view.results.rows_if_any("teacher_moves", {"scenario": [name], "reason": [ROTATION]})
    places = view.schools.loc[name]
    area = pd.Series(
        area_at(view.district, places["x_km"].to_numpy(float), places["y_km"].to_numpy(float)), index=places.index
    )
    ends = {
        end: area.reindex(pd.MultiIndex.from_arrays([moves["year"], moves[end]])).to_numpy()
        for end in ("origin", "destination")
    }
    groups = moves.assign(**ends).groupby(["origin", "destination"], observed=True)
    table = groups.agg(n=("km", "size"), backbone=("backbone", "mean"), km=("km", "mean")).reset_index()
    table["n"] /= len(view.results.replications(name)) * max(len(view.years) - 1, 1)
    table = table.sort_values("n", ascending=False, kind="stable")
    rows: list[list[object]] = [
        [
            capital(view.area(str(r["origin"]))),
            capital(view.area(str(r["destination"]))),
            say.number(float(r["n"]), 1),
            say.percent(float(r["backbone"])),
            say.number(float(r["km"]), 1),
        ]
        for _, r in table.head(MOST_WAYS).iterrows()
    ]
    rest = table.iloc[MOST_WAYS:]
    if len(rest):
        rows.append([say("workforce.rest", n=len(rest)), "", say.number(float(rest["n"].sum()), 1), "", ""])
    headings = [say(f"workforce.{key}") for key in ("from", "to", "a_year", "backbone_share", "km")]
    title = say("workforce.ways_caption", title=view.title(name), n=view.n)
    return noted(view, ROTATING, html_table(headings, rows, title, words=(0, 1)))


def no_gap(view: View) -> str:
    """Return the words for a view without rotation, or without a scenario to compare with."""
    return no_rotation(view) or ("" if view.others else "none.others")


def gap(view: View) -> Safe:
    """Return by how much the gap in teaching between schools is narrower than in the base, and per hundred moves."""
    say = view.say
    rows: list[list[object]] = []
    for name in (one for one in rotating(view) if one != view.base):
        moves = _moves(view, name)
        for stage in view.stages:
            row = view.difference(name, GAP, stage)
            value = Safe(f"{text(say.value(row['mean'], GAP, sign=True))}{tag('small', _around(view, row))}")
            words = Safe(f"{ARROWS.get(row['verdict'], '')} {text(row['words'])}{tag('small', counted(view, row))}")
            per = HUNDRED * row["mean"] / moves[stage] if moves.get(stage, 0.0) else np.nan
            base = say.value(view.level(view.base, GAP, stage)["mean"], GAP)
            cells = [
                say(f"stage.{stage}"),
                say.number(moves.get(stage, 0.0)),
                base,
                value,
                (words, tint(row["verdict"], GAP)),
            ]
            rows.append([view.title(name), *cells, say.number(per, 4, sign=True)])
    keys = ("scenario", "stage", "moves_all", "gap_base", "gap", "gap_words", "per_move")
    headings = [say(f"workforce.{key}", year=view.last, first=view.first + 1) for key in keys]
    return html_table(headings, rows, say("workforce.gap_caption", n=view.n), words=(0, 1, 5))


def _around(view: View, row: pd.Series) -> str:
    return view.say.interval(*(view.say.value(row[end], GAP, sign=True) for end in ("low", "high")))


def _moves(view: View, scenario: str) -> dict[str, float]:
    """Return the moves of all years by stage, mean over worlds."""
    moves = view.results.rows_if_any("teacher_moves", {"scenario": [scenario], "reason": [ROTATION]})
    counts = moves["stage"].astype(str).value_counts() / len(view.results.replications(scenario))
    return cast("dict[str, float]", counts.to_dict())


TABLES = {
    "teachers_years": Exhibit(years, no_workforce),
    "teachers_subjects": Exhibit(subjects, no_workforce),
    "teachers_quota": Exhibit(quota, no_rotation),
    "teachers_ways": Exhibit(ways, no_rotation),
    "teachers_gap": Exhibit(gap, no_gap),
}
