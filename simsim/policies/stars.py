"""Noted teachers brought in from outside the district, and where they are placed (引入名师; T3 of the plan)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from scipy.special import ndtri

from simsim import actions
from simsim.base import ids as identity
from simsim.base.arrays import Floats, Ints
from simsim.base.codes import CORE, PRIMARY, SENIOR, STAGES, SUBJECT_GROUPS
from simsim.inputs.effect import Around, Vain
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.teachers import SEPTEMBER_INDEX, retirement_month, team_weight
from simsim.world.world import World

EVER = 0
NEVER = -np.inf


class StarsSettings(PolicySettings):
    """How many come, where they go, and what each costs."""

    stars_per_year: float | None = setting(
        None, unit="provincial subject leaders a year", parameter="stars_per_year", ge=0, le=50
    )
    placement: Literal["weakest", "lead", "need"] = setting("weakest", unit="rule of which schools get them")
    label_corr: float | None = setting(
        None, unit="correlation of label and effectiveness", parameter="star_label_corr_mu", ge=-1, le=1
    )
    cost_once: float | None = setting(None, unit="yuan for each", parameter="star_cost_once", ge=0, le=1e7)


class Stars(Policy):
    """Provincial subject leaders join public schools, each in a post of its own, as core-subject teachers for good.

    Labels say little about effectiveness: a star is the best `star_label_top` by a label that correlates
    with it by `star_label_corr_mu`, and only a share (`va_portability_primary`, `va_portability_junior`)
    travels. They go to the schools of lowest monitored quality (`weakest`), of most pupils per teacher
    (`need`) - each measured inside its stage - or to the lead schools of clusters (`lead`; the weakest where
    there is none), one to a school in a year while schools last.
    """

    name: ClassVar[str] = "stars"
    title: ClassVar[dict[str, str]] = {"zh": "引入名师", "en": "Noted teachers from outside"}
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = (
        "star_label_corr_mu times the label's height, times the portability of effectiveness, on the classes taught"
    )
    zero: ClassVar[dict[str, object]] = {"stars_per_year": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("stars_per_year",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"stars_per_year": 50.0, "placement": "lead", "label_corr": 1.0},
        {"stars_per_year": 50.0, "placement": "need", "label_corr": -1.0, "cost_once": 0.0},
    )
    Settings = StarsSettings
    settings: StarsSettings

    @classmethod
    def in_vain(cls, settings: StarsSettings, around: Around) -> list[Vain]:
        """Without clusters there are no leads, and stars go to the weakest."""
        return around.alone("placement", "clusters") if settings.placement == "lead" else []

    def planned(self, district: World) -> tuple[float, float]:
        """Return what this year's stars cost."""
        return 0.0, self.value(district, "stars_per_year") * self.value(district, "cost_once")

    def staff(self, district: World) -> None:
        """Bring in this year's, one by one, each at the school that needs or deserves it most."""
        dose = self.funded * self.value(district, "stars_per_year")
        n = int(district.streams.whole(self.stream("number"), district.year, np.zeros(1, np.int64), dose)[0])
        chosen = self._places(district, n)
        for stage in district.system.stages:
            mine = [index for index in chosen if district.parts.stage[index] == stage]
            if mine:
                self._bring(district, stage, mine)
        district.spend(self.id, "running", self.value(district, "cost_once") * len(chosen), self.measure)
        self.touched += len(chosen)

    def _places(self, district: World, n: int) -> list[int]:
        """Return the part of each of `n` stars, in turn; a part gets a second one when all have one."""
        want = self._want(district)
        order = [i for i in np.argsort(-want, kind="stable").tolist() if np.isfinite(want[i])]
        return [order[i % len(order)] for i in range(n)]

    def _want(self, district: World) -> Floats:
        """Return how much each public part should get a star (parts), by the placement rule."""
        stage = district.parts.stage
        if self.settings.placement == "need":
            values = district.parts.rolls() / np.maximum(district.parts.staff().sum(axis=1), 1)
        else:
            values = -district.parts.monitored
        want = np.full(len(stage), NEVER)
        for s in district.system.stages:
            mine = (stage == s) & district.parts.public
            want[mine] = (values[mine] - values[mine].mean()) / (values[mine].std() or 1.0)
        leads = {cluster.lead.key for cluster in district.clusters if cluster.lead is not None}
        leading = np.isin(district.parts.key, list(leads))
        if self.settings.placement == "lead" and (leading & district.parts.public).any():
            want[~leading] = NEVER
        return want

    def _bring(self, district: World, stage: int, indices: list[int]) -> None:
        """Employ the stars of a stage at their parts, each in a new post."""
        counts = np.zeros((len(STAGES), len(SUBJECT_GROUPS)), np.int64)
        counts[stage, CORE] = len(indices)
        for index in indices:
            district.parts.posts[index, CORE] += 1
        keys = district.parts.key[list(indices)]
        ids = actions.hire(
            district, counts, "stars", identity.STAR, self.id, key=keys, title=SENIOR, star=True, backbone=True
        )
        self._make_stars(district, ids, stage)

    def _make_stars(self, district: World, ids: Ints, stage: int) -> None:
        """Give the newcomers the age, experience and effectiveness of people chosen for a label."""
        teachers, p, rows = district.teachers, district.p, district.teachers.rows(ids)
        u = district.uniform("teacher/star-age", ids, EVER)
        months = np.floor(12 * (p["star.age_from"] + u * (p["star.age_to"] - p["star.age_from"]))).astype(np.int64)
        birth = district.year * 12 + SEPTEMBER_INDEX - months
        teachers.birth_month[rows] = birth
        teachers.retire_month[rows] = retirement_month(birth, teachers.female[rows], p, district.retirement)
        teachers.experience[rows] = months // 12 - int(p["age.youngest"])
        teachers.title_year[rows] = district.year
        label = -ndtri(p["star_label_top"] * district.uniform("teacher/star-label", ids, EVER))
        corr, travels = (
            self.value(district, "label_corr"),
            p["va_portability_primary" if stage == PRIMARY else "va_portability_junior"],
        )
        own = teachers.mu[rows] / (team_weight(p) or 1.0)
        teachers.mu[rows] = travels * team_weight(p) * (corr * label + np.sqrt(1.0 - corr**2) * own)
