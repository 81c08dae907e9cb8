"""Fitness, skills, provision and places after school as pupils' state: what they
start from, how they grow, what is recorded.
"""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.rules import development
from simsim.rules.development import SHARES
from tests.trials import live, public, same_scores, series, skills


@pytest.fixture(scope="module")
def plain() -> District:
    return live(2018, {})


def test_in_2014_as_many_are_fit_and_have_a_skill_as_the_parameters_say():
    district = District("baseline", seed=2, fixed_parameters=True)
    p, students = district.p, district.students
    assert (students.fitness >= 0).mean() == pytest.approx(p["fit_share_2014"], abs=0.01)
    have = skills(district)
    assert (have >= 1).mean() == pytest.approx(p["skill_share_2014"], abs=0.01)
    assert (have >= 2).mean() == pytest.approx(p["skill_share_2014"] * p["skill_next_share"], abs=0.01)
    assert (have[students.poor] >= 1).mean() < (have[~students.poor] >= 1).mean()


def test_older_pupils_have_more_skills_as_a_year_of_growth_would_give_them():
    district = District("baseline", seed=2, fixed_parameters=True)
    have, grade = skills(district) >= 1, district.students.grade
    young, old = have[grade <= 3].mean(), have[grade >= 7].mean()
    assert old - young == pytest.approx(6 * district.p["skill_growth"] * (1 - district.p["skill_share_2014"]), abs=0.02)


def test_without_exposure_nobody_changes(plain):
    before = live(2014, {}).students
    after = plain.students
    stay = np.intersect1d(before.id, after.id)
    assert len(stay) > 10_000
    for column in ("fitness", "sport", "music", "art", "severity"):
        np.testing.assert_array_equal(
            before.columns[column][before.rows(stay)], after.columns[column][after.rows(stay)]
        )
    assert not after.after_school.any() and not after.aided.any()


@pytest.mark.slow
def test_a_place_for_everybody_gives_everybody_a_skill_in_time():
    district = live(2020, {"after_school": {"places": 1.0, "pilot_years": 0, "years": 1}})
    mine = public(district) & (district.students.years_in_school >= 6)
    assert mine.sum() > 3_000
    assert skills(district)[mine].min() >= 2  # six years of 0.35 skills
    share = series(district, "after_school_share")
    assert share[2014] == 0.0 and all(share[year] > 0.9 for year in range(2015, 2021))


def test_two_plus_one_is_two_in_sport_and_one_in_art_and_the_lines_are_apart(plain):
    plan = live(2018, {"skills": {"activities": 1.0, "years": 1, "compliance": 1.0}})
    for district in (plain, plan):
        one, two, whole = (
            series(district, name) for name in ("one_skill_share", "two_skills_share", "two_plus_one_share")
        )
        assert all(one[year] > two[year] > whole[year] > 0.0 for year in one)
    fresh = District("baseline", seed=2, fixed_parameters=True)
    students = fresh.students
    sport, art = students.sport.astype(int), students.music.astype(int) + students.art.astype(int)
    table = development.shares_table(fresh)
    assert table["two_plus_one_share"].sum() == np.count_nonzero((sport >= 2) & (art >= 1)) > 100
    assert table["two_skills_share"].sum() == np.count_nonzero(sport + art >= 2)


def test_what_is_recorded_is_what_pupils_have_by_school_and_group():
    district = live(2016, {})
    table, year = district.tables()["school_year"], 2016
    mine = table[(table.year == year) & (table.indicator == "fit_share")].set_index(["stage", "school"]).value
    pupils = table[(table.year == year) & (table.indicator == "pupils")].set_index(["stage", "school"]).value
    for group, urban in (("urban", True), ("rural", False)):
        keys = [s.key for s in district.open_schools if s.urban == urban]
        chosen = mine.index.get_level_values("school").isin(keys)
        mean = np.average(mine[chosen], weights=pupils[mine.index][chosen])
        assert series(district, "fit_share", group=group)[year] == pytest.approx(mean)
    assert set(district.tables()["district_year"].query("indicator == 'one_skill_share'").group) == {
        "all",
        "urban",
        "rural",
        "poor",
    }


def test_only_disabled_children_have_a_severity_and_provision_reaches_the_mildest_first(plain):
    students = plain.students
    assert (students.severity[~students.disabled] == 0).all() and (students.provision[~students.disabled] == 0).all()
    mine = students.severity[students.disabled]
    assert mine.min() > 0 and mine.max() <= 1 and 0.4 < mine.mean() < 0.6
    served = students.provision > development.NO_PROVISION
    assert (served[students.disabled] == (mine < plain.p["disabled_served_2014"])).mean() > 0.99
    special = students.provision == development.SPECIAL
    assert students.severity[special].min() > 1 - plain.p["disabled_special_share"]


@pytest.mark.slow
def test_a_place_after_school_leaves_scores_alone_unless_the_evidence_parameter_says_otherwise(plain):
    half = {"places": 0.5, "pilot_years": 0, "years": 1}
    assert same_scores(live(2018, {"after_school": half}), plain)
    moved = live(2015, {"after_school": half}, {"afterschool_mean": 0.05, "peer_linear": 0.0})
    still = live(2015, {}, {"peer_linear": 0.0})
    change = moved.students.score - still.students.score
    assert change[moved.students.after_school] == pytest.approx(0.05) and not change[~moved.students.after_school].any()


@pytest.mark.slow
def test_the_shares_never_fall_because_of_a_measure():
    plain = live(2017, {})
    for policy in ("fitness", "skills", "after_school"):
        trial = live(2017, {policy: {}})
        for name in SHARES:
            mine, other = series(trial, name), series(plain, name)
            assert all(mine[year] >= other[year] for year in other), (policy, name)
