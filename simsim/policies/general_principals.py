"""A general principal above the campuses of every cluster (集团总校长、联盟校总校长、大学区长; P1 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.rules import principals
from simsim.world.schools import Cluster, GeneralPrincipal, School
from simsim.world.world import World


class GeneralPrincipalsSettings(PolicySettings):
    """How many heads there may be, how much of what they can do
    reaches a campus, how long they stay, what they cost.
    """

    most: int = setting(99, unit="clusters that get a head", ge=0, le=1000)
    reach: float = setting(
        0.0,
        unit="share of a head's effectiveness that reaches every campus",
        source="judgement; 0: no double counting",
        ge=0,
        le=1,
    )
    leave: float | None = setting(None, unit="chance a year to leave", parameter="principal.leave", ge=0, le=1)
    cost: float | None = setting(None, unit="yuan per head and year", parameter="principal.general_cost", ge=0, le=1e7)


class GeneralPrincipals(Policy):
    """Every education group, alliance and large school zone has a head, above the executive principals of its campuses.

    A cluster with a lead school promotes that school's principal, one of equals the principal of the campus that
    monitoring sees in front; the campus gets an executive principal (校区执行校长) as any vacant post does. Heads are
    not bound by terms and stay until they leave. They lead no campus: what they can do reaches the campuses by `reach`
    only, 0 unless set, for clusters act through their teachers already. Without clusters there is nobody to lead.
    """

    name: ClassVar[str] = "general_principals"
    title: ClassVar[dict[str, str]] = {"zh": "总校长与大学区长", "en": "General principals and zone heads"}
    touches: ClassVar[str] = "principals"
    effect: ClassVar[str] = (
        "cost: one change of principal in the campus that gives the head (principal_change_yr1, _yr2); gain: "
        "only by `reach`"
    )
    zero: ClassVar[dict[str, object]] = {"most": 0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("most",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"reach": 1.0, "leave": 1.0},
        {"leave": 0.0, "cost": 0.0},
        {"most": 1},
    )
    divisible: ClassVar[bool] = False
    Settings = GeneralPrincipalsSettings
    settings: GeneralPrincipalsSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.heads: list[GeneralPrincipal] = []

    @classmethod
    def sets(cls, settings: GeneralPrincipalsSettings) -> set[str]:
        """A cluster has one head."""
        return {"heads of clusters"}

    @classmethod
    def in_vain(cls, settings: GeneralPrincipalsSettings, around: Around) -> list[Vain]:
        """Without clusters there is nobody to lead."""
        return around.alone("", "clusters")

    def planned(self, district: World) -> tuple[float, float]:
        """Return what a head for every cluster costs; without the money no new one is named."""
        return 0.0, float(min(len(district.clusters), self.settings.most) * self.value(district, "cost"))

    def staff(self, district: World) -> None:
        """Let heads leave, and fill the posts of heads that are empty."""
        self._let_go(district)
        led = {head.cluster.name for head in self.heads}
        for cluster in district.clusters[: self.settings.most]:
            if self.funded and cluster.name not in led:
                self._promote(district, cluster)

    def teach(self, district: World) -> None:
        """Let what heads can do reach their campuses."""
        for head in self.heads if self.settings.reach else ():
            for school in head.cluster.members.values():
                for part in school.parts.values():
                    part.program += self.settings.reach * head.effectiveness

    def settle(self, district: World) -> None:
        """Pay the heads and count them."""
        district.spend(self.id, "running", len(self.heads) * self.value(district, "cost"), self.measure)
        if self.settings.most:
            district.recorder.note(district, "general_principals", len(self.heads))

    def _let_go(self, district: World) -> None:
        """Take off the heads who leave and those whose cluster is no more."""
        ids = np.array([head.id for head in self.heads], dtype=np.int64)
        leaves = district.chance(self.stream("leaves"), ids, self.value(district, "leave")) if len(ids) else ids
        for head, leaving in zip(list(self.heads), leaves.tolist(), strict=True):
            if leaving or head.cluster not in district.clusters:
                self.heads.remove(head)
                head.remove()

    def _promote(self, district: World, cluster: Cluster) -> None:
        """Make a campus principal the head of a cluster; the campus gets an executive principal."""
        school = self._candidate(district, cluster)
        if school is None or school.principal is None:
            return
        self.heads.append(GeneralPrincipal(district, cluster, school.principal, district.year))
        principals.appoint(district, school)
        self.touched += 1

    def _candidate(self, district: World, cluster: Cluster) -> School | None:
        """Return the school whose principal rises: the lead's, else the one
        monitoring sees in front; nobody new to the post.
        """
        may = [
            s
            for s in cluster.members.values()
            if s.parts and s.principal is not None and s.principal.since < district.year
        ]
        if cluster.lead is not None and cluster.lead in may:
            return cluster.lead
        return max(may, key=lambda s: (principals.quality(s), -s.key)) if may else None
