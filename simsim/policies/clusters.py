"""Schools form education groups, alliances and large school zones (集优化办学; C1 to C3 of the plan)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simsim.base import calendar
from simsim.base.arrays import Floats
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared import promises as projects
from simsim.policies.shared.building_project import Name
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.rates import Multiple
from simsim.world.schools import KINDS, Cluster, School
from simsim.world.world import World

GROUP = "group"
"""The kind of cluster that shares titled posts."""


class Members(BaseModel):
    """One cluster: its name, kind, lead and members, and who joins later than the rest."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    kind: Literal[KINDS] = "group"  # type: ignore[valid-type]
    lead: int | None = None
    members: tuple[int, ...] = ()
    joining: dict[int, str] = Field(default_factory=dict)

    @property
    def schools(self) -> list[int]:
        """The lead first, then the members."""
        return ([] if self.lead is None else [self.lead]) + list(self.members)


class ClustersSettings(PolicySettings):
    """Which clusters there are, and what they do and cost by themselves."""

    clusters: tuple[Members, ...] = setting(
        (), unit="clusters: name, kind, lead, members, joining (month by member)", names="schools"
    )
    direct_effect: float | None = setting(
        0.0, unit="SD a year at a member, full after ramp_years", parameter="group_recipient", ge=-1, le=1
    )
    lead_effect: float | None = setting(
        0.0, unit="SD a year at the lead, full after ramp_years", parameter="group_lead", ge=-1, le=1
    )
    ramp_years: int = setting(
        3,
        unit="years until a direct effect is full",
        source="effects.md 1.2: group effects ramp over 3 years",
        ge=1,
        le=20,
        only_above=("direct_effect", "lead_effect"),
    )
    cost: float | None = setting(None, unit="yuan per cluster-year", parameter="cluster_cost", ge=0, le=1e8)
    pooled_titles: bool = setting(
        True, unit="whether schools of a group share titled posts, with members first (集团内职称统筹)"
    )
    title_gain: float | None = setting(
        None,
        unit="added to the yearly chance of the first title at members of a group",
        parameter="cluster.title_gain",
        ge=0,
        le=1,
        only_with={"pooled_titles": (True,)},
    )
    promised: str | None = setting(None, unit="month by which the clusters are to stand", pattern=calendar.MONTH)
    milestone: str = setting("clusters formed", unit="name in the table of milestones")


class Clusters(Policy):
    """Groups under a lead school, alliances of equals, zones under one management.

    A cluster is where teachers rotate with `scope: cluster`, where principals and lessons are shared, and what a new
    branch joins; that is how it works. Schools of a group share their titled posts, and teachers at members rise to the
    first title more readily, as the group puts members forward; at the lead nothing changes. By itself a cluster costs
    a little and, unless a scenario says so, teaches nobody: group effects are teacher moves, coaching and name, and are
    not counted twice (evidence/effects.md section 8).
    """

    name: ClassVar[str] = "clusters"
    title: ClassVar[dict[str, str]] = {"zh": "集优化办学", "en": "Clusters of schools"}
    rates: ClassVar[tuple[str, ...]] = ("staff/first-title",)
    touches: ClassVar[str] = "schools that join"
    effect: ClassVar[str] = (
        "none by default; direct_effect and lead_effect (parameters group_recipient, group_lead) where a "
        "scenario sets them"
    )
    zero: ClassVar[dict[str, object]] = {"clusters": ()}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("clusters",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"clusters": ({"name": {"zh": "一", "en": "One"}, "kind": "alliance", "members": (1,)},), "cost": 0.0},
        {
            "clusters": ({"name": {"zh": "一", "en": "One"}, "lead": 1, "members": (2,)},),
            "direct_effect": 1.0,
            "lead_effect": -1.0,
        },
    )
    Settings = ClustersSettings
    settings: ClustersSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.formed: dict[int, Cluster] = {}
        self.joined: dict[int, int] = {}
        self.written = projects.Promises()
        self.stands: int | None = None

    @classmethod
    def sets(cls, settings: ClustersSettings) -> set[str]:
        """Every school belongs to one cluster at most, and every cluster has a name of its own."""
        schools = {f"the cluster of school {key}" for cluster in settings.clusters for key in cluster.schools}
        return schools | {f"the cluster called {cluster.name.en}" for cluster in settings.clusters}

    @classmethod
    def problems(cls, settings: ClustersSettings, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Return what does not fit: unknown schools, schools named twice, leads that do not suit the kind."""
        keys = [key for cluster in settings.clusters for key in cluster.schools]
        found: list[tuple[str, object, str]] = []
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            found.append(("clusters", key, f"school {key} is named twice; a school belongs to one cluster"))
        names = [cluster.name.en for cluster in settings.clusters]
        found += [
            ("clusters", name, "is the name of two clusters; give each its own")
            for name in sorted({n for n in names if names.count(n) > 1})
        ]
        for n, cluster in enumerate(settings.clusters):
            found += _problems(f"clusters.{n}", cluster, set(data.schools["key"].tolist()), data.name)
        return found

    @classmethod
    def contradictions(cls, settings: ClustersSettings) -> list[tuple[str, object, str]]:
        """A milestone needs the month it is promised by."""
        if settings.promised is None and settings.milestone != cls.Settings.model_fields["milestone"].default:
            remedy = "has no effect unless promised is a month; remove it, or set promised"
            return [("milestone", settings.milestone, remedy)]
        return []

    @classmethod
    def in_vain(cls, settings: ClustersSettings, around: Around) -> list[Vain]:
        """Who joins after the end never joins; a promise of later is never judged; an alliance has no lead."""
        late = {
            f"clusters.{n}.joining.{key}": _september(month)
            for n, cluster in enumerate(settings.clusters)
            for key, month in cluster.joining.items()
        }
        if settings.promised is not None:
            late["promised"] = calendar.month(settings.promised) // calendar.MONTHS
        found = [vain for key, year in late.items() for vain in around.outside(key, year)]
        if settings.lead_effect and all(cluster.lead is None for cluster in settings.clusters):
            found.append(Vain("lead_effect", "kept", {"others": "clusters (without a lead)"}))
        return found

    def build(self, district: World) -> None:
        """Form the clusters, and let everybody join whose date has come."""
        for n, spec in enumerate(self.settings.clusters):
            if n not in self.formed:
                lead = None if spec.lead is None else district.schools[spec.lead]
                self.formed[n] = Cluster(district, spec.name.en, spec.kind, lead, district.year)
                self.formed[n].title = spec.name.model_dump()
                district.clusters.append(self.formed[n])
            for key in self._open(district, spec.schools):
                if key not in self.joined and district.year >= self._joins(spec, key):
                    self._join(district, self.formed[n], key)
        if self.settings.pooled_titles:
            district.instructions.title_pools = dict(district.instructions.title_pools) | self._pools()
        if self.stands is None and self.formed and not self._open(district, self._awaited()):
            self.stands = district.year * calendar.MONTHS + calendar.SEPTEMBER - 1

    def rate(self, name: str, district: World) -> Multiple:
        """Multiply the chance of the first title (n teachers) at members of groups, so that `title_gain` is added."""
        usual = district.p["title_L1_hazard_after5"]
        if not self.settings.pooled_titles or not usual:
            return 1.0
        members = [key for key, lead in self._pools().items() if key != lead]
        gain = self.value(district, "title_gain") * np.isin(district.teachers.home, members)
        raised: Floats = np.minimum(usual + gain, 1.0) / usual
        return raised

    def _pools(self) -> dict[int, int]:
        """Return the key of the lead by the key of every school of a group that shares titled posts."""
        groups = [cluster for cluster in self.formed.values() if cluster.kind == GROUP and cluster.lead is not None]
        return {key: cluster.lead.key for cluster in groups for key in cluster.members if cluster.lead is not None}

    def teach(self, district: World) -> None:
        """Add direct effects, where a scenario has any, in proportion to the years since joining."""
        s = self.settings
        for cluster in self.formed.values():
            for key, school in cluster.members.items():
                effect = self.value(district, "lead_effect" if school is cluster.lead else "direct_effect")
                years = district.year - self.joined.get(key, district.year) + 1
                for part in school.parts.values():
                    part.program += effect * min(years / s.ramp_years, 1.0)

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the clusters cost this year."""
        return 0.0, self.value(district, "cost") * len(self.formed or self.settings.clusters)

    def settle(self, district: World) -> None:
        """Pay for the clusters, judge the promise, and in the last year dissolve them."""
        district.spend(self.id, "running", self.funded * self.value(district, "cost") * len(self.formed), self.measure)
        if self.settings.promised is not None:
            promise = projects.Promise(self.settings.milestone, calendar.month(self.settings.promised))
            self.written.write(district, self.measure or self.id, promise, self.stands)
        if district.year == self.last_year:
            for cluster in self.formed.values():
                cluster.dissolve()
                district.clusters.remove(cluster)
            self.formed = {}

    def _awaited(self) -> set[int]:
        """Return the schools that have not joined yet."""
        return {key for spec in self.settings.clusters for key in spec.schools} - set(self.joined)

    def _open(self, district: World, keys: Iterable[int]) -> list[int]:
        """Return which of the schools (keys) have not closed: one that has joins nobody."""
        return [key for key in keys if district.schools[key].parts]

    def _joins(self, spec: Members, key: int) -> int:
        """Return the September in which a school joins."""
        return _september(spec.joining[key]) if key in spec.joining else self.first_year

    def _join(self, district: World, cluster: Cluster, key: int) -> None:
        school: School = district.schools[key]
        cluster.join(school)
        self.joined[key] = district.year
        self.touched += 1


def _september(month: str) -> int:
    """Return the year of the first September in or after a month."""
    return calendar.next_september(calendar.month(month)) // calendar.MONTHS


def _problems(place: str, cluster: Members, known: set[int], district: str) -> list[tuple[str, object, str]]:
    """Return what is wrong with one cluster."""
    found: list[tuple[str, object, str]] = []
    for field, keys in (("lead", [] if cluster.lead is None else [cluster.lead]), ("members", list(cluster.members))):
        found += [(f"{place}.{field}", key, f"is not a school of {district}") for key in keys if key not in known]
    if cluster.kind == "alliance" and cluster.lead is not None:
        found.append(
            (f"{place}.lead", cluster.lead, "an alliance is among equals; leave the lead out, or make it a group")
        )
    if cluster.kind == "group" and cluster.lead is None:
        found.append((f"{place}.lead", None, "a group needs a lead school; give its key, or make it an alliance"))
    if not cluster.members:
        found.append((f"{place}.members", [], "a cluster needs members; give their keys"))
    found += [
        (f"{place}.joining", key, "is not among the members") for key in cluster.joining if key not in cluster.members
    ]
    return found
