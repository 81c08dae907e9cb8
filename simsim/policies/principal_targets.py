"""A target letter for every school and a review every year (校长任期目标责任书; P3 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.base import ids as identity
from simsim.policy import Policy, PolicySettings, setting
from simsim.rules import principals
from simsim.world.schools import Letter, School
from simsim.world.world import World

EVER = 0


class PrincipalTargetsSettings(PolicySettings):
    """What a letter asks for, of which schools, over how long, and what a review costs."""

    gain: float | None = setting(
        None, unit="SD of monitored quality over a term", parameter="principal.target_gain", ge=-1, le=1
    )
    term_years: int | None = setting(None, unit="years", parameter="principal.term_years", ge=1, le=40)
    coverage: float = setting(1.0, unit="share of public schools with a letter", ge=0, le=1)
    cost: float | None = setting(None, unit="yuan per school-year", parameter="principal.review_cost", ge=0, le=1e7)


class PrincipalTargets(Policy):
    """Each campus principal promises a rise from the school's own start, and every June is compared with it.

    The start is what monitoring saw of the school in the June before the letter (before the principal came,
    for a new one), the target rises in equal steps over the term, and what the review sees is the year's
    monitored quality: noise included, so that some meet their targets by luck. A school that opened this year
    gets its letter after its first June. What follows from the reviews is the end-of-term review of policy
    principal_terms; on its own a letter changes nothing.
    """

    name: ClassVar[str] = "principal_targets"
    title: ClassVar[dict[str, str]] = {"zh": "校长任期目标责任书", "en": "Principals' target letters"}
    touches: ClassVar[str] = "principals"
    effect: ClassVar[str] = (
        "none claimed on learning; reviews decide renewal where principal_terms is in force (principal.pass_mark)"
    )
    zero: ClassVar[dict[str, object]] = {"coverage": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("coverage",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"gain": 1.0, "term_years": 1},
        {"gain": -1.0, "term_years": 40, "cost": 0.0},
    )
    Settings = PrincipalTargetsSettings
    settings: PrincipalTargetsSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.seen: dict[int, float] = {}

    @classmethod
    def sets(cls, settings: PrincipalTargetsSettings) -> set[str]:
        """Letters are written once."""
        return {"principals' letters"}

    def planned(self, district: World) -> tuple[float, float]:
        """Return what reviewing every school with a letter costs."""
        return 0.0, float(self.settings.coverage * len(principals.campuses(district)) * self.value(district, "cost"))

    def build(self, district: World) -> None:
        """Remember what monitoring saw last June of every school that was there."""
        self.seen = {
            s.key: principals.quality(s) for s in district.open_schools if s.public and s.opened < district.year
        }

    def assess(self, district: World) -> None:
        """Write the letters that are missing and review this year's."""
        schools = self._bound(district)
        verdicts = [v for s in schools if (v := self._review(s, district)) is not None]
        district.spend(self.id, "running", len(schools) * self.value(district, "cost"), self.measure)
        if verdicts:
            district.recorder.note(district, "principal_reviews", len(verdicts))
            district.recorder.note(district, "principal_targets_met_share", float(np.mean(verdicts)))
        self.touched += len(verdicts)

    def _bound(self, district: World) -> list[School]:
        """Return the campuses that have a letter or get one."""
        schools = principals.campuses(district)
        keys = identity.make(0, identity.INITIAL, np.array([s.key for s in schools], dtype=np.int64), 0)
        covered = district.chance(self.stream("covered"), keys, self.settings.coverage * self.funded)
        return [s for s, yes in zip(schools, covered.tolist(), strict=True) if yes]

    def _review(self, school: School, district: World) -> bool | None:
        """Review one school, writing its letter first where there
        is none; None when a new school only gets its letter.
        """
        principal, year = school.principal, district.year
        if principal is None:
            return None
        gain, term = float(self.value(district, "gain")), int(self.value(district, "term_years"))
        if principal.letter is None:
            start = self.seen.get(school.key)
            principal.letter = Letter(
                principals.quality(school) if start is None else start, gain, year if start is not None else year + 1
            )
            if start is None:
                return None
        return principal.letter.review(principals.quality(school), year, term)
