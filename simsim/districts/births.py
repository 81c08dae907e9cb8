"""Births of the district by calendar year, and the cohorts that they become at school."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.districts.system import shipped
from simsim.inputs.defaults import country
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import resource

BORN_BEFORE_JANUARY = 1 / 3
"""Share of an entering cohort that was born in September-December, a year before the others, unless the
district says otherwise.
"""
SWITCH = "structure.births_national"
"""The parameter that lets births follow the nation's shape."""
VARIANTS = {"flat": 1.0, "low": 0.8, "high": 1.2}
RECENT_YEARS = 3
KNOWN_TO = "known_to"
"""In the attributes of a table of births: its last year that was counted, where later ones are drawn."""
YEARS_BEFORE = 16
"""How long before the first year births begin when they are said once for all: the oldest at school were born then."""


def entrants(
    births: pd.DataFrame,
    year: int,
    variant: str = "flat",
    factor: float = 1.0,
    ratio: float = 1.0,
    autumn: float = BORN_BEFORE_JANUARY,
    age: int | None = None,
) -> float:
    """Return how many children reach school age for September of `year`, times `ratio` (entrants per birth).

    A share `autumn` of them was born late in the year before those who turn `age` in `year` (by default that of
    the default system: with 6 years in September-December of year - 7, the rest in January-August of year - 6). Years
    past the last of `births` follow `births_after`, times `factor`; a year before the first counts as the first. The
    district and `projection.project_enrolment` both take their entering cohorts from here.
    """
    age = shipped().school_age if age is None else age
    earlier, later = (births_of(births, year - age - back, variant, factor) for back in (1, 0))
    return (autumn * earlier + (1 - autumn) * later) * ratio


def births_of(births: pd.DataFrame, year: int, variant: str = "flat", factor: float = 1.0) -> float:
    """Return the births of a calendar year: counted, or the variant's (or those drawn, KNOWN_TO) times `factor`; a
    year before the first counts as the first.
    """
    years = births["year"].to_numpy()
    if year > years.max():
        return factor * births_after(births, year, variant)
    values = births["births"].to_numpy(dtype=float)
    born = float(values[years == max(year, int(years.min()))][0])
    return born * factor if year > births.attrs.get(KNOWN_TO, year) else born


def births_after(births: pd.DataFrame, year: int, variant: str = "flat") -> float:
    """Return the births assumed for a year past the last known one: the mean of the last three, times 1, 0.8 or 1.2.

    The three variants (flat, low, high) are judgement. Raise KeyError for another variant's name.
    """
    recent = births.sort_values("year")["births"].tail(RECENT_YEARS).mean()
    return float(recent) * VARIANTS[variant]


def every_year(spec: Document) -> pd.DataFrame:
    """Return births by year (year, births, kind, source): the same number in every year that the first cohorts need."""
    rule, first = spec["births"], int(spec["first_year"])
    years = list(range(first - YEARS_BEFORE, first + 1))
    return pd.DataFrame({"year": years, "births": round(rule["value"]), "kind": rule["kind"], "source": rule["source"]})


def of_variant(births: pd.DataFrame, spec: Document, national: bool) -> pd.DataFrame:
    """Return the births of a district (year, births ...): its own, or with the shape of the nation's over the years.

    The nation's series of the country (`national_births` of its file) takes over from its first year on, at the level
    that keeps the district's sum of the years before its first September; earlier births, and years that the series
    lacks or that are not known (KNOWN_TO), stay. InputError where the country has no such series, or none of those
    years.
    """
    if not national:
        return births
    series = _national(spec)
    of_year = births["year"].map(series).where(births["year"] <= births.attrs.get(KNOWN_TO, np.inf))
    before = of_year.notna() & (births["year"] < int(spec["first_year"]))
    if not before.any():
        remedy = f"needs the nation's births of a year before {spec['first_year']}, which {country(spec)['name']} lacks"
        raise InputError(Problem("parameters", SWITCH, 1, f"{remedy}; set it to 0"))
    level = births.loc[before, "births"].sum() / of_year[before].sum()
    return births.assign(births=(of_year * level).fillna(births["births"]))


def _national(spec: Document) -> dict[int, float]:
    """Return the nation's births by year as its country's file names them; none where it names no series."""
    told = country(spec).get("national_births")
    if not told:
        return {}
    table = pd.read_csv(resource("parameters") / str(told["file"]))
    mine = table[table["series"] == told["series"]]
    return dict(zip(mine["year"].tolist(), mine["births"].astype(float).tolist(), strict=True))


def construct(series: pd.DataFrame, spec: Document) -> pd.DataFrame:
    """Return births by year (year, births, kind, source) from national, provincial and city series.

    After the splice years births are the province's rate times the city's ratio to the province times the district's
    population; before them the national series as first published, joined to the revised one over the splice years, in
    which both count half. `spec` is the whole district file; see its `births` block.
    """
    tables = {name: part.sort_values("year").set_index("year")["value"] for name, part in series.groupby("series")}
    rule = spec["births"]
    first, last = rule["splice"]
    recent = _recent(tables["province_rate"], tables["city_rate"], spec["aggregates"]["population"], rule)
    revised = tables["national_revised"].loc[first:last]
    level = recent.loc[first:last].mean() / revised.mean()
    recent.loc[first:last] = (recent.loc[first:last] + revised * level) / 2
    earlier = tables["national_first"].loc[rule["first_year"] : first - 1] * level
    births = pd.concat([earlier, recent]).round().astype(int)
    sources = np.where(births.index < first, rule["source_before"], rule["source_after"])
    return pd.DataFrame({"year": births.index, "births": births.to_numpy(), "kind": rule["kind"], "source": sources})


def _recent(
    province: pd.Series[float],
    city: pd.Series[float],
    people: Mapping[str, Mapping[str, float]],
    rule: Document,
) -> pd.Series[float]:
    """Return births from the first year of the provincial rate on."""
    years = province.index.to_numpy()
    ratio = np.interp(years, city.index, city / province[city.index])
    known, census = people["managed"], people["census"]
    growth = (census["value"] / known["middle"]) ** (1 / (census["year"] - known["year"])) - 1
    elapsed = np.minimum(years, census["year"]) - known["year"]
    population = known["value"] * (1 + growth) ** elapsed
    return pd.Series(province.to_numpy() * ratio * population / rule["per"], index=province.index)
