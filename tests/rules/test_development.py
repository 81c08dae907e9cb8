"""Fitness, skills, provision and places after school as pupils' state: what they
start from, how they grow, what is recorded.
"""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import NO_SCHOOL
from simsim.district import District
from simsim.rules import development
from simsim.rules.development import SHARES
from simsim.rules.families import EVER
from simsim.rules.monitoring import standardise
from tests.one_district import founded
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


# ---- each step by hand ----


@pytest.fixture
def world():
    """A district in which nobody's fitness and skills change by themselves."""
    district = founded()
    district.p |= {"skill_growth": 0.0, "fitness_drift": 0.0}
    return district


def ids(n: int) -> np.ndarray:
    return identity.make(2016, identity.BIRTH, 0, np.arange(n))


def test_a_child_comes_as_fit_as_its_draw_is_above_the_line_and_its_grade_away_from_the_middle(world):
    world.p |= {"fit_share_2014": 0.9, "fitness_drift": 0.01}
    who, grade = ids(9), np.arange(1, 10)
    found = development.start(world, who, np.zeros(9), grade)
    u = world.uniform("family/fitness", who, EVER)
    assert found["fitness"] == pytest.approx(u - 0.1 + 0.01 * (grade - 5.0))


def test_first_skills_are_as_many_as_the_shares_say_and_of_the_kinds_they_say(world):
    world.p |= {"skill_share_2014": 0.6, "skill_next_share": 0.5, "skill_ses_corr": 0.0}
    n = 20_000
    kinds = development.start(world, ids(n), np.zeros(n), np.full(n, 5))
    levels = np.array([kinds[name] for name in development.SKILLS])
    whole = np.floor(levels.sum(axis=0) + 1e-9)
    assert [(whole >= k).mean() for k in (1, 2, 3)] == pytest.approx([0.6, 0.3, 0.15], abs=0.015)
    assert levels.sum(axis=0).max() == pytest.approx(4.0, abs=0.01)
    one = whole == 1
    shares = [(np.floor(levels[k, one] + 1e-9) == 1).mean() for k in range(3)]
    assert shares[0] == pytest.approx(world.p["skill_kind_share.sport"], abs=0.05)
    assert shares[1] == pytest.approx(world.p["skill_kind_share.music"], abs=0.05)


def test_skills_follow_ses_as_far_as_they_correlate(world):
    n = 2000
    ses = np.where(np.arange(n) % 2, 1.0, -1.0)
    world.p |= {"skill_share_2014": 0.5, "skill_ses_corr": 0.0}
    alone = development.start(world, ids(n), ses, np.full(n, 5))
    world.p["skill_ses_corr"] = 1.0
    sorted_by = development.start(world, ids(n), ses, np.full(n, 5))
    have = [sum(people[name] for name in development.SKILLS) >= 1 - 1e-9 for people in (alone, sorted_by)]
    assert have[0][ses > 0].mean() == pytest.approx(have[0][ses < 0].mean(), abs=0.06)
    assert have[1][ses > 0].all() and not have[1][ses < 0].any()


def test_fitness_grows_by_the_hours_of_sport_at_school_and_after_it_up_to_one(world):
    world.p |= {"fitness_drift": -0.01, "fitness_gain_hour": 0.04, "after_school_sport": 0.5}
    students, at = world.students, world.student_parts()
    world.parts.sport_hour[:] = 0.0
    world.parts.sport_hour[0] = 0.75
    students.after_school[::2] = True
    waits = np.flatnonzero(at == 1)[0]
    students.school[waits], students.after_school[waits] = NO_SCHOOL, False
    before = students.fitness.copy()
    development.grow(world)
    hour = np.minimum(0.75 * (at == 0) + 0.5 * students.after_school, 1.0)
    np.testing.assert_allclose(students.fitness - before, -0.01 + 0.04 * hour, rtol=0, atol=1e-6)


def skills_by_kind(world, rows: np.ndarray) -> np.ndarray:
    """Return the level of each kind of skill of pupils (kinds, rows)."""
    return np.array([world.students.columns[name][rows] for name in development.SKILLS])


def set_skills(world, rows: np.ndarray, levels: list[tuple[float, ...]]) -> np.ndarray:
    """Give pupils (rows) a level of each kind of skill, and return the levels as columns hold them."""
    for name, values in zip(development.SKILLS, levels, strict=True):
        world.students.columns[name][rows] = values
    return skills_by_kind(world, rows)


def test_lessons_at_school_and_after_it_add_to_the_skill_furthest_on_its_way(world):
    world.p |= {"skill_growth": 0.01, "skill_gain": 0.1}
    students, at = world.students, world.student_parts()
    world.parts.activities[:] = 0.0
    world.parts.activities[0] = 0.5
    rows = np.flatnonzero(at == 0)[:6]
    students.after_school[:] = False
    students.after_school[rows[3]] = True
    levels = [(2.1, 0.5, 0.5, 0.5, 0.5, 0.0), (0.0, 0.75, 0.5, 1.5, 0.0, 0.5), (0.25, 1.8, 0.9, 0.1, 0.5, 0.5)]
    before = set_skills(world, rows, levels)
    development.grow(world)
    gain = skills_by_kind(world, rows) - before
    expected = np.zeros((3, 6))
    expected[2, :3], expected[0, 3:5], expected[1, 5] = 0.06, (0.16, 0.06), 0.06
    assert gain == pytest.approx(expected, abs=1e-6), "of two that are as far the one that stands first in SKILLS"


def test_under_two_plus_one_what_is_missing_comes_first(world):
    students, at = world.students, world.student_parts()
    world.p["skill_gain"] = 0.1
    world.parts.activities[:] = 1.0
    rows = np.flatnonzero(at == 0)[:3]
    students.after_school[:] = False
    before = set_skills(world, rows, [(1.0, 2.5, 2.0), (1.9, 0.1, 0.3), (0.0, 0.4, 1.2)])
    world.parts.guided[0] = True
    development.grow(world)
    grown = (skills_by_kind(world, rows) - before).argmax(axis=0)
    assert grown.tolist() == [
        0,
        2,
        1,
    ]  # a second sport; an art, the one further on its way; nothing is missing: the furthest


def test_the_mildest_are_provided_for_and_the_most_severe_of_all_in_special_schools(world):
    world.p |= {"disabled_served_2014": 0.6, "disabled_special_share": 0.5}
    students = world.students
    rows = np.flatnonzero(students.disabled)[:4]
    students.severity[rows] = 0.4, 0.55, 0.59, 0.61
    development.grow(world)
    assert students.provision[rows].tolist() == [development.ORDINARY, development.SPECIAL, development.SPECIAL, 0]
    assert development.served_share(world) == 0.6


def test_whole_person_evaluation_weighs_achievement_growth_fitness_and_skills_where_a_school_uses_it(world):
    before = world.parts.evaluation.copy()
    development.evaluate(world)
    np.testing.assert_array_equal(world.parts.evaluation, before)
    for key in (1, 11):
        world.schools[key].evaluates = True
    weights = {"achievement": 0.1, "growth": 0.2, "fitness": 0.3, "skills": 0.4}
    world.p |= {f"evaluation_weight.{name}": weight for name, weight in weights.items()}
    world.parts.monitored[:] = np.linspace(0.0, 1.0, len(world.parts))
    development.evaluate(world)
    students, parts = world.students, world.parts
    some = sum(students.columns[name].astype(np.int8) for name in development.SKILLS) >= 1
    seen = (parts.means(students.score), parts.monitored, parts.means(students.fitness >= 0.0), parts.means(some))
    for stage in (0, 1):
        mine = parts.of_stage(stage)
        whole = sum(w * standardise(values[mine]) for w, values in zip(weights.values(), seen, strict=True))
        uses = np.isin(parts.key[mine], (1, 11))
        assert parts.evaluation[mine][uses] == pytest.approx(whole[uses])
        assert np.isnan(parts.evaluation[mine][~uses]).all() and uses.any()


def test_shares_are_counted_by_part_and_poverty_and_who_waits_is_nowhere(world):
    students = world.students
    students.after_school[::3] = True
    students.school[::50] = NO_SCHOOL
    at, table = world.student_parts(), development.shares_table(world)
    sports, arts = students.sport.astype(int), students.music.astype(int) + students.art.astype(int)
    flags = {
        "pupils": np.ones(len(students), bool), "fit_share": students.fitness >= 0.0,
        "one_skill_share": sports + arts >= 1, "two_skills_share": sports + arts >= 2,
        "two_plus_one_share": (sports >= 2) & (arts >= 1), "after_school_share": students.after_school,
    }  # fmt: skip
    assert table.keys() == flags.keys()
    for name, flag in flags.items():
        for part in (0, len(world.parts) - 1):
            counts = [np.count_nonzero(flag & (at == part) & (students.poor == poor)) for poor in (False, True)]
            assert table[name][part].tolist() == counts and counts[0] > 0
        assert table[name].sum() == np.count_nonzero(flag & (at >= 0))


def test_a_year_begins_without_aid_places_and_support(world):
    world.students.aided = world.students.after_school = True
    world.parts.supported[:] = True
    development.clear(world)
    assert not (world.students.aided.any() or world.students.after_school.any() or world.parts.supported.any())
