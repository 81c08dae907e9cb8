"""Public schools select excellent teachers of the district's private schools
(民办学校择优引进; T5, which the plan only explores).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from simsim import actions
from simsim.base.arrays import Ints
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.world import World


class PrivateHiresSettings(PolicySettings):
    """How many are sought, how many come, and what selecting one costs."""

    number: int | None = setting(None, unit="teachers a year", parameter="private_hire.number", ge=0, le=1000)
    accept: float | None = setting(
        None, unit="probability that a selected teacher comes", parameter="private_hire.accept", ge=0, le=1
    )
    cost: float | None = setting(None, unit="yuan per teacher who comes", parameter="private_hire.cost", ge=0, le=1e7)


class PrivateHires(Policy):
    """The private-school teachers whom monitoring sees in front are asked, and who
    accepts takes a public vacancy of the subject.

    Each closes an opening that a recruit might have filled. What monitoring sees is partly noise, so the selected are
    better than the rest by less than it seems. Private schools refill from their own applicants.
    """

    name: ClassVar[str] = "private_hires"
    title: ClassVar[dict[str, str]] = {"zh": "择优引进民办学校教师", "en": "Hires from private schools"}
    touches: ClassVar[str] = "teachers"
    effect: ClassVar[str] = (
        "the selected bring their effectiveness; cost: mover_class_penalty_yr1 and _yr2; private schools lose theirs"
    )
    zero: ClassVar[dict[str, object]] = {"number": 0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("number",),
        ("accept",),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"number": 1000, "accept": 1.0},
        {"number": 1, "accept": 0.0, "cost": 0.0},
    )
    Settings = PrivateHiresSettings
    settings: PrivateHiresSettings

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the year's selection may cost."""
        return 0.0, float(
            self.value(district, "number") * self.value(district, "accept") * self.value(district, "cost")
        )

    def staff(self, district: World) -> None:
        """Ask the best-looking teachers of private schools, and take those who accept."""
        number = int(self.value(district, "number") * self.funded)
        rows = self._accepting(district, number)
        if not number:
            return
        district.teachers.public[rows] = True
        actions.take_vacated(district, rows, "private_hire", self.id)
        district.spend(self.id, "running", len(rows) * self.value(district, "cost"), self.measure)
        district.recorder.note(district, "private_hires", len(rows))
        self.touched += len(rows)

    def _accepting(self, district: World, number: int) -> Ints:
        """Return the rows of who is asked, one for each opening and `number` in all, and accepts."""
        teachers, openings = district.teachers, district.vacated.sum(axis=0)
        rows = np.flatnonzero(~teachers.public)
        rows = rows[np.argsort(-teachers.monitored[rows], kind="stable")]
        asked: list[int] = []
        for row in rows.tolist() if number else ():
            cell = teachers.stage[row], teachers.subject[row]
            if len(asked) < number and openings[cell] > 0:
                openings[cell] -= 1
                asked.append(row)
        chosen = np.sort(np.array(asked, dtype=np.int64))
        return chosen[district.chance(self.stream("accept"), teachers.id[chosen], self.value(district, "accept"))]
