"""Open choice: who chooses, who gets what, what it costs, and where families who want the nearest school end up."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.rules import admission, choice
from simsim.scenarios.scenario import Scenario
from simsim.world.seats import Seats

ONLY_DISTANCE = {
    "choice_bq": 0.0,
    "choice_bq_ses": 0.0,
    "choice_bs": 0.0,
    "choice_bd_primary": -1.0,
    "choice_bd_junior": -1.0,
}


def choosing(
    to: int, parameters: dict | None = None, seed: int = 4, others: dict | None = None, **settings
) -> District:
    """Return a district in which families choose from 2015."""
    policies = {"o": {"policy": "open_choice", "from": "2015-09-01", "settings": settings}} | (others or {})
    spec = {
        "name": "trial",
        "extends": "baseline",
        "policies": policies,
        "parameters": {"private_share": 0.0} | (parameters or {}),
    }
    return District(spec, seed=seed, fixed_parameters=True).run(to=to)


def new(district: District) -> np.ndarray:
    """Return the rows of those who came to school this year; a step has passed since."""
    students = district.students
    return np.flatnonzero((students.years_in_school == 1) & (students.school != NO_SCHOOL))


def indicator(district: District, name: str, year: int, stage: str) -> float:
    table = district.tables()["district_year"]
    return float(table[(table.indicator == name) & (table.year == year) & (table.stage == stage)].value.iloc[0])


@pytest.mark.parametrize("stage", (0, 1))
def test_with_seats_for_all_families_who_want_the_nearest_school_get_it(monkeypatch, stage):
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.full((len(d.parts), 9), 10_000)))
    monkeypatch.setattr(choice, "gumbel", np.zeros_like)
    district = choosing(2015, ONLY_DISTANCE | {"choice_bd_primary": 1.0, "choice_bd_junior": 1.0}, list_length=100)
    students = district.students
    rows = new(district)
    rows = rows[(students.grade[rows] > 7) == (stage == 1)]
    rows = rows[students.grade[rows] != 7]  # a grade up since: they came to grade 6 of a primary
    parts = [p for p in district.parts if p.stage == stage and p.school.public]
    km = np.array(
        [np.hypot(students.home_x[rows] - p.school.x_km, students.home_y[rows] - p.school.y_km) for p in parts]
    )
    reach = np.array([[district.parts.index(p) in chain for p in parts] for chain in district.public_order[stage]])
    home = district.neighbourhoods.rows(students.neighbourhood[rows])
    nearest = np.where(reach[home].T, km, np.inf).argmin(axis=0)
    assert len(rows) > 1000
    np.testing.assert_array_equal(students.school[rows], np.array([p.key for p in parts])[nearest])
    assert indicator(district, "first_choice_share", 2015, ("primary", "junior")[stage]) == 1.0
    assert indicator(district, "displaced", 2015, ("primary", "junior")[stage]) == 0.0


def test_families_who_do_not_choose_ask_for_the_catchment_school():
    district = choosing(2015, take_up=0.0001, cost=0.0)
    plain = District(
        {"name": "p", "extends": "baseline", "parameters": {"private_share": 0.0}}, seed=4, fixed_parameters=True
    ).run(to=2015)
    for stage in ("primary", "junior"):
        for name in ("displaced", "over_capacity"):
            one, two = (indicator(d, name, 2015, stage) for d in (district, plain))
            assert one == pytest.approx(two, rel=0.15, abs=20)


def test_the_catchment_goes_first_if_the_setting_says_so():
    spec = {"name": "t", "extends": "baseline", "policies": {"o": {"policy": "open_choice", "from": "2015-09-01"}}}
    district = District(spec, seed=4)
    district.run(to=2014)
    policy, rows = district.policies[0], np.flatnonzero(district.student_parts() < 0)
    of = choice.market(district, rows[district.students.grade[rows] == 7], 1)
    tickets = policy.tickets(district, of, np.ones(of.near.shape, bool))
    assert (tickets[of.at_own] < 1.0).all() and (tickets[~of.at_own] > 1.0).all()


def test_longer_lists_leave_fewer_without_a_school_of_their_list():
    short, long = choosing(2015, list_length=1), choosing(2015, list_length=8)
    for stage in ("primary", "junior"):
        assert indicator(short, "listed_share", 2015, stage) < indicator(long, "listed_share", 2015, stage) <= 1.0


def test_an_applicant_costs_what_the_setting_says():
    district = choosing(2016, cost=100.0)
    costs = district.tables()["costs"]
    assert costs[costs.instance == "o"].value.sum() == pytest.approx(100.0 * district.policies[0].touched)
    assert district.policies[0].touched > 10_000


def test_choice_of_one_stage_leaves_the_other_to_its_catchments():
    both = choosing(2015, stages="junior")
    plain = District(
        {"name": "p", "extends": "baseline", "parameters": {"private_share": 0.0}}, seed=4, fixed_parameters=True
    ).run(to=2015)
    young = [d.students.grade <= 6 for d in (both, plain)]
    np.testing.assert_array_equal(both.students.school[young[0]], plain.students.school[young[1]])
    assert indicator(both, "displaced", 2015, "primary") == indicator(plain, "displaced", 2015, "primary")
    assert both.policies[0].touched > 2000
    assert indicator(both, "distance_km", 2015, "junior") > indicator(plain, "distance_km", 2015, "junior")


def test_two_rules_cannot_place_the_pupils_of_one_stage():
    zones = {"policy": "multi_school_zones", "from": "2015-09-01", "settings": {"stages": "primary"}}
    with pytest.raises(InputError, match="both set admission to primary"):
        choosing(2014, others={"z": zones})
    together = choosing(2015, others={"z": zones}, stages="junior")
    assert all(policy.touched for policy in together.policies)


@pytest.mark.slow
def test_the_scenario_lets_families_choose_farther_schools():
    assert Scenario.load("open-choice").instances[0].policy == "open_choice"
    zoned = {"name": "zoned", "extends": "baseline", "parameters": {"transition.share": 0.0}}
    district, plain = (District(spec, seed=1).run(to=2016) for spec in ("open-choice", zoned))
    for stage in ("primary", "junior"):
        assert indicator(district, "distance_km", 2016, stage) > indicator(plain, "distance_km", 2016, stage)
        assert 0.3 < indicator(district, "first_choice_share", 2016, stage) < 1.0
