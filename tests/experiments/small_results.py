"""Results made by hand, for the tests of what is read out of them."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.results import Results

SCORE, PUPILS = "score", "pupils"
NAMES = ("scenario", "replication", "year", "stage", "group", "indicator", "value")


RESOLVED = {"scenarios": {"plan": {"resolved": {"plan": {"file": "erdao-2014-2016"}, "district": "erdao"}}}}


def results(
    rows: list[tuple],
    milestones: list[tuple] = (),
    touched: list[tuple] = (),
    costs: list[tuple] = (),
    wished: list[tuple] = (),
) -> Results:
    """Return results of scenario `plan` (and others named in rows) with these rows."""
    pupils = [("plan", seed, year, "all", "all", "pupils", 1.0) for seed in (1, 2, 3, 4) for year in (2015, 2016)]
    keys = ["scenario", "replication"]
    tables = {
        "district_year": pd.DataFrame(pupils + list(rows), columns=list(NAMES)),
        "milestones": pd.DataFrame(
            list(milestones), columns=[*keys, "measure", "milestone", "due", "done", "striving", "met"]
        ),
        "touched": pd.DataFrame(list(touched), columns=[*keys, "instance", "measure", "policy", "value"]),
        "costs": pd.DataFrame(list(costs), columns=[*keys, "year", "instance", "measure", "kind", "value"]),
        "instance_year": pd.DataFrame(
            list(wished), columns=[*keys, "year", "instance", "measure", "planned", "funded", "spent"]
        ),
    }
    return Results(tables, RESOLVED)


def table(values: dict[str, list[float]], indicator: str = SCORE, year: int = 2024, **keys: str) -> pd.DataFrame:
    """Return rows of district_year: one value per scenario and replication (1, 2, ...); `keys` are stage and group."""
    rows = [
        (scenario, seed, year, keys.get("stage", "primary"), keys.get("group", "all"), indicator, value)
        for scenario, numbers in values.items()
        for seed, value in enumerate(numbers, start=1)
    ]
    return pd.DataFrame(rows, columns=list(NAMES))


def only(*frames: pd.DataFrame) -> Results:
    """Return results that hold these rows of district_year and nothing else."""
    return Results({"district_year": pd.concat(frames, ignore_index=True)})
