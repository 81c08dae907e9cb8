"""A setting, or a whole policy, that cannot act where it stands is refused or named, with the reason."""

from __future__ import annotations

import pytest

from simsim.districts.files import load_district
from simsim.experiments.comparison import vain
from simsim.inputs.effect import REASONS
from simsim.inputs.errors import InputError
from simsim.policy import registry
from simsim.report.words import catalogue
from simsim.scenarios import idle_settings as module
from simsim.scenarios.catalogue import notes
from simsim.scenarios.files import names
from simsim.scenarios.idle_settings import IdleSetting, idle_settings, in_vain
from simsim.scenarios.scenario import Scenario

CLUSTERS = {"kind": "alliance", "name": {"zh": "一", "en": "One"}, "members": [1, 2]}
BESIDE = {
    "groups": {"policy": "clusters", "from": 2015, "settings": {"clusters": [CLUSTERS]}},
    "sight": {"policy": "monitoring", "from": 2015},
    "letters": {"policy": "principal_targets", "from": 2015},
    "market": {"policy": "open_choice", "from": 2015},
    "sport": {"policy": "fitness", "from": 2015},
}
PROJECT = {"school": 101, "in_use": {"due": "2016-09"}}
WITHOUT_SETTINGS = {"clusters", "equipment", "partnership", "new_schools"}


def scenario(policies, parameters=None, **more) -> Scenario:
    return Scenario.load({"extends": "baseline", "policies": policies, "parameters": parameters or {}} | more)


def idle(policy, settings, beside=(), to=2020, end=None, parameters=None) -> list[tuple[str, str]]:
    mine = {"policy": policy, "from": 2015, "settings": settings} | ({} if end is None else {"to": end})
    spec = scenario({"x": mine} | {name: BESIDE[name] for name in beside}, parameters)
    return [(i.vain.key, i.vain.why) for i in idle_settings(spec, 2014, to) if i.instance == "x"]


def refusal(spec) -> str:
    with pytest.raises(InputError) as caught:
        Scenario.load({"extends": "baseline"} | spec)
    return str(caught.value)


@pytest.mark.parametrize("policy", sorted(registry()))
def test_a_policy_whose_settings_do_nothing_is_named_as_a_whole(policy):
    beside = [n for n, e in BESIDE.items() if e["policy"] not in (policy, "open_choice")]
    found = idle(policy, dict(registry()[policy].zero), beside)
    assert [key for key, _ in found] == [""]


@pytest.mark.parametrize("policy", sorted(set(registry()) - WITHOUT_SETTINGS))
def test_a_policy_at_its_defaults_beside_what_it_needs_is_not_named(policy):
    mine = [n for n, e in BESIDE.items() if e["policy"] not in (policy, "open_choice")]
    assert idle(policy, {}, mine) == []


@pytest.mark.parametrize(
    ("policy", "settings", "found"),
    [
        ("rotation", {"quota": 0, "destination": "need"}, [("", "zero")]),
        ("rotation", {"quota": 0.1, "spell_years": 9, "return_prob": 0.5}, [("return_prob", "kept")]),
        ("rotation", {"quota": 0.1, "spell_years": 2, "return_prob": 0.5}, []),
        ("rotation", {"age_limit": 20}, [("age_limit", "below")]),
        ("private_hires", {"accept": 0, "number": 5}, [("", "zero")]),
        ("after_school", {"reach": 0, "places": 0.5}, [("", "zero")]),
        ("after_school", {"reach": 0, "pilots": [1], "years": 3}, [("years", "zero")]),
        ("after_school", {"pilots": [1], "pilot_years": 0, "years": 1}, [("pilots", "kept")]),
        ("after_school", {"pilots": [1]}, []),
        ("equipment", {"chosen": [1], "fill": 0.5}, [("chosen", "zero")]),
        ("equipment", {"chosen": [1], "gardens": 1}, []),
        ("equipment", {"managed": True, "use": 0.1}, [("use", "below")]),
        ("equipment", {"managed": True, "maintained": False}, [("maintained", "zero")]),
        ("equipment", {"fill": 1, "delay_probability": 0, "delay_months": 3}, [("delay_months", "zero")]),
        ("aid", {"place_share": 0, "place_cost": 5}, [("place_cost", "zero")]),
        ("migrants", {"cost": 5, "eased": 0}, [("cost", "zero")]),
        ("monitoring", {"support_share": 0, "feedback_effect": 0.1}, [("feedback_effect", "zero")]),
        ("multi_school_zones", {"zones": [[1, 98]]}, [("zones (school 98)", "stranger")]),
        ("partnership", {"schools": [1], "effect": 0, "ramp_years": 4}, [("ramp_years", "zero")]),
        ("partnership", {"schools": [1], "fade_years": 4}, [("fade_years", "endless")]),
        ("partnership", {"schools": [1], "years": 2, "fade_years": 4}, []),
        ("pledge", {"measures": ["L9"]}, [("measures (L9)", "stranger")]),
        ("pledge", {"due": "2021-06"}, [("due", "years")]),
        ("principal_terms", {"terms_most": 0, "pass_mark": 0, "counted_from": 2000}, [("counted_from", "zero")]),
        ("recognition", {"improved": 0, "window": 4}, [("window", "zero")]),
        ("recognition", {"window": 8}, [("window", "years")]),
        ("shared_lessons", {"use": 0, "effect": 0.2}, [("effect", "zero")]),
        ("special_education", {"target": 0.5}, [("", "below")]),
        ("surcharge", {"share": 0.2}, [("", "below")]),
        ("staffing_standard", {"share": 0, "core_floor": 3}, [("core_floor", "zero")]),
        ("training", {"coverage": 0, "naming": True, "effect": 0.1}, [("effect", "zero")]),
        ("clusters", {"clusters": [CLUSTERS], "ramp_years": 5}, [("ramp_years", "zero")]),
        ("clusters", {"clusters": [CLUSTERS], "lead_effect": 0.1}, [("lead_effect", "kept")]),
        ("clusters", {"clusters": [CLUSTERS], "promised": "2031-01"}, [("promised", "years")]),
        ("new_schools", {"mode": "expansion", "school": 1}, [("", "zero")]),
        ("new_schools", PROJECT | {"delay_probability": 0.5}, [("delay_probability", "kept")]),
        ("new_schools", PROJECT | {"delay_probability_firm": 0.5}, []),
        ("new_schools", PROJECT | {"in_use": {"due": "2024-09"}}, [("", "years")]),
    ],
)
def test_a_setting_that_the_others_keep_from_acting_is_named_with_the_reason(policy, settings, found):
    assert idle(policy, settings, ["letters"]) == found


@pytest.mark.parametrize(
    ("policy", "settings", "key", "beside"),
    [
        ("rotation", {"scope": "cluster"}, "", "groups"),
        ("general_principals", {}, "", "groups"),
        ("multi_school_zones", {"grouped_by": "cluster"}, "", "groups"),
        ("stars", {"placement": "lead"}, "placement", "groups"),
        ("information", {"families": 0.4}, "families", "market"),
        ("inspection", {"effect": 0.4}, "effect", "sport"),
        ("partnership", {"schools": [1], "supported": 3}, "supported", "sight"),
        ("principal_terms", {"pass_mark": 0.4}, "pass_mark", "letters"),
    ],
)
def test_a_setting_that_acts_through_another_policy_is_named_where_that_is_missing(policy, settings, key, beside):
    assert idle(policy, settings) == [(key, "alone")]
    assert idle(policy, settings, [beside]) == []


def test_a_dose_that_a_parameter_holds_at_zero_is_zero_and_one_that_changes_is_not():
    assert idle("rotation", {}, parameters={"rotation_rate_policy": 0}) == [("", "zero")]
    later = [0, {"value": 0.1, "from": 2017}]
    assert idle("rotation", {}, parameters={"rotation_rate_policy": later}) == []


def test_a_policy_that_begins_after_the_run_is_named_and_one_in_its_last_year_is_not():
    assert idle("fitness", {}, to=2014) == [("", "late")] and idle("fitness", {}, to=2015) == []


def test_who_joins_a_cluster_after_its_end_is_named():
    joining = CLUSTERS | {"joining": {2: "2018-09"}}
    assert idle("clusters", {"clusters": [joining]}, end=2017) == [("clusters.0.joining.2", "years")]
    assert idle("clusters", {"clusters": [joining]}, end=2020) == []


@pytest.mark.parametrize(
    ("policy", "settings", "message"),
    [
        ("rotation", {"destination": "random", "origin": "urban_good"}, "destination = 'random': has no effect unless"),
        ("clusters", {"clusters": [CLUSTERS], "milestone": "there"}, "milestone = 'there': has no effect unless prom"),
        ("multi_school_zones", {"zones": [[1, 2], [3]]}, "zones.1 = [3]: names one school, so nobody chooses there"),
        (
            "new_schools",
            {"construction": {"due": "2015-03"}, "completion": {"due": "2016-08"}, "building_months": 5},
            "building_months = 5: has no effect beside construction and completion",
        ),
        (
            "new_schools",
            {"mode": "relocation", "school": 1, "catchment_share": 0.5},
            "catchment_share = 0.5: has no effect on a relocation that keeps its catchments",
        ),
        (
            "new_schools",
            {"mode": "expansion", "school": 1, "rooms_primary": 3, "senior_pupils": 9},
            "senior_pupils = 9: has no effect unless mode is opening or relocation",
        ),
    ],
)
def test_settings_that_contradict_each_other_are_refused(policy, settings, message):
    text = refusal({"policies": {"x": {"policy": policy, "from": 2015, "settings": settings}}})
    assert f"policies.x.settings.{message}" in text


@pytest.mark.parametrize("entry", [{}, {"settings": {}}, {"settings": {"quota": None}}, {"to": None}])
def test_an_entry_that_says_nothing_is_refused(entry):
    assert "policies.T2: says nothing" in refusal({"extends": "plan", "policies": {"T2": entry}})


def test_a_null_that_removes_what_the_plan_or_an_ancestor_says_is_no_entry_that_says_nothing(tmp_path):
    assert "policies.T2: has no `from`" in refusal({"extends": "plan", "policies": {"T2": {"from": None}}})
    (tmp_path / "ends.yaml").write_text("extends: baseline\npolicies: {t: {policy: aid, from: 2015, to: 2016}}\n")
    (tmp_path / "goes-on.yaml").write_text("extends: ends\npolicies: {t: {to: null}}\n")
    assert [policy.end for policy in Scenario.load(tmp_path / "goes-on.yaml").instances if policy.id == "t"] == [None]


def test_a_null_that_removes_nothing_is_refused_and_one_that_removes_an_ancestors_instance_is_not():
    assert "policies.T2: removes nothing" in refusal({"policies": {"T2": None}})
    assert "policies.T2: removes nothing" in refusal({"extends": "without-clusters", "policies": {"T2": None}})
    for parent in ("plan", "rotation-national"):
        left = Scenario.load({"extends": parent, "policies": {"T2": None}})
        assert "T2" not in {i.id for i in left.instances}


def test_late_without_a_striving_measure_is_refused():
    plan = {"file": "erdao-2014-2016", "include": ["T2"], "late": True}
    assert "plan.late = True: has no effect" in refusal({"plan": plan})
    assert Scenario.load({"extends": "baseline", "plan": plan | {"include": ["L2"]}}).instances


def test_a_policy_that_ends_before_any_can_act_is_refused():
    text = refusal({"policies": {"x": {"policy": "fitness", "from": 2010, "to": 2013}}})
    assert "policies.x.to = '2013-09-01': ends before the September of 2015" in text


def test_a_parameter_set_again_to_the_same_value_is_named():
    twice = [40, {"value": 40, "from": 2016}, {"value": 38, "from": 2018}]
    found = in_vain(scenario({}, {"class_size.target.primary": twice}), 2020)
    assert [str(f) for f in found] == [
        "class_size.target.primary = 40 from 2016 has no effect: it is the value that the scenario sets before"
    ]


def test_check_names_what_is_in_vain_with_file_key_value_and_reason(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: baseline\npolicies:\n  x: {policy: equipment, from: 2015, settings: {chosen: [1], fill: 0.5}}\n"
    )
    assert notes([path]) == [
        "mine.yaml: policies.x.settings.chosen = (1,) has no effect: gardens, laboratories is zero or empty"
    ]


@pytest.mark.slow
def test_of_the_shipped_scenarios_only_heads_without_clusters_are_in_vain():
    found = {name: [i.name for i in in_vain(Scenario.load(name))] for name in names()}
    assert {name: idle for name, idle in found.items() if idle} == {
        "only-principals": ["policies.P1"],
        "without-clusters": ["policies.P1"],
    }


def test_results_name_what_their_scenarios_set_in_vain():
    spec = scenario({"x": {"policy": "rotation", "from": 2015, "settings": {"quota": 0}}}, name="mine")

    class Kept:
        scenarios = ("mine",)
        manifest = {"scenarios": {"mine": {"resolved": spec.to_dict()}}, "to": 2016}
        tables: dict[str, object] = {}

    [(name, found)] = vain(Kept())
    assert name == "mine" and isinstance(found, IdleSetting)
    assert str(found) == "policies.x (rotation) has no effect: quota is zero or empty"


def test_every_reason_has_its_sentence_in_both_languages():
    words = catalogue()
    for why in REASONS:
        assert {"en", "zh"} <= set(words[f"vain.{why}"])
        assert words[f"vain.{why}"]["en"] == REASONS[why]


def test_the_law_is_left_out_in_vain_where_it_does_not_hold_yet_or_is_not_known():
    spec = scenario({}, law="none")
    assert [str(i) for i in in_vain(spec, 2017)] == [
        "law = none has no effect: the law on large classes holds from 2018, after the last year of the run"
    ]
    assert in_vain(spec, 2018) == [] and [i.vain.why for i in in_vain(spec, 2024, as_of=2014)] == ["lawless"]


def test_a_tolerance_is_in_vain_where_no_post_moves():
    still = {"share": 0.0, "vacant_posts": False}
    assert idle("staffing_standard", still | {"tolerance": 2.0}) == [("tolerance", "zero")]
    assert idle("staffing_standard", {"share": 0.0, "tolerance": 2.0}) == []


def test_a_scenarios_district_is_looked_at_once_for_all_its_instances(monkeypatch):
    asked = []
    monkeypatch.setattr(module, "load_district", lambda name: asked.append(name) or load_district(name))
    assert len(Scenario.load("plan").instances) > 20 and not idle_settings(Scenario.load("plan"), 2014, 2024)
    assert len(asked) == 1
