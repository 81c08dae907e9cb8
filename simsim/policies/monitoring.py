"""A data centre monitors every school better, and support goes to the weakest (质量监测; Q1 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World

SUREST = 0.99


class MonitoringSettings(PolicySettings):
    """How much surer monitoring becomes, who is supported for it, and what it costs."""

    gain: float | None = setting(
        None, unit="added to the reliability of a year's monitoring", parameter="monitoring_gain", ge=0, le=0.9
    )
    support_share: float | None = setting(
        None, unit="share of public stages supported", parameter="support_share", ge=0, le=1
    )
    feedback_effect: float = setting(
        0.0,
        unit="SD a year in supported schools",
        source="judgement; no credible estimate found",
        ge=-1,
        le=1,
        only_above=("support_share",),
    )
    centre_cost: float | None = setting(None, unit="yuan once", parameter="monitoring_centre_cost", ge=0, le=1e9)
    cost: float | None = setting(None, unit="yuan per school-year", parameter="monitoring_cost", ge=0, le=1e7)


class Monitoring(Policy):
    """Every school's quality is seen with less error, and each year the weakest of last June are marked for support.

    Support is a place in the queue (policies that look for schools to support take marked ones
    first), by itself it teaches nobody anything unless `feedback_effect` says so. The mark rests
    on noisy monitoring: some are marked by bad luck.
    """

    name: ClassVar[str] = "monitoring"
    title: ClassVar[dict[str, str]] = {"zh": "教育质量监测", "en": "Monitoring of school quality"}
    rates: ClassVar[tuple[str, ...]] = ("assess/monitoring-error",)
    touches: ClassVar[str] = "school-years monitored"
    effect: ClassVar[str] = "monitoring_gain on the reliability of monitoring; none claimed on scores"
    zero: ClassVar[dict[str, object]] = {"gain": 0.0, "support_share": 0.0, "centre_cost": 0.0, "cost": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "gain",
            "support_share",
            "centre_cost",
            "cost",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"gain": 0.9, "support_share": 1.0, "feedback_effect": 0.1},
        {"gain": 0.0, "cost": 1e7},
    )
    Settings = MonitoringSettings
    settings: MonitoringSettings

    @classmethod
    def sets(cls, settings: MonitoringSettings) -> set[str]:
        """Schools are marked once."""
        return {"which schools are supported"}

    def planned(self, district: World) -> tuple[float, float]:
        """Return the centre, in the first year, and what monitoring costs."""
        centre = self.value(district, "centre_cost") if district.year == self.first_year else 0.0
        return centre, self.value(district, "cost") * len(district.open_schools)

    def rate(self, name: str, district: World) -> float:
        """Return what is left of the error."""
        before = district.p["monitoring_reliability"]
        after = max(min(before + self.funded * self.value(district, "gain"), SUREST), before)
        return float(np.sqrt((1.0 / after - 1.0) / (1.0 / before - 1.0))) if before < 1.0 else 1.0

    def admit(self, district: World) -> None:
        """Mark the public stages of schools that last June's monitoring saw as the weakest."""
        for stage in district.system.stages:
            rows = district.parts.of_stage(stage, only_public=True)
            weakest = rows[np.argsort(district.parts.monitored[rows], kind="stable")]
            district.parts.supported[weakest[: round(self.value(district, "support_share") * len(rows))]] = True

    def teach(self, district: World) -> None:
        """Let feedback work where a scenario says that it does."""
        district.parts.program += self.settings.feedback_effect * district.parts.supported

    def settle(self, district: World) -> None:
        """Pay for the centre and for every school monitored."""
        centre, running = self.planned(district)
        district.spend(self.id, "capital", self.funded * centre, self.measure)
        district.spend(self.id, "running", self.funded * running, self.measure)
        self.touched += len(district.open_schools)
