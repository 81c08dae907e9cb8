"""Learning: what a year adds to knowledge, and what the June test shows of it (evidence/effects.md section 1)."""

from __future__ import annotations

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.rules.families import sd_growth
from simsim.world.world import World


def teach(world: World) -> None:
    """Let knowledge grow: K = rho K + b SES + lam v + eta; the rest of v shows in this year's test and is gone."""
    students, p = world.students, world.p
    seated = students.class_row >= 0
    value = np.zeros(len(students))
    value[seated] = class_value(world)[students.class_row[seated]]
    value += p["student_move_penalty"] * (students.moved & seated)
    value += p["private_migrant_school_effect"] * (~seated) + p["afterschool_mean"] * students.after_school
    if world.instructions.gain is not None:
        value += world.instructions.gain
    eta = world.normal("teach/growth", students.id) * sd_growth(p, world.system.years_to_middle)
    students.knowledge[:] = (
        p["rho_K"] * students.knowledge + p["b_g_ses_annual"] * students.ses + p["lam_persist"] * value + eta
    )
    students.transitory[:] = (1.0 - p["lam_persist"]) * value


def class_value(world: World) -> Floats:
    """Return the yearly value added of each class (n, SD): team, school, principal, size, peers, programmes, shock.

    Value added counts from the district's own mean of the first September (`reference`), stage by stage.
    """
    classes, p = world.classes, world.p
    shock = p["sd_class_shock"] * world.normal("teach/class-shock", classes.ids)
    level = world.reference[world.parts.stage][classes.part]
    school = school_part(world)[classes.part]
    return classes.team - level + school + size_effect(classes.size, p) + p["peer_linear"] * peers(world) + shock


def school_part(world: World) -> Floats:
    """Return what each part (n) adds beyond its teachers: residual, principal, programmes of policies (SD)."""
    year, p = world.year, world.p
    led = world.parts.of_schools(lambda s: s.principal.value_added(year, p) if s.principal else 0.0).astype(float)
    value: Floats = world.parts.residual + world.parts.program + led
    return value


def size_effect(size: Ints, p: dict[str, float]) -> Floats:
    """Return the effect of class size (n, SD): a gentle slope between two sizes, a steeper one above."""
    steep = p["class_size.steep"]
    gentle = np.clip(size, p["class_size.free"], steep) - p["class_size.free"]
    added: Floats = p["classsize_slope"] * gentle + p["classsize_slope_over50"] * np.maximum(size - steep, 0)
    return added


def peers(world: World) -> Floats:
    """Return the mean K of each class (n, SD); K has mean 0 over the world, so this is the class against the world."""
    students, classes = world.students, world.classes
    seated = students.class_row >= 0
    sums = np.bincount(students.class_row[seated], students.knowledge[seated], len(classes))
    return sums / np.maximum(classes.size, 1)


def test(world: World) -> None:
    """Observe everybody with error: Y = K + T + eps, with the error variance of the test's reliability."""
    students, p = world.students, world.p
    error = np.sqrt(1.0 - p["test_reliability"]) * world.normal("assess/test", students.id)
    students.score[:] = students.knowledge + students.transitory + error


test.__test__ = False  # type: ignore[attr-defined]
