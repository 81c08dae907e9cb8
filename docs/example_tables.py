"""Print the tables of example-districts.md, and the numbers of its sentences, in Markdown, from the folder of a run.

`python docs/example_tables.py FOLDER YEAR [YEAR ...]`; the others are compared with the first scenario of the folder.
`simsim large-classes FOLDER` prints the shares of large classes.
"""

from __future__ import annotations

import sys

import pandas as pd
from md_tables import table

from simsim.experiments.results import Results

LOW, HIGH = 0.05, 0.95
STAGE_ROWS = (
    ("pupils", 0),
    ("classes", 0),
    ("rooms", 0),
    ("class_size", 1),
    ("teachers", 0),
    ("distance_km", 2),
    ("distance_p95_km", 1),
    ("over_capacity", 0),
    ("displaced", 0),
    ("large_classes_56", 0),
    ("large_classes_66", 0),
    ("score", 3),
    ("ses_gap", 3),
    ("cv_composite", 3),
    ("dropouts", 1),
)
WHOLE_ROWS = (("pupils", 0), ("teachers", 0), ("merged_stages", 0), ("merger_transported", 0), ("merger_boarding", 0))
STATES = ("merged_stages", "merger_transported", "merger_boarding")
PAY, LAW = "staff", "law/large-classes"
MILLION = 1e6
STEP_56 = 2020
"""From this September on the law limits classes of 56 pupils and more."""


def main(folder: str, years: list[int]) -> None:
    """Print the tables of an experiment for some years, and of all its years together."""
    results = Results.load(folder)
    print(f"# {', '.join(results.scenarios)}: {len(results.replications(results.scenarios[0]))} worlds\n")
    for year in years:
        for stage, rows in (("primary", STAGE_ROWS), ("junior", STAGE_ROWS), ("all", WHOLE_ROWS)):
            lines = [
                row for name, digits in rows for row in _row(results, name, _at(results, name, stage, year), digits)
            ]
            print(f"## {stage}, {year}\n\n{table(_head(results), lines)}")
    sums = [row for name, values in _sums(results).items() for row in _row(results, name, values, 1)]
    print(f"## All years together, money in million yuan\n\n{table(_head(results), sums)}")


def _head(results: Results) -> list[str]:
    others = [cell for name in results.scenarios[1:] for cell in (f"{name}: median", "difference", "worlds")]
    return ["", f"{results.scenarios[0]}: median (5-95 %)", *others]


def _at(results: Results, indicator: str, stage: str, year: int) -> pd.DataFrame:
    """Return an indicator of a year, a row a world and a column a scenario."""
    frame = results.frame("district_year")
    mine = frame[(frame["indicator"] == indicator) & (frame["stage"] == stage) & (frame["group"] == "all")]
    return _wide(results, mine[mine["year"] == year], fill=indicator in STATES)


def _sums(results: Results) -> dict[str, pd.DataFrame]:
    """Return what all years together cost by kind, the rooms that the law forced, and who dropped out."""
    costs = results.frame("costs").assign(value=lambda frame: frame["value"] / MILLION)
    district, rooms = results.frame("district_year"), results.frame("law_rooms")
    pay, law, capital = costs["instance"] == PAY, costs["instance"] == LAW, costs["kind"] == "capital"
    whole = district[(district["group"] == "all") & (district["stage"] != "all")]
    drops, large = (whole[whole["indicator"] == name] for name in ("dropouts", "large_classes_56"))
    large = large[(large["year"] > large["year"].min()) & (large["year"] < STEP_56)]
    parts = {
        "pay": costs[pay],
        "running": costs[~pay & ~capital],
        "building": costs[capital],
        "of it by law": costs[law],
        "all money": costs,
        "rooms by law": rooms.assign(value=rooms["rooms"]),
        "drop-outs": drops,
        **{f"classes of 56, {stage}, before {STEP_56}": part for stage, part in large.groupby("stage", observed=True)},
    }
    return {name: _wide(results, part, fill=True) for name, part in parts.items()}


def _wide(results: Results, frame: pd.DataFrame, fill: bool) -> pd.DataFrame:
    totals = frame.astype({"scenario": str}).groupby(["replication", "scenario"])["value"].sum(min_count=1).unstack()
    totals = totals.reindex(index=results.replications(results.scenarios[0]), columns=results.scenarios)
    return totals.fillna(0.0) if fill else totals


def _row(results: Results, name: str, values: pd.DataFrame, digits: int) -> list[list[str]]:
    """Return the row of an indicator, or none where it is not recorded."""
    base = values[results.scenarios[0]]
    if values.isna().all(axis=None):
        return []
    cells = [name, _band(base, base.median(), digits)]
    for other in results.scenarios[1:]:
        by = values[other] - base
        signed = (by > 0) if by.mean() > 0 else (by < 0)
        cells += [
            _band(values[other], values[other].median(), digits),
            _band(by, by.mean(), digits, "+"),
            str(signed.sum()),
        ]
    return [cells]


def _band(values: pd.Series, middle: float, digits: int, sign: str = "") -> str:
    low, high = values.quantile(LOW), values.quantile(HIGH)
    return f"{middle:{sign},.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


if __name__ == "__main__":
    main(sys.argv[1], [int(year) for year in sys.argv[2:]])
