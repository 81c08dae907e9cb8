"""Universities work with named schools (G-U-S, 政府—大学—中小学合作; Q3 of the plan)."""

from __future__ import annotations

from typing import ClassVar

from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared import mandates
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.schools import School
from simsim.world.world import World


class PartnershipSettings(PolicySettings):
    """Which schools, for how long, with what effect and cost."""

    schools: tuple[int, ...] = setting((), unit="keys of the partner schools", names="schools")
    supported: int = setting(
        0, unit="schools marked by monitoring that join as well, chosen in the first year", ge=0, le=100
    )
    years: int | None = setting(
        None, unit="years it lasts; null: until the instance ends", source="the scenario", ge=1, le=50
    )
    effect: float | None = setting(None, unit="SD a year at full effect", parameter="partnership_ugs", ge=-1, le=1)
    ramp_years: int | None = setting(
        None,
        unit="years until the full effect",
        parameter="partnership_ramp_years",
        ge=1,
        le=30,
        only_above=("effect",),
    )
    fade_years: int | None = setting(
        None,
        unit="years in which it fades afterwards",
        parameter="partnership_fade_years",
        ge=0,
        le=30,
        only_above=("effect",),
    )
    cost: float | None = setting(None, unit="yuan per school-year", parameter="partnership_cost", ge=0, le=1e7)


class Partnership(Policy):
    """Partner schools add value, more every year up to the full effect; after the end it fades.

    The effect has the sign of one observational study of paired schools and a range that starts at 0; nothing credible
    was found on universities as partners.
    """

    name: ClassVar[str] = "partnership"
    title: ClassVar[dict[str, str]] = {"zh": "与大学合作办学（G-U-S）", "en": "Partnership with universities"}
    touches: ClassVar[str] = "school-years of partnership"
    effect: ClassVar[str] = "partnership_ugs on every class of a partner school, ramped and faded"
    zero: ClassVar[dict[str, object]] = {"schools": (), "supported": 0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "schools",
            "supported",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"schools": (1, 2, 25), "effect": 1.0, "years": 1, "fade_years": 30, "ramp_years": 1},
        {"schools": (1,), "effect": -1.0, "ramp_years": 30, "years": 2, "fade_years": 0, "supported": 100},
    )
    Settings = PartnershipSettings
    settings: PartnershipSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.partners: list[int] | None = None
        ends = [] if self.settings.years is None else [self.first_year + self.settings.years - 1]
        self.ends = min([*ends, *([] if self.last_year is None else [self.last_year])], default=None)

    @classmethod
    def problems(cls, settings: PartnershipSettings, data: DistrictData) -> list[tuple[str, object, str]]:
        """Partners must be schools of the district."""
        return mandates.strangers("schools", settings.schools, data.schools["key"].tolist(), data.name)

    @classmethod
    def in_vain(cls, settings: PartnershipSettings, around: Around) -> list[Vain]:
        """Schools are marked by monitoring; years end with the instance; and what has no end never fades."""
        found = around.alone("supported", "monitoring")
        if settings.years is not None:
            found += around.outside("years", around.first + settings.years - 1)
        elif not around.ends:
            found.append(Vain("fade_years", "endless"))
        return found

    def active(self, year: int) -> bool:
        """The effect outlasts the partnership, so the instance goes on after its end."""
        return self.first_year <= year

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the partners cost this year."""
        return 0.0, self.value(district, "cost") * len(self._schools(district)) * self._lasts(district)

    def teach(self, district: World) -> None:
        """Add this year's effect to the partner schools, and pay while the partnership lasts."""
        schools, dose = self._schools(district), self.funded * self._share(district)
        for school in schools:
            for part in school.parts.values():
                part.program += dose * self.value(district, "effect")
        if self._lasts(district):
            district.spend(self.id, "running", self.funded * self.value(district, "cost") * len(schools), self.measure)
            self.touched += len(schools)

    def _schools(self, district: World) -> list[School]:
        """Return the partners: the named ones, and in the first year some of those that monitoring marked."""
        if self.partners is None and district.parts.supported.any():
            marked = dict.fromkeys(
                part.key for part in district.parts if part.supported and part.key not in self.settings.schools
            )
            self.partners = list(marked)[: self.settings.supported]
        keys = [*self.settings.schools, *(self.partners or ())]
        return [school for key in keys if (school := district.schools.get(key)) is not None and school.parts]

    def _lasts(self, district: World) -> bool:
        return self.ends is None or district.year <= self.ends

    def _share(self, district: World) -> float:
        """Return the share of the full effect this year."""
        last = district.year if self.ends is None else min(district.year, self.ends)
        reached = mandates.share_reached(last, self.first_year, self.value(district, "ramp_years"))
        return reached * max(1.0 - (district.year - last) / (self.value(district, "fade_years") + 1.0), 0.0)
