"""Instructions are new every year: nothing said lasts longer."""

from __future__ import annotations

import pickle
from copy import deepcopy
from datetime import date

import numpy as np
import pytest

import simsim
from simsim import actions
from simsim.inputs.errors import InputError
from simsim.rules.hiring import hire
from simsim.world.instructions import LOCALS_FIRST, Instructions, Panel
from tests.one_district import lived


def test_a_usual_year_replaces_a_share_and_fills_every_added_post():
    usual = Instructions.usual(0.4)
    assert usual.fill == {"retirement": 0.4, "exit": 0.4, "growth": 1.0}
    assert usual.place is usual.post is None and not usual.families_chose
    assert usual.admission_order == LOCALS_FIRST and usual.panel == Panel(1, 0.0, None)


class Says(simsim.Policy):
    """Says something in one year."""

    name = "says"

    class Settings(simsim.PolicySettings):
        pass

    def instruct(self, district):
        if district.year == 2015:
            district.instructions.families_chose = True
            district.instructions.fill["exit"] = 0.0


def test_what_was_said_in_one_year_is_gone_in_the_next():
    district = lived()
    district.policies = [Says("S", Says.Settings(), date(2015, 9, 1), None, None)]
    district.step()
    assert district.instructions.families_chose and district.instructions.fill["exit"] == 0.0
    district.step()
    assert district.instructions == Instructions.usual(district.p["replacement_rate_baseline"])


CHANGED = {
    "a share filled": lambda d: d.instructions.fill.update(exit=0.0),
    "a choice": lambda d: setattr(d.instructions, "families_chose", True),
    "a gain": lambda d: d.instructions.add_gain(np.ones(len(d.students))),
    "pools": lambda d: setattr(d.instructions, "title_pools", {1: 2}),
    "other instructions": lambda d: setattr(d, "instructions", Instructions()),
    "by an action": lambda d: actions.fill_vacated(d, 0.0, 0.0),
}


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_what_is_told_between_two_years_is_refused_for_no_year_would_hear_it(change):
    district = lived()
    change(district)
    with pytest.raises(InputError, match="instructions: was changed outside a year.*in a policy's `instruct`"):
        district.step()


@pytest.mark.parametrize("name, value", [("phase", "teach"), ("measures", {"T1": None}), ("classes", None)])
def test_what_each_year_makes_anew_cannot_be_changed_between_two(name, value):
    district = lived()
    setattr(district, name, value)
    with pytest.raises(InputError, match=f"{name}: was (changed|replaced) between two years"):
        district.step()


def test_only_rules_of_the_year_can_be_stopped():
    district = lived()
    district.stopped = frozenset({"hire"})
    with pytest.raises(InputError, match="stopped = 'hire': is no rule of the year"):
        district.step()
    district.stopped = frozenset({hire})
    district.step()


def test_a_policy_that_tells_the_rules_before_any_year_is_refused():
    class Early(Says):
        def begin(self, district):
            district.instructions.families_chose = True

    district = lived()
    with pytest.raises(InputError, match="S: begin: told the rules of a year.*in `instruct` or in a phase"):
        district._begin(Early("S", Says.Settings(), date(2015, 9, 1), None, None))


@pytest.mark.parametrize("copy", [deepcopy, lambda district: pickle.loads(pickle.dumps(district))])
def test_a_copy_knows_what_was_told(copy):
    district = lived()
    district.policies = [Says("S", Says.Settings(), date(2015, 9, 1), None, None)] if copy is deepcopy else []
    district.step()
    copy(district).step()


def test_a_misspelt_order_is_refused():
    with pytest.raises(InputError, match=r"admission_order.*did you mean"):
        Instructions().admission_order = "local_first"


@pytest.mark.parametrize("gain", [[np.nan, 1.0], "x", [[1.0]], [True, False]])
def test_a_gain_is_a_number_for_each_pupil(gain):
    with pytest.raises(InputError, match="gain.*must be a finite number for each pupil"):
        Instructions().add_gain(gain)


def test_two_years_share_no_letter():
    one, other = Instructions(), Instructions()
    one.fill["exit"] = 1.0
    assert other.fill == {}


def test_gains_of_single_pupils_add_up():
    letter = Instructions()
    for gain in ([0.5, 0.0], [0.25, 1.0]):
        letter.add_gain(np.array(gain))
    assert letter.gain.tolist() == [0.75, 1.0]
