"""Structural switches: which there are, what they set, and the table of what survives."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.experiments import experiment
from simsim.inputs.errors import InputError
from simsim.inputs.parameters import Parameter, Parameters, load
from simsim.scenarios.scenario import Scenario
from simsim.studies import structures as study
from simsim.studies.structures import alternatives, direction, headline_table, structures, switches, variant
from tests.experiments.small_results import NAMES as COLUMNS


def parameter(name: str, value: float, most: float, whole: bool) -> Parameter:
    about = {"unit": "x", "source": "a test", "kind": "judgement", "role": "method"}
    return Parameter(name, value, None, None, whole=whole, least=0.0, most=most, **about)


def test_a_switch_has_its_other_values_and_a_weight_both_of_its_ends():
    assert alternatives(parameter("structure.x", 0.0, 1.0, True)) == [1.0]
    assert alternatives(parameter("structure.x", 1.0, 2.0, True)) == [0.0, 2.0]
    assert alternatives(parameter("structure.x", 0.5, 1.0, False)) == [0.0, 1.0]


def test_every_parameter_structure_is_a_switch_without_being_listed(monkeypatch):
    known = Parameters([*load().values(), parameter("structure.a_new_one", 0.0, 1.0, True)])
    monkeypatch.setattr(study.parameters, "load", lambda: known)
    found = {switch.name: switch for switch in switches()}
    assert found["a-new-one-1"].parameters == {"structure.a_new_one": 1.0}
    assert {"no-peers", "choice"} <= set(found)


def test_a_variant_sets_what_the_switch_says_and_nothing_else():
    data, plan = load_district("erdao"), Scenario.load("plan")
    by_name = {switch.name: switch for switch in switches()}
    peers = variant(plan, by_name["no-peers"], data)
    assert peers.name == "plan--no-peers" and peers.instances == plan.instances
    assert {c.name: c.value for c in peers.changes} == {c.name: c.value for c in plan.changes} | {"peer_linear": 0.0}
    choice = variant(plan, by_name["choice"], data)
    added = {i.id for i in choice.instances} - {i.id for i in plan.instances}
    assert added == {"structure-choice"} and choice.changes == plan.changes


def fake(scenario, seed, to, fixed, data):
    """The plan raises scores by 0.1, but not where peers have no effect."""
    gain = 0.1 * (scenario.name == "plan") + 0.1 * (scenario.name == "plan--choice")
    rows = [(to, "primary", "all", "score", 1.0 + gain), (to, "all", "all", "score", 9.0 + gain)]
    return {"district_year": pd.DataFrame(rows, columns=list(COLUMNS[2:]))}


@pytest.mark.slow
@pytest.mark.usefixtures("worlds_as_drawn")
def test_the_table_shows_each_headline_under_each_switch_and_whether_it_survives(monkeypatch, tmp_path):
    two = [switch for switch in switches() if switch.name in ("no-peers", "choice")]
    monkeypatch.setattr(experiment, "simulate", fake)
    monkeypatch.setattr(study, "switches", lambda: two)
    table = structures("plan", "baseline", "score", seeds=20, to=2016, out=tmp_path / "s", progress=False)
    assert table[["switch", "stage", "survives"]].values.tolist() == [
        ["as-built", "primary", True], ["no-peers", "primary", False], ["choice", "primary", True],
    ]  # fmt: skip
    assert table["mean"].tolist() == pytest.approx([0.1, 0.0, 0.1])
    (row,) = headline_table(table).to_dict("records")
    assert row["as built"] == "+0.100 (20 of 20) very likely higher"
    assert row["no peer effects in a class (linear as built)"] == "+0.000 (20 of 20) no difference"


def test_likely_and_very_likely_of_one_sign_are_one_direction():
    assert direction("very_likely_higher") == direction("likely_higher") != direction("likely_lower")
    assert direction("few") == "few"


def test_a_switch_that_does_not_fit_a_scenario_is_left_out(monkeypatch):
    def refuse(*_):
        raise InputError([])

    monkeypatch.setattr(study, "variant", refuse)
    assert study._both([Scenario.load("plan")] * 2, switches()[0], {"plan": load_district("erdao")}) is None
