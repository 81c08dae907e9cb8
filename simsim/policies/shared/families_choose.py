"""What the policies share in which families rank schools: who takes part, what
it costs, how many get what they asked for.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Literal

import numpy as np

from simsim.base.arrays import Floats, Mask
from simsim.base.codes import STAGES
from simsim.base.ids import MOST_KEY
from simsim.policy import Policy, PolicySettings, setting
from simsim.rules.choice import Market, Outcome, Placement, choose, draws
from simsim.world.world import World


class ChoosingSettings(PolicySettings):
    """Where families choose, and what that costs."""

    stages: Literal["both", "primary", "junior"] = setting("both", unit="stages in which families choose")
    cost: float | None = setting(None, unit="yuan per applicant", parameter="choice_cost", ge=0, le=1e5)


class FamiliesChoose(Policy):
    """A policy that places pupils by lists: subclasses say whether they work this year and how families rank."""

    touches: ClassVar[str] = "pupils"
    Settings = ChoosingSettings
    settings: ChoosingSettings

    @classmethod
    def sets(cls, settings: ChoosingSettings) -> set[str]:
        """Two rules cannot place the pupils of one stage."""
        return {f"admission to {word}" for word in STAGES if settings.stages in ("both", word)}

    def choosing(self, district: World) -> list[int]:
        """Return the stages in which families choose, of those that the district teaches."""
        return [stage for stage in district.system.stages if self.settings.stages in ("both", STAGES[stage])]

    def works(self, district: World) -> bool:
        """Whether families choose at all this year; NotImplementedError here, subclasses say it."""
        raise NotImplementedError(f"{type(self).__name__} must say when families choose")

    def worth(self, district: World, market: Market) -> Floats:
        """Return what every school is worth to every pupil (n, S; -inf: not asked); NotImplementedError here."""
        raise NotImplementedError(f"{type(self).__name__} must say how families rank")

    def tickets(self, district: World, market: Market, asks: Mask) -> Floats:
        """Return who goes first where (n, S; lower first): the lot, a ticket for every pupil and school."""
        return draws(district, self.stream("ticket"), market, asks)

    def length(self) -> int:
        """Return how many schools a list has at most."""
        return MOST_KEY

    def admit(self, district: World) -> None:
        """Set this year's rule of placement."""
        self.asked, self.first, self.listed = (np.zeros(len(STAGES), np.int64) for _ in range(3))
        if self.works(district):
            placement = Placement(
                partial(self.worth, district), partial(self.tickets, district), self.length(), self._count
            )
            for stage in self.choosing(district):
                choose(district, stage, placement)

    def _count(self, stage: int, outcome: Outcome) -> None:
        """Count who asked, who got the first school of the list, and who got any."""
        self.asked[stage] += len(outcome.place)
        self.first[stage] += np.count_nonzero(outcome.place == 0)
        self.listed[stage] += np.count_nonzero(outcome.place >= 0)
        self.touched += len(outcome.place)

    def settle(self, district: World) -> None:
        """Write what the lists came to, and pay for the administration."""
        district.spend(self.id, "running", self.value(district, "cost") * int(self.asked.sum()), self.measure)
        for stage, word in enumerate(STAGES):
            if self.asked[stage]:
                district.recorder.note(district, "first_choice_share", self.first[stage] / self.asked[stage], word)
                district.recorder.note(district, "listed_share", self.listed[stage] / self.asked[stage], word)
