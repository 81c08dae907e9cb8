"""The surcharge (F3): its share for conditions is set aside."""

from __future__ import annotations

import pytest

from tests.rules.money_trials import F3, TO, lived, series


@pytest.mark.slow
def test_f3_sets_the_share_of_the_surcharge_aside():
    share = series(lived(F3, parameters={"surcharge_conditions_share": 0.8}), "surcharge_conditions_share")
    assert share[2014] < 0.51 and all(share[year] == pytest.approx(0.8) for year in range(2015, TO + 1))
    assert set(series(lived(F3), "f3_met").values()) == {1.0}
    assert set(series(lived(parameters={"surcharge_repairs_share": 0.4}), "f3_met").values()) == {0.0}
