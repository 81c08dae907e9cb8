"""Learning in limiting cases whose answers are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.parameters import load
from simsim.rules.learning import size_effect
from simsim.scenarios.scenario import Scenario

QUIET = {
    "sd_class_shock": 0.0,
    "sd_school_resid": 0.0,
    "sd_principal": 0.0,
    "sd_teacher_composite": 0.0,
    "teacher_drift_sd": 0.0,
}


def district(parameters: dict[str, Any], seed: int = 3, to: int | None = None) -> District:
    """Return a baseline district with some parameters changed, lived up to a year."""
    changed = {"schema": "simsim-scenario/1", "extends": "baseline", "parameters": parameters}
    found = District(
        Scenario.load(changed | {"name": "changed", "title": {"en": "changed", "zh": "变"}}),
        seed=seed,
        fixed_parameters=True,
    )
    return found if to is None else found.run(to=to)


def values() -> dict[str, float]:
    """Return every parameter at its value."""
    return {name: parameter.value for name, parameter in load().items() if not parameter.rule}


def test_without_shocks_classes_differ_only_by_size_peers_and_experience() -> None:
    still = district(
        QUIET | {"peer_linear": 0.0, "classsize_slope": 0.0, "classsize_slope_over50": 0.0} | novice_curve(0.0), to=2014
    )
    from simsim.rules.learning import class_value

    quiet = (
        class_value(still)
        - np.array([p.school.principal.value_added(2014, still.p) for p in still.parts])[still.classes.part]
    )
    for stage in (0, 1):
        mine = np.array([p.stage for p in still.parts])[still.classes.part] == stage
        assert np.ptp(quiet[mine]) < 1e-12


def novice_curve(value: float) -> dict[str, float]:
    """Return an experience curve that is flat at one value."""
    return dict.fromkeys(("exp_yr0", "exp_yr1", "exp_yr2", "exp_yr3_4", "exp_yr5_9", "exp_yr10_19"), value)


def test_scores_have_unit_sd_and_the_one_year_correlation_of_the_evidence() -> None:
    first = district({}, to=2014)
    before = dict(zip(first.students.id.tolist(), first.students.score.tolist(), strict=True))
    assert np.std(first.students.score) == pytest.approx(1.0, abs=0.05)
    first.step()
    both = [person for person in first.students.id.tolist() if person in before]
    now = first.students.score[first.students.rows(both)]
    assert 0.75 <= np.corrcoef([before[person] for person in both], now)[0, 1] <= 0.87


def test_class_size_has_no_effect_below_the_free_size_and_a_steeper_one_above() -> None:
    p = values()
    free, steep = int(p["class_size.free"]), int(p["class_size.steep"])
    effect = size_effect(np.array([free - 10, free, steep, steep + 10]), p)
    assert effect[0] == effect[1] == 0.0
    assert effect[2] == pytest.approx(p["classsize_slope"] * (steep - free))
    assert effect[3] - effect[2] == pytest.approx(10 * p["classsize_slope_over50"])


def test_a_share_lambda_of_a_years_teaching_survives_into_the_next() -> None:
    """Two worlds differ by one year of better teaching in one school: a year later rho times lambda of it is left."""
    worlds = [district({"peer_linear": 0.0}) for _ in range(2)]
    for world, gain in zip(worlds, (0.0, 1.0), strict=True):
        world.parts[0].residual += gain
        world.step()
        world.parts[0].residual -= gain
    key = worlds[0].parts[0].key
    first = worlds[0].students.school == key
    grades = first & (worlds[0].students.grade <= 6)
    gap = worlds[1].students.knowledge - worlds[0].students.knowledge
    assert np.allclose(gap[grades], worlds[0].p["lam_persist"])
    assert np.allclose(gap[~first], 0.0)


def test_identical_schools_differ_only_by_chance() -> None:
    """No residuals, no teachers' or neighbourhoods' differences: between-school variance is what sampling gives."""
    same = district(
        QUIET
        | novice_curve(0.0)
        | {"ses_between_school_share": 0.0, "unobs_between_school_share": 0.0, "migrant_ses_gap": 0.0}
        | {"m0_migrant_entry_gap": 0.0, "peer_linear": 0.0, "classsize_slope": 0.0, "classsize_slope_over50": 0.0}
        | {"principal_change_yr1": 0.0, "principal_change_yr2": 0.0, "student_move_penalty": 0.0},
        to=2014,
    )
    icc = [row[-1] for row in same.recorder.district if row[3] == "score_icc"]
    assert max(np.abs(icc)) < 0.004
