"""The explorer without widgets: what is changed, what is lived, what is never lived twice."""

from __future__ import annotations

import pytest

from simsim.explorer.lives import Lived
from simsim.explorer.state import EXPLORED, NEW_SCHOOL, Explorer, Site
from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario


def test_both_scenarios_are_compared_in_the_same_worlds(state):
    assert state.n == 2 and state.compares and state.wanted() == []
    assert state.results().scenarios == [state.base.name, EXPLORED]


def test_a_moved_lever_asks_for_its_own_worlds_and_the_base_is_never_lived_again(state):
    state.change("R", quota=0.3)
    wanted = state.wanted()
    assert state.n == 0 and [job.seed for job in wanted] == [1, 2]
    assert all(job.scenario.digest == state.current.digest != state.base.digest for job in wanted)


def test_a_lever_moved_back_asks_for_nothing(state):
    state.change("R", quota=0.3)
    state.change("R", quota=0.2)
    assert state.wanted() == [] and state.n == 2


def test_a_change_that_the_scenario_cannot_bear_is_refused_and_the_last_one_stands(state):
    before = state.current
    state.change("R", quota=3.0)
    assert "quota" in state.problem and state.current is before and not state.changes
    state.change("R", quota=0.4)
    assert state.problem == ""


@pytest.mark.parametrize("asked", [{"stage": "primry"}, {"year": "2024"}, {"year": 1999}, {"indicator": "scre"}])
def test_what_cannot_be_looked_at_is_refused(state, asked):
    with pytest.raises(InputError, match=next(iter(asked))):
        state.look_at(**asked)


def test_before_any_world_there_is_nothing_to_show(state):
    state.worlds = {}
    with pytest.raises(InputError, match="live a world first"):
        state.results()


def test_a_measure_is_put_out_of_force_and_in_again(state):
    state.switch("R", False)
    assert state.instances == {} and not state.compares
    state.switch("R", True)
    assert list(state.instances) == ["R"] and state.compares


def test_a_policy_that_the_scenario_has_not_can_be_added_and_taken_back(state):
    state.switch("coaching", True)
    state.change("coaching", share=0.5)
    assert state.instances["coaching"].settings.share == 0.5
    state.switch("coaching", False)
    assert "coaching" not in state.instances


def test_a_new_school_opens_where_and_when_it_is_asked_for(state):
    state.build_school(Site(state.first + 1, 1.0, -1.0, "primary"))
    assert not state.problem, state.problem
    settings = state.instances[NEW_SCHOOL].settings
    assert (settings.x_km, settings.y_km, settings.kind) == (1.0, -1.0, "primary")
    assert settings.school not in state.data.schools["key"].tolist()
    state.build_school(None)
    assert NEW_SCHOOL not in state.instances


def test_three_scenarios_are_kept_and_a_fourth_is_refused(state):
    names = []
    for quota in (0.1, 0.3, 0.4):
        state.change("R", quota=quota)
        names.append(state.save())
        assert state.save() == names[-1]  # once is enough
    assert len(set(names)) == len(state.saved) == 3
    state.change("R", quota=0.5)
    with pytest.raises(InputError, match="remove one"):
        state.save()
    with pytest.raises(InputError, match="did you mean saved-1"):
        state.forget("saved1")
    state.forget(names[1])
    assert state.save() == names[1]


def test_a_world_that_failed_is_told_and_not_tried_again(state):
    state.change("R", quota=0.3)
    job = state.wanted()[0]
    state.take(Lived(job.key, failure="ValueError: no"))
    assert state.n == 0 and job.key not in [one.key for one in state.wanted()] and len(state.failures) == 1


def test_more_worlds_ask_only_for_those_that_are_lacking(state):
    state.seeds = 3
    assert {job.seed for job in state.wanted()} == {3}


def test_the_content_copied_is_the_scenario_explored(state):
    state.change("R", quota=0.35)
    assert Scenario.load(state.draft(), "xinwan").digest == state.current.digest


def test_a_scenario_explored_from_a_shipped_one_extends_it():
    state = Explorer("xinwan-schools", seeds=1)
    state.switch("coaching", True)
    assert state.draft()["extends"] == "xinwan-schools" and Scenario.load(state.draft()).digest == state.current.digest


def test_costs_leave_staff_pay_out_and_end_with_the_year_looked_at(state):
    whole = state.spent(state.current)
    state.look_at(year=state.first)
    assert (state.spent(state.current) <= whole).all()
