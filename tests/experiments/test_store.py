"""Tables on disk: what is read is what was written, and numbers that all differ take no more room than needed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments.store import from_bytes, parquet_bytes, to_arrow

N = 20_000


def measurements(seed=1):
    rng = np.random.default_rng(seed)
    keys = {"scenario": "plan", "replication": 1, "year": np.repeat(np.arange(2014, 2024), N // 10), "stage": "junior"}
    return pd.DataFrame(keys | {"indicator": "score", "value": rng.normal(size=N)})


def test_every_bit_of_a_number_is_read_again():
    frame = measurements()
    odd = [np.nan, -0.0, np.inf, -np.inf, 5e-324, 1 / 3]
    frame.loc[: len(odd) - 1, "value"] = odd
    table = to_arrow(frame)
    again, meta = from_bytes(parquet_bytes(table, {"what": "numbers"}))
    assert again.schema == table.schema and meta == {"what": "numbers"}
    before, after = (t["value"].to_numpy().view(np.int64) for t in (table, again))
    assert (np.isnan(frame["value"]) == np.isnan(again["value"].to_numpy())).all()
    assert (before == after)[~np.isnan(frame["value"])].all()


def test_measurements_that_all_differ_are_kept_in_less_room_than_eight_bytes_each():
    assert len(parquet_bytes(to_arrow(measurements()))) < 8 * N


def test_a_table_without_measurements_and_one_without_rows_are_written_too():
    table = to_arrow(measurements().drop(columns="value"))
    assert from_bytes(parquet_bytes(table))[0].equals(table)
    assert from_bytes(parquet_bytes(table.slice(0, 0)))[0].num_rows == 0
