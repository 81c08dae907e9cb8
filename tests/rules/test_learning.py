"""Learning in limiting cases whose answers are known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simsim.district import District
from simsim.districts.system import shipped
from simsim.inputs.parameters import load
from simsim.rules import learning
from simsim.rules.families import sd_growth
from simsim.rules.learning import class_value, size_effect
from simsim.scenarios.scenario import Scenario
from simsim.world.instructions import Instructions

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


# ---- small worlds made by hand, with their answers worked out ----


class Columns(SimpleNamespace):
    """Columns of one length, which is that of the ids."""

    def __len__(self) -> int:
        return len(self.ids if "ids" in vars(self) else self.id)


DRAWS = {"teach/growth": [0.1, -0.2, 0.3], "teach/class-shock": [1.0, -1.0], "assess/test": [1.0, -2.0, 0.5]}


def by_hand(**parameters: float) -> Any:
    """Return two classes in two parts (primary 30, junior 60) with two pupils, and one pupil without a class."""
    p = values() | {"class_size.free": 40.0, "class_size.steep": 50.0, "classsize_slope": -0.01} | parameters
    p |= {"classsize_slope_over50": -0.1, "peer_linear": 0.5, "sd_class_shock": 0.2}
    heads = [
        SimpleNamespace(principal=SimpleNamespace(value_added=lambda year, p: year / 1e5)),
        SimpleNamespace(principal=None),
    ]
    return SimpleNamespace(
        system=shipped(),
        p=p,
        year=2015,
        normal=lambda stream, ids: np.array(DRAWS[stream]),
        reference=np.array([0.3, 0.7]),
        instructions=Instructions(),
        students=Columns(
            id=np.arange(3), class_row=np.array([0, 1, -1]), knowledge=np.array([3.0, -6.0, 2.0]), score=np.zeros(3),
            ses=np.array([1.0, 2.0, -1.0]), moved=np.array([True, False, True]), after_school=np.array([0, 1, 1]),
            transitory=np.array([0.5, 0.0, -0.5]),
        ),
        classes=Columns(
            ids=np.array([5, 6]), part=np.array([0, 1]), size=np.array([30, 60]), team=np.array([0.4, 0.6]),
        ),
        parts=SimpleNamespace(
            stage=np.array([0, 1]), residual=np.array([0.01, 0.02]), program=np.array([0.03, 0.05]),
            of_schools=lambda say: np.array([say(school) for school in heads]),
        ),
    )  # fmt: skip


SCHOOL = np.array([0.01 + 0.03 + 0.02015, 0.02 + 0.05])
CLASS = np.array(
    [0.4 - 0.3 + SCHOOL[0] + 0.5 * 3.0 / 30 + 0.2, 0.6 - 0.7 + SCHOOL[1] - 0.1 - 1.0 + 0.5 * -6.0 / 60 - 0.2]
)


def test_a_part_adds_what_is_its_own_the_programmes_and_the_principal_if_there_is_one():
    assert learning.school_part(by_hand()) == pytest.approx(SCHOOL)


def test_a_class_adds_team_less_level_school_size_peers_and_shock():
    assert learning.class_value(by_hand()) == pytest.approx(CLASS)


def test_peers_are_the_mean_of_the_class_and_who_has_no_class_counts_nowhere():
    world = by_hand()
    assert learning.peers(world) == pytest.approx([3.0 / 30, -6.0 / 60])
    world.classes.size = np.array([2, 0])
    assert learning.peers(world) == pytest.approx([1.5, -6.0])


EFFECTS = {"student_move_penalty": -0.05, "private_migrant_school_effect": -0.3, "afterschool_mean": 0.02}


def test_knowledge_keeps_a_share_and_gains_by_home_class_and_luck():
    world = by_hand(**EFFECTS, rho_K=0.9, b_g_ses_annual=0.04, lam_persist=0.6)
    value = np.array([CLASS[0] - 0.05, CLASS[1] + 0.02, -0.3 + 0.02])
    eta = np.array(DRAWS["teach/growth"]) * sd_growth(world.p, 4.0)
    before = world.students.knowledge.copy()
    learning.teach(world)
    assert world.students.knowledge == pytest.approx(0.9 * before + 0.04 * world.students.ses + 0.6 * value + eta)
    assert world.students.transitory == pytest.approx(0.4 * value)


def test_what_policies_tell_of_single_pupils_adds_to_their_value():
    usual, told = (by_hand(**EFFECTS, rho_K=0.9, lam_persist=0.6) for _ in range(2))
    told.instructions.add_gain(np.array([0.0, 0.5, -1.0]))
    for world in (usual, told):
        learning.teach(world)
    assert told.students.knowledge - usual.students.knowledge == pytest.approx([0.0, 0.3, -0.6])
    assert told.students.transitory - usual.students.transitory == pytest.approx([0.0, 0.2, -0.4])


def test_a_test_shows_knowledge_this_years_rest_and_the_error_of_its_reliability():
    world = by_hand(test_reliability=0.75)
    learning.test(world)
    assert world.students.score == pytest.approx([3.0 + 0.5 + 0.5, -6.0 - 1.0, 2.0 - 0.5 + 0.25])
    perfect = by_hand(test_reliability=1.0)
    learning.test(perfect)
    assert perfect.students.score.tolist() == [3.5, -6.0, 1.5]


# ---- whole districts ----


def test_without_shocks_classes_differ_only_by_size_peers_and_experience() -> None:
    still = district(
        QUIET | {"peer_linear": 0.0, "classsize_slope": 0.0, "classsize_slope_over50": 0.0} | novice_curve(0.0), to=2014
    )
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
        | {"principal_change_yr1": 0.0, "principal_change_yr2": 0.0, "student_move_penalty": 0.0}
        | {"transition.share": 0.0},
        to=2014,
    )
    icc = [row[-1] for row in same.recorder.district if row[3] == "score_icc"]
    assert max(np.abs(icc)) < 0.004
