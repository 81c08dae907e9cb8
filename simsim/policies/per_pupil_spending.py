"""Spending per pupil grows every year (F2 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.policies.shared.promises import ONCE
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.budget import Floor
from simsim.world.world import World


class PerPupilSpendingSettings(PolicySettings):
    """By how much at least, and how surely."""

    growth: float | None = setting(None, unit="least growth a year", parameter="per_pupil_growth_promised", ge=0, le=1)
    kept: float | None = setting(
        None, unit="probability a year that the rule is kept", parameter="fiscal_rule_kept", ge=0, le=1
    )


class PerPupilSpending(Policy):
    """At the end of a year in which the rule is kept, schools get what running spending per pupil lacks of its growth.

    The rule is judged on running spending of public schools (pay, public-use funds, repairs, running cost of measures),
    in constant prices: a building year would hide a fall and make the next year break the rule. Where the budget binds,
    the top-up goes only as far as general money reaches.
    """

    name: ClassVar[str] = "per_pupil_spending"
    title: ClassVar[dict[str, str]] = {"zh": "生均教育费用逐年增长", "en": "Growth of spending per pupil"}
    touches: ClassVar[str] = "budget years"
    effect: ClassVar[str] = "none on learning claimed"
    zero: ClassVar[dict[str, object]] = {"kept": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("kept",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = ({"kept": 1.0, "growth": 1.0}, {"kept": 1.0, "growth": 0.0})
    Settings = PerPupilSpendingSettings
    settings: PerPupilSpendingSettings

    @classmethod
    def sets(cls, settings: PerPupilSpendingSettings) -> set[str]:
        """One rule of growth holds."""
        return {"the growth of spending per pupil"}

    def budget(self, district: World) -> None:
        """Promise the growth for this year, if the promise is kept."""
        if district.chance(self.stream("kept"), ONCE, self.value(district, "kept"))[0]:
            district.budget.floor = Floor(self.value(district, "growth"), self.id, self.measure)
            self.touched += 1
