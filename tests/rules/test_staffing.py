"""Staff: the law of the year, openings and hires with known answers."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.parameters import load
from simsim.scenarios.scenario import Scenario
from simsim.world.teachers import experience_effect, retirement_month

P = {name: parameter.value for name, parameter in load().items() if not parameter.rule}


def baseline(**parameters: float) -> Scenario:
    """Return the baseline with parameters changed."""
    changed = {
        "schema": "simsim-scenario/1",
        "extends": "baseline",
        "name": "changed",
        "title": {"en": "c", "zh": "变"},
    }
    return Scenario.load(changed | {"parameters": parameters})


@pytest.mark.parametrize(
    ("born", "female", "expected"),
    [
        ((1954, 6), False, (2014, 6)),  # 60, long before the reform
        ((1964, 12), False, (2024, 12)),  # the last month of the old law
        ((1965, 1), False, (2025, 2)),  # one month later
        ((1965, 4), False, (2025, 5)),
        ((1965, 5), False, (2025, 7)),  # two months later
        ((1976, 9), False, (2039, 9)),  # 63, the end of the reform
        ((1990, 1), False, (2053, 1)),
        ((1969, 12), True, (2024, 12)),
        ((1970, 1), True, (2025, 2)),
        ((1981, 9), True, (2039, 9)),  # 58
    ],
)
def test_retirement_follows_the_law_of_the_year(born: tuple[int, int], female: bool, expected: tuple[int, int]) -> None:
    month = retirement_month(np.array([born[0] * 12 + born[1] - 1]), np.array([female]), P)[0]
    assert (month // 12, month % 12 + 1) == expected


def test_experience_rises_to_zero_and_half_is_gained_in_five_years() -> None:
    effect = experience_effect(np.arange(40), P)
    assert (np.diff(effect) >= 0).all() and effect[20:].max() == 0.0
    assert effect[5] >= effect[0] / 2


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
