"""Rotation as it is recorded: what every instance of the policy added to the year's tally, by stage and in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simsim.base.arrays import Floats
from simsim.base.codes import STAGES
from simsim.world.recorder import ALL, Row
from simsim.world.world import World

COUNTS = ("eligible", "rotated", "counted", "backbone", "refusals", "km", "good_rotated", "good_backbone")
"""What instances count for themselves, by stage: people, and the kilometres they go."""
GOOD = "good_eligible"
"""Who is eligible at good schools: instances that act together look at the same people."""


def add(world: World, counts: Mapping[str, Floats]) -> None:
    """Add what an instance counted (by name, stages) to the year's tally; of `GOOD` the tally keeps the largest."""
    for name in COUNTS:
        world.flows.tally[_word(name)] += counts[name]
    world.flows.tally[_word(GOOD)] = np.maximum(world.flows.tally[_word(GOOD)], counts[GOOD])


def rows(world: World) -> Iterator[Row]:
    """Yield the year's indicators of rotation by stage and in all; nothing in a year in which nobody was asked."""
    if _word(GOOD) not in world.flows.tally:
        return
    for word, pick in (*((STAGES[i], np.s_[i : i + 1]) for i in world.system.stages), (ALL, np.s_[:])):
        n = {name: float(world.flows.tally[_word(name)][pick].sum()) for name in (*COUNTS, GOOD)}
        values = {
            "rotation_eligible": n["eligible"],
            "rotated": n["rotated"],
            "rotation_share": n["counted"] / max(n["eligible"], 1.0),
            "rotation_backbone_share": n["backbone"] / max(n["counted"], 1.0),
            "rotation_refusals": n["refusals"],
            "rotation_km": n["km"] / max(n["rotated"], 1.0),
            "rotation_good_share": n["good_rotated"] / max(n[GOOD], 1.0),
            "rotation_good_backbone_share": n["good_backbone"] / max(n["good_rotated"], 1.0),
        }
        yield from ((indicator, word, ALL, value) for indicator, value in values.items())


def _word(name: str) -> str:
    """Return the name of a count in the tally."""
    return f"rotation/{name}"
