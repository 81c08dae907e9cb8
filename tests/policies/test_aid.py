"""Aid from donations: up to the money, the poor first, off the budget."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.rules.mobility import dropout
from tests.trials import live, series, spent


@pytest.mark.slow
def test_aid_reaches_the_poorest_up_to_its_funds_off_the_budget():
    district = live(2016, {"aid": {"donations": 150_000, "amount": 1_000, "place_share": 0.5, "place_cost": 1_000}})
    assert series(district, "aided") == {2014: 0, 2015: 100, 2016: 100}
    students = live(
        2015, {"aid": {"donations": 150_000, "amount": 1_000, "place_share": 0.5, "place_cost": 1_000}}
    ).students
    assert students.poor[students.aided].all() and students.after_school.sum() <= 50
    graduated = 100 - students.aided.sum()
    poorest = np.sort(students.ses[students.poor])[:100]
    assert students.ses[students.aided].max() <= poorest[-1] + 0.5 and graduated < 30
    assert spent(district, "aid", "donated") == spent(district, "aid") == {2015: 150_000, 2016: 150_000}
    totals = [
        sum(series(d, name)[2016] for name in ("cost_capital", "cost_running")) for d in (district, live(2016, {}))
    ]
    assert totals[0] == totals[1]
    assert series(district, "cost_donated")[2016] == 150_000


def test_without_donations_nobody_is_aided_and_with_enough_every_poor_pupil_is():
    assert series(live(2016, {"aid": {"donations": 0}}), "aided_share")[2016] == 0.0
    assert series(live(2016, {"aid": {"donations": 1e9}}), "aided_share")[2016] == 1.0


@pytest.mark.slow
def test_aid_lowers_the_drop_out_of_the_aided_and_of_nobody_else():
    district = live(2015, {"aid": {"donations": 1e9}}, {"dropout": 0.004, "aid_effect_dropout": 0.5})
    students = district.students
    chance, p = dropout(district), district.p
    poor = p["dropout"] * p["dropout_poor_ratio"]
    assert chance[students.aided] == pytest.approx(0.5 * poor)
    assert chance[students.poor & ~students.aided] == pytest.approx(poor) and chance[~students.poor] == pytest.approx(
        p["dropout"]
    )
    sure = {"dropout": 0.05, "aid_effect_dropout": 1.0, "dropout_poor_ratio": 2.0}
    helped, alone = (live(2017, {"aid": {"donations": d}}, sure) for d in (1e9, 0))
    assert series(helped, "dropouts")[2015] == series(alone, "dropouts")[2015]
    assert series(helped, "dropouts")[2016] < 0.95 * series(alone, "dropouts")[2016]


def test_aid_has_no_effect_after_its_last_year():
    instance = {"policy": "aid", "from": "2015-09-01", "to": "2016-09-01", "settings": {"donations": 1e9}}
    spec = {"name": "trial", "extends": "baseline", "policies": {"aid": instance}}
    district = District(spec, seed=5, fixed_parameters=True).run(to=2016)
    assert series(district, "aided")[2015] > 2_000 and series(district, "aided")[2016] == 0
    assert not district.students.aided.any() and not district.students.after_school.any()
