"""September of the first year is what the file says, and value added counts from its mean."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.district import District
from simsim.rules import founding
from simsim.rules.families import EVER
from simsim.rules.learning import school_part, size_effect
from simsim.world.staff import effects
from tests.one_district import founded


@pytest.fixture
def world():
    return founded()


def test_every_school_has_the_pupils_of_the_file_grade_by_grade(world):
    students, table = world.students, world.data.schools.set_index("key")
    for key in table.index:
        here = np.bincount(students.grade[students.school == key], minlength=10)[1:]
        assert here.tolist() == [table.at[key, f"pupils_g{grade}"] for grade in range(1, 10)]
    assert np.array_equal(world.parts.pupils, world.parts.rolls())


def test_schools_stand_as_in_the_file(world):
    for row in world.first_schools:
        school = world.schools[row["key"]]
        assert (school.x_km, school.y_km, school.senior_pupils) == (row["x_km"], row["y_km"], row["senior_pupils"])
        assert school.facilities["books"] == row["books"] and school.public == (row["ownership"] == "public")
        assert school.equipped_for == sum(part.pupils for part in school.parts.values())
        assert school.principal is not None


def test_value_added_counts_from_the_mean_of_pupils_of_each_stage(world):
    away = founding.level(world) - world.reference[world.parts.stage]
    pupils = np.array([roll for roll, _ in founding._rolls_of_file(world)])
    for stage in (0, 1):
        mine = world.parts.stage == stage
        assert np.average(away[mine], weights=pupils[mine]) == pytest.approx(0.0, abs=1e-12)


def test_a_residual_belongs_to_its_school_and_is_the_same_when_it_is_drawn_again(world):
    school = world.schools[5]
    before = [part.residual for part in school.parts.values()]
    drawn = world.normal("school/residual", identity.make(0, identity.INITIAL, 5, np.array(list(school.parts))), EVER)
    assert before == pytest.approx(world.p["sd_school_resid"] * drawn) and all(before)
    founding.draw_residual(world, school)
    assert [part.residual for part in school.parts.values()] == before
    world.p["sd_school_resid"] *= 2.0
    founding.draw_residual(world, school)
    assert [part.residual for part in school.parts.values()] == pytest.approx([2.0 * value for value in before])


def test_the_standing_of_a_school_is_the_mean_ses_of_its_pupils(world):
    assert world.parts.intake == pytest.approx(world.parts.means(world.students.ses))


def test_pupils_per_post_are_those_of_public_schools(world):
    for stage in (0, 1):
        rows = world.parts.of_stage(stage, only_public=True)
        expected = world.parts.rolls()[rows].sum() / world.parts.posts[rows].sum()
        assert world.pupils_per_post[stage] == pytest.approx(expected)


# ---- pupils, drawn anew ----


def test_first_pupils_entered_in_the_september_of_their_first_grade_and_live_in_the_catchment(world):
    pupils, places = founding._pupils(world), world.neighbourhoods
    grade, key, part = pupils["grade"], pupils["school"], pupils["part"]
    assert (np.diff(pupils["id"]) > 0).all()
    np.testing.assert_array_equal(identity.entry_year(pupils["id"]), 2015 - grade)
    stage = (grade > 6).astype(int)
    np.testing.assert_array_equal(part, world.parts.place[stage, key])
    public = world.parts.public[part]
    assert (places.catchment[stage, pupils["place"]] == key)[public].all()
    assert len(np.unique(pupils["place"][~public])) > len(places) // 2, "private schools take pupils from anywhere"
    x, y = world.parts.x_km[part], world.parts.y_km[part]
    away = np.hypot(pupils["home_x"] - x, pupils["home_y"] - y)
    np.testing.assert_allclose(pupils["distance_km"], away, atol=1e-12)


def test_first_pupils_have_been_at_their_school_since_its_stage_began_or_since_grade_one_where_they_go_through(world):
    pupils = founding._pupils(world)
    through = np.isin(pupils["school"], [key for key, school in world.schools.items() if school.direct_promotion])
    junior = pupils["grade"] > 6
    expected = pupils["grade"] - np.where(junior & ~through, 7, 1)
    np.testing.assert_array_equal(pupils["years_in_school"], expected)
    assert (through & junior).any() and (~through & junior).any()


def test_homes_are_dealt_by_the_children_of_each_neighbourhood_of_the_catchment(world):
    places, n = world.neighbourhoods, 4000
    part = int(world.parts.place[PRIMARY, places.catchment[PRIMARY][0]])
    mine = np.flatnonzero(places.catchment[PRIMARY] == world.parts.key[part])
    places.catchment[PRIMARY][mine[-1] + 1] = world.parts.key[part]
    mine = np.flatnonzero(places.catchment[PRIMARY] == world.parts.key[part])
    ids = identity.make(2014, identity.INITIAL, 7, np.arange(n))
    rows = founding._homes(world, ids, np.full(n, part))
    shares = np.bincount(rows, minlength=len(places))[mine] / n
    weights = places.births_share[mine] / places.births_share[mine].sum()
    assert len(mine) > 1 and shares.sum() == 1.0 and shares == pytest.approx(weights, abs=0.03)


# ---- what they know and what schools add ----


def learned(world, monkeypatch, value: float, b: float = 0.0, noise: float = 0.0) -> np.ndarray:
    """Return what four children of grades 1, 3, 7 and 9 know, who knew 1 at first and whose SES is 2.

    Half of it lasts each year; the primary of their neighbourhood adds `value`, their junior school twice as much.
    """
    world.p |= {"rho_K": 0.5, "lam_persist": 1.0, "b_g_ses_annual": b}
    primary = int(world.parts.place[PRIMARY, world.neighbourhoods.catchment[PRIMARY][0]])
    junior = int(world.parts.place[JUNIOR, world.neighbourhoods.catchment[JUNIOR][0]])
    added = np.full(len(world.parts), 99.0)
    added[primary], added[junior] = value, 2.0 * value
    monkeypatch.setattr(founding, "school_value", lambda world: added)
    monkeypatch.setattr(founding, "entry_knowledge", lambda *_: np.ones(4))
    monkeypatch.setattr(founding, "sd_growth", lambda p, years: noise * (years == world.system.years_to_middle))
    pupils = {
        "id": world.students.id[:4], "grade": np.array([1, 3, 7, 9]), "part": np.array([primary] * 2 + [junior] * 2),
        "place": np.zeros(4, np.int64), "ses": np.full(4, 2.0), "migrant": np.zeros(4, bool),
    }  # fmt: skip
    return founding._history(world, pupils)


def test_of_what_children_knew_a_share_lasts_each_year(world, monkeypatch):
    assert learned(world, monkeypatch, 0.0) == pytest.approx([1.0, 0.25, 2.0**-6, 2.0**-8])


def test_what_primary_and_junior_schools_and_families_added_builds_up_over_the_years_by_hand(world, monkeypatch):
    entry = np.array([1.0, 0.25, 2.0**-6, 2.0**-8])
    of_primary = np.array([0.0, 1.5, 2.0 - 2.0**-5, (2.0 - 2.0**-5) / 4])
    of_junior = np.array([0.0, 0.0, 0.0, 1.5])
    assert learned(world, monkeypatch, 0.1) == pytest.approx(entry + 0.1 * of_primary + 0.2 * of_junior)
    whole = of_primary + of_junior
    assert learned(world, monkeypatch, 0.0, b=0.1) == pytest.approx(entry + 0.1 * 2.0 * whole)


def test_luck_of_the_past_has_the_spread_that_keeps_the_variance(world, monkeypatch):
    luck = world.normal("family/history", world.students.id[:4], EVER)
    spread = 0.3 * np.sqrt((1.0 - 0.25 ** np.array([0, 2, 6, 8])) / 0.75)
    found = learned(world, monkeypatch, 0.0, noise=0.3) - learned(world, monkeypatch, 0.0)
    assert found == pytest.approx(spread * luck)


def test_a_school_adds_what_its_teachers_its_own_part_and_class_size_add(world):
    at, value = world.parts.of_teachers(), effects(world)
    rolls = founding._rolls_of_file(world)
    for part in (0, len(world.parts) - 1):
        roll, classes = rolls[part]
        expected = (
            value[at == part].mean() + school_part(world)[part] + size_effect(np.array([roll / classes]), world.p)
        )
        assert founding.level(world)[part] == pytest.approx(expected[0])
    world.teachers.post[at == 0] = world.parts.key[1]
    alone = school_part(world)[0] + size_effect(np.array([rolls[0][0] / rolls[0][1]]), world.p)[0]
    assert founding.level(world)[0] == pytest.approx(alone), "nobody there adds nothing"


def test_value_added_is_the_level_less_that_of_the_stage_and_what_peers_of_the_intake_add(world):
    world.p |= {"peer_linear": 0.5, "b0_ses_entry": 0.2}
    world.parts.intake[0] = 3.0
    expected = founding.level(world) - world.reference[world.parts.stage] + 0.1 * world.parts.intake
    assert founding.school_value(world) == pytest.approx(expected)
    world.reference[:] = 0.0
    assert founding.school_value(world)[0] == pytest.approx(founding.level(world)[0] + 0.3)


def test_rolls_and_classes_are_those_of_the_file_whoever_sits_there(world):
    table, target = world.data.schools.set_index("key"), world.parts.class_target(world.p)
    world.students.school[:] = 0
    for part, (roll, classes) in enumerate(founding._rolls_of_file(world)):
        grades = range(1, 7) if world.parts.stage[part] == PRIMARY else range(7, 10)
        pupils = [int(table.at[world.parts.key[part], f"pupils_g{grade}"]) for grade in grades]
        assert roll == sum(pupils)
        assert classes <= sum(-(-n // target[part]) for n in pupils) and classes >= len([n for n in pupils if n])


def test_schools_have_the_rooms_posts_and_names_of_the_file(world):
    for row in world.first_schools:
        school = world.schools[row["key"]]
        assert (
            school.name == {"zh": row["name_zh"], "en": row["name_en"]} and school.building_year == row["building_year"]
        )
        for stage, part in school.parts.items():
            word = ("primary", "junior")[stage]
            assert part.rooms == row[f"rooms_{word}"]
            assert part.posts.tolist() == [
                row[f"t_{word}_{group}"] for group in ("core", "science", "humanities", "pe_arts", "other")
            ]


def test_class_size_counts_for_a_stage_of_one_class_and_for_one_without_any(world, monkeypatch):
    few = [(60, 1), (0, 0), *founding._rolls_of_file(world)[2:]]
    monkeypatch.setattr(founding, "_rolls_of_file", lambda world: few)
    at, value = world.parts.of_teachers(), effects(world)
    teams = np.array([value[at == part].mean() for part in (0, 1)])
    sizes = size_effect(np.array([60.0, 0.0]), world.p)
    assert founding.level(world)[:2] == pytest.approx(teams + school_part(world)[:2] + sizes)


def test_on_the_first_september_only_junior_pupils_who_chose_sit_outside_their_catchment(world):
    students, at = world.students, world.student_parts()
    stage = (students.grade > 6).astype(int)
    home = world.neighbourhoods.rows(students.neighbourhood)
    away = (world.neighbourhoods.catchment[stage, home] != students.school) & world.parts.public[at]
    assert not away[stage == 0].any() and 0.05 < away[stage == 1].mean() < 0.5


def test_a_district_that_is_calibrated_opens_its_account(monkeypatch):
    monkeypatch.setattr(founding, "open_account", lambda world: ("account of", world.first_year))
    assert District("baseline", seed=1, fixed_parameters=True).account == ("account of", 2014)
