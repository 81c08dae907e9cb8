"""Parts of patterns that the tables of any experiment tell of, without a run: indicators of business as usual."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsim.base.codes import STAGES
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem

ALL = "all"
AT_FIRST, LATER = (0, 1), (10,)
TOLD: dict[tuple[int, str], tuple[str, tuple[str, ...], tuple[int, ...]]] = {
    **{(1, stage): ("score_icc", (stage,), AT_FIRST) for stage in STAGES},
    **{(1, f"{stage}_2024"): ("score_icc", (stage,), LATER) for stage in STAGES},
    (2, "correlation"): ("ses_score_corr", STAGES, AT_FIRST),
    (6, "raw_gap"): ("school_gap", STAGES, AT_FIRST),
}
"""By number and part: the indicator, and over which stages and which years after the first its mean is taken."""


def recorded(results: Results, scenario: str = "baseline") -> pd.DataFrame:
    """Return what the worlds of an experiment make of the parts TOLD: replication, number, part, value.

    InputError when a part's years or indicator were not recorded.
    """
    first, frames = results.years[0], []
    for (number, part), (indicator, stages, years) in TOLD.items():
        when = [first + year for year in years]
        wanted: dict[str, Sequence[object] | None] = {
            "scenario": [scenario], "indicator": [indicator], "stage": list(stages), "year": when,
        }  # fmt: skip
        table = results.rows_if_any("district_year", wanted)
        table = table[table["group"] == ALL]
        if table.groupby("replication").size().min() != len(stages) * len(when):
            raise InputError(Problem("patterns", indicator, when, "was not recorded in every world; run those years"))
        means = table.groupby("replication")["value"].mean().rename("value").reset_index()
        frames.append(means.assign(number=number, part=part))
    found = pd.concat(frames, ignore_index=True)
    return found[["replication", "number", "part", "value"]]
