"""Families who choose: what they care for, and what they draw."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from simsim.base.codes import NOWHERE
from simsim.base.matching import lists
from simsim.base.streams import Streams
from simsim.district import District
from simsim.rules import admission, choice, mobility
from simsim.world.seats import Seats
from tests.one_district import lived_under


def ready(**parameters) -> District:
    """Return a district in September 2015 before anybody is placed."""
    district = lived_under({"name": "trial", "extends": "baseline", "parameters": parameters}, 2014, 2)
    mobility.depart(district)
    mobility.arrive(district)
    return district


def seekers(district: District, stage: int) -> choice.Market:
    rows = np.flatnonzero((district.student_parts() < 0) & ((district.students.grade > 6) == (stage == 1)))
    return choice.market(district, rows, stage)


ONLY_DISTANCE = {
    "choice_bq": 0.0,
    "choice_bq_ses": 0.0,
    "choice_bs": 0.0,
    "choice_bd_primary": 10.0,
    "choice_bd_junior": 10.0,
}


def test_families_who_care_for_distance_alone_rank_schools_by_distance():
    district = ready(**ONLY_DISTANCE)
    of = seekers(district, 0)
    value = choice.utility(district, of, "t", np.ones((len(of.rows), len(of.parts)), bool))
    x, y = np.array([(district.parts[i].school.x_km, district.parts[i].school.y_km) for i in of.parts]).T
    students = district.students
    km = np.hypot(students.home_x[of.rows][:, None] - x, students.home_y[of.rows][:, None] - y)
    taste = choice.gumbel(choice.draws(district, "t/taste", of, np.ones(km.shape, bool)))
    np.testing.assert_allclose(value, taste - 10.0 * km, atol=1e-6)


def test_between_schools_that_do_not_differ_only_taste_decides():
    district = ready(**ONLY_DISTANCE | {"choice_bd_primary": 0.0})
    of = seekers(district, 0)
    first = lists(choice.utility(district, of, "t", np.ones((len(of.rows), len(of.parts)), bool)), 1)[:, 0]
    counts, n = np.bincount(first, minlength=len(of.parts)), len(of.rows)
    expected = n / len(of.parts)
    assert np.abs(counts - expected).max() < 4.5 * np.sqrt(expected)


def test_better_schools_are_asked_for_more_and_most_by_families_of_higher_ses():
    district = ready(choice_view_sd=0.0, choice_bq_ses=0.4, choice_bs=0.0)
    of = seekers(district, 0)
    everywhere = np.ones((len(of.rows), len(of.parts)), bool)
    before = choice.utility(district, of, "t", everywhere)
    district.parts[of.parts[0]].perceived += 1.0
    gain = choice.utility(district, of, "t", everywhere) - before
    np.testing.assert_allclose(gain[:, 0], 0.8 + 0.4 * district.students.ses[of.rows], atol=1e-9)
    np.testing.assert_array_equal(gain[:, 1:], 0.0)


def test_the_error_of_sight_has_the_spread_of_its_parameter():
    plain, seen = ready(choice_view_sd=0.0, choice_bq_ses=0.0), ready(choice_view_sd=0.5, choice_bq_ses=0.0)
    of = seekers(plain, 0)
    everywhere = np.ones((len(of.rows), len(of.parts)), bool)
    error = choice.utility(seen, of, "t", everywhere) - choice.utility(plain, of, "t", everywhere)
    assert error.std() == pytest.approx(0.8 * 0.5, rel=0.01) and error.mean() == pytest.approx(0.0, abs=0.01)
    np.testing.assert_allclose(error, 0.8 * 0.5 * ndtri(choice.draws(seen, "t/view", of, everywhere)), atol=1e-12)


def test_a_pupils_tastes_and_tickets_do_not_depend_on_who_else_chooses_or_on_other_schools():
    district = ready()
    of = seekers(district, 1)
    everywhere = np.ones((len(of.rows), len(of.parts)), bool)
    some = np.arange(len(of.rows)) % 3 == 0
    whole, part = (choice.draws(district, "t", x, everywhere[: len(x.rows)]) for x in (of, of.of(some)))
    np.testing.assert_array_equal(whole[some], part)
    masked = choice.draws(district, "t", of, everywhere & (np.arange(len(of.parts)) != 1))
    assert np.isnan(masked[:, 1]).all()
    np.testing.assert_array_equal(np.delete(masked, 1, axis=1), np.delete(whole, 1, axis=1))


def test_only_families_who_choose_draw_tastes(monkeypatch):
    drawn, original = {}, Streams._drawn

    def remember(self, stream, year, ids):
        drawn.setdefault(stream.split("@")[0], set()).update(ids.tolist())
        return original(self, stream, year, ids)

    monkeypatch.setattr(Streams, "_drawn", remember)
    policies = {"o": {"policy": "open_choice", "from": "2015-09-01", "settings": {"take_up": 0.2}}}
    District({"name": "trial", "extends": "baseline", "policies": policies}, seed=1).run(to=2015)
    assert 0.15 < len(drawn["o/taste"]) / len(drawn["o/take-up"]) < 0.25
    assert drawn["o/taste"] == drawn["o/view"] and drawn["o/taste"] < drawn["o/ticket"] == drawn["o/take-up"]


def kilometres(district: District, of: choice.Market) -> np.ndarray:
    """Return how far every pupil's neighbourhood is from every school of a market (n, S)."""
    places, parts = district.neighbourhoods, district.parts
    home = places.rows(district.students.neighbourhood[of.rows])
    return np.hypot(
        places.x_km[home][:, None] - parts.x_km[of.parts], places.y_km[home][:, None] - parts.y_km[of.parts]
    )


@pytest.mark.parametrize("stage", [0, 1])
def test_a_market_is_the_public_schools_of_a_stage_near_are_those_within_the_limit_and_the_own_one(stage):
    district = ready()
    of, students, places = seekers(district, stage), district.students, district.neighbourhoods
    np.testing.assert_array_equal(of.parts, district.parts.of_stage(stage, only_public=True))
    np.testing.assert_array_equal(of.parts[of.own], admission.catchment_parts(district, of.rows))
    limit = places.travel_limit(district.p, stage)[places.rows(students.neighbourhood[of.rows])]
    np.testing.assert_array_equal(of.near, (kilometres(district, of) <= limit[:, None]) | of.at_own)
    assert (of.at_own.sum(axis=1) == 1).all() and of.at_own[np.arange(len(of.rows)), of.own].all()


def test_likeness_of_the_intake_counts_for_families_by_their_own_ses():
    plain, like = ready(choice_bs=0.0), ready(choice_bs=0.5)
    of = seekers(plain, 1)
    everywhere = np.ones(of.near.shape, bool)
    gain = choice.utility(like, of, "t", everywhere) - choice.utility(plain, of, "t", everywhere)
    ses = plain.students.ses
    np.testing.assert_allclose(gain, 0.5 * np.outer(ses[of.rows], plain.parts.means(ses)[of.parts]), rtol=0, atol=1e-9)
    some = choice.utility(plain, of, "t", of.near)
    assert (np.isfinite(some) == of.near).all()


# ---- lists and seats ----


def by_distance(district: District, told: dict, length: int = 3) -> choice.Placement:
    """Return a placement by which everybody asks at the nearest schools, and the lowest row goes first."""
    return choice.Placement(
        lambda of: np.where(of.near, -kilometres(district, of), -np.inf),
        lambda of, asks: np.where(asks, of.rows[:, None].astype(float), np.nan),
        length,
        told.__setitem__,
    )


def test_each_gets_the_first_school_of_the_list_whose_seats_are_not_taken_by_those_before():
    district = ready()
    of, students = seekers(district, 0), district.students
    wishes = choice.Wishes.of(of, by_distance(district, {}))
    assert wishes.asked.shape == (len(of.rows), 3)
    worth = np.where(of.near, -kilometres(district, of), -np.inf)
    np.testing.assert_array_equal(wishes.asked, lists(worth, 3))
    seats = Seats.alike(np.full((len(district.parts), 9), 4))
    some = of.rows[::2]
    outcome = wishes.match(district, some, seats)
    left = np.full((len(district.parts), 9), 4)
    for row, asked, part, place in zip(some, wishes.asked[::2], outcome.parts, outcome.place, strict=True):
        grade = students.grade[row] - 1
        free = [k for k, column in enumerate(asked) if column >= 0 and left[of.parts[column], grade] > 0]
        assert (part, place) == ((of.parts[asked[free[0]]], free[0]) if free else (NOWHERE, -1))
        if free:
            left[part, grade] -= 1
    np.testing.assert_array_equal(seats.open, left)
    np.testing.assert_array_equal(seats.own, left)
    assert (outcome.parts == NOWHERE).any() and (outcome.place == 2).any()


def test_who_gets_nothing_on_the_list_goes_to_the_nearest_and_is_displaced_unless_it_is_the_own_school():
    district, told = ready(), {}
    students = district.students
    choice.choose(district, 0, by_distance(district, told, length=1))
    place = district.instructions.place
    assert isinstance(place, choice.Lists) and district.instructions.families_chose
    rows = np.flatnonzero(district.student_parts() < 0)
    own, primary = admission.catchment_parts(district, rows), students.grade[rows] <= 6
    few = np.full((len(district.parts), 9), 3)
    seats, students.displaced[rows] = Seats.alike(few), False
    chosen = place(district, rows, seats)
    outcome = told[0]
    assert list(told) == [0] and len(outcome.parts) == primary.sum()
    on_list = np.zeros(len(rows), bool)
    on_list[primary] = outcome.parts != NOWHERE
    np.testing.assert_array_equal(chosen[primary][outcome.parts != NOWHERE], outcome.parts[outcome.parts != NOWHERE])
    np.testing.assert_array_equal(students.displaced[rows], ~on_list & (chosen != own) & (chosen != NOWHERE))
    rest = admission.nearest(
        district, rows[~on_list], Seats.alike(few - used(district, rows[on_list], chosen[on_list]))
    )
    np.testing.assert_array_equal(chosen[~on_list], rest)
    assert students.displaced[rows].any() and (chosen == NOWHERE).any()


def used(district: District, rows: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Return the seats that pupils (rows) take at parts (n)."""
    table = np.zeros((len(district.parts), 9), np.int64)
    np.add.at(table, (part, district.students.grade[rows] - 1), 1)
    return table


def test_everybody_of_a_stage_hands_in_a_list_once_and_groups_placed_in_turn_use_theirs():
    district, told = ready(), {}
    for stage in (0, 1):
        choice.choose(district, stage, by_distance(district, told))
    place = district.instructions.place
    assert set(place.placements) == {0, 1}
    rows = np.flatnonzero(district.student_parts() < 0)
    seats = Seats.alike(np.full((len(district.parts), 9), 50))
    place(district, rows[::2], seats)
    before = dict(place.wishes)
    for stage in (0, 1):
        np.testing.assert_array_equal(before[stage].market.rows, seekers(district, stage).rows)
    district.students.school[rows[::2]] = 1
    place(district, rows[1::2], seats)
    assert all(place.wishes[stage] is before[stage] for stage in (0, 1)) and set(told) == {0, 1}
