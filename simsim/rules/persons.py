"""Persons: the one place where a child or a teacher is made, whichever way they come."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.rules import development
from simsim.rules.families import EVER, traits
from simsim.world.teachers import retirement_month, team_weight
from simsim.world.world import World


def children(
    world: World, ids: Ints, places: Ints, migrant_share: ArrayLike, grade: Ints, route: int
) -> dict[str, AnyArray]:
    """Return the columns of children `ids` (n, sorted): home, family, fitness and skills, but not what they know.

    They live in neighbourhood rows `places` (n) and come into `grade` (n); each is a migrant with chance
    `migrant_share`.
    """
    migrant = world.chance("family/migrant", ids, migrant_share, EVER)
    people: dict[str, AnyArray] = traits(world, ids, places, migrant)
    people |= development.start(world, ids, people["ses"], grade)
    return people | {"grade": grade, "route": np.full(len(ids), route)}


def teachers(
    world: World, ids: Ints, stage: Ints, subject: Ints, female: Mask, birth_month: Ints, own: Floats
) -> dict[str, AnyArray]:
    """Return the columns of teachers `ids` (n): who they are, when the law retires them, and how well they teach.

    `own` is their effectiveness in SD of one teacher; what a class's team makes of it is `team_weight`.
    """
    p = world.p
    return {
        "id": ids,
        "stage": stage,
        "subject": subject,
        "female": female,
        "birth_month": birth_month,
        "retire_month": retirement_month(birth_month, female, p, world.retirement),
        "mu": team_weight(p) * own,
        "drift": p["teacher_drift_sd"] * world.normal("teacher/drift", ids, EVER),
    }
