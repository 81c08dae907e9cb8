"""Better monitoring: nearer the truth, support for the weakest, and no teaching of its own."""

from __future__ import annotations

import numpy as np
import pytest

from tests.trials import live, same_scores, spent


def test_better_monitoring_is_nearer_the_truth_by_its_gain_in_reliability():
    seen, errors = [], []
    for gain in (0.0, 0.1, 0.2):
        district = live(2015, {"monitoring": {"gain": gain}}, {"monitoring_reliability": 0.6})
        seen.append(np.array([part.monitored for part in district.parts]))
        errors.append(np.sqrt(1 / (0.6 + gain) - 1))
    shrunk = (errors[0] - errors[2]) / (errors[0] - errors[1])
    assert seen[0] - seen[2] == pytest.approx(shrunk * (seen[0] - seen[1])) and shrunk > 1.5


@pytest.mark.slow
def test_the_centre_is_paid_once_and_monitoring_every_year():
    district = live(2017, {"monitoring": {"centre_cost": 1_000_000, "cost": 1_000}})
    assert spent(district, "monitoring", "capital") == {2015: 1_000_000}
    assert spent(district, "monitoring", "running") == {
        year: 1_000 * len(district.open_schools) for year in (2015, 2016, 2017)
    }
    assert same_scores(district, live(2017, {}))


def test_support_goes_to_the_public_stages_that_monitoring_saw_as_weakest():
    before = live(2014, {})
    district = live(2015, {"monitoring": {"support_share": 0.2}})
    for stage in (0, 1):
        ranked = sorted((p for p in before.parts if p.stage == stage and p.school.public), key=lambda p: p.monitored)
        marked = {p.key for p in district.parts if p.stage == stage and p.supported}
        assert marked == {p.key for p in ranked[: round(0.2 * len(ranked))]}


def test_feedback_teaches_nobody_unless_a_scenario_says_so():
    district = live(2015, {"monitoring": {"feedback_effect": 0.01}})
    assert {part.program for part in district.parts if part.supported} == {0.01}
    assert not any(part.program for part in district.parts if not part.supported)
