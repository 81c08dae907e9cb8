"""How schools look from outside, in cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.rules import monitoring
from simsim.rules.learning import school_part
from simsim.world.staff import effects
from simsim.world.teachers import team_weight
from tests.one_district import lived


@pytest.fixture
def world():
    return lived()


def test_values_are_standardised_and_equal_ones_become_nought():
    assert monitoring.standardise(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]
    assert monitoring.standardise(np.array([2.0, 2.0])).tolist() == [0.0, 0.0]
    assert not len(monitoring.standardise(np.empty(0)))


def test_perfect_monitoring_shows_true_quality_and_the_effects_of_teachers(world):
    world.p |= {"monitoring_reliability": 1.0, "teacher_monitoring_reliability": 1.0}
    monitoring.observe(world)
    assert world.parts.monitored == pytest.approx(monitoring.true_quality(world))
    assert world.teachers.monitored == pytest.approx(effects(world))


def test_true_quality_weights_teams_by_the_size_of_their_classes(world):
    classes = world.classes
    expected = [np.average(classes.team[classes.part == i], weights=classes.size[classes.part == i]) for i in (0, 7)]
    assert (monitoring.true_quality(world) - school_part(world))[[0, 7]] == pytest.approx(expected)


def test_the_error_of_monitoring_is_that_of_its_reliability(world):
    world.p["monitoring_reliability"] = 0.5
    monitoring.observe_schools(world)
    mine, quality = world.parts.of_stage(0), monitoring.true_quality(world)
    error = (world.parts.monitored - quality)[mine] / quality[mine].std()
    schools = identity.make(0, identity.INITIAL, world.parts.key[mine], 0)
    assert error == pytest.approx(world.normal("assess/monitoring", schools))
    world.p["monitoring_reliability"] = 0.2
    monitoring.observe_schools(world)
    assert (world.parts.monitored - quality)[mine] / quality[mine].std() == pytest.approx(2.0 * error)


def test_of_what_is_seen_of_a_teacher_the_reliability_is_real(world):
    world.p["teacher_monitoring_reliability"] = 0.2
    monitoring.observe_teachers(world)
    noise = 2.0 * team_weight(world.p) * world.normal("assess/teachers", world.teachers.id)
    assert world.teachers.monitored == pytest.approx(effects(world) + noise)


def test_the_quality_of_a_school_of_one_pupil_is_that_of_its_team(world):
    mine = np.flatnonzero(world.classes.part == 0)
    world.classes.size[mine] = 0
    assert (monitoring.true_quality(world) - school_part(world))[0] == 0.0
    world.classes.size[mine[0]] = 1
    team = world.classes.team[mine[0]]
    assert (monitoring.true_quality(world) - school_part(world))[0] == pytest.approx(team) and team != 0.0


def test_what_is_thought_follows_raw_scores_as_far_as_they_weigh(world):
    parts = world.parts
    before = parts.perceived.copy()
    world.p["perceived_q_raw_weight"] = 0.0
    monitoring.observe_schools(world)
    assert parts.perceived == pytest.approx(before)
    world.p["perceived_q_raw_weight"] = 1.0
    monitoring.observe_schools(world)
    for stage in (0, 1):
        mine = parts.of_stage(stage)
        expected = monitoring.standardise(parts.means(world.students.score)[mine])
        assert parts.perceived[mine] == pytest.approx(expected) and parts.status[mine] == pytest.approx(expected)
