"""Recruitment and noted teachers: how many come, where they go, what they cost."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.district import District
from simsim.inputs.errors import InputError
from tests.policies.recruitment_trials import CLOSED, hire


def series(district: District, name: str, stage: str = "all") -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[(table.indicator == name) & (table.stage == stage) & (table.group == "all")]
    return dict(zip(mine.year, mine.value, strict=True))


@pytest.mark.slow
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
        retired, left = district.vacated[:2].sum(axis=(1, 2))
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


@pytest.mark.slow
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
