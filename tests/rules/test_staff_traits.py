"""What is drawn once about a teacher: the numbers of the file, and applicants of which more are a superset."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import STAGES, TITLES
from simsim.rules import staff_traits
from simsim.rules.families import EVER
from simsim.rules.staff_traits import applicants, sorts_by, standardised
from simsim.rules.titles import titled_shares
from simsim.world.staff import age
from simsim.world.teachers import team_weight
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


# ---- the first staff, drawn anew ----

BANDS = ("u30", "30_39", "40_49", "50p")


def life(world, band: str) -> dict[str, np.ndarray]:
    """Return sex, age (years), experience and years in the school of the first staff if all were in one age band."""
    for stage in STAGES:
        world.p |= {f"age_share.{stage}.{name}": float(name == band) for name in BANDS}
    found = staff_traits._life(world, {"id": world.teachers.id, "stage": world.teachers.stage})
    return found | {"age": (world.year * 12 + 8 - found["birth_month"]) / 12}


@pytest.mark.parametrize(
    ("band", "youngest", "oldest", "oldest_man"),
    [("u30", 23, 30, 30), ("30_39", 30, 40, 40), ("40_49", 40, 50, 50), ("50p", 50, 55, 60)],
)
def test_ages_are_spread_evenly_over_their_band_and_the_oldest_men_work_five_years_longer(
    band, youngest, oldest, oldest_man
):
    world = founded()
    world.p["age.youngest"] = 25.0
    found = life(world, band)
    for sex, end in ((found["female"], oldest), (~found["female"], oldest_man)):
        ages = found["age"][sex]
        assert youngest <= ages.min() < youngest + 0.1 and end - 0.1 < ages.max() < end
        assert ages.mean() == pytest.approx((youngest + end) / 2, abs=0.25)
    whole = np.floor(found["age"]).astype(int)
    np.testing.assert_array_equal(found["experience"], np.maximum(whole - 25, 0))
    share = world.uniform("teacher/years-in-school", world.teachers.id, EVER)
    np.testing.assert_array_equal(found["years_in_school"], np.floor(found["experience"] * share))


def test_bands_and_women_are_as_many_as_their_shares_say_by_stage():
    world = founded()
    for word, shares in (("primary", (1, 2, 3, 4)), ("junior", (4, 3, 2, 1))):
        world.p |= {f"age_share.{word}.{band}": float(share) for band, share in zip(BANDS, shares, strict=True)}
    world.p |= {"women_share.primary": 0.9, "women_share.junior": 0.4}
    stage = world.teachers.stage
    found = staff_traits._life(world, {"id": world.teachers.id, "stage": stage})
    years = (world.year * 12 + 8 - found["birth_month"]) / 12
    for code, women, shares in ((0, 0.9, (1, 2, 3, 4)), (1, 0.4, (4, 3, 2, 1))):
        mine = stage == code
        counts = np.histogram(years[mine], [20, 30, 40, 50, 61])[0]
        assert counts / mine.sum() == pytest.approx(np.array(shares) / 10, abs=0.04)
        assert found["female"][mine].mean() == pytest.approx(women, abs=0.04)


@pytest.mark.parametrize("corr", [0.0, 0.6, 1.0])
def test_effectiveness_is_that_of_the_school_as_far_as_they_are_sorted_and_their_own(corr):
    world = founded()
    world.p["corr_teacher_school_ses_init"] = corr
    part = world.parts[3]
    people = staff_traits._of_part(world, part, {}, 2.0)
    own = world.normal("teacher/mu", people["id"], EVER)
    assert people["own"] == pytest.approx(corr * 2.0 + np.sqrt(1.0 - corr**2) * own)
    assert np.bincount(people["subject"], minlength=5).tolist() == part.posts.tolist()
    pool = identity.staff_pool(part.key, part.stage)
    np.testing.assert_array_equal(people["id"], identity.make(2014, identity.INITIAL, pool, np.arange(len(own))))


def standing(world, corr: float) -> dict[str, np.ndarray]:
    """Return titles, degrees and labels given anew to the first staff, without luck in titles."""
    world.p |= {"star_label_corr_mu": corr, "title_noise": 0.0}
    teachers, at = world.teachers, world.parts.of_teachers()
    order = np.argsort(at, kind="stable")
    columns = {name: teachers.columns[name][order] for name in ("id", "mu", "experience")}
    people = [{"id": columns["id"][at[order] == part.row]} for part in world.parts]
    rows = {row["key"]: row for row in world.first_schools}
    found = staff_traits._standing(world, columns, people, rows)
    return {name: values[np.argsort(order)] for name, values in found.items()}


def test_titles_follow_experience_and_effectiveness_labels_effectiveness_and_degrees_youth():
    world = founded()
    teachers, at = world.teachers, world.parts.of_teachers()
    for corr in (0.0, 1.0):
        found = standing(world, corr)
        earned = teachers.experience / 10.0 + corr * teachers.mu / team_weight(world.p)
        for part in (0, len(world.parts) - 1):
            mine = at == part
            for title in found["title"][mine]:
                lower, higher = (mine & (found["title"] < title), mine & (found["title"] >= title))
                assert not lower.any() or earned[lower].max() <= earned[higher].min()
            young = mine & (found["degree"] == world.parts.stage[part] + 1)
            assert young.any() and set(found["degree"][mine & ~young]) == {world.parts.stage[part]}
            assert teachers.experience[young].max() <= teachers.experience[mine & ~young].min()
            for label in ("backbone", "star") if corr == 1.0 else ():
                chosen = mine & (found[label] == 1)
                best = np.sort(teachers.mu[mine])[mine.sum() - chosen.sum() :]
                np.testing.assert_array_equal(np.sort(teachers.mu[chosen]), best)


# ---- applicants ----


def test_who_was_employed_is_no_applicant_any_more_and_the_next_ones_follow():
    world = lived()
    first = applicants(world, 1, 2, 3)
    expected = identity.make(2015, identity.HIRE, 1 * 5 + 2, np.arange(7))
    np.testing.assert_array_equal(first["id"], expected[:3])
    hired = first | {"post": np.full(3, 1), "home": np.full(3, 1)}
    world.flows.employ("hires", **hired)
    np.testing.assert_array_equal(applicants(world, 1, 2, 4)["id"], expected[3:7])
    assert applicants(world, 0, 2, 1)["id"][0] == identity.make(2015, identity.HIRE, 2, 0)
    assert applicants(world, 1, 2, 1, identity.STAR)["id"][0] == identity.make(2015, identity.STAR, 7, 0)
    several = applicants(world, np.array([1, 0]), np.array([2, 4]), np.array([2, 3]))
    assert several["stage"].tolist() == [1, 1, 0, 0, 0] and several["subject"].tolist() == [2, 2, 4, 4, 4]
    np.testing.assert_array_equal(several["id"][:2], expected[3:5])


def test_applicants_are_of_an_age_between_the_youngest_and_the_last_to_be_hired_women_by_the_share_of_the_stage():
    world = lived()
    world.p |= {"age.youngest": 22.0, "age.hire_last": 30.0, "women_share.primary": 0.8, "women_share.junior": 0.3}
    for stage, women in ((0, 0.8), (1, 0.3)):
        made = applicants(world, stage, 0, 600)
        u = world.uniform("teacher/birth-month", made["id"], EVER)
        np.testing.assert_array_equal(2015 * 12 + 8 - made["birth_month"], np.floor(12 * (22.0 + 8.0 * u)))
        assert made["female"].mean() == pytest.approx(women, abs=0.05)
        own = world.normal("teacher/mu", made["id"], EVER)
        assert made["mu"] == pytest.approx(team_weight(world.p) * own)
