"""Staffing by the ratio: posts and teachers go where fewest are, nobody is dismissed, and the surplus is reported."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import CORE, PE_ARTS, STAGES, SUBJECT_GROUPS
from simsim.district import District
from simsim.policies.staffing_standard import evening
from simsim.record import outcomes
from tests.one_district import lived_under

CLOSED = {"posts_growth": 0.0, "vol_move_base": 0.0001} | dict.fromkeys(
    ("exit_u30", "exit_30_39", "exit_40_49", "exit_50p_nonretire"), 0.0
)


def even(to: int, seed: int = 5, parameters: dict | None = None, **settings) -> District:
    instance = {"policy": "staffing_standard", "from": "2015-09-01", "settings": settings}
    spec = {
        "name": "trial",
        "extends": "baseline",
        "policies": {"T": instance} if settings else {},
        "parameters": parameters or {},
    }
    return lived_under(spec, to, seed)


def moves(district: District):
    table = district.tables()["teacher_moves"]
    return table[table.reason == "release"]


def test_moves_bring_every_group_as_near_the_common_ratio_as_whole_teachers_can():
    amount, pupils = np.array([[10, 4], [2, 4], [6, 4]]), np.array([100, 100, 100])
    assert evening(amount, pupils, amount, 99, 0.5) == [(0, 1, 0)] * 4
    assert evening(amount, pupils, amount, 3, 0.5) == [(0, 1, 0)] * 3
    assert evening(amount, pupils, np.array([[1, 0], [0, 0], [0, 0]]), 99, 0.5) == [(0, 1, 0)]
    assert evening(amount, pupils, amount, 99, 4.0) == []


def test_without_a_limit_every_subject_of_every_school_comes_to_the_common_ratio():
    district = even(2014, share=1.0, core_floor=0, other_floor=0, tolerance=0.5)
    district.year = 2015
    district.policies[0].staff(district)
    held, rolls = np.array([part.posts for part in district.parts]) - district.vacancies(), district.rolls()
    for stage in range(len(STAGES)):
        mine = [i for i, part in enumerate(district.parts) if part.stage == stage and part.school.public]
        wanted = rolls[mine, None] * held[mine].sum(axis=0) / rolls[mine].sum()
        assert np.abs(held[mine] - wanted).max() < 1.0


@pytest.mark.slow
def test_nobody_is_dismissed_and_no_post_is_lost():
    plain, evened = even(2017, parameters=CLOSED), even(2017, share=0.05, parameters=CLOSED)
    assert len(plain.teachers) == len(evened.teachers)
    posts = [[sum(part.posts.sum() for part in d.parts if part.stage == s) for s in (0, 1)] for d in (plain, evened)]
    assert posts[0] == posts[1]


def test_at_most_the_share_moves_and_each_move_is_paid():
    district = even(2017, share=0.01, cost=7.0)
    released = moves(district)
    table = district.tables()["district_year"]
    for (year, stage), group in released.groupby(["year", "stage"]):
        staff = table[(table.year == year - 1) & (table.stage == stage) & (table.indicator == "teachers")].value.iloc[0]
        assert 0 < len(group) <= 0.0105 * staff + 1
    costs = district.tables()["costs"]
    assert (
        costs[costs.instance == "T"].value.sum()
        == 7.0 * len(released)
        == 7.0 * next(p for p in district.policies).touched
    )


def test_teachers_leave_schools_with_more_for_schools_with_fewer_and_take_their_post_along():
    before = even(2014)
    district = even(2015, share=0.02, vacant_posts=False, parameters={"posts_growth": 0.0})
    part_of, load = before.part_of, before.rolls() / np.maximum(before.staff_by_part().sum(axis=1), 1)
    stage = {"primary": 0, "junior": 1}
    released = moves(district)
    away = [
        load[part_of[stage[m.stage], m.destination]] - load[part_of[stage[m.stage], m.origin]]
        for m in released.itertuples()
    ]
    assert len(released) > 20 and np.mean(np.array(away) > 0) > 0.95
    change = {
        part: sum(district.parts[part].posts) - sum(before.parts[part].posts) for part in range(len(before.parts))
    }
    counted = dict.fromkeys(change, 0)
    for m in released.itertuples():
        counted[int(part_of[stage[m.stage], m.origin])] -= 1
        counted[int(part_of[stage[m.stage], m.destination])] += 1
    assert {k: v for k, v in change.items() if before.parts[k].school.public} == {
        k: v for k, v in counted.items() if before.parts[k].school.public
    }


def test_no_school_gives_core_teachers_below_the_floor_or_its_last_of_a_subject():
    district = even(2014, share=1.0, core_floor=40, parameters=CLOSED)
    before = district.staff_by_part()
    district.year = 2015
    district.policies[0].staff(district)
    after = district.staff_by_part()
    gave = after < before
    assert gave[:, CORE].any() and (after[:, CORE][gave[:, CORE]] >= 40).all()
    assert not gave[:, CORE][before[:, CORE] <= 40].any()
    assert (after[gave] >= 1).all()


def test_the_surplus_against_the_standard_adds_up_by_school_and_subject_and_without_the_policy():
    district = even(2014)
    p, table = district.p, district.tables()["school_year"]
    public = [s.key for s in district.open_schools if s.public]
    mine = (
        table[(table.year == 2014) & (table.stage == "primary") & table.school.isin(public)]
        .groupby("indicator")
        .value.sum()
    )
    allowed = mine["pupils"] / p["staffing_ratio.primary"] * (1.0 - p["non_teaching_share"])
    assert mine["surplus_teachers"] == pytest.approx(mine["teachers"] - allowed)
    assert mine["surplus_teachers"] == pytest.approx(sum(mine[f"surplus_{group}"] for group in SUBJECT_GROUPS))
    staff = np.bincount(
        district.teachers.subject[(district.teachers.stage == 0) & district.teachers.public],
        minlength=len(SUBJECT_GROUPS),
    )
    assert mine["surplus_pe_arts"] == pytest.approx(staff[PE_ARTS] - allowed * staff[PE_ARTS] / staff.sum())
    assert outcomes.gap_totals(outcomes.staffing_gap(district))["surplus_teachers"] > 0


@pytest.mark.parametrize("growth", [True, False])
def test_added_posts_go_by_need_only_where_the_standard_says_so(growth):
    district = even(2014, share=0.0, vacant_posts=False, growth=growth)
    district.year = 2015
    district.policies[0].instruct(district)
    assert district.instructions.level_growth is growth
