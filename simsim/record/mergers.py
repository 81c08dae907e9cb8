"""Mergers as they are recorded: stages that closed, and how those get to school whom that leaves far from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simsim.base.arrays import Ints
from simsim.base.codes import STAGES
from simsim.world.recorder import ALL, Row
from simsim.world.world import World

COUNTS = ("transported", "boarding", "far", "rooms_in_reserve")


def add(world: World, counts: Mapping[str, Ints]) -> None:
    """Add what an instance counted (by name, stages) to the year's tally."""
    for name in COUNTS:
        world.flows.tally[f"merger_{name}"] += counts[name]


def rows(world: World) -> Iterator[Row]:
    """Yield the year's indicators of mergers by stage and in all; nothing where no stage has closed."""
    closed = np.zeros(len(STAGES))
    for school in world.schools.values():
        for stage in school.successors:
            closed[stage] += 1
    if not closed.any():
        return
    table = {"merged_stages": closed} | {f"merger_{name}": world.flows.tally[f"merger_{name}"] for name in COUNTS}
    for name, values in table.items():
        yield from ((name, STAGES[stage], ALL, float(values[stage])) for stage in world.system.stages)
        yield name, ALL, ALL, float(values.sum())
