"""The national hindcast: enrolment of 2014-2017 projected from what was known by 2013, and how far off it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from simsim.base.sums import added_up
from simsim.districts.births import entrants
from simsim.districts.projection import by_stage, project_enrolment
from simsim.inputs.paths import resource

FIRST, FITTED_TO, LAST = 2010, 2013, 2017
REVISED_FROM = 2011
CLEANED = (2012, 2013)
"""Septembers whose rolls lost far more than graduates and drop-outs explain, in every grade alike: the years before
every pupil got one national number (2013). Taken as one-off, because a register is cleaned once; the cause is inferred,
not published."""
SERIES = ("joined as they are", "first published only", "levels linked")


@dataclass(frozen=True)
class Fit:
    """What 2010-2013 say: entrants per birth, eight progression
    ratios, and the share kept in years unlike the others.
    """

    entry: float
    ratios: tuple[float, ...]
    kept: Mapping[int, float]


def enrolment() -> pd.DataFrame:
    """Return the national series to 2017 by year: entrants, pupils and graduates of both stages (10,000 persons)."""
    return pd.read_csv(resource("parameters") / "national" / "enrolment.csv").set_index("year").loc[:LAST]


def births(series: str = "levels linked") -> pd.DataFrame:
    """Return births by year (10,000). `joined as they are`: first published to
    2009, revised from 2010, joined as they are.

    `levels linked`: first published to 2010, raised by the ratio of both series over all years that the Bureau revised
    and the hindcast can know (2011-2017); revised from 2011. Ratios of entrants to the two series differ by that level.
    """
    table = pd.read_csv(resource("parameters") / "national" / "births.csv").pivot(
        index="year", columns="series", values="births"
    )
    first, revised = table["first"], table["revised"]
    years = list(range(REVISED_FROM, LAST + 1))
    link = revised.loc[years].sum() / first.loc[years].sum()
    joined = {
        "joined as they are": revised.fillna(first),
        "first published only": first,
        "levels linked": (first * link).where(first.index < REVISED_FROM, revised),
    }[series]
    return joined.rename("births").reset_index()


def fit(data: pd.DataFrame, born: pd.DataFrame, cleaned: tuple[int, ...] = CLEANED) -> Fit:
    """Fit entry and progression to 2010-2013 alone; `cleaned` years get a share of
    their own and do not count for the ratios.
    """
    d, years = data, range(FIRST + 1, FITTED_TO + 1)
    usual = [year for year in years if year not in cleaned]
    stays = pd.DataFrame(
        {stage: [_stay(d, stage, year) for year in years] for stage in ("primary", "junior")}, index=list(years)
    )
    moves = d["junior_entrants"] / d["primary_graduates"]
    primary, junior = stays.loc[usual].mean()
    ratios = (primary,) * 5 + (float(moves[usual].mean()),) + (junior,) * 2
    kept = {year: float(stays.loc[year, "primary"] / primary) for year in cleaned}
    entry = [d["primary_entrants"][year] / entrants(born, year) for year in range(FIRST, FITTED_TO + 1)]
    return Fit(float(sum(entry) / len(entry)), ratios, kept)


def _stay(data: pd.DataFrame, stage: str, year: int) -> float:
    """Return the share of those not graduating who are still there a year later."""
    pupils, came, left = (data[f"{stage}_{what}"] for what in ("enrolment", "entrants", "graduates"))
    return float((pupils[year] - came[year]) / (pupils[year - 1] - left[year]))


def stock(data: pd.DataFrame, born: pd.DataFrame, fitted: Fit) -> dict[int, float]:
    """Return the pupils of September 2010 by grade, derived.

    Grades 1 and 7 are that year's entrants; 6 and 9 the graduates of 2011; 5 and 4 the graduates
    of 2012 and 2013 carried back by the fitted ratios; 8, and 2 with 3, what remains of the
    stage's total, 2 and 3 in proportion to births.
    """
    d, step = data, fitted.ratios[0]
    later = step * fitted.kept.get(FIRST + 2, 1.0)
    grades = {1: d["primary_entrants"][FIRST], 6: d["primary_graduates"][FIRST + 1]}
    grades |= {5: d["primary_graduates"][FIRST + 2] / step, 4: d["primary_graduates"][FIRST + 3] / (step * later)}
    rest = d["primary_enrolment"][FIRST] - added_up(grades.values())
    cohort = {grade: entrants(born, FIRST + 1 - grade) for grade in (2, 3)}
    grades |= {grade: rest * n / added_up(cohort.values()) for grade, n in cohort.items()}
    grades |= {7: d["junior_entrants"][FIRST], 9: d["junior_graduates"][FIRST + 1]}
    grades[8] = d["junior_enrolment"][FIRST] - grades[7] - grades[9]
    return {grade: float(grades[grade]) for grade in sorted(grades)}


def entrant_errors(series: str = "levels linked") -> pd.DataFrame:
    """Return entrants from births against the published ones, year by year:
    published, projected, error (share), out of sample.
    """
    data, born = enrolment(), births(series)
    ratio = fit(data, born).entry
    projected = pd.Series({year: entrants(born, year, ratio=ratio) for year in data.index})
    return _errors(data["primary_entrants"], projected)


def enrolment_errors(cleaned: tuple[int, ...] = CLEANED, from_births: bool = False) -> dict[str, pd.DataFrame]:
    """Return projections from the stock of 2010 against the published numbers: primary, junior, and junior entrants.

    Entrants of grade 1 are the published ones, so that only the stock errs, unless `from_births`; grade 7 is always
    projected from grade 6 but in `junior_given_entrants`. `cleaned` empty takes all three years as alike.
    """
    data, born = enrolment(), births()
    fitted = fit(data, born, cleaned)
    given = {} if from_births else {1: _by_year(data["primary_entrants"])}
    start = stock(data, born, fitted)
    run = partial(
        project_enrolment, born, start, LAST, FIRST, ratios=fitted.ratios, entry_ratio=fitted.entry, kept=fitted.kept
    )
    pupils, held = run(known=given), run(known=given | {7: _by_year(data["junior_entrants"])})
    stages = by_stage(pupils)
    return {
        "primary": _errors(data["primary_enrolment"], stages["primary"]),
        "junior": _errors(data["junior_enrolment"], stages["junior"]),
        "junior_entrants": _errors(data["junior_entrants"], pupils[7]),
        "junior_given_entrants": _errors(data["junior_enrolment"], by_stage(held)["junior"]),
    }


def _by_year(column: pd.Series[float]) -> dict[int, float]:
    return dict(zip(column.index.tolist(), column.tolist(), strict=True))


def _errors(published: pd.Series, projected: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame({"published": published, "projected": projected})
    return table.assign(error=table["projected"] / table["published"] - 1.0, out_of_sample=table.index > FITTED_TO)


def worst(errors: pd.DataFrame) -> float:
    """Return the largest error out of sample, without its sign."""
    return float(errors.loc[errors["out_of_sample"], "error"].abs().max())
