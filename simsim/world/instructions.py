"""Instructions: what policies tell this year's rules; new every year, so that nothing said lasts longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.inputs.errors import InputError, Problem
from simsim.world.closed import Closed
from simsim.world.seats import Seats

LOCALS_FIRST = "locals_first"
ORDERS = (LOCALS_FIRST, "together", "migrants_first")
VACATED = ("retirement", "exit", "growth")
"""Why a post is vacant: somebody retired, somebody left, or it was added."""

Where: TypeAlias = Any
"""A world, or a district where a policy wrote the rule: world.py imports this file and cannot be named here."""
Placing = Callable[[Where, Ints, Seats], Ints]
"""(world, rows of pupils in order of priority, free seats by part and grade) -> part of each pupil, -1 for none."""
Posting = Callable[[Where, Ints, Ints, Ints], Ints]
"""(world, rows of teachers in turn, vacant posts, parts they come from) -> part of each teacher, -1 for none."""


@dataclass(frozen=True)
class Panel:
    """How principals are chosen: how many candidates a post has, what the panel sees of them, how many led before.

    `signal` is the correlation of what the panel sees with effectiveness. As it was
    before any plan: one candidate, nobody to compare.
    """

    candidates: int = 1
    signal: float = 0.0
    experienced: float | None = None


@dataclass
class Instructions(Closed):
    """This year's letters from policies to rules.

    `place` and `families_chose` say how pupils without a seat are placed (None: by catchment), `admission_order` who is
    placed first; `post` where new teachers go (None: where they like best), `fill` the share of vacated posts that
    hiring fills, by why they are vacant; `level_growth` whether added posts go where most pupils share one;
    `title_pools` which schools share titled posts (key of a school to the key of the one whose pool it joins, in every
    stage that both teach); `panel` how principals are chosen; `gain` what the year adds to single pupils
    beyond their class (n pupils, SD; None: nothing), told in `teach` by `add_gain`.
    """

    _words: ClassVar[Mapping[str, tuple[str, ...]]] = {"admission_order": ORDERS}

    place: Placing | None = None
    families_chose: bool = False
    admission_order: str = LOCALS_FIRST
    post: Posting | None = None
    fill: dict[str, float] = field(default_factory=dict)
    level_growth: bool = False
    title_pools: Mapping[int, int] = field(default_factory=dict)
    panel: Panel = field(default_factory=Panel)
    gain: Floats | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        self.close()

    def add_gain(self, gain: Floats) -> None:
        """Add to what the year adds to single pupils (n, SD of value added); InputError for what are no numbers."""
        told = np.asarray(gain)
        if told.ndim != 1 or told.dtype.kind not in "fiu" or not np.isfinite(told).all():
            raise InputError(Problem("instructions", "gain", gain, "must be a finite number for each pupil"))
        self.gain = gain if self.gain is None else self.gain + gain

    def told(self) -> dict[str, object]:
        """Return what was told so far, to be compared by `differ`."""
        return vars(self) | {"fill": dict(self.fill), "title_pools": dict(self.title_pools)}

    def differ(self, before: Mapping[str, object]) -> bool:
        """Whether something else is told than before."""
        now = self.told()
        return any(now[name] is not was and (name == "gain" or now[name] != was) for name, was in before.items())

    @classmethod
    def usual(cls, replaced: float) -> Instructions:
        """Return a year without instructions: a share of who retired or left is replaced, added posts are filled."""
        return cls(fill={"retirement": replaced, "exit": replaced, "growth": 1.0})
