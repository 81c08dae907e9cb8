"""Branching: two futures of one present, with the same draws; what should have acted before is refused."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario
from tests.one_district import lived_under

NOW = 2017
LAST = 2018


@pytest.fixture
def district():
    """A district of the plan in September 2017."""
    return lived_under("plan", to=NOW - 1, seed=1, fixed_parameters=True)


def entry(**more):
    return {"name": "mine", "extends": "plan", **more}


@pytest.mark.slow
def test_a_branch_of_the_same_scenario_is_the_same_to_the_bit(district):
    twin = district.branch("plan").run(to=LAST)
    district.run(to=LAST)
    for kind in ("students", "teachers"):
        for name, column in getattr(district, kind).columns.items():
            np.testing.assert_array_equal(column, getattr(twin, kind).columns[name])
    assert all(table.equals(twin.tables()[name]) for name, table in district.tables().items())


def test_a_branch_leaves_the_present_alone_and_shares_its_past(district):
    before = district.students.knowledge.copy()
    twin = district.branch("baseline")
    assert max(policy.last_year for policy in twin.policies) == NOW - 1 and len(district.policies) > 30
    assert twin.year == district.year == NOW
    twin.run(to=NOW)
    np.testing.assert_array_equal(district.students.knowledge, before)
    past = [d.tables()["district_year"].query("year < @NOW and indicator == 'score'") for d in (district, twin)]
    assert past[0].reset_index(drop=True).equals(past[1].reset_index(drop=True))
    assert (twin.tables()["teacher_moves"].query("year == @NOW")["reason"] != "rotation").all()


def test_a_measure_that_ends_now_goes_on_until_then(district):
    ended = district.branch(entry(policies={"T2": {"to": f"{NOW + 1}-09-01"}}))
    assert ended.policies[[p.id for p in ended.policies].index("T2")].last_year == NOW
    moves = ended.run(to=NOW + 1).tables()["teacher_moves"]
    years = set(moves.loc[moves["reason"] == "rotation", "year"])
    assert NOW in years and NOW + 1 not in years


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"policies": {"T2": {"settings": {"quota": 0.3}}}}, "policies.T2.from"),
        ({"policies": {"X": {"policy": "rotation", "from": "2016-09-01"}}}, "policies.X.from"),
        ({"parameters": {"class_size.target.primary": 40}}, "parameters.class_size.target.primary"),
        ({"parameters": {"class_size.target.primary": {"value": 40, "from": 2016}}}, "parameters.class_size"),
        ({"budget": "bound"}, "budget"),
        ({"law": "none"}, "law"),
    ],
)
def test_what_should_have_acted_before_now_is_refused_with_the_remedy(district, more, key):
    with pytest.raises(InputError, match=rf"{key}.*(write `from: {NOW}|build a new District)"):
        district.branch(entry(**more))


def test_what_begins_now_is_taken(district):
    date = f"{NOW}-09-01"
    more = {
        "policies": {"X": {"policy": "rotation", "from": date, "settings": {"quota": 0.3}}, "T2": {"to": date}},
        "parameters": {"class_size.target.primary": {"value": 40, "from": NOW}},
    }
    twin = district.branch(Scenario.load(entry(**more))).run(to=NOW)
    moves = twin.tables()["teacher_moves"].query("year == @NOW and reason == 'rotation'")
    assert set(moves["instance"]) == {"X"} and twin.p["class_size.target.primary"] == 40
