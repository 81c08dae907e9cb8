"""Hiring: how many the year allows, who comes first, and which vacancy each takes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.rules import hiring
from simsim.rules.staffing import NONE
from simsim.world.teachers import team_weight
from tests.one_district import VALUES, lived


@pytest.fixture
def world():
    district = lived()
    district.vacated[:] = 0
    return district


# ---- how many ----


def test_nothing_vacant_means_nobody_wanted(world):
    assert (hiring.wanted(world) == 0).all()


def test_each_kind_of_vacated_post_is_filled_by_its_own_share(world):
    world.vacated[0, PRIMARY, 1], world.vacated[1, JUNIOR, 2], world.vacated[2, JUNIOR, 4] = 3, 5, 7
    for kind, (cell, n) in {"retirement": ((0, 1), 3), "exit": ((1, 2), 5), "growth": ((1, 4), 7)}.items():
        world.instructions.fill = dict.fromkeys(("retirement", "exit", "growth"), 0.0) | {kind: 1.0}
        wanted = hiring.wanted(world)
        assert wanted[cell] == n == wanted.sum()


def test_a_share_of_posts_is_rounded_by_lot_to_a_whole_number_next_to_it(world):
    world.vacated[0] = 3
    world.instructions.fill = {"retirement": 0.5, "exit": 0.0, "growth": 0.0}
    wanted = hiring.wanted(world)
    assert set(wanted.ravel().tolist()) == {1, 2}


# ---- who ----


def test_nobody_is_engaged_for_nothing(world):
    n = len(world.teachers)
    rows = hiring.engage(world, np.zeros((2, 5), np.int64), "hires")
    assert rows.shape == (0,) and len(world.teachers) == n and "hires" not in world.flows.tally


def test_the_first_applicants_of_each_stage_and_subject_are_engaged(world):
    counts = np.zeros((2, 5), np.int64)
    counts[PRIMARY, 0], counts[JUNIOR, 3] = 2, 1
    rows = hiring.engage(world, counts, "trial", public=False)
    teachers = world.teachers
    assert sorted(zip(teachers.stage[rows].tolist(), teachers.subject[rows].tolist(), strict=True)) == [
        (PRIMARY, 0), (PRIMARY, 0), (JUNIOR, 3),
    ]  # fmt: skip
    assert not teachers.public[rows].any() and world.flows.tally["trial"].tolist() == [2, 1]
    expected = np.concatenate([identity.make(2015, identity.HIRE, 0, np.arange(2)),
                               identity.make(2015, identity.HIRE, 8, np.arange(1))])  # fmt: skip
    assert teachers.id[rows].tolist() == expected.tolist()


def people(mu) -> SimpleNamespace:
    return SimpleNamespace(mu=np.array(mu), id=np.arange(len(mu)))


@pytest.mark.parametrize("corr", [0.0, 0.6, 1.0])
def test_what_interviews_show_is_effectiveness_as_far_as_it_correlates_and_noise_for_the_rest(corr):
    p, noise = VALUES | {"applicant_signal_corr": corr}, np.array([1.0, -2.0])
    world = SimpleNamespace(p=p, teachers=people([0.0, 0.1, 0.3]), normal=lambda stream, ids: noise)
    expected = corr * np.array([0.1, 0.3]) / team_weight(p) + np.sqrt(1.0 - corr**2) * noise
    assert hiring.signal(world, np.array([1, 2])) == pytest.approx(expected)


def test_where_all_teachers_are_alike_the_signal_is_still_a_number():
    p = VALUES | {"sd_teacher_composite": 0.0, "applicant_signal_corr": 0.6}
    world = SimpleNamespace(p=p, teachers=people([0.5]), normal=lambda stream, ids: np.ones(1))
    assert hiring.signal(world, np.array([0])) == pytest.approx([0.6 * 0.5 + 0.8])


# ---- where ----


def small(pupils=(100, 60, 90), heads=(10, 10, 10), new=(0, 0, 0), opening=(False,) * 3, public=(True,) * 3):
    """Return three parts (two primary, one junior) with pupils and teachers, and four new teachers to be posted:
    three primary (core, core, science), one junior (core).
    """
    teachers = SimpleNamespace(
        stage=np.array([0, 0, 0, 1]), subject=np.array([0, 0, 1, 0]), id=np.arange(4), experience=np.zeros(4),
    )  # fmt: skip
    stages = np.array([0, 0, 1])
    parts = SimpleNamespace(
        stage=stages, rolls=lambda: np.array(pupils), opening=np.array(opening),
        staff=lambda: np.array([[n, 0] for n in heads]), public=np.array(public),
        of_teachers=lambda: np.repeat([0, 1, 2, -1], [*new, 4 - sum(new)]),
        of_stage=lambda stage, only_public: np.flatnonzero((stages == stage) & (public if only_public else 1)),
        __len__=lambda: 3,
    )  # fmt: skip
    return SimpleNamespace(teachers=teachers, parts=Three(vars(parts)), p={"novice_years": 5.0})


class Three(SimpleNamespace):
    def __init__(self, columns) -> None:
        super().__init__(**{name: value for name, value in columns.items() if name != "__len__"})

    def __len__(self) -> int:
        return 3


ROWS, ORIGIN = np.arange(4), np.full(4, NONE)


def test_by_need_each_goes_where_most_pupils_share_a_teacher_counting_who_was_just_sent():
    vacant = np.array([[5, 0], [5, 5], [1, 0]])
    world = small(pupils=(100, 95, 90))
    chosen = hiring.post_by_need(world, ROWS, vacant, ORIGIN)
    assert chosen.tolist() == [0, 1, 1, 2]
    assert vacant.tolist() == [[4, 0], [4, 4], [0, 0]]


def test_by_need_the_neediest_keeps_getting_while_it_stays_the_neediest():
    assert hiring.post_by_need(small((100, 88, 9)), ROWS[:2], np.full((3, 2), 5), ORIGIN).tolist() == [0, 0]
    assert hiring.post_by_need(small((100, 92, 9)), ROWS[:2], np.full((3, 2), 5), ORIGIN).tolist() == [0, 1]


def test_by_need_a_full_school_gets_nobody_and_without_a_vacancy_there_is_none():
    assert hiring.post_by_need(small(), ROWS, np.array([[1, 0], [1, 0], [0, 9]]), ORIGIN).tolist() == [0, 1, -1, -1]
    assert hiring.post_by_need(small(), ROWS, np.zeros((3, 2), int), ORIGIN).tolist() == [-1] * 4


def test_a_school_without_teachers_is_as_needy_as_with_one():
    assert hiring.post_by_need(small(heads=(1, 0, 5)), ROWS[:1], np.ones((3, 2), int), ORIGIN).tolist() == [0]
    assert hiring.post_by_need(small((50, 60, 1), (1, 0, 5)), ROWS[:1], np.ones((3, 2), int), ORIGIN).tolist() == [1]
    assert hiring.post_by_need(small((50, 60, 1), (1, 2, 5)), ROWS[:1], np.ones((3, 2), int), ORIGIN).tolist() == [0]


def test_evenly_each_goes_to_the_smallest_share_of_new_teachers_counting_who_was_just_sent():
    assert hiring.post_evenly(small(new=(2, 1, 0)), ROWS[:3], np.full((3, 2), 5), ORIGIN).tolist() == [1, 1, 0]
    assert hiring.post_evenly(
        small(new=(2, 2, 0), heads=(5, 30, 9)), ROWS[:2], np.full((3, 2), 9), ORIGIN
    ).tolist() == [1, 1]


def test_the_neediest_has_most_pupils_per_teacher_of_its_stage():
    assert hiring.neediest(small(), PRIMARY) == 0 and hiring.neediest(small(), JUNIOR) == 2
    assert hiring.neediest(small(heads=(10, 0, 10)), PRIMARY) == 1
    assert hiring.neediest(small((20, 30, 9), (2, 10, 0)), PRIMARY) == 0
    assert hiring.neediest(small((50, 60, 9), (1, 2, 0)), PRIMARY) == 0


def test_the_neediest_is_a_public_school():
    assert hiring.neediest(small(public=(False, True, True)), PRIMARY) == 1


def opened(world, vacant):
    world.uniform = lambda stream, ids: np.linspace(0.9, 0.1, len(ids))
    chosen = hiring._first_to_openings(world, ROWS, vacant)
    return chosen.tolist()


def test_a_school_that_opens_gets_its_vacancies_filled_first_by_lot():
    vacant = np.array([[1, 3], [5, 5], [5, 5]])
    assert opened(small(opening=(True, False, False)), vacant) == [-1, 0, 0, -1]
    assert vacant.tolist() == [[0, 2], [5, 5], [5, 5]]


def test_nobody_is_sent_twice_when_two_schools_open():
    vacant = np.array([[1, 0], [5, 1], [1, 0]])
    assert opened(small(opening=(True, True, True)), vacant) == [1, 0, 1, 2]
    assert vacant.tolist() == [[0, 0], [4, 0], [0, 0]]


def test_without_an_opening_nobody_is_sent():
    assert opened(small(), np.full((3, 2), 5)) == [-1] * 4


# ---- the whole of it ----


def hires(world, n: int = 3):
    counts = np.zeros((2, 5), np.int64)
    counts[PRIMARY, 0] = n
    return hiring.engage(world, counts, "hires")


def test_new_teachers_take_vacancies_of_their_stage_and_subject(world):
    row = int(world.parts.place[PRIMARY, 4])
    world.parts.posts[:, 0] = world.parts.staff()[:, 0]
    world.parts.posts[row, 0] += 3
    rows = hires(world)
    hiring.place(world, rows, "trial", "T")
    assert world.teachers.post[rows].tolist() == world.teachers.home[rows].tolist() == [4, 4, 4]
    assert [move[2:6] for move in world.recorder.moves[-3:]] == [(0, 4, "trial", "T")] * 3
    assert world.parts.vacancies()[row, 0] == 0


def test_the_most_promising_is_posted_first(world):
    rows, asked = hires(world), []
    world.parts.posts[world.parts.place[PRIMARY, 4], 0] += 9
    world.instructions.post = lambda world, rows, vacant, origin: asked.append((rows, origin)) or np.zeros(3, int)
    hiring.place(world, rows)
    assert asked[0][0].tolist() == rows[np.argsort(-hiring.signal(world, rows))].tolist()
    assert asked[0][1].tolist() == [NONE] * 3


def test_where_no_post_is_vacant_a_post_is_made_where_it_is_needed_most(world):
    world.parts.posts[:] = np.minimum(world.parts.posts, world.parts.staff() + np.minimum(world.parts.vacancies(), 0))
    world.parts.posts[:, 0] -= 5
    rows, before = hires(world, 1), world.parts.posts.copy()
    best = hiring.neediest(world, PRIMARY)
    hiring.place(world, rows)
    assert world.teachers.post[rows].tolist() == [world.parts.key[best]]
    made = world.parts.posts - before
    assert made[best, 0] == 1 == made.sum()


def test_public_hires_never_go_to_private_schools(world):
    world.parts.posts[~world.parts.public, 0] += 50
    rows = hires(world, 10)
    hiring.place(world, rows)
    at = world.parts.of_teachers()[rows]
    assert world.parts.public[at].all()


def test_settling_nobody_moves_nobody(world):
    before = len(world.recorder.moves)
    hiring.place(world, np.empty(0, np.int64))
    assert len(world.recorder.moves) == before


def test_private_schools_replace_everybody_who_left_with_private_teachers(world):
    teachers, parts = world.teachers, world.parts
    private = np.flatnonzero(~parts.public)
    world.flows.dismiss(np.isin(parts.of_teachers(), private) & (np.arange(len(teachers)) % 3 == 0), "exits")
    short = parts.vacancies()[private].sum()
    assert short > 10
    hiring.hire(world)
    assert (parts.vacancies()[private] == 0).all() and world.flows.tally["private_school_hires"].sum() == short
    new = np.isin(parts.of_teachers(), private) & (world.teachers.moved_year == 2015)
    assert new.sum() == short and not world.teachers.public[new].any()


def test_private_schools_with_everybody_they_need_hire_nobody(world):
    parts = world.parts
    parts.posts[~parts.public] = parts.staff()[~parts.public] - 1
    before = len(world.teachers)
    hiring.hire(world)
    assert len(world.teachers) == before and "private_school_hires" not in world.flows.tally


def test_hiring_fills_what_is_wanted_and_counts_it(world):
    world.vacated[2, PRIMARY, 0] = 4
    world.parts.posts[world.parts.place[PRIMARY, 4], 0] += 4
    before = np.count_nonzero(world.teachers.public)
    hiring.hire(world)
    assert np.count_nonzero(world.teachers.public) == before + 4 and world.flows.tally["hires"].tolist() == [4, 0]
    assert {move[4] for move in world.recorder.moves if move[0] == 2015} >= {"hire"}
    assert (world.parts.of_teachers() >= 0).all()


def test_posts_ask_new_teachers_for_a_degree_as_often_as_the_staff_has_it(world):
    teachers, parts = world.teachers, world.parts
    at = parts.of_teachers()
    teachers.degree[at == 4], teachers.degree[at == 5] = PRIMARY, PRIMARY + 1
    rows = hires(world, 40)
    hiring.ask_for_degrees(world, rows, np.full(40, 4))
    assert (teachers.degree[rows] == PRIMARY).all()
    hiring.ask_for_degrees(world, rows, np.full(40, 5))
    assert (teachers.degree[rows] == PRIMARY + 1).all()
    teachers.degree[np.flatnonzero(at == 4)[::2]] = PRIMARY + 1
    hiring.ask_for_degrees(world, rows, np.full(40, 4))
    half = teachers.degree[rows] > PRIMARY
    teachers.degree[np.flatnonzero(at == 4)[::4]] = PRIMARY
    hiring.ask_for_degrees(world, rows, np.full(40, 4))
    fewer = teachers.degree[rows] > PRIMARY
    assert 10 < half.sum() < 30 and fewer.sum() < half.sum() and half[fewer].all()


def test_without_the_switch_every_new_teacher_has_the_degree(world):
    world.p["structure.degrees_like_stock"] = 0.0
    world.teachers.degree[:] = world.teachers.stage
    rows = hires(world, 20)
    hiring.place(world, rows)
    assert (world.teachers.degree[rows] == PRIMARY + 1).all()


def test_by_rank_the_best_go_where_the_standing_is_highest_and_nobody_is_another_person(world):
    world.p |= {"corr_teacher_school_ses_init": 1.0, "applicant_signal_corr": 1.0, "structure.newcomers_by_rank": 1.0}
    parts, teachers = world.parts, world.teachers
    parts.posts[:, 0] = parts.staff()[:, 0]
    mine = parts.of_stage(PRIMARY, only_public=True)
    parts.posts[mine, 0] += 2
    rows = hires(world, 2 * len(mine))
    mu = teachers.mu[rows].copy()
    hiring.place(world, rows)
    np.testing.assert_array_equal(teachers.mu[rows], mu)
    standing = parts.status[parts.place[PRIMARY, teachers.post[rows]]]
    assert (np.diff(standing[np.argsort(-mu)]) <= 1e-12).all() and (parts.vacancies()[mine, 0] == 0).all()


def test_by_rank_fewer_newcomers_than_vacancies_are_spread_over_all_standings(world):
    parts = world.parts
    vacant = np.zeros_like(parts.posts)
    mine = parts.of_stage(PRIMARY, only_public=True)
    vacant[mine, 0] = 1
    rows = hires(world, 4)
    chosen = hiring.post_by_rank(world, rows, vacant, np.full(4, NONE))
    places = np.sort(np.searchsorted(np.sort(parts.status[mine]), parts.status[chosen]))
    assert len(set(chosen.tolist())) == 4 and vacant.sum() == len(mine) - 4 and vacant.min() == 0
    assert places.min() < len(mine) / 4 and places.max() >= 3 * len(mine) / 4 - 1
    assert (hiring.post_by_rank(world, rows, np.zeros_like(vacant), np.full(4, NONE)) == NONE).all()


def test_by_rank_a_single_newcomer_takes_the_vacancy_of_the_middle_standing(world):
    parts = world.parts
    vacant = np.zeros_like(parts.posts)
    mine = parts.of_stage(PRIMARY, only_public=True)[:5]
    vacant[mine, 0] = 1
    (chosen,) = hiring.post_by_rank(world, hires(world, 1), vacant, np.full(1, NONE))
    assert parts.status[chosen] == np.median(parts.status[mine])


def test_by_rank_what_newcomers_show_is_blurred_to_the_correlation_of_the_first_year(world):
    world.p |= {"corr_teacher_school_ses_init": 0.3, "applicant_signal_corr": 0.5}
    parts = world.parts
    mine = parts.of_stage(PRIMARY, only_public=True)
    vacant = np.zeros_like(parts.posts)
    vacant[mine, 0] = 1
    rows = hires(world, len(mine))
    shown = 0.6 * hiring.signal(world, rows) + 0.8 * world.normal("staff/rank", world.teachers.id[rows])
    chosen = hiring.post_by_rank(world, rows, vacant, np.full(len(mine), NONE))
    assert (np.diff(parts.status[chosen][np.argsort(-shown)]) <= 0.0).all()
