"""What a seed's world has for parameters, so that the factual scenario ends at the published pupils and staff.

The expected path gives the parameters; a run of the same rules that counts heads (no lessons, tests or records)
corrects in-migration by what the path cannot know, and posts by the staff it found. Solved once a seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from simsim.base.streams import Streams
from simsim.conditioning.ahead import POSTS
from simsim.conditioning.path import INFLOW, SHARED, Path
from simsim.conditioning.sharing import shared
from simsim.districts.factual import Factual
from simsim.inputs.parameters import Parameter
from simsim.world.world import World

SOLVED = (*SHARED, POSTS)
"""The parameters that are solved in every world: a scenario that sets one of them itself is not conditioned by it."""
AGAIN_PUPILS, AGAIN_STAFF = 0.02, 0.04
"""A corrective run further than this from the published total is followed by another one, for turning away and vacant
posts are not linear.
"""
MOST_RUNS = 3


class Counted(Protocol):
    """A founded world of the factual scenario that can be lived for its heads alone."""

    @property
    def world(self) -> World:
        """The world as it was founded."""

    def heads(self, values: Mapping[str, float], to: int) -> tuple[int, float]:
        """Return pupils at school and staff of September `to`, with these values of parameters."""


@dataclass(frozen=True)
class Solution:
    """What one seed's world has: the values solved, what was drawn for them, and the heads that the last corrective
    run found, before its own correction; `outside` names the values that lie outside their range (marked, never
    clipped).
    """

    seed: int
    values: Mapping[str, float]
    drawn: Mapping[str, float]
    pupils: float = field(default=np.nan, compare=False)
    staff: float = field(default=np.nan, compare=False)
    outside: tuple[str, ...] = ()
    runs: int = field(default=1, compare=False)


def solve(
    found: Callable[[], Counted], factual: Factual, priors: Mapping[str, Parameter], drawn: Mapping[str, float],
    start: float, seed: int,
) -> Solution:  # fmt: skip
    """Return the solution of a seed: `found` founds a world of the factual scenario with what was `drawn`, `priors` are
    the parameters that are drawn, and `start` is the growth of posts that the search begins with.
    """
    counted = found()
    path = Path.of(counted.world, factual.year, factual.soft)
    values = shared(path, factual, drawn, priors, Streams(seed))
    values[POSTS] = drawn[POSTS] if factual.staff is None else start
    public = _public_teachers(counted.world)
    for runs in range(1, MOST_RUNS + 1):
        pupils, staff = counted.heads(values, factual.year)
        far = abs(pupils / factual.pupils - 1.0) > AGAIN_PUPILS
        missed = 0.0 if factual.staff is None else factual.staff - staff
        far |= factual.staff is not None and abs(missed / factual.staff) > AGAIN_STAFF
        slope = path.slope(values)
        values[INFLOW] = max(0.0, values[INFLOW] + (factual.pupils - pupils) / slope if slope > 0 else values[INFLOW])
        taught = missed * (1.0 - counted.world.p["non_teaching_share"])
        values[POSTS] = _growth(values[POSTS], taught / public, factual.year - counted.world.first_year)
        if not far or runs == MOST_RUNS:
            break
        counted = found()
    outside = tuple(name for name in SOLVED if _is_outside(values[name], priors.get(name)))
    return Solution(seed, values, {name: drawn[name] for name in SOLVED}, pupils, staff, outside, runs)


def _public_teachers(world: World) -> float:
    """Return the public posts of the first September."""
    return float(world.parts.posts[world.parts.public].sum())


def _growth(growth: float, more: float, years: int) -> float:
    """Return the yearly growth after which posts are `more` (a share of the first year's) than under `growth`."""
    return float(max((1.0 + growth) ** years + more, np.finfo(float).tiny) ** (1.0 / years) - 1.0)


def _is_outside(value: float, prior: Parameter | None) -> bool:
    if prior is None or prior.low is None or prior.high is None:
        return False
    return not prior.low <= value <= prior.high
