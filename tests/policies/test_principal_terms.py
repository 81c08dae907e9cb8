"""Terms of principals: how long they serve, where they go, who is chosen, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.rules import principals
from simsim.world.instructions import Panel
from simsim.world.schools import GeneralPrincipal
from tests.policies.principal_trials import STAYS, at, live, series


def in_post(district: District) -> list[int]:
    """Years of service, the present one counted, of every campus principal after the last lived year."""
    return [s.principal.served(district.year - 1) + 1 for s in principals.campuses(district)]


def test_with_one_term_nobody_serves_a_fifth_year():
    terms = {"P2": ("principal_terms", {"terms_most": 1, "counted_from": 0})}
    district = live(2014, terms, STAYS)
    assert max(in_post(district)) > 4
    for year in range(2015, 2021):
        district.run(to=year)
        assert max(in_post(district)) <= 4


@pytest.mark.slow
def test_nobody_must_move_before_two_terms_are_served_unless_earlier_service_counts():
    terms = {"P2": ("principal_terms", {})}
    moved = series(live(2023, terms, STAYS), "principals_moved_on")
    assert all(moved[year] == 0 for year in range(2015, 2023)) and moved[2023] > 10
    counted = live(2015, {"P2": ("principal_terms", {"counted_from": 0})}, STAYS)
    assert series(counted, "principals_moved_on")[2015] > 0


@pytest.mark.slow
def test_in_the_plan_nobody_overstays_and_without_it_somebody_does():
    assert set(series(live(2024, {"P2": ("principal_terms", {})}), "principals_overstaying").values()) == {0.0}
    assert series(live(2024, {}), "principals_overstaying")[2024] > 0


def test_who_must_move_leads_another_school_of_a_like_kind():
    terms = {"P2": ("principal_terms", {"term_years": 2, "terms_most": 1})}
    district = live(2016, terms, STAYS)
    before = {s.principal.id: s for s in principals.campuses(district)}
    district.step()
    after = {s.principal.id: s for s in principals.campuses(district)}
    moved = [person for person in before if person in after and after[person].principal.since == 2017]
    assert len(moved) > 15
    assert all(
        after[p] is not before[p] and set(after[p].parts) & set(before[p].parts) and after[p].principal.experienced
        for p in moved
    )


def test_a_single_mover_changes_places():
    district = live(
        2014,
        {"P2": ("principal_terms", {"counted_from": 0, "term_years": 5, "terms_most": 1, "chosen": "usual"})},
        STAYS,
    )
    for school in principals.campuses(district):
        school.principal.since = 2013
    there = district.schools[3]
    there.principal.since = 2010
    mover = there.principal
    people = {s.principal.id for s in principals.campuses(district)}
    next(p for p in district.policies if p.id == "P2").staff(at(district, 2015))
    assert there.principal is not mover and {s.principal.id for s in principals.campuses(district)} == people
    assert sum(s.principal.since == 2015 for s in principals.campuses(district)) == 2


def test_nobody_loses_a_post_to_whoever_changes_places_with_another():
    settings = {"counted_from": 0, "term_years": 5, "terms_most": 1, "chosen": "usual"}
    district = live(2014, {"P2": ("principal_terms", settings)}, STAYS)
    terms = next(p for p in district.policies if p.id == "P2")
    taken, home, *_ = principals.campuses(at(district, 2016))
    mover, now = home.principal, taken.principal
    now.lead(home, 2016)
    assert not terms._exchange(district, mover, home) and home.principal is now
    taken.principal = None
    home.principal = None
    assert terms._exchange(district, mover, home) and home.principal is not None and mover is not home.principal


def test_terms_do_not_bind_general_principals():
    policies = {
        "P1": ("general_principals", {"leave": 0.0}),
        "P2": ("principal_terms", {"terms_most": 1, "term_years": 1, "counted_from": 0}),
    }
    district = live(2020, policies, STAYS, clusters=True)
    heads = list(district.agents_by_type[GeneralPrincipal])
    assert [head.since for head in heads] == [2015, 2015] and max(in_post(district)) <= 1


def test_more_candidates_choose_better_principals_and_none_are_chosen_blind():
    def chosen(settings: dict) -> np.ndarray:
        district = live(2014, {"P2": ("principal_terms", settings)}, seed=9)
        next(p for p in district.policies if p.id == "P2").instruct(district)
        rule = district.instructions.panel
        people = []
        for year in range(2015, 2025):
            at(district, year)
            people += [principals.appoint(district, s) for s in principals.campuses(district)]
        assert isinstance(rule, Panel)
        return np.array([p.effectiveness for p in people]) / district.p["sd_principal"]

    usual, blind = chosen({"chosen": "usual"}), chosen({"chosen": "city", "signal": 0.0})
    seen = chosen({"chosen": "city", "signal": 1.0})
    assert abs(usual.mean()) < 0.2 and abs(blind.mean()) < 0.2
    assert seen.mean() == pytest.approx(1.267, abs=0.12)  # the mean of the largest of six standard normals


def test_reviews_heads_and_selections_cost_what_they_say():
    policies = {
        "P1": ("general_principals", {"cost": 7.0, "leave": 0.0}),
        "P2": ("principal_terms", {"cost": 1000.0}),
        "P3": ("principal_targets", {"cost": 3.0}),
    }
    district = live(2018, policies, clusters=True)
    costs = district.tables()["costs"].groupby("instance").value.sum()
    changes = series(district, "principal_changes")
    assert costs["P1"] == 7.0 * 2 * 4
    assert costs["P2"] == 1000.0 * sum(changes[year] for year in range(2015, 2019))
    assert costs["P3"] == 3.0 * 4 * len(principals.campuses(district))


def changes(terms: dict, to: int = 2020) -> dict[int, float]:
    return series(live(to, {"P2": ("principal_terms", terms)}, {"principal.leave": 0.3}), "principal_changes")


@pytest.mark.slow
def test_a_term_is_served_to_its_end_and_the_transfers_that_waited_come_then():
    bound, free = changes({"leave_in_term": 0.0, "pass_mark": 0.0}), changes({"leave_in_term": 1.0, "pass_mark": 0.0})
    assert all(bound[year] == 0 for year in (2015, 2016, 2017, 2018)) and all(free[y] > 2 for y in (2015, 2016, 2017))
    assert bound[2019] > max(free.values())


@pytest.mark.slow
def test_terms_that_hold_nothing_back_leave_principals_to_usual_leaving():
    usual = series(live(2018, {}, {"principal.leave": 0.3}), "principal_changes")
    assert changes({"leave_in_term": 1.0, "pass_mark": 0.0, "chosen": "usual"}, to=2018) == usual


def test_principals_of_private_schools_are_bound_by_no_term():
    district = live(2015, {"P2": ("principal_terms", {"leave_in_term": 0.25})})
    terms = next(p for p in district.policies if p.id == "P2")
    share = terms.rate("staff/principal-leaves", district)
    public = [school.public for school in principals.may_leave(district)]
    assert set(share[public]) == {0.25} and set(share[~np.array(public)]) == {1.0}


@pytest.mark.slow
def test_under_the_plan_a_post_is_held_about_as_long_as_terms_of_four_years_with_two_at_most_let_expect():
    stays, elapsed = [], []
    for seed in (1, 2, 3):
        district, before = District("plan", seed=seed), set()
        while district.year <= 2024:
            district.step()
            year = district.year - 1
            now = {(s.key, s.principal.id, s.principal.since) for s in principals.campuses(district)}
            stays += [year - since for _, _, since in before - now if year > 2015]
            elapsed += [year - since for _, _, since in now]
            before = now
    assert 4.0 <= np.mean(stays) <= 8.0 and np.median(stays) >= 4.0
    assert np.mean(np.array(stays) < 4) < 0.5 and 1.5 < np.mean(elapsed) < 5.0
