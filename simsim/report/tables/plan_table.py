"""The second page (规划对照表): a plan's own headings with what was promised, by when, how likely, what came of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simsim.experiments.places import plan_at
from simsim.experiments.plan_account import NO_EFFECT, comparison_table, shown_lines
from simsim.experiments.scoreboard import SEE, worded
from simsim.inputs.documents import Document
from simsim.inputs.indicators import count, grades, indicators
from simsim.inputs.numbers import defined
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.view import View
from simsim.report.words import MILLION, WAN
from simsim.scenarios.plan import Plan
from simsim.scenarios.plan_headings import Heading

SHARE, YES_NO = "share", ("f1_met", "f2_met", "f3_met")
AT_MOST = "at_most"
TEN_MILLION = 1e7
ROUND = (0.1, 0.995)
"""Shares between are whole per cent; nothing below 100 % is written as 100 %."""


def amount(view: View, yuan: float, sign: bool = False) -> str:
    """Return yuan in the unit that the headings of these tables name: 万元, in English million."""
    if not defined(yuan):
        return view.say.not_defined
    if view.lang == "zh":
        return view.say.number(yuan / WAN, 0, sign)
    return view.say.number(yuan / MILLION, 2 if abs(yuan) < TEN_MILLION else 1, sign)


def money_unit(view: View) -> str:
    """Return the unit of `amount`."""
    return view.say("amount.unit")


def number(view: View, value: float, indicator: str) -> str:
    """Return a number as its indicator is read: shares as per cent, yuan in the tables' unit."""
    name = indicator.split(" ", maxsplit=1)[0]
    if view.say.is_money(name):
        return amount(view, value)
    entry = indicators().get(name)
    if entry is None or entry.unit["en"] != SHARE:
        return view.say.value(value, name)
    whole = value in (0.0, 1.0) or ROUND[0] <= abs(value) < ROUND[1]
    return view.say.percent(value, 0 if whole else 1)


def ranged(view: View, value: float, low: float, high: float, indicator: str) -> Safe:
    """Return a median with its 5-95 % range under it; the median alone where all worlds agree."""
    if not defined(value):
        return Safe(text("–"))
    ends = view.say.interval(number(view, low, indicator), number(view, high, indicator))
    same = number(view, low, indicator) == number(view, high, indicator)
    return Safe(text(number(view, value, indicator)) + ("" if same else tag("small", ends)))


def graded(view: View, grade: str) -> str:
    """Return the words of a grade of evidence, or that no effect is claimed."""
    found = {each.name: each.text[view.lang] for each in grades()}
    return view.say("plantable.no_effect") if grade == NO_EFFECT else found.get(grade, grade)


def no_headings(view: View) -> str:
    """Return the words for a plan without headings, or no plan."""
    plan = plan_at(view.results, view.focus)
    return "" if plan is not None and plan.headings else "none.headings"


def departments(view: View, plan: Plan, heading: Heading) -> Safe:
    """Return who is responsible under a heading: as the plan says, and as judged, which is marked."""
    named = [plan.measures[name] for name in heading.measures if plan.measures[name].department]
    found: dict[str, bool] = {}
    for measure in named:
        found[measure.department] = found.get(measure.department, True) and measure.department_judged
    return joined(tag("div", department(view, name, judged)) for name, judged in found.items())


def department(view: View, name: str, judged: bool) -> str:
    """Return a department's name, marked where the plan does not name it."""
    said = view.say.either("department", name)
    return view.say("plantable.judged", name=said) if judged else said


def plan_table(view: View) -> Safe:
    """Return the comparison table, a group of rows for each heading of the plan."""
    plan = plan_at(view.results, view.focus)
    table = comparison_table(view.results, view.focus)
    if plan is None or table.empty:
        return tag("p", view.say("none.headings"), "quiet")
    years = [int(year) for year in table["year"].dropna().unique()]
    numbers = [view.say("plantable.year", year=year) for year in years]
    numbers += [view.say("plantable.money", unit=money_unit(view), first=view.first, last=view.last)]
    front, back = (
        [tag("th", view.say(f"plantable.{key}"), scope="col") for key in keys]
        for keys in (("heading", "due", "seen", "line"), ("department", "evidence"))
    )
    head = joined([*front, *(tag("th", name, "n", scope="col") for name in numbers), *back])
    board = worded(view.results, view.focus)
    groups = [
        _group(view, board, plan, heading, table[table["heading"] == heading.key], years) for heading in plan.headings
    ]
    caption = tag("caption", view.say("plantable.caption", title=view.title(view.focus), n=view.n))
    inside = joined([caption, tag("thead", tag("tr", head)), *groups])
    return tag("div", tag("table", inside, "plan-table"), "scroll", tabindex="0")


def _group(view: View, board: Document, plan: Plan, heading: Heading, mine: pd.DataFrame, years: list[int]) -> Safe:
    """Return the rows of one heading."""
    first = mine.iloc[0]
    words = {line["line"]: line for line in shown_lines(board, heading)}
    keys = list(dict.fromkeys(zip(mine.get("line", []), mine.get("stage", []), strict=True)))
    rowspan = len(keys)
    promise = Safe(tag("b", heading.words[view.lang]) + tag("small", heading.promise.get(view.lang, "")))
    front = [tag("th", promise, scope="rowgroup", rowspan=rowspan), tag("td", _chance(view, first), rowspan=rowspan)]
    money = ranged(view, first["paid"], first["paid_low"], first["paid_high"], "cost_capital")
    back = [
        tag("td", money, "n", rowspan=rowspan),
        tag("td", departments(view, plan, heading), rowspan=rowspan),
        tag("td", graded(view, str(first["grade"])), rowspan=rowspan),
    ]
    rows = []
    for place, key in enumerate(keys):
        line = mine[(mine["line"] == key[0]) & (mine["stage"] == key[1])]
        cells = _line(view, words.get(key[0], {}), line, years)
        rows.append(tag("tr", joined([*(front if place == 0 else ()), *cells, *(back if place == 0 else ())])))
    return tag("tbody", joined(rows))


def _chance(view: View, row: pd.Series) -> Safe:
    """Return when a heading's last promise is due, and in how many worlds it is kept."""
    if not row["worlds"]:
        return tag("span", view.say("plantable.undated"), "quiet")
    said = view.say("plantable.on_time", count=count(row["on_time"], row["worlds"], view.lang), measures=row["last"])
    return Safe(text(row["due"]) + tag("small", said))


def _line(view: View, words: Document, line: pd.DataFrame, years: list[int]) -> list[Safe]:
    """Return what is seen, its line, and a cell for each year."""
    first = line.iloc[0]
    indicator = str(first["indicator"])
    cells = [tag("td", _label(view, words, first)), tag("td", _limit(view, first))]
    for year in years:
        row = line[line["year"] == year].iloc[0]
        inside = ranged(view, row["value"], row["low"], row["high"], indicator)
        if first["rule"] == SEE or not row["n"]:
            cells.append(tag("td", inside, "n"))
            continue
        kept = view.say("plantable.kept", count=count(row["kept"], row["n"], view.lang))
        cells.append(tag("td", kept if indicator in YES_NO else Safe(inside + tag("small", kept)), "n"))
    return cells


def _label(view: View, words: Mapping[str, str], row: pd.Series) -> str:
    """Return what a line is about: the scoreboard's words, or the indicator's name and stage."""
    if view.lang in words:
        money = view.say.is_money(str(row["indicator"]))
        said = str(words[view.lang])
        return view.say("axis", name=said, unit=money_unit(view)) if money else said
    name = view.say.label(str(row["indicator"]))
    return (
        name
        if row["stage"] == "all"
        else view.say("plantable.of_stage", name=name, stage=view.say(f"stage.{row['stage']}"))
    )


def _limit(view: View, row: pd.Series) -> str:
    if row["rule"] == SEE:
        return "–"
    indicator = str(row["indicator"])
    if indicator in YES_NO:
        return view.say("plantable.yes")
    sign = "≤" if row["rule"] == AT_MOST else "≥"
    entry = indicators().get(indicator)
    limit = max(float(row["limit"]), 0.0) if view.say.is_money(indicator) else float(row["limit"])
    return f"{sign}{number(view, limit, indicator) if entry and entry.unit['en'] == SHARE else f'{limit:g}'}"


TABLES = {"plan_table": Exhibit(plan_table, no_headings, lambda view: comparison_table(view.results, view.focus))}
