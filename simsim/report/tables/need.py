"""What `simsim need` prints: rooms, posts, months and money in a reader's words."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.need import added, totals
from simsim.report.figures.style import capital
from simsim.report.view import View
from simsim.report.words import MILLION, WAN

WORDS = ("stage", "area", "year")
MONEY = ("rooms_yuan", "posts_yuan")
LATE = ("rooms_late", "posts_late")


def shown(view: View, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `need` in which something is to be added, as text under headings of the language."""
    rows, say = added(table), view.say
    found = pd.DataFrame(index=rows.index)
    for name in (*WORDS, *(name for name in table.columns if name not in (*WORDS, *LATE))):
        found[say(f"need.{name}")] = [_text(view, name, row) for _, row in rows.iterrows()]
    return found


def _text(view: View, name: str, row: pd.Series) -> str:
    """Return one cell."""
    say, value = view.say, row[name]
    if name == "stage":
        return say(f"stage.{value}")
    if name == "area":
        return capital(view.area(str(value)))
    if name.endswith("_start"):
        return say("need.late", month=value) if row[name.replace("start", "late")] else str(value)
    if name == "short_now":
        return say.percent(float(value))
    if name in MONEY:
        return say.number(float(value) / MILLION, 1) if view.lang == "en" else say.number(float(value) / WAN)
    return str(value) if name == "year" else say.number(float(value))


def said(view: View, table: pd.DataFrame) -> tuple[str, list[str]]:
    """Return the heading and the lines below the table: sums, how many worlds are short of nothing at all, and of what
    this is told.
    """
    say, sums = view.say, totals(table)
    names = {"title": view.title(table.attrs["scenario"]), "worlds": f"{table.attrs['worlds']:g}"}
    lines = [
        say(f"need.{part}_total", n=say.number(sums[part]), yuan=say.money(sums[f"{part}_yuan"]))
        for part in ("rooms", "posts")
        if part in sums
    ]
    n = int(table.attrs["n"])
    lines += [say("need.met", k=round(n * float(table.attrs["met"])), n=n), say("need.worlds")]
    heading = "need.heading" if len(added(table)) else "need.nothing"
    return say(heading, n=n, **names), lines
