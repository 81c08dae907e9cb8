"""Recruitment and noted teachers: how many come, where they go, what they cost."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import CORE, SENIOR
from simsim.district import District
from simsim.inputs.errors import InputError

CLOSED = {"posts_growth": 0.0} | dict.fromkeys(("exit_u30", "exit_30_39", "exit_40_49", "exit_50p_nonretire"), 0.0)


def hire(to: int, policy: str = "recruitment", seed: int = 5, parameters: dict | None = None, **settings) -> District:
    instance = {"policy": policy, "from": "2015-09-01", "settings": settings}
    spec = {"name": "trial", "extends": "baseline", "policies": {"R": instance}, "parameters": parameters or {}}
    return District(spec, seed=seed, fixed_parameters=True).run(to=to)


def series(district: District, name: str, stage: str = "all") -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.stage == stage) & (table.group == "all")]
    return dict(zip(mine.year, mine.value, strict=True))


def test_a_closed_district_that_matches_retirements_keeps_its_headcount():
    district = hire(2020, parameters=CLOSED)
    assert len(set(series(district, "teachers").values())) == 1
    assert series(district, "hires")[2016] > 20
    for stage in ("primary", "junior"):
        assert len(set(series(district, "teachers", stage).values())) == 1


def test_hires_equal_the_retirements_of_public_teachers_whoever_else_leaves():
    district = hire(2014, parameters={"posts_growth": 0.0, "exit_30_39": 0.1})
    for year in range(2015, 2018):
        district.step()
        retired, left = district.openings[:2].sum(axis=(1, 2))
        assert series(district, "hires")[year] == retired > 0
        assert left > retired / 2


def test_match_posts_fills_every_post_again_and_again():
    district = hire(2018, mode="match_posts", parameters={"exit_30_39": 0.1})
    for name in ("primary", "junior"):
        teachers, posts = series(district, "teachers", name), series(district, "posts", name)
        assert all(teachers[year] == posts[year] for year in range(2015, 2019))


def test_a_larger_share_hires_a_superset_of_the_same_people():
    few, many = (hire(2015, mode="replace_share", share=share) for share in (0.3, 0.9))
    new = [set(d.teachers.id[identity.entry_year(d.teachers.id) == 2015].tolist()) for d in (few, many)]
    assert new[0] < new[1]


def test_extra_posts_are_posts_and_are_filled_and_paid_by_the_district():
    plain, more = hire(2016), hire(2016, extra_posts=20)
    posts = [sum(part.posts.sum() for part in d.parts) for d in (plain, more)]
    assert posts[1] - posts[0] == pytest.approx(40, abs=2)
    assert series(more, "hires")[2015] == series(plain, "hires")[2015] + 20
    assert series(more, "cost_staff")[2016] > series(plain, "cost_staff")[2016]
    assert not (more.tables()["costs"].instance == "R").any()


@pytest.mark.parametrize("rule", ("need", "equal"))
def test_new_teachers_sent_by_rule_even_out_what_the_rule_looks_at(rule):
    chosen, sent = hire(2020), hire(2020, assignment=rule)
    unequal = []
    for district in (chosen, sent):
        public = [i for i, part in enumerate(district.parts) if part.stage == 0 and part.school.public]
        staff = district.staff_by_part().sum(axis=1)[public]
        at, new = district.teacher_parts(), district.teachers.experience < 6
        share = np.bincount(at[new], minlength=len(district.parts))[public] / staff
        unequal.append(np.std(share if rule == "equal" else district.rolls()[public] / staff))
    assert unequal[1] < unequal[0]


def test_two_rules_of_recruitment_are_a_conflict():
    twice = {name: {"policy": "recruitment", "from": "2015-09-01"} for name in ("A", "B")}
    with pytest.raises(InputError, match="both set the number of hires"):
        District({"name": "trial", "extends": "baseline", "policies": twice})


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
