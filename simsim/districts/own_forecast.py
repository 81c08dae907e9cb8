"""Pupils carried forward from an office's own rolls: shrunk cohort ratios, smoothed entry, a share of "as many as now",
schools raked to the district (parameters/forecast.yaml; NCES, Projections of Education Statistics, for the weights).

Within-school ratios and entry levels give each school's grades, the ratios of all pupils together the district's; what
schools add up to is brought to the district grade by grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from simsim.base.arrays import Floats, Mask
from simsim.districts.rolls import Rolls
from simsim.inputs.documents import Document
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml


@cache
def rules() -> dict[str, float]:
    """Return the method's numbers as `block.name` (parameters/forecast.yaml)."""
    blocks: Document = read_yaml(resource("parameters") / "forecast.yaml")
    return {
        f"{block}.{name}": float(entry["value"])
        for block, entries in blocks.items()
        if isinstance(entries, dict)
        for name, entry in entries.items()
    }


@dataclass(frozen=True)
class Forecast:
    """Pupils expected 1 to H years after the last roll: `district` (H, grades), `schools` (H, schools, grades)."""

    base: int
    district: Floats
    schools: Floats
    served: Mask
    ratios: Floats
    """The district's own ratios by the grade that is reached (grades); NaN for the entry grade and where none is."""


def ahead(rolls: Rolls, years: int, entrants: Floats | None = None, served: Mask | None = None) -> Forecast:
    """Return pupils 1 to `years` years after the last of `rolls`.

    `entrants` are children expected from births in the entry grade (years), once known; `served` says which grades each
    school will teach (years, schools, grades), where it is known; otherwise it goes on as in the last roll.
    """
    now = rolls.counted[:, -1]
    served = np.repeat((now > 0)[None], years, axis=0) if served is None else served
    ratios = _district_ratios(rolls)
    district = _district(rolls, ratios, years, entrants)
    schools = _raked(_schools(rolls, years, served), district)
    return Forecast(rolls.years[-1], district, schools, served, ratios)


# ---- ratios and entry ----


def _weights(rolls: Rolls) -> Floats:
    """Return the weight of each step between two rolls (steps, 1, 1): the last counts most, old ones not at all."""
    steps = len(rolls.years) - 1
    back = np.arange(steps)[::-1]
    weights = np.where(back < rules()["ratios.most_steps"], rules()["ratios.step_weight"] ** back, 0.0)
    return weights[:, None]


def _district_ratios(rolls: Rolls) -> Floats:
    """Return how many pupils a grade has for each in the grade below a year before, all schools together (grades)."""
    totals = rolls.counted.sum(axis=0)
    before, after = (_weights(rolls) * totals[:-1, :-1]).sum(axis=0), (_weights(rolls) * totals[1:, 1:]).sum(axis=0)
    return np.concatenate([[np.nan], _bounded(before, after)])


def _bounded(before: Floats, after: Floats) -> Floats:
    """Return ratios within the bounds; 1 where nobody was there to move up."""
    ratio = np.where(before > 0, after / np.maximum(before, 1.0), 1.0)
    bounded: Floats = np.clip(ratio, rules()["ratios.lowest"], rules()["ratios.highest"])
    return bounded


def school_ratios(rolls: Rolls) -> Floats:
    """Return each school's ratios by the grade that is reached, shrunk to those within all schools (schools, grades).

    A step counts only where a school had pupils in both grades: one that adds a grade has no ratio there.
    """
    pupils = rolls.counted
    before, after = pupils[:, :-1, :-1], pupils[:, 1:, 1:]
    weights = _weights(rolls) * ((before > 0) & (after > 0))
    before, after = (weights * before).sum(axis=1), (weights * after).sum(axis=1)
    within, k = _bounded(before.sum(axis=0), after.sum(axis=0)), rules()["ratios.shrinkage"]
    shrunk = np.clip((after + k * within) / (before + k), rules()["ratios.lowest"], rules()["ratios.highest"])
    return np.concatenate([np.full((len(shrunk), 1), np.nan), shrunk], axis=1)


def _entry(pupils: Floats) -> Floats:
    """Return the smoothed level of pupils by year on axis -2, over the years that have any; 0 where none has."""
    back = np.arange(pupils.shape[-2])[::-1][:, None]
    weights = rules()["entry.year_weight"] ** back * (pupils > 0)
    return np.asarray((weights * pupils).sum(axis=-2) / np.maximum(weights.sum(axis=-2), np.finfo(float).tiny))


def entry_level(rolls: Rolls) -> float:
    """Return the smoothed number of pupils who enter the district's first grade in a year."""
    return float(_entry(rolls.counted.sum(axis=0))[0])


# ---- district and schools ----


def _unchanged(share: str, ahead: int) -> float:
    """Return the share of "as many as now", which falls to 0 over the years past those it was tested for."""
    until = rules()["unchanged.until"]
    return rules()[share] * float(np.clip(2.0 - ahead / until, 0.0, 1.0))


def _district(rolls: Rolls, ratios: Floats, years: int, entrants: Floats | None) -> Floats:
    """Return the district's pupils by year ahead and grade (years, grades)."""
    totals = rolls.counted.sum(axis=0)
    level, pupils = _entry(totals)[0], [totals[-1]]
    for year in range(years):
        entry = level if entrants is None else entrants[year]
        pupils.append(np.concatenate([[entry], ratios[1:] * pupils[-1][:-1]]))
    shares = [0.0 if entrants is not None else _unchanged("unchanged.district", year + 1) for year in range(years)]
    return np.array([(1 - w) * cohort + w * totals[-1] for w, cohort in zip(shares, pupils[1:], strict=True)])


def _schools(rolls: Rolls, years: int, served: Mask) -> Floats:
    """Return schools' pupils before they are raked (years, schools, grades)."""
    now, ratios = rolls.counted[:, -1], school_ratios(rolls)
    entry = _entry(rolls.counted)
    usual = now.sum(axis=0) / np.maximum((now > 0).sum(axis=0), 1)
    size = np.where(now.any(axis=1), 1.0, rules()["opening.size"])[:, None]
    entry = np.where(entry > 0, entry, size * usual)
    cohort, found = now, []
    for year in range(years):
        moved = np.concatenate([np.zeros((len(now), 1)), np.nan_to_num(ratios[:, 1:]) * cohort[:, :-1]], axis=1)
        cohort = np.where(served[year], np.where(moved > 0, moved, entry), 0.0)
        w = _unchanged("unchanged.school", year + 1) * (served[year] & (now > 0))
        found.append((1 - w) * cohort + w * now)
    return np.array(found)


def _raked(schools: Floats, district: Floats) -> Floats:
    """Return schools brought to the district, grade by grade, as far as the bounds allow."""
    total = schools.sum(axis=1)
    factor = np.clip(
        np.divide(district, total, out=np.ones_like(district), where=total > 0),
        rules()["rake.lowest"], rules()["rake.highest"],
    )  # fmt: skip
    raked: Floats = schools * factor[:, None]
    return raked


def plain(rolls: Rolls, years: int) -> Forecast:
    """Return plain cohort survival to hold `ahead` against: the last step's ratios as they are, entry as in the last
    roll, schools not brought to the district.
    """
    pupils = rolls.counted
    before, after = pupils[:, -2, :-1], pupils[:, -1, 1:]
    both = (before > 0) & (after > 0)
    totals = _plain_ratios(before.sum(axis=0), after.sum(axis=0))
    within = _plain_ratios((before * both).sum(axis=0), (after * both).sum(axis=0))
    ratios = np.where(both, after / np.maximum(before, 1.0), within)
    now, district, schools = pupils[:, -1], [pupils[:, -1].sum(axis=0)], [pupils[:, -1]]
    for _ in range(years):
        district.append(np.concatenate([district[0][:1], totals * district[-1][:-1]]))
        moved = np.concatenate([np.zeros((len(now), 1)), ratios * schools[-1][:, :-1]], axis=1)
        schools.append(np.where(now > 0, np.where(moved > 0, moved, now), 0.0))
    served = np.repeat((now > 0)[None], years, axis=0)
    return Forecast(rolls.years[-1], np.array(district[1:]), np.array(schools[1:]), served, np.append(np.nan, totals))


def _plain_ratios(before: Floats, after: Floats) -> Floats:
    ratio: Floats = np.where(before > 0, after / np.maximum(before, 1.0), 1.0)
    return ratio


# ---- intervals ----


def spread(pupils: Floats, years: int, grade: bool = False) -> Floats:
    """Return the reference half-width of 80 % intervals on the log scale for numbers of pupils (n) `years` ahead."""
    r, n = rules(), np.maximum(pupils, 1.0)
    if grade:
        variance = r["interval.grade"] * years / n
    else:
        variance = r["interval.pupils"] * years ** r["interval.growth"] / n + (r["interval.drift"] * years) ** 2
    return np.asarray(np.sqrt(variance))


def own_factor(errors: Floats) -> float:
    """Return how much wider (or narrower) than the reference a district's own past errors (n) say an interval is.

    `errors` are |log(actual / forecast)| in units of the reference half-width; without any it is 1.
    """
    n = len(errors)
    if not n:
        return 1.0
    level = min(1.0, rules()["interval.share"] * (n + 1) / n)
    return float(np.quantile(errors, level) ** (n / (n + rules()["interval.own_past"])))


def district_factor(errors: Floats) -> float:
    """Return the same for a district's total, of which there are few errors (n)."""
    prior, normal = rules()["interval.own_past_district"], rules()["interval.normal"]
    return float(np.sqrt((prior + np.square(normal * errors).sum()) / (prior + len(errors))))


def settled(rolls: Rolls, years: int = 2) -> Mask:
    """Return which schools taught the same grades in the last `years` years and now (schools)."""
    has = rolls.counted > 0
    recent = has[:, -(years + 1) :]
    same: Mask = (recent == recent[:, -1:]).all(axis=(1, 2)) & has[:, -1].any(axis=1) & (recent.shape[1] > 1)
    return same
