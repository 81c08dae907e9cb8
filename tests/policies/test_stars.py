"""Stars: how many come, in whose posts, how good they are, and where they go."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import CORE, SENIOR
from simsim.district import District
from tests.policies.recruitment_trials import CLOSED, hire


@pytest.mark.slow
def test_one_or_two_stars_come_a_year_in_posts_of_their_own_and_cost_what_they_cost():
    district, without = (
        hire(2020, "stars", parameters=CLOSED, **s) for s in ({"cost_once": 100_000}, {"stars_per_year": 0})
    )
    arrived = identity.route(district.teachers.id) == identity.STAR
    years, counts = np.unique(identity.entry_year(district.teachers.id[arrived]), return_counts=True)
    assert years.tolist() == list(range(2015, 2021)) and set(counts) <= {1, 2}
    costs = district.tables()["costs"]
    assert costs[costs.instance == "R"].value.sum() == 100_000 * district.policies[0].touched == 100_000 * counts.sum()
    posts = [sum(part.posts[CORE] for part in d.parts) for d in (district, without)]
    assert posts[0] - posts[1] == counts.sum()


def test_stars_are_senior_experienced_and_on_average_only_a_little_better():
    district = hire(2015, "stars", stars_per_year=50)
    teachers = district.teachers
    stars = identity.route(teachers.id) == identity.STAR
    assert stars.sum() == 50
    assert teachers.star[stars].all() and teachers.backbone[stars].all() and (teachers.title[stars] == SENIOR).all()
    assert (teachers.subject[stars] == CORE).all() and teachers.experience[stars].min() > 10
    p = district.p
    best = (
        1.755 * p["star_label_corr_mu"] * p["sd_teacher_composite"] * 3**0.5 * p["va_portability_primary"]
    )  # mean of the top tenth
    assert 0.2 * best < teachers.mu[stars].mean() < 1.4 * best


def test_a_label_without_meaning_brings_nobody_better():
    teachers = hire(2015, "stars", stars_per_year=50, label_corr=0.0).teachers
    stars = identity.route(teachers.id) == identity.STAR
    assert abs(teachers.mu[stars].mean()) < 0.06


def test_stars_go_to_the_weakest_schools_one_each():
    before = hire(2014, "stars")
    district = hire(2015, "stars", stars_per_year=4, placement="weakest")
    table = district.tables()["teacher_moves"]
    placed = set(table[table.reason == "stars"][["stage", "destination"]].itertuples(index=False, name=None))
    assert len(placed) == 4
    for stage, word in enumerate(("primary", "junior")):
        ranked = sorted((p for p in before.parts if p.stage == stage and p.school.public), key=lambda p: p.monitored)
        mine = {key for where, key in placed if where == word}
        assert mine == {p.key for p in ranked[: len(mine)]}


def test_without_clusters_there_is_no_lead_and_the_weakest_get_the_stars():
    lead, weak = (hire(2016, "stars", placement=rule).teachers.to_frame() for rule in ("lead", "weakest"))
    assert lead.equals(weak)


def test_the_stars_of_two_instances_are_different_people():
    stars = {"policy": "stars", "from": "2015-09-01", "settings": {"stars_per_year": 3}}
    spec = {"name": "two", "extends": "baseline", "policies": {"one": stars, "other": stars}}
    ids = District(spec, seed=1).run(to=2015).teachers.id
    assert np.count_nonzero(identity.route(ids) == identity.STAR) == 6
