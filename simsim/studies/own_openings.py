"""Schools that opened, looked back at: what their rolls, and their neighbours', would have been forecast to be, given
their grades and place; beside simpler ways to count, and beside knowing of no plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Ints, Mask
from simsim.districts.own_forecast import ahead, plain
from simsim.districts.rolls import Rolls
from simsim.studies.forecast_verdicts import SAME, unlike_chance

LONGEST = 3
NEIGHBOURS = 5
EARLIER_ROLLS = 1
WORLDS = "worlds"
OURS, MEAN_SIZE, NO_PLAN = METHODS = ("ours", "mean size", "no plan")
"""The formula with the plan known; a cohort of its own and every new grade as large as that grade's mean; no plan.
`worlds` is the mean of simulated ones in which the school opens.
"""
COLUMNS = ("what", "unit", "base", "lead")
PERCENT = 100.0
CLOSER, FARTHER, UNDECIDED = "is closer than", "is farther off than", "shows no difference from"
CAN_TELL = " that so many schools can tell"
RESTS = (
    "how large a school is that opens, and whom it takes, rests on openings in New York (parameters/forecast.yaml): "
    "for a district there these errors are no independent test"
)
Lived = Callable[[int, int, int, Sequence[str]], Floats]
"""Gives pupils for some years after an origin, where a school (row) opens with some grades (years, schools, grades)."""


def openings(
    rolls: Rolls, places: dict[str, tuple[float, float]] | None = None, lived: Lived | None = None
) -> pd.DataFrame:
    """Return for each school that opened, 1 to 3 years on: what (opened, neighbours), unit (its code), base (the
    September before), lead, forecasts by three ways, and what came; where `lived` is given, of simulated worlds first.

    Neighbours are the five nearest schools that share a grade, where `places` (km by code) says where schools are.
    """
    rows: list[dict[str, object]] = []
    for row in range(len(rolls.keys)):
        opened = np.flatnonzero(rolls.open[row])
        if not len(opened) or opened[0] <= EARLIER_ROLLS:
            continue
        rows += _one(rolls, row, int(opened[0]) - 1, places, lived)
    ways = METHODS if lived is None else (WORLDS, *METHODS)
    return pd.DataFrame(rows, columns=[*COLUMNS, *ways, "actual"])


def enough(rolls: Rolls) -> bool:
    """Tell whether rolls go back far enough for a school to have opened with two rolls before it."""
    return len(rolls.years) >= EARLIER_ROLLS + 2


def _one(
    rolls: Rolls, row: int, at: int, places: dict[str, tuple[float, float]] | None, lived: Lived | None
) -> list[dict[str, object]]:
    """Return the rows of one school that opened in the year after column `at`."""
    base = rolls.years[at]
    years = min(LONGEST, len(rolls.years) - 1 - at)
    known, came = rolls.known_at(base), np.swapaxes(rolls.counted[:, at + 1 : at + 1 + years], 0, 1)
    served = np.repeat((known.counted[:, -1] > 0)[None], years, axis=0)
    served[:, row] = came[:, row] > 0
    near = _neighbours(rolls, row, at, places)
    begins = [grade for grade, taught in zip(rolls.grades, served[0, row].tolist(), strict=True) if taught]
    ways = {} if lived is None else {WORLDS: lived(row, base, years, begins)}
    ways |= {
        OURS: ahead(known, years, served=served).schools,
        MEAN_SIZE: _at_mean_size(known, years, served, row),
        NO_PLAN: ahead(known, years).schools,
    }
    rows: list[dict[str, object]] = []
    for what, who in (("opened", np.array([row])), ("neighbours", near)):
        if not len(who):
            continue
        for lead in range(1, years + 1):
            forecasts = {way: float(schools[lead - 1, who].sum()) for way, schools in ways.items()}
            place = dict(zip(COLUMNS, (what, rolls.codes[row], base, lead), strict=True))
            rows.append(place | forecasts | {"actual": float(came[lead - 1, who].sum())})
    return rows


def _at_mean_size(known: Rolls, years: int, served: Mask, row: int) -> Floats:
    """Return plain cohort survival in which the new school's grades follow its own cohorts, and a grade that nobody
    moves up into is as large as the mean of the schools that teach it.
    """
    schools = plain(known, years).schools.copy()
    now = known.counted[:, -1]
    usual = now.sum(axis=0) / np.maximum((now > 0).sum(axis=0), 1)
    cohort = np.zeros(now.shape[1])
    for year in range(years):
        moved = np.concatenate([[0.0], cohort[:-1]])
        cohort = np.where(served[year, row], np.where(moved > 0, moved, usual), 0.0)
        schools[year, row] = cohort
    return schools


def _neighbours(rolls: Rolls, row: int, at: int, places: dict[str, tuple[float, float]] | None) -> Ints:
    """Return the rows of the nearest schools that were open and teach a grade that the new school teaches."""
    here = (places or {}).get(rolls.codes[row])
    if places is None or here is None:
        return np.zeros(0, np.int64)
    mine = (rolls.counted[row, at + 1 :] > 0).any(axis=0)
    others = [
        other
        for other, code in enumerate(rolls.codes)
        if other != row and code in places and (rolls.counted[other, at] > 0)[mine].any()
    ]
    km = [float(np.hypot(places[rolls.codes[o]][0] - here[0], places[rolls.codes[o]][1] - here[1])) for o in others]
    return np.array(others, np.int64)[np.argsort(km, kind="stable")[:NEIGHBOURS]]


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return median absolute errors by what and lead, in % of what came (of schools that had pupils): number, a column
    a way.
    """
    rows = []
    for (what, lead), part in table[table["actual"] > 0].groupby(["what", "lead"], sort=False):
        off = {way: PERCENT * ((part[way] - part["actual"]).abs() / part["actual"]).median() for way in _ways(table)}
        rows.append(
            {"what": what, "lead": lead, "schools": len(part)} | {way: round(float(e), 1) for way, e in off.items()}
        )
    return pd.DataFrame(rows)


def _ways(table: pd.DataFrame) -> list[str]:
    return [way for way in (WORLDS, *METHODS) if way in table]


def words(table: pd.DataFrame) -> str:
    """Return in sentences where the formula, and simulated pupils, came closer than other ways, and where so few
    schools show no difference.
    """
    came = table[table["actual"] > 0]
    if came.empty:
        return "no school opened between the second and the last roll: nothing to look back at"
    rows = [_said(str(what), int(str(lead)), part) for (what, lead), part in came.groupby(["what", "lead"], sort=False)]
    return "\n".join([*rows, RESTS])


def undecided(table: pd.DataFrame) -> tuple[int, int]:
    """Return in how many comparisons of the formula with a simpler way so few schools show no difference, and of how
    many (one a row of the summary and way).
    """
    parts = [part for _, part in table[table["actual"] > 0].groupby(["what", "lead"], sort=False)]
    off = [part[list(METHODS)].sub(part["actual"], axis=0).abs() for part in parts]
    verdicts = [_verdict(one[OURS], one[other])[0] for one in off for other in METHODS[1:]]
    return verdicts.count(UNDECIDED), len(verdicts)


def _said(what: str, lead: int, part: pd.DataFrame) -> str:
    """Return the sentence of one row of the summary."""
    years, schools = ("1 year" if lead == 1 else f"{lead} years"), f"{len(part)} school{'s' * (len(part) > 1)}"
    said = f"{what}, {years} on, {schools}: the formula (ours) {_against(part, OURS, METHODS[1:])}"
    return f"{said}; the mean of worlds {_against(part, WORLDS, METHODS)}" if WORLDS in part else said


def _against(part: pd.DataFrame, way: str, others: Sequence[str]) -> str:
    """Return in words how a way of forecasting stands against others, and in how many schools it was nearer."""
    off = part[[way, *others]].sub(part["actual"], axis=0).abs()
    told: dict[str, list[str]] = {}
    for other in others:
        verdict, nearer = _verdict(off[way], off[other])
        told.setdefault(verdict, []).append(f"{other} (nearer in {nearer})")
    said = [f"{verdict} {' and '.join(named)}{CAN_TELL * (verdict == UNDECIDED)}" for verdict, named in told.items()]
    return ", ".join(said)


def _verdict(mine: pd.Series[float], other: pd.Series[float]) -> tuple[str, int]:
    """Return whether errors (n) are smaller than others (n) in more schools than chance makes it, and in how many."""
    nearer, farther = (int((a < b - SAME).sum()) for a, b in ((mine, other), (other, mine)))
    if unlike_chance(nearer, farther):
        return (CLOSER if nearer > farther else FARTHER), nearer
    return UNDECIDED, nearer
