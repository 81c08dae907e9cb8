"""Levers come from what policies declare, and a hand finds every value that the scenario has."""

from __future__ import annotations

import pytest

from simsim.explorer.levers import CHOICE, NUMBER, SWITCH, WHOLE, decimals, levers_of
from simsim.policy import registry
from simsim.report.words import LANGUAGES, Words, catalogue
from simsim.scenarios.scenario import Scenario

PLAN = Scenario.load("plan")


@pytest.mark.parametrize("instance", PLAN.instances, ids=lambda one: one.id)
def test_every_lever_of_the_plan_holds_its_value_within_its_range(instance):
    for lever in levers_of(instance.policy, instance.settings):
        if lever.kind == CHOICE:
            assert lever.value in lever.choices
        elif lever.kind != SWITCH:
            assert lever.low <= lever.value <= lever.high and 0 < lever.step < lever.high - lever.low


@pytest.mark.parametrize("policy", sorted(registry()))
def test_a_hand_can_come_back_to_the_value_that_a_scenario_has(policy):
    for lever in levers_of(policy, registry()[policy].Settings()):
        if lever.kind in (NUMBER, WHOLE):
            way = (lever.value - lever.low) / lever.step
            assert way == pytest.approx(round(way), abs=1e-6), lever
            assert float(f"{lever.value:.{decimals(lever.step)}f}") == lever.value  # as the slider's readout shows it


@pytest.mark.parametrize("name", sorted(registry()))
def test_every_lever_has_a_name_in_both_languages(name):
    for lever in levers_of(name, registry()[name].Settings()):
        assert {f"lever.{lever.field}", f"lever.{name}.{lever.field}"} & set(catalogue()), (name, lever.field)
        assert all(lever.label(Words(lang)) for lang in LANGUAGES)
        assert all(f"choice.{one}" in catalogue() for one in lever.choices), (name, lever.choices)


def test_the_doses_of_a_policy_stand_first_and_say_what_stands_behind_them():
    rotation = next(i for i in PLAN.instances if i.policy == "rotation")
    first = levers_of("rotation", rotation.settings)[0]
    assert (first.field, first.kind, first.grade.name) == ("quota", NUMBER, "judgement")
    assert "judgement" in first.words(Words("en"))


def test_what_cannot_matter_beside_the_others_is_no_lever():
    rotation = next(i for i in PLAN.instances if i.policy == "rotation")
    fields = {lever.field for lever in levers_of("rotation", rotation.settings)}
    assert rotation.settings.voluntary and "compliance" not in fields and "title_incentive" in fields
