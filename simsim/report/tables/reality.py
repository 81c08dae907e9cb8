"""What is published of later years beside what was simulated, and the glossary."""

from __future__ import annotations

import pandas as pd

from simsim.districts.facts import PUBLISHED
from simsim.experiments.decision import spread
from simsim.experiments.places import district_of, plan_at
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Record
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.plan_table import number
from simsim.report.view import View
from simsim.report.words import catalogue
from simsim.scenarios.plan_headings import ALL, CHECK, COUNTED, INPUT, Fact

GLOSSARY = "glossary."


def facts_table(view: View) -> pd.DataFrame:
    """Return published numbers beside simulated ones, a row a fact and scenario (focus, base).

    Columns: what (in the page's language), year, published, scenario, value, low, high (median and 5-95 % of worlds),
    kind (input: the scenario is set to it; shared: it shares the worlds that another one is set to; start; check).
    """
    plan = plan_at(view.results, view.focus)
    rows = []
    for fact in plan.reality.facts if plan else ():
        for name in view.pair:
            simulated = spread(simulated_fact(view, fact, name))
            rows.append((fact.words[view.lang], fact.year, fact.value, name, *simulated, _kind(view, fact, name)))
    return pd.DataFrame(rows, columns="what year published scenario value low high kind".split())


def _kind(view: View, fact: Fact, scenario: str) -> str:
    """Return how a scenario knows a fact: worlds are set to it only where they are conditioned on what is published."""
    if fact.kind != INPUT:
        return fact.kind
    data = district_of(view.results, scenario)
    factual = "" if data is None else str((data.spec.get("factual") or {}).get("scenario", ""))
    if PUBLISHED not in view.say.states:
        return CHECK
    return INPUT if scenario == factual else "shared"


def simulated_fact(view: View, fact: Fact, scenario: str) -> pd.Series:
    """Return the simulated number of a fact by replication; empty for a year that was not run."""
    if fact.number in COUNTED:
        frame = view.results.frame("schools")
        mine = frame[(frame["scenario"] == scenario) & (frame["year"] == fact.year)]
        kind = fact.number.partition(".")[2]
        return (mine[mine["kind"] == kind] if kind else mine).groupby("replication").size()
    frame = view.results.rows_if_any(
        "district_year", {"scenario": [scenario], "indicator": [fact.number], "year": [fact.year]}
    )
    mine = frame[frame["group"] == ALL]
    stages = view.stages if fact.stage == ALL and not (mine["stage"] == ALL).any() else (fact.stage,)
    return mine[mine["stage"].isin(stages)].groupby("replication")["value"].sum()


def no_facts(view: View) -> str:
    """Return the words for a plan of which nothing published is known."""
    return "none.facts" if facts_table(view)["value"].dropna().empty else ""


def reality(view: View) -> Safe:
    """Return what is published beside what was simulated, inputs marked."""
    table = facts_table(view)
    table = table[table["value"].notna()]
    headings = [view.say(f"reality.{key}") for key in ("what", "year", "published")]
    headings += [view.title(name) for name in view.pair]
    rows = []
    for (what, year), mine in table.groupby(["what", "year"], sort=False):
        indicator = _indicator(view, str(what))
        cells = [_simulated(view, row, indicator) for row in records(mine)]
        rows.append([what, str(year), _plain(view, mine["published"].iloc[0], indicator), *cells])
    shown = html_table(headings, rows, view.say("reality.caption", n=view.n), words=(0, 1))
    return joined([shown, "" if (table["kind"] == CHECK).any() else tag("p", view.say("reality.none"))])


def _indicator(view: View, what: str) -> str:
    plan = plan_at(view.results, view.focus)
    return next(fact.number for fact in plan.reality.facts if fact.words[view.lang] == what) if plan else ""


def _plain(view: View, value: float, indicator: str) -> str:
    return view.say.number(value) if indicator in COUNTED else number(view, value, indicator)


def _simulated(view: View, row: Record, indicator: str) -> Safe:
    """Return a simulated number with its range and how it is known."""
    ends = view.say.interval(_plain(view, row["low"], indicator), _plain(view, row["high"], indicator))
    known = tag("span", view.say(f"reality.{row['kind']}"), f"mark {'fitted' if row['kind'] != CHECK else ''}".strip())
    return (
        Safe(text(_plain(view, row["value"], indicator)) + tag("small", ends) + known)
        if defined(row["value"])
        else Safe("–")
    )


def glossary(view: View) -> Safe:
    """Return the terms of the report with what they mean."""
    keys = [
        key
        for key in catalogue()
        if key.startswith(GLOSSARY) and not key.endswith((".heading", ".text")) and "@" not in key
    ]
    return tag("ul", joined(tag("li", Safe(view.say.html(key))) for key in keys), "glossary")


TABLES = {"reality": Exhibit(reality, no_facts, facts_table), "glossary": Exhibit(glossary)}
