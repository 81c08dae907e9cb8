"""Sweeps: the swept value is a column, and every point is compared with the sweep's own zero."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

import simsim
from simsim.experiments.sweep import Swept
from simsim.inputs.errors import InputError

QUOTA = "rotation.quota"


@pytest.mark.slow
def test_the_swept_value_is_a_column_and_the_effect_is_against_its_own_zero(tmp_path):
    run = simsim.sweep("rotation-only", {QUOTA: np.array([0.1, 0.3])}, seeds=2, to=2016, fixed_parameters=True)
    swept = run.run(out=tmp_path / "sweep", progress=False)
    assert swept.frame("district_year")[QUOTA].drop_duplicates().tolist() == [0.0, 0.1, 0.3]
    effects = swept.effects("teacher_gap", stage="primary")
    values = swept.values("teacher_gap", stage="primary").set_index(QUOTA)["mean"]
    assert effects[QUOTA].tolist() == [0.1, 0.3] and values.index.tolist() == [0.0, 0.1, 0.3]
    np.testing.assert_allclose(effects["mean"], values.iloc[1:] - values.iloc[0], atol=1e-12)
    assert swept.for_replications([1]).effects("teacher_gap", stage="primary")["n"].tolist() == [1, 1]


def test_a_zero_among_the_values_is_the_reference_and_none_is_added():
    run = simsim.sweep("rotation-only", {QUOTA: [0.2, 0.0]}, seeds=1)
    assert run.points[run.zero] == (0.0,) and len(run.scenarios) == 2


def test_without_a_zero_the_scenario_as_it_stands_is_the_reference():
    run = simsim.sweep("plan", {"class_size.target.primary": [40, 42], "L1.from": [2016, 2017]}, seeds=1)
    assert simsim.sweep("rotation-only", {"rotation.from": [2015, 2016]}, seeds=1).zero == "rotation-only_001"
    assert len(run.points) == 4 and run.scenarios[0].name == run.zero == "plan_zero"
    assert run.scenarios[0].digest == simsim.Scenario.load("plan").digest
    assert {s["L1.from"] for s in run.scenarios[1:]} == {"2016-09-01", "2017-09-01"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"T2.quota": [0.1]}, r"did you mean rotation.quota\?"),
        ({QUOTA: []}, "has no values"),
        ({QUOTA: 0.1}, "must be a list of values"),
        ({QUOTA: [2.0]}, "less than or equal to 1"),
        ({QUOTA: np.linspace(0, 1, 201)}, "more than 200 points"),
        ({}, "must map what is swept"),
        ({QUOTA: count()}, "more than 200 points"),
        ({QUOTA: [[0.1]]}, "one value, in a flat list"),
        ({QUOTA: {0.1: 1}}, "must be a list of values"),
        ({QUOTA: [0.0, False]}, "must be a number without quotes"),
        ({1: [2]}, "nothing that can be swept"),
    ],
)
def test_what_cannot_be_swept_is_refused(values, message):
    with pytest.raises(InputError, match=message):
        simsim.sweep("rotation-only", values, seeds=1)


def test_a_zero_of_what_is_not_swept_is_refused():
    with pytest.raises(InputError, match=r"zero\.rotation\.from.*is not swept"):
        simsim.sweep("rotation-only", {QUOTA: [0.1]}, zero={"rotation.from": 2016})
    with pytest.raises(InputError, match="must map what is swept"):
        simsim.sweep("rotation-only", {QUOTA: [0.1]}, zero=0)


def test_a_sweep_of_nothing_but_its_zero_has_no_effects(small_experiment):
    alone = Swept(small_experiment.tables, small_experiment.manifest, None, (QUOTA,), {"plan": (0.0,)}, "plan")
    with pytest.raises(InputError, match="sweep more values"):
        alone.effects("score")
