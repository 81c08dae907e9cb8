"""Building projects: what was promised by when, what slips, and what has been kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from simsim.base.calendar import MONTHS, month_of, next_september, written
from simsim.policy import Policy
from simsim.world.world import World

STEPS = ("approval", "construction", "completion", "in_use")
"""The steps of a project in their order; `construction` is its start."""

EVER = 0
ONCE = np.zeros(1, np.int64)


@dataclass(frozen=True)
class Promise:
    """Something promised by the end of a month (count of months
    since year 0); `striving` when it is only striven for.
    """

    name: str
    due: int
    striving: bool = False


def dates(promises: Mapping[str, Promise], building_months: int, slip: Callable[[str, Promise], int]) -> dict[str, int]:
    """Return the month in which each step is really done.

    `slip` gives the months that a step slips by itself; every later step is late by as much, but for the use of the
    building, which waits for a September anyway: the first one in or after its completion and not before its due date.
    A completion without a date follows the start of construction, or else is promised with the use.
    """
    late, done = 0, {}
    for step in STEPS[:-1]:
        promise = promises.get(step)
        if step == "completion" and promise is None:
            promise = None if "construction" in done else promises.get("in_use")
        if promise is not None:
            late += slip(step, promise)
            done[step] = promise.due + late
        elif step == "completion" and "construction" in done:
            done[step] = done["construction"] + building_months
    if "completion" in done:
        done["in_use"] = next_september(max(done["completion"], promises["in_use"].due if "in_use" in promises else 0))
    return done


def months_built(done: Mapping[str, int], building_months: int) -> tuple[int, int]:
    """Return the first month of construction and the month of completion; construction waits for the approval."""
    end = done["completion"]
    start = done.get("construction", max(end - building_months, done.get("approval", 0)))
    return min(start, end - 1), end


class Promises:
    """The promises of one measure in the table of milestones: a line appears
    when it is due or done, whichever is first.
    """

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}

    def write(self, district: World, measure: str, promise: Promise, done: int | None) -> bool:
        """Write or bring up to date the line of a promise as it stands at the end of
        this calendar year; True when it is new.
        """
        now = district.year * MONTHS + MONTHS - 1
        kept = done if done is not None and done <= now else None
        if promise.due > now and kept is None:
            return False
        met = kept is not None and kept <= promise.due
        line = (
            measure,
            promise.name,
            written(promise.due),
            "" if kept is None else written(kept),
            int(promise.striving),
            int(met),
        )
        table, new = district.recorder.milestones, promise.name not in self.lines
        if new:
            self.lines[promise.name] = len(table)
            table.append(line)
        else:
            table[self.lines[promise.name]] = line
        return new


class Deadlines:
    """The promises of one instance: those of the plan's measure it stands for, all kept when the measure is complete.

    `ready` is the month in which it is complete if money allows: its date, or later when it slips. `opens` is the first
    September that sees it. A measure without a milestone of its own promises `usual`, if that is named, by its date.
    """

    def __init__(self, policy: Policy, start: date, usual: str | None = None) -> None:
        self.policy, self.start, self.usual = policy, month_of(start), usual
        self.ready = self.start
        self.promises: list[Promise] = []
        self.written = Promises()

    def begin(self, district: World, chance: float, months: float) -> None:
        """Draw whether the measure slips, and by how long; the same in every scenario."""
        measure = district.measures.get(self.policy.measure or "")
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

    def write(self, district: World, done: int | None) -> int:
        """Bring the lines of all promises up to date; return how many are new."""
        return sum(
            self.written.write(district, self.policy.measure or self.policy.id, promise, done)
            for promise in self.promises
        )
