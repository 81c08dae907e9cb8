"""Whose a file in an experiment's folder is: parts and drafts are simsim's own, a table of somebody else is not."""

from __future__ import annotations

import pandas as pd

from simsim.experiments.folder_listing import draws_listed, files_of, is_own, listing


def test_files_are_listed_two_levels_deep_and_a_missing_folder_has_none(tmp_path):
    (tmp_path / "table" / "deeper").mkdir(parents=True)
    for name in ("manifest.json", "table/a.parquet", "table/deeper/b.parquet"):
        (tmp_path / name).write_text(name)
    assert set(files_of(tmp_path)) == {"manifest.json", "table/a.parquet"}
    assert files_of(tmp_path / "gone") == {}


def test_a_table_of_somebody_else_is_not_simsims_own(tmp_path, small_experiment):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "mine.parquet")
    (tmp_path / "notes.txt").write_text("mine")
    assert not any(is_own(path) for path in tmp_path.iterdir())
    parts = list((small_experiment.folder / "district_year").rglob("*.parquet"))
    assert parts and all(map(is_own, parts)) and is_own(tmp_path / ".000000.parquet.12")


def test_a_manifest_without_blocks_lists_nothing():
    assert listing({}) == {} and draws_listed({}) == {}
