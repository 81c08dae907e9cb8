"""An hour of sport a day, and fitness tests (每天一小时体育活动; D1 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.policies.shared import mandates
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class FitnessSettings(PolicySettings):
    """How much of the hour is asked for, how far schools hold it, and what it costs."""

    hour: float = setting(
        1.0, unit="hours of sport a day that are asked for, beyond those of the first year", ge=0, le=1
    )
    compliance: float | None = setting(
        None, unit="share that schools hold on average", parameter="mandate_compliance", ge=0, le=1
    )
    cost: float | None = setting(
        None, unit="yuan per pupil-year at a full hour", parameter="sport_hour_cost", ge=0, le=1e6
    )


class Fitness(Policy):
    """Public schools hold an hour of sport a day, each as far as it complies;
    fitness grows by the share that takes place.

    The gain of a full year is `fitness_gain_hour`: so many pupils more of a hundred above the line, until all are.
    """

    name: ClassVar[str] = "fitness"
    title: ClassVar[dict[str, str]] = {"zh": "每天一小时体育活动", "en": "An hour of sport a day"}
    touches: ClassVar[str] = "pupil-years"
    effect: ClassVar[str] = "fitness_gain_hour on the share above the fitness line; none claimed on scores"
    zero: ClassVar[dict[str, object]] = {"hour": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("hour",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"compliance": 1.0, "cost": 0.0},
        {"compliance": 0.0},
        {"hour": 0.01, "cost": 1e6},
    )
    Settings = FitnessSettings
    settings: FitnessSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.will = mandates.Lots(self, "compliance")

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the year costs at last September's roll."""
        pupils = mandates.pupils_of(mandates.public_schools(district))
        return 0.0, self.settings.hour * self.value(district, "cost") * pupils

    def teach(self, district: World) -> None:
        """Hold the hour, as far as each school complies."""
        if not self.settings.hour:
            return
        schools, dose = mandates.public_schools(district), self.settings.hour * self.funded
        held = mandates.compliance(district, self.will, schools, self.value(district, "compliance"))
        for school, share in zip(schools, held.tolist(), strict=True):
            for part in school.parts.values():
                part.sport_hour += dose * share
        pupils = mandates.pupils_of(schools)
        district.spend(self.id, "running", dose * self.value(district, "cost") * pupils, self.measure)
        self.touched += pupils
