"""Clusters: who belongs, from when, what it costs, and that belonging alone teaches nobody."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import FIRST, PRIMARY
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.scenarios.scenario import Scenario
from simsim.world.schools import Cluster
from tests.one_district import lived_under

GROUP = {"name": {"zh": "集团", "en": "Group"}, "kind": "group", "lead": 1, "members": [12, 18]}
ALLIANCE = {"name": {"zh": "联盟", "en": "Alliance"}, "kind": "alliance", "members": [7, 9]}


def spec(clusters: list, start: str = "2015-09-01", to: str | None = None, assume: tuple = (), **settings) -> dict:
    instance = {
        "policy": "clusters",
        "from": start,
        "to": to,
        "measure": "C",
        "settings": {"clusters": clusters} | settings,
    }
    return {"name": "trial", "extends": "baseline", "assume": list(assume), "policies": {"C": instance}}


def live(to: int, *clusters: dict, start: str = "2015-09-01", end: str | None = None, **settings) -> District:
    return lived_under(spec(list(clusters), start, end, **settings), to, seed=5)


def note(district: District, indicator: str) -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == indicator) & (table.group == "all") & (table.stage == "all")]
    return dict(zip(mine.year, mine.value, strict=True))


def test_schools_join_on_the_date_and_know_their_cluster():
    district = live(2016, GROUP, ALLIANCE, start="2016-09-01")
    assert note(district, "clusters_pupils_share")[2015] == 0.0
    group, alliance = district.agents_by_type[Cluster]
    assert (group.lead.key, sorted(group.members), alliance.lead, sorted(alliance.members)) == (
        1,
        [1, 12, 18],
        None,
        [7, 9],
    )
    assert district.schools[12].cluster is group and district.schools[13].cluster is None
    assert group.title == {"zh": "集团", "en": "Group"} and district.policies[0].touched == 5


def test_the_share_of_pupils_is_that_of_the_members():
    district = live(2015, GROUP)
    table = district.tables()["school_year"]
    pupils = table[(table.year == 2015) & (table.indicator == "pupils")]
    share = pupils[pupils.school.isin([1, 12, 18])].value.sum() / pupils.value.sum()
    assert note(district, "clusters_pupils_share")[2015] == pytest.approx(share)


@pytest.mark.slow
def test_a_member_may_join_later():
    late = GROUP | {"joining": {18: "2016-10"}}
    assert sorted(live(2016, late).clusters[0].members) == [1, 12]
    assert sorted(live(2017, late).clusters[0].members) == [1, 12, 18]


@pytest.mark.slow
def test_belonging_alone_changes_no_person():
    plain, clustered = (
        lived_under("baseline", 2018, seed=5),
        live(2018, GROUP, ALLIANCE, cost=0.0, pooled_titles=False),
    )
    for kind in ("students", "teachers"):
        for column, values in getattr(plain, kind).columns.items():
            np.testing.assert_array_equal(values, getattr(clustered, kind).columns[column], err_msg=column)


def test_a_direct_effect_grows_over_three_years_and_only_at_members():
    district = live(2015, GROUP, direct_effect=0.03, lead_effect=-0.01)
    for year in (1, 2, 3, 3):
        assert district.schools[12].parts[PRIMARY].program == pytest.approx(0.03 * year / 3)
        assert district.schools[1].parts[PRIMARY].program == pytest.approx(-0.01 * year / 3)
        assert district.schools[13].parts[PRIMARY].program == 0.0
        district.step()


def test_an_open_direct_effect_is_the_parameter_of_the_evidence():
    district = live(2017, GROUP, assume=("group_recipient",), direct_effect=None)
    assert district.schools[12].parts[PRIMARY].program == pytest.approx(district.p["group_recipient"]) != 0.0


def first_titles(district: District, keys: list[int]) -> float:
    mine = np.isin(district.teachers.home, keys)
    return float((district.teachers.title[mine] >= FIRST).mean())


@pytest.mark.slow
def test_teachers_at_members_of_a_group_rise_more_readily_and_elsewhere_as_ever():
    plain, readily, alliance = (
        live(2017, GROUP, pooled_titles=False),
        live(2017, GROUP, title_gain=0.5),
        live(2017, GROUP | {"kind": "alliance", "lead": None, "members": [1, 12, 18]}, title_gain=0.5),
    )
    assert first_titles(readily, [12, 18]) > first_titles(plain, [12, 18]) + 0.02
    np.testing.assert_array_equal(plain.teachers.title, alliance.teachers.title)
    elsewhere = ~np.isin(plain.teachers.home, [1, 12, 18])
    np.testing.assert_array_equal(plain.teachers.title[elsewhere], readily.teachers.title[elsewhere])


@pytest.mark.slow
def test_a_group_shares_its_titled_posts_until_it_is_dissolved():
    district = live(2016, GROUP, end="2017-09-01")
    assert dict(district.instructions.title_pools) == {1: 1, 12: 1, 18: 1}
    district.step()
    assert not district.instructions.title_pools
    assert not live(2016, GROUP, pooled_titles=False).instructions.title_pools


def test_a_gain_in_titles_is_refused_where_nothing_is_shared():
    with pytest.raises(InputError, match="title_gain"):
        live(2015, GROUP, pooled_titles=False, title_gain=0.2)


def test_every_cluster_costs_the_same_every_year():
    costs = live(2017, GROUP, ALLIANCE, cost=1000.0).tables()["costs"]
    mine = costs[costs.instance == "C"]
    assert mine.groupby("year").value.sum().to_dict() == {2015: 2000.0, 2016: 2000.0, 2017: 2000.0}
    assert set(mine.measure) == {"C"} and set(mine.kind) == {"running"}


def test_clusters_end_when_the_measure_ends():
    district = live(2017, GROUP, end="2017-09-01")
    assert note(district, "clusters_pupils_share")[2017] == 0.0
    assert district.clusters == [] and district.schools[12].cluster is None


@pytest.mark.slow
@pytest.mark.parametrize(("joins", "met"), [("2016-09", 1), ("2017-01", 0)])
def test_a_promise_is_met_when_everybody_has_joined_in_time(joins, met):
    district = live(2018, GROUP | {"joining": {18: joins}}, promised="2016-12", milestone="one group")
    line = district.tables()["milestones"].iloc[0]
    assert (line.measure, line.milestone, line.due, line.met) == ("C", "one group", "2016-12", met)


def test_the_plan_has_two_groups_one_alliance_and_two_zones_and_no_school_in_two():
    district = District("plan", seed=1).run(to=2015)
    assert sorted(cluster.kind for cluster in district.clusters) == ["alliance", "group", "group", "zone", "zone"]
    members = [key for cluster in district.clusters for key in cluster.members]
    assert len(members) == len(set(members)) == 21


WRONG = [
    ([GROUP | {"members": [12, 12]}], "settings.clusters = 12: school 12 is named twice"),
    ([GROUP, ALLIANCE | {"members": [7, 12]}], "settings.clusters = 12: school 12 is named twice"),
    ([GROUP | {"members": [1]}], "settings.clusters = 1: school 1 is named twice"),
    ([GROUP | {"lead": 77}], "settings.clusters.0.lead = 77: is not a school of erdao"),
    ([GROUP, ALLIANCE | {"members": [7, 88]}], "settings.clusters.1.members = 88: is not a school of erdao"),
    ([ALLIANCE | {"lead": 7, "members": [9]}], "an alliance is among equals"),
    ([{k: v for k, v in GROUP.items() if k != "lead"}], "a group needs a lead school"),
    ([GROUP, GROUP | {"lead": 2, "members": [8]}], "settings.clusters = 'Group': is the name of two clusters"),
    ([GROUP | {"members": []}], "a cluster needs members"),
    ([GROUP | {"joining": {13: "2016-09"}}], "settings.clusters.0.joining = 13: is not among the members"),
    ([GROUP | {"kind": "club"}], "settings.clusters.0.kind = 'club'"),
    ([GROUP | {"chief": 1}], "settings.clusters.0.chief"),
]


@pytest.mark.parametrize(("clusters", "message"), WRONG, ids=[message[:50] for _, message in WRONG])
def test_clusters_that_cannot_be_are_refused(clusters, message):
    with pytest.raises(InputError) as error:
        Scenario.load(spec(clusters))
    assert message in str(error.value)


def test_two_instances_that_claim_one_school_conflict():
    both = spec([GROUP])
    both["policies"]["D"] = {
        "policy": "clusters",
        "from": "2016-09-01",
        "settings": {"clusters": [ALLIANCE | {"members": [12, 7]}]},
    }
    with pytest.raises(InputError, match="both set the cluster of school 12"):
        Scenario.load(both)
