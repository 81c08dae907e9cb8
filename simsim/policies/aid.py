"""A centre pools donations and aids poor pupils as far as they go (公益助学中心; K3 of the plan)."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim.base.arrays import Rows
from simsim.base.codes import NO_SCHOOL
from simsim.base.rows import ranked
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World

DONATED = "donated"


class AidSettings(PolicySettings):
    """What is given, what a pupil gets, and how many also learn something after school."""

    donations: float | None = setting(None, unit="yuan a year", parameter="donations", ge=0, le=1e9)
    amount: float | None = setting(None, unit="yuan per aided pupil-year", parameter="aid_per_pupil", ge=0, le=1e6)
    place_share: float | None = setting(
        None, unit="share of aided pupils with a place after school", parameter="aid_place_share", ge=0, le=1
    )
    place_cost: float | None = setting(
        None, unit="yuan per place-year", parameter="after_school_cost", ge=0, le=1e6, only_above=("place_share",)
    )


class Aid(Policy):
    """Donations, off the district's budget, aid the poorest pupils first, and give some of them a place after school.

    Aid prevents `aid_effect_dropout` of a poor pupil's drop-out over the next
    summer. Never more is spent than is given.
    """

    name: ClassVar[str] = "aid"
    title: ClassVar[dict[str, str]] = {"zh": "公益助学", "en": "Aid from donations"}
    touches: ClassVar[str] = "poor pupils' years of aid"
    effect: ClassVar[str] = "aid_effect_dropout on the drop-out of aided pupils; places after school as in after_school"
    zero: ClassVar[dict[str, object]] = {"donations": 0.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (("donations",),)
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"donations": 1e9, "place_share": 1.0},
        {"donations": 1.0, "amount": 0.0, "place_cost": 0.0},
        {"donations": 1.0},
    )
    Settings = AidSettings
    settings: AidSettings

    def staff(self, district: World) -> None:
        """Aid as many poor pupils as this year's donations pay for, and place a share of them after school."""
        rows = self._aided(district)
        share = self.value(district, "place_share")
        lot = district.uniform(self.stream("place"), district.students.id[rows])
        placed = rows[ranked(lot)[: int(share * len(rows))]]
        district.students.aided[rows] = True
        district.students.after_school[placed] = True
        spent = self.value(district, "amount") * len(rows) + self.value(district, "place_cost") * len(placed)
        district.spend(self.id, DONATED, spent, self.measure)
        self.touched += len(rows)

    def _aided(self, district: World) -> Rows:
        """Return the rows of the poorest pupils whom the money reaches, in order of id."""
        students, funds = district.students, self.value(district, "donations")
        each = self.value(district, "amount") + self.value(district, "place_share") * self.value(district, "place_cost")
        rows = np.flatnonzero(students.poor & ~students.aided & (students.school != NO_SCHOOL))
        if not funds:
            return rows[:0]
        n = int(min(funds / each, len(rows))) if each else len(rows)
        return np.sort(rows[ranked(students.ses[rows])[:n]])
