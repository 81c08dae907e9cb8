"""Months and school years: a measure acts from the first September after its completion."""

from __future__ import annotations

from datetime import date

import numpy as np

SEPTEMBER = 9
MONTHS = 12
MONTH = r"^20[0-5]\d-(0[1-9]|1[0-2])$"


def acts_from(completed: date) -> int:
    """Return the first school year that sees a measure: the first 1 September on or after its completion."""
    return completed.year if completed <= date(completed.year, SEPTEMBER, 1) else completed.year + 1


def month(text: str) -> int:
    """Return "2015-09" as a count of months since year 0."""
    year, number = text.split("-")
    return int(year) * MONTHS + int(number) - 1


def written(count: int) -> str:
    """Return a count of months as "2015-09"."""
    return f"{count // MONTHS}-{count % MONTHS + 1:02d}"


def september(year: int) -> int:
    """Return the September of a year as a count of months since year 0."""
    return year * MONTHS + SEPTEMBER - 1


def next_september(count: int) -> int:
    """Return the first September in or after a month."""
    this = september(count // MONTHS)
    return this if count <= this else this + MONTHS


def month_of(day: date) -> int:
    """Return a day's month as a count of months since year 0."""
    return day.year * MONTHS + day.month - 1


def months_before(year: int, months: float) -> str:
    """Return the month so many months before September of a year, as "2021-09"."""
    return written(september(year) - int(np.ceil(months)))
