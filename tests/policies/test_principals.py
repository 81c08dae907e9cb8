"""Principals: terms, target letters, selection, heads of clusters, and what a change costs a school."""

from __future__ import annotations

import numpy as np
import pytest

from simsim import School
from simsim.district import District
from simsim.rules import principals
from simsim.rules.principals import Selection
from simsim.world.schools import Cluster, GeneralPrincipal, Letter, Principal

STAYS = {"principal.leave": 0.001}


def live(
    to: int,
    policies: dict,
    parameters: dict | None = None,
    seed: int = 4,
    start: str = "2015-09-01",
    clusters: bool = False,
) -> District:
    entries = {key: {"policy": name, "from": start, "settings": settings} for key, (name, settings) in policies.items()}
    spec = {"name": "trial", "extends": "baseline", "policies": entries, "parameters": parameters or {}}
    district = District(spec, seed=seed, fixed_parameters=True)
    if clusters:
        make_clusters(district)
    return district.run(to=to)


def make_clusters(district: District) -> None:
    """A group led by school 1 and an alliance of equals."""
    for name, kind, lead, members in (("A", "group", 1, (1, 2, 3)), ("B", "alliance", None, (4, 5))):
        cluster = Cluster(district, name, kind, district.schools[lead] if lead else None, 2015)
        for key in members:
            cluster.join(district.schools[key])
        district.clusters.append(cluster)


def series(district: District, name: str) -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.group == "all")]
    return dict(zip(mine.year, mine.value, strict=True))


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


def test_nobody_must_move_before_two_terms_are_served_unless_earlier_service_counts():
    terms = {"P2": ("principal_terms", {})}
    moved = series(live(2023, terms, STAYS), "principals_moved_on")
    assert all(moved[year] == 0 for year in range(2015, 2023)) and moved[2023] > 10
    counted = live(2015, {"P2": ("principal_terms", {"counted_from": 0})}, STAYS)
    assert series(counted, "principals_moved_on")[2015] > 0


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
    next(p for p in district.policies if p.id == "P2").staff(_at(district, 2015))
    assert there.principal is not mover and {s.principal.id for s in principals.campuses(district)} == people
    assert sum(s.principal.since == 2015 for s in principals.campuses(district)) == 2


def _at(district: District, year: int) -> District:
    district.year = year
    return district


def test_terms_do_not_bind_general_principals():
    policies = {
        "P1": ("general_principals", {"leave": 0.0}),
        "P2": ("principal_terms", {"terms_most": 1, "term_years": 1, "counted_from": 0}),
    }
    district = live(2020, policies, STAYS, clusters=True)
    heads = list(district.agents_by_type[GeneralPrincipal])
    assert [head.since for head in heads] == [2015, 2015] and max(in_post(district)) <= 1


def test_every_cluster_has_one_head_who_comes_from_its_campuses():
    district = live(2014, {"P1": ("general_principals", {})}, STAYS, clusters=True)
    lead = district.schools[1].principal
    front = max((district.schools[k] for k in (4, 5)), key=principals.quality).principal
    district.run(to=2015)
    heads = {head.cluster.name: head.id for head in district.agents_by_type[GeneralPrincipal]}
    assert heads == {"A": lead.id, "B": front.id}
    assert district.schools[1].principal.since == 2015 and district.schools[1].principal.predecessor
    assert lead not in district.agents and district.schools[2].principal.since < 2015


def test_a_head_goes_when_the_cluster_does():
    district = live(2016, {"P1": ("general_principals", {})}, STAYS, clusters=True)
    district.clusters.pop()
    district.step()
    assert [h.cluster.name for h in district.agents_by_type[GeneralPrincipal]] == ["A"]


def test_what_a_head_can_do_reaches_the_campuses_only_when_asked_to():
    deaf, heard = (live(2015, {"P1": ("general_principals", {"reach": r})}, STAYS, clusters=True) for r in (0.0, 1.0))
    head = next(h for h in heard.agents_by_type[GeneralPrincipal] if h.cluster.name == "A")
    for key, other in deaf.schools.items():
        added = head.effectiveness if key in (1, 2, 3) else None
        for stage, part in other.parts.items():
            mine = heard.schools[key].parts[stage].program
            assert (
                mine == pytest.approx(part.program + added)
                if added is not None
                else key in (4, 5) or mine == part.program
            )


def test_without_clusters_there_is_nobody_to_lead():
    district = live(2016, {"P1": ("general_principals", {})})
    assert (
        not district.agents_by_type.get(GeneralPrincipal)
        and next(p for p in district.policies if p.id == "P1").touched == 0
    )


def test_more_candidates_choose_better_principals_and_none_are_chosen_blind():
    def chosen(settings: dict) -> np.ndarray:
        district = live(2014, {"P2": ("principal_terms", settings)}, seed=9)
        rule = next(p for p in district.policies if p.id == "P2").selection(district)
        people = []
        for year in range(2015, 2025):
            _at(district, year)
            people += [principals.appoint(district, s) for s in principals.campuses(district)]
        assert isinstance(rule, Selection)
        return np.array([p.effectiveness for p in people]) / district.p["sd_principal"]

    usual, blind = chosen({"chosen": "usual"}), chosen({"chosen": "city", "signal": 0.0})
    seen = chosen({"chosen": "city", "signal": 1.0})
    assert abs(usual.mean()) < 0.2 and abs(blind.mean()) < 0.2
    assert seen.mean() == pytest.approx(1.267, abs=0.12)  # the mean of the largest of six standard normals


def test_letters_start_from_each_schools_own_past_and_rise_in_equal_steps():
    letter = Letter(start=0.1, gain=0.04, written=2015)
    assert [letter.target(year, 4) for year in range(2015, 2020)] == pytest.approx([0.11, 0.12, 0.13, 0.14, 0.14])
    district = live(2014, {"P3": ("principal_targets", {})})
    past = {s.key: principals.quality(s) for s in principals.campuses(district)}
    district.run(to=2015)
    assert {s.key: s.principal.letter.start for s in principals.campuses(district)} == pytest.approx(past)


def test_nobody_fails_an_easy_target_and_nobody_meets_an_impossible_one():
    for gain, share in ((-1.0, 1.0), (1.0, 0.0)):
        met = series(
            live(2018, {"P3": ("principal_targets", {"gain": gain, "term_years": 1})}), "principal_targets_met_share"
        )
        assert set(met.values()) == {share} and sorted(met) == [2015, 2016, 2017, 2018]


def test_reviews_decide_renewal():
    def renewed(gain: float, mark: float) -> tuple[float, float]:
        policies = {
            "P2": ("principal_terms", {"pass_mark": mark}),
            "P3": ("principal_targets", {"gain": gain, "term_years": 1}),
        }
        district = live(2019, policies, STAYS)
        return series(district, "principal_terms_ended")[2019], series(district, "principal_terms_renewed")[2019]

    ended, kept = renewed(-1.0, 1.0)
    assert ended == kept > 10
    ended, kept = renewed(1.0, 0.5)
    assert ended > 10 and kept == 0


def test_letters_alone_change_no_school():
    plain, reviewed = live(2018, {}), live(2018, {"P3": ("principal_targets", {})})
    np.testing.assert_array_equal(plain.students.score, reviewed.students.score)
    assert [s.principal.id for s in plain.open_schools] == [s.principal.id for s in reviewed.open_schools]


def test_a_change_costs_the_school_two_years_and_less_when_the_new_one_is_experienced():
    district = live(2014, {})
    school, p = district.schools[1], district.p
    _at(district, 2015)
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
    _at(district, 2015)
    gone, empty = district.schools[1], district.schools[2]
    gone.parts = {}
    principals.vacate(empty)
    principals.turn_over(district)
    assert gone.principal is None and empty.principal.since == 2015
    assert len(district.agents_by_type[Principal]) == sum(
        isinstance(a, School) and bool(a.parts) for a in district.agents
    )


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
