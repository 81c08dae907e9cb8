"""Building projects: what was promised by when, what slips, and what has been kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsim.codes import SEPTEMBER

if TYPE_CHECKING:
    from simsim.district import District

STEPS = ("approval", "construction", "completion", "in_use")
"""The steps of a project in their order; `construction` is its start."""
MONTHS = 12
MONTH = r"^20[0-5]\d-(0[1-9]|1[0-2])$"


@dataclass(frozen=True)
class Promise:
    """Something promised by the end of a month (count of months since year 0); `striving` when it is only striven for."""

    name: str
    due: int
    striving: bool = False


def month(text: str) -> int:
    """Return "2015-09" as a count of months since year 0."""
    year, number = text.split("-")
    return int(year) * MONTHS + int(number) - 1


def written(count: int) -> str:
    """Return a count of months as "2015-09"."""
    return f"{count // MONTHS}-{count % MONTHS + 1:02d}"


def next_september(count: int) -> int:
    """Return the first September in or after a month."""
    year = count // MONTHS
    september = year * MONTHS + SEPTEMBER - 1
    return september if count <= september else september + MONTHS


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


class Ledger:
    """The promises of one measure in the table of milestones: a line appears when it is due or done, whichever is first."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}

    def write(self, district: District, measure: str, promise: Promise, done: int | None) -> bool:
        """Write or bring up to date the line of a promise as it stands at the end of this calendar year; True when it is new."""
        now = district.year * MONTHS + MONTHS - 1
        kept = done is not None and done <= now
        if promise.due > now and not kept:
            return False
        met = kept and done <= promise.due
        line = (measure, promise.name, written(promise.due), written(done) if kept else "", int(promise.striving), int(met))
        table, new = district.recorder.milestones, promise.name not in self.lines
        if new:
            self.lines[promise.name] = len(table)
            table.append(line)
        else:
            table[self.lines[promise.name]] = line
        return new
