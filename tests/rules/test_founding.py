"""September of the first year is what the file says, and value added counts from its mean."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.rules import founding
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
