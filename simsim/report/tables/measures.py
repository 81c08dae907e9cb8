"""A plan measure by measure: what was reached and when, what it costs, what a bound budget cuts, and what is known."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.family_effects import WITHOUT, family_effects, not_run
from simsim.experiments.places import plan_at
from simsim.experiments.plan_account import NEVER
from simsim.experiments.plan_money import bound_of
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Record
from simsim.inputs.indicators import count
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, details, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.plan_table import department, graded, money_unit, no_headings, ranged
from simsim.report.view import View
from simsim.scenarios.plan import Plan

WHOLE = 0.9995
PER_MILLION = {"seats": 1, "teacher_gap": 5, "cv_composite": 5}
"""Decimals of what a million yuan changes."""


def measures(view: View) -> Safe:
    """Return the account of every measure, folded by heading, and what is not known of reality said once."""
    plan = plan_at(view.results, view.focus)
    if plan is None:
        return tag("p", view.say("none.headings"), "quiet")
    bound = bound_of(view.results, view.focus)
    table = view.measures
    keys = ["measure", "dose", "dates", "money", *(["bound"] if bound else []), "evidence", "reality"]
    headings = [view.say(f"account.{key}", unit=money_unit(view)) for key in keys]
    parts: list[object] = [] if bound else [tag("p", view.say("account.no_bound"), "quiet")]
    for heading in plan.headings:
        mine = table[table["heading"] == heading.key]
        rows = [_row(view, plan, row, bool(bound)) for row in records(mine)]
        title = view.say("account.heading_of", name=heading.words[view.lang], n=len(rows))
        inside = html_table(headings, rows, title, css="account", words=(0, 1, 2, *range(4, len(keys))))
        parts.append(details(title, inside))
    parts.append(_cut_first(view, table) if bound else "")
    return joined([*parts, _sources(view, plan)])


def _row(view: View, plan: Plan, row: Record, bound: bool) -> list[object]:
    """Return the cells of one measure."""
    measure = plan.measures[row["measure"]]
    words = measure.words.get(view.lang) or measure.words["en"]
    who = department(view, measure.department, measure.department_judged) if measure.department else "–"
    label = Safe(
        f"<b>{text(measure.id)}</b> {text(words)}<small>{text(view.say('ledger.department', name=who))}</small>"
    )
    cells = [label, _dose(view, row), _dates(view, row), _paid(view, row)]
    cells += [_granted(view, row)] if bound else []
    return [*cells, graded(view, str(row["grade"])), _found(view, plan, measure.id)]


def _dose(view: View, row: Record) -> object:
    """Return what a measure reached; that the scenario does not have it where it has not."""
    if not row["in_scenario"]:
        return (view.say("account.absent"), "quiet")
    ends = view.say.interval(view.say.number(row["dose_low"]), view.say.number(row["dose_high"]))
    same = view.say.number(row["dose_low"]) == view.say.number(row["dose_high"])
    return Safe(text(view.say.counted(row["dose"], str(row["unit"]))) + ("" if same else tag("small", ends)))


def _dates(view: View, row: Record) -> object:
    """Return when a measure's last milestone is due, in how many worlds it is kept, and how late it usually is."""
    if not row["worlds"]:
        return (row["due"] or view.say("plantable.undated"), "quiet")
    kept = view.say("account.kept", count=count(row["on_time"], row["worlds"], view.lang))
    late = view.say("account.delay", months=_delay(view, row["delay"]), low=_delay(view, row["delay_low"]),
                    high=_delay(view, row["delay_high"]))  # fmt: skip
    return Safe(text(row["due"]) + tag("small", kept) + tag("small", late))


def _delay(view: View, months: float) -> str:
    """Return months of delay, or that it is not done by the end."""
    return view.say("account.never") if months > NEVER / 2 else view.say.number(months)


def _paid(view: View, row: Record) -> object:
    return ranged(view, row["paid"], row["paid_low"], row["paid_high"], "cost_capital") if row["paid_high"] else "0"


def _granted(view: View, row: Record) -> object:
    """Return what a bound budget leaves of what was wanted, and from when it cuts."""
    if not defined(row["granted"]):
        return ("–", "quiet")
    share = view.say.percent(row["granted"])
    since = (
        tag("small", view.say("account.cut", year=int(row["first_cut"])))
        if defined(row["first_cut"] or float("nan"))
        else ""
    )
    return Safe(text(share) + since)


def _found(view: View, plan: Plan, measure: str) -> Safe:
    """Return what is known of a measure in reality, with the numbers of its sources."""
    found = plan.reality.measures.get(measure)
    if found is None:
        return tag("span", view.say("account.not_found"), "quiet")
    numbers = "".join(f"[{number}]" for number in found.sources)
    return text(f"{found.words[view.lang]} {numbers}")


def _cut_first(view: View, table: pd.DataFrame) -> Safe:
    """Return the measures that a bound budget leaves least of, the hardest cut first."""
    cut = table[table["granted"] < WHOLE].sort_values(["granted", "measure"], kind="stable")
    names = [
        view.say("account.cut_item", measure=row["measure"], share=view.say.percent(row["granted"]))
        for row in records(cut)
    ]
    free = table[table["granted"] >= WHOLE]["measure"]
    said = view.say("account.cut_first", cut=view.say("join").join(names), free=", ".join(free) or "–")
    return tag("p", said)


def _sources(view: View, plan: Plan) -> Safe:
    """Return how what is known was looked for, and the sources."""
    items = [
        tag("li", joined([f"[{number}] ", tag("cite", words[view.lang])]))
        for number, words in plan.reality.sources.items()
    ]
    return joined(
        [tag("p", view.say("account.looked_for"), "quiet"), tag("ul", joined(items), "sources")] if items else []
    )


# ---- what leaving a family out, or doing it alone, changes ----


def families(view: View) -> Safe:
    """Return what measures add to the rest of the plan, or alone, and which of these scenarios were not run."""
    table = family_effects(view.results, view.focus, view.base)
    missing = not_run(view.results, view.focus, view.base)
    names = ", ".join(tag("code", name) for name in missing)
    note = tag("p", Safe(view.say("family.not_run", names=names)), "quiet") if missing else ""
    if table.empty:
        return joined([note])
    keys = ("what", "cost", "number", "difference", "share", "each")
    headings = [view.say(f"family.{key}", unit=money_unit(view), year=view.last) for key in keys]
    rows = [_family(view, row) for row in records(table)]
    caption = view.say("family.caption", n=view.n, year=view.last)
    return joined([html_table(headings, rows, caption, words=(0, 2)), note])


def _family(view: View, row: Record) -> list[object]:
    """Return the row of one scenario and number."""
    key = "family.without" if row["how"] == WITHOUT else "family.only"
    said = view.say(key, measures=", ".join(row["which"]))
    name = Safe(text(said) + tag("small", view.title(str(row["scenario"]))))
    cost = ranged(view, row["cost"], row["cost_low"], row["cost_high"], "cost_capital")
    indicator = str(row["indicator"])
    label = view.say("plantable.of_stage", name=view.say.label(indicator), stage=view.say(f"stage.{row['stage']}"))
    ends = view.say.interval(*(view.say.value(row[end], indicator, sign=True) for end in ("low", "high")))
    value = Safe(text(view.say.value(row["value"], indicator, sign=True)) + tag("small", ends))
    sure = count(round(row["share"] * row["n"]), row["n"], view.lang)
    return [name, cost, label, value, sure, _each(view, row, indicator) if defined(row["per_million"]) else "–"]


def _each(view: View, row: Record, indicator: str) -> Safe:
    """Return what a million yuan changes, with its range."""
    ends = ("per_million", "per_million_low", "per_million_high")
    numbers = [view.say.number(row[end], PER_MILLION[indicator], sign=True) for end in ends]
    return Safe(text(numbers[0]) + tag("small", view.say.interval(*numbers[1:])))


def _measures_data(view: View) -> pd.DataFrame:
    return view.measures


TABLES = {
    "measures": Exhibit(measures, no_headings, _measures_data),
    "families": Exhibit(families, no_headings, lambda view: family_effects(view.results, view.focus, view.base)),
}
