"""The hour of sport: whom it reaches, what it brings and costs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.trials import live, public, same_scores, spent


def test_an_hour_of_sport_lifts_the_share_above_the_line_by_the_parameter_and_costs_its_price():
    plain, sport = live(2015, {}), live(2015, {"fitness": {"compliance": 1.0}}, {"fitness_gain_hour": 0.03})
    mine = public(sport)
    gain = sport.students.fitness - plain.students.fitness
    assert gain[mine] == pytest.approx(0.03, abs=1e-6) and not gain[~mine].any()
    in_school = sum(part.pupils for part in sport.parts if part.school.public)
    assert spent(sport, "fitness")[2015] == pytest.approx(in_school * sport.p["sport_hour_cost"])
    assert sport.policies[0].touched == in_school
    assert same_scores(sport, plain)


def test_compliance_differs_between_schools_and_inspection_raises_it():
    asked = {"fitness": {"compliance": 0.5}}
    alone = live(2015, asked, {"mandate_compliance_spread": 0.2})
    watched = live(2015, asked | {"inspection": {"coverage": 1.0, "effect": 0.4}}, {"mandate_compliance_spread": 0.2})
    held, seen = (np.array([part.sport_hour for part in d.parts if part.school.public]) for d in (alone, watched))
    assert 0.3 <= held.min() < 0.4 and 0.6 < held.max() <= 0.7
    assert seen == pytest.approx(1 - 0.6 * (1 - held))


def test_the_hour_can_be_no_longer_than_an_hour():
    twice = live(
        2015,
        {"fitness": {"compliance": 1.0}, "after_school": {"places": 1.0, "pilot_years": 0, "years": 1}},
        {"after_school_sport": 1.0, "fitness_gain_hour": 0.03},
    )
    gain = twice.students.fitness - live(2015, {}).students.fitness
    assert gain.max() == pytest.approx(0.03, abs=1e-6)


@pytest.mark.slow
def test_in_the_long_run_everybody_in_public_schools_is_fit():
    district = live(2021, {"fitness": {"compliance": 1.0}}, {"fitness_gain_hour": 0.1})
    mine = public(district) & (district.students.years_in_school >= 3)
    assert (district.students.fitness[mine] >= 0).all()
