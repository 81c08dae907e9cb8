"""Mergers: when schools close, where pupils, staff and catchments go, what ways cost, and what is refused."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.inputs.parameters import load
from simsim.policies.shared import merger
from simsim.scenarios.scenario import Scenario
from tests.trials import series, spent

GROUP = {"name": {"zh": "集团", "en": "Group"}, "kind": "group", "lead": 11, "members": [12, 16]}
P = {name: parameter.value for name, parameter in load().items() if not parameter.rule}
NO_NOISE = {"merger_dropout_girls": 1.0}


def one(start: str = "2015-09-01", to: str | None = None, **settings) -> dict:
    return {"policy": "merge_schools", "from": start, "to": to, "settings": settings}


def spec(**policies) -> dict:
    return {"name": "trial", "extends": "baseline", "policies": policies, "parameters": NO_NOISE}


def lived(to: int = 2015, **policies) -> District:
    return District(spec(**policies), seed=5, fixed_parameters=True).run(to=to)


@cache
def baseline(to: int = 2015) -> District:
    return lived(to)


@cache
def boarding() -> District:
    """The rural primary schools 11 and 16 close into 3, where everybody farther than a kilometre rides or boards."""
    settings = {"closing": (11, 16), "receiving": 3, "journey": "boarding", "limit_km": 1.0}
    return lived(2017, M=one(**settings))


def refused(**settings) -> str:
    with pytest.raises(InputError) as error:
        Scenario.load(spec(M=one(**settings)))
    return str(error.value)


# ---- what happens ----


def test_a_closed_school_has_nobody_left_and_is_in_no_table_from_then_on():
    district = boarding()
    for key in (11, 16):
        assert not district.schools[key].parts and district.schools[key].closed == 2015
        assert key not in district.students.school
        assert key not in district.teachers.post and key not in district.teachers.home
        assert key not in district.neighbourhoods.catchment[PRIMARY]
        for name in ("school_year", "schools"):
            table = district.tables()[name]
            assert table[table.school == key].year.max() == 2014


def test_two_schools_merge_into_one_with_all_their_pupils_and_teachers():
    district, usual = boarding(), baseline(2014)
    moves = district.tables()["teacher_moves"]
    mine = moves[moves.reason == "merger"]
    there = usual.students
    assert mine.origin.isin((11, 16)).all() and (mine.destination == 3).all() and (mine.instance == "M").all()
    staff = np.isin(usual.teachers.post, (11, 16))
    assert mine.teacher.tolist() and set(mine.teacher) == set(usual.teachers.id[staff])
    stayed = there.id[np.isin(there.school, (11, 16)) & np.isin(there.grade, range(2, 7))]
    rows = np.isin(district.students.id, stayed) & (district.students.grade <= 6)
    assert rows.any() and (district.students.school[rows] == 3).all()


def test_nobody_with_a_right_to_a_seat_vanishes_nor_a_teacher_or_post():
    for policies in ({"M": one(closing=(11,), receiving=16)}, {"M": one(fewer_than=500, surplus="redeploy")}):
        district = lived(**policies)
        entitled = [d.students.id[d.students.entitled] for d in (district, baseline())]
        assert np.array_equal(*entitled)
        stayed = [np.intersect1d(d.teachers.id, baseline(2014).teachers.id) for d in (district, baseline())]
        assert np.array_equal(*stayed) and len(district.teachers) == len(baseline().teachers)
        assert district.parts.posts.sum() == baseline().parts.posts.sum()


def test_pupils_over_capacity_are_counted():
    stage = series(lived(M=one(closing=(10,), receiving=7)), "over_capacity", "primary")
    assert stage[2014] == 0 and stage[2015] > series(baseline(), "over_capacity", "primary")[2015]


def test_a_nine_year_school_may_close_one_stage_only():
    district = lived(2016, M=one(closing=(3,), receiving=16, stages="primary"))
    school = district.schools[3]
    assert set(school.parts) == {JUNIOR} and school.closed == 0 and school.principal is not None
    assert (district.students.grade[district.students.school == 3] >= 7).all()
    assert series(district, "merged_stages", "primary")[2016] == 1
    assert series(district, "merged_stages", "junior")[2016] == 0


def test_a_nine_year_school_closes_both_stages_with_the_school():
    district = lived(M=one(closing=(3,), receiving=4))
    assert district.schools[3].closed == 2015 and series(district, "merged_stages")[2015] == 2


def test_closing_in_the_last_year_is_seen_in_that_year():
    district = lived(2016, M=one("2016-09-01", closing=(11,), receiving=16))
    assert 11 not in district.students.school and district.schools[11].closed == 2016
    assert series(district, "merged_stages") == {2016: 1.0}


@pytest.mark.parametrize(("first", "second"), [("A", "B"), ("B", "A")])
def test_a_chain_ends_at_the_last_school_whichever_closes_first_in_a_year(first, second):
    chain = {first: one(closing=(11,), receiving=16), second: one(closing=(16,), receiving=3)}
    district = lived(2016, **chain)
    assert [district.schools[key].closed for key in (11, 16)] == [2015, 2015]
    assert not np.isin(district.students.school, (11, 16)).any()
    homes = np.isin(baseline(2014).neighbourhoods.catchment[PRIMARY], (11, 16))
    assert homes.any() and (district.neighbourhoods.catchment[PRIMARY, homes] == 3).all()


def test_a_chain_over_two_years_pays_for_every_way_once():
    chain = {
        "A": one(closing=(11,), receiving=16, limit_km=0.5),
        "B": one("2016-09-01", closing=(16,), receiving=3, limit_km=0.5),
    }
    district = lived(2016, **chain)
    riders = series(district, "merger_transported", "primary")[2016]
    here = district.students
    assert 0 < riders <= np.count_nonzero((here.school == 3) & (here.grade <= 6))
    assert spent(district, "A")[2016] == pytest.approx(
        P["reserve_upkeep"] * baseline(2014).schools[11].facilities["teaching_area_m2"]
    )


def test_two_schools_that_close_into_each_other_leave_one_open():
    district = lived(A=one(closing=(11,), receiving=16), B=one(closing=(16,), receiving=11))
    assert district.schools[11].closed == 2015 and district.schools[16].parts


def test_the_line_closes_small_schools_and_keeps_those_that_are_far_from_the_next():
    assert [s.key for s in lived(M=one()).open_schools if s.key == 3 and PRIMARY in s.parts] == []
    assert PRIMARY in lived(M=one(keep_beyond_km=1.0)).schools[3].parts
    assert PRIMARY in lived(M=one(where="urban")).schools[3].parts


def test_the_last_public_school_of_a_stage_stays_whatever_the_line():
    district = lived(2016, M=one(fewer_than=5000, where="all"))
    for stage in (PRIMARY, JUNIOR):
        left = district.parts.of_stage(stage, only_public=True)
        assert len(left) == 1 or (len(left) and (district.parts.pupils[left] >= 5000).all())


def test_a_school_waits_for_a_receiver_that_opens_later():
    opening = {
        "policy": "new_schools",
        "from": "2016-09-01",
        "settings": {"school": 103, "kind": "primary", "delay_probability": 0.0, "delay_probability_firm": 0.0},
    }
    district = lived(2016, A=one(closing=(11,), receiving=103), N=opening)
    assert district.schools[11].closed == 2016 and (district.students.school == 103).sum() > 100


def test_a_school_that_was_just_built_may_close_and_nothing_more_is_bought_for_it():
    opening = {
        "policy": "new_schools",
        "from": "2015-09-01",
        "to": "2016-08-31",
        "settings": {"school": 103, "kind": "primary", "delay_probability": 0.0, "delay_probability_firm": 0.0},
    }
    district = lived(2016, M=one("2016-09-01", fewer_than=0), N=opening)
    school = district.schools[103]
    merger.merge(district, school.parts[PRIMARY], None, "X", "keep", "reserve")
    district.run(to=2018)
    assert max(spent(district, "N")) <= 2016 and 103 not in district.students.school


def test_a_cluster_loses_the_school_and_a_member_that_takes_it_over_leads():
    clusters = {"policy": "clusters", "from": "2015-09-01", "settings": {"clusters": [GROUP]}}
    district = lived(2016, C=clusters, M=one("2016-09-01", closing=(11,), receiving=16))
    cluster = district.clusters[0]
    assert list(cluster.members) == [12, 16] and cluster.lead is district.schools[16]


def test_a_closed_school_joins_no_cluster_and_is_not_waited_for():
    late = GROUP | {"lead": 16, "members": [11, 12], "joining": {11: "2016-09"}}
    clusters = {"policy": "clusters", "from": "2015-09-01", "settings": {"clusters": [late], "promised": "2016-12"}}
    district = lived(2016, C=clusters, M=one(closing=(11,), receiving=16))
    milestones = district.tables()["milestones"]
    assert district.schools[11].cluster is None and milestones.met.tolist() == [1]


# ---- ways, beds and money ----


def test_boarders_are_those_from_grade_four_and_the_younger_ride():
    district = boarding()
    boards, rides = (series(district, f"merger_{name}", "primary")[2017] for name in ("boarding", "transported"))
    far = merger.far_from_school(district, district.policies[0].merged[0], 1.0)
    assert boards > 0 and rides > 0 and len(far) > 0
    cost = boards * P["boarding_cost.primary"] + rides * P["school_bus_cost"]
    upkeep = P["reserve_upkeep"] * sum(baseline(2014).schools[key].facilities["teaching_area_m2"] for key in (11, 16))
    assert spent(district, "M", "running")[2017] == pytest.approx(cost + upkeep)


def test_beds_are_built_once_for_the_most_boarders_there_were():
    boards = series(boarding(), "merger_boarding")
    beds = sum(spent(boarding(), "M", "capital").values()) / (P["boarding_place_m2"] * P["building_cost"])
    assert beds == pytest.approx(max(boards.values()))


def test_closing_costs_once_a_stage():
    district = lived(2016, M=one(closing=(11, 16), receiving=3, rooms="given_up", closing_cost=7.0))
    assert spent(district, "M") == {2015: 14.0}


def test_without_help_the_far_are_counted_and_nothing_is_paid_for_them():
    district = lived(
        M=one(closing=(11,), receiving=16, journey="none", limit_km=1.0, rooms="given_up", closing_cost=0.0)
    )
    assert series(district, "merger_far")[2015] > 0 and spent(district, "M") == {}


def test_after_its_end_nothing_closes_and_nobody_is_carried():
    ended = one(to="2016-09-01", closing=(11,), receiving=16, limit_km=1.0)
    district = lived(2016, M=ended)
    assert district.schools[11].closed == 2015 and max(spent(district, "M")) == 2015


def test_when_the_budget_binds_a_closing_that_cannot_be_paid_waits():
    bound = spec(M=one(closing=(11,), receiving=16, closing_cost=1e8)) | {"budget": "bound"}
    district = District(bound, seed=5, fixed_parameters=True).run(to=2016)
    assert district.schools[11].parts


# ---- learning and dropping out ----


def test_by_default_a_long_way_and_boarding_teach_nothing_and_when_set_only_those_who_have_it():
    settings = {"closing": (11,), "receiving": 16, "limit_km": 1.0}
    usual, changed = (lived(M=one(**settings | more)) for more in ({}, {"long_way_effect": -0.5}))
    far = merger.far_from_school(usual, usual.policies[0].merged[0], 1.0)
    less = np.flatnonzero(changed.students.transitory != usual.students.transitory)
    assert len(less) and set(usual.students.id[less]) <= set(usual.students.id[far]) | graduated(usual)
    drop = changed.students.transitory[less] - usual.students.transitory[less]
    assert drop == pytest.approx(-0.5 * (1.0 - usual.p["lam_persist"]))


def graduated(district: District) -> set[int]:
    """Return who was in the last primary grade: they sit elsewhere by the time a test can look."""
    return set(district.students.id[district.students.grade == 7].tolist())


def test_girls_far_from_school_drop_out_more_often_and_boys_do_not():
    spec_of = spec(M=one(closing=(11,), receiving=16, limit_km=1.0))
    spec_of["parameters"] = {"merger_dropout_girls": 5.0}
    district = District(spec_of, seed=5, fixed_parameters=True).run(to=2015)
    factor = district.policies[0].rate("admit/dropout", district)
    far = np.zeros(len(district.students), bool)
    far[merger.far_from_school(district, district.policies[0].merged[0], 1.0)] = True
    assert far.any() and (factor[far & district.students.female] == 5.0).all()
    assert (factor[~(far & district.students.female)] == 1.0).all()


# ---- what is refused ----


def test_settings_that_do_not_fit_are_refused_with_their_remedy():
    assert "is not a school of" in refused(closing=(99,))
    assert "is among the schools that close" in refused(closing=(11,), receiving=11)
    assert "is named twice" in refused(closing=(11, 11))
    assert "is a private school" in refused(closing=(25,))
    assert "is a private school" in refused(closing=(11,), receiving=25)
    assert "is without a junior stage" in refused(closing=(3,), receiving=11)
    assert "has no junior stage to close" in refused(closing=(11,), stages="junior")
    assert "no effect unless schools are named" in refused(receiving=11)
    assert "no effect unless closing is empty" in refused(closing=(11,), fewer_than=100)
    assert "no effect unless journey is boarding" in refused(boarding_cost=1.0)


def test_closing_the_only_public_schools_of_a_stage_is_refused():
    schools = tuple(s.key for s in baseline(2014).schools.values() if s.public and JUNIOR in s.parts)
    assert "without a public junior school; keep at least one" in refused(closing=schools, stages="junior")


def test_a_receiver_that_nobody_opens_with_the_stage_that_closes_is_refused():
    assert "waits for the primary stage of school 103, which no other instance opens" in refused(
        closing=(11,), receiving=103
    )
    junior = {"policy": "new_schools", "from": "2015-09-01", "settings": {"school": 103, "kind": "junior"}}
    with pytest.raises(InputError, match="settings.receiving = 103: waits for the primary stage"):
        Scenario.load(spec(M=one(closing=(11,), receiving=103), N=junior))


def test_a_building_project_at_a_school_that_closes_is_refused_and_one_that_ends_before_is_not():
    expansion = {"policy": "new_schools", "from": "2015-09-01", "settings": {"mode": "expansion", "school": 11}}
    merging = one("2017-09-01", closing=(11,), receiving=16)
    with pytest.raises(InputError, match="both set school 11"):
        Scenario.load(spec(E=expansion, M=merging))
    assert Scenario.load(spec(E=expansion | {"to": "2017-08-31"}, M=merging))


def test_two_mergers_of_one_stage_conflict_and_of_two_stages_do_not():
    with pytest.raises(InputError, match="both set .*the primary stage of school 3"):
        Scenario.load(spec(A=one(closing=(3,), receiving=4), B=one(closing=(3,), receiving=16, stages="primary")))
    apart = (one(closing=(3,), receiving=19, stages="junior"), one(closing=(3,), receiving=16, stages="primary"))
    assert Scenario.load(spec(A=apart[0], B=apart[1]))
