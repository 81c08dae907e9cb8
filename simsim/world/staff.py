"""What teachers are this year: how old, how new, and what each adds to a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsim.base.arrays import Floats, Mask
from simsim.world.teachers import SEPTEMBER_INDEX, experience_effect
from simsim.world.world import World


def portability(world: World) -> Floats:
    """Return the share of its effectiveness that each teacher (n) has kept at the present school."""
    teachers, p = world.teachers, world.p
    share = np.array([p["va_portability_primary"], p["va_portability_junior"]])[teachers.stage]
    return np.where(teachers.post == teachers.home, 1.0, share)


def effects(world: World) -> Floats:
    """Return the value each teacher (n) adds to a class this year, SD.

    Own effectiveness as far as it travels, drift, experience and coaching; less the first two years' cost of a new
    school (a novice has none: the experience curve holds it) and the effort cost of a mandated spell.
    """
    teachers, p, year = world.teachers, world.p, world.year
    since = year - teachers.moved_year
    settling = np.select([since == 0, since == 1], [p["mover_class_penalty_yr1"], p["mover_class_penalty_yr2"]])
    settling[teachers.experience == np.maximum(since, 0)] = 0.0
    effort = p["mandated_effort_cost"] * (teachers.mandated & (teachers.post != teachers.home))
    own = teachers.mu * portability(world) + teachers.drift
    kept: Floats = own + experience_effect(teachers.experience, p) + teachers.coaching + settling + effort
    return kept


def age(world: World) -> NDArray[np.int32]:
    """Return each teacher's age (n, whole years) on 1 September."""
    return (world.year * 12 + SEPTEMBER_INDEX - world.teachers.birth_month) // 12


def is_new(world: World) -> Mask:
    """Return which teachers (n) have taught for less than five years."""
    return world.teachers.experience < world.p["novice_years"]
