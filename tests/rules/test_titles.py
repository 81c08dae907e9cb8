"""Titles: years of service, the quota of a stage, and posts that belong to schools."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import FIRST, NO_TITLE, SECOND, SENIOR
from simsim.rules import titles
from tests.one_district import founded, lived


@pytest.fixture
def world():
    return lived()


def titled(world, title: int, since: int, experience: int, **parameters: float) -> None:
    """Give everybody one title, years since it and experience, where only the stage's quota limits the senior title."""
    world.p |= {"title_L1_hazard_after5": 1.0, "title_senior_hazard_after10": 1.0, "structure.titles_of_schools": 0.0}
    world.p |= parameters
    world.teachers.title[:] = title
    world.teachers.title_year[:] = 2015 - since
    world.teachers.experience[:] = experience


def test_the_second_title_comes_after_the_first_year(world):
    titled(world, NO_TITLE, 0, 0)
    world.teachers.experience[1::2] = 1
    titles.promote(world)
    assert (world.teachers.title[::2] == NO_TITLE).all() and (world.teachers.title[1::2] == SECOND).all()


def test_the_first_title_comes_once_the_wait_is_over_and_is_dated(world):
    wait = int(world.p["title_first_wait_years"])
    titled(world, SECOND, 3, wait - 1)
    world.teachers.experience[::2] = wait
    titles.promote(world)
    assert (world.teachers.title[::2] == FIRST).all() and (world.teachers.title_year[::2] == 2015).all()
    assert (world.teachers.title[1::2] == SECOND).all() and (world.teachers.title_year[1::2] == 2012).all()


@pytest.mark.parametrize(
    ("title", "hazard"), [(SECOND, "title_L1_hazard_after5"), (FIRST, "title_senior_hazard_after10")]
)
def test_nobody_rises_without_a_chance_and_some_with_half_of_one(world, title, hazard):
    titled(world, title, 30, 30, **{hazard: 0.0})
    titles.promote(world)
    assert (world.teachers.title == title).all()
    titled(world, title, 30, 30, **{hazard: 0.5}, senior_quota_primary=1.0, senior_quota_junior=1.0)
    u = world.uniform("staff/title", world.teachers.id)
    titles.promote(world)
    assert np.array_equal(world.teachers.title > title, u < 0.5)


def test_seniors_fill_the_quota_of_the_stage_exactly_by_lot(world):
    titled(world, FIRST, 30, 30, senior_quota_primary=0.101, senior_quota_junior=0.2)
    u = world.uniform("staff/title", world.teachers.id)
    titles.promote(world)
    for stage, quota in enumerate((0.101, 0.2)):
        mine = world.teachers.stage == stage
        senior = mine & (world.teachers.title == SENIOR)
        assert senior.sum() == int(quota * mine.sum()) and u[senior].max() < u[mine & ~senior].min()
        assert (world.teachers.title_year[senior] == 2015).all()


def test_those_who_are_senior_already_take_room_of_the_quota_of_their_own_stage(world):
    titled(world, FIRST, 30, 30, senior_quota_primary=0.1, senior_quota_junior=0.1)
    primary = np.flatnonzero(world.teachers.stage == 0)
    room = int(0.1 * len(primary) - 7)
    world.teachers.title[primary[:7]] = SENIOR
    titles.promote(world)
    assert (world.teachers.title[primary] == SENIOR).sum() == 7 + room
    junior = world.teachers.stage == 1
    assert (world.teachers.title[junior] == SENIOR).sum() == int(0.1 * junior.sum())
    world.teachers.title[primary] = SENIOR
    titles.promote(world)
    assert (world.teachers.title[primary] == SENIOR).all()


def test_a_quota_that_is_full_or_passed_lets_nobody_rise(world):
    titled(world, FIRST, 30, 30, senior_quota_primary=0.0, senior_quota_junior=0.0)
    world.teachers.title[:7] = SENIOR
    titles.promote(world)
    assert (world.teachers.title == SENIOR).sum() == 7 and (world.teachers.title_year == 1985).all()


def test_nobody_rises_twice_in_a_year(world):
    titled(world, NO_TITLE, 30, 30, senior_quota_primary=1.0, senior_quota_junior=1.0)
    for title in (SECOND, FIRST):
        titles.promote(world)
        assert (world.teachers.title == title).all()


def test_the_senior_title_waits_for_experience_and_for_years_since_the_first(world):
    since, wait = int(world.p["title_senior_after_first"]), int(world.p["title_senior_wait_years"])
    full = {"senior_quota_primary": 1.0, "senior_quota_junior": 1.0}
    for years, experience, senior in ((since, wait, True), (since - 1, wait, False), (since, wait - 1, False)):
        titled(world, FIRST, years, experience, **full)
        titles.promote(world)
        assert (world.teachers.title == (SENIOR if senior else FIRST)).all()


# ---- titled posts of a school ----


def by_part(world, title: int) -> np.ndarray:
    """Return how many at home in each part hold a title or a higher one."""
    teachers = world.teachers
    home = world.parts.place[teachers.stage, teachers.home]
    return np.bincount(home[teachers.title >= title], minlength=len(world.parts))


def eager(world) -> None:
    """Let everybody be ready who may be, let schools own their titled posts, and let each have some free ones."""
    world.parts.posts[:, 0] += 20
    world.p |= {"title_L1_hazard_after5": 1.0, "title_senior_hazard_after10": 1.0, "structure.titles_of_schools": 1.0}


def test_on_the_first_september_no_titled_post_is_free_and_nobody_is_beyond_them():
    assert not titles.free_titled_posts(founded()).any()


def test_who_rises_finds_a_free_titled_post_of_the_own_school(world):
    eager(world)
    free = titles.free_titled_posts(world).clip(min=0)
    before = {title: by_part(world, title) for title in (FIRST, SENIOR)}
    titles.promote(world)
    for column, title in enumerate((FIRST, SENIOR)):
        risen = by_part(world, title) - before[title]
        assert risen.sum() and (risen <= free[:, column]).all()
    assert (titles.free_titled_posts(world)[free[:, 0] > 0, 0] >= 0).all()


def test_the_lowest_draw_of_a_school_rises_first(world):
    eager(world)
    teachers = world.teachers
    ready = (teachers.title == SECOND) & (teachers.experience >= world.p["title_first_wait_years"])
    u, home = world.uniform("staff/title", teachers.id), world.parts.place[teachers.stage, teachers.home]
    titles.promote(world)
    for part in range(len(world.parts)):
        risen, left = (ready & (home == part) & (teachers.title == title) for title in (FIRST, SECOND))
        assert not risen.any() or not left.any() or u[risen].max() < u[left].min()


def test_a_school_with_more_titles_than_posts_keeps_them_and_raises_nobody(world):
    eager(world)
    home = world.parts.place[world.teachers.stage, world.teachers.home]
    world.teachers.title[home == 0] = SENIOR
    world.teachers.title[np.flatnonzero(home == 0)[:3]] = SECOND
    world.parts.posts[0, 0] -= 20
    assert (titles.free_titled_posts(world)[0] < 0).all()
    titles.promote(world)
    assert (world.teachers.title[np.flatnonzero(home == 0)[:3]] == SECOND).all()
    assert by_part(world, SENIOR)[0] == (home == 0).sum() - 3


def test_more_posts_bring_titled_posts_in_the_share_of_the_first_year(world):
    share, before = titles.titled_shares(world), titles.free_titled_posts(world)
    world.parts.posts[0, 0] += 100
    gained = (titles.free_titled_posts(world) - before)[0]
    assert np.abs(gained - 100 * share[0]).max() <= 1 and share[0, 0] > share[0, 1] > 0


def test_a_school_opened_since_has_the_titled_posts_of_its_stage(world):
    key = int(world.parts.key[0])
    shares = titles.titled_shares(world)
    world.first_schools = [row for row in world.first_schools if row["key"] != key]
    alone = titles.titled_shares(world)
    mine = world.parts.stage == world.parts.stage[0]
    assert alone[0, 0] != shares[0, 0] and shares[mine, 0].min() < alone[0, 0] < shares[mine, 0].max()


def test_schools_that_share_a_pool_rise_into_each_others_posts(world):
    eager(world)
    place, keys = world.parts.place, world.parts.key
    one, other = int(keys[0]), int(keys[1])
    world.instructions.title_pools = {other: one}
    assert titles.pools(world)[[0, 1]].tolist() == [0, 0] and titles.pools(world)[2] == 2
    home = place[world.teachers.stage, world.teachers.home]
    world.teachers.title[home == 0] = SECOND
    world.teachers.experience[home == 0] = 0
    world.teachers.title[home == 1] = SECOND
    world.teachers.experience[home == 1] = 30
    room, before = titles.free_titled_posts(world)[:2, 0].sum(), by_part(world, FIRST)[:2]
    titles.promote(world)
    risen = by_part(world, FIRST)[:2] - before
    assert risen[0] == 0 and risen[1] == min(room, (home == 1).sum()) > titles.free_titled_posts(world)[1, 0]


def test_parts_belong_to_the_pool_of_their_leading_school_where_it_teaches_the_stage_and_else_to_their_own(world):
    parts = world.parts
    primary, junior = (parts.of_stage(stage) for stage in (0, 1))
    lead = int(np.setdiff1d(parts.key[primary], parts.key[junior])[-1])
    world.instructions.title_pools = {int(key): lead for key in parts.key[[primary[0], junior[0]]]}
    expected = np.arange(len(parts))
    expected[np.isin(parts.key, list(world.instructions.title_pools)) & (parts.stage == 0)] = parts.place[0, lead]
    assert titles.pools(world).tolist() == expected.tolist() and (expected != np.arange(len(parts))).any()


def test_a_school_where_nobody_is_senior_keeps_its_own_share_of_first_titles_and_has_no_senior_post(world):
    row = next(row for row in world.first_schools if row["key"] == world.parts.key[0])
    part, first = world.parts[0], titles.titled_shares(world)[0]
    word = ("primary", "junior")[part.stage]
    world.first_schools = [row | {f"title_senior_{word}": 0}, *(r for r in world.first_schools if r is not row)]
    share = row[f"title_first_{word}"] / sum(row[column] for column in titles.STAFF[word])
    assert titles.titled_shares(world)[0] == pytest.approx([share, 0.0]) and first[1] > 0.0
