"""Closing a school stage: what must have left it first, and what goes with a school that teaches nobody any more."""

from __future__ import annotations

import numpy as np

from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.rules.principals import vacate
from simsim.world.schools import School
from simsim.world.world import World

KIND_LEFT = {PRIMARY: "primary", JUNIOR: "junior"}
"""The kind of a school that keeps one stage."""


def close(world: World, school: School, stage: int, successor: School) -> None:
    """Close a stage of a school for good; its rooms, posts and standing are forgotten, and places are dealt anew.

    Pupils, teachers and catchments must be elsewhere by then (ValueError). With its last stage a school closes: its
    principal goes and it leaves its cluster, where `successor` may come to lead. Who asks for the school later is told
    the successor by `heir`.
    """
    if left := remaining(world, school, stage):
        raise ValueError(f"{school} cannot close its {STAGES[stage]} stage: {left}; move them to another school first")
    del school.parts[stage]
    school.successors[stage] = successor.key
    if school.parts:
        school.kind = KIND_LEFT[next(iter(school.parts))]
    else:
        school.closed = world.year
        vacate(school)
        if school.cluster is not None:
            school.cluster.leave(school, successor)
    world.index_parts()


def remaining(world: World, school: School, stage: int) -> str:
    """Return in words what a stage still has that somebody must take over; nothing when it may close."""
    if stage not in school.parts:
        return "it has none that is open"
    row, teachers, key = school.parts[stage].row, world.teachers, school.key
    mine = teachers.stage == stage
    places = world.neighbourhoods
    counts = {
        "pupils": np.count_nonzero(world.parts.of_students() == row),
        "teachers": np.count_nonzero(mine & ((teachers.post == key) | (teachers.home == key))),
        "catchments": np.count_nonzero((places.catchment[stage] == key) | (places.former[stage] == key)),
    }
    return ", ".join(f"{n} {what}" for what, n in counts.items() if n)


def heir(world: World, key: int, stage: int) -> School | None:
    """Return the school that teaches a stage in place of a school (key): itself, or who took it over; None if nobody.

    A school that is not open yet has no heir either.
    """
    school = world.schools.get(key)
    while school is not None and stage not in school.parts:
        school = world.schools.get(school.successors.get(stage, 0))
    return school


def may_close(world: World, school: School, stage: int) -> bool:
    """Whether a public school has this stage open, and is not the last public one of it."""
    return school.public and stage in school.parts and len(world.parts.of_stage(stage, only_public=True)) > 1
