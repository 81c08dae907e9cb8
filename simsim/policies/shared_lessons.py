"""Good lessons shared by two-way video with schools that lack them (优质教学资源共享; I2 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.policies.shared import mandates
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.schools import School
from simsim.world.world import World


class SharedLessonsSettings(PolicySettings):
    """How many schools are connected, how far what they get is used as in the trials, and what it costs."""

    schools_per_year: int | None = setting(
        None, unit="schools connected a year", parameter="shared_lessons_schools", ge=0, le=999
    )
    use: float | None = setting(
        None,
        unit="share of the trials' structured use, where there is access",
        parameter="shared_lessons_use",
        ge=0,
        le=1,
        only_above=("effect",),
    )
    effect: float | None = setting(
        None,
        unit="SD a year in one subject at full use",
        parameter="ict_structured_cal",
        ge=-1,
        le=1,
        only_above=("use",),
    )
    room_cost: float | None = setting(
        None, unit="yuan once per school", parameter="shared_lessons_room_cost", ge=0, le=1e7
    )
    cost: float | None = setting(
        None, unit="yuan per connected school-year", parameter="shared_lessons_cost", ge=0, le=1e7
    )


class SharedLessons(Policy):
    """Each year the public schools that lack good lessons most are connected to those that have them.

    A school lacks them when the share of its teachers who are backbone or star teachers is below the district's; the
    lowest come first. Hardware and access add nothing; structured use adds `effect` in one subject, which is one part
    in `core_subjects` of the composite score, in proportion to the share of use.
    """

    name: ClassVar[str] = "shared_lessons"
    title: ClassVar[dict[str, str]] = {"zh": "优质课程资源共享", "en": "Shared lessons"}
    touches: ClassVar[str] = "school-years with access"
    effect: ClassVar[str] = (
        "shared_lessons_use times ict_structured_cal / core_subjects in connected schools; access alone 0"
    )
    zero: ClassVar[dict[str, object]] = {"schools_per_year": 0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("schools_per_year",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"schools_per_year": 999, "use": 1.0, "effect": 1.0},
        {"schools_per_year": 1, "use": 0.0, "cost": 0.0, "room_cost": 0.0},
    )
    Settings = SharedLessonsSettings
    settings: SharedLessonsSettings

    @classmethod
    def sets(cls, settings: SharedLessonsSettings) -> set[str]:
        """A school is connected once."""
        return {"which schools share lessons"}

    def planned(self, district: World) -> tuple[float, float]:
        """Return the rooms of the schools to be connected, and the running cost of all that are."""
        new, there = len(self._next(district)), len(self._connected(district))
        return self.value(district, "room_cost") * new, self.value(district, "cost") * (new + there)

    def teach(self, district: World) -> None:
        """Connect this year's schools, let structured use work in all that are connected, and pay."""
        new = self._next(district)
        new = new[: int(np.ceil(self.funded * len(new)))]
        for school in new:
            school.shared_lessons = True
        schools = self._connected(district)
        gain = self.value(district, "use") * self.value(district, "effect") / district.p["core_subjects"]
        for school in schools:
            for part in school.parts.values():
                part.program += gain
        district.spend(self.id, "capital", self.value(district, "room_cost") * len(new), self.measure)
        district.spend(self.id, "running", self.value(district, "cost") * len(schools), self.measure)
        self.touched += len(schools)

    def _connected(self, district: World) -> list[School]:
        return [school for school in district.open_schools if school.shared_lessons]

    def _next(self, district: World) -> list[School]:
        """Return the schools to be connected this year, those with the fewest noted teachers first."""
        teachers = district.teachers
        noted = teachers.backbone | teachers.star
        size = np.bincount(teachers.post, minlength=district.parts.place.shape[1])
        share = np.bincount(teachers.post, noted, len(size)) / np.maximum(size, 1)
        line = int(np.count_nonzero(noted & teachers.public)) / max(int(np.count_nonzero(teachers.public)), 1)
        lacking = [s for s in mandates.public_schools(district) if not s.shared_lessons and share[s.key] < line]
        lacking.sort(key=lambda school: (share[school.key], school.key))
        return lacking[: int(self.value(district, "schools_per_year"))]
