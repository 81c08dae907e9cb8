"""Activities in school time through which pupils learn skills in
sport, music and art (体育、艺术“2+1”; D2 of the plan).
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from simsim.policies.shared import mandates
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.schools import School
from simsim.world.world import World


class SkillsSettings(PolicySettings):
    """How much of it, in how many schools, towards what, and what it costs."""

    activities: float | None = setting(
        None, unit="share of a place-year of lessons that every pupil gets", parameter="skill_activities", ge=0, le=1
    )
    towards: Literal["two_plus_one", "own_choice"] = setting("two_plus_one", unit="which skills are practised first")
    years: int | None = setting(
        None, unit="years until every school has them", parameter="skill_activities_years", ge=1, le=30
    )
    compliance: float | None = setting(
        None, unit="share that schools carry out on average", parameter="mandate_compliance", ge=0, le=1
    )
    cost: float | None = setting(None, unit="yuan per pupil-year", parameter="skill_activities_cost", ge=0, le=1e6)


class Skills(Policy):
    """Public schools, more of them every year, give every pupil some lessons in sport, music and art.

    A pupil goes on with the skill that is furthest on the way; towards 2+1, first with one of those still missing (two
    in sport, one in music or art). Three lines are recorded apart: at least one skill, at least two, and 2+1.
    """

    name: ClassVar[str] = "skills"
    title: ClassVar[dict[str, str]] = {"zh": "体育、艺术“2+1”活动", "en": "Sport and arts 2+1"}
    touches: ClassVar[str] = "pupil-years"
    effect: ClassVar[str] = "skill_gain skills per place-year of lessons; none claimed on scores"
    zero: ClassVar[dict[str, object]] = {"activities": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("activities",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"activities": 1.0, "years": 1, "compliance": 1.0, "towards": "own_choice"},
        {"activities": 1.0, "years": 30, "compliance": 0.0, "cost": 0.0},
    )
    Settings = SkillsSettings
    settings: SkillsSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.order, self.will = mandates.Lots(self, "order"), mandates.Lots(self, "compliance")

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the year costs at last September's roll."""
        return 0.0, self.value(district, "cost") * mandates.pupils_of(self._reached(district))

    def teach(self, district: World) -> None:
        """Hold the activities in the schools reached so far."""
        schools, dose = self._reached(district), self.value(district, "activities") * self.funded
        carried = mandates.compliance(district, self.will, schools, self.value(district, "compliance"))
        for school, share in zip(schools, carried.tolist(), strict=True):
            for part in school.parts.values():
                part.activities += dose * share
                part.guided = self.settings.towards == "two_plus_one"
        pupils = mandates.pupils_of(schools)
        district.spend(self.id, "running", self.funded * self.value(district, "cost") * pupils, self.measure)
        self.touched += pupils

    def _reached(self, district: World) -> list[School]:
        """Return the public schools that have activities this year, in the order of a lot."""
        if not self.value(district, "activities"):
            return []
        schools = mandates.public_schools(district)
        share = mandates.share_reached(district.year, self.first_year, self.value(district, "years"))
        return [schools[i] for i in np.flatnonzero(self.order.of(district, schools) < share).tolist()]
