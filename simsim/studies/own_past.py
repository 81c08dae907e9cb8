"""A district's own past as the test of its forecast: `simsim district hindcast`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.districts.files import DistrictData
from simsim.districts.rolls import Rolls
from simsim.inputs import numbers
from simsim.inputs.errors import InputError, Problem
from simsim.studies import own_openings
from simsim.studies.calibration import own_rolls
from simsim.studies.own_hindcast import hindcast, too_few
from simsim.studies.own_worlds import Reopened, called, lived

MOST_WORLDS = 1000
OPENINGS_WORLDS = 10
"""Worlds for each school that opened, where nobody says how many."""


@dataclass(frozen=True)
class LookedBack:
    """Every forecast with what came (`table`), errors by lead (`summary`), and in words where it is no better."""

    table: pd.DataFrame
    summary: pd.DataFrame
    words: str


def look_back(district: str | Path, openings: bool = False, worlds: int | None = None) -> LookedBack:
    """Return how a district's forecast fared on its own past, or on schools that opened; with `worlds`, simulated
    worlds as well (none unless asked for, but ten for schools that opened). InputError for a district without rolls, or
    with too few.
    """
    _, data, rolls = own_rolls(district)
    number = numbers.whole(OPENINGS_WORLDS * openings if worlds is None else worlds)
    if number is None or not 0 <= number <= MOST_WORLDS:
        raise InputError(Problem("hindcast", "worlds", worlds, f"must be a whole number from 0 to {MOST_WORLDS:,}"))
    if openings and not own_openings.enough(rolls):
        raise InputError(too_few(rolls, own_openings.EARLIER_ROLLS + 2, "two earlier and one in which it opened"))
    if openings:
        where = places(data)
        with Reopened(rolls, data, number, where) as then:
            table = own_openings.openings(rolls, where, then.lived if number else None)
        return LookedBack(table, own_openings.summary(table), own_openings.words(table))
    found = hindcast(rolls, data.system, lived=partial(_mean_lived, rolls, data, number) if number else None)
    return LookedBack(found.table, found.summary(), found.words())


def _mean_lived(rolls: Rolls, data: DistrictData, worlds: int, base: int, years: int) -> Floats:
    return np.asarray(lived(rolls, data, base, years, worlds).mean(axis=0))


def places(data: DistrictData) -> dict[str, tuple[float, float]] | None:
    """Return where schools are (km by code); None where the district does not know."""
    status = data.provenance
    known = status[(status["table"] == "schools") & (status["column"] == "x_km")]["status"]
    if not len(known) or known.iloc[0] == "filled":
        return None
    codes = called(data)
    x, y = data.schools["x_km"].tolist(), data.schools["y_km"].tolist()
    return {codes[key]: (one, other) for key, one, other in zip(data.schools["key"].tolist(), x, y, strict=True)}
