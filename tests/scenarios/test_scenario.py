"""A scenario is resolved once, checked as a whole, and frozen."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from simsim import policy
from simsim.inputs.errors import POLICIES, InputError
from simsim.scenarios import scenario
from simsim.scenarios.scenario import Change, Scenario
from tests.toys import register, toy_plan

CLUSTER = {"policy": "clusters", "from": "2015-09-01"}
OPENING = {"policy": "new_schools", "from": "2015-09-01", "settings": {"school": 3}}


@pytest.fixture
def toys(monkeypatch, tmp_path):
    register(monkeypatch)
    toy_plan(monkeypatch, tmp_path)


def complaints(source) -> str:
    with pytest.raises(InputError) as caught:
        Scenario.load(source)
    return str(caught.value)


@pytest.mark.parametrize("name", scenario.names())
def test_every_shipped_scenario_loads_and_says_what_it_is_in_two_languages(name):
    found = Scenario.load(name)
    assert found.name == name
    assert set(found.title) == set(found.description) == {"zh", "en"}
    assert Scenario.load(found.to_dict()).digest == found.digest


def test_business_as_usual_changes_nothing():
    found = Scenario.load("baseline")
    assert (found.changes, found.instances, found.district, found.budget) == ((), (), "erdao", "report")


def test_frozen_differs_from_the_baseline_in_one_parameter():
    assert Scenario.load("frozen").changes == (Change("reactive_capacity_step", 0.0),)


def test_a_scenario_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Scenario.load("baseline").name = "other"


def test_what_reaches_a_result_changes_the_digest_and_words_do_not():
    one, words, other = (
        Scenario.load(x) for x in ({}, {"title": "x", "name": "y"}, {"parameters": {"dropout": 0.004}})
    )
    assert one.digest == words.digest != other.digest


def test_changes_are_dated_and_in_order_of_time():
    entry = [{"value": 42, "from": 2020}, {"value": 40, "from": "2016-10-01"}, 44]
    found = Scenario.load({"parameters": {"class_size.target.primary": entry}})
    assert [(c.value, c.from_year) for c in found.changes] == [(44, None), (40, 2017), (42, 2020)]


def test_maps_merge_by_key_lists_replace_and_null_removes(tmp_path, toys):
    parent = """
    parameters: {dropout: 0.002, rho_K: 0.94, class_size.target.primary: {value: 42, from: 2015}}
    policies:
      group: {policy: clusters, from: 2015-09-01, settings: {members: [1, 2, 3]}}
      other: {policy: clusters, from: 2015-09-01}
    """
    child = """
    extends: parent
    parameters: {dropout: null, class_size.target.primary: {value: 41}}
    policies: {other: null, group: {settings: {members: [4]}}}
    """
    (tmp_path / "parent.yaml").write_text(parent)
    (tmp_path / "child.yaml").write_text(child)
    found = Scenario.load(tmp_path / "child.yaml")
    assert found.changes == (Change("class_size.target.primary", 41.0, 2015), Change("rho_K", 0.94))
    assert [(i.id, i.settings.members) for i in found.instances] == [("group", (4,))]
    assert found.chain == ("parent",)


def test_instances_are_sorted_dated_and_survive_a_round_trip(toys):
    found = Scenario.load({"policies": {"b": OPENING | {"to": 2018}, "a": CLUSTER | {"measure": "C1"}}})
    assert [(i.id, i.start, i.end, i.measure) for i in found.instances] == [
        ("a", date(2015, 9, 1), None, "C1"),
        ("b", date(2015, 9, 1), date(2018, 9, 1), None),
    ]
    again = Scenario.load(found.to_dict())
    assert again.instances == found.instances and again.digest == found.digest


def test_the_plan_brings_its_measures_and_leaves_out_what_it_only_explores(toys):
    found = Scenario.load({"plan": {"include": "all"}})
    ids = {i.id for i in found.instances}
    assert ids == {"L1", "L2", "C1", "T2"}
    assert {i.measure for i in found.instances} == ids
    assert found.later == ("E1",)


@pytest.mark.parametrize(
    ("plan", "ids"),
    [
        ({"include": ["layout"]}, {"L1", "L2"}),
        ({"include": ["layout"], "except": ["L1"]}, {"L2"}),
        ({"include": ["L5"]}, {"L5"}),
        ({"include": ["all", "L5"], "except": ["clusters"]}, {"L1", "L2", "L5"}),
        ({"include": ["layout", "L5"]}, {"L1", "L2", "L5"}),
        ({"include": "all", "except": ["layout", "T2"]}, {"C1"}),
        ({"include": []}, set()),
    ],
)
def test_a_scenario_takes_families_and_ids_of_the_plan(toys, plan, ids):
    assert {i.id for i in Scenario.load({"plan": plan}).instances} == ids


def test_an_entry_with_a_measures_id_changes_only_what_it_names(toys):
    found = Scenario.load(
        {"plan": {"include": ["L1", "L2"]}, "policies": {"L2": {"settings": {"capacity": 900}}, "L1": None}}
    )
    (only,) = found.instances
    assert (only.id, only.policy, only.start, only.settings.capacity) == ("L2", "new_schools", date(2016, 9, 1), 900)


def test_a_late_plan_delays_what_it_strives_for_and_nothing_else(toys):
    found = {i.id: i.settings for i in Scenario.load({"plan": {"late": True}}).instances}
    assert {key for key, s in found.items() if getattr(s, "delay_probability", None) == 1.0} == {"L2"}


def test_two_instances_that_set_the_same_thing_at_the_same_time_are_a_conflict(toys):
    both = {"one": OPENING, "two": OPENING | {"from": 2017}}
    assert "policies.two: conflicts with one: both set school 3" in complaints({"policies": both})
    Scenario.load({"policies": {"one": OPENING | {"to": 2017}, "two": both["two"]}})


def test_what_a_policy_requires_must_be_there(toys):
    rotation = {"policy": "rotation", "from": 2015}
    assert "policies.r = 'rotation': requires the policy clusters" in complaints({"policies": {"r": rotation}})
    Scenario.load({"policies": {"r": rotation, "c": CLUSTER}})


def test_a_renamed_policy_says_its_new_name(toys, monkeypatch):
    monkeypatch.setitem(POLICIES, "exchange", "write rotation (since 0.2)")
    assert "is not a policy; write rotation" in complaints({"policies": {"r": {"policy": "exchange", "from": 2015}}})


def test_all_problems_of_a_chain_come_at_once_each_with_its_file(tmp_path, toys):
    (tmp_path / "parent.yaml").write_text("parameters: {dropuot: 0.1}\npolicies: {x: {policy: clutsers, from: 2015}}\n")
    (tmp_path / "child.yaml").write_text("extends: parent\ndistritc: erdao\nparameters: {dropout: 2}\n")
    text = complaints(tmp_path / "child.yaml")
    assert len(text.splitlines()) == 4
    assert "parent.yaml: parameters.dropuot = 0.1: is not a parameter (did you mean dropout?)" in text
    assert "parent.yaml: policies.x.policy = 'clutsers': is not a policy (did you mean clusters?)" in text
    assert "child.yaml: distritc: is not a field of a scenario (did you mean district?)" in text
    assert "child.yaml: parameters.dropout = 2: lies outside the limits 0 to 1" in text


def test_a_scenario_that_is_loaded_is_handed_back():
    found = Scenario.load("baseline")
    assert Scenario.load(found) is found


def test_the_shipped_scenarios_use_only_policies_that_exist_or_come_later():
    used = {i.policy for name in scenario.names() for i in Scenario.load(name).instances}
    assert used <= set(policy.registry())
