"""What is copied runs, and is what was explored."""

from __future__ import annotations

import yaml

from simsim.explorer.copies import as_command, as_python, as_yaml
from simsim.scenarios.scenario import Scenario


def test_the_yaml_is_a_scenario_file(state, tmp_path):
    state.change("R", quota=0.35)
    path = tmp_path / "explored.yaml"
    path.write_text(as_yaml(state), encoding="utf-8")
    assert Scenario.load(path, "xinwan").digest == state.current.digest


def test_the_program_compiles_and_holds_the_scenario(state):
    state.change("R", quota=0.35)
    spaces = {}
    text = as_python(state).split("experiment =")[0].replace("import simsim", "")
    exec(compile(text, "copied", "exec"), spaces)
    assert spaces["scenario"] == yaml.safe_load(as_yaml(state))
    compile(as_python(state), "copied", "exec")


def test_the_command_names_the_reference_the_file_and_the_district(state):
    text = as_command(state)
    assert f"simsim run {state.against} explored.yaml" in text and "--district 'xinwan'" in text
