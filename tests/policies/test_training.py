"""Training reaches everybody once a cycle and teaches nobody anything unless told
to; studios, names and coaching are levers.
"""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.rules import principals
from tests.policies.training_trials import series, train


def test_everybody_who_was_there_is_trained_within_three_years_and_a_third_each_year():
    district = train(2014)
    staff = len(district.teachers)
    district.run(to=2017)
    teachers = district.teachers
    assert (teachers.trained_year[identity.entry_year(teachers.id) < 2015] >= 2015).all()
    assert all(h.trained_year >= 2015 for h in principals.everybody(district) if h.since < 2015)
    assert series(district, "trained_teachers")[2015] == pytest.approx(staff / 3, rel=0.05)
    assert district.tables()["milestones"].iloc[0].tolist() == [
        "T",
        "everybody trained once",
        "2017-08",
        "2017-08",
        0,
        1,
    ]


@pytest.mark.slow
def test_the_next_cycle_keeps_everybody_trained_within_three_years():
    coverage = series(train(2021), "training_coverage")
    assert coverage[2015] < 0.4 < coverage[2016] < 0.7
    assert min(coverage[year] for year in range(2017, 2022)) > 0.93


def test_training_that_reaches_half_breaks_the_promise():
    district = train(2017, coverage=0.5)
    line = district.tables()["milestones"].iloc[0]
    assert line.met == 0 and line.done == "" and 0.4 < series(district, "training_coverage")[2017] < 0.55


@pytest.mark.slow
def test_training_by_itself_changes_no_score_and_costs_what_it_says():
    plain, trained = train(2017, policy=""), train(2017, cost=10.0)
    np.testing.assert_array_equal(plain.students.score, trained.students.score)
    people = sum(series(trained, "trained_teachers").values()) + sum(series(trained, "trained_principals").values())
    costs = trained.tables()["costs"]
    assert costs[costs.instance == "T"].value.sum() == 10.0 * people == 10.0 * trained.policies[0].touched


def test_an_effect_is_added_when_a_user_says_so_and_fades():
    district = train(2014, effect=0.2, cycle_years=1, parameters={"coaching_decay": 0.5})
    district.step()
    assert np.unique(district.teachers.coaching[identity.entry_year(district.teachers.id) < 2015]) == pytest.approx(
        [0.1]
    )


def test_studios_reach_members_of_the_stars_own_subject_and_add_nothing_unless_asked():
    plain, district, strong = (
        train(2015, policy=""),
        train(2015, studios=True, studio_members=4),
        train(2015, studios=True, studio_intensity=0.5, assume=("coaching_intensive",)),
    )
    stars = int(np.count_nonzero(district.teachers.star & district.teachers.public))
    assert series(district, "studio_members")[2015] == 4 * stars
    np.testing.assert_array_equal(plain.students.score, district.students.score)
    gained = strong.teachers.coaching > 0
    left = 1.0 - strong.p["coaching_decay"]
    assert np.unique(strong.teachers.coaching[gained]) == pytest.approx([0.5 * strong.p["coaching_intensive"] * left])
    subjects = {
        (s, g)
        for s, g, star in zip(strong.teachers.stage, strong.teachers.subject, strong.teachers.star, strict=True)
        if star
    }
    assert {
        (s, g) for s, g in zip(strong.teachers.stage[gained], strong.teachers.subject[gained], strict=True)
    } <= subjects


@pytest.mark.slow
def test_naming_raises_the_share_of_backbone_teachers_by_the_batches_and_no_effectiveness():
    plain = train(2019, policy="")
    named = train(2019, naming=True, backbone=0.01, leaders=3, delay_probability=0.0)
    for stage in ("primary", "junior"):
        more = [
            series(named, "backbone_share", stage)[y] - series(plain, "backbone_share", stage)[y]
            for y in (2015, 2016, 2017, 2019)
        ]
        assert more == pytest.approx([0.01, 0.02, 0.03, 0.03], abs=0.004)
    np.testing.assert_array_equal(plain.teachers.mu, named.teachers.mu)
    both = np.count_nonzero(named.teachers.star) - np.count_nonzero(plain.teachers.star)
    assert 6 <= both <= 9
    line = named.tables()["milestones"].iloc[1]
    assert (line.milestone, line.done, line.met) == ("subject leaders and backbone teachers grown", "2017-08", 1)


def test_naming_that_slips_comes_later_and_misses_its_date():
    district = train(2019, naming=True, delay_probability=1.0, delay_months=10)
    line = district.tables()["milestones"].iloc[1]
    assert (line.due, line.done, line.striving, line.met) == ("2017-08", "2018-06", 1, 0)
    share = series(district, "backbone_share", "primary")
    assert share[2015] == pytest.approx(share[2014], abs=0.01) and share[2018] > share[2015] + 0.02


@pytest.mark.slow
def test_labels_say_little_of_effectiveness():
    district = train(2024, naming=True, backbone=0.02, delay_probability=0.0)
    mu, backbone = district.teachers.mu, district.teachers.backbone
    assert 0.05 < np.corrcoef(mu, backbone)[0, 1] < 0.4
