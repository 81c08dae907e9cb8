"""A dated commitment with a status and no claimed effect (Q4, D3 and R1 to R3 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.policies.shared.promises import Deadlines
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class CommitmentSettings(PolicySettings):
    """Whether it is tracked, under which name, and how surely it is on time."""

    tracked: bool = setting(True, unit="whether its date and status are written")
    milestone: str = setting("in force", unit="name in the table of milestones", only_with={"tracked": (True,)})
    delay_probability: float | None = setting(
        None,
        unit="probability",
        parameter="delay_probability_firm",
        ge=0,
        le=1,
        only_with={"tracked": (True,)},
        only_above=("delay_months",),
    )
    delay_months: float | None = setting(
        None,
        unit="months",
        parameter="delay_months",
        ge=0,
        le=240,
        only_with={"tracked": (True,)},
        only_above=("delay_probability",),
    )


class Commitment(Policy):
    """Something the district says it will do: tracked by date, without any effect on anybody."""

    name: ClassVar[str] = "commitment"
    title: ClassVar[dict[str, str]] = {"zh": "承诺事项", "en": "Commitment"}
    touches: ClassVar[str] = "years in force"
    zero: ClassVar[dict[str, object]] = {"tracked": False}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("tracked",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = ({"delay_probability": 1.0, "delay_months": 240.0},)
    Settings = CommitmentSettings
    settings: CommitmentSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.deadlines = Deadlines(self, self.start, self.settings.milestone)

    def begin(self, district: World) -> None:
        """Draw whether it is late."""
        self.deadlines.begin(district, self.value(district, "delay_probability"), self.value(district, "delay_months"))

    def settle(self, district: World) -> None:
        """Write its status."""
        if self.settings.tracked:
            self.deadlines.write(district, self.deadlines.ready)
            self.touched += district.year >= self.deadlines.opens
