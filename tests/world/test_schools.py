"""Schools, principals, letters and clusters, in cases whose answer is known."""

from __future__ import annotations

import math

import mesa
import pytest

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.world.schools import FACILITIES, Cluster, GeneralPrincipal, Letter, Principal, School

P = {
    "principal_ramp_tau": 2.0, "principal_change_yr1": -0.04, "principal_change_yr2": -0.01,
    "principal_experienced_offset": 0.5,
}  # fmt: skip


@pytest.fixture
def model():
    return mesa.Model()


def school(model, key: int = 1, kind: str = "primary", ownership: str = "public") -> School:
    return School(model, key, kind, ownership, True, 1, 2)


def test_a_school_teaches_the_stages_of_its_kind_and_is_public_or_not(model):
    assert school(model, kind="nine_year").stages == (PRIMARY, JUNIOR)
    assert school(model, kind="complete").stages == (JUNIOR,)
    assert school(model).public and not school(model, ownership="private").public
    assert school(model).facilities == dict.fromkeys(FACILITIES, 0.0)


def test_pupils_stay_for_grade_seven_where_both_stages_are_open(model):
    one = school(model, kind="nine_year")
    one.parts = {PRIMARY: None}
    assert not one.direct_promotion
    one.parts = {JUNIOR: None}
    assert not one.direct_promotion
    one.parts = {PRIMARY: None, JUNIOR: None}
    assert one.direct_promotion


def test_a_letter_asks_for_an_equal_share_of_the_rise_each_year_and_no_more_after_the_term():
    letter = Letter(start=0.1, gain=0.3, written=2015)
    assert [letter.target(year, 3) for year in (2015, 2016, 2017, 2018)] == pytest.approx([0.2, 0.3, 0.4, 0.4])


def test_a_target_that_is_just_reached_is_met_and_the_share_counts_verdicts():
    letter = Letter(start=0.0, gain=0.5, written=2015)
    assert letter.share_met == 1.0
    assert letter.review(0.25, 2015, 2) and not letter.review(0.49, 2016, 2)
    assert letter.met == [True, False] and letter.share_met == 0.5


def test_a_principal_grows_into_the_post(model):
    head = Principal(model, 5, 0.1, 2014, False)
    for served in (0, 1, 10):
        expected = 0.1 * (1.0 - math.exp(-(served + 1) / 2.0))
        assert head.value_added(2014 + served, P) == pytest.approx(expected)


def test_a_change_of_principal_costs_two_years_and_half_of_it_with_experience(model):
    new, old = (Principal(model, 5, 0.0, 2014, experienced) for experienced in (False, True))
    new.predecessor = old.predecessor = True
    assert [new.value_added(2014 + n, P) for n in range(3)] == [-0.04, -0.01, 0.0]
    assert [old.value_added(2014 + n, P) for n in range(3)] == [-0.02, -0.005, 0.0]


def test_years_served_may_leave_out_those_before_a_rule(model):
    head = Principal(model, 5, 0.0, 2010, False)
    assert head.served(2016) == 6 and head.served(2016, counted_from=2014) == 2


def test_taking_a_post_begins_a_new_term_and_a_new_school_had_nobody_before(model):
    head, here = Principal(model, 5, 0.0, 2010, False), school(model)
    head.letter, here.opened = Letter(0.0, 0.1, 2010), 2015
    head.take(here, 2015)
    assert (head.since, head.letter, head.predecessor, head.experienced) == (2015, None, False, False)
    assert here.principal is head and head.entered == 2010
    head.lead(here, 2016)
    assert (head.since, head.predecessor, head.experienced) == (2016, True, True)


def test_a_general_principal_is_the_person_who_led_a_campus(model):
    campus = Principal(model, 5, 0.2, 2010, True)
    campus.trained_year = 2012
    head = GeneralPrincipal(model, Cluster(model, "C", "group", None, 2015), campus, 2015)
    assert (head.id, head.effectiveness, head.trained_year, head.since) == (5, 0.2, 2012, 2015)


def test_a_school_belongs_to_one_cluster_until_it_dissolves(model):
    here, first, second = school(model, 7), *(Cluster(model, name, "group", None, 2015) for name in "AB")
    first.join(here)
    assert first.members == {7: here} and here.cluster is first
    with pytest.raises(ValueError, match="already belongs to A; a school joins one cluster"):
        second.join(here)
    first.dissolve()
    assert here.cluster is None and first.members == {} and first not in model.agents
    second.join(here)
    assert here.cluster is second


def test_a_cluster_that_loses_its_lead_is_led_by_the_member_that_took_the_school_over_or_by_nobody(model):
    lead, heir, stranger = (school(model, key) for key in (1, 2, 3))
    for successor, leads in ((heir, heir), (stranger, None), (None, None)):
        cluster = Cluster(model, "C", "group", lead, 2015)
        for member in (lead, heir):
            cluster.join(member)
        cluster.leave(lead, successor)
        assert lead.cluster is None and list(cluster.members) == [2] and cluster.lead is leads
        cluster.dissolve()


@pytest.fixture(scope="module")
def district():
    return District("baseline", seed=1)


def test_a_school_is_found_by_key_and_by_itself(district):
    school = next(iter(district.schools.values()))
    assert school in district.schools and school.key in district.schools
    with pytest.raises(AttributeError, match=r"agents_by_type\[School\].select"):
        district.schools.select(lambda school: True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", 5),
        ("parts", 3),
        ("successors", 3),
        ("recognition", "gold"),
        ("principal", 3),
        ("cluster", "x"),
    ],
)
def test_what_a_school_cannot_hold_is_refused_where_it_is_written(district, name, value):
    with pytest.raises(InputError, match=f"{name} = "):
        setattr(next(iter(district.schools.values())), name, value)


@pytest.mark.parametrize("name", ["model", "unique_id", "key"])
def test_what_finds_a_school_is_not_replaced(district, name):
    with pytest.raises(AttributeError, match="cannot be replaced"):
        setattr(next(iter(district.schools.values())), name, 3)
