"""Culture, sport and science after school, bought from providers (课后文体科技类活动; K4 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared import mandates
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.schools import School
from simsim.world.world import World


class AfterSchoolSettings(PolicySettings):
    """Which schools and when, how many places, for whom, and what a place costs."""

    pilots: tuple[int, ...] = setting((), unit="keys of the schools that begin", names="schools")
    pilot_years: int = setting(1, unit="years in which only the pilots have it", ge=0, le=30, only_above=("reach",))
    years: int | None = setting(
        None,
        unit="years from then until all that will have it do",
        parameter="after_school_years",
        ge=1,
        le=30,
        only_above=("reach",),
    )
    reach: float = setting(1.0, unit="share of the other public schools that have it in the end", ge=0, le=1)
    places: float | None = setting(
        None, unit="places per pupil of a school", parameter="after_school_places", ge=0, le=1
    )
    poor_ratio: float | None = setting(
        None, unit="times the chance of a place for a poor pupil", parameter="after_school_poor_ratio", ge=0, le=100
    )
    cost: float | None = setting(None, unit="yuan per place-year", parameter="after_school_cost", ge=0, le=1e6)


class AfterSchool(Policy):
    """Pilot schools first, then more public schools every year, have bought
    places after school, given by lot every year.

    A place is a full year of skill lessons and `after_school_sport` of the daily hour of sport.
    Places that donations pay for (policy aid) come on top. Scores change by `afterschool_mean` for
    those who have one: 0, with a range of both signs.
    """

    name: ClassVar[str] = "after_school"
    title: ClassVar[dict[str, str]] = {"zh": "课后文体科技活动购买服务", "en": "Bought services after school"}
    touches: ClassVar[str] = "place-years"
    effect: ClassVar[str] = (
        "skill_gain and after_school_sport for pupils with a place; afterschool_mean on their scores (0 by default)"
    )
    zero: ClassVar[dict[str, object]] = {"places": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("places",),
        (
            "pilots",
            "reach",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"places": 1.0, "pilot_years": 0, "years": 1},
        {"pilots": (1, 25), "reach": 0.0, "poor_ratio": 0.0, "cost": 0.0},
        {"pilots": (2,), "poor_ratio": 100.0, "places": 0.01},
    )
    Settings = AfterSchoolSettings
    settings: AfterSchoolSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.order = mandates.Lots(self, "order")

    @classmethod
    def problems(cls, settings: AfterSchoolSettings, data: DistrictData) -> list[tuple[str, object, str]]:
        """Pilots must be schools of the district."""
        return mandates.strangers("pilots", settings.pilots, data.schools["key"].tolist(), data.name)

    @classmethod
    def in_vain(cls, settings: AfterSchoolSettings, around: Around) -> list[Vain]:
        """Pilots begin first only where the others do not all begin with them."""
        at_once = settings.pilots and settings.reach == 1.0 and settings.pilot_years == 0 and settings.years == 1
        return [Vain("pilots", "kept", {"others": "pilot_years = 0, years = 1"})] if at_once else []

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the year's places cost at last September's roll."""
        places = self.value(district, "places") * mandates.pupils_of(self._served(district))
        return 0.0, self.value(district, "cost") * places

    def teach(self, district: World) -> None:
        """Give this year's places by lot, a poor pupil's chance
        being `poor_ratio` times another's; the mean is kept.
        """
        served = {school.key for school in self._served(district)} if self.value(district, "places") else set()
        students, at = district.students, district.parts.of_students()
        serves = np.append(np.isin(district.parts.key, list(served)), False)
        rows = np.flatnonzero(serves[at] & ~students.after_school)
        chance = self._chances(district, at[rows].astype(np.int64), students.poor[rows])
        placed = rows[district.uniform(self.stream("places"), students.id[rows]) < chance]
        students.after_school[placed] = True
        district.spend(self.id, "running", self.value(district, "cost") * len(placed), self.measure)
        self.touched += len(placed)

    def _served(self, district: World) -> list[School]:
        """Return the schools that have the service this year."""
        since = self.first_year + self.settings.pilot_years
        share = self.settings.reach * mandates.share_reached(district.year, since, self.value(district, "years"))
        public = mandates.public_schools(district)
        lots = dict(zip([school.key for school in public], self.order.of(district, public).tolist(), strict=True))
        return [s for s in district.open_schools if s.key in self.settings.pilots or lots.get(s.key, 1.0) < share]

    def _chances(self, district: World, part: Ints, poor: Mask) -> Floats:
        """Return each pupil's chance (n): by part, places per pupil on average, more for the poor up to certainty."""
        share, n = self.funded * self.value(district, "places"), len(district.parts)
        pupils, poorer = np.bincount(part, minlength=n), np.bincount(part[poor], minlength=n)
        ratio = self.value(district, "poor_ratio")
        for_poor = np.minimum(ratio * share * pupils / np.maximum(pupils + (ratio - 1.0) * poorer, 1e-9), 1.0)
        for_others = np.minimum((share * pupils - for_poor * poorer) / np.maximum(pupils - poorer, 1), 1.0)
        return np.where(poor, for_poor[part], for_others[part])
