"""The findings that open a report, a card each: seats, children, official lines, teachers, money. Every sentence is of
the focus, with its 5-95 % range and in how many worlds it holds; numbers are those of the decision page.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from simsim.experiments.decision import LOWER, SAME, weakest
from simsim.experiments.decision_values import IN_DEBT, SHORT
from simsim.inputs.indicators import count, grades, indicators
from simsim.inputs.numbers import defined
from simsim.inputs.standards import load_standard
from simsim.report.exhibit import Exhibit
from simsim.report.figures.balance import line_of
from simsim.report.markup import Safe, joined, tag
from simsim.report.tables.decision import GOOD, INDICATOR, written
from simsim.report.tables.differences import verdict
from simsim.report.view import ALL, View

HALF = (0.45, 0.55)
"""What share of the base's median a median difference is to be called a half."""
SEATS, CHILDREN = "seats_short", ("turned_away", "waiting")
PLAIN = {"few", "small", "unclear", "same", ""}


def cards(view: View) -> Safe:
    """Return the findings that open a report."""
    makers = (_seats_card, _children_card, _balance_card, _teachers_card, _cost_card)
    return tag("div", joined(make(view) for make in makers), "cards")


def _rows(view: View, value: str, scenario: str = "") -> list[pd.Series]:
    """Return the rows of a value of a scenario (the focus), one a stage, that have a number."""
    table = view.numbers
    mine = table[(table["option"] == (scenario or view.focus)) & (table["value"] == value)]
    return [row for _, row in mine.iterrows() if defined(row["median"])]


def _card(view: View, key: str, rows: list[pd.Series], say: Callable[[View, pd.Series], str], *more: object) -> Safe:
    """Return a card: what it is about, the medians, a sentence a row, and the evidence."""
    say_rows = [tag("p", say(view, row), "what") for row in rows]
    numbers = [written(view, row["median"], str(row["value"])) for row in rows]
    big = view.say("big.two", a=numbers[0], b=numbers[1]) if len(numbers) > 1 else "".join(numbers)
    name = view.say(f"big.{key}", first=(view.years[1:] or view.years)[0], last=view.last)
    parts = [tag("div", name, "name"), tag("div", big or view.say.not_defined, "big"), *say_rows, *more]
    return tag("div", joined([*parts, _resting(view, rows), _evidence(view, rows)]), "card")


def _evidence(view: View, rows: list[pd.Series]) -> Safe:
    """Return the weakest grade of a card's numbers, and what the first of these hangs on."""
    graded = [row for row in rows if row["grade"]]
    weak = weakest([str(row["grade"]) for row in graded], grades())
    if weak is None or view.focus == view.base:  # a grade is of a difference
        return Safe("")
    names = next(str(row[f"hangs_on_{view.lang}"]) for row in graded if row["grade"] == weak.name)
    said = view.say("sure.evidence", grade=weak.text[view.lang], names=names)
    return tag("p", tag("small", said), "diff")


def _resting(view: View, rows: list[pd.Series]) -> Safe:
    """Return that a card's numbers are no findings where one rests on columns that were filled in by rule."""
    resting = any(INDICATOR[str(row["value"])] in view.filled for row in rows)
    return tag("p", tag("small", view.say("filled.headline")), "diff") if resting else Safe("")


def _of(view: View, row: pd.Series) -> str:
    return view.say(f"find.of.{row['stage']}") if row["stage"] != ALL else view.say("find.of.all")


def _range(view: View, row: pd.Series, low: str = "low", high: str = "high", sign: float = 1.0) -> str:
    ends = sorted(sign * float(row[name]) for name in (low, high))
    return view.say.interval(*(written(view, end, str(row["value"])) for end in ends))


def _count(view: View, row: pd.Series, name: str = "worlds") -> str:
    return count(row[name], row["n"], view.lang)


def _compared(view: View, row: pd.Series) -> str:
    """Return how a value differs from the base: from what to what, the median of the differences with its range, in how
    many worlds, and the words of the one rule of sureness.
    """
    if view.focus == view.base or not defined(row["difference"]):
        return ""
    name, bases = str(row["value"]), _rows(view, str(row["value"]), view.base)
    base = next((b for b in bases if b["stage"] == row["stage"]), None)
    words = view.say("filled.words") if INDICATOR[name] in view.filled else row[f"words_{view.lang}"]
    said = {"base": view.title(view.base), "was": _was(view, base, name), "count": _count(view, row, "with_sign")}
    if row["direction"] == SAME and row["with_sign"] == row["n"]:
        return view.say("find.same", **said)
    return view.say(
        "find.compared.seats" if name == SEATS else "find.compared",
        difference=signed(view, row["difference"], name),
        range=_range(view, row, "difference_low", "difference_high"),
        words=words,
        **said,
    )


def _was(view: View, base: pd.Series | None, name: str) -> str:
    """Return the base's value: of seats whether they are short or to spare."""
    if base is None:
        return view.say.not_defined
    if name != SEATS:
        return written(view, base["median"], name)
    way = SHORT if float(base["median"]) > 0 else "spare"
    return view.say(f"find.was.{way}", n=written(view, abs(base["median"]), name))


def signed(view: View, value: float, name: str) -> str:
    """Return a difference of a value of the page with its sign."""
    text = written(view, value, name)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def _seats(view: View, row: pd.Series) -> str:
    short = float(row["median"]) > 0
    said = view.say(
        f"find.seats.{SHORT if short else 'spare'}",
        stage=_of(view, row),
        n=written(view, abs(row["median"]), SEATS),
        range=_range(view, row, sign=1.0 if short else -1.0),
        count=_count(view, row),
    )
    return said + _compared(view, row)


def _seats_card(view: View) -> Safe:
    return _card(view, "seats", _rows(view, SEATS), _seats)


def _level(key: str) -> Callable[[View, pd.Series], str]:
    """Return what tells a value with its range, and how it differs from the base."""

    def said(view: View, row: pd.Series) -> str:
        n, counted = written(view, row["median"], str(row["value"])), ""
        if row["counted"]:
            counted = view.say(f"find.counted.{row['counted']}", count=_count(view, row))
        nobody = ".none" if key in CHILDREN and n == "0" else ""
        text = view.say(f"find.{key}{nobody}", stage=_of(view, row), n=n, range=_range(view, row), counted=counted)
        return text + _compared(view, row)

    return said


def _children_card(view: View) -> Safe:
    rows = [*_rows(view, "turned_away"), *_rows(view, "waiting")]
    return _card(view, "children", rows, lambda view, row: _level(str(row["value"]))(view, row))


def _balance_card(view: View) -> Safe:
    lines = [view.say.number(line_of(load_standard("basic-2012"), stage), 2) for stage in view.stages]
    what = view.say("big.balance.what", lines=view.say("join").join(lines), verdict=verdict(view, view.focus))
    rows = [*_rows(view, "margin_2012"), *_rows(view, "margin_2017")]
    return _card(view, "balance", rows, lambda view, row: _level(str(row["value"]))(view, row), tag("p", what, "what"))


def _gap(view: View, row: pd.Series) -> str:
    """Return what becomes of the gap in teaching: narrowed, halved, widened, or no clear change."""
    verb = "plain"
    if row["verdict"] not in PLAIN and INDICATOR["teacher_gap"] not in view.filled:
        verb = "narrows" if (row["direction"] == LOWER) == (GOOD["teacher_gap"] == "down") else "widens"
        base = next((b for b in _rows(view, "teacher_gap", view.base) if b["stage"] == row["stage"]), None)
        share = -float(row["difference"]) / float(base["median"]) if base is not None and base["median"] > 0 else 0.0
        verb = "halves" if HALF[0] <= share <= HALF[1] else verb
    n, unit = written(view, row["median"], "teacher_gap"), indicators()["teacher_gap"].unit[view.lang]
    said = view.say(f"find.gap.{verb}", stage=_of(view, row), n=n, unit=unit, range=_range(view, row))
    return said + _compared(view, row)


def _teachers_card(view: View) -> Safe:
    return _card(view, "teachers", _rows(view, "teacher_gap"), _gap, tag("p", view.say("big.teachers.what"), "what"))


def _cost_card(view: View) -> Safe:
    rows = [] if view.focus == view.base else _rows(view, "net_cost")
    balance = _rows(view, "worst_balance")

    def said(view: View, row: pd.Series) -> str:
        return _level(str(row["value"]))(view, row) if row["counted"] == IN_DEBT else _net(view, row)

    return _card(view, "cost", [*rows, *balance], said)


def _net(view: View, row: pd.Series) -> str:
    n, counted = written(view, row["median"], "net_cost"), view.say("find.counted.dearer", count=_count(view, row))
    words, base = row[f"words_{view.lang}"], view.title(view.base)
    return view.say("find.net_cost", n=n, range=_range(view, row), counted=counted, base=base, words=words)


TABLES = {"cards": Exhibit(cards)}
