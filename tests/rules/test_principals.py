"""Principals in post: what a change costs a school, and who goes and comes when schools do."""

from __future__ import annotations

import pytest

from simsim import School
from simsim.rules import principals
from simsim.world.schools import Principal
from tests.policies.principal_trials import STAYS, at, live


def test_a_change_costs_the_school_two_years_and_less_when_the_new_one_is_experienced():
    district = live(2014, {})
    school, p = district.schools[1], district.p
    at(district, 2015)
    new = principals.appoint(district, school)
    new.effectiveness = 0.0
    new.experienced = False
    assert [new.value_added(year, p) for year in (2015, 2016, 2017)] == [
        p["principal_change_yr1"],
        p["principal_change_yr2"],
        0.0,
    ]
    new.experienced = True
    assert new.value_added(2015, p) == pytest.approx(
        p["principal_change_yr1"] * (1.0 - p["principal_experienced_offset"])
    )


def test_the_principal_of_a_closed_school_goes_and_a_new_school_gets_one():
    district = live(2014, {}, STAYS)
    at(district, 2015)
    gone, empty = district.schools[1], district.schools[2]
    gone.parts = {}
    principals.vacate(empty)
    principals.turn_over(district)
    assert gone.principal is None and empty.principal.since == 2015
    assert len(district.agents_by_type[Principal]) == sum(
        isinstance(a, School) and bool(a.parts) for a in district.agents
    )
