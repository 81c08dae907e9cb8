"""What is drawn once about a teacher: the numbers of the file, and applicants of which more are a superset."""

from __future__ import annotations

import numpy as np

from simsim.base.codes import STAGES, TITLES
from simsim.rules.staff_traits import applicants, sorts_by, standardised
from simsim.rules.titles import titled_shares
from simsim.world.staff import age
from tests.one_district import founded, lived


def test_every_part_has_the_staff_titles_and_labels_of_the_file():
    world = founded()
    teachers, at = world.teachers, world.parts.of_teachers()
    rows = {row["key"]: row for row in world.first_schools}
    assert np.array_equal(world.parts.staff(), world.parts.posts)
    for part in world.parts:
        row, word, mine = rows[part.key], STAGES[part.stage], at == part.row
        titles = [row[f"title_{title}_{word}"] for title in TITLES]
        assert np.bincount(teachers.title[mine], minlength=4).tolist() == titles
        assert (
            teachers.backbone[mine].sum() == row[f"backbone_{word}"]
            and teachers.star[mine].sum() == row[f"star_{word}"]
        )
        assert (teachers.degree[mine] == part.stage + 1).sum() == row[f"overqualified_{word}"]
        assert (teachers.public[mine] == part.school.public).all()


def test_nobody_is_too_young_or_retired_already_and_nobody_served_longer_than_a_career():
    world = founded()
    teachers, old = world.teachers, age(world)
    assert old.min() >= 22 and old.max() < 60 and old[teachers.female].max() < 55
    assert (teachers.experience == np.maximum(old - int(world.p["age.youngest"]), 0)).mean() > 0.9
    assert (teachers.years_in_school <= teachers.experience).all()


def test_more_applicants_are_a_superset_with_the_same_traits():
    world = lived()
    few, many = applicants(world, 1, 2, 3), applicants(world, 1, 2, 9)
    assert all(np.array_equal(few[name], many[name][:3]) for name in few)
    assert len(set(many["id"].tolist())) == 9 and set(many["stage"]) == {1} and set(many["subject"]) == {2}
    assert not set(many["id"].tolist()) & set(applicants(world, 1, 3, 9)["id"].tolist())


def test_applicants_are_young_overqualified_by_a_degree_and_of_this_year():
    world = lived()
    made = applicants(world, 0, 0, 50)
    years = (2015 * 12 + 8 - made["birth_month"]) / 12
    assert years.min() >= world.p["age.youngest"] and years.max() <= world.p["age.hire_last"]
    assert set(made["degree"]) == {1} and set(made["moved_year"]) == {2015} and made["public"].all()


def test_the_first_staff_is_sorted_by_intake_by_titles_or_by_both():
    world = founded()
    intake, stage = np.linspace(-1.0, 1.0, len(world.parts)), world.parts.stage
    shares = titled_shares(world)[:, 0]
    found = {}
    for weight in (0.0, 0.5, 1.0):
        world.p["structure.staff_sorted_by_title"] = weight
        found[weight] = sorts_by(world, intake)
        assert abs(found[weight].mean()) < 1e-9 and abs(found[weight].std() - 1.0) < 1e-9
    np.testing.assert_allclose(found[0.0], standardised(intake))
    for s in (0, 1):
        np.testing.assert_allclose(standardised(found[1.0][stage == s]), standardised(shares[stage == s]))
    np.testing.assert_allclose(found[0.5], standardised(found[0.0] + found[1.0]))


def test_values_that_do_not_differ_sort_nobody():
    assert standardised(np.full(3, 7.0)).tolist() == [0.0, 0.0, 0.0]
