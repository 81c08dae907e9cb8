"""Whole-person evaluation of pupils spreads from the school that made it (学生综合评价体系; D4 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.districts.files import DistrictData
from simsim.policies.shared import mandates
from simsim.policies.shared.promises import Deadlines
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.schools import School
from simsim.world.world import World


class WholePersonEvaluationSettings(PolicySettings):
    """Who begins, how fast it spreads, how surely it begins on time, and what it costs."""

    pioneer: int = setting(1, unit="key of the school that makes the system; 0 for none", ge=0, names="schools")
    years: int | None = setting(
        None,
        unit="years from the first followers until all schools evaluate",
        parameter="evaluation_years",
        ge=1,
        le=30,
    )
    delay_probability: float | None = setting(
        None,
        unit="probability",
        parameter="delay_probability_striving",
        ge=0,
        le=1,
        only_above=("delay_months",),
    )
    delay_months: float | None = setting(
        None, unit="months", parameter="delay_months", ge=0, le=240, only_above=("delay_probability",)
    )
    cost: float | None = setting(
        None, unit="yuan per evaluating school-year", parameter="evaluation_cost", ge=0, le=1e7
    )


class WholePersonEvaluation(Policy):
    """The pioneer evaluates first, the schools of its cluster follow a year later,
    and the other public schools from then on.

    An evaluating school sees achievement, growth, fitness and skills as one number (`evaluation_weight`), recorded by
    school and there for whoever sets targets. Completion is only striven for (力争), and what follows waits for it.
    """

    name: ClassVar[str] = "whole_person_evaluation"
    title: ClassVar[dict[str, str]] = {"zh": "学生综合评价体系推广", "en": "Whole-person evaluation of pupils"}
    zero: ClassVar[dict[str, object]] = {"pioneer": 0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("pioneer",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"pioneer": 25, "years": 1, "delay_probability": 0.0},
        {"years": 30, "delay_probability": 1.0, "delay_months": 240.0, "cost": 0.0},
    )
    Settings = WholePersonEvaluationSettings
    settings: WholePersonEvaluationSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.deadlines = Deadlines(self, self.start)
        self.order = mandates.Lots(self, "order")

    @classmethod
    def sets(cls, settings: WholePersonEvaluationSettings) -> set[str]:
        """A school has one system of evaluation."""
        return {"whole-person evaluation"}

    @classmethod
    def problems(cls, settings: WholePersonEvaluationSettings, data: DistrictData) -> list[tuple[str, object, str]]:
        """The pioneer must be a school of the district."""
        return mandates.strangers("pioneer", [settings.pioneer], [0, *data.schools["key"]], data.name)

    def begin(self, district: World) -> None:
        """Draw whether the system is complete in time."""
        self.deadlines.begin(district, self.value(district, "delay_probability"), self.value(district, "delay_months"))

    def planned(self, district: World) -> tuple[float, float]:
        """Return what this year's evaluating schools cost."""
        return 0.0, self.value(district, "cost") * len(self._reached(district))

    def teach(self, district: World) -> None:
        """Let the schools reached evaluate; a school that has begun goes on."""
        reached = self._reached(district)
        for school in reached[: int(np.ceil(self.funded * len(reached)))]:
            school.evaluates = True

    def settle(self, district: World) -> None:
        """Pay for evaluation, count the schools, and bring the promise up to date."""
        if not self.settings.pioneer:
            return
        schools = [school for school in district.open_schools if school.evaluates]
        district.spend(self.id, "running", self.value(district, "cost") * len(schools), self.measure)
        self.touched += len(schools)
        self.deadlines.write(district, self.deadlines.ready)

    def _reached(self, district: World) -> list[School]:
        """Return who evaluates this year: the pioneer, then its cluster, then by lot a
        growing share of the other public schools.
        """
        since = district.year - max(self.deadlines.opens, self.first_year)
        first = district.schools.get(self.settings.pioneer)
        if since < 0 or first is None:
            return []
        schools = [school for school in mandates.public_schools(district) if school is not first]
        share = mandates.share_reached(since, 1, self.value(district, "years"))
        near = first.cluster.members.values() if first.cluster is not None and since >= 1 else ()
        lots = self.order.of(district, schools).tolist()
        pioneer = [first] if first.parts else []
        return [*pioneer, *(s for s, lot in zip(schools, lots, strict=True) if s.evaluates or s in near or lot < share)]
