"""How numbers lie on disk: fewer bytes, and every bit again."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from simsim.experiments.packing import PACKED, packed, unpacked
from simsim.experiments.store import from_bytes, parquet_bytes, to_arrow

SCHOOLS, YEARS, SEEDS = 30, 10, 5


@cache
def by_school(seed=1, gap=0):
    """Return pupils, a share of them, teachers, pupils by teacher and a measurement of every school, year and world."""
    rng = np.random.default_rng(seed)
    keys = pd.MultiIndex.from_product([range(1, SEEDS + 1), range(2014, 2014 + YEARS)], names=["replication", "year"])
    frames = []
    for replication, year in keys:
        pupils = rng.integers(0, 3000, SCHOOLS).astype(float)
        teachers = rng.integers(1, 200, SCHOOLS).astype(float)
        with np.errstate(invalid="ignore"):
            share = np.minimum(rng.integers(0, 900, SCHOOLS), pupils) / pupils
            numbers = {"score": rng.normal(size=SCHOOLS), "pupils": pupils, "fit_share": share, "teachers": teachers}
            numbers |= {"pupils_per_teacher": pupils / teachers, "odd": np.where(share > 0.5, -0.0, share / 3)}
        for name, values in numbers.items():
            where = {"scenario": "plan", "replication": replication, "year": year, "stage": "junior"}
            frames.append(
                pd.DataFrame(where | {"school": np.arange(SCHOOLS) + gap, "indicator": name, "value": values})
            )
    return to_arrow(pd.concat(frames, ignore_index=True))


def notices():
    """Return the first rows of `by_school` with a line and how far the value is from it."""
    frame = by_school().to_pandas().head(500).assign(line=0.3)
    return to_arrow(frame.assign(gap=(frame["value"] - frame["line"]).abs()))


def same(one, other):
    """Tell whether tables have the same columns, words and bits."""
    floats = [name for name, kind in zip(one.schema.names, one.schema.types, strict=True) if str(kind) == "double"]
    bits = [[t.column(name).to_numpy().view(np.int64) for name in floats] for t in (one, other)]
    return one.equals(other) and all(
        ((a == b) | one.column(name).is_null().to_numpy()).all() for name, a, b in zip(floats, *bits, strict=True)
    )


TABLES = {
    "by school": by_school,
    "keys apart": lambda: by_school(gap=2_000_000),
    "notices": notices,
    "no rows": lambda: by_school().slice(0, 0),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_bit_is_read_again_shares_of_nothing_and_negative_zeros_too(name):
    table = TABLES[name]()
    again, meta = from_bytes(parquet_bytes(table, {"what": "numbers"}))
    assert same(table, again) and meta == {"what": "numbers"}


def test_shares_are_kept_as_numerators_and_quotients_of_kept_numbers_not_at_all():
    table, how = packed(by_school())
    assert how == {"shares": {"fit_share": ("", "pupils"), "pupils_per_teacher": ("pupils", "teachers")}}
    assert len(parquet_bytes(by_school())) < 0.8 * (len(by_school()) * 8 * 4 / 6)
    assert same(unpacked(table, how), by_school())


def test_who_reads_the_file_alone_finds_no_numerator_under_the_name_of_a_value(tmp_path):
    (tmp_path / "part.parquet").write_bytes(parquet_bytes(by_school()))
    names = pq.read_table(tmp_path / "part.parquet").column_names
    assert PACKED in names and "value" not in names


def test_a_number_that_cannot_be_worked_out_to_the_bit_stays_as_it_is():
    frame = by_school().to_pandas()
    mine = frame.index[frame["indicator"] == "fit_share"]
    frame.loc[mine[0], "value"] = np.nextafter(frame.loc[mine[0], "value"], 2.0)
    table, how = packed(to_arrow(frame))
    assert "fit_share" not in how["shares"] and same(unpacked(table, how), to_arrow(frame))
    moved = notices().to_pandas()
    moved.loc[3, "gap"] += 1.0
    assert "gap" in packed(to_arrow(moved))[0].column_names and "gap" not in packed(notices())[0].column_names


def test_a_part_without_a_note_on_packing_is_read_as_it_lies():
    frame = by_school().to_pandas().drop(columns="indicator")
    table = to_arrow(frame)
    assert packed(table) == (table, {}) and same(from_bytes(parquet_bytes(table))[0], table)
