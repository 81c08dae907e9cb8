"""The years of the default district that studies look at, counted from its first."""

from __future__ import annotations

from functools import cache

from simsim.districts.files import load_district
from simsim.inputs.defaults import default_district


@cache
def after(years: int) -> int:
    """Return the school year that is so many years after the first."""
    return int(load_district(default_district()).spec["first_year"]) + years


def first_day(years: int) -> str:
    """Return the first day of that school year, as scenarios write dates."""
    return f"{after(years)}-09-01"
