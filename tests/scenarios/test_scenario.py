"""A scenario is resolved once, checked as a whole, and frozen."""

from __future__ import annotations

import dataclasses
import re
from datetime import date

import numpy as np
import pytest

from simsim import policy
from simsim.inputs.errors import POLICIES, InputError
from simsim.scenarios.catalogue import early
from simsim.scenarios.changes import Change
from simsim.scenarios.files import names
from simsim.scenarios.scenario import Scenario
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


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_loads_and_says_what_it_is_in_two_languages(name):
    found = Scenario.load(name)
    assert found.name == name
    for key, words in (("title", found.title), ("description", found.description)):
        assert set(words) == {"zh", "en"}, f"{name}.yaml: {key} needs both languages, zh and en"
        half = re.search(r"[\u4e00-\u9fff”％%][(),;:]|[(),;:][\u4e00-\u9fff“]", words["zh"])
        assert not half, f"{name}.yaml: {key}.zh has half-width punctuation; write （），；："
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


def test_what_a_scenario_assumes_is_part_of_it_and_inherited_until_another_list_replaces_it():
    assumes = Scenario.load({"name": "x", "extends": "plan", "assume": ["partnership_ugs", "group_lead"]})
    assert assumes.assume == ("group_lead", "partnership_ugs") == Scenario.load(assumes.to_dict()).assume
    assert assumes.digest != Scenario.load("plan").digest == Scenario.load({"extends": "plan", "assume": []}).digest
    assert "assume" not in Scenario.load("plan").to_dict()


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
    used = {i.policy for name in names() for i in Scenario.load(name).instances}
    assert used <= set(policy.registry())


# ---- what cannot have an effect ----

SIZE = "class_size.target.primary"


def test_numpy_scalars_are_values_and_years():
    change = {"value": np.int64(40), "from": np.int64(2016)}
    spec = {"parameters": {SIZE: change}, "policies": {"a": {"policy": "clusters", "from": np.int32(2015)}}}
    found = Scenario.load(spec)
    assert found.changes == (Change(SIZE, 40.0, 2016),) and found.instances[0].start == date(2015, 9, 1)
    assert Scenario.load({"parameters": {SIZE: np.float32(40)}}).changes[0].value == 40.0
    for year in (np.datetime64("2015"), np.datetime64("2015-09")):
        dated = Scenario.load({"policies": {"a": {"policy": "clusters", "from": year}}})
        assert dated.instances[0].start == date(2015, 9, 1)
    assert "must be a number" in complaints({"parameters": {SIZE: np.bool_(True)}})


@pytest.mark.parametrize("key", ["parameters", "policies"])
@pytest.mark.parametrize("nothing", [[], False, 0, ""])
def test_a_section_that_is_no_mapping_is_refused_though_it_is_empty(key, nothing):
    assert f"{key} = {nothing!r}: must be a mapping" in complaints({key: nothing})


def test_settings_that_are_no_mapping_are_refused_though_they_are_empty():
    policies = {"a": {"policy": "clusters", "from": 2015, "settings": []}}
    assert "policies.a.settings = []: must be a mapping" in complaints({"policies": policies})


def test_an_empty_plan_is_refused():
    assert "plan = {}: is empty; name the plan's `file`" in complaints({"plan": {}})


def test_leaving_out_what_is_not_included_is_refused():
    text = complaints({"plan": {"include": ["T2"], "except": ["E1"]}})
    assert "plan.except = 'E1': leaves out nothing" in text
    assert Scenario.load({"plan": {"include": ["T2", "E1"], "except": ["E1"]}}).instances[0].id == "T2"


@pytest.mark.parametrize(
    ("start", "end"), [("2015-09-02", "2016-09-01"), ("2015-10", "2016-08"), ("2016-01", "2016-06")]
)
def test_a_policy_that_starts_and_ends_in_one_school_year_is_refused(start, end):
    text = complaints({"policies": {"a": {"policy": "clusters", "from": start, "to": end}}})
    assert "policies.a.to" in text and "lies in the school year before 2016" in text


def test_a_policy_of_one_year_is_fine_and_one_after_the_last_run_is_not():
    found = Scenario.load({"policies": {"a": {"policy": "clusters", "from": "2015-10", "to": 2017}}})
    assert found.instances[0].years == (2016, 2016)
    assert "would act from September 2036" in complaints({"policies": {"a": {"policy": "clusters", "from": 2036}}})


@pytest.mark.parametrize(
    ("policy", "settings", "message"),
    [
        ("rotation", {"quota": True}, "quota = True: must be a number"),
        ("rotation", {"quota": "0.1"}, "quota = '0.1': must be a number"),
        ("rotation", {"eligible_years": True}, "eligible_years = True: must be a number"),
        ("rotation", {"voluntary": 1}, "voluntary = 1: must be true or false"),
        ("rotation", {"voluntary": "yes"}, "voluntary = 'yes': must be true or false"),
        ("rotation", {"quota": np.bool_(True)}, "quota = True: must be a number"),
        ("new_schools", {"catchment_primary": ["3"]}, "catchment_primary.0 = '3': must be a number"),
        (
            "new_schools",
            {"completion": {"due": "2016-09", "striving": "no"}},
            "completion.striving = 'no': must be",
        ),
        (
            "rotation",
            {"compliance": 0.5, "voluntary": True},
            "compliance = 0.5: has no effect unless voluntary is f",
        ),
        ("rotation", {"title_incentive": 0.5}, "title_incentive = 0.5: has no effect unless voluntary is true"),
        ("training", {"studio_cost": 5}, "studio_cost = 5.0: has no effect unless studios is true"),
        ("training", {"backbone": 0.1}, "backbone = 0.1: has no effect unless naming is true"),
        ("equipment", {"use": 0.5}, "use = 0.5: has no effect unless managed is true"),
        ("recruitment", {"share": 0.5}, "share = 0.5: has no effect unless mode is replace_share"),
        ("principal_terms", {"chosen": "usual", "signal": 0.5}, "signal = 0.5: has no effect unless chosen is"),
        ("new_schools", {"all_grade_share": 0.5}, "all_grade_share = 0.5: has no effect unless fill is all_grade"),
        (
            "new_schools",
            {"mode": "expansion", "school": 1, "lead": 2},
            "lead = 2: has no effect unless mode is open",
        ),
        ("multi_school_zones", {"zones": [[1, 2]], "size": 4}, "size = 4: has no effect unless zones is empty"),
    ],
)
def test_settings_are_what_they_say_and_can_matter(policy, settings, message):
    text = complaints({"policies": {"a": {"policy": policy, "from": 2015, "settings": settings}}})
    assert f"policies.a.settings.{message}" in text


def test_numpy_scalars_are_settings_and_whole_numbers_are_numbers():
    settings = {"quota": np.float32(0.5), "eligible_years": np.int64(3), "voluntary": np.bool_(True), "allowance": 5}
    found = Scenario.load({"policies": {"a": {"policy": "rotation", "from": 2015, "settings": settings}}})
    read = found.instances[0].settings
    assert (read.quota, read.eligible_years, read.voluntary, read.allowance) == (0.5, 3, True, 5.0)


# ---- words ----


def test_words_are_not_inherited_and_fall_back_to_the_other_language_then_the_name():
    assert Scenario.load({"name": "mine", "extends": "baseline"}).title == {"zh": "mine", "en": "mine"}
    assert Scenario.load({"name": "mine", "extends": "baseline"}).description == {}
    one = Scenario.load({"name": "mine", "extends": "plan", "title": {"en": "Mine"}, "description": {"zh": "说明"}})
    assert one.title == {"zh": "Mine", "en": "Mine"} and one.description == {"zh": "说明", "en": "说明"}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"name": "all"}, "name = 'all'"),
        ({"policies": {"staff": {"policy": "training", "from": 2016}}}, "policies.staff = 'staff'"),
        ({"policies": {"total": {"policy": "training", "from": 2016}}}, "policies.total = 'total'"),
    ],
)
def test_words_that_tables_use_for_something_else_name_neither_scenarios_nor_instances(change, key):
    """A policy called `staff` would be left out of what a scenario costs, as the pay of the staff is."""
    with pytest.raises(InputError, match=f"{key}: is a word that simsim's own tables use"):
        Scenario.load({"extends": "baseline", "name": "mine", **change})


def test_a_blank_title_is_none():
    assert (
        Scenario.load({"extends": "baseline", "name": "mine", "title": {"en": " ", "zh": "\t"}}).title["en"] == "mine"
    )


ROTATION = {"policy": "rotation", "settings": {"scope": "district", "quota": 0.1}}


def test_a_measure_that_the_plan_has_not_is_refused_for_its_money_would_be_nobodys():
    entry = ROTATION | {"from": 2015, "measure": "T33"}
    with pytest.raises(
        InputError, match=r"policies.r.measure = 'T33': is not a measure of the plan .*did you mean T3\?"
    ):
        Scenario.load({"name": "mine", "extends": "plan", "policies": {"r": entry}})
    for spec in ({"extends": "plan"}, {"extends": "baseline"}):
        measure = "T3" if spec["extends"] == "plan" else "anything"
        found = Scenario.load({"name": "mine", **spec, "policies": {"r": entry | {"measure": measure}}})
        assert next(i for i in found.instances if i.id == "r").measure == measure


def test_a_policy_dated_before_the_first_year_is_named_with_the_year_it_acts_from():
    dated = {
        year: Scenario.load({"name": "mine", "policies": {"r": ROTATION | {"from": year}}}) for year in (1995, 2014)
    }
    (said,) = early(dated[1995])
    assert said.startswith("policies.r.from = 1995-09-01 lies before 2014") and said.endswith("from September 2015")
    assert not early(dated[2014]) and not early(Scenario.load("plan"))
