"""The district's money: what comes in this year, what is carried over, and what was promised of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from simsim.world.closed import Closed


@dataclass
class Floor:
    """A promise that spending per pupil grows by at least a share
    this year; what it costs is booked on the instance.
    """

    growth: float
    instance: str
    measure: str | None


@dataclass
class Budget(Closed):
    """Money of one calendar year, in constant prices; rules in simsim.rules.money move it, policies change what is
    promised.

    `balance` and `conditions` are carried over: general money, and what is set aside for the conditions of schools.
    `growth` is that of recurrent revenue, `appropriation_growth` that of the appropriation; `conditions_share` is the
    share of the education surcharge that goes to the conditions of schools. `grant_limit` is what city and province add
    to capital at most. `per_pupil` is last year's running spending per pupil. `wishes` lists, by instance and year,
    what was wanted and which share of it was granted.
    """

    revenue: float = 0.0
    first_revenue: float = 0.0
    appropriation: float = 0.0
    surcharge: float = 0.0
    grant_limit: float = 0.0
    growth: float = 0.0
    appropriation_growth: float = 0.0
    conditions_share: float = 0.0
    balance: float = 0.0
    conditions: float = 0.0
    per_pupil: float = 0.0
    floor: Floor | None = None
    bound: bool = False
    wishes: list[tuple[int, str, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.close()

    @property
    def level(self) -> float:
        """Revenue against that of the first year; pay follows it."""
        return self.revenue / self.first_revenue if self.first_revenue else 1.0
