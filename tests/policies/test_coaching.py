"""Coaching: whom it reaches, what it brings, and that it fades."""

from __future__ import annotations

import numpy as np
import pytest

from tests.policies.training_trials import series, train


def test_coaching_reaches_its_share_raises_effectiveness_and_fades():
    plain = train(2015, policy="")
    coached = train(2015, policy="coaching", share=1.0, effect=0.05, cost=2.0)
    staff = series(coached, "coached")[2015]
    assert staff == coached.policies[0].touched
    gain = series(coached, "teacher_quality", "primary")[2015] - series(plain, "teacher_quality", "primary")[2015]
    assert gain == pytest.approx(0.05, abs=0.005)
    costs = coached.tables()["costs"]
    assert costs[costs.instance == "T"].value.sum() == 2.0 * staff
    assert coached.teachers.coaching.max() == pytest.approx(0.05 * (1.0 - coached.p["coaching_decay"]))


def test_coaching_goes_to_novices_or_weak_schools_first_when_told_to():
    novices = train(2015, policy="coaching", share=0.05, effect=0.1, who="novices")
    rows = novices.teachers.coaching > 0
    assert (novices.teachers.experience[rows] <= novices.p["novice_years"]).all()
    weak = train(2014, policy="coaching", share=0.05, effect=0.1, who="weak_schools")
    seen = {part.key: part.monitored for part in weak.parts}
    weak.step()
    keys = weak.teachers.post[weak.teachers.coaching > 0]
    assert np.mean([seen[k] for k in keys.tolist()]) < np.quantile(list(seen.values()), 0.25)
