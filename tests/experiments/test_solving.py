"""Experiments solve their worlds once, before any run, and keep them; what is not conditioned is named."""

from __future__ import annotations

import json

import pytest

from simsim.conditioning import numbers
from simsim.conditioning.solve import SOLVED
from simsim.district import solution
from simsim.districts.files import load_district
from simsim.experiments import solving
from simsim.experiments.experiment import Experiment
from simsim.experiments.mode import lines
from simsim.experiments.results import Results
from simsim.experiments.verification import verify
from simsim.inputs.errors import InputError

ERDAO = load_district("erdao")
OWN = {"name": "mine", "extends": "baseline", "parameters": {"inflow_scale": 2.0}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("worlds") / "run"
    Experiment(["baseline", "high-inflow", OWN], seeds=2, to=2015).run(out=path, progress=False)
    return path


@pytest.mark.slow
def test_the_folder_holds_what_was_drawn_and_solved_of_every_seed(folder):
    table = Results.load(folder).frame("parameters")
    mine = table[(table.replication == 2) & (table.district == "erdao")].set_index("parameter")
    found = solution(ERDAO, 2)
    assert mine["value"].astype(float).to_dict() == pytest.approx(dict(found.values))
    assert mine["drawn"].astype(float).to_dict() == pytest.approx(dict(found.drawn))
    assert set(mine.index) == set(SOLVED)


@pytest.mark.slow
def test_more_seeds_and_a_new_process_solve_nothing_twice(folder, monkeypatch):
    monkeypatch.setattr(numbers, "_remembered", type(numbers._remembered)())
    asked = []
    alone = solving.solution
    monkeypatch.setattr(solving, "solution", lambda data, seed: asked.append(seed) or alone(data, seed))
    solved = []
    really = numbers.solve
    monkeypatch.setattr(numbers, "solve", lambda *args: solved.append(args[-1]) or really(*args))
    Experiment(["baseline", "high-inflow", OWN], seeds=3, to=2015).run(out=folder, progress=False)
    assert solved == [3]


def test_an_interrupted_experiment_goes_on_with_the_worlds_it_solved(tmp_path, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Experiment, "_units", stopped)
        Experiment(["baseline"], seeds=[1, 2], to=2014).run(out=tmp_path / "run", progress=False)
    monkeypatch.setattr(numbers, "_remembered", type(numbers._remembered)())
    monkeypatch.setattr(numbers, "solve", lambda *_: pytest.fail("solved again"))
    results = Experiment(["baseline"], seeds=[1, 2], to=2014).run(out=tmp_path / "run", progress=False)
    assert results.replications("baseline") == [1, 2]


@pytest.mark.slow
def test_who_is_killed_while_worlds_are_solved_solves_the_other_blocks_only(tmp_path, monkeypatch):
    monkeypatch.setattr(numbers, "_remembered", type(numbers._remembered)())
    alone = solving.solution

    def killed_at_the_second_block(data, seed):
        if seed == 6:
            raise KeyboardInterrupt
        return alone(data, seed)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(solving, "solution", killed_at_the_second_block)
        Experiment(["baseline"], seeds=[1, 6], to=2014).run(out=tmp_path / "run", progress=False)
    monkeypatch.setattr(numbers, "_remembered", type(numbers._remembered)())
    solved, really = [], numbers.solve
    monkeypatch.setattr(numbers, "solve", lambda *args: solved.append(args[-1]) or really(*args))
    Experiment(["baseline"], seeds=[1, 6], to=2014).run(out=tmp_path / "run", progress=False)
    assert solved == [6]


@pytest.mark.slow
def test_the_mode_and_who_is_not_conditioned_are_named(folder):
    said = lines(Results.load(folder).manifest)
    assert said[0].startswith("Retrospective: conditioned on what was published to 2024")
    assert "mine: not conditioned, for it sets size of in-migration itself." in said
    assert any(line.startswith("high-inflow: in-migration times 1.3") for line in said)


def test_the_chinese_lines_are_as_many(folder):
    manifest = Results.load(folder).manifest
    assert len(lines(manifest, "zh")) == len(lines(manifest, "en"))


def test_fixed_parameters_and_districts_without_facts_are_named():
    fixed = Experiment(["plan"], seeds=1, fixed_parameters=True).manifest()
    assert lines(fixed) == ["Not conditioned: every parameter is fixed at its value."]
    plain = Experiment(["shanhe-keep"], seeds=1).manifest()
    assert lines(plain)[0].startswith("Not conditioned: the district's file declares nothing")


def test_a_date_is_an_input_of_the_experiment():
    then, now = Experiment(["plan"], seeds=1, as_of=2014), Experiment(["plan"], seeds=1)
    assert then.folder != now.folder
    assert lines(then.manifest())[0].startswith("As of 2014")


def test_an_older_folder_says_that_its_worlds_were_not_conditioned(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["worlds"]
    assert lines(manifest)[0].startswith("Made by an older simsim")


def test_verify_finds_the_same_worlds(folder):
    assert verify(folder, sample=1, progress=False).ok


@pytest.mark.slow
def test_what_the_factual_scenario_recorded_is_compared_with_what_is_published(tmp_path):
    results = Experiment(["plan"], seeds=[4], to=2024).run(out=tmp_path / "run", progress=False)
    found = results.manifest["worlds"]["agreement"]["erdao"]
    assert found["year"] == 2024 and found["pupils"]["worlds"] == found["pupils"]["close"] == 1
    assert found["staff"]["close"] == 1


@pytest.mark.slow
def test_a_world_as_of_a_date_keeps_what_it_drew(tmp_path):
    results = Experiment(["baseline"], seeds=[1], to=2014, as_of=2014).run(out=tmp_path / "run", progress=False)
    table = results.frame("parameters").set_index("parameter")["value"]
    assert table["inflow_scale"] == table["inflow_scale_ahead"]
    assert verify(tmp_path / "run", progress=False).ok


def test_another_factual_scenario_is_another_experiment(monkeypatch):
    from dataclasses import replace

    spec = {**ERDAO.spec, "factual": {**ERDAO.spec["factual"], "scenario": "plan-late"}}
    one = Experiment(["plan"], seeds=1, district=ERDAO).inputs
    two = Experiment(["plan"], seeds=1, district=replace(ERDAO, spec=spec)).inputs
    assert one["districts"] != two["districts"]


def test_a_date_after_the_last_birth_is_refused():
    with pytest.raises(InputError, match="as_of"):
        Experiment(["plan"], seeds=1, as_of=2040)
