"""Heads of clusters: one each, from its campuses, and only as far as their reach."""

from __future__ import annotations

import pytest

from simsim.rules import principals
from simsim.world.schools import GeneralPrincipal
from tests.policies.principal_trials import STAYS, live


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
