"""Cohort survival from published series of whole stages, with ratios that move in time by one of four ways.

Such series give stages, not grades. What a stage's entrants of past years became is derived: one share, the same every
year since they came, makes them add up to the published pupils (entrants from before the series: births, at the level
of its first entrants). Four ratios a year follow: entrants to children of school age, pupils kept within each stage,
and the step into junior schools.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from simsim.base.arrays import Floats
from simsim.districts import births as born
from simsim.districts.projection import project_enrolment
from simsim.districts.system import SchoolSystem, shipped
from simsim.studies.series import Series

RECENT = 3
KEPT = 0.6
"""Weight of a year's ratio next to the following year's: one less the smoothing constant of NCES's projections, 0.4."""
TREND_STEPS, DAMPED = 3, 0.8
"""Steps that a trend is taken from, and the share of it that goes on each further year (judgement, not tuned)."""
LEAST_RATIO = 0.01


def _last(ratios: Floats, leads: Floats) -> Floats:
    return np.full(len(leads), ratios[-1])


def _recent_mean(ratios: Floats, leads: Floats) -> Floats:
    return np.full(len(leads), ratios[-RECENT:].mean())


def _smoothed(ratios: Floats, leads: Floats) -> Floats:
    return np.full(len(leads), np.average(ratios, weights=KEPT ** np.arange(len(ratios))[::-1]))


def _damped_trend(ratios: Floats, leads: Floats) -> Floats:
    steps = min(TREND_STEPS, len(ratios) - 1)
    trend = (ratios[-1] - ratios[-1 - steps]) / max(steps, 1)
    return np.asarray(ratios[-1] + trend * np.cumsum(DAMPED**leads), dtype=float)


WAYS: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "last": _last,
    "mean of 3": _recent_mean,
    "smoothed": _smoothed,
    "damped trend": _damped_trend,
}
"""How ratios known to a September may go on, the simplest first: it is kept when none does better."""


def ratios(known: Series) -> dict[str, Floats]:
    """Return the ratios of every year of a vintage: `entry`, each stage's, and `into` each stage but the first."""
    system = shipped()
    years = range(known.first, known.last + 1)
    cohorts = np.array([born.entrants(known.births, year) for year in years])
    found = {"entry": known.rolls[f"{system.words[0]}_entrants"].to_numpy(dtype=float) / cohorts}
    stocks = {year: stock(known, year) for year in years}
    for stage, word in zip(system.stages, system.words, strict=True):
        grades = system.grades(stage)
        found[word] = np.array(
            [_total(stocks[b], grades[1:]) / _total(stocks[a], grades[:-1]) for a, b in pairwise(years)]
        )
        if stage != system.stages[0]:
            into = [stocks[b][grades[0]] / stocks[a][grades[0] - 1] for a, b in pairwise(years)]
            found[f"into {word}"] = np.array(into)
    return found


def stock(known: Series, year: int) -> dict[int, float]:
    """Return the pupils of a September by grade, derived from entrants and pupils of each stage."""
    system = shipped()
    found: dict[int, float] = {}
    for stage, word in zip(system.stages, system.words, strict=True):
        came = [_entered(known, word, year - back, system) for back in range(len(system.grades(stage)))]
        pupils = float(known.rolls[f"{word}_enrolment"][year])
        share = _kept_share(np.array(came), pupils)
        found |= {
            grade: n * share**back for back, (grade, n) in enumerate(zip(system.grades(stage), came, strict=True))
        }
    return found


def _entered(known: Series, word: str, year: int, system: SchoolSystem) -> float:
    """Return a year's entrants of a stage; before the series, the first published ones times the cohorts' ratio."""
    entrants = known.rolls[f"{word}_entrants"]
    if year >= known.first:
        return float(entrants[year])
    years_before = system.first_grade[system.stages[system.words.index(word)]] - system.entry_grade
    then, first = (born.entrants(known.births, at - years_before) for at in (year, known.first))
    return float(entrants[known.first]) * then / first


def _kept_share(came: Floats, pupils: float) -> float:
    """Return the share s, kept every year, with which entrants (this year's first) add up to the pupils."""
    backs = np.arange(len(came))

    def over(share: float) -> float:
        return float(came @ share**backs) - pupils

    high = 1.0
    while over(high) < 0:
        high *= 2.0
    return float(brentq(over, 0.0, high, xtol=1e-14))


def _total(pupils: Mapping[int, float], grades: range) -> float:
    return float(np.sum([pupils[grade] for grade in grades]))


def projected(known: Series, past: Mapping[str, Floats], way: str, to: int) -> pd.DataFrame:
    """Return pupils by year and grade from a vintage's last September on, its `past` ratios going on as `way` says;
    a year at a time, for they differ by year.
    """
    system, base = shipped(), known.last
    leads = np.arange(1.0, to - base + 1.0)
    paths = {name: np.maximum(WAYS[way](found, leads), LEAST_RATIO) for name, found in past.items()}
    steps: list[str] = []
    for stage, word in zip(system.stages, system.words, strict=True):
        steps += [f"into {word}"] * bool(steps) + [word] * (len(system.grades(stage)) - 1)
    grades = stock(known, base)
    rows = {base: grades}
    for back, year in enumerate(range(base, to)):
        step = [float(paths[name][back]) for name in steps]
        entry = float(paths["entry"][back])
        pupils = project_enrolment(known.births, grades, year + 1, year, ratios=step, entry_ratio=entry)
        grades = {grade: float(pupils[grade][year + 1]) for grade in system.taught}
        rows[year + 1] = grades
    return pd.DataFrame.from_dict(rows, orient="index")
