"""Appropriation (F1): it keeps pace with revenue by the margin and no further, from its date on."""

from __future__ import annotations

import pytest

from tests.rules.money_trials import F1, lived, series


@pytest.mark.slow
def test_f1_holds_in_every_year_in_which_it_is_kept():
    parameters = {"appropriation_growth_sd": 0.05}
    assert set(series(lived(F1, parameters=parameters), "f1_met").values()) == {1.0}
    assert 0.0 in series(lived(parameters=parameters, to=2022), "f1_met").values()


def test_f1_raises_growth_to_revenue_and_the_margin_and_no_further():
    calm = {
        "appropriation_growth_sd": 0.0,
        "fiscal_revenue_growth_sd": 0.0,
        "fiscal_revenue_growth": 0.05,
        "appropriation_growth_margin": 0.02,
    }
    money = series(lived(F1, parameters=calm), "appropriation")
    assert money[2016] / money[2015] == pytest.approx(1.07)


@pytest.mark.slow
def test_the_rules_start_with_their_date():
    late = {"F1": F1["F1"] | {"from": "2017-01-01"}}
    early, never = series(lived(late), "appropriation"), series(lived(), "appropriation")
    assert all(early[year] == never[year] for year in (2014, 2015, 2016))
