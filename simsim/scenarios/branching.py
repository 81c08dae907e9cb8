"""Whether a district that lived under one scenario may go on under another: what should have acted before now, and did
not, is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simsim.inputs.errors import Problem
from simsim.scenarios.instances import Instance
from simsim.scenarios.scenario import Scenario

WHOLE = ("district", "budget", "law", "assume")
"""What holds from the founding on, and cannot differ between two futures of one present."""


def refused(present: Scenario, future: Scenario, year: int, first: int) -> list[Problem]:
    """Return what keeps a district that lived under `present` from going on as `future` in September `year`; `first` is
    its first year, in which nothing acts.
    """
    return [*_founding(present, future), *_changes(present, future, year, first), *_policies(present, future, year)]


def _founding(present: Scenario, future: Scenario) -> Iterator[Problem]:
    for name in WHOLE:
        now, then = getattr(present, name), getattr(future, name)
        if now != then:
            remedy = f"is {now!r} in the present ({present.name}) and holds from the founding on; build a new District"
            yield Problem(future.name, name, then, remedy)


def _changes(present: Scenario, future: Scenario, year: int, first: int) -> Iterator[Problem]:
    """Yield parameters that one of the two sets before now and the other does not."""
    for one in sorted({*present.changes} ^ {*future.changes}, key=lambda c: (c.name, c.from_year or 0)):
        start = one.acts_from(first)
        if start is None or (start < year and one in future.changes):
            when = "from the founding on" if start is None else f"from {start} on"
            remedy = f"would act {when}, but the present is September {year} of {present.name}; write `from: {year}`"
            yield Problem(future.name, f"parameters.{one.name}", one.value, remedy)


def _policies(present: Scenario, future: Scenario, year: int) -> Iterator[Problem]:
    mine = {instance.id: instance for instance in present.instances}
    for one in future.instances:
        before = mine.get(one.id)
        if before is not None and _goes_on(before, one, year):
            continue
        if one.years[0] < year:
            like = "is not" if before is None else "has other settings or dates"
            remedy = (
                f"should have acted since {one.years[0]}, but {like} in {present.name}, under which the district lived "
                f"to September {year}; write `from: {year}-09-01`"
            )
            yield Problem(future.name, f"policies.{one.id}.from", one.start.isoformat(), remedy)


def _goes_on(before: Instance, now: Instance, year: int) -> bool:
    """Whether a policy of the present goes on in the future, with another end at most, and neither end is past."""
    return replace(before, end=now.end) == now and (
        before.end == now.end or min(before.years[1], now.years[1]) >= year - 1
    )
