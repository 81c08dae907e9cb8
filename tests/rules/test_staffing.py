"""Staff: the law of the year, openings and hires with known answers."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest

from simsim.base.codes import FIRST, SECOND, SENIOR, SUBJECT_GROUPS
from simsim.district import District
from simsim.rules import staffing
from simsim.scenarios.scenario import Scenario
from simsim.world.staff import age
from simsim.world.teachers import team_weight
from tests.one_district import VALUES, lived
from tests.policies.training_trials import series, train

# ---- one rule at a time, in a district that can be changed at will ----


@pytest.fixture
def world():
    return lived()


def test_whose_month_has_come_retires_and_only_public_posts_are_counted_as_vacated(world):
    teachers, september = world.teachers, 2015 * 12 + 8
    world.p |= dict.fromkeys(staffing.EXIT_RATES, 0.0)
    teachers.retire_month[:] = september
    teachers.retire_month[:3], teachers.retire_month[3] = september - 1, september - 1
    teachers.public[3] = False
    world.vacated[:] = 9
    gone, cells = teachers.id[:4].tolist(), list(zip(teachers.stage[:3], teachers.subject[:3], strict=True))
    staffing.depart(world)
    assert not set(gone) & set(world.teachers.id.tolist()) and world.flows.tally["retirements"].sum() == 4
    assert world.vacated.sum() == 3 == world.vacated[staffing.RETIREMENT].sum()
    assert all(world.vacated[staffing.RETIREMENT][cell] > 0 for cell in cells)


AGES = ((23, 29), (30, 39), (40, 49), (50, 54))


@pytest.mark.parametrize(("rate", "ages"), list(zip(staffing.EXIT_RATES, AGES, strict=True)))
def test_each_age_band_leaves_at_its_own_rate(world, rate, ages):
    world.p |= dict.fromkeys(staffing.EXIT_RATES, 0.0) | {rate: 1.0}
    world.teachers.retire_month[:] = 9999 * 12
    old = age(world)
    leaving = (old >= ages[0]) & ((old <= ages[1]) | (rate == staffing.EXIT_RATES[-1]))
    ids, counted = world.teachers.id[~leaving], (leaving & world.teachers.public).sum()
    staffing.depart(world)
    assert (
        np.array_equal(world.teachers.id, ids) and world.vacated[staffing.EXIT].sum() == counted == world.vacated.sum()
    )


def test_who_lost_the_home_school_is_at_home_at_work(world):
    teachers = world.teachers
    row, other = (np.flatnonzero(teachers.stage == 0)[[0, 1]]).tolist()
    third, first = int(np.flatnonzero(teachers.stage == world.parts.stage[0])[2]), world.parts.key[0]
    teachers.home[row], teachers.home[other], teachers.home[third], teachers.post[third] = 998, 2, first, first + 1
    staffing.release_homeless(world)
    assert teachers.home[row] == teachers.post[row] and teachers.home[other] == 2 and teachers.home[third] == first


def test_posts_are_added_up_to_a_year_and_at_the_rate_of_public_posts(world):
    posts = int(world.parts.posts[world.parts.public].sum())
    world.p |= {"posts_growth_until": 2014.0, "posts_growth": 10.0 / posts}
    staffing.add_posts(world)
    assert world.parts.posts[world.parts.public].sum() == posts
    world.p["posts_growth_until"] = 2015.0
    world.vacated[:] = 0
    staffing.add_posts(world)
    assert abs(world.parts.posts[world.parts.public].sum() - posts - 10) <= 1
    assert (
        world.vacated[staffing.GROWTH].sum()
        == world.vacated.sum()
        == world.parts.posts[world.parts.public].sum() - posts
    )


def test_business_as_usual_shares_added_posts_like_the_posts_there_are(world):
    parts = world.parts
    posts, rolls = parts.posts.sum(axis=1), parts.rolls()
    staffing.share_posts(world, 400)
    added = parts.posts.sum(axis=1) - posts
    assert added.sum() == 400 == world.vacated[staffing.GROWTH].sum() and not added[~parts.public].any()
    load = []
    for stage in (0, 1):
        mine = parts.public & (parts.stage == stage)
        exact = added[mine].sum() * posts[mine] / posts[mine].sum()
        assert np.abs(added[mine] - exact).max() <= 1
        load.append(rolls[mine].sum() / world.pupils_per_post[stage] / parts.posts[mine].sum())
    assert load[0] == pytest.approx(load[1], abs=0.001)


def test_added_posts_are_levelled_where_a_policy_or_the_switch_says_so(world, monkeypatch):
    asked = []
    for name in ("spread_posts", "share_posts"):
        monkeypatch.setattr(staffing, name, lambda world, n, name=name: asked.append(name))
    staffing.add_posts(world)
    world.instructions.level_growth = True
    staffing.add_posts(world)
    world.instructions.level_growth = False
    world.p["structure.growth_levelled"] = 1.0
    staffing.add_posts(world)
    assert asked == ["share_posts", "spread_posts", "spread_posts"]


def test_a_school_that_is_just_opening_gets_no_shared_post(world):
    world.parts.opening[0] = True
    before = int(world.parts.posts[0].sum())
    staffing.share_posts(world, 300)
    assert world.parts.posts[0].sum() == before


@pytest.mark.parametrize(
    ("n", "u", "drawn"), [(0, 0.5, []), (4, 0.0, [7, 7, 7, 9]), (4, 0.99, [7, 7, 7, 9]), (2, 0.6, [7, 9])]
)
def test_sampling_in_proportion_takes_each_row_as_often_as_its_weight_says(n, u, drawn):
    assert staffing.in_proportion(np.array([7, 8, 9]), np.array([3, 0, 1]), n, u).tolist() == drawn


def test_each_post_goes_where_most_pupils_share_one_counting_those_just_added(world):
    parts = world.parts
    parts.posts = 0
    parts.posts[:, 0] = 1000
    parts.posts[0, 0], parts.posts[1, 0] = 1, 1
    rolls = parts.rolls()
    parts.posts[2] = 0
    parts.opening[2] = True
    before = parts.posts.sum(axis=1).copy()
    need = rolls / world.pupils_per_post[parts.stage]
    expected = before.astype(float)
    for _ in range(12):
        best = max((0, 1), key=lambda row: need[row] / expected[row])
        expected[best] += 1
    staffing.spread_posts(world, 12)
    assert parts.posts.sum(axis=1).tolist() == expected.tolist()


def test_a_post_is_of_the_subject_that_is_shortest_against_the_mix_of_the_stage(world):
    parts = world.parts
    parts.posts = 0
    parts.posts[parts.stage == 0] = [40, 10, 10, 10, 10]
    parts.posts[0] = [40, 10, 3, 10, 10]
    world.vacated[:] = 0
    assert staffing.add_post(world, 0) == 2
    assert (
        parts.posts[0].tolist() == [40, 10, 4, 10, 10]
        and world.vacated[staffing.GROWTH, 0, 2] == 1 == world.vacated.sum()
    )


@pytest.mark.parametrize(
    ("posts", "mix", "short"),
    [([2, 0], [2.5, 1], 1), ([1, 0], [2.5, 1], 0), ([1, 2], [1, 2], 1), ([1, 0], [0, 0.5], 1), ([9, 9], [1, 1], 0)],
)
def test_the_subject_that_is_shortest_has_fewest_of_its_mix_once_the_post_is_added(posts, mix, short):
    parts = SimpleNamespace(post_mix=lambda stage: np.array(mix))
    part = SimpleNamespace(posts=np.array(posts), stage=0)
    assert staffing.group_short(SimpleNamespace(parts=parts), part) == short


def test_posts_spread_in_one_call_are_those_of_one_call_each(world):
    twin = deepcopy(world)
    staffing.spread_posts(world, 40)
    for _ in range(40):
        staffing.spread_posts(twin, 1)
    np.testing.assert_array_equal(world.parts.posts, twin.parts.posts)
    np.testing.assert_array_equal(world.vacated, twin.vacated)


def chooser(world, status=0.0, km=0.0):
    world.p |= {"teacher_u_school": status, "teacher_u_km": km}
    world.streams.per_person = lambda stream, year, ids, keys: np.full((len(ids), len(keys)), 0.5)
    vacant = np.zeros_like(world.parts.posts)
    rows = np.flatnonzero((world.teachers.stage == 0) & (world.teachers.subject == 0))[:3]
    return rows, vacant


def test_nobody_chooses_nothing_and_without_a_vacancy_nobody_goes(world):
    rows, vacant = chooser(world)
    assert staffing.choose_posts(world, rows[:0], vacant, rows[:0]).tolist() == []
    assert staffing.choose_posts(world, rows, vacant, np.full(3, -1)).tolist() == [-1] * 3


def test_a_newcomer_takes_the_vacancy_of_the_best_standing_and_it_is_gone(world):
    rows, vacant = chooser(world, status=1.0)
    world.parts.status = 0.0
    world.parts.status[3], world.parts.status[5] = 2.0, 1.0
    vacant[[3, 5], 0], vacant[25, 0], vacant[4, 1] = 1, 5, 5
    assert staffing.choose_posts(world, rows, vacant, np.full(3, -1)).tolist() == [3, 5, -1]
    assert vacant[:, 0].sum() == 5 == vacant[25, 0] and vacant[4, 1] == 5


def test_a_mover_leaves_a_vacancy_behind_and_never_takes_the_own_school(world):
    rows, vacant = chooser(world, status=1.0)
    world.parts.status = 0.0
    world.parts.status[3], world.parts.status[5] = 2.0, 1.0
    vacant[[3, 5], 0] = 1
    assert staffing.choose_posts(world, rows[:2], vacant, np.array([3, 0])).tolist() == [5, 3]
    assert vacant[[0, 3, 5], 0].tolist() == [1, 1, 0]


def test_distance_counts_from_the_present_school_and_not_for_a_newcomer(world):
    rows, vacant = chooser(world, km=-1.0)
    parts = world.parts
    parts.x_km, parts.y_km = np.arange(len(parts), dtype=float), np.zeros(len(parts))
    vacant[[2, 9], 0] = 5
    assert staffing.choose_posts(world, rows, vacant, np.array([8, 3, -1])).tolist() == [9, 2, 2]


def test_everybody_who_applies_moves_by_reputation_and_rotated_or_private_teachers_do_not(world):
    teachers, parts, asked = world.teachers, world.parts, []
    world.p["vol_move_base"] = 1.0 - 1e-12
    teachers.public[:5], teachers.post[5] = False, 2 if teachers.post[5] != 2 else 4
    staying = set(range(6))
    parts.posts += 20
    teachers.monitored[:] = np.sin(np.arange(len(teachers)))
    world.move_teachers = lambda rows, keys, reason: asked.append((rows.tolist(), keys.tolist(), reason))
    before = parts.vacancies().copy()
    staffing.move(world)
    rows, keys, reason = asked[0]
    assert reason == "voluntary" and not staying & set(rows)
    assert len(rows) > 1000 and (np.diff(teachers.monitored[rows]) <= 0).all()
    assert parts.public[[parts.place[teachers.stage[row], key] for row, key in zip(rows, keys, strict=True)]].all()
    assert np.array_equal(parts.vacancies(), before)


def test_the_odds_of_moving_fall_with_standing_and_rise_with_title(world):
    teachers, asked = world.teachers, {}
    world.p |= {"vol_move_base": 0.2, "vol_move_or_status": 0.5, "title_utility": 0.3}
    world.parts.status = 1.0
    world.rate = lambda name, base: asked.setdefault(name, base) * 0.0
    staffing.move(world)
    odds = 0.25 * 0.5 * np.exp(0.3 * (teachers.title - FIRST))
    assert asked["staff/voluntary-move"] == pytest.approx(odds / (1.0 + odds))


def test_backbone_teachers_fill_the_quota_of_their_stage_and_are_never_unnamed(world):
    teachers = world.teachers
    teachers.backbone[:] = ~teachers.public
    teachers.title[:] = FIRST
    world.rate = lambda name, base: np.array([0.1, 0.2])
    staffing.name_backbones(world)
    for stage, quota in enumerate((0.1, 0.2)):
        mine = teachers.public & (teachers.stage == stage)
        assert (mine & teachers.backbone).sum() == np.rint(quota * mine.sum())
    named = teachers.backbone.copy()
    world.rate = lambda name, base: np.zeros(2)
    staffing.name_backbones(world)
    assert np.array_equal(teachers.backbone, named)


def test_only_public_teachers_of_the_first_title_who_are_not_named_yet_may_be_named(world):
    teachers = world.teachers
    teachers.title[:], teachers.backbone[:], teachers.public[:] = SECOND, False, True
    teachers.title[:4] = [FIRST, SENIOR, FIRST, FIRST]
    teachers.backbone[2], teachers.public[3] = True, False
    assert staffing.candidates(world).tolist() == [0, 1]


def test_a_label_goes_to_the_best_looking_and_only_so_many_of_each_stage(world):
    teachers = world.teachers
    world.p["star_label_corr_mu"] = 1.0
    teachers.star[:] = False
    rows = np.flatnonzero(teachers.public)
    named = staffing.name(world, rows, np.array([3, 1]), "trial/stream", "star")
    assert teachers.star.sum() == 4 == len(named) and teachers.star[named].all()
    for stage, n in enumerate((3, 1)):
        mine = rows[teachers.stage[rows] == stage]
        assert set(named) & set(mine) == set(mine[np.argsort(-teachers.mu[mine])][:n])
    world.p["star_label_corr_mu"] = 0.0
    luck = rows[np.argsort(-world.normal("trial/stream", teachers.id[rows]))]
    first = luck[teachers.stage[luck] == 0][:2]
    assert staffing.name(world, rows, np.array([2, 0]), "trial/stream", "star").tolist() == first.tolist()


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize(("better", "luckier", "named"), [(0.7, 0.5, 0), (0.6, 0.5, 1)])
def test_what_is_seen_is_effectiveness_as_far_as_it_correlates_and_luck_for_the_rest(alike, better, luckier, named):
    """With a correlation of 0.6 luck counts 0.8: whoever is 0.7 better beats luck of 0.5, whoever is 0.6 better not."""
    p = VALUES | {"star_label_corr_mu": 0.6} | ({"sd_teacher_composite": 0.0} if alike else {})
    teachers = SimpleNamespace(
        mu=np.array([better, 0.0]) * (team_weight(p) or 1.0),
        id=np.arange(2),
        stage=np.zeros(2, int),
        star=np.zeros(2, bool),
    )
    world = SimpleNamespace(p=p, teachers=teachers, normal=lambda stream, ids: np.array([0.0, luckier]))
    assert staffing.name(world, np.arange(2), np.array([1, 0]), "trial/stream", "star").tolist() == [named]
    assert teachers.star.tolist() == [named == 0, named == 1]


def test_the_first_share_of_backbone_teachers_is_that_of_public_schools_in_the_file():
    rows = [{"ownership": "public"}, {"ownership": "public"}, {"ownership": "private"}]
    for row, named, staff in zip(rows, (2, 4, 50), (10, 10, 50), strict=True):
        row |= {"backbone_primary": named, "backbone_junior": 0} | {
            f"t_{stage}_{group}": staff * (stage == "primary")
            for stage in ("primary", "junior")
            for group in SUBJECT_GROUPS
        }
    assert staffing.first_share(SimpleNamespace(first_schools=rows)).tolist() == [0.06, 0.0]
    rows[0] |= {"backbone_junior": 1, f"t_junior_{SUBJECT_GROUPS[0]}": 1}
    assert staffing.first_share(SimpleNamespace(first_schools=rows)).tolist() == [0.06, 1.0]


# ---- whole districts ----


def baseline(**parameters: float) -> Scenario:
    """Return the baseline with parameters changed."""
    changed = {
        "schema": "simsim-scenario/1",
        "extends": "baseline",
        "name": "changed",
        "title": {"en": "c", "zh": "变"},
    }
    return Scenario.load(changed | {"parameters": parameters})


def test_without_departures_and_growth_nobody_comes_or_goes() -> None:
    still = dict.fromkeys(
        ("exit_u30", "exit_30_39", "exit_40_49", "exit_50p_nonretire", "posts_growth", "vol_move_base"), 0.0
    )
    district = District(baseline(**still), seed=2)
    before = set(district.teachers.id.tolist())
    district.teachers.retire_month[:] = 3000 * 12
    district.run(to=2017)
    assert set(district.teachers.id.tolist()) == before
    assert (district.teachers.post == district.teachers.home).all()


def test_full_replacement_keeps_the_headcount_of_public_schools() -> None:
    district = District(baseline(replacement_rate_baseline=1.0, posts_growth=0.0), seed=2)
    before = np.count_nonzero(district.teachers.public)
    district.run(to=2018)
    assert np.count_nonzero(district.teachers.public) == before


def test_more_hires_are_a_superset() -> None:
    few, many = (District(baseline(replacement_rate_baseline=rate), seed=2).run(to=2016) for rate in (0.5, 1.0))
    first = district_hires(few)
    assert first < district_hires(many)


def district_hires(district: District) -> set[int]:
    """Return the ids of the teachers hired in 2015."""
    return {row[1] for row in district.recorder.moves if row[0] == 2015 and row[4] == "hire"}


def test_weak_schools_lose_more_teachers_than_strong_ones() -> None:
    left, held = {True: 0, False: 0}, {True: 0, False: 0}
    for seed in (1, 2):
        district = District("baseline", seed=seed)
        district.step()
        strong = {p.key: p.status > 0 for p in district.parts}
        for key in district.teachers.post.tolist():
            held[strong[key]] += 1
        district.step()
        for row in district.recorder.moves:
            if row[4] == "voluntary":
                left[strong[row[2]]] += 1
    assert left[False] / held[False] > 1.5 * left[True] / held[True]


def test_without_a_policy_the_share_of_backbone_teachers_stays_as_it_was():
    district = train(2017, policy="")
    for stage in ("primary", "junior"):
        share = series(district, "backbone_share", stage)
        assert share[2017] == pytest.approx(share[2014], abs=0.01)
