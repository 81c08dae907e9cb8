"""Teachers: the law of retirement of the year, and what experience is worth."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.districts.own import delays
from simsim.inputs.parameters import load
from simsim.world.teachers import experience_effect, retirement_month

P = {name: parameter.value for name, parameter in load().items() if not parameter.rule}

LAW = delays({})
"""The law of the default country."""


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
    month = retirement_month(np.array([born[0] * 12 + born[1] - 1]), np.array([female]), P, LAW)[0]
    assert (month // 12, month % 12 + 1) == expected


def test_experience_rises_to_zero_and_half_is_gained_in_five_years() -> None:
    effect = experience_effect(np.arange(40), P)
    assert (np.diff(effect) >= 0).all() and effect[20:].max() == 0.0
    assert effect[5] >= effect[0] / 2
