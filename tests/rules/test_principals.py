"""Principals in post: how one is chosen, what a change costs a school, and who goes and comes when."""

from __future__ import annotations

import numpy as np
import pytest

from simsim import School
from simsim.base import ids as identity
from simsim.rules import principals
from simsim.world.instructions import Panel
from simsim.world.schools import Principal
from tests.one_district import founded

PUBLIC, PRIVATE = 1, 25


@pytest.fixture
def district():
    """A district in its second September, whose principals all came before it and hardly ever leave."""
    world = founded()
    world.year = 2015
    world.p["principal.leave"] = 0.001
    return world


def candidates(district, n: int, route: int = identity.PRINCIPAL, key: int = PUBLIC) -> tuple[np.ndarray, np.ndarray]:
    """Return ids and effectiveness (SD of principals) of the year's candidates for a school."""
    ids = identity.make(district.year, route, key, np.arange(n))
    return ids, district.normal("staff/principal-effectiveness", ids, 0)


def test_before_any_plan_the_only_candidate_takes_the_post(district):
    school, before = district.schools[PUBLIC], district.schools[PUBLIC].principal
    ids, z = candidates(district, 1)
    new = principals.appoint(district, school)
    assert school.principal is new and new.id == ids[0] and new.since == new.entered == 2015 and new.predecessor
    assert new.effectiveness == pytest.approx(district.p["sd_principal"] * z[0])
    assert before not in district.agents and new in district.agents


@pytest.mark.parametrize(("n", "signal"), [(9, 0.0), (9, 0.6), (9, 0.9), (9, 1.0), (2, 1.0)])
def test_a_panel_takes_the_candidate_that_looks_best_to_it(district, n, signal):
    district.instructions.panel = Panel(n, signal)
    for key in range(1, 11):
        ids, z = candidates(district, n, key=key)
        seen = signal * z + np.sqrt(1.0 - signal**2) * district.normal("staff/principal-signal", ids, 0)
        assert principals.appoint(district, district.schools[key]).id == ids[seen.argmax()]


def test_a_panel_sees_to_public_schools_and_leaves_private_ones_and_the_first_year_alone(district):
    district.instructions.panel = Panel(9, 1.0, 1.0)
    for key, route in ((PRIVATE, identity.PRINCIPAL), (PUBLIC, identity.INITIAL)):
        district.p["principal.experienced_share"] = 0.0
        ids, _ = candidates(district, 9, route, key)
        new = principals.appoint(district, district.schools[key], route)
        assert new.id == ids[0] and not new.experienced
    assert principals.appoint(district, district.schools[PUBLIC]).experienced
    district.instructions.panel = Panel(2, 1.0)
    assert not principals.appoint(district, district.schools[PUBLIC]).experienced
    district.p["principal.experienced_share"] = 1.0
    assert principals.appoint(district, district.schools[PUBLIC]).experienced


def test_a_change_costs_the_school_two_years_and_less_when_the_new_one_is_experienced(district):
    p, new = district.p, principals.appoint(district, district.schools[PUBLIC])
    new.effectiveness = 0.0
    new.experienced = False
    dips = [p["principal_change_yr1"], p["principal_change_yr2"], 0.0]
    assert [new.value_added(year, p) for year in (2015, 2016, 2017)] == dips
    new.experienced = True
    assert new.value_added(2015, p) == pytest.approx(dips[0] * (1.0 - p["principal_experienced_offset"]))


def test_a_first_principal_has_served_as_long_as_principals_stay_but_no_longer_than_the_longest(district):
    district.p |= {"principal.leave": 0.5, "principal.longest": 3.0}
    found = set()
    for school in district.open_schools:
        principals.first(district, school)
        head = school.principal
        served = district.uniform("build/principal-tenure", np.array([head.id]), 0)[0]
        years = 1 + sum(served >= 1.0 - 0.5**stay for stay in (1, 2, 3))
        assert head.since == head.entered == 2015 - years and not head.predecessor
        found.add(years)
    assert {1, 2} < found <= {1, 2, 3, 4}


# ---- who goes and who comes ----


def test_the_principal_of_a_closed_school_goes_and_a_new_school_gets_one(district):
    gone, empty = district.schools[1], district.schools[2]
    gone.parts = {}
    principals.vacate(empty)
    principals.vacate(empty)
    stay = [school.principal for school in district.open_schools if school.principal is not None]
    principals.turn_over(district)
    assert gone.principal is None and empty.principal.since == 2015 and all(head in district.agents for head in stay)
    assert len(district.agents_by_type[Principal]) == sum(
        isinstance(a, School) and bool(a.parts) for a in district.agents
    )


def test_whoever_took_the_post_before_this_year_leaves_when_all_do_and_who_took_it_this_year_stays(district):
    district.p["principal.leave"] = 1.0 - 1e-12
    fresh = district.schools[1].principal
    fresh.since = 2015
    before = {school.key: school.principal for school in district.open_schools}
    assert [school.key for school in principals.may_leave(district)] == [key for key in before if key != 1]
    principals.turn_over(district)
    after = {school.key: school.principal for school in district.open_schools}
    assert [key for key in before if after[key] is before[key]] == [1]
    assert all(head.since == 2015 for head in after.values())


def test_the_odds_of_leaving_fall_with_the_mean_standing_of_a_schools_parts(district):
    district.p |= {"principal.leave": 0.2, "vol_move_or_status": 0.5}
    one, two = district.schools[1], district.schools[11]
    assert len(one.parts) == 2 and len(two.parts) == 1
    one.parts[0].status, one.parts[1].status, two.parts[0].status = 1.0, 3.0, 0.0
    assert principals.chances_of_leaving(district, [one, two]) == pytest.approx([0.0625 / 1.0625, 0.2])


# ---- what is said of them ----


def test_campuses_are_the_public_schools_that_somebody_leads(district):
    principals.vacate(district.schools[2])
    keys = [school.key for school in principals.campuses(district)]
    assert keys == [s.key for s in district.open_schools if s.key != 2 and s.public] and PRIVATE not in keys
    assert len(principals.everybody(district)) == len(district.open_schools) - 1


def test_the_quality_of_a_school_is_that_of_its_parts_weighted_by_their_rolls(district):
    one, two = district.schools[1].parts[0], district.schools[1].parts[1]
    one.pupils, two.pupils, one.monitored, two.monitored = 300, 100, 0.4, -0.4
    assert principals.quality(district.schools[1]) == pytest.approx(0.2)
    one.pupils = 0
    two.pupils = 3
    assert principals.quality(district.schools[1]) == pytest.approx((0.4 - 3 * 0.4) / 4)


def test_changes_tenure_and_who_overstays_are_counted_over_campuses(district):
    district.p |= {"principal.term_years": 4.0, "principal.terms_most": 2.0, "principal.terms_count_from": 2004.0}
    heads = [school.principal for school in principals.campuses(district)]
    for head in heads:
        head.since = 2009
    heads[0].since, heads[1].since = 1990, 2007
    heads[2].since, heads[2].predecessor = 2015, True
    district.schools[PRIVATE].principal.since = 1990
    found, n = principals.summary(district), len(heads)
    tenure = ((2015 - 1990) + 8 + 0 + 6 * (n - 3)) / n
    assert found == pytest.approx(
        {"principals": n, "principal_changes": 1, "principal_tenure": tenure, "principals_overstaying": 2}
    )
    heads[3].since, heads[4].predecessor = 2015, True
    assert principals.summary(district)["principal_changes"] == 1, "a school that opened this year changed nobody"
    district.p["principal.terms_count_from"] = 2008.0
    assert principals.overstaying(district) == 0
    for school in district.open_schools:
        principals.vacate(school)
    assert not any(principals.summary(district).values())
