"""Money beyond business as usual, the balance of every year, what delay costs, what is traded off, and how full new
schools open.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from simsim.experiments.decision import HIGHER, LOWER
from simsim.experiments.family_effects import ONLY
from simsim.experiments.openings import openings
from simsim.experiments.places import plan_at
from simsim.experiments.plan_money import (
    PARTS,
    balances,
    delay_costs,
    displaced_share,
    family_scenarios,
    late_of,
    spending,
    trade_offs,
)
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Record
from simsim.inputs.indicators import count, sureness
from simsim.report.exhibit import Exhibit, no_others
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.plan_table import amount, money_unit
from simsim.report.view import ALL, View

LAYOUT = "layout"
SURE = ("higher", "lower")
TOLD = ("turned_away", "large_classes_56", "over_capacity")
MOSTLY = ("likely", "very_likely")
"""Levels of a share of worlds (`sureness().level`) that are called most of them."""


def net_of_base(view: View) -> Safe:
    """Return what the focus spends more than the base, part by part, by year and in all."""
    table = spending(view.results, view.focus, view.base)
    headings = [
        view.say("spending.year"),
        *(view.say(f"spending.{part}") for part in PARTS),
        view.say("spending.gross"),
    ]
    table = pd.concat([table[table["year"] != 0], table[table["year"] == 0]])
    rows = [_spent(view, row) for row in records(table) if row["year"] != view.first]
    names = {"focus": view.title(view.focus), "base": view.title(view.base), "unit": money_unit(view), "n": view.n}
    caption = view.say("spending.caption", **names)
    return joined([html_table(headings, rows, caption), tag("p", view.say("spending.note", **names), "quiet")])


def _spent(view: View, row: Record) -> list[object]:
    """Return a year's row."""
    year = view.say("spending.all", first=view.first, last=view.last) if row["year"] == 0 else str(int(row["year"]))
    cells: list[object] = [year]
    for part in PARTS:
        ends = view.say.interval(*(amount(view, row[f"{part}_{end}"], sign=True) for end in ("low", "high")))
        cells.append(Safe(text(amount(view, row[part], sign=True)) + tag("small", ends)))
    return [*cells, view.say("spending.pair", focus=amount(view, row["law_gross"]), base=amount(view, row["law_base"]))]


def balance(view: View) -> Safe:
    """Return the year-end balance of every scenario and year, with the worlds below zero."""
    table = balances(view.results)
    years = [year for year in view.years if year != view.first]
    headings = [view.say("scenario"), *map(str, years)]
    rows = [
        _balances(view, name, records(table[(table["scenario"] == name) & table["year"].isin(years)]))
        for name in view.scenarios
    ]
    return joined(
        [html_table(headings, rows, view.say("balances.caption", unit=money_unit(view), n=view.n)), _lowest(view)]
    )


def _balances(view: View, name: str, rows: Iterable[Record]) -> list[object]:
    """Return one scenario's row, tinted where most worlds are below zero."""
    cells: list[object] = [view.title(name)]
    for row in rows:
        tint = "bad" if sureness().level(row["below"] / row["n"]) in MOSTLY else ""
        below = tag("small", view.say("balances.below", k=int(row["below"]), n=int(row["n"])))
        cells.append((Safe(text(amount(view, row["median"])) + below), tint))
    return cells


def _lowest(view: View) -> Safe:
    """Return a sentence on the worst year-end balance of the focus."""
    table = balances(view.results)
    mine = table[(table["scenario"] == view.focus) & (table["year"] != view.first)]
    worst = records(mine.sort_values("median", kind="stable"))[0]
    said = view.say(
        "balances.worst", focus=view.title(view.focus), year=int(worst["year"]), value=amount(view, worst["median"]),
        low=amount(view, worst["low"]), high=amount(view, worst["high"]), unit=money_unit(view),
        count=count(worst["below"], worst["n"], view.lang),
    )  # fmt: skip
    return tag("p", said) if worst["below"] else Safe("")


# ---- delay ----


def delay(view: View) -> Safe:
    """Return what being late costs, in the worst year of each number; or that no late scenario was run."""
    late = late_of(view.results, view.focus)
    if late is None:
        return tag("p", view.say("delay.none"), "quiet")
    table = delay_costs(view.results, late, view.focus)
    if table.empty:
        return tag("p", view.say("delay.same", late=view.title(late)), "quiet")
    headings = [view.say(f"delay.{key}", year=view.last) for key in ("what", "worst", "mean", "words", "worse", "last")]
    rows = []
    for row in records(table):
        ends = view.say.interval(*(view.say.number(row[end], 0, sign=True) for end in ("low", "high")))
        value = Safe(text(view.say.number(row["mean"], 0, sign=True)) + tag("small", ends))
        worse = count(row["worse"], row["n"], view.lang)
        last = view.say.number(row["mean_last"], 0, sign=True)
        css = "" if str(row["verdict"]).endswith(SURE) else "quiet"
        cells = (_named(view, row), str(row["worst"]), value, row[f"words_{view.lang}"], worse, last)
        rows.append([(cell, css) for cell in cells])
    caption = view.say("delay.caption", late=view.title(late), focus=view.title(view.focus))
    return html_table(headings, rows, caption)


def _named(view: View, row: Record) -> str:
    name = view.say.label(str(row["indicator"]))
    return view.say("plantable.of_stage", name=name, stage=view.say(f"stage.{row['stage']}"))


# ---- trade-offs ----


def part_of(view: View) -> str | None:
    """Return the scenario that does only the plan's layout, if there is one."""
    plan = plan_at(view.results, view.focus)
    if plan is None:
        return None
    found = family_scenarios(view.results, view.focus, view.base, dict.fromkeys(plan.measures, ""))
    for row in records(found):
        if row["how"] == ONLY and {plan.measures[name].family for name in row["measures"]} == {LAYOUT}:
            return str(row["scenario"])
    return None


def traded(view: View) -> Safe:
    """Return in what the whole plan differs from its schools alone, and what is traded off in a sentence."""
    part = part_of(view)
    if part is None:
        return tag("p", view.say("traded.none"), "quiet")
    table = trade_offs(view.results, view.focus, part)
    headings = [view.say(f"traded.{key}") for key in ("what", "over", "mean", "words", "more", "less")]
    rows = []
    for row in records(table):
        name = str(row["indicator"])
        ends = view.say.interval(*(view.say.value(row[end], name, sign=True) for end in ("low", "high")))
        value = Safe(text(view.say.value(row["mean"], name, sign=True)) + tag("small", ends))
        over = view.say(f"traded.{row['over']}", first=view.first, last=view.last)
        counts = (count(row[key], row["n"], view.lang) for key in ("more", "less"))
        rows.append([_named(view, row), over, value, row[f"words_{view.lang}"], *counts])
    caption = view.say("traded.caption", focus=view.title(view.focus), part=view.title(part))
    return joined([_trade(view, table, part), html_table(headings, rows, caption, words=(0, 1, 3))])


def _trade(view: View, table: pd.DataFrame, part: str) -> Safe:
    """Return what the whole plan gains and loses against its schools alone, with counts of worlds, in sentences."""
    whole = {str(row["indicator"]): row for row in records(table[table["stage"] == ALL])}
    names = {"focus": view.title(view.focus), "part": view.title(part), "first": view.first, "last": view.last}
    items = [_traded_item(view, name, whole[name]) for name in TOLD]
    said = view.say("traded.said", items=view.say("join").join(items), **names)
    verdicts = [str(whole[name]["verdict"]) for name in TOLD]
    pulled = verdicts[0].endswith(LOWER) and any(verdict.endswith(HIGHER) for verdict in verdicts[1:])
    return tag("p", f"{said} {view.say('traded.pull')}".strip() if pulled else said)


def _traded_item(view: View, name: str, row: Record) -> str:
    """Return by how much a number is higher or lower, and in how many worlds it is."""
    less = row["mean"] < 0
    sure = count(row["less" if less else "more"], row["n"], view.lang)
    key = "traded.fewer" if less else "traded.more_of"
    ends = sorted(-row[end] if less else row[end] for end in ("low", "high"))
    said = {"name": view.say(f"traded.of_{name}"), "n": view.say.number(abs(row["mean"])), "count": sure}
    return view.say(key, **said, range=view.say.interval(*map(view.say.number, ends)), words=row[f"words_{view.lang}"])


# ---- displaced entrants, new schools ----


def displaced(view: View) -> Safe:
    """Return displaced children against the year's entrants beside pupils over capacity: base and focus, by stage."""
    keys = ("where", "year", "entrants", "displaced", "share", "over")
    rows = []
    tables = {name: displaced_share(view.results, name) for name in view.pair}
    for stage in view.stages:
        for name, table in tables.items():
            mine = table[(table["stage"] == stage) & table["year"].isin((view.middle, view.last))]
            rows += [_displaced(view, view.title(name), row) for row in records(mine)]
    caption = view.say("entrants.caption", n=view.n)
    return html_table([view.say(f"entrants.{key}") for key in keys], rows, caption, words=(0, 1))


def _displaced(view: View, title: str, row: Record) -> list[object]:
    ends = view.say.interval(view.say.percent(row["of_entrants_low"], 1), view.say.percent(row["of_entrants_high"], 1))
    share = Safe(text(view.say.percent(row["of_entrants"], 1)) + tag("small", ends))
    where = Safe(text(title) + tag("small", view.say(f"stage.{row['stage']}")))
    numbers = [view.say.number(row[name]) for name in ("entrants", "displaced")]
    return [where, str(row["year"]), *numbers, share, view.say.number(row["over_capacity"])]


def _displaced_data(view: View) -> pd.DataFrame:
    return pd.concat([displaced_share(view.results, name).assign(scenario=name) for name in view.pair])


def new_schools(view: View) -> Safe:
    """Return how full the schools that the focus opens are, with those that open half empty named in a sentence."""
    table = openings(view.results, view.focus)
    if table.empty:
        return tag("p", view.say("newschools.none", focus=view.title(view.focus)), "quiet")
    names = view.names()
    keys = ("school", "opened", "use", "empty", "half", "years", "last")
    rows = []
    for row in records(table):
        where = view.say("newschools.where", area=view.area(str(row["area"])), stage=view.say(f"stage.{row['stage']}"))
        uses = [_use(view, row, name) for name in ("use", "use_last")]
        half = count(row["half_empty"], row["n"], view.lang)
        school = Safe(text(names.get(row["school"], row["school"])) + tag("small", where))
        numbers = [view.say.number(row["empty_seats"]), half, view.say.number(row["years"])]
        rows.append([school, str(row["opened"]), uses[0], *numbers, uses[1]])
    headings = [view.say(f"newschools.{key}", year=view.last) for key in keys]
    caption = view.say("newschools.caption", n=view.n)
    return joined([_half_empty(view, table), html_table(headings, rows, caption)])


def _use(view: View, row: Record, name: str) -> Safe:
    ends = view.say.interval(*(view.say.percent(row[f"{name}_{end}"]) for end in ("low", "high")))
    return Safe(text(view.say.percent(row[name])) + tag("small", ends))


def _half_empty(view: View, table: pd.DataFrame) -> Safe:
    """Return the new schools that open half empty in most worlds, with their areas."""
    half = table[(table["half_empty"] / table["n"]).map(sureness().level).isin(MOSTLY)]
    if half.empty:
        return Safe("")
    names = view.names()
    items = [
        view.say(
            "newschools.item",
            school=names.get(row["school"], row["school"]),
            area=view.area(str(row["area"])),
            stage=view.say(f"stage.{row['stage']}"),
            use=view.say.percent(row["use"]),
            last_use=view.say.percent(row["use_last"]),
            count=count(row["half_empty"], row["n"], view.lang),
            opened=row["opened"],
            last=view.last,
        )
        for row in records(half)
    ]
    return tag("p", view.say("newschools.said", items=view.say("join").join(items)))


def _spending_data(view: View) -> pd.DataFrame:
    table = spending(view.results, view.focus, view.base)
    whole = view.say("spending.all", first=view.first, last=view.last)
    return table.assign(year=table["year"].astype(object).where(table["year"] != 0, whole))


def _delay_data(view: View) -> pd.DataFrame:
    late = late_of(view.results, view.focus)
    return pd.DataFrame() if late is None else delay_costs(view.results, late, view.focus)


def _traded_data(view: View) -> pd.DataFrame:
    part = part_of(view)
    return pd.DataFrame() if part is None else trade_offs(view.results, view.focus, part)


def no_delay(view: View) -> str:
    """Return the words for a view without a late scenario."""
    return no_others(view) or ("" if late_of(view.results, view.focus) else "delay.none")


def no_part(view: View) -> str:
    """Return the words for a view without a scenario of the plan's schools alone."""
    return no_others(view) or ("" if part_of(view) else "traded.none")


def no_money(view: View) -> str:
    """Return the words for results without a balance, or without a scenario to compare with."""
    return no_others(view) or ("" if view.recorded("money_balance") else "none.panels")


TABLES = {
    "net_of_base": Exhibit(net_of_base, no_money, _spending_data),
    "balance": Exhibit(balance, no_money, lambda view: balances(view.results)),
    "delay": Exhibit(delay, no_delay, _delay_data),
    "traded": Exhibit(traded, no_part, _traded_data),
    "entrants": Exhibit(
        displaced, lambda view: "" if view.recorded("entry_pupils") else "none.entrants", _displaced_data
    ),
    "new_schools": Exhibit(new_schools, data=lambda view: openings(view.results, view.focus)),
}
