"""Compulsory schooling for disabled children (残疾儿童少年义务教育; K2 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.inputs.effect import Around, Vain
from simsim.policies.shared import mandates
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class SpecialEducationSettings(PolicySettings):
    """How many are reached, how soon, and what a child costs."""

    target: float | None = setting(
        None, unit="share of disabled children in provision in the end", parameter="disabled_served_target", ge=0, le=1
    )
    years: int | None = setting(None, unit="years until then", parameter="disabled_years", ge=1, le=30)
    cost: float | None = setting(
        None, unit="yuan per child-year beyond those of the first year", parameter="special_ed_fund", ge=0, le=1e6
    )


class SpecialEducation(Policy):
    """The share of disabled children in ordinary or special provision rises from `disabled_served_2014` to a target.

    The mildest disabilities are reached first, the most severe ones need special provision (`disabled_special_share`).
    A child without provision is on the district's rolls and at home in fact. The plan says every child and names no
    line; 0.95 is the line of the 2017 method.
    """

    name: ClassVar[str] = "special_education"
    title: ClassVar[dict[str, str]] = {"zh": "残疾儿童少年入学保障", "en": "Schooling of disabled children"}
    rates: ClassVar[tuple[str, ...]] = ("teach/unserved",)
    touches: ClassVar[str] = "disabled children's years in provision, beyond those of the first year"
    effect: ClassVar[str] = "disabled_served_target on the share in provision; none claimed on scores"
    zero: ClassVar[dict[str, object]] = {"target": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("target",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"target": 1.0, "years": 1, "cost": 1e6},
        {"target": 1.0, "years": 30, "cost": 0.0},
    )
    Settings = SpecialEducationSettings
    settings: SpecialEducationSettings

    @classmethod
    def sets(cls, settings: SpecialEducationSettings) -> set[str]:
        """The share has one target."""
        return {"the share of disabled children in provision"}

    @classmethod
    def in_vain(cls, settings: SpecialEducationSettings, around: Around) -> list[Vain]:
        """Provision never falls below that of the first year."""
        return [Vain("", v.why, v.words) for v in around.below("target", settings.target, "disabled_served_2014")]

    def rate(self, name: str, district: World) -> float:
        """Return what is left of the share without provision; never more than in the first year."""
        missing = 1.0 - district.p["disabled_served_2014"]
        goal = (1.0 - self.value(district, "target")) / missing if missing > 0.0 else 1.0
        return 1.0 - self._progress(district) * max(1.0 - goal, 0.0)

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the children to be reached cost."""
        share = max(self.value(district, "target") - district.p["disabled_served_2014"], 0.0)
        reached = mandates.share_reached(district.year, self.first_year, self.value(district, "years")) * share
        return 0.0, self.value(district, "cost") * reached * np.count_nonzero(district.students.disabled)

    def assess(self, district: World) -> None:
        """Pay for the children in provision who would not have been in the first year."""
        students, p = district.students, district.p
        extra = students.disabled & (students.provision > 0) & (students.severity >= p["disabled_served_2014"])
        n = int(np.count_nonzero(extra))
        district.spend(self.id, "running", self.value(district, "cost") * n, self.measure)
        self.touched += n

    def _progress(self, district: World) -> float:
        return self.funded * mandates.share_reached(district.year, self.first_year, self.value(district, "years"))
