"""Rotation: who goes, where to, how they come back, what it costs - and what it cannot do."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import CORE
from simsim.district import District
from simsim.inputs.errors import InputError
from tests.one_district import lived_under

EVERYBODY = {
    "quota": 1.0,
    "eligible_years": 0,
    "age_limit": 100,
    "compliance": 1.0,
    "spell_years": 1,
    "return_prob": 0.0,
}
RULES = ("exchange", "random", "need", "weakest", "balancing")


def rotate(to: int, seed: int = 5, parameters: dict | None = None, end: str | None = None, **settings) -> District:
    """Return a district that rotates from 2015, with fixed parameters."""
    instance = {"policy": "rotation", "from": "2015-09-01", "settings": settings} | ({"to": end} if end else {})
    spec = {"name": "trial", "extends": "baseline", "policies": {"R": instance}, "parameters": parameters or {}}
    return lived_under(spec, to, seed)


def moves(district: District, reason: str = "rotation"):
    table = district.tables()["teacher_moves"]
    return table[table.reason == reason]


def indicator(district: District, name: str, year: int, stage: str = "all") -> float:
    table = district.tables()["district_year"]
    return float(table[(table.indicator == name) & (table.year == year) & (table.stage == stage)].value.iloc[0])


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
def test_the_quota_and_the_backbone_share_of_the_national_rule_are_reached(rule):
    district = rotate(2016, quota=0.1, backbone_share=0.2, destination=rule)
    for year in (2015, 2016):
        assert indicator(district, "rotation_share", year) == pytest.approx(0.1, abs=0.003)
        assert indicator(district, "rotation_backbone_share", year) >= 0.195
        assert indicator(district, "rotated", year) == len(moves(district)[lambda t, y=year: t.year == y])
    parts = [indicator(district, "rotated", 2016, stage) for stage in ("primary", "junior")]
    assert sum(parts) == indicator(district, "rotated", 2016)


def test_only_teachers_who_have_served_their_years_and_are_young_enough_go():
    before = rotate(2015, quota=0.0)
    after = rotate(2015, quota=0.3, eligible_years=8, age_limit=45)
    people = before.teachers.to_frame().loc[moves(after).teacher]
    assert (people.years_in_school - 1 >= 8).all() and people.public.all()  # a year later than when they were asked
    assert ((2015 * 12 + 8 - people.birth_month) // 12 < 45).all()


@pytest.mark.slow
@pytest.mark.parametrize("rule", ("exchange", "random", "balancing"))
def test_schools_keep_the_teachers_of_every_subject_that_they_had(rule):
    with_, without = rotate(2015, quota=0.5, destination=rule), rotate(2015, quota=0.0)
    np.testing.assert_array_equal(with_.staff_by_part(), without.staff_by_part())
    assert len(moves(with_)) > 100


@pytest.mark.parametrize("rule", ("need", "weakest"))
def test_need_never_takes_a_school_below_its_floor(rule):
    with_, without = rotate(2015, quota=1.0, eligible_years=0, destination=rule), rotate(2015, quota=0.0)
    posts = np.array([part.posts for part in with_.parts])
    floor = np.minimum(without.staff_by_part(), np.ceil(with_.p["rotation.floor"] * posts))
    assert (with_.staff_by_part() >= floor).all()
    assert (with_.staff_by_part() != without.staff_by_part()).any()


def test_need_evens_out_pupils_per_teacher():
    with_, without = rotate(2015, quota=0.5, destination="need"), rotate(2015, quota=0.0)
    for stage in (0, 1):
        public = [i for i, part in enumerate(with_.parts) if part.stage == stage and part.school.public]
        load = [d.rolls()[public] / d.staff_by_part()[public].sum(axis=1) for d in (with_, without)]
        assert load[0].std() < load[1].std()


def test_teachers_keep_stage_subject_and_home_and_go_to_public_schools():
    district = rotate(2015, quota=0.2)
    teachers = district.teachers.to_frame()
    away = teachers.loc[moves(district).teacher]
    assert (away.post != away.home).all() and (away.home == moves(district).origin.to_numpy()).all()
    assert (away.spell_end == 2015 + 3).all() and away.mandated.all()
    assert all(district.schools[key].public for key in away.post)
    assert (district.part_of[away.stage, away.post] >= 0).all()


def test_everybody_comes_home_when_the_spell_is_over_and_return_is_sure():
    district = rotate(2018, quota=0.1, spell_years=3, return_prob=1.0, end="2016-09-01")
    went, back = moves(district), moves(district, "return")
    assert set(went.year) == {2015} and set(back.year) == {2018}
    left = set(went.teacher) - set(back.teacher)
    assert not left & set(district.teachers.id.tolist())
    here = district.teachers.to_frame().loc[back.teacher]
    assert (here.post == here.home).all() and (here.spell_end == 0).all() and not here.mandated.any()
    assert len(district.policies[0].away) == 0


def test_who_does_not_return_has_a_new_home():
    district = rotate(2018, quota=0.1, spell_years=3, return_prob=0.0, end="2016-09-01")
    went = moves(district).set_index("teacher")
    here = district.teachers.to_frame().loc[[t for t in went.index if t in set(district.teachers.id.tolist())]]
    assert moves(district, "return").empty
    assert (here.home == here.post).all()


@pytest.mark.slow
def test_a_school_is_never_left_without_core_teachers_when_people_go_home():
    district = rotate(2021, quota=1.0, eligible_years=0, destination="need", return_prob=1.0, spell_years=2)
    public = district.public_parts
    assert (district.staff_by_part()[public, CORE] >= 1).all()


def test_volunteers_are_fewer_and_refusals_are_counted():
    told, free = rotate(2015, quota=0.5), rotate(2015, quota=0.5, voluntary=True)
    assert indicator(free, "rotation_share", 2015) < indicator(told, "rotation_share", 2015)
    assert indicator(free, "rotation_refusals", 2015) > 2 * indicator(told, "rotation_refusals", 2015)
    assert not free.teachers.mandated.any()


def test_nobody_refuses_when_compliance_is_sure_and_nobody_goes_when_it_is_nil():
    assert indicator(rotate(2015, quota=0.1, compliance=1.0), "rotation_refusals", 2015) == 0
    nobody = rotate(2015, quota=0.1, compliance=0.0)
    assert indicator(nobody, "rotated", 2015) == 0
    assert indicator(nobody, "rotation_refusals", 2015) == indicator(nobody, "rotation_eligible", 2015)


def test_the_longer_somebody_has_taught_the_less_readily_they_go():
    sloping, flat = (
        rotate(2015, parameters={"accept.year": slope}, quota=0.3, voluntary=True) for slope in (-0.06, 0.0)
    )
    taught = [d.teachers.experience[d.teachers.post != d.teachers.home].mean() for d in (sloping, flat)]
    assert taught[0] < taught[1] - 0.5


@pytest.mark.slow
def test_volunteers_go_by_a_quota_of_their_own_where_none_is_set():
    none, some = (rotate(2016, parameters={"rotation.flexible_quota": quota}, voluntary=True) for quota in (0.0, 0.1))
    assert none.policies[0].touched == 0 < some.policies[0].touched
    told = rotate(2015, parameters={"rotation.flexible_quota": 0.0})
    assert told.policies[0].touched > 0


def test_a_parameter_that_is_gone_says_what_took_its_place():
    with pytest.raises(InputError, match="accept.year, a slope per year of teaching, took its place"):
        rotate(2015, parameters={"accept.novice": 0.4})


@pytest.mark.slow
def test_a_higher_allowance_and_a_title_find_more_volunteers():
    poor = rotate(2015, quota=0.5, voluntary=True, allowance=0)
    paid = rotate(2015, quota=0.5, voluntary=True, allowance=15000)
    titled = rotate(2015, quota=0.5, voluntary=True, allowance=15000, title_incentive=1.0)
    counts = [indicator(d, "rotated", 2015) for d in (poor, paid, titled)]
    assert counts[0] < counts[1] < counts[2]


def test_the_allowance_is_paid_for_every_year_away():
    district = rotate(2017, quota=0.05, spell_years=2, return_prob=1.0, allowance=1000, end="2016-09-01")
    costs = district.tables()["costs"]
    paid = costs[costs.instance == "R"].set_index("year").value
    assert set(paid.index) == {2015, 2016}
    assert paid[2015] == 1000 * len(moves(district))
    assert paid[2016] <= paid[2015]


@pytest.mark.slow
def test_the_exit_rate_of_those_away_is_multiplied():
    calm = rotate(2018, quota=0.5, spell_years=20, attrition=1.0)
    harsh = rotate(2018, quota=0.5, spell_years=20, attrition=10.0)
    gone = [len(set(moves(d).teacher) - set(d.teachers.id.tolist())) for d in (calm, harsh)]
    assert gone[1] > 3 * gone[0]
    assert rotate(2018, quota=0.0, attrition=10.0).teachers.id.tolist() == rotate(2018, quota=0.0).teachers.id.tolist()


def test_the_national_rule_counts_teachers_of_good_urban_schools_and_sends_them_elsewhere():
    before = rotate(2014, quota=0.0)
    district = rotate(2015, quota=0.1, origin="urban_good")
    good = set()
    for stage in (0, 1):
        public = [p for p in before.parts if p.stage == stage and p.school.public]
        middle = np.median([p.status for p in public])
        good |= {(stage, p.key) for p in public if p.school.urban and p.status > middle}
    table, codes = moves(district), {"primary": 0, "junior": 1}
    for move in table.itertuples():
        ends = {(codes[move.stage], move.origin) in good, (codes[move.stage], move.destination) in good}
        assert ends == {True, False}
    counted = indicator(district, "rotation_share", 2015) * indicator(district, "rotation_eligible", 2015)
    assert 2 * counted == pytest.approx(len(table))  # each sent one changes places with one of another school


def test_inside_clusters_nobody_leaves_the_cluster_and_without_clusters_nobody_moves():
    assert rotate(2016, scope="cluster", quota=1.0).policies[0].touched == 0


def excess(district: District, stage: int) -> float:
    """Return the variance of mu between public schools over what sampling alone
    gives, core teachers past their first year.
    """
    teachers, at = district.teachers, district.teacher_parts()
    rows = (teachers.subject == CORE) & (teachers.stage == stage) & teachers.public & (teachers.experience > 1)
    mu, n = teachers.mu[rows], np.bincount(at[rows], minlength=len(district.parts))
    mean = np.bincount(at[rows], mu, len(n)) / np.maximum(n, 1)
    return float((n * (mean - mu.mean()) ** 2)[n > 0].sum() / ((n > 0).sum() - 1) / mu.var())


@pytest.mark.slow
@pytest.mark.parametrize("stage", (0, 1))
def test_full_rotation_every_year_leaves_the_gaps_that_sampling_alone_makes(stage):
    ratios, start = [], []
    for seed in (1, 2):
        district = rotate(2014, seed=seed, destination="random", **EVERYBODY)
        start.append(excess(district, stage))
        for _ in range(5):
            district.step()
            ratios.append(excess(district, stage))
    assert min(start) > 1.5
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.35)  # the ratio of a sample has mean 1; SD here 0.11 and 0.16


def test_balancing_narrows_the_gaps_that_monitoring_shows_more_than_swapping_at_random():
    spread = {}
    for rule in ("exchange", "balancing"):
        district = rotate(2015, quota=0.1, destination=rule)
        before = rotate(2014, quota=0.0)
        seen = dict(zip(before.teachers.id.tolist(), before.teachers.monitored.tolist(), strict=True))
        teachers = district.teachers
        rows = np.flatnonzero(np.isin(teachers.id, before.teachers.id) & (teachers.subject == CORE) & teachers.public)
        part = district.teacher_parts()[rows]
        values = np.array([seen[i] for i in teachers.id[rows].tolist()])
        n = np.bincount(part)
        mean = np.bincount(part, values)[n > 0] / n[n > 0]
        spread[rule] = np.average((mean - values.mean()) ** 2, weights=n[n > 0])
    assert spread["balancing"] < 0.7 * spread["exchange"]


@pytest.mark.slow
def test_rotation_takes_nothing_from_the_mean_of_effectiveness_but_its_stated_costs():
    free = {"mover_class_penalty_yr1": 0.0, "mover_class_penalty_yr2": 0.0, "mandated_effort_cost": 0.0}
    free |= {"va_portability_primary": 1.0, "va_portability_junior": 1.0}
    with_, without = rotate(2015, parameters=free, quota=0.3), rotate(2015, parameters=free, quota=0.0)
    for stage in ("primary", "junior"):
        quality = [indicator(d, "teacher_quality", 2015, stage) for d in (with_, without)]
        assert quality[0] == pytest.approx(quality[1], abs=1e-12)
    dear = rotate(2015, quota=0.3)
    assert indicator(dear, "teacher_quality", 2015, "primary") < indicator(
        rotate(2015, quota=0.0), "teacher_quality", 2015, "primary"
    )
