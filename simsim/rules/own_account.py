"""A district that is calibrated on its own rolls: how many come and go each year so that, in expectation, the pupils of
its schools by grade are those carried forward from its past.

What leaves by the usual chances is taken on the *expected* mix of local and migrant children, which changes over the
years; arrivals close the account, and where it would need fewer than none, more leave. Inside a stage the account is
each school's, at its beginning the district's: who moves up comes from several schools. It is worked out once, from the
state before anything happens and without plans: a policy that changes leaving, or opens a school, has its own effect,
and is not filled up again. Nobody is ranked: each pupil has a chance, and one more pupil changes nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask
from simsim.districts.calibrated import Calibrated
from simsim.districts.system import SchoolSystem
from simsim.world.account import Account
from simsim.world.neighbourhoods import Neighbourhoods
from simsim.world.world import World

DRIFT = "admit/own-drift"
TINY = float(np.finfo(float).tiny)


def open_account(world: World) -> Account | None:
    """Return the account of a calibrated district with this world's parameters and drift; None for any other."""
    own = world.data.calibrated
    if own is None:
        return None
    who = np.zeros(1, np.int64)
    drift = own.world_drift * float(world.normal(DRIFT, who, world.first_year)[0])
    coming = float(world.data.spec["migration"]["migrant_share_of_arrivals"]["value"])
    return balanced(own, world.system, world.p, world.neighbourhoods, drift, coming)


def usual_chances(p: Mapping[str, float], system: SchoolSystem) -> Floats:
    """Return the mean chance to leave or drop out before a year of schooling: (2: local, migrant; grades + 1)."""
    poor = p["poverty_share"]
    drop = p["dropout"] * (1.0 - poor + poor * p["dropout_poor_ratio"])
    turning = np.isin(np.arange(system.n_grades + 1), system.turning)
    local = p["local_transfer_out"] + turning * p["local_leave_transition"]
    migrant = p["migrant_leave"] + turning * p["migrant_leave_transition"]
    return np.minimum(drop + np.array([local, migrant]), 1.0)


def balanced(
    own: Calibrated,
    system: SchoolSystem,
    p: Mapping[str, float],
    places: Neighbourhoods,
    drift: float,
    coming: float,
) -> Account:
    """Return the account of a calibrated district.

    `drift` is by how much all grow a year on the log scale in one world, `coming` the share of migrants among arrivals;
    among its own children, and its first pupils, they are as many as the neighbourhoods say.
    """
    homes = _homes(own.keys, places, system)
    local = places.births_share @ places.migrant_share
    split = np.array([1.0 - local, local])[:, None, None]
    books = _Books(own.keys, homes, 1.0 - usual_chances(p, system), np.array([1.0 - coming, coming]), system)
    account = Account({}, {}, {}, {})
    here = split * own.first
    for ahead, (year, wanted) in enumerate(sorted(own.schools.items()), 1):
        here = books.close(account, year, here, wanted * np.exp(drift * ahead), split)
    return account


def _homes(keys: Ints, places: Neighbourhoods, system: SchoolSystem) -> dict[int, Floats]:
    """Return by stage where the pupils of each school live (schools, n), rows that add up to one: in its catchment; of
    a school without one anywhere.
    """
    homes = {}
    for stage in system.stages:
        mine = (places.catchment[stage] == keys[:, None]) * places.births_share
        mine[mine.sum(axis=1) == 0] = places.births_share
        homes[stage] = mine / mine.sum(axis=1, keepdims=True)
    return homes


class _Books:
    """The account of one year after the other."""

    def __init__(
        self, keys: Ints, homes: dict[int, Floats], stay: Floats, arriving: Floats, system: SchoolSystem
    ) -> None:
        self.keys, self.homes, self.arriving, self.system = keys, homes, arriving, system
        self.first = system.entry_grade
        self.stay = stay[:, None, self.first :]

    def close(self, account: Account, year: int, here: Floats, wanted: Floats, split: Floats) -> Floats:
        """Write a year into the account; return who is there (2, schools, grades) at its September."""
        kept = np.zeros_like(here)
        kept[:, :, 1:] = here[:, :, :-1] * self.stay[:, :, 1:]
        arrivals, more = self._balance(kept, wanted)
        stage_of = [int(self.system.stage_of(np.array(self.first + g))) for g in range(wanted.shape[1])]
        account.entrants[year] = wanted[:, 0] @ self.homes[stage_of[0]]
        coming = np.stack([arrivals[:, g] @ self.homes[stage] for g, stage in enumerate(stage_of)], axis=1)
        account.arrivals[year] = np.pad(coming, ((0, 0), (self.first - 1, 0)))
        by_key = np.zeros((int(self.keys.max()) + 2, self.first + wanted.shape[1]))
        by_key[self.keys, self.first :] = more
        account.more_leave[year] = by_key
        before, after = here[:, :, :-1].sum(axis=(0, 1)), (kept * (1.0 - more))[:, :, 1:].sum(axis=(0, 1))
        gone = 1.0 - after / np.maximum(before, TINY)
        account.leave[year] = np.pad(gone, (self.first + 1, 0))
        there = kept * (1.0 - more) + self.arriving[:, None, None] * arrivals
        begins = self._begins(wanted)
        mixed = there.sum(axis=1, keepdims=True)
        every = mixed.sum(axis=0)
        share = np.divide(mixed, every, out=np.broadcast_to(split, mixed.shape).copy(), where=every > 0)
        return np.where(begins, share * wanted, there)

    def _begins(self, wanted: Floats) -> Mask:
        """Return which grades begin a stage (grades)."""
        return np.isin(np.arange(wanted.shape[1]) + self.first, self.system.entry_grades)

    def _balance(self, kept: Floats, wanted: Floats) -> tuple[Floats, Floats]:
        """Return arrivals, and the chance to leave beyond the usual one, by school and grade (schools, grades)."""
        total = kept.sum(axis=0)
        begins = self._begins(wanted)
        totals = np.where(begins, total.sum(axis=0), total)
        aims = np.where(begins, wanted.sum(axis=0), wanted)
        falls = totals > aims
        more = 1.0 - np.divide(aims, totals, out=np.ones_like(kept[0]), where=falls)
        shares = wanted / np.maximum(wanted.sum(axis=0), TINY)
        arrivals = np.maximum(aims - totals, 0.0) * np.where(begins, shares, 1.0)
        arrivals[:, 0], more[:, 0] = 0.0, 0.0
        return arrivals, more
