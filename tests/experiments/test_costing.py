"""What one scenario costs more than another."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.costing import extra_costs


def costs(*rows):
    return pd.DataFrame(list(rows), columns=["instance", "kind", "replication", "value"])


def test_costs_are_paired_by_replication_and_the_total_leaves_the_pay_of_staff_out():
    a = costs(
        ("T2", "running", 1, 5.0), ("T2", "running", 1, 1.0), ("T2", "running", 2, 8.0), ("staff", "running", 1, 90.0)
    )
    b = costs(("L1", "capital", 1, 2.0), ("L1", "capital", 2, 2.0), ("staff", "running", 2, 10.0))
    table = extra_costs(a, b, [1, 2]).set_index(["instance", "kind"])
    assert table.loc[("T2", "running"), "mean"] == 7.0 and table.loc[("L1", "capital"), "mean"] == -2.0
    assert table.loc[("staff", "running"), "mean"] == 40.0
    assert table.loc[("total", "all"), "mean"] == 5.0 and (table["n"] == 2).all()
    assert table.index[-1] == ("total", "all")
