"""The class rooms that a scenario's schools lack: what the amounts of the scenario plan-rooms come from.

Of every public school stage: pupils above the seats at the class target, as the median of the worlds, in the year from
`since` on in which that is most, in rooms of the class target, rounded up. `simsim run plan --seeds 100 --out F`, then
`missing_rooms(Results.load("F"), "plan", "junior", 2017)`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments.results import Results

COLUMNS = ("pupils", "seats", "rooms")


def missing_rooms(results: Results, scenario: str, stage: str, since: int) -> pd.Series:
    """Return the class rooms that each public school of a stage lacks by the rule above (whole numbers by school key);
    schools that lack none are left out. InputError for a scenario that the results do not hold.
    """
    wanted = {"scenario": [results.scenario(scenario)], "stage": [stage], "indicator": list(COLUMNS)}
    frame = results.rows_if_any("school_year", wanted)
    frame = frame[(frame["year"] >= since) & frame["school"].isin(_public(results, scenario))]
    keys = ["school", "year", "replication"]
    wide = frame.astype({"indicator": str}).pivot_table(index=keys, columns="indicator", values="value")
    size = (wide["seats"] / wide["rooms"]).groupby("school").median()
    above = (wide["pupils"] - wide["seats"]).groupby(["school", "year"]).median().groupby("school").max()
    lacking = np.ceil((above / size).clip(lower=0.0).round(9)).astype(int)
    rooms: pd.Series[int] = lacking[lacking > 0].rename("rooms")
    return rooms


def _public(results: Results, scenario: str) -> set[int]:
    schools = results.rows_if_any("schools", {"scenario": [scenario], "ownership": ["public"]})
    return set(schools["school"].astype(int))
