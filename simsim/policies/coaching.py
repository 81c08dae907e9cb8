"""Intensive coaching of some teachers every year: a lever that the plan does not have (听评课式教练辅导)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from simsim.base.arrays import Floats
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class CoachingSettings(PolicySettings):
    """How many are coached, who, what it adds and costs."""

    share: float | None = setting(
        None, unit="share of public teachers coached a year", parameter="coaching.share", ge=0, le=1
    )
    who: Literal["all", "novices", "weak_schools"] = setting("all", unit="who is coached first")
    effect: float | None = setting(
        None, unit="SD added in the year of coaching", parameter="coaching_intensive", ge=-1, le=1
    )
    cost: float | None = setting(None, unit="yuan per coached teacher-year", parameter="coaching_cost", ge=0, le=1e7)


class Coaching(Policy):
    """A share of the public teachers is coached each year, one by one and in class, and teaches better for it.

    What coaching adds fades by `coaching_decay` a year and is not added twice: a teacher coached again has the full
    effect again. Taken by lot, novices first, or the schools of lowest monitored quality first.
    """

    name: ClassVar[str] = "coaching"
    title: ClassVar[dict[str, str]] = {"zh": "教师强化辅导", "en": "Intensive coaching"}
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = (
        "coaching_intensive for the coached, fading by coaching_decay (Kraft, Blazar & Hogan 2018, at scale)"
    )
    zero: ClassVar[dict[str, object]] = {"share": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("share",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"share": 1.0, "effect": 1.0, "cost": 0.0},
        {"share": 0.5, "effect": -1.0, "who": "novices"},
        {"share": 0.001, "who": "weak_schools"},
    )
    Settings = CoachingSettings
    settings: CoachingSettings

    def planned(self, district: World) -> tuple[float, float]:
        """Return what coaching the year's share costs."""
        return 0.0, float(
            self.value(district, "share") * np.count_nonzero(district.teachers.public) * self.value(district, "cost")
        )

    def staff(self, district: World) -> None:
        """Coach this year's teachers."""
        teachers = district.teachers
        n = int(round(self.value(district, "share") * self.funded * np.count_nonzero(teachers.public)))
        if not n:
            return
        rows = np.flatnonzero(teachers.public)
        lot = district.uniform(self.stream("who"), teachers.id[rows])
        rows = rows[np.lexsort((lot, self._rank(district)[rows]))[:n]]
        teachers.coaching[rows] = self.value(district, "effect")
        district.spend(self.id, "running", n * self.value(district, "cost"), self.measure)
        district.recorder.note(district, "coached", n)
        self.touched += n

    def _rank(self, district: World) -> Floats:
        """Return who comes first (n teachers), the lowest number before the others."""
        teachers = district.teachers
        if self.settings.who == "novices":
            return np.where(teachers.experience < district.p["novice_years"], 0.0, 1.0)
        if self.settings.who == "weak_schools":
            return district.parts.monitored[district.parts.of_teachers()]
        return np.zeros(len(teachers))
