"""What the policies share in which families rank schools: who takes part, what it costs, how many get what they asked for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from simsim.choice import Market, Outcome, choose
from simsim.codes import STAGES
from simsim.policy import Policy, PolicySettings, setting

if TYPE_CHECKING:
    from simsim.district import District

Floats = NDArray[np.float64]


class ChoosingSettings(PolicySettings):
    """Where families choose, and what that costs."""

    stages: Literal["both", "primary", "junior"] = setting("both", unit="stages in which families choose")
    cost: float | None = setting(None, unit="yuan per applicant", parameter="choice_cost", ge=0, le=1e5)


class FamiliesChoose(Policy):
    """A policy that places pupils by lists: subclasses say whether they work this year, and give the rule and the length."""

    touches: ClassVar[str] = "pupils"
    Settings = ChoosingSettings

    @classmethod
    def sets(cls, settings: Any) -> set[str]:
        """Two rules cannot place the pupils of one stage."""
        return {f"admission to {word}" for word in STAGES if settings.stages in ("both", word)}

    def works(self, district: District) -> bool:
        """Whether families choose at all this year."""
        raise NotImplementedError(f"{type(self).__name__} must say when families choose")

    def length(self) -> int:
        """Return how many schools a list has at most."""
        raise NotImplementedError(f"{type(self).__name__} must say how long a list is")

    def rule(self, district: District, market: Market) -> tuple[Floats, Floats]:
        """Return what every school is worth to every pupil and the tickets (n, S), as choice.Rule says."""
        raise NotImplementedError(f"{type(self).__name__} must say how families rank and who goes first")

    def admit(self, district: District) -> None:
        """Set this year's rule of placement."""
        self.asked, self.first, self.listed = (np.zeros(len(STAGES), np.int64) for _ in range(3))
        if self.works(district):
            for stage, word in enumerate(STAGES):
                if self.settings.stages in ("both", word):
                    choose(district, stage, partial(self.rule, district), self.length(), self._count)

    def _count(self, stage: int, outcome: Outcome) -> None:
        """Count who asked, who got the first school of the list, and who got any."""
        self.asked[stage] += len(outcome.place)
        self.first[stage] += np.count_nonzero(outcome.place == 0)
        self.listed[stage] += np.count_nonzero(outcome.place >= 0)
        self.touched += len(outcome.place)

    def settle(self, district: District) -> None:
        """Write what the lists came to, and pay for the administration."""
        district.spend(self.id, "running", self.value(district, "cost") * int(self.asked.sum()), self.measure)
        for stage, word in enumerate(STAGES):
            if self.asked[stage]:
                district.recorder.note(district, "first_choice_share", self.first[stage] / self.asked[stage], word)
                district.recorder.note(district, "listed_share", self.listed[stage] / self.asked[stage], word)
