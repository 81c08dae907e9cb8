"""What one scenario costs more than another: by measure, over all years, in every replication that both have."""

from __future__ import annotations

import pandas as pd

from simsim.inputs.indicators import sureness

STAFF, TOTAL, PAID = "staff", "total", ("capital", "running")
"""The instance that stands for pay, the row of sums, the kinds of cost that the district pays (not donations)."""
COLUMNS = ("instance", "kind", "mean", "low", "high", "n")


def extra_costs(a: pd.DataFrame, b: pd.DataFrame, seeds: list[int]) -> pd.DataFrame:
    """Return what scenario `a` costs more than `b` (yuan of the first year, all years together; minus where less).

    `a` and `b` are their rows of the table `costs`, `seeds` the replications that both have. A row per instance and
    kind (capital, running, donated; pay of `staff` apart), the dearest first, then `total` of capital and running
    without the pay: mean, low and high (5-95 % of replications), n.
    """
    gaps = _by_instance(a, seeds).sub(_by_instance(b, seeds), fill_value=0.0)
    mine = gaps[(gaps.index.get_level_values("instance") != STAFF) & gaps.index.get_level_values("kind").isin(PAID)]
    low, high = sureness().interval
    table = pd.concat([_ordered(gaps), pd.DataFrame([mine.sum()], index=pd.MultiIndex.from_tuples([(TOTAL, "all")]))])
    found = pd.DataFrame(
        {
            "instance": table.index.get_level_values(0),
            "kind": table.index.get_level_values(1),
            "mean": table.mean(axis=1).to_numpy(),
            "low": table.quantile(low, axis=1).to_numpy(),
            "high": table.quantile(high, axis=1).to_numpy(),
        }
    )
    return found.assign(n=len(seeds))[list(COLUMNS)]


def _by_instance(costs: pd.DataFrame, seeds: list[int]) -> pd.DataFrame:
    """Return the sum over the years by instance and kind (rows) and replication (columns)."""
    rows = costs.astype({"instance": str, "kind": str})
    table = rows.groupby(["instance", "kind", "replication"])["value"].sum().unstack("replication")
    return table.reindex(columns=seeds).fillna(0.0)


def _ordered(gaps: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with any difference, the largest first."""
    size = gaps.abs().mean(axis=1)
    return gaps.loc[size[size > 0].sort_values(ascending=False, kind="stable").index]
