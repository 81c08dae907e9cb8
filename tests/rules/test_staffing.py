"""Staff: the law of the year, openings and hires with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.scenarios.scenario import Scenario
from tests.policies.training_trials import series, train


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
    for seed in range(1, 5):
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
    district = train(2020, policy="")
    for stage in ("primary", "junior"):
        share = series(district, "backbone_share", stage)
        assert share[2020] == pytest.approx(share[2014], abs=0.01)
