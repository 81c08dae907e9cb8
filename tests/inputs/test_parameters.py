"""Parameters say where they come from, and a draw depends on nothing but seed and name."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

from simsim.inputs import parameters
from simsim.inputs.errors import InputError
from simsim.inputs.paths import PACKAGE
from simsim.scenarios.scenario import Scenario

HEAD = "schema: simsim-parameters/1\nparameters:\n"


def written(tmp_path, *lines, name="p.yaml"):
    path = tmp_path / name
    path.write_text(HEAD + "\n".join(f"- {{{line}}}" for line in lines), encoding="utf-8")
    return path


GOOD = "name: a, value: 2, unit: years, range: [1, 4], kind: judgement, source: judgement"


def test_every_shipped_parameter_has_unit_source_and_kind():
    everything = parameters.load()
    assert len(everything) > 200
    assert all(
        p.unit and p.source and p.kind in parameters.KINDS and p.role in parameters.ROLES for p in everything.values()
    )


def test_every_number_of_the_evidence_is_there():
    assert {
        "lam_persist",
        "mcid_score",
        "public_use_fund.junior",
        "class_size.target.primary",
        "mape_district_1_2_5_10.y10",
    } <= set(parameters.load())


def test_a_draw_stays_in_its_range_and_has_the_mean_of_a_triangle():
    p = parameters.load()["lam_persist"]
    draws = np.array([parameters.draw({"lam_persist": p}, seed)["lam_persist"] for seed in range(500)])
    assert (draws >= p.low).all() and (draws <= p.high).all()
    error = draws.std() / np.sqrt(len(draws))
    assert abs(draws.mean() - (p.low + p.value + p.high) / 3) < 4 * error


def test_a_draw_depends_on_seed_and_name_only():
    everything = parameters.load()
    some = parameters.Parameters([everything["rho_K"], everything["dropout"]])
    assert parameters.draw(some, 7)["rho_K"] == parameters.draw(everything, 7)["rho_K"]
    assert parameters.draw(some, 7)["rho_K"] != parameters.draw(some, 8)["rho_K"]


def test_fixed_parameters_are_the_values_and_rules_are_not_drawn():
    everything = parameters.load()
    fixed = parameters.draw(everything, 3, fixed=True)
    assert fixed == {name: 0.0 if p.claimed else p.value for name, p in everything.items() if not p.rule}
    assert "posts_2014" not in fixed and everything["posts_2014"].rule == "actual teachers"


def test_a_judged_effect_that_starts_at_zero_is_zero_until_it_is_assumed_and_then_drawn_as_ever():
    everything, name = parameters.load(), "partnership_ugs"
    plain, assumed = parameters.draw(everything, 3), parameters.assumed(everything, 3, [name])
    assert plain[name] == 0.0 < assumed[name] <= everything[name].high and set(assumed) == {name}
    assert assumed[name] != parameters.assumed(everything, 4, [name])[name]
    assert parameters.assumed(everything, 3, [name], fixed=True) == {name: everything[name].value}


def test_claims_are_judged_effects_with_a_skewed_range_and_nothing_else():
    """Published effects, the world's own mechanisms, probabilities and costs are drawn though they start at zero."""
    everything = parameters.load()
    claimed = {name for name, p in everything.items() if p.claimed}
    assert {"principal.selection_signal", "shared_lessons_use", "partnership_ugs", "new_school_penalty_yr1"} <= claimed
    assert all(everything[name].role == "effect" and everything[name].kind == "judgement" for name in claimed)
    drawn = ("dropout", "peer_linear", "new_building_math", "training_generic", "rotation_allowance", "delay_spread")
    assert all(everything[name].uncertain for name in drawn)


def test_a_dose_that_no_plan_names_is_drawn_and_a_published_one_is_not():
    everything = parameters.load()
    assert everything["staffing.moved_share"].uncertain and everything["rotation.flexible_quota"].uncertain
    assert not everything["rotation_rate_policy"].uncertain and not everything["stars_per_year"].uncertain


def test_levers_laws_and_fits_are_the_same_in_every_replication():
    everything = parameters.load()
    one, two = (parameters.draw(everything, seed) for seed in (1, 2))
    same = {name for name in one if one[name] == two[name]}
    assert {"entry_lag_years", "rotation_rate_policy", "retire_male_base"} <= same
    assert all(not everything[name].uncertain or everything[name].whole for name in same)


def test_a_whole_parameter_is_drawn_as_a_whole_number():
    lag = parameters.load()["reactive_capacity_lag_years"]
    draws = {parameters.draw({lag.name: lag}, seed)[lag.name] for seed in range(50)}
    assert draws <= {1.0, 2.0, 3.0, 4.0} and len(draws) > 1


def test_a_district_replaces_what_it_was_fitted_to():
    fitted = parameters.load().fitted({"inflow_scale": 1.7})
    assert fitted["inflow_scale"].value == 1.7 and parameters.draw(fitted, 5)["inflow_scale"] == 1.7


def test_an_unknown_parameter_is_refused_with_a_suggestion():
    with pytest.raises(InputError, match="is not a parameter .did you mean lam_persist"):
        parameters.load()["lam_persit"]
    assert "lam_persit" not in parameters.load()


def test_the_error_survives_a_trip_between_processes():
    with pytest.raises(InputError) as caught:
        parameters.load()["nonsense"]
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_renamed_parameter_says_its_new_name(monkeypatch):
    monkeypatch.setitem(parameters.RENAMED, "persistence", "write lam_persist (since 0.2)")
    with pytest.raises(InputError, match="write lam_persist"):
        parameters.load()["persistence"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("name: a, value: 2, unit: years, kind: judgement", "p.yaml: a: has no source; write one"),
        (GOOD + ", rnage: [1, 2]", "p.yaml: a.rnage: is not a field of a parameter (did you mean range?)"),
        (GOOD.replace("judgement, s", "gospel, s"), "p.yaml: a.kind = 'gospel': must be one of published"),
        (GOOD.replace("[1, 4]", "[4, 1]"), "p.yaml: a.range = [4, 1]: must be [low, high], two numbers in order"),
        (GOOD.replace("[1, 4]", "[3, 4]"), "p.yaml: a.value = 2.0: lies outside its range [3, 4]"),
        (GOOD + ", limits: [0, 3]", "p.yaml: a.range = 4.0: lies outside the limits [0, 3]"),
        (GOOD.replace("value: 2", "value: '2e3'"), "p.yaml: a.value = '2e3': is text to YAML; write 2000"),
        (GOOD.replace("value: 2", "value: ''"), "p.yaml: a: has no value; write one"),
        (GOOD.replace("[1, 4]", "{x: [1, 4]}"), "p.yaml: a.range = {'x': [1, 4]}: must be [low, high]"),
        (GOOD + ", label: 5", "p.yaml: a.label = 5: must be a mapping"),
        (GOOD.replace("name: a", "name: ../a"), "p.yaml: ../a.name = '../a': must be a plain name"),
        (GOOD.replace("value: 2", "value: true"), "p.yaml: a.value = True: must be a number"),
    ],
)
def test_a_bad_entry_names_file_key_value_and_remedy(tmp_path, line, message):
    with pytest.raises(InputError) as caught:
        parameters.load([written(tmp_path, line)])
    assert message in str(caught.value)


def test_all_problems_of_a_file_come_at_once(tmp_path):
    lines = (
        GOOD,
        GOOD,
        GOOD.replace("name: a", "name: b") + ", rnage: [1, 2]",
        GOOD.replace("name: a", "name: c").replace("[1, 4]", "[5, 6]"),
    )
    with pytest.raises(InputError) as caught:
        parameters.load([written(tmp_path, *lines)])
    assert len(caught.value.problems) == 3


def test_show_prints_value_range_kind_and_source():
    text = parameters.show("test_reliability")
    assert all(part in text for part in ("0.88", "range 0.8 to 0.93", "estimate (估计)", "psychometric convention"))


def test_every_parameter_is_read_by_the_code_unless_it_is_kept_as_evidence():
    """A scenario that sets a number which nothing reads would silently do nothing."""
    root = PACKAGE
    source = "".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    quoted = set(re.findall(r'"(?=([\w.]+)")', source))
    for name, p in parameters.load().items():
        stem = name.rsplit(".", 1)[0]
        put_together = stem in quoted or (
            "." in name and (f"{stem}." in source or f"{stem.rsplit('.', 1)[0]}." in source)
        )
        read = name in quoted or put_together
        if p.role in ("uncertain", "effect", "lever") and not p.rule:
            assert read, f"{name} is read by no rule: give it the role evidence"
        if p.role == "evidence":
            assert f'p["{name}"]' not in source and f'parameter="{name}"' not in source, name


def test_setting_a_number_that_no_rule_reads_is_refused():
    with pytest.raises(InputError, match=r"parameters.degree_bed_effect = 0.05: is evidence that no rule reads"):
        Scenario.load(
            {
                "schema": "simsim-scenario/1",
                "name": "x",
                "extends": "baseline",
                "parameters": {"degree_bed_effect": 0.05},
            }
        )


def test_no_source_speaks_of_the_plan_or_the_district_as_if_there_were_one_only():
    for name, parameter in parameters.load().items():
        told = parameter.source.lower()
        assert not re.search(r"(?<!erdao )\bthe plan\b|not in the plan|the district's (published|means)", told), name


@pytest.mark.parametrize("values", [[1], "x", {"inflow_scale": "1"}, {"inflow_scale": None}, {"inflow_scale": True}])
def test_values_that_are_no_numbers_by_name_are_refused(values):
    with pytest.raises(InputError, match="must "):
        parameters.given(parameters.load(), values)
