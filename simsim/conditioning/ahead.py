"""A district as of a date: what was known then, and draws of what was not.

Nothing later is read: no totals, births, flats, census or law of later years. Errors are of the size that forecasts
have had (docs/decisions/13-worlds.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.streams import Streams
from simsim.conditioning.path import ENTRY, INFLOW
from simsim.districts import births
from simsim.districts.files import DistrictData
from simsim.inputs import parameters
from simsim.inputs.defaults import furthest_year
from simsim.inputs.documents import Draft

AHEAD = "inflow_scale_ahead"
"""The draw that takes the place of in-migration in years of which nothing is published yet."""
POSTS = "posts_growth"
RECENT = 3
"""The mean of the last years known is what births and flats are expected to stay at."""

Known = tuple[DistrictData, dict[str, float], None, dict[str, float], dict[int, float]]


def known_then(
    data: DistrictData, usual: Mapping[str, float], drawn: Mapping[str, float], seed: int, fixed: bool
) -> Known:
    """Return the district as of its date in one world, its parameters, and the drift of in-migration by year.

    `usual` are the parameters as the district has them, `drawn` as simsim draws them: growth of posts that was fitted
    to later staff is not known then. With `fixed` everything is as expected.
    """
    now = int(data.as_of or data.spec["first_year"])
    luck = _Luck(seed, fixed)
    drift = luck.normal("drift", now) * drawn["as_of.drift_sd"]
    years = range(now, furthest_year(data.spec) + 1)
    table = _births(data, now, years, drawn["as_of.births_sd"], drift, luck)
    values = dict(usual) | {POSTS: drawn[POSTS], INFLOW: drawn[AHEAD]}
    values[ENTRY] = _entry(data, usual) * float(np.exp(drawn["as_of.entry_sd"] * luck.normal("entry", now)))
    flats = _flats(data, now, years, float(np.exp(drawn["as_of.flats_sd"] * luck.normal("flats", now))), drift)
    spec = {**data.spec, "housing": {"flats_by_year": {**data.spec["housing"]["flats_by_year"], "value": flats}}}
    then = replace(data, spec=spec, births=table)
    return then, values, None, {}, {year: float(np.exp(drift * (year - now))) for year in years}


class _Luck:
    """One world's keyed draws of what was not known; nothing but zeros when parameters are fixed."""

    def __init__(self, seed: int, fixed: bool) -> None:
        self.streams, self.fixed = Streams(seed), fixed

    def normal(self, what: str, year: int) -> float:
        """Return the standard normal of one thing and year."""
        zero = np.zeros(1, np.int64)
        return 0.0 if self.fixed else float(self.streams.normal(f"as-of/{what}", year, zero)[0])


def _births(data: DistrictData, now: int, years: range, sd: float, drift: float, luck: _Luck) -> pd.DataFrame:
    """Return births by year: counted ones to the year before, then the mean of the last three times a random walk; all
    with the drift of the year in which they reach school.
    """
    known = data.births[data.births["year"] < now]
    level = float(known.sort_values("year")["births"].tail(RECENT).mean())
    walk: Floats = np.cumsum([sd * luck.normal("births", year) for year in years])
    later = pd.DataFrame({"year": list(years), "births": level * np.exp(walk), "kind": "estimate", "source": "as of"})
    table = pd.concat([known, later], ignore_index=True)
    entered = table["year"].to_numpy() + data.system.entry_age
    table["births"] = table["births"].to_numpy(dtype=float) * np.exp(drift * np.maximum(entered - now, 0))
    table.attrs[births.KNOWN_TO] = now - 1
    return table


def _entry(data: DistrictData, usual: Mapping[str, float]) -> float:
    """Return entrants a birth as the first year shows them: in its tables, and in a fact known by then."""
    system, first = data.system, int(data.spec["first_year"])
    born = births.entrants(
        data.births, first, autumn=system.autumn_share(usual["entrants_autumn_share"]), age=system.entry_age
    )
    told = [float(data.schools[system.columns[system.entry_grade]].sum())]
    block: Draft = data.spec.get("factual") or {}
    told += [
        float(fact["value"])
        for fact in (block.get("soft") or {}).values()
        if fact.get("grade") == system.entry_grade and int(fact["year"]) == first
    ]
    return float(np.mean(told)) / born if born else parameters.load()[ENTRY].value


def _flats(data: DistrictData, now: int, years: range, luck: float, drift: float) -> dict[int | str, float]:
    """Return flats by year: those finished before, then the mean of the last three times one draw a world."""
    known = {int(year): float(n) for year, n in _completed(data).items() if year != "later" and int(year) < now}
    level = float(np.mean([known[year] for year in sorted(known)[-RECENT:]])) if known else 0.0
    flats: dict[int | str, float] = dict(known.items())
    flats |= {year: level * luck * float(np.exp(drift * (year - now))) for year in years}
    return flats | {"later": flats[years[-1]]}


def _completed(data: DistrictData) -> Mapping[int | str, float]:
    found: Mapping[int | str, float] = data.spec["housing"]["flats_by_year"]["value"]
    return found
