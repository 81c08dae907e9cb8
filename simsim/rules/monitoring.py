"""How schools and teachers look from outside: noisy monitoring, and the standing that families and teachers see."""

from __future__ import annotations

import numpy as np

from simsim.base import ids as identity
from simsim.base.arrays import Floats
from simsim.rules.learning import school_part
from simsim.world.staff import effects
from simsim.world.teachers import team_weight
from simsim.world.world import World


def observe(world: World) -> None:
    """Update every part's monitored and perceived quality and standing, and what monitoring says of each teacher."""
    observe_schools(world)
    observe_teachers(world)


def observe_schools(world: World) -> None:
    """Show each school's value added with error, and let its standing follow raw scores and what was thought before."""
    p, parts = world.p, world.parts
    quality = true_quality(world)
    scores = parts.means(world.students.score)
    error = float(world.rate("assess/monitoring-error", np.sqrt(1.0 / p["monitoring_reliability"] - 1.0)))
    raw = p["perceived_q_raw_weight"]
    for stage in world.system.stages:
        mine = parts.of_stage(stage)
        if not len(mine):
            continue
        keys = identity.make(0, identity.INITIAL, parts.key[mine], stage)
        noise = error * world.normal("assess/monitoring", keys)
        parts.monitored[mine] = quality[mine] + noise * quality[mine].std()
        parts.perceived[mine] = raw * standardise(scores[mine]) + (1.0 - raw) * parts.perceived[mine]
        parts.status[mine] = standardise(parts.perceived[mine])


def observe_teachers(world: World) -> None:
    """Show each teacher's effect with error: a share `teacher_monitoring_reliability` of what is seen is real."""
    reliability = world.p["teacher_monitoring_reliability"]
    noise = team_weight(world.p) * np.sqrt(1.0 / reliability - 1.0)
    world.teachers.monitored[:] = effects(world) + noise * world.normal("assess/teachers", world.teachers.id)


def true_quality(world: World) -> Floats:
    """Return each part's yearly value added without class shocks (SD): teachers'
    teams, residual, principal, programmes.
    """
    classes = world.classes
    n = len(world.parts)
    team = np.bincount(classes.part, classes.team * classes.size, n) / np.maximum(
        np.bincount(classes.part, classes.size, n), 1
    )
    return team + school_part(world)


def standardise(values: Floats) -> Floats:
    """Return values with mean 0 and SD 1; zeros when they do not differ."""
    spread = values.std() if len(values) else 0.0
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
