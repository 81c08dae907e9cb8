"""A plan's account: heading by heading and measure by measure, what was promised, reached, paid, and on what evidence.

Everything is read from the tables of results. Numbers are medians and 5-95 % of worlds, where not said otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from simsim.experiments.costing import PAID
from simsim.experiments.decision import spread
from simsim.experiments.once import once
from simsim.experiments.places import plan_at
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import SEE, limit, met, worded
from simsim.inputs import parameters
from simsim.inputs.documents import Document
from simsim.inputs.indicators import grade_of, grades
from simsim.policy import registry
from simsim.scenarios.plan import Measure, Plan
from simsim.scenarios.plan_headings import Heading

NO_EFFECT = "none"
"""The grade of a measure of which no effect is claimed."""
CLAIMS_NOTHING = ("none claimed", "none by default")
WITH_COSTS = "cost"
NEVER = 9999.0
"""Months of delay of what is not done by the end: longer than any run, and finite so that quantiles have a meaning."""
MOST = 0.5


# ---- dates ----


def last_dates(results: Results, scenario: str, measures: Iterable[str], plan: Plan | None = None) -> pd.DataFrame:
    """Return the milestones of some measures that are due last, by replication; with a plan only those it promises.

    Columns: replication, due, met (all of them), late (months from due to done, the longest; NEVER in a world in
    which one was not done), measures (whose they are). Empty where the measures have no dated promise.
    """
    results.frame("milestones")  # read whole, once: every measure asks for some of it
    wanted = list(measures)
    mine = results.rows_if_any("milestones", {"scenario": [scenario], "measure": wanted})
    if plan is not None:
        promised = {(m.id, step.name) for m in plan.measures.values() for step in m.milestones}
        pairs = list(zip(_words(mine["measure"]), _words(mine["milestone"]), strict=True))
        mine = mine[[pair in promised for pair in pairs]]
    if mine.empty:
        return pd.DataFrame(columns=["replication", "due", "met", "late", "measures"])
    due = _words(mine["due"])
    last = [month == max(due) for month in due]
    mine, due = mine[last], [max(due)] * sum(last)
    done = _words(mine["done"])
    months = {month: _months(month) for month in {*due, *done}}
    late = [months[end] - months[due[0]] if end else NEVER for end in done]
    found: pd.DataFrame = (
        mine.assign(due=due, late=late)
        .groupby("replication")
        .agg(due=("due", "first"), met=("met", "min"), late=("late", "max"))
    )
    there = set(_words(mine["measure"]))
    found["measures"] = " ".join(m for m in wanted if m in there)
    return found.reset_index()


def _words(column: pd.Series) -> list[str]:
    """Return a column as words."""
    return [str(word) for word in column.tolist()]


def _months(month: str) -> float:
    """Return months since the year 0 of a month such as 2016-09; NaN for none."""
    year, _, rest = month.partition("-")
    return 12.0 * int(year) + int(rest) if rest else np.nan


# ---- money and dose ----


def paid(results: Results, scenario: str, measures: Iterable[str]) -> pd.Series:
    """Return what some measures cost the district over all years (capital and running), by replication."""
    table = results.frame("costs")
    keep = (table["scenario"] == scenario) & table["measure"].isin(list(measures)) & table["kind"].isin(PAID)
    sums = table[keep].groupby("replication")["value"].sum()
    return sums.reindex(results.replications(scenario)).fillna(0.0)


def reached(results: Results, scenario: str, measure: str) -> pd.Series:
    """Return what a measure touched over the run, by replication; empty where the scenario does not have it."""
    table = results.frame("touched")
    mine = table[(table["scenario"] == scenario) & (table["measure"] == measure)]
    sums = mine.groupby("replication")["value"].sum()
    return sums.reindex(results.replications(scenario)).fillna(0.0) if len(mine) else sums


def granted(results: Results, scenario: str, measure: str) -> pd.Series:
    """Return the share granted of what a measure wanted over the run, by replication; empty where it wanted nothing."""
    if "instance_year" not in results.tables:
        return pd.Series(dtype=float)
    table = results.frame("instance_year")
    mine = table[(table["scenario"] == scenario) & (table["measure"] == measure) & (table["planned"] > 0)]
    sums = mine.assign(got=mine["planned"] * mine["funded"]).groupby("replication")[["planned", "got"]].sum()
    return sums["got"] / sums["planned"]


def first_cut(results: Results, scenario: str, measure: str) -> int | None:
    """Return the first year in which a measure got less than it wanted in most worlds; None where there is none."""
    table = results.frame("instance_year")
    mine = table[(table["scenario"] == scenario) & (table["measure"] == measure) & (table["planned"] > 0)]
    cut = mine.assign(cut=mine["funded"] < 1.0).groupby("year")["cut"].mean()
    years = cut.index[cut > MOST]
    return int(years[0]) if len(years) else None


# ---- evidence ----


def effect_grade(measure: Measure) -> str:
    """Return the grade of what a measure is said to do, or NO_EFFECT where nothing is claimed of it (or only what is 0
    unless a scenario assumes it).

    It is the weakest among the parameters of its effect and what the plan's file says of its dose and dates.
    """
    policy = registry().get(measure.policy or "")
    if policy is None or policy.effect.startswith(CLAIMS_NOTHING):
        return NO_EFFECT
    known = parameters.load()
    named = [known[word] for word in dict.fromkeys(re.findall(r"[\w.]+", policy.effect)) if word in known]
    effects = list({p.name: p for p in (*named, *(p for p in known.values() if _of(p, measure)))}.values())
    claimed = [p for p in effects if p.claimed]
    live = [p for p in effects if not p.claimed]
    if claimed and not live and WITH_COSTS not in policy.effect:
        return NO_EFFECT
    kinds = [p.kind for p in live] or [grades()[0].kinds[0]]
    kinds.append(str(measure.evidence.get("kind", kinds[0])))
    return min((grade_of(kind) for kind in kinds), key=lambda grade: grade.rank).name


def _of(parameter: parameters.Parameter, measure: Measure) -> bool:
    return measure.policy in parameter.for_policies and parameter.role == "effect"


def heading_grade(plan: Plan, heading: Heading) -> str:
    """Return the weakest grade among the measures of a heading that are said to do something; NO_EFFECT if none is."""
    order = {grade.name: grade.rank for grade in grades()}
    claimed = [grade for name in heading.measures if (grade := effect_grade(plan.measures[name])) != NO_EFFECT]
    return min(claimed, key=order.__getitem__, default=NO_EFFECT)


# ---- the numbers by which a heading is seen ----


def shown_lines(board: Document, heading: Heading) -> list[Document]:
    """Return what a heading is seen by, as the scoreboard (`scoreboard.worded`) writes its lines: with words, rule and
    limit, or rule SEE.
    """
    board = board["lines"]
    listed = [{**board[name], "line": name} for name in heading.lines if name in board]
    return listed + [{"rule": SEE, "line": value["indicator"], **value} for value in heading.values]


def seen(frame: pd.DataFrame, line: Document, year: int) -> pd.Series:
    """Return the number of a line in a year by replication, from rows of district_year of one scenario; empty where it
    was not recorded.
    """
    names = _names(line)
    keep = (frame["year"] == year) & frame["indicator"].isin(names)
    keep &= (frame["stage"] == line["stage"]) & (frame["group"] == line.get("group", "all"))
    if not keep.any():
        return pd.Series(dtype=float)
    table = frame[keep].set_index("replication")["value"].groupby(level=0)
    furthest = table.max() if line["rule"] == "at_most" else table.min()
    there: pd.Series[float] = furthest[table.count() == len(names)]
    return there


def _names(line: Document) -> list[str]:
    return [line["indicator"]] if isinstance(line["indicator"], str) else list(line["indicator"])


def kept(values: pd.Series, line: Document) -> int | None:
    """Return in how many replications a line's rule is kept; None for a number without a rule."""
    return None if line["rule"] == SEE else int(met(values, line).sum())


def line_limit(line: Document) -> float | None:
    """Return the number that a rule names; None for a number without a rule."""
    return None if line["rule"] == SEE else limit(line)


# ---- the two tables ----


def table_years(results: Results, plan: Plan) -> tuple[int, ...]:
    """Return the years that the comparison table shows: the plan's last, and the last of the results."""
    years = results.years
    own = years[len(years) // 2] if plan.ended is None else plan.ended - 1
    return tuple(dict.fromkeys(year for year in (own, years[-1]) if year in years))


@once
def comparison_table(results: Results, scenario: str) -> pd.DataFrame:
    """Return the plan's headings against what came of them: a row a heading, number by which it is seen, and year.

    Columns: heading, line, indicator, stage, rule, limit, year, value, low, high (median and 5-95 % of worlds), kept
    and n (worlds inside the line); and the same in every row of a heading: due, last (measures), on_time and worlds (in
    which all milestones due last are met), paid, paid_low and paid_high (yuan over all years), grade. Empty without a
    plan with headings.
    """
    plan, rows = plan_at(results, scenario), []
    if plan is not None:
        board, years = worded(results, scenario), table_years(results, plan)
        lines = {heading.key: shown_lines(board, heading) for heading in plan.headings}
        names = sorted({name for each in lines.values() for line in each for name in _names(line)})
        frame = results.rows_if_any("district_year", {"scenario": [scenario], "indicator": names, "year": list(years)})
        few = narrowed(results, [scenario])
        for heading in plan.headings:
            whole = _whole(few, scenario, plan, heading)
            found = [_seen_row(frame, line, year) for line in lines[heading.key] for year in years]
            rows += [{**whole, **row} for row in found or [{}]]
    columns = "heading line indicator stage rule limit year value low high kept n due last on_time worlds paid paid_low"
    return pd.DataFrame(rows, columns=[*columns.split(), "paid_high", "grade"])


def narrowed(results: Results, scenarios: Sequence[str]) -> Results:
    """Return results that hold a few scenarios' dates, doses and money alone, for many questions to them."""
    few = {}
    for name in ("milestones", "costs", "touched", "instance_year"):
        if name in results.tables:
            results.frame(name)  # read whole, once: tables of other scenarios ask for the rest
            few[name] = results.rows_if_any(name, {"scenario": list(scenarios)})
    few["district_year"] = results.rows_if_any("district_year", {"scenario": list(scenarios), "indicator": ["pupils"]})
    return Results(few, results.manifest)


def _whole(results: Results, scenario: str, plan: Plan, heading: Heading) -> dict[str, object]:
    """Return what is the same in every row of a heading."""
    dates = last_dates(results, scenario, heading.measures, plan)
    yuan = spread(paid(results, scenario, heading.measures))
    return {
        "heading": heading.key,
        "due": str(dates["due"].iloc[0]) if len(dates) else "",
        "last": str(dates["measures"].iloc[0]) if len(dates) else "",
        "on_time": int(dates["met"].sum()) if len(dates) else None,
        "worlds": len(dates),
        **dict(zip(("paid", "paid_low", "paid_high"), yuan, strict=True)),
        "grade": heading_grade(plan, heading),
    }


def _seen_row(frame: pd.DataFrame, line: Document, year: int) -> dict[str, object]:
    """Return one number by which a heading is seen, in a year."""
    values = seen(frame, line, year)
    value, low, high = spread(values)
    named = {"line": line["line"], "indicator": " ".join(_names(line)), "stage": line["stage"], "year": year}
    judged = {"rule": line["rule"], "limit": line_limit(line), "kept": kept(values, line), "n": len(values)}
    return {**named, **judged, "value": value, "low": low, "high": high}


@once
def measure_table(results: Results, scenario: str, bound: str | None = None) -> pd.DataFrame:
    """Return the account of every measure of the plan, in its order.

    Columns: measure, heading, department, judged (the department), in_scenario, due, on_time, worlds, delay, delay_low
    and delay_high (months after the last milestone was due, median and 5-95 %; NEVER where it is not done by the end),
    dose, dose_low, dose_high, unit, paid, paid_low, paid_high, granted and first_cut (median share that the scenario
    `bound` grants of what was wanted, and the first year of a cut), grade.
    """
    plan = plan_at(results, scenario)
    if plan is None:
        return pd.DataFrame(columns=["measure"])
    few = by_measure(narrowed(results, [scenario, *([bound] if bound else [])]), plan)
    under = {name: heading.key for heading in plan.headings for name in heading.measures}
    return pd.DataFrame(
        [
            _measure_row(few[name], scenario, plan, measure, bound) | {"heading": under.get(name, "")}
            for name, measure in plan.measures.items()
        ]
    )


def by_measure(results: Results, plan: Plan) -> dict[str, Results]:
    """Return results divided by measure: each has its own rows, and all tell the same of the district."""
    parts = {
        name: {str(measure): rows for measure, rows in table.groupby("measure", observed=True)}
        for name, table in results.tables.items()
        if "measure" in table
    }
    return {
        measure: Results(
            {name: parts[name].get(measure, table.iloc[:0]) if name in parts else table
             for name, table in results.tables.items()},
            results.manifest,
        )
        for measure in plan.measures
    }  # fmt: skip


def _measure_row(results: Results, scenario: str, plan: Plan, measure: Measure, bound: str | None) -> dict[str, object]:
    """Return the row of one measure."""
    dose, dates = reached(results, scenario, measure.id), last_dates(results, scenario, [measure.id], plan)
    policy = registry().get(measure.policy or "")
    due = str(dates["due"].iloc[0]) if len(dates) else max((f"{s.due:%Y-%m}" for s in measure.milestones), default="")
    share = granted(results, bound, measure.id) if bound else pd.Series(dtype=float)
    row: dict[str, object] = {
        "measure": measure.id,
        "department": measure.department,
        "judged": measure.department_judged,
        "in_scenario": len(dose) > 0,
        "due": due,
        "on_time": int(dates["met"].sum()) if len(dates) else None,
        "worlds": len(dates),
        "unit": policy.touches if policy else "",
        "granted": spread(share)[0],
        "first_cut": first_cut(results, bound, measure.id) if bound and len(share) else None,
        "grade": effect_grade(measure),
    }
    named = {"delay": _delays(dates), "dose": dose, "paid": paid(results, scenario, [measure.id])}
    for name, values in named.items():
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), spread(values), strict=True))
    return row


def _delays(dates: pd.DataFrame) -> pd.Series:
    """Return months of delay by world, 0 where it was early."""
    return dates["late"].astype(float).clip(lower=0.0)
