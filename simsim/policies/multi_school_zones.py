"""Several schools to a zone: families of the zone rank them, a lottery places (多校划片)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import field_validator

from simsim.base.arrays import Floats, Ints
from simsim.base.codes import STAGES
from simsim.base.geometry import distance_km
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared.families_choose import ChoosingSettings, FamiliesChoose
from simsim.policy import setting
from simsim.rules.choice import Market, draws, utility
from simsim.world.world import World

UNZONED = -1
TWO = 2


class MultiSchoolZonesSettings(ChoosingSettings):
    """Which schools share a zone, and how families rank them."""

    zones: tuple[tuple[int, ...], ...] = setting(
        (), unit="school keys of each zone; empty: computed by `grouped_by`", names="schools"
    )
    grouped_by: Literal["nearest", "cluster"] = setting(
        "nearest", unit="rule of grouping where no zones are named", only_with={"zones": ((),)}
    )
    size: int = setting(
        3,
        unit="schools of a zone grouped by nearness",
        ge=1,
        le=50,
        only_with={"zones": ((),), "grouped_by": ("nearest",)},
    )
    rank: Literal["utility", "random"] = setting("utility", unit="how families rank the zone's schools")

    @field_validator("zones")
    @classmethod
    def once(cls, zones: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        """A school belongs to one zone (ValueError)."""
        keys = [key for zone in zones for key in zone]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"school {twice[0]} is named twice; keep one zone for it")
        return zones


class MultiSchoolZones(FamiliesChoose):
    """Catchments of neighbouring schools are joined; inside a zone places go by lottery, home does not count.

    Families rank the zone's schools by what they are worth to them, or leave it to the computer (`random`); every
    school has its own lottery ticket for every pupil. Whom the zone does not seat gets the nearest place left, and a
    child with a right to a seat none the less one at the catchment school. A school in no zone keeps its catchment.
    """

    name: ClassVar[str] = "multi_school_zones"
    title: ClassVar[dict[str, str]] = {"zh": "多校划片（摇号）", "en": "Multi-school zones with a lottery"}
    effect: ClassVar[str] = (
        "who goes where, by choice_bq, choice_bq_ses, choice_bs, choice_bd_primary and _junior, choice_view_sd; "
        "none on learning itself"
    )
    zero: ClassVar[dict[str, object]] = {"size": 1}
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"size": 50},
        {"size": 50, "rank": "random", "stages": "primary"},
        {"size": 2, "stages": "junior", "cost": 0.0},
        {"grouped_by": "cluster"},
    )
    Settings = MultiSchoolZonesSettings
    settings: MultiSchoolZonesSettings

    @classmethod
    def problems(cls, settings: MultiSchoolZonesSettings, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Schools of zones must be public schools of the district;
        those that policies open later are not known here.
        """
        private = set(data.schools["key"][data.schools["ownership"] == "private"])
        named = [key for zone in settings.zones for key in zone if key in private]
        return [("zones", key, f"is a private school of {data.name}; zones are of public schools") for key in named]

    @classmethod
    def contradictions(cls, settings: MultiSchoolZonesSettings) -> list[tuple[str, object, str]]:
        """A zone of one school is a catchment: nobody chooses in it."""
        remedy = "names one school, so nobody chooses there; add its neighbours, or leave the zone out"
        return [(f"zones.{n}", list(zone), remedy) for n, zone in enumerate(settings.zones) if len(zone) < TWO]

    @classmethod
    def in_vain(cls, settings: MultiSchoolZonesSettings, around: Around) -> list[Vain]:
        """Zones of one school each are catchments; so are zones of clusters where there are none."""
        if settings.zones:
            keys = sorted({key for zone in settings.zones for key in zone} - around.schools)
            return [Vain(f"zones (school {key})", "stranger") for key in keys]
        if settings.grouped_by == "cluster":
            return around.alone("", "clusters")
        return [Vain("", "baseline")] if settings.size == 1 else []

    def works(self, district: World) -> bool:
        """A zone with a single school is a catchment."""
        public = (district.parts.of_stage(stage, only_public=True) for stage in self.choosing(district))
        return any(len(zone) > len(np.unique(zone)) for zone in (self.zone(district, rows) for rows in public))

    def worth(self, district: World, market: Market) -> Floats:
        """Return utilities of the zone's schools, or nothing but chance."""
        zone = self.zone(district, market.parts)
        mine = zone[market.own][:, None] == zone
        if self.settings.rank == "utility":
            return utility(district, market, self.id, mine)
        return np.where(mine, draws(district, self.stream("order"), market, mine), -np.inf)

    def zone(self, district: World, rows: Ints) -> Ints:
        """Return a number for the zone of each part (rows, S); a school in no zone has one of its own."""
        parts = district.parts
        if self.settings.zones:
            of = {key: zone[0] for zone in self.settings.zones for key in zone}
            return parts.of_schools(lambda school: of.get(school.key, school.key))[rows]
        if self.settings.grouped_by == "cluster":
            return parts.of_schools(lambda s: min(s.cluster.members) if s.cluster else s.key)[rows]
        limit = district.p[f"travel_limit_km.{STAGES[parts.stage[rows[0]]]}"]
        return nearby(np.column_stack((parts.x_km[rows], parts.y_km[rows])), self.settings.size, limit)


def nearby(places: Floats, size: int, limit: float) -> Ints:
    """Group places (n, 2 in km) by nearness, the outermost first: each takes the
    nearest left within the limit, up to `size`.
    """
    zone = np.full(len(places), UNZONED)
    x, y = places.T
    for start in np.argsort(-distance_km(x, y, x.mean(), y.mean()), kind="stable").tolist():
        if zone[start] == UNZONED:
            zone[start] = start
            km = distance_km(x, y, x[start], y[start])
            left = np.flatnonzero((zone == UNZONED) & (km <= limit))
            zone[left[np.argsort(km[left], kind="stable")][: size - 1]] = start
    return zone
