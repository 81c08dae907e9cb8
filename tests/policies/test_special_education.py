"""Disabled children: reached in steps, the most severe in special provision, nothing taken away."""

from __future__ import annotations

import pytest

from simsim.rules.development import NO_PROVISION
from tests.trials import live, series, spent


@pytest.mark.slow
def test_disabled_children_reach_the_target_in_steps_and_each_more_costs_the_fund():
    district = live(2018, {"special_education": {"target": 1.0, "years": 2}})
    share, plain = (series(d, "disabled_served_share") for d in (district, live(2018, {})))
    assert share[2014] == plain[2014] and plain[2015] < share[2015] < 1.0
    assert share[2016] == share[2018] == 1.0
    more = {year: (share[year] - plain[year]) * series(district, "disabled_pupils")[year] for year in share}
    assert {year: round(n) * 6_000 for year, n in more.items() if n} == pytest.approx(
        spent(district, "special_education")
    )
    assert district.policies[0].touched == round(sum(more.values()))


def test_a_target_below_the_share_of_2014_takes_nothing_away():
    district = live(2016, {"special_education": {"target": 0.5, "years": 1}})
    assert series(district, "disabled_served_share") == series(live(2016, {}), "disabled_served_share")
    assert spent(district, "special_education") == {}


def test_special_provision_is_for_the_most_severe():
    students = live(2016, {"special_education": {"target": 1.0, "years": 1}}, {"disabled_special_share": 0.0}).students
    served = students.provision[students.disabled]
    assert served.min() > NO_PROVISION and set(served) == {1}
