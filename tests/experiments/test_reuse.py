"""Runs found by content: the same scenario, seeds, inputs and code beside a folder are not simulated again."""

from __future__ import annotations

import logging

import pytest

from simsim.experiments import experiment
from simsim.experiments.experiment import Experiment
from simsim.experiments.verification import damage
from tests.experiments.test_experiment import OTHER, content, fake, one_code

CHANGED = {"name": "other", "extends": "baseline", "parameters": {"class_size.target.junior": 40}}


@pytest.fixture(autouse=True)
def no_neighbours():
    """Here the experiments beside one another are what is tested."""


@pytest.fixture
def simulated(monkeypatch):
    """The runs that are simulated, by scenario and seed."""
    runs = []
    monkeypatch.setattr(experiment, "code_digest", one_code)
    monkeypatch.setattr(
        experiment, "simulate", lambda s, seed, *rest: runs.append((s.name, seed)) or fake(s, seed, *rest)
    )
    return runs


def run(out, scenarios=("baseline", OTHER), seeds=7, **options):
    return Experiment(list(scenarios), seeds=seeds, to=2016).run(out=out, progress=False, **options)


@pytest.mark.slow
def test_one_number_changed_and_only_its_scenario_is_simulated(tmp_path, simulated, caplog):
    run(tmp_path / "first")
    simulated.clear()
    with caplog.at_level(logging.WARNING, "simsim"):
        run(tmp_path / "second", ["baseline", CHANGED])
    assert simulated == [("other", seed) for seed in range(1, 8)]
    (line,) = caplog.messages
    assert f"taken over from {tmp_path / 'first'}" in line and "7 of baseline" in line and "--fresh" in line
    assert line in (tmp_path / "second" / "run.log").read_text()


@pytest.mark.slow
def test_what_is_taken_over_is_byte_for_byte_what_would_have_been_simulated(tmp_path, simulated):
    run(tmp_path / "first" / "one")
    run(tmp_path / "here" / "donor", ["baseline"], seeds=9)
    run(tmp_path / "here" / "two")
    assert content(tmp_path / "here" / "two") == content(tmp_path / "first" / "one")
    assert simulated.count(("baseline", 1)) == 2 and simulated.count(("baseline", 6)) == 2


@pytest.mark.slow
def test_the_folder_that_runs_came_from_may_be_deleted_or_run_on(tmp_path, simulated):
    run(tmp_path / "first", seeds=5)
    run(tmp_path / "second", seeds=5)
    before = content(tmp_path / "second")
    run(tmp_path / "first", seeds=8)
    run(tmp_path / "first", [CHANGED], seeds=1, replace=True)
    assert content(tmp_path / "second") == before and all(row[3] for row in damage(tmp_path / "second", read(tmp_path)))


def read(tmp_path):
    return Experiment(["baseline", OTHER], seeds=5, to=2016).run(out=tmp_path / "second", progress=False).manifest


def test_fresh_simulates_everything(tmp_path, simulated):
    run(tmp_path / "first", seeds=2)
    run(tmp_path / "second", seeds=2, fresh=True)
    assert len(simulated) == 8


@pytest.mark.slow
@pytest.mark.parametrize("other", ["code", "versions", "to", "damaged"])
def test_runs_of_other_code_or_inputs_and_damaged_files_are_left_alone(tmp_path, simulated, monkeypatch, other):
    Experiment(["baseline"], seeds=3, to=2015 if other == "to" else 2016).run(out=tmp_path / "a", progress=False)
    simulated.clear()
    if other == "code":
        monkeypatch.setattr(experiment, "code_digest", lambda scenarios, districts=(): "d" * 64)
    if other == "versions":
        monkeypatch.setattr(experiment, "versions", lambda: {"python": "2.7"})
    if other == "damaged":
        part = next((tmp_path / "a" / "district_year").iterdir())
        part.write_bytes(part.read_bytes()[:-9] + b"otherwise")
    run(tmp_path / "b", ["baseline"], seeds=3)
    assert simulated == [("baseline", 1), ("baseline", 2), ("baseline", 3)]


def test_what_lies_beside_and_is_no_experiment_is_no_obstacle(tmp_path, simulated):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "manifest.json").write_text("{]")
    run(tmp_path / "second", seeds=1)
    assert len(simulated) == 2
