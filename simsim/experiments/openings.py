"""Schools that a scenario opens: where they stand, and how full they are when they open and later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments.once import once
from simsim.experiments.outlook import area_at
from simsim.experiments.places import district_of
from simsim.experiments.results import Results
from simsim.inputs.indicators import sureness

HALF = 0.5
GROUP = ["school", "stage"]
COLUMNS = ("school", "stage", "area", "opened", "use", "use_low", "use_high", "empty_seats", "half_empty", "n",
           "years", "use_last", "use_last_low", "use_last_high")  # fmt: skip


@once
def openings(results: Results, scenario: str) -> pd.DataFrame:
    """Return a row for every stage of every school that opens during the run.

    Columns: school (key), stage, area, opened (median year), use with low and high (pupils per seat in its first year:
    median and 5-95 % of worlds), empty_seats (median, first year), half_empty (worlds in which fewer than half of the
    seats are taken in the first year), n (worlds in which it opens), years (median number of years less than half
    full), use_last with low and high (in the last year).
    """
    places = _opened(results, scenario)
    if places.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    use = _use(results, scenario, places)
    rows = [_row(int(mine["school"].iloc[0]), str(mine["stage"].iloc[0]), mine) for _, mine in use.groupby(GROUP)]
    table = pd.DataFrame(rows)
    data = district_of(results, scenario)
    first = places.groupby("school")[["x_km", "y_km"]].first().loc[table["school"]]
    table["area"] = "" if data is None else area_at(data, first["x_km"].to_numpy(), first["y_km"].to_numpy())
    return table[list(COLUMNS)].sort_values(["opened", "school", "stage"], ignore_index=True)


def _opened(results: Results, scenario: str) -> pd.DataFrame:
    """Return school, replication, place and opening year of the schools that open after the first year."""
    frame = results.frame("schools")
    mine = frame[(frame["scenario"] == scenario) & (frame["opened"] > results.years[0])]
    return mine.drop_duplicates(["school", "replication"])[["school", "replication", "opened", "x_km", "y_km"]]


def _use(results: Results, scenario: str, places: pd.DataFrame) -> pd.DataFrame:
    """Return pupils and seats by school, stage, replication and year from the opening on."""
    wanted = {"scenario": [scenario], "indicator": ["pupils", "seats"], "school": sorted(places["school"].unique())}
    frame = results.rows_if_any("school_year", wanted).astype({"stage": str, "indicator": str})
    wide = frame.pivot_table(index=["school", "stage", "replication", "year"], columns="indicator", values="value")
    wide = wide.reset_index().merge(places[["school", "replication", "opened"]], on=["school", "replication"])
    wide = wide[(wide["year"] >= wide["opened"]) & (wide["seats"] > 0)]
    return wide.assign(use=wide["pupils"] / wide["seats"], empty=wide["seats"] - wide["pupils"])


def _row(school: int, stage: str, mine: pd.DataFrame) -> dict[str, object]:
    """Return the row of one stage of one school."""
    low, high = sureness().interval
    first = mine[mine["year"] == mine["opened"]]
    last = mine[mine["year"] == mine["year"].max()]
    below = mine.assign(below=mine["use"] < HALF).groupby("replication")["below"].sum()
    row: dict[str, object] = {"school": school, "stage": stage, "opened": int(np.floor(first["opened"].median()))}
    for name, table in (("use", first), ("use_last", last)):
        row |= {name: table["use"].median(), f"{name}_low": table["use"].quantile(low)}
        row |= {f"{name}_high": table["use"].quantile(high)}
    return row | {
        "empty_seats": first["empty"].median(),
        "half_empty": int((first["use"] < HALF).sum()),
        "n": len(first),
        "years": below.median(),
    }
