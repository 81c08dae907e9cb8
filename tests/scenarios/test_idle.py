"""A parameter set in vain is named, with the reason."""

from __future__ import annotations

import pytest

from simsim.inputs.parameters import load
from simsim.policy import registry
from simsim.scenarios.files import names
from simsim.scenarios.idle import AFTER, NO_POLICY, REPLACED, SAME, USUAL, idle_changes
from simsim.scenarios.scenario import Scenario

ROTATION = {"policy": "rotation", "from": "2015-09-01"}


def idle(parameters, policies=None, to=2020) -> list[tuple[str, str]]:
    spec = Scenario.load({"extends": "baseline", "parameters": parameters, "policies": policies or {}})
    return [(i.change.name, i.why) for i in idle_changes(spec, 2014, to)]


def test_a_change_dated_after_the_run_is_idle_and_one_in_its_last_year_is_not():
    change = {"class_size.target.primary": {"value": 30, "from": 2016}}
    assert idle(change, to=2015) == [("class_size.target.primary", AFTER)]
    assert idle(change, to=2016) == []


def test_a_change_in_the_first_year_acts_from_the_next_and_is_idle_in_a_run_of_the_first_alone():
    change = {"class_size.target.primary": {"value": 30, "from": 2014}}
    assert idle(change, to=2014) == [("class_size.target.primary", AFTER)] and idle(change, to=2015) == []


def test_the_value_that_a_district_has_anyway_is_idle_unless_another_stands_before_it_or_it_is_drawn():
    name, usual = "class_size.target.primary", load()["class_size.target.primary"].value
    assert idle({name: usual}) == [(name, USUAL)] and idle({"inflow_factor": 1.0}) == [("inflow_factor", USUAL)]
    back = [{"value": 30, "from": 2016}, {"value": usual, "from": 2018}]
    assert idle({name: back}) == [] and idle({name: [*back, {"value": usual, "from": 2019}]}) == [(name, SAME)]
    drawn = next(p for p in load().values() if p.uncertain and not (p.for_policies or p.read_by or p.rule))
    assert idle({drawn.name: drawn.value}) == []


def test_a_parameter_that_only_an_absent_policy_reads_is_idle():
    assert idle({"rotation_allowance": 100}) == [("rotation_allowance", NO_POLICY)]
    assert idle({"rotation_allowance": 100}, {"x": ROTATION}) == []
    assert idle({"new_school.books.primary": 20}) == [("new_school.books.primary", NO_POLICY)]


def test_an_effect_is_assumed_in_vain_without_a_policy_that_reads_it():
    def found(assume, policies):
        spec = {"extends": "baseline", "assume": [assume], "policies": policies}
        return [str(i) for i in idle_changes(Scenario.load(spec), 2014, 2020)]

    partners = {"policy": "partnership", "from": "2015-09-01", "settings": {"schools": [1]}}
    alone = found("partnership_ugs", {})
    assert alone == [
        "to assume partnership_ugs has no effect: only partnership reads it, which this scenario does not have"
    ]
    assert found("partnership_ugs", {"x": partners}) == []
    replaced = partners | {"settings": {"schools": [1], "effect": 0.1}}
    assert "the settings of x replace it" in found("partnership_ugs", {"x": replaced})[0]


def test_a_parameter_that_every_instance_replaces_is_idle():
    fixed = ROTATION | {"settings": {"allowance": 5}}
    assert idle({"rotation_allowance": 100}, {"x": fixed}) == [("rotation_allowance", REPLACED)]
    assert idle({"rotation_allowance": 100}, {"x": fixed, "y": ROTATION}) == []


@pytest.mark.parametrize(
    ("name", "settings", "why"),
    [
        ("accept.year", {}, [REPLACED]),
        ("accept.year", {"voluntary": True}, []),
        ("rotation.flexible_quota", {}, [REPLACED]),
        ("rotation.flexible_quota", {"voluntary": True}, []),
        ("rotation.flexible_quota", {"voluntary": True, "quota": 0.05}, [REPLACED]),
        ("rotation_rate_policy", {"voluntary": True}, [REPLACED]),
        ("accept.km", {"voluntary": True}, []),
        ("accept.km", {}, [REPLACED]),
        ("child_at_home.share", {}, [REPLACED]),
        ("rotation_mandated_compliance", {"voluntary": True}, [REPLACED]),
        ("rotation_mandated_compliance", {}, []),
    ],
)
def test_what_moves_volunteers_is_idle_where_nobody_volunteers(name, settings, why):
    found = idle({name: load()[name].value}, {"x": ROTATION | {"settings": settings}})
    assert [w for _, w in found] == why


def test_studios_and_naming_parameters_are_idle_without_studios_and_naming():
    training = {"policy": "training", "from": "2015-09-01"}
    assert idle({"studio.cost": 5}, {"x": training}) == [("studio.cost", REPLACED)]
    assert idle({"studio.cost": 5}, {"x": training | {"settings": {"studios": True}}}) == []


def test_no_shipped_scenario_sets_a_parameter_in_vain():
    assert {name: found for name in names() if (found := idle_changes(Scenario.load(name), 2014, 2035))} == {}


def test_the_policies_that_parameters_name_exist():
    assert {policy for p in load().values() for policy in p.for_policies} <= set(registry())
