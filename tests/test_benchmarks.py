"""The benchmark says in words how it compares with what is stored, and stores only when it is asked to."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import bench, block, growth


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Run the benchmark with a made-up ratio, its store in an empty folder; return what it printed."""
    monkeypatch.setattr(bench, "STORED", tmp_path / "baseline.json")

    def call(ratio: float, *words: str) -> str:
        row = {"best_s": 1, "median_s": 1, "build_s": 1, "ns_per_pupil_year": 1, "reference_s": 1, "ratio": ratio}
        monkeypatch.setattr(bench, "measure", lambda scenario, runs, to: row | {"scenario": scenario})
        monkeypatch.setattr(sys, "argv", ["benchmarks", "plan", *words])
        bench.main()
        return capsys.readouterr().out

    return call


def test_with_nothing_stored_it_says_so_and_stores_nothing(run):
    assert "plan: nothing stored to compare with" in run(50.0)
    assert not bench.STORED.exists()


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(100.0, "25% slower"), (40.0, "50% faster"), (85.0, "within 10%"), (75.0, "within 10%")],
)
def test_a_change_is_said_in_words_and_changes_no_store(run, ratio, words):
    run(80.0, "--update")
    assert f"plan: {words}" in run(ratio)
    assert json.loads(bench.STORED.read_text()) == {"plan to 2024": 80.0}


def test_runs_of_another_length_are_not_compared(run):
    run(80.0, "--update")
    assert "nothing stored" in run(80.0, "--to", "2016")


def test_the_shipped_store_holds_what_make_bench_runs():
    assert set(bench.stored_ratios()) == {"baseline to 2024", "block to 2024", "plan to 2024"}


def test_the_block_has_the_scenarios_of_make_report():
    makefile = (Path(__file__).parent.parent / "Makefile").read_text("utf-8")
    assert f"SCENARIOS ?= {' '.join(block.SCENARIOS)}\n" in makefile


def test_the_block_is_compared_by_the_ratio_of_a_run(monkeypatch, tmp_path, capsys):
    costs = {f"{name}_{what}": 1.0 for name in block.WIDTHS for what in ("s", "ratio")}
    row = costs | {"scenario": "block", "runs": 16, "reference_s": 0.1, "ratio": 9.0}
    monkeypatch.setattr(bench, "STORED", tmp_path / "baseline.json")
    monkeypatch.setattr(block, "measure", lambda seeds, to, reference: row | {"runs": 8 * seeds})
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--block", "--update"])
    bench.main()
    assert json.loads(bench.STORED.read_text()) == {"block to 2024": 9.0}
    assert capsys.readouterr().out.splitlines()[1].split()[0] == "16"


@pytest.mark.slow
def test_growth_is_measured_in_processes_of_their_own(monkeypatch, tmp_path, capsys):
    file = tmp_path / "growth.json"
    words = ["benchmarks", "--growth", "--factors", "0.01", "0.2", "--years", "1", "--json", str(file)]
    monkeypatch.setattr(sys, "argv", words)
    bench.main()
    rows = json.loads(file.read_text())["growth"]
    assert [row["factor"] for row in rows] == [0.01, 0.2]
    assert 0 < rows[0]["pupils"] < rows[1]["pupils"] and all(row["pupil_years"] == row["pupils"] for row in rows)
    assert capsys.readouterr().out.splitlines()[0] == growth.HEAD


def test_a_line_of_growth_says_pupil_years_a_second_and_memory_a_pupil():
    row = {"factor": 1, "schools": 25, "pupils": 1000, "start_s": 1, "build_s": 1, "run_s": 2, "pupil_years": 3000}
    assert growth.shown(row | {"memory_mb": 150, "start_mb": 100}).split()[-3:] == ["1,500", "150", "51.20"]
