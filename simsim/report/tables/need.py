"""What `simsim need` prints: rooms, posts, months and money in a reader's words."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.need import added, totals
from simsim.inputs.indicators import count
from simsim.report.figures.style import capital
from simsim.report.view import View
from simsim.report.words import MILLION, WAN

WORDS = ("stage", "area", "year")
MONEY = ("rooms_yuan", "posts_yuan")
LATE = ("rooms_late", "posts_late")
OF = {"rooms": "seats_short", "posts": "teachers_short"}
"""What is added, and what is short without it."""


def shown(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `need` in which something is to be added, as text under headings of the language; rooms or
    posts of which none are to be added have no columns.
    """
    rows, say, n = added(table), view.say, int(table.attrs["n"])
    without = {
        name
        for part, lack in OF.items()
        if not _any(table, part)
        for name in map(str, table)
        if name.startswith((part, lack))
    }
    found = pd.DataFrame(index=rows.index)
    for name in (*WORDS, *(name for name in table.columns if name not in (*WORDS, *LATE, *without))):
        found[say(f"need.{name}")] = [_text(view, name, row, n) for _, row in rows.iterrows()]
    return found


def _any(table: pd.DataFrame, part: str) -> bool:
    """Whether any rooms or posts are to be added."""
    return f"{part}_new" in table and bool(table[f"{part}_new"].sum())


def _text(view: View, name: str, row: pd.Series, n: int) -> str:
    """Return one cell; `n` is how many worlds were simulated."""
    say, value = view.say, row[name]
    if name == "stage":
        return say(f"stage.{value}")
    if name == "area":
        return capital(view.area(str(value)))
    if name.endswith("_start"):
        month = say.month(str(value))
        return say("need.late", month=month) if row[name.replace("start", "late")] else month
    if name == "short_now":
        return count(round(float(value) * n), n, view.lang)
    if name in MONEY:
        return say.number(float(value) / MILLION, 1) if view.lang == "en" else say.number(float(value) / WAN)
    return str(value) if name == "year" else say.number(float(value))


def said(view: View, table: pd.DataFrame) -> tuple[str, list[str]]:
    """Return the heading and the lines below the table: sums, how many starts are past, how many worlds are short of
    nothing at all, and of what this is told.
    """
    say, sums = view.say, totals(table)
    names = {"title": view.title(table.attrs["scenario"]), "worlds": f"{table.attrs['worlds']:g}"}
    lines = [
        say(f"need.{part}_total", n=say.number(sums[part]), yuan=say.money(sums[f"{part}_yuan"]))
        if _any(table, part)
        else say(f"need.{part}_none", **names)
        for part in OF
        if part in sums
    ]
    late = [_late(view, table, part) for part in OF if _any(table, part)]
    n = int(table.attrs["n"])
    lines += [*late, say("need.met", k=round(n * float(table.attrs["met"])), n=n), say("need.worlds")]
    heading = "need.heading" if len(added(table)) else "need.nothing"
    return say(heading, n=n, **names), lines


def _late(view: View, table: pd.DataFrame, part: str) -> str:
    """Return how many of the additions should have been begun before today."""
    mine = table[table[f"{part}_new"] > 0]
    late = int(mine[f"{part}_late"].sum())
    return view.say(f"need.{part}_late", k=late, n=len(mine), today=view.say.month(str(table.attrs["today"])))
