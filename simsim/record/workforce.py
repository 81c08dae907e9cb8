"""The public workforce by stage and subject group: teachers, posts, those whom the standard allows, who comes and who
goes.

Groups of the record are `public` (all public teachers of a stage) and `public_core`, `public_science` ... (one subject
group of them).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsim.base.arrays import Floats
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.world.recorder import Row
from simsim.world.world import World

PUBLIC = "public"
GROUPS = (PUBLIC, *(f"{PUBLIC}_{subject}" for subject in SUBJECT_GROUPS))
FLOWS = ("retirements", "exits", "hires")


def rows(world: World, gap: Floats) -> Iterator[Row]:
    """Yield teachers, posts, need, retirements, exits and hires of the public schools of every stage, in all and by
    subject group; `gap` (parts, groups) is what schools have above the standard.
    """
    parts = world.parts
    staff, posts = parts.staff() * parts.public[:, None], parts.posts * parts.public[:, None]
    for stage in world.system.stages:
        mine = parts.stage == stage
        table = {
            "teachers": staff[mine].sum(axis=0),
            "posts": posts[mine].sum(axis=0),
            "teachers_needed": (staff - gap)[mine].sum(axis=0),
        } | {name: world.flows.public_staff[name][stage] for name in FLOWS}
        for name, values in table.items():
            everything = zip(GROUPS, np.append(values.sum(), values).tolist(), strict=True)
            yield from ((name, STAGES[stage], group, value) for group, value in everything)
