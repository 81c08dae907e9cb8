"""The tables of the reports: big numbers, scenarios at a glance, paired differences,
verdicts, crowding, rotation, dates and costs.
"""

from __future__ import annotations

from typing import cast

import numpy as np
import pandas as pd

from simsim.districts.facts import NO_RULE
from simsim.inputs.indicators import count, indicators, named_on
from simsim.inputs.numbers import defined
from simsim.inputs.standards import load_standard
from simsim.report.exhibit import Exhibit, no_others
from simsim.report.figures import money as figures_money
from simsim.report.figures.balance import line_of
from simsim.report.figures.schools import ROTATION, no_rotation, rotating
from simsim.report.markup import Safe, details, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.sureness import counted, counts, grey, hangs_on, primary_first
from simsim.report.view import ALL, View

TINTS = {"very_likely_higher": 2, "likely_higher": 1, "likely_lower": 1, "very_likely_lower": 2}
ARROWS = {
    "very_likely_higher": "▲",
    "likely_higher": "△",
    "likely_lower": "▽",
    "very_likely_lower": "▼",
    "small": "≈",
    "few": "?",
    "same": "=",
    "unclear": "·",
}


FEW = "few"


def interval(view: View, row: pd.Series, indicator: str, sign: bool = False) -> str:
    """Return low and high as text."""
    told = view.say.value if "median" in row else view.say.gap
    low, high = (told(row[name], indicator, sign) for name in ("low", "high"))
    return view.say.interval(low, high)


def tint(verdict: str, indicator: str) -> str:
    """Return the colour class of a verdict: good or bad for pupils, strong or
    weak; none when the direction says nothing.
    """
    entry = indicators().get(indicator)
    if verdict not in TINTS or entry is None or entry.good == "none":
        return ""
    kind = "good" if verdict.endswith("higher") == (entry.good == "up") else "bad"
    return kind + ("2" if TINTS[verdict] == 2 else "")


def stages_of(view: View, indicator: str) -> list[str]:
    """Return the stages for which an indicator was recorded: both, or the whole district when there is no other."""
    table = view.levels
    there = {s for s in (*view.stages, ALL) if (view.focus, indicator, s, ALL, view.last) in table.index}
    return [s for s in view.stages if s in there] or ([ALL] if ALL in there else [])


# ---- scenarios at a glance ----

GLANCE = (
    ("seat_use", "primary"), ("seat_use", "junior"), ("displaced_entrants_share", "primary"),
    ("displaced_entrants_share", "junior"), ("over_capacity", "primary"), ("over_capacity", "junior"),
    ("large_classes_56", "primary"), ("large_classes_56", "junior"), ("cv_composite", "primary"),
    ("cv_composite", "junior"),
    ("teacher_gap", "primary"), ("teacher_gap", "junior"), ("ses_gap", "primary"), ("ses_gap", "junior"),
    ("score", "primary"), ("score", "junior"),
)  # fmt: skip


def glance(view: View) -> Safe:
    """Return every scenario's difference from the base in the last year, tinted by how sure and how good it is."""
    listed = [(name, stage) for name, stage in GLANCE if stage in stages_of(view, name)]
    shown = sorted(listed, key=lambda one: bool(grey(one[0])))
    headings = ["", *(view.title(name) for name in view.others)]
    rows = []
    for indicator, stage in shown:
        base = view.say.value(view.level(view.base, indicator, stage)["median"], indicator)
        under = view.say("glance.base", stage=view.say(f"stage.{stage}"), value=base)
        label = Safe(f"{text(view.say.label(indicator))}<small>{text(under)}</small>")
        rows.append([(label, grey(indicator)), *(_glance_cell(view, name, indicator, stage) for name in view.others)])
    key = joined(tag("span", view.say(f"glance.{name}"), name) for name in ("good2", "good", "bad", "bad2"))
    return joined([html_table(headings, rows, css="glance"), tag("p", key, "key")])


def _glance_cell(view: View, scenario: str, indicator: str, stage: str) -> tuple[Safe, str]:
    """Return a difference with its sign of sureness, and the words only where they say something."""
    row = view.difference(scenario, indicator, stage)
    value = view.say.value(row["mean"], indicator, sign=True)
    words = row["words"] if row["verdict"] in (*TINTS, FEW) else ""
    under = view.say("join").join(filter(None, (words, counted(view, row) if row["verdict"] else "")))
    cell = Safe(f"{text(value)}&nbsp;{ARROWS.get(row['verdict'], '')}<small>{text(under)}</small>")
    return cell, " ".join(filter(None, (tint(row["verdict"], indicator), grey(indicator))))


# ---- paired differences ----

HIDDEN = ("cost_capital", "cost_running", "cost_staff", "basic_met")


def paired(view: View, scenario: str | None = None) -> Safe:
    """Return the paired differences of a scenario from the base: the year the plan ended beside the last year."""
    scenario = scenario or view.focus
    say, years = view.say, (view.middle, view.last)
    headings = [say("paired.indicator"), say("paired.stage"), say("paired.base", year=view.last)]
    for year in years:
        headings += [say("paired.difference", year=year), say("paired.words", year=year)]
    headings.append(say("paired.evidence", year=view.last))
    names = [
        name for name, entry in indicators().items() if entry.headline and view.recorded(name) and name not in HIDDEN
    ]
    rows = [
        _paired_row(view, scenario, name, stage, years)
        for name in primary_first(names)
        for stage in stages_of(view, name)
    ]
    return html_table(headings, rows, say("paired.caption", named=named_on(), n=view.n), words=(0, 1, 4, 6, 7))


def _paired_row(view: View, scenario: str, indicator: str, stage: str, years: tuple[int, int]) -> list[object]:
    css = grey(indicator)
    unit = view.say.unit(indicator)
    row: list[object] = [
        (Safe(f"{text(view.say.label(indicator))}<small>{text(unit)}</small>"), css),
        (view.say(f"stage.{stage}"), css),
    ]
    row.append((view.say.value(view.level(view.base, indicator, stage)["median"], indicator), css))
    for year in years:
        found = view.difference(scenario, indicator, stage, year)
        band = interval(view, found, indicator)
        mean = Safe(f"{text(view.say.value(found['mean'], indicator, sign=True))}<small>{text(band)}</small>")
        row.append((mean, css))
        under = tag("small", counts(view, found, indicator)) if found["verdict"] else ""
        sign = ARROWS.get(found["verdict"], "")
        classes = " ".join(filter(None, (tint(found["verdict"], indicator), css)))
        row.append((Safe(f"{sign} {text(found['words'])}{under}"), classes))
    evidence = hangs_on(view, view.evidence(scenario, indicator, stage)) if found["verdict"] else ""
    return [*row, (evidence, css)]


def paired_others(view: View) -> Safe:
    """Return the paired differences of all other scenarios, folded."""
    return joined(
        details(view.title(name), paired(view, name), annex=True) for name in view.others if name != view.focus
    )


# ---- verdicts of the official methods ----


def verdict(view: View, scenario: str) -> str:
    """Return in how many worlds a scenario meets the resource part in every stage, in the official words."""
    met = [view.by_world(scenario, "basic_met", stage).dropna() for stage in view.stages]
    every = pd.concat(met, axis=1, join="inner").min(axis=1)
    worlds = count(float(every.sum()), len(every), view.lang)
    return view.say("verdict.met", count=worlds) if len(every) else view.say.not_defined


def verdicts(view: View) -> Safe:
    """Return the composite against its line for every scenario and stage, and in how many worlds the part is met."""
    say, standard = view.say, load_standard("basic-2012")
    headings = [say("scenario"), *(say(f"stage.{s}") for s in view.stages), say("verdict.heading")]
    rows: list[list[object]] = []
    for name in view.scenarios:
        bands = [view.level(name, "cv_composite", stage) for stage in view.stages]
        values = [
            Safe(f"{text(say.number(b['median'], 3))}<small>{text(interval(view, b, 'cv_composite'))}</small>")
            for b in bands
        ]
        rows.append([view.title(name), *values, verdict(view, name)])
    limits = [say.number(line_of(standard, stage), 2) for stage in view.stages]
    rows.append([(say("verdict.line"), "quiet"), *((limit, "quiet") for limit in limits), ""])
    return html_table(headings, rows, say("verdict.caption", year=view.last), words=(0, len(headings) - 1))


CROWDING = (
    "seat_use", "class_size", "over_capacity", "displaced_entrants_share", "crowded_schools", "large_classes_56",
    "large_classes_66",
    "distance_km", "distance_p95_km",
)  # fmt: skip


def crowding(view: View) -> Safe:
    """Return seats, class sizes, displacement and distances of every scenario in the last year, by stage."""
    shown = [name for name in CROWDING if view.recorded(name)]
    headings = [view.say("scenario"), *(_heading(view, name) for name in shown)]
    return joined(
        html_table(
            headings,
            [_levels(view, name, shown, s) for name in view.scenarios],
            view.say("crowding.caption", stage=view.say(f"stage.{s}"), year=view.last),
        )
        for s in view.stages
    )


def _heading(view: View, indicator: str) -> Safe:
    """Return an indicator's name over its unit."""
    return Safe(f"{text(view.say.label(indicator))}<small>{text(view.say.unit(indicator))}</small>")


def _levels(view: View, scenario: str, names: list[str], stage: str) -> list[object]:
    cells: list[object] = [view.title(scenario)]
    for indicator in names:
        band = view.level(scenario, indicator, stage)
        middle, around = view.say.value(band["median"], indicator), interval(view, band, indicator)
        cells.append(Safe(f"{text(middle)}<small>{text(around)}</small>"))
    return cells


# ---- rotation ----


def rotation(view: View) -> Safe:
    """Return what rotation came to in every scenario that rotates: moves, shares
    against the national rule, refusals, distance.
    """
    say = view.say
    names = rotating(view)
    keys = ("moves", "share", "backbone", "refusals", "km")
    rows = [[view.title(name), *_rotation_cells(view, name)] for name in names]
    national = [say("rotation.rule"), "", say("rotation.rule_share"), say("rotation.rule_backbone"), "", ""]
    headings = [say("scenario"), *(say(f"rotation.{key}") for key in keys)]
    rule = [] if NO_RULE in say.states else [[(cell, "quiet") for cell in national]]
    return html_table(headings, [*rows, *rule], say("rotation.caption", n=view.n))


def _rotation_cells(view: View, scenario: str) -> list[object]:
    moves = view.results.frame("teacher_moves")
    mine = moves[(moves["scenario"] == scenario) & (moves["reason"] == ROTATION)]
    runs, years = len(view.results.replications(scenario)), len(view.years) - 1
    moved, km = len(mine) / runs / max(years, 1), float(mine["km"].mean()) if len(mine) else np.nan
    return [
        view.say.number(moved),
        *(_of_the_rule(view, scenario, value) for value in ("moved_share", "moved_backbone")),
        view.say.number(_mean_over_years(view, scenario, "rotation_refusals")),
        view.say.number(km, 1),
    ]


def _of_the_rule(view: View, scenario: str, value: str) -> object:
    """Return a share that the national rule is about, as the decision page has it: median and range of worlds."""
    table = view.numbers
    mine = table[(table["option"] == scenario) & (table["value"] == value)]
    if mine.empty or not defined(mine["median"].iloc[0]):
        return view.say.not_defined
    median, low, high = (view.say.percent(float(mine[name].iloc[0]), 1) for name in ("median", "low", "high"))
    return Safe(f"{text(median)}<small>{text(view.say.interval(low, high))}</small>")


def _mean_over_years(view: View, scenario: str, indicator: str) -> float:
    """Return the mean over worlds and the years after the first, of all stages; NaN when it was not recorded."""
    for stage in (ALL, *view.stages):
        means = [view.level(scenario, indicator, stage, year)["mean"] for year in view.years[1:]]
        if any(map(defined, means)):
            return float(np.nanmean(means))
    return np.nan


# ---- dates and money ----


def milestones(view: View) -> Safe:
    """Return the share of replications that met each milestone, in every scenario that has any."""
    tables = {name: figures_money.promised(view, name) for name in view.scenarios}
    tables = {name: t.set_index(["measure", "milestone", "due"]) for name, t in tables.items() if len(t)}
    if not tables:
        return tag("p", view.say("none.milestones"))
    keys = list(dict.fromkeys(key for t in tables.values() for key in t.sort_values("due", kind="stable").index))
    rows, names = [], figures_money.milestone_words(view)
    for key in keys:
        strives = any(bool(t.loc[key, "striving"]) for t in tables.values() if key in t.index)
        label = f"{key[0]} {names[key[1]]}"
        cells = [_milestone_cell(view, t, key) for t in tables.values()]
        rows.append([label, str(key[2]) + (view.say("milestones.strive") if strives else ""), *cells])
    headings = [view.say("milestones.name"), view.say("milestones.due"), *(view.title(name) for name in tables)]
    return html_table(headings, rows, words=(0, 1))


def _milestone_cell(view: View, table: pd.DataFrame, key: tuple[str, str, str]) -> object:
    if key not in table.index:
        return ""
    row = cast(pd.Series, table.loc[key, :])
    month = view.say.month(str(row["done"]))
    done = view.say("milestones.done", month=month) if row["done"] else view.say("milestones.open")
    return Safe(f"{text(view.say.percent(float(row['met'])))}<small>{text(done)}</small>")


def costs(view: View) -> Safe:
    """Return capital, running and total cost of every scenario with the difference from the base."""
    say = view.say
    base = figures_money.totals(view, view.base)
    rows = []
    for name in view.scenarios:
        table = figures_money.totals(view, name)
        middle = table.median()
        row = view.judged(table["total"], base["total"], "cost_capital")
        difference = [say.money(row["mean"], sign=True), row["words"]] if name != view.base else ["", ""]
        rows.append(
            [view.title(name), *(say.money(middle[key]) for key in ("capital", "running", "total")), *difference]
        )
    headings = [
        say("scenario"),
        say("costs.capital"),
        say("costs.running"),
        say("costs.total"),
        say("costs.difference"),
        "",
    ]
    return html_table(headings, rows, say("costs.caption", first=view.first, last=view.last), words=(0, 5))


TABLES = {
    "glance": Exhibit(glance, no_others),
    "paired": Exhibit(paired, no_others),
    "paired_others": Exhibit(paired_others, no_others),
    "verdicts": Exhibit(verdicts),
    "crowding": Exhibit(crowding),
    "rotation": Exhibit(rotation, no_rotation),
    "milestones": Exhibit(milestones, figures_money.no_milestones),
    "costs": Exhibit(costs, figures_money.no_costs),
}
