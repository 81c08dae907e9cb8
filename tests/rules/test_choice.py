"""Families who choose: what they care for, and what they draw."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.matching import lists
from simsim.base.streams import Streams
from simsim.district import District
from simsim.rules import choice


def ready(**parameters) -> District:
    """Return a district in September 2015 before anybody is placed."""
    from simsim.rules import mobility

    district = District(
        {"name": "trial", "extends": "baseline", "parameters": parameters}, seed=2, fixed_parameters=True
    )
    district.step()
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
