"""A country's law on large classes (大班额): how many there may be from which year on; other countries have none."""

from __future__ import annotations

from dataclasses import dataclass

from simsim.inputs.defaults import country, known_by
from simsim.inputs.documents import Document

KEY = "large_classes"
"""Where a country's file states it."""


@dataclass(frozen=True)
class Step:
    """From September `since` on, classes of `size` pupils and more are at most a share of the classes of a stage."""

    since: int
    size: int
    at_most: float


@dataclass(frozen=True)
class ClassLaw:
    """The steps of a law on large classes; one without steps asks for nothing."""

    steps: tuple[Step, ...] = ()

    def cap(self, year: int) -> int | None:
        """Return the largest class that the law wants to see in a school year; None while it asks for nothing."""
        return min((step.size - 1 for step in self.steps if step.since <= year), default=None)

    def aim(self, year: int) -> int | None:
        """Return the class size that admission keeps to from the first step on, that of the last one; None before."""
        return None if self.cap(year) is None else min(step.size - 1 for step in self.steps)


NO_LAW = ClassLaw()


def class_law(spec: Document, as_of: int | None = None) -> ClassLaw:
    """Return the law on large classes of a district's country; as of a year the steps that were known in September."""
    law = country(spec).get(KEY) or {}
    steps = [step for step in law.get("steps") or () if known_by(as_of, law, step["from"])]
    return ClassLaw(tuple(Step(int(step["from"]), int(step["size"]), float(step["at_most"])) for step in steps))
