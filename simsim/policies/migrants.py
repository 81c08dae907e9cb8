"""Migrant workers' children in the district's plans: who comes and goes, who is
placed first, who has a right (随迁子女; K1).
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from simsim.base import ids as identity
from simsim.base.codes import NO_SCHOOL
from simsim.policy import Policy, PolicySettings, setting
from simsim.world.rates import Multiple
from simsim.world.world import World

ORDERS = {"after": "locals_first", "with": "together", "before": "migrants_first"}


class MigrantsSettings(PolicySettings):
    """How migrant children come, stay and are admitted."""

    priority: Literal["after", "with", "before"] = setting(
        "with", unit="when migrant children are placed, against local ones"
    )
    eased: float | None = setting(
        None, unit="share of those without a right who get it", parameter="migrants.eased", ge=0, le=1
    )
    arrivals: float = setting(1.0, unit="times the children who move in", ge=0, le=5)
    departures: float = setting(1.0, unit="times the migrant children who leave", ge=0, le=5)
    cost: float = setting(
        0.0,
        unit="yuan a year per child so admitted, beyond the public-use fund that follows every child",
        ge=0,
        le=1e6,
        only_above=("eased",),
    )


class Migrants(Policy):
    """Migrant children are planned for: placed before, with or after local ones, and under easier conditions.

    A child with a right to a seat is always seated. Easier conditions give the right, for good, to a share of the
    migrant children who had none; a larger share is the same children and more. Their public-use fund follows them.
    """

    name: ClassVar[str] = "migrants"
    title: ClassVar[dict[str, str]] = {"zh": "随迁子女就学", "en": "Schooling of migrants' children"}
    rates: ClassVar[tuple[str, ...]] = ("admit/inflow", "admit/leave")
    touches: ClassVar[str] = "pupils"
    effect: ClassVar[str] = "who has a seat and where, by migrants.eased; none on learning itself"
    zero: ClassVar[dict[str, object]] = {"priority": "after", "eased": 0.0, "arrivals": 1.0, "departures": 1.0}
    doses: ClassVar[tuple[tuple[str, ...], ...]] = (
        (
            "priority",
            "eased",
            "arrivals",
            "departures",
        ),
    )
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"priority": "before", "eased": 1.0, "arrivals": 3.0, "departures": 0.0},
        {"priority": "with", "eased": 0.0, "arrivals": 0.0, "departures": 5.0},
    )
    Settings = MigrantsSettings
    settings: MigrantsSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.admitted = np.empty(0, np.int64)
        self.begun = False

    @classmethod
    def sets(cls, settings: MigrantsSettings) -> set[str]:
        """There is one order of admission."""
        return {"order of admission"}

    def rate(self, name: str, district: World) -> Multiple:
        """Multiply those who move in, or the chance of leaving of migrant children (n)."""
        if name == "admit/inflow":
            return self.settings.arrivals
        return np.where(district.students.migrant, self.settings.departures, 1.0)

    def admit(self, district: World) -> None:
        """Set who is placed first, and give the right to those whom the easier conditions admit."""
        district.instructions.admission_order = ORDERS[self.settings.priority]
        students = district.students
        short = students.migrant & ~students.entitled
        if self.begun:
            short &= identity.entry_year(students.id) == district.year
        self.begun = True
        rows = np.flatnonzero(short)
        rows = rows[district.chance(self.stream("eased"), students.id[rows], self.value(district, "eased"))]
        students.entitled[rows] = True
        self.admitted = np.append(self.admitted, students.id[rows])
        self.touched += len(rows)

    def settle(self, district: World) -> None:
        """Pay what is spent on the children so admitted beyond the public-use fund,
        which money.py counts for every pupil.
        """
        students = district.students
        public = district.parts.public[district.parts.of_students()]
        mine = identity.among(students.id, self.admitted) & (students.school != NO_SCHOOL) & public
        district.spend(self.id, "running", np.count_nonzero(mine) * self.settings.cost, self.measure)
