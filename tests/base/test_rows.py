"""Rows that are moved and ranked by compiled loops: the same as NumPy gives in several steps."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import rows

KINDS = (np.bool_, np.int8, np.int16, np.int32, np.int64, np.float32, np.float64)


@pytest.fixture(params=["compiled", "without Numba"])
def way(request, monkeypatch):
    if request.param == "without Numba":
        monkeypatch.setattr(rows, "_copier", lambda: None)
        monkeypatch.setattr(rows, "_seater", lambda: None)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5, 1.0])
def test_rows_kept_are_those_of_the_mask_in_columns_of_every_kind(way, share):
    draw = np.random.default_rng(1)
    mask, columns = draw.random(500) >= share, [draw.normal(size=500).astype(kind) for kind in KINDS]
    columns[-1].flags.writeable = False
    columns.append(np.arange(1000)[::2])
    for column, found in zip(columns, rows.kept(columns, mask), strict=True):
        assert found.dtype == column.dtype and found.flags.writeable and found.tobytes() == column[mask].tobytes()


def by_numpy(cell, lot, classes):
    """What forming classes did: sort, rank, divide."""
    rolls, order, rank = np.bincount(cell, minlength=len(classes)), np.lexsort((lot, cell)), np.empty_like(cell)
    rank[order] = np.arange(len(cell)) - (np.cumsum(rolls) - rolls)[cell[order]]
    return (np.cumsum(classes) - classes)[cell] + rank * classes[cell] // np.maximum(rolls[cell], 1)


@pytest.mark.parametrize("lots", [1 << 53, 20, 1])
def test_pupils_are_shared_out_over_the_classes_of_their_cell_in_the_order_of_lots(way, lots):
    draw = np.random.default_rng(lots)
    cell, lot = draw.integers(0, 30, 3_000), draw.integers(0, lots, 3_000) / lots
    cell[cell == 7] = 8  # a cell of nobody
    classes = draw.integers(1, 9, 30)
    np.testing.assert_array_equal(rows.shared_out(cell, lot, classes), by_numpy(cell, lot, classes))


def test_a_lot_outside_its_range_still_gets_a_class(way):
    cell, lot = np.zeros(4, np.int64), np.array([2.0, -1.0, 0.5, 1.0])
    assert rows.shared_out(cell, lot, np.array([2])).tolist() == [1, 0, 0, 1]


def test_of_nobody_there_is_nothing(way):
    none = np.empty(0, np.int64)
    assert rows.shared_out(none, none.astype(float), np.array([1, 2])).shape == (0,)
    assert rows.kept([none], none.astype(bool))[0].shape == (0,)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_rows_taken_in_another_order_are_those_of_the_column(way, share):
    draw = np.random.default_rng(2)
    order = draw.permutation(500)[: int(share * 500)]
    columns = [draw.normal(size=500).astype(kind) for kind in KINDS]
    for column, found in zip(columns, rows.taken(columns, order), strict=True):
        assert found.dtype == column.dtype and found.tobytes() == column[order].tobytes()


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(3).random(5_000),
        np.random.default_rng(3).integers(0, 9, 5_000) / 9,
        np.array([0.5, np.nan, 0.1, np.nan, 0.1]),
        np.array([0.0, -0.0, -1.0, 0.0]),
        np.array([np.inf, 1.0, -np.inf, np.inf]),
        np.empty(0),
        np.array([0.3]),
    ],
    ids=["distinct", "many equal", "none", "noughts", "infinite", "nobody", "one"],
)
def test_rows_are_ranked_as_a_stable_sort_ranks_them(values):
    np.testing.assert_array_equal(rows.ranked(values), np.argsort(values, kind="stable"))
