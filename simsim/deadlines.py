"""Deadlines of measures that are not building projects: what the plan promises by when, what slips, and what was kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from simsim.projects import MONTHS, Ledger, Promise, next_september

if TYPE_CHECKING:
    from simsim.district import District
    from simsim.policy import Policy

EVER = 0
ONCE = np.zeros(1, np.int64)


def month_of(day: date) -> int:
    """Return a day's month as a count of months since year 0."""
    return day.year * MONTHS + day.month - 1


class Deadlines:
    """The promises of one instance: those of the plan's measure it stands for, all kept when the measure is complete.

    `ready` is the month in which it is complete if money allows: its date, or later when it slips. `opens` is the first
    September that sees it. A measure without a milestone of its own promises `usual`, if that is named, by its date.
    """

    def __init__(self, policy: Policy, start: date, usual: str | None = None) -> None:
        self.policy, self.start, self.usual = policy, month_of(start), usual
        self.ready = self.start
        self.promises: list[Promise] = []
        self.ledger = Ledger()

    def begin(self, district: District, chance: float, months: float) -> None:
        """Draw whether the measure slips, and by how long; the same in every scenario."""
        plan = district.spec.plan
        measure = plan.measures.get(self.policy.measure) if plan and self.policy.measure else None
        self.promises = [Promise(m.name, month_of(m.due), m.striving) for m in measure.milestones] if measure else []
        if not self.promises and self.usual:
            self.promises = [Promise(self.usual, self.start, bool(measure and measure.striving))]
        late = district.chance(self.policy.stream("late"), ONCE, chance, EVER)[0]
        spread = district.p["delay_spread"] * (2.0 * district.uniform(self.policy.stream("delay"), ONCE, EVER)[0] - 1.0)
        self.ready = self.start + (int(np.ceil(months * (1.0 + spread))) if late else 0)

    @property
    def opens(self) -> int:
        """The first school year that sees the measure."""
        return next_september(self.ready) // MONTHS

    def write(self, district: District, done: int | None) -> int:
        """Bring the lines of all promises up to date; return how many are new."""
        return sum(self.ledger.write(district, self.policy.measure or self.policy.id, promise, done) for promise in self.promises)
