"""What the pages of every language show alike, worked out once for an experiment."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.inputs.indicators import sureness


@once
def spent(results: Results, scenario: str) -> pd.DataFrame:
    """Return what the measures of a scenario cost over all years: a row per measure and kind, a column per replication;
    staff pay apart.
    """
    costs = results.frame("costs")
    mine = costs[
        (costs["scenario"] == scenario) & (costs["instance"] != "staff") & costs["kind"].isin(("capital", "running"))
    ]
    table = mine.groupby(["instance", "kind", "replication"], observed=True)["value"].sum().unstack("replication")
    return table.reindex(columns=results.replications(scenario)).fillna(0.0)


@once
def turned_away(results: Results) -> dict[tuple[str, str, str], pd.Series]:
    """Return children turned away over all years by replication, by scenario, stage and group."""
    frame = results.rows_if_any("district_year", {"indicator": ["turned_away"]})
    keys = ["scenario", "stage", "group"]
    groups = frame.astype(dict.fromkeys(keys, str)).groupby(keys)
    return {(str(a), str(b), str(c)): mine.groupby("replication")["value"].sum() for (a, b, c), mine in groups}


@once
def schools(results: Results) -> pd.DataFrame:
    """Return every school by scenario and year, and in what share of replications it is open."""
    frame = results.frame("schools")
    keys = ["scenario", "year", "school"]
    columns = ["name_en", "name_zh", "kind", "ownership", "urban", "x_km", "y_km", "cluster"]
    table = frame.groupby(keys, observed=True)[columns].first()
    runs = frame.groupby("scenario", observed=True)["replication"].nunique()
    shown = runs.reindex(table.index.get_level_values("scenario")).to_numpy()
    return table.assign(open=frame.groupby(keys, observed=True).size() / shown)


@once
def _school_years(results: Results, scenario: str, years: Sequence[int]) -> pd.DataFrame:
    return results.rows_if_any("school_year", {"scenario": [scenario], "year": list(years)})


@once
def at_schools(
    results: Results, scenario: str, indicator: str, stage: str, year: int, read: Sequence[int]
) -> pd.DataFrame:
    """Return median, low and high by school in one of the years that are read together."""
    frame = _school_years(results, scenario, read)
    keep = (frame["indicator"] == indicator) & (frame["stage"] == stage)
    groups = frame[keep & (frame["year"] == year)].groupby("school")["value"]
    low, high = sureness().interval
    return pd.DataFrame({"median": groups.median(), "low": groups.quantile(low), "high": groups.quantile(high)})
