"""Exact numbers of two runs: a change that moves them must say so by `make baseline`.

Whole numbers are compared exactly, others to 1e-9 of their size, for the last bit of exp and log differs between CPUs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsim.district import District

FOLDER = Path(__file__).resolve().parent / "baseline"
RUNS = {"baseline": 2016, "plan": 2018}
KEYS = ["year", "stage", "group", "indicator"]
TOLERANCE = 1e-9


def numbers(scenario: str) -> pd.DataFrame:
    """Return every indicator of the district in one replication, in a fixed order."""
    table = District(scenario, seed=1).run(to=RUNS[scenario]).tables()["district_year"]
    return table.sort_values(KEYS, kind="stable").reset_index(drop=True)


def update() -> None:
    """Write the exact files anew."""
    for scenario in RUNS:
        numbers(scenario).to_csv(FOLDER / f"{scenario}.csv", index=False, float_format="%.17g", lineterminator="\n")


@pytest.mark.slow
@pytest.mark.parametrize("scenario", RUNS)
def test_the_numbers_are_those_of_the_baseline_file(scenario: str) -> None:
    known = pd.read_csv(FOLDER / f"{scenario}.csv")
    found = numbers(scenario)
    pd.testing.assert_frame_equal(
        found[KEYS], known[KEYS], check_dtype=False, obj="rows; if this is meant: make baseline"
    )
    old, new = known["value"].to_numpy(), found["value"].to_numpy()
    whole = old == np.rint(old)
    same = np.where(
        whole & (np.abs(old) > TOLERANCE),
        new == old,
        np.isclose(new, old, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True),
    )
    changed = found[~same].assign(was=old[~same])
    assert changed.empty, (
        f"{len(changed)} numbers moved; if this is meant: make baseline\n{changed.head(20).to_string()}"
    )


if __name__ == "__main__" and "--update" in sys.argv:
    update()
