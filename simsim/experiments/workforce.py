"""The public workforce of an experiment by year, stage and subject group, beside two plain rules of recruiting.

What is simulated (retirements, resignations, hires, posts, teachers) stands beside what the staffing standard (a proxy)
allows. The two rules are arithmetic over the same leavers, world by world, and no simulation: under `as_retire` a stage
hires as many as retire; under `to_need` it hires whom the standard still misses, and nobody while there are more. Those
who retire are the same in all three; resignations follow the staff of each.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.codes import STAGES
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem
from simsim.record.workforce import GROUPS, PUBLIC

KEYS = ["stage", "group", "replication", "year"]
INDICATORS = ("teachers", "posts", "teachers_needed", "retirements", "exits", "hires")
COLUMNS = (*INDICATORS, "surplus", "as_retire_hires", "as_retire_surplus", "to_need_hires", "to_need_surplus")


def workforce(results: Results, scenario: str) -> pd.DataFrame:
    """Return a row by stage, group (public, public_core ...), replication and year, and `COLUMNS` (teachers).

    InputError for a scenario that is not in the results, or for results of an older record without these numbers.
    """
    name = results.scenario(scenario)
    wanted = {"scenario": [name], "indicator": INDICATORS, "group": GROUPS}
    frame = results.rows_if_any("district_year", wanted).astype({"indicator": str, "group": str, "stage": str})
    if frame.empty or "teachers_needed" not in set(frame["indicator"]):
        remedy = "were made by an older simsim, which did not record the workforce by subject; run them again"
        raise InputError(Problem("results", "district_year", "teachers_needed", remedy))
    wide = frame.pivot_table(index=KEYS, columns="indicator", values="value").reset_index()
    wide["surplus"] = wide["teachers"] - wide["teachers_needed"]
    parts = [_with_rules(mine) for _, mine in wide.groupby(KEYS[:3], sort=True)]
    table = pd.concat(parts, ignore_index=True)
    order = table["stage"].map(STAGES.index)
    return table.assign(order=order).sort_values(["order", *KEYS[1:]])[[*KEYS, *COLUMNS]]


def _with_rules(mine: pd.DataFrame) -> pd.DataFrame:
    """Return the years of one stage, group and world with both rules beside them."""
    mine = mine.sort_values("year")
    columns = {name: mine[name].to_numpy(float) for name in INDICATORS}
    found: dict[str, Floats] = {}
    for rule in ("as_retire", "to_need"):
        staff, hires = recruited(rule, columns)
        found |= {f"{rule}_hires": hires, f"{rule}_surplus": staff - columns["teachers_needed"]}
    return mine.assign(**found)


def recruited(rule: str, columns: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Return staff and hires by year (n) when recruiting follows `as_retire` or `to_need` from the second year on;
    `columns` are the simulated numbers by year (n).
    """
    staff, hires = columns["teachers"].copy(), np.zeros(len(columns["teachers"]))
    for t in range(1, len(staff)):
        before = columns["teachers"][t - 1]
        resign = columns["exits"][t] / before * staff[t - 1] if before else 0.0
        left = max(staff[t - 1] - columns["retirements"][t] - resign, 0.0)
        wanted = columns["retirements"][t] if rule == "as_retire" else columns["teachers_needed"][t] - left
        hires[t] = max(wanted, 0.0)
        staff[t] = left + hires[t]
    return staff, hires


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `workforce` of all public teachers of a stage."""
    return table[table["group"] == PUBLIC]
