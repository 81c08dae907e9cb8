"""The expected path of pupils: locals and migrants by grade and year, as the rules of leaving and arriving expect them.

Linear in in-migration, in closed form, with the world's own noise of entering cohorts. Nobody is turned away on it:
what that takes is found by a corrective run (simsim/conditioning/solve.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.districts import births
from simsim.districts.factual import SoftFact
from simsim.rules import mobility
from simsim.world.world import World

ENTRY, INFLOW = "births_to_entry_urban", "inflow_scale"
SHARED = (
    ENTRY, INFLOW, "migrant_leave", "local_transfer_out", "migrant_leave_transition", "local_leave_transition",
    "dropout", "housing_pupils_per_flat",
)  # fmt: skip
"""The demographic parameters that the number of pupils depends on, over which a correction is shared."""
LOCAL, MIGRANT = 0, 1


@dataclass(frozen=True)
class Path:
    """What a founded world expects of later years, apart from the shared parameters.

    `stock` holds the first September's pupils by kind (local, migrant) and year of schooling; `born` the children of
    school age by year for one entrant a birth, without noise, `noise` its factor; `flats` new flats a year, `arriving`
    pupils a year by year of schooling at an in-migration of one; `split` the shares of local and of migrant children
    among entrants and among arrivals (2, 2).
    """

    first: int
    last: int
    stock: Floats
    born: Mapping[int, float]
    noise: Mapping[int, float]
    flats: Mapping[int, float]
    arriving: Floats
    lowest: Floats
    turning: Floats
    split: Floats
    poor: float
    poor_ratio: float
    entry_age: int
    entry_grade: int

    @classmethod
    def of(cls, world: World, last: int, soft: tuple[SoftFact, ...] = ()) -> Path:
        """Return the path of a world that was just founded, up to September of `last`; `soft` may look further."""
        system, students, p = world.system, world.students, world.p
        stock = np.zeros((2, system.n_grades))
        np.add.at(stock, (students.migrant.astype(int), students.grade - 1), 1.0)
        furthest = max([last, *(fact.year + system.entry_age for fact in soft)])
        born = {
            year: births.entrants(
                world.births,
                year,
                factor=p["births_factor"],
                autumn=system.autumn_share(p["entrants_autumn_share"]),
                age=system.entry_age,
            )
            for year in range(world.first_year, furthest + 1)
        }
        noise, flats = _by_year(world, last)
        migrants = float(np.sum(world.neighbourhoods.births_share * world.neighbourhoods.migrant_share))
        moved = float(world.data.spec["migration"]["migrant_share_of_arrivals"]["value"])
        grades = np.arange(1, system.n_grades + 1)
        lowest = np.isin(grades, system.grades(system.stages[0])).astype(float)
        return cls(
            world.first_year, last, stock, born, noise, flats,
            mobility.arrivals_by_grade(world) * p["inflow_factor"], lowest / lowest.sum(),
            np.isin(grades, system.turning).astype(float),
            np.array([[1.0 - migrants, migrants], [1.0 - moved, moved]]),
            float(students.poor.mean()), p["dropout_poor_ratio"], system.entry_age, system.entry_grade,
        )  # fmt: skip

    def rolls(self, p: Mapping[str, float]) -> dict[int, Floats]:
        """Return the expected pupils by year and year of schooling, for values of the shared parameters."""
        drop = p["dropout"] * (1.0 - self.poor + self.poor * self.poor_ratio)
        leave = np.array([[p["local_transfer_out"]], [p["migrant_leave"]]])
        extra = np.array([[p["local_leave_transition"]], [p["migrant_leave_transition"]]])
        keep = np.clip(1.0 - drop - leave - extra * self.turning, 0.0, 1.0)
        people, found = self.stock, {self.first: self.stock.sum(axis=0)}
        for year in range(self.first + 1, self.last + 1):
            older = np.zeros_like(people)
            older[:, 1:] = people[:, :-1]
            moved = p[INFLOW] * self.arriving + self.flats[year] * p["housing_pupils_per_flat"] * self.lowest
            people = older * keep + np.outer(self.split[1], moved)
            people[:, self.entry_grade - 1] += self.split[0] * (p[ENTRY] * self.born[year] * self.noise[year])
            found[year] = people.sum(axis=0)
        return found

    def fact(self, fact: SoftFact, rolls: Mapping[int, Floats], p: Mapping[str, float]) -> float:
        """Return how many children a path expects where a soft fact counts them.

        Who is not at school yet counts as the entrants of a later year; so do those of the first year's entry grade,
        whose number is given.
        """
        if fact.grade is not None and fact.grade != self.entry_grade:
            return fact.share * float(rolls[fact.year][fact.grade - 1])
        low, high = fact.ages or (self.entry_age, self.entry_age)
        total = 0.0
        for age in range(low, high + 1):
            grade = self.entry_grade + age - self.entry_age
            if grade < self.entry_grade or (grade == self.entry_grade and fact.year == self.first):
                total += p[ENTRY] * self.born[fact.year + self.entry_age - age]
            elif grade <= len(self.arriving):
                total += float(rolls[fact.year][grade - 1])
        return fact.share * total

    def slope(self, p: Mapping[str, float]) -> float:
        """Return how many pupils of the last year one unit of in-migration is (the path is linear in it)."""
        more = self.rolls({**p, INFLOW: p[INFLOW] + 1.0})
        return float(more[self.last].sum() - self.rolls(p)[self.last].sum())


def _by_year(world: World, last: int) -> tuple[dict[int, float], dict[int, float]]:
    """Return the noise of entering cohorts and the new flats by year, as the rules draw and count them."""
    here, noise, flats = world.year, {}, {}
    for year in range(world.first_year + 1, last + 1):
        world.year = year
        noise[year], flats[year] = mobility.entry_noise(world), mobility.recent_flats(world)
    world.year = here
    return noise, flats


def vector(p: Mapping[str, float]) -> Floats:
    """Return the shared parameters (8)."""
    return np.array([p[name] for name in SHARED])


def named(values: Floats | Ints) -> dict[str, float]:
    """Return shared parameters by name."""
    return dict(zip(SHARED, np.asarray(values, dtype=float).tolist(), strict=True))
