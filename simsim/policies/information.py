"""An information platform: families and planners see schools more clearly (信息公开; I1 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class InformationSettings(PolicySettings):
    """How far the platform reaches, what it shows, what it costs."""

    reach: float = setting(1.0, unit="share of the district that the platform covers", ge=0, le=1)
    families: float | None = setting(
        None, unit="share of families' error that goes", parameter="information.families", ge=0, le=1
    )
    planners: float | None = setting(
        None, unit="share of monitoring's error that goes", parameter="information.planners", ge=0, le=1
    )
    platform: float | None = setting(None, unit="yuan once", parameter="information.platform_cost", ge=0, le=1e9)
    upkeep: float | None = setting(None, unit="yuan a year", parameter="information.upkeep_cost", ge=0, le=1e9)


class Information(Policy):
    """Indicators of every school are public: errors in how families and planners see quality shrink.

    Families act on what they see only where they choose schools (multi_school_zones, open_choice); planners act on it
    in whatever follows monitored quality. Neither learns anything about one school more than about another.
    """

    name: ClassVar[str] = "information"
    title: ClassVar[dict[str, str]] = {"zh": "教育信息公开", "en": "Open information"}
    rates: ClassVar[tuple[str, ...]] = ("admit/view-error", "assess/monitoring-error")
    effect: ClassVar[str] = (
        "errors of sight fall by information.families and information.planners; none on learning itself"
    )
    zero: ClassVar[dict[str, object]] = {"reach": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("reach",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"families": 1.0, "planners": 1.0},
        {"reach": 0.5, "families": 0.0, "planners": 0.0, "platform": 0.0, "upkeep": 0.0},
    )
    Settings = InformationSettings
    settings: InformationSettings

    @classmethod
    def in_vain(cls, settings: InformationSettings, around: Around) -> list[Vain]:
        """Families act on what they see only where they choose."""
        return around.alone("families", "multi_school_zones", "open_choice")

    def rate(self, name: str, district: World) -> float:
        """Take away the platform's share of the error."""
        field = "families" if name == "admit/view-error" else "planners"
        return 1.0 - self.funded * self.settings.reach * self.value(district, field)

    def planned(self, district: World) -> tuple[float, float]:
        """Return the platform, in the first year, and its upkeep."""
        platform = (
            self.value(district, "platform") if district.year == max(self.first_year, district.first_year + 1) else 0.0
        )
        return self.settings.reach * platform, self.settings.reach * self.value(district, "upkeep")

    def settle(self, district: World) -> None:
        """Pay for the platform in the first year and for its upkeep in every year; count the schools that it shows."""
        reach = self.funded * self.settings.reach
        if district.year == max(self.first_year, district.first_year + 1):
            district.spend(self.id, "capital", reach * self.value(district, "platform"), self.measure)
        district.spend(self.id, "running", reach * self.value(district, "upkeep"), self.measure)
        self.touched += round(reach * len(district.open_schools))
