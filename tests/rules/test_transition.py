"""Choice at the junior transition: who chooses, where they go, and that nobody else's place changes."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import JUNIOR
from simsim.district import District
from simsim.districts.files import load_district
from simsim.rules import transition
from tests.districts.small_systems import imported
from tests.one_district import founded, lived


def under(seed: int = 2, **parameters) -> District:
    spec = {"name": "trial", "extends": "baseline", "parameters": parameters}
    return District(spec, seed=seed, fixed_parameters=True)


def alone(share: float, **parameters) -> District:
    return under(**{"transition.share": share} | parameters)


def rolls(district: District) -> np.ndarray:
    at, grade = district.student_parts(), district.students.grade
    return np.bincount(at[at >= 0] * 10 + grade[at >= 0], minlength=10 * len(district.parts))


def test_a_new_place_is_dealt_by_mark_and_intake_inside_each_market():
    part, market = np.array([0, 1, 2, 0, 2]), np.array([-1, -1, -1, 7, 7])
    mark, intake = np.array([0.1, 0.3, 0.2, 0.0, 1.0]), np.array([-1.0, 2.0, 1.0])
    assert transition.dealt(part, market, mark, intake).tolist() == [0, 1, 2, 0, 2]
    assert transition.dealt(part, market, -mark, intake).tolist() == [1, 0, 2, 2, 0]


def test_the_first_roll_keeps_its_size_by_school_and_grade_and_only_choosers_sit_elsewhere():
    none, some = alone(0.0), alone(0.3)
    np.testing.assert_array_equal(rolls(none), rolls(some))
    elsewhere = none.students.school != some.students.school
    chooses = some.chance("admit/transition", some.students.id, 0.3, transition.EVER)
    junior = some.system.is_junior(some.students.grade)
    assert 0.1 < elsewhere[junior].mean() < 0.3 and not elsewhere[~(junior & chooses)].any()
    assert (some.students.years_in_school[elsewhere] == some.students.grade[elsewhere] - 7).all()
    private = [key for key, school in some.schools.items() if not school.public]
    assert not np.isin(none.students.school[elsewhere], private).any()


def test_choosers_of_high_marks_sit_where_the_intake_is_rich_and_primary_schools_do_not_change():
    none, some = alone(0.0), alone(0.3)
    ses = some.students.ses
    spread = [d.parts.means(ses)[d.parts.of_stage(JUNIOR)].std() for d in (none, some)]
    assert spread[1] > 1.1 * spread[0]
    primary = ~some.system.is_junior(some.students.grade)
    np.testing.assert_array_equal(none.students.school[primary], some.students.school[primary])


def test_entrants_of_a_year_change_places_among_themselves_and_nobody_is_displaced_by_it(monkeypatch):
    before, after = lived(), lived()
    monkeypatch.setattr(transition, "share", lambda world, year: 0.25)
    after.step()
    monkeypatch.setattr(transition, "share", lambda world, year: 0.0)
    before.step()
    np.testing.assert_array_equal(before.students.id, after.students.id)
    moved = before.students.school != after.students.school
    assert moved.sum() > 100 and set(after.students.grade[moved]) == {8}, "a year later they are in grade 8"
    np.testing.assert_array_equal(rolls(before), rolls(after))
    assert (after.students.years_in_school[moved] == 1).all()


def test_one_pupil_more_changes_nobodys_draw():
    district = founded()
    ids = np.sort(district.students.id[district.students.grade == 7])
    ones, mark = np.ones(len(ids)), transition.criteria(district, ids, np.zeros(len(ids)), np.zeros(len(ids)))
    few = transition.criteria(district, ids[::2], ones[::2] * 0, ones[::2] * 0)
    np.testing.assert_array_equal(mark[::2], few)
    chosen = transition.choosers(district, ids, 2014)
    np.testing.assert_array_equal(chosen[::2], transition.choosers(district, ids[::2], 2014))


def test_zoning_leaves_less_to_choice_from_the_years_of_its_rules_on():
    district = alone(0.35)
    assert [transition.share(district, year) for year in (2013, 2014, 2015, 2016, 2017, 2024)] == [
        0.35,
        0.35,
        0.19,
        0.19,
        0.0975,
        0.0975,
    ]
    assert transition.share(alone(0.05), 2024) == 0.05
    more = np.flatnonzero(transition.choosers(district, district.students.id, 2014))
    assert set(np.flatnonzero(transition.choosers(district, district.students.id, 2017))) < set(more)


def test_a_mark_adds_up_what_one_knows_the_familys_ses_and_luck_by_their_weights():
    district = founded()
    ids, knows, ses = district.students.id[:3], np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    district.p |= {"transition.merit": 0.5, "transition.ses": 0.25, "transition.luck": 2.0}
    luck = district.normal("admit/transition-luck", ids, transition.EVER)
    assert transition.criteria(district, ids, knows, ses) == pytest.approx([0.5, 0.25, 0.0] + 2.0 * luck)


def test_the_city_is_one_market_and_each_town_its_own():
    district = founded()
    homes = district.neighbourhoods
    found = transition.markets(district, np.arange(len(homes)))
    assert (found[homes.urban] == -1).all() and homes.urban.any() and not homes.urban.all()
    np.testing.assert_array_equal(found[~homes.urban], homes.area[~homes.urban])
    assert homes.area.min() > -1


def test_what_a_pupil_knew_on_entering_the_junior_stage_is_six_years_of_growth_without_the_school_by_hand(monkeypatch):
    district = founded()
    district.p |= {"rho_K": 0.5, "b_g_ses_annual": 0.1}
    monkeypatch.setattr(transition, "entry_knowledge", lambda *_: np.ones(3))
    monkeypatch.setattr(transition, "sd_growth", lambda p, years: 0.3 * (years == district.system.years_to_middle))
    pupils = {
        "id": district.students.id[:4], "place": np.zeros(4, int), "ses": np.arange(4.0), "migrant": np.zeros(4, bool),
    }  # fmt: skip
    luck = district.normal("family/history", pupils["id"][1:], transition.EVER)
    expected = 2.0**-6 + (2.0 - 2.0**-5) * 0.1 * np.array([1.0, 2.0, 3.0]) + 0.3 * np.sqrt((1 - 2.0**-12) / 0.75) * luck
    assert transition._knowledge_then(district, pupils, np.array([1, 2, 3])) == pytest.approx(expected)


def test_the_intake_of_a_part_is_the_mean_ses_of_who_is_there_and_nought_where_nobody_is():
    district = founded()
    pupils = {"part": np.array([0, 0, 2]), "ses": np.array([1.0, 2.0, -4.0])}
    assert transition._intake(district, pupils)[:4].tolist() == [1.5, 0.0, -4.0, 0.0]


def test_entrants_above_the_seats_in_private_schools_or_of_other_grades_do_not_choose(monkeypatch):
    district = lived()
    students = district.students
    monkeypatch.setattr(transition, "share", lambda world, year: 1.0)
    monkeypatch.setattr(transition, "criteria", lambda world, ids, knows, ses: ids.astype(float) % 97)
    at = district.student_parts()
    students.grade[students.grade == 8] = 7  # last year's entrants stand for this year's, who have no place yet
    entrant = np.flatnonzero((students.grade == 7) & (at >= 0))
    public = district.parts.public[at[entrant]]
    students.over_capacity[entrant[::3]] = True
    students.displaced[entrant] = True
    before, over = students.school.copy(), students.over_capacity.copy()
    transition.choose(district)
    moved = students.school != before
    mine = np.isin(np.arange(len(students)), entrant[public]) & ~over
    assert moved.sum() > 100 and not moved[~mine].any()
    assert not students.displaced[moved].any() and students.displaced[entrant][~moved[entrant]].all()
    assert not students.years_in_school[moved].any() and not students.over_capacity[moved].any()
    counts = [np.bincount(school[mine], minlength=100).tolist() for school in (before, students.school)]
    assert counts[0] == counts[1]


def test_the_first_roll_is_at_the_distance_of_the_school_that_was_dealt():
    district = alone(0.3)
    students, at, junior = (
        district.students,
        district.student_parts(),
        district.system.is_junior(district.students.grade),
    )
    km = np.hypot(students.home_x - district.parts.x_km[at], students.home_y - district.parts.y_km[at])
    assert students.distance_km[junior] == pytest.approx(km[junior], abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("system", ["primary-only", "junior-only"])
def test_a_district_of_one_stage_has_no_transition(system, tmp_path):
    data = load_district(str(imported(tmp_path, system)))
    parameters = {"transition.share": 1.0}
    one, none = (
        District({"name": "trial", "parameters": p}, seed=1, fixed_parameters=True, data=data).run(to=2016)
        for p in (parameters, {"transition.share": 0.0})
    )
    np.testing.assert_array_equal(one.students.school, none.students.school)


def test_in_any_system_of_two_stages_a_share_of_entrants_chooses(tmp_path, monkeypatch):
    monkeypatch.setattr(transition, "markets", lambda world, places: np.zeros(len(places), np.int64))
    data = load_district(str(imported(tmp_path, "k-8")))
    one, none = (
        District({"name": "t", "parameters": {"transition.share": q}}, seed=1, fixed_parameters=True, data=data)
        for q in (0.5, 0.0)
    )
    assert (one.students.school != none.students.school).any()
    np.testing.assert_array_equal(rolls(one), rolls(none))
    one.run(to=2016)


def test_where_a_policy_lets_everybody_choose_the_transition_adds_nothing():
    policies = {"X": {"policy": "open_choice", "from": "2015-09-01", "settings": {"stages": "junior"}}}
    spec = {"name": "trial", "extends": "baseline", "policies": policies}
    late = {"transition.share": {"value": 0.0, "from": 2015}}
    one, none = (District(spec | {"parameters": p}, seed=2, fixed_parameters=True).run(to=2015) for p in ({}, late))
    np.testing.assert_array_equal(one.students.school, none.students.school)
