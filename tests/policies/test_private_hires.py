"""Hires from private schools: the best-looking, into openings, and private schools refill."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District


def select(to: int, seed: int = 5, policy: bool = True, **settings) -> District:
    instance = {"policy": "private_hires", "from": "2015-09-01", "settings": settings}
    return District(
        {"name": "trial", "extends": "baseline", "policies": {"T": instance} if policy else {}},
        seed=seed,
        fixed_parameters=True,
    ).run(to=to)


def moves(district: District):
    table = district.tables()["teacher_moves"]
    return table[table.reason == "private_hire"]


def test_the_number_asked_comes_from_private_schools_into_public_ones_and_is_paid():
    district = select(2017, number=5, accept=1.0, cost=100.0)
    came = moves(district)
    assert came.groupby("year").size().to_dict() == {2015: 5, 2016: 5, 2017: 5}
    assert not any(district.schools[k].public for k in came.origin) and all(
        district.schools[k].public for k in came.destination
    )
    assert district.teachers.public[district.teachers.rows(came.teacher.to_numpy()[-3:])].all()
    costs = district.tables()["costs"]
    assert costs[costs.instance == "T"].value.sum() == 100.0 * 15 and district.policies[0].touched == 15


def test_the_selected_are_those_whom_monitoring_sees_in_front():
    before = select(2014)
    seen = before.teachers.monitored[~before.teachers.public]
    chosen = moves(select(2015, number=5, accept=1.0)).teacher.to_numpy()
    assert np.mean(before.teachers.monitored[before.teachers.rows(chosen)]) > np.quantile(seen, 0.85)


@pytest.mark.slow
def test_private_schools_refill_and_the_public_headcount_stays_near():
    plain, district = select(2017, policy=False), select(2017, number=10, accept=1.0)
    private = [np.count_nonzero(~d.teachers.public) for d in (plain, district)]
    public = [np.count_nonzero(d.teachers.public) for d in (plain, district)]
    assert private[0] == private[1]
    assert 0 <= public[1] - public[0] <= 0.4 * 30


def test_who_does_not_accept_stays():
    assert moves(select(2016, number=10, accept=0.0)).empty
