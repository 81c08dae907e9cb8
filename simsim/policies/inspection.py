"""An inspector is responsible for every school, and missed work has consequences (责任督学; V2 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class InspectionSettings(PolicySettings):
    """How far inspection reaches, what it brings and what it costs."""

    coverage: float = setting(1.0, unit="share of public schools with an inspector", ge=0, le=1)
    effect: float | None = setting(
        None, unit="share of non-compliance that an inspector ends", parameter="inspection_effect", ge=0, le=1
    )
    cost: float | None = setting(None, unit="yuan per school-year", parameter="inspector_cost", ge=0, le=1e6)


class Inspection(Policy):
    """Non-compliance with mandated measures falls by a share, in proportion to the schools that have an inspector.

    Policies that mandate something (rotation by order, training for all) read the named rate `policy/non-compliance`.
    """

    name: ClassVar[str] = "inspection"
    title: ClassVar[dict[str, str]] = {"zh": "责任督学", "en": "Inspectors of schools"}
    rates: ClassVar[tuple[str, ...]] = ("policy/non-compliance",)
    effect: ClassVar[str] = "inspection_effect on the compliance with mandated measures; none of its own on learning"
    zero: ClassVar[dict[str, object]] = {"coverage": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("coverage",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = ({"effect": 1.0, "cost": 1e6}, {"effect": 0.0, "cost": 0.0})
    Settings = InspectionSettings
    settings: InspectionSettings

    @classmethod
    def in_vain(cls, settings: InspectionSettings, around: Around) -> list[Vain]:
        """Inspection ends non-compliance with what other policies ask for."""
        return around.alone("effect", "rotation", "fitness", "skills")

    def rate(self, name: str, district: World) -> float:
        """Return what is left of non-compliance."""
        return float(1.0 - self.funded * self.settings.coverage * self.value(district, "effect"))

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the year's inspectors cost."""
        return 0.0, self._schools(district) * self.value(district, "cost")

    def settle(self, district: World) -> None:
        """Pay the inspectors, and count the schools they look after."""
        schools = self.funded * self._schools(district)
        district.spend(self.id, "running", schools * self.value(district, "cost"), self.measure)
        self.touched += round(schools)

    def _schools(self, district: World) -> float:
        return float(self.settings.coverage * sum(school.public for school in district.open_schools))
