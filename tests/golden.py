"""The golden tables: what every shipped scenario gives, condensed so that it can be committed and compared exactly.

For every table of every scenario (seeds 1 and 2, to 2024; plan and baseline also to 2035): a digest of keys and
whole-number columns, by indicator the count, sum and sum of squares of the other numbers, and by year the sum of their
inverse hyperbolic sines, so that the year in which a table begins to differ can be named whatever the size of the
numbers. Floats are compared to 1e-9, for the last bit of exp and log differs between CPUs. `python tests/golden.py
--update` writes the file anew, after a change that is meant to move results; `--add` runs only the scenarios that it
has not yet, and leaves its rows as they are.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from simsim.district import District

ROOT = Path(__file__).resolve().parent.parent
FILE = Path(__file__).resolve().parent / "baseline" / "golden.parquet"
SEEDS = (1, 2)
LONG = ("baseline", "plan")
TOLERANCE = 1e-9
RUN = ["scenario", "seed", "to"]
WHAT = ["table", "kind", "name"]
WRITTEN_AS = {"instance_year": "ledger_year"}
"""Tables that had another name when the file was written."""


def runs() -> list[tuple[str, int, int]]:
    """Return (scenario, seed, last year) of every run, in a fixed order."""
    scenarios = sorted(path.stem for path in (ROOT / "parameters" / "scenarios").glob("*.yaml"))
    long = [(scenario, seed, 2035) for scenario in LONG for seed in SEEDS]
    return [(scenario, seed, 2024) for scenario in scenarios for seed in SEEDS] + long


def condensed(scenario: str, seed: int, to: int) -> pd.DataFrame:
    """Return one run's tables, condensed: a row a digest or a sum."""
    tables = District(scenario, seed=seed).run(to=to).tables()
    rows = [row for name in sorted(tables) for row in _table(WRITTEN_AS.get(name, name), tables[name])]
    frame = pd.DataFrame(rows, columns=[*WHAT, "digest", "count", "total", "squares"])
    return frame.assign(scenario=scenario, seed=seed, to=to)[[*RUN, *frame.columns]]


def _table(name: str, table: pd.DataFrame) -> Iterator[tuple[str, str, str, str, int, float, float]]:
    floats = [column for column in table if pd.api.types.is_float_dtype(table[column])]
    exact = [column for column in table if column not in floats]
    table = table.sort_values([*exact, *floats], kind="stable")
    for column in exact:
        text = "\n".join(table[column].astype(str))
        yield name, "exact", column, hashlib.sha256(text.encode()).hexdigest()[:16], len(table), 0.0, 0.0
    for column in floats:
        if "indicator" in table:
            for indicator, values in table.groupby("indicator", sort=True, observed=True)[column]:
                yield name, "sum", f"{column}/{indicator}", "", *_sums(values.to_numpy())
        else:
            yield name, "sum", column, "", *_sums(table[column].to_numpy())
        if "year" in table:
            for year, values in table.groupby("year")[column]:
                yield name, "year", f"{column}/{year}", "", *_sums(np.arcsinh(values.to_numpy()))


def _sums(values: np.ndarray) -> tuple[int, float, float]:
    finite = values[np.isfinite(values)]
    return len(finite), float(finite.sum()), float((finite**2).sum())


def golden(jobs: int = 2) -> pd.DataFrame:
    """Run everything and return it condensed."""
    return _condensed(runs(), jobs)


def added(was: pd.DataFrame, jobs: int = 2) -> pd.DataFrame:
    """Return the rows that are there, and after them those of the runs that have none."""
    there = set(was[RUN].drop_duplicates().itertuples(index=False, name=None))
    missing = [run for run in runs() if run not in there]
    return pd.concat([was, _condensed(missing, jobs)], ignore_index=True) if missing else was


def _condensed(listed: list[tuple[str, int, int]], jobs: int) -> pd.DataFrame:
    parts = joblib.Parallel(n_jobs=jobs)(joblib.delayed(condensed)(*run) for run in listed)
    rows: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return rows


def differences(was: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Return, for each run and table that differs, the first year, column and indicator
    in which it does; empty where all is the same.
    """
    both = was.merge(now, on=[*RUN, *WHAT], how="outer", suffixes=("_was", "_now"), indicator="where")
    same = (
        both["where"].eq("both") & both["digest_was"].eq(both["digest_now"]) & both["count_was"].eq(both["count_now"])
    )
    for column in ("total", "squares"):
        same &= np.isclose(both[f"{column}_was"], both[f"{column}_now"], rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
    found = both[~same]
    lines = []
    for (scenario, seed, to, table), rows in found.groupby([*RUN, "table"], sort=True):
        years = sorted(name.split("/")[-1] for name in rows.loc[rows["kind"] == "year", "name"])
        names = sorted(rows.loc[rows["kind"] != "year", "name"])
        first = f"from {years[0]} on" if years else "in keys or whole numbers"
        lines.append(
            f"{scenario}, seed {seed}, to {to}: {table} differs {first}; first {(names or ['?'])[0]} "
            f"({len(names)} in all)"
        )
    return lines


def committed() -> pd.DataFrame:
    """Return the committed golden tables."""
    return pd.read_parquet(FILE)


def main() -> None:
    """Compare, or with --update write the file anew, or with --add the scenarios that it lacks."""
    adding = "--add" in sys.argv
    now = added(committed()) if adding else golden()
    if adding or "--update" in sys.argv:
        now.to_parquet(FILE, index=False, compression="zstd", compression_level=19)
        print(f"{FILE}: {len(now)} rows, {FILE.stat().st_size / 1e3:.0f} kB")
        return
    lines = differences(committed(), now)
    print("\n".join(lines) or "the golden tables hold")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
