"""A card: what an object says of itself, as a page for a notebook or as a few lines of text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from simsim.report.markup import Safe, details, joined, table, tag
from simsim.report.words import Words

MOST_LINES = 19
WIDEST = 110
STYLE = (
    "border:1px solid #c9c9c9;border-radius:4px;padding:.5em .8em;max-width:64em;margin:.2em 0;"
    "font-family:sans-serif;font-size:13px;line-height:1.45"
)
LEFT = "text-align:left;vertical-align:top;padding:.1em 1em .1em 0;font-weight:normal"


@dataclass(frozen=True)
class Folded:
    """A table that a page shows when somebody unfolds it."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Card:
    """A title, lines of (label, text), tables to unfold on a page, and what to try next."""

    title: str
    lines: Sequence[tuple[str, str]]
    tries: Sequence[str] = ()
    folded: Sequence[Folded] = ()


def text(card: Card, say: Words) -> str:
    """Return a card as text of fewer than twenty lines; what is too long for a line is cut."""
    width = max((_width(label) for label, _ in card.lines), default=0)
    found = [card.title, *(f"  {label}{' ' * (width - _width(label))}  {line}" for label, line in card.lines)]
    tries = wrap(say("object.try", what="; ".join(card.tries)), WIDEST, subsequent_indent="  ") if card.tries else []
    return "\n".join([*map(_cut, found[: MOST_LINES - len(tries)]), *tries])


def html(card: Card, say: Words) -> Safe:
    """Return a card as HTML that needs no style from elsewhere; everything filled in is escaped."""
    cells = [
        tag(
            "tr", joined([tag("th", label, style=f"{LEFT};color:#666;white-space:nowrap"), tag("td", line, style=LEFT)])
        )
        for label, line in card.lines
    ]
    codes = joined(part for code in card.tries for part in (tag("code", code), " "))
    tries = [tag("div", joined([say("object.try", what=""), codes]), style="color:#666")] if card.tries else []
    inside = [tag("b", card.title), tag("table", joined(cells), style="border:none;margin:.3em 0"), *tries]
    inside += [details(one.title, table(one.headings, one.rows)) for one in card.folded]
    return tag("div", joined(inside), "simsim-card", style=STYLE)


def _width(line: str) -> int:
    """Return the columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def _cut(line: str) -> str:
    line = " ".join(line.splitlines())
    return line if len(line) <= WIDEST else f"{line[: WIDEST - 1]}…"
