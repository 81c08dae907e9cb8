"""The education surcharge goes mainly to the conditions of schools (教育费附加; F3 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class SurchargeSettings(PolicySettings):
    """How much of it."""

    share: float | None = setting(
        None, unit="share of the surcharge, repairs included", parameter="surcharge_conditions_share", ge=0, le=1
    )


class Surcharge(Policy):
    """A share of the surcharge is set aside for the conditions of schools.

    Repairs take their usual part of it; the rest pays capital of measures and rooms first of all
    money, and what is not used waits for the next year.
    """

    name: ClassVar[str] = "surcharge"
    title: ClassVar[dict[str, str]] = {"zh": "教育费附加用于办学条件", "en": "Surcharge for school conditions"}
    touches: ClassVar[str] = "budget years"
    effect: ClassVar[str] = "none on learning; money set aside for capital, which reaches schools where a budget binds"
    zero: ClassVar[dict[str, object]] = {"share": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("share",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = ({"share": 1.0},)
    Settings = SurchargeSettings
    settings: SurchargeSettings

    @classmethod
    def sets(cls, settings: SurchargeSettings) -> set[str]:
        """One share is set aside."""
        return {"the share of the surcharge for school conditions"}

    @classmethod
    def in_vain(cls, settings: SurchargeSettings, around: Around) -> list[Vain]:
        """Repairs take their share in any case."""
        return [Vain("", v.why, v.words) for v in around.below("share", settings.share, "surcharge_repairs_share")]

    def budget(self, district: World) -> None:
        """Set the year's share aside; never less than repairs take."""
        share = self.value(district, "share")
        self.touched += share > district.budget.conditions_share
        district.budget.conditions_share = max(district.budget.conditions_share, share)
