"""How sure a difference is, in a reader's words: worlds with its sign, error, what matters; and what it hangs on."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.evidence import Evidence
from simsim.experiments.precision import half_width
from simsim.inputs.indicators import count, indicators, primary_outcomes
from simsim.inputs.numbers import defined
from simsim.report.markup import Safe, tag
from simsim.report.view import View

QUIET = "quiet"


def counted(view: View, row: pd.Series) -> str:
    """Return "97 of 100" for a paired difference; nothing where there is none."""
    return count(row["with_sign"], row["n"], view.lang) if defined(row["with_sign"]) and row["n"] else ""


def counts(view: View, row: pd.Series, indicator: str) -> str:
    """Return how many worlds have the sign, how many differ by more than what matters, and the 95 % Monte-Carlo error
    of the mean; nothing where there is no difference to speak of.
    """
    entry = indicators().get(indicator)
    if not counted(view, row) or entry is None:
        return ""
    width = half_width(float(row["mc_error"]), float(row["n"]))
    error = more_exact(view, width, indicator) if defined(width) else view.say.not_defined
    limit = view.say.gap(entry.matters, indicator)
    return view.say(
        "sure.counts", count=counted(view, row), beyond=view.say.percent(row["beyond"]), limit=limit, error=error
    )


def more_exact(view: View, value: float, indicator: str) -> str:
    """Return a number with one decimal more than its indicator has."""
    if view.say.is_money(indicator):
        return view.say.money(value)
    entry = indicators().get(indicator)
    return view.say.number(value, 2 if entry is None else entry.decimals + 1)


def hangs_on(view: View, evidence: Evidence) -> str:
    """Return the grade of the evidence, and the parameters that move the difference most."""
    return view.say("sure.evidence", grade=evidence.grade.text[view.lang], names=evidence.words(view.lang))


def told(view: View, row: pd.Series, indicator: str, evidence: Evidence) -> Safe:
    """Return counts and evidence of a difference as small print; nothing where there is no verdict."""
    if not row["verdict"]:
        return Safe("")
    return Safe(tag("small", counts(view, row, indicator)) + tag("small", hangs_on(view, evidence)))


def grey(indicator: str) -> str:
    """Return the colour class of a row: grey for what was not named a primary outcome beforehand."""
    return "" if indicator in primary_outcomes() else QUIET


def primary_first(names: list[str]) -> list[str]:
    """Return indicators, the primary outcomes first."""
    order = list(primary_outcomes())
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))
