"""The appropriation for schools grows faster than recurrent fiscal revenue (F1 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.policies.shared.promises import ONCE
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class AppropriationSettings(PolicySettings):
    """By how much faster, and how surely."""

    margin: float | None = setting(
        None,
        unit="growth above that of revenue",
        parameter="appropriation_growth_margin",
        ge=0,
        le=1,
    )
    kept: float | None = setting(
        None, unit="probability a year that the rule is kept", parameter="fiscal_rule_kept", ge=0, le=1
    )


class Appropriation(Policy):
    """In a year in which the rule is kept the appropriation grows by the margin
    above revenue, or more if it would anyway.
    """

    name: ClassVar[str] = "appropriation"
    title: ClassVar[dict[str, str]] = {"zh": "教育拨款增长", "en": "Growth of the appropriation"}
    touches: ClassVar[str] = "budget years"
    effect: ClassVar[str] = "none on learning; more money, which reaches schools where a budget binds"
    zero: ClassVar[dict[str, object]] = {"kept": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("kept",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = ({"kept": 1.0, "margin": 1.0}, {"kept": 1.0, "margin": 0.0})
    Settings = AppropriationSettings
    settings: AppropriationSettings

    @classmethod
    def sets(cls, settings: AppropriationSettings) -> set[str]:
        """One rule of growth holds."""
        return {"the growth of the appropriation"}

    def budget(self, district: World) -> None:
        """Raise the year's growth to what was promised, if the promise is kept."""
        if district.chance(self.stream("kept"), ONCE, self.value(district, "kept"))[0]:
            budget = district.budget
            budget.appropriation_growth = max(
                budget.appropriation_growth, budget.growth + self.value(district, "margin")
            )
            self.touched += 1
