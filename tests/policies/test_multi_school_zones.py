"""Multi-school zones: how schools are grouped, that the lottery stays inside the
zone, and that home does not count in it.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.policies.multi_school_zones import nearby
from simsim.rules import admission, choice
from simsim.world.seats import Seats


def zoned(to: int, seed: int = 4, parameters: dict | None = None, **settings) -> District:
    """Return a district with zones from 2015."""
    policies = {"z": {"policy": "multi_school_zones", "from": "2015-09-01", "settings": settings}}
    spec = {
        "name": "trial",
        "extends": "baseline",
        "policies": policies,
        "parameters": {"private_share": 0.0} | (parameters or {}),
    }
    return District(spec, seed=seed, fixed_parameters=True).run(to=to)


@given(st.integers(0, 1000), st.integers(1, 20), st.integers(1, 6), st.floats(0.0, 5.0))
def test_every_school_is_in_one_zone_no_larger_than_the_size_nor_wider_than_the_limit(seed, n, size, limit):
    places = np.random.default_rng(seed).normal(size=(n, 2)) * 3.0
    zone = nearby(places, size, limit)
    assert (zone >= 0).all()
    for members in (np.flatnonzero(zone == name) for name in np.unique(zone)):
        assert len(members) <= size
        first = places[zone[members[0]]]
        assert np.hypot(*(places[members] - first).T).max() <= limit


def test_schools_on_one_spot_and_zones_of_one_school_are_told_apart():
    assert len(np.unique(nearby(np.zeros((4, 2)), 1, 1.0))) == 4
    assert len(np.unique(nearby(np.zeros((4, 2)), 2, 1.0))) == 2


def test_with_seats_for_all_everybody_sits_in_the_zone(monkeypatch):
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.full((len(d.parts), 9), 10_000)))
    district = zoned(2015, size=3)
    students, policy = district.students, district.policies[0]
    rows = np.flatnonzero((students.years_in_school == 1) & (students.school != NO_SCHOOL) & (students.grade == 2))
    of = choice.market(district, rows, 0)
    zone = policy.zone(district, of.parts)
    here = np.searchsorted(of.parts, district.student_parts()[rows])
    np.testing.assert_array_equal(zone[here], zone[of.own])
    assert (here != of.own).mean() > 0.3 and len(rows) > 3000


def test_random_ranks_deal_a_zone_out_evenly_whatever_home_is(monkeypatch):
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.full((len(d.parts), 9), 10_000)))
    district = zoned(
        2015, size=50, rank="random", parameters={"travel_limit_km.primary": 100.0, "travel_limit_km.town": 100.0}
    )
    students = district.students
    rows = np.flatnonzero((students.years_in_school == 1) & (students.school != NO_SCHOOL) & (students.grade == 2))
    of = choice.market(district, rows, 0)
    counts = np.bincount(np.searchsorted(of.parts, district.student_parts()[rows]), minlength=len(of.parts))
    expected = len(rows) / len(of.parts)
    assert np.abs(counts - expected).max() < 4.5 * np.sqrt(expected)


@pytest.mark.slow
def test_a_seat_in_the_zone_is_won_by_lot_and_not_by_nearness():
    district = zoned(2016, size=3, rank="random")
    table = district.tables()["district_year"]
    plain = District("baseline", seed=4, fixed_parameters=True).run(to=2016).tables()["district_year"]
    km = [
        t[(t.year == 2016) & (t.stage == "primary") & (t.indicator == "distance_km")].value.iloc[0]
        for t in (table, plain)
    ]
    ses = [
        t[(t.year == 2016) & (t.stage == "primary") & (t.indicator == "ses_variance_ratio")].value.iloc[0]
        for t in (table, plain)
    ]
    assert km[0] > km[1] and ses[0] < ses[1]


def pair(district: District) -> list[int]:
    """Return the keys of the two primary schools that lie nearest to each other."""
    parts = [p for p in district.parts if p.stage == 0 and p.school.public]
    place = np.array([(p.school.x_km, p.school.y_km) for p in parts])
    km = np.hypot(*(place[:, None] - place).transpose(2, 0, 1)) + 100.0 * np.eye(len(parts))
    return [parts[i].key for i in np.unravel_index(km.argmin(), km.shape)]


def went(district: District, keys: list[int]) -> tuple[int, int]:
    """Return how many children of the catchments of `keys` sit at another of them, and
    how many of other catchments anywhere else.
    """
    students = district.students
    rows = np.flatnonzero((students.years_in_school == 1) & (students.grade == 2) & (students.school != NO_SCHOOL))
    own, here = (
        np.array([p.key for p in district.parts])[admission.catchment_parts(district, rows)],
        students.school[rows],
    )
    inside = np.isin(own, keys)
    return int((inside & (own != here) & np.isin(here, keys)).sum()), int((~inside & (own != here)).sum())


def test_named_zones_join_their_schools_and_leave_the_rest_alone(monkeypatch):
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.full((len(d.parts), 9), 10_000)))
    keys = pair(District("baseline", seed=4))
    district = zoned(2015, zones=[keys], rank="random", stages="primary")
    exchanged, others = went(district, keys)
    assert exchanged > 100 and others == 0


def test_clusters_may_be_zones(monkeypatch):
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.full((len(d.parts), 9), 10_000)))
    members = pair(District("baseline", seed=4))
    cluster = {"name": {"zh": "集团", "en": "Group"}, "kind": "alliance", "members": members}
    clusters = {"c": {"policy": "clusters", "from": "2015-09-01", "settings": {"clusters": [cluster]}}}
    zones = {
        "z": {
            "policy": "multi_school_zones",
            "from": "2015-09-01",
            "settings": {"grouped_by": "cluster", "rank": "random"},
        }
    }
    for more, works in ((clusters, True), ({}, False)):
        spec = {"name": "t", "extends": "baseline", "policies": zones | more, "parameters": {"private_share": 0.0}}
        district = District(spec, seed=4).run(to=2015)
        assert (district.policies[-1].touched > 0) == works
        assert (went(district, members)[0] > 0) == works


def test_a_zone_names_each_school_once_and_public_schools_only():
    with pytest.raises(InputError, match="named twice"):
        zoned(2014, zones=[[1, 2], [2, 3]])
    private = [key for key, school in District("baseline", seed=1).schools.items() if not school.public]
    with pytest.raises(InputError, match="private school"):
        zoned(2014, zones=[[1, private[0]]])


def test_an_applicant_costs_what_the_setting_says():
    district = zoned(2015, cost=50.0)
    costs = district.tables()["costs"]
    assert costs[costs.instance == "z"].value.sum() == pytest.approx(50.0 * district.policies[0].touched)
