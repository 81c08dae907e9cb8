"""What was asked for and can have no effect: which setting, and why, in words that a report can translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

FOREVER = 9999
LATE = "late"
NONE: Mapping[str, object] = MappingProxyType({})
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "zero": "{others} is zero or empty",
        "alone": "it acts only together with {policies}, which this scenario does not have",
        "years": "it lies after {last}, the last year in which the policy acts",
        "late": "it begins in {first}, after the last year of the run",
        "endless": "the policy has no end in this scenario",
        "below": "it lies not above {parameter}, which is there without it",
        "kept": "{others} keeps it from mattering",
        "stranger": "the scenario has nothing of that name",
        "baseline": "with these settings the policy does nothing",
        "law_later": "the law on large classes holds from {first}, after the last year of the run",
        "lawless": "no law on large classes is known for this district",
    }
)


@dataclass(frozen=True)
class Vain:
    """A setting (`key`; empty for the whole instance) that cannot matter, a word for why, and what its sentence names.

    >>> str(Vain("years", "endless"))
    'the policy has no end in this scenario'
    """

    key: str
    why: str
    words: Mapping[str, object] = field(default_factory=lambda: NONE)

    def __str__(self) -> str:
        return REASONS[self.why].format(**self.words)


@dataclass(frozen=True)
class Around:
    """What stands around an instance in its scenario: the policies there, ids and measures of what builds, the school
    years in which the instance acts, the last of the run, the least that each parameter can be, and whether it ends.
    """

    policies: frozenset[str]
    builders: frozenset[str]
    schools: frozenset[int]
    first: int
    last: int
    to: int
    least: Mapping[str, float]
    ends: bool = False

    def alone(self, key: str, *policies: str) -> list[Vain]:
        """Return that a setting needs one of these policies beside it, where the scenario has none of them."""
        return [] if self.policies & set(policies) else [Vain(key, "alone", {"policies": " / ".join(policies)})]

    def outside(self, key: str, year: int) -> list[Vain]:
        """Return that a year lies after those in which the instance acts, if it does."""
        return [Vain(key, "years", {"last": self.last})] if year > self.last else []

    def below(self, key: str, value: float | None, parameter: str) -> list[Vain]:
        """Return that a number cannot matter because a parameter is never less, if that is so."""
        known = self.least[parameter]
        return (
            [Vain(key, "below", {"parameter": f"{parameter} ({known:g})"})]
            if value is not None and value <= known
            else []
        )
