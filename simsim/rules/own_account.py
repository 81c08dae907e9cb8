"""A district that is calibrated on its own rolls: how many come and go each year so that, in expectation, the pupils of
its schools by grade are those carried forward from its past.

What leaves by the usual chances is taken on the *expected* mix of local and migrant children, which changes over the
years; arrivals close the account, and where it would need fewer than none, more leave. Inside a stage the account is
each school's, at its beginning the district's: who moves up comes from several schools, and goes where catchments say,
but for those whom a school that is to be smaller has too many of: they go on to the nearest that are to be larger. It
is worked out once, from the state before anything happens and without plans: a policy that changes leaving, or opens a
school, has its own effect, and is not filled up again. Nobody is ranked: each pupil has a chance, and one more pupil
changes nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.base.streams import Streams
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
    drift = own.world_drift * paired(world.streams.seed, world.first_year)
    coming = float(world.data.spec["migration"]["migrant_share_of_arrivals"]["value"])
    return balanced(own, world.system, world.p, world.neighbourhoods, drift, coming)


def paired(seed: int, year: int) -> float:
    """Return a standard normal draw of one world, opposite in the worlds 1 and 2, 3 and 4 and so on (antithetic pairs;
    Hammersley and Morton 1956), so that the drifts of an even number of worlds, the first of an odd seed, add up to 0.

    All schools of a world share its drift: drawn one by one, twenty of them leave a quarter of one in their mean.
    """
    one = seed - (seed + 1) % 2
    drawn = float(Streams(one).normal(DRIFT, year, np.zeros(1, np.int64))[0])
    return drawn if seed == one else -drawn


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
    ways = _Ways(own.keys, homes, places, system) if len(system.stages) > 1 else None
    asked = places.catchment[JUNIOR].copy()
    account = Account(own.keys, asked)
    here = split * own.first
    for ahead, (year, wanted) in enumerate(sorted(own.schools.items()), 1):
        here = books.close(account, year, here, wanted * np.exp(drift * ahead), split, ways)
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


class _Ways:
    """Where those go who come into the junior stage from schools that do not teach it."""

    def __init__(self, keys: Ints, homes: dict[int, Floats], places: Neighbourhoods, system: SchoolSystem) -> None:
        self.keys, self.homes = keys, homes
        self.grade = system.first_grade[JUNIOR] - system.entry_grade
        last = system.last_grade[JUNIOR] - system.entry_grade
        self.serves = (places.catchment[JUNIOR] == keys[:, None]).astype(float)
        at = np.stack([places.x_km, places.y_km])
        there = at @ (self.serves / np.maximum(self.serves.sum(axis=1, keepdims=True), 1.0)).T
        self.km = np.hypot(*(at[:, :, None] - there[:, None, :]))
        self.teaches = slice(self.grade, last + 1)

    def close(self, account: Account, year: int, kept: Floats, wanted: Floats, arrivals: Floats) -> None:
        """Write into the account where those go who begin the junior stage, and share out who arrives in it.

        `kept` (schools, grades) are those who do not leave, by the school they come from, `wanted` and `arrivals` (same
        shape) as the account has them: of the latter only the sum is taken, they go first where somebody is lacking.
        """
        g = self.grade
        both, aims = wanted[:, self.teaches].any(axis=1), wanted[:, g]
        stay = kept[:, g] * both
        goes = 1.0 - np.divide(aims, stay, out=np.ones_like(stay), where=stay > aims)
        account.goes_on[year] = np.zeros(int(self.keys.max()) + 2)
        account.goes_on[year][self.keys] = goes
        stay *= 1.0 - goes
        movers = account.movers[year] = (kept[:, g] - stay) @ self.homes[PRIMARY]
        asked, public = self.serves @ movers, self.serves.any(axis=1)
        lacking = np.where(public, np.maximum(aims - stay - asked, 0.0), 0.0)
        if lacking.any():
            arrivals[:, g] = arrivals[:, g].sum() * lacking / lacking.sum()
        lacking = np.maximum(lacking - arrivals[:, g], 0.0)
        spare = np.clip(asked + stay - aims, 0.0, asked)
        away = np.divide(spare, asked, out=np.zeros_like(asked), where=asked > 0) @ self.serves * movers
        account.ways[year] = self._shares(movers, away, lacking).cumsum(axis=1)

    def _shares(self, movers: Floats, away: Floats, lacking: Floats) -> Floats:
        """Return shares of schools by neighbourhood (n, schools): of its `movers` (n) those `away` (n) go where some
        are `lacking` (schools), the others where the catchment says.
        """
        moved = min(away.sum(), lacking.sum())
        leaving, coming = (moved * part / max(part.sum(), TINY) for part in (away, lacking))
        flows = _nearest_first(leaving, coming, self.km)
        flows += self.serves.T * (movers - flows.sum(axis=1))[:, None]
        total = flows.sum(axis=1, keepdims=True)
        shares: Floats = np.where(total > TINY, flows / np.maximum(total, TINY), self.serves.T)
        return shares


def _nearest_first(supply: Floats, room: Floats, km: Floats) -> Floats:
    """Return how many go from each place (n) to each school (m), the nearest pairs first (n, m)."""
    flows, supply, room = np.zeros_like(km), supply.copy(), room.copy()
    rows, columns = np.flatnonzero(supply > TINY), np.flatnonzero(room > TINY)
    order = np.argsort(km[np.ix_(rows, columns)], axis=None, kind="stable")
    for flat in order.tolist():
        i, j = rows[flat // len(columns)], columns[flat % len(columns)]
        flows[i, j] = min(supply[i], room[j])
        supply[i] -= flows[i, j]
        room[j] -= flows[i, j]
    return flows


class _Books:
    """The account of one year after the other."""

    def __init__(
        self, keys: Ints, homes: dict[int, Floats], stay: Floats, arriving: Floats, system: SchoolSystem
    ) -> None:
        self.keys, self.homes, self.arriving, self.system = keys, homes, arriving, system
        self.first = system.entry_grade
        self.stay = stay[:, None, self.first :]

    def close(
        self, account: Account, year: int, here: Floats, wanted: Floats, split: Floats, ways: _Ways | None
    ) -> Floats:
        """Write a year into the account; return who is there (2, schools, grades) at its September."""
        kept = np.zeros_like(here)
        kept[:, :, 1:] = here[:, :, :-1] * self.stay[:, :, 1:]
        arrivals, more = self._balance(kept, wanted)
        usual = (here[:, :, :-1] * (1.0 - self.stay[:, :, 1:])).sum(axis=(0, 1))
        replaces = usual / np.maximum(arrivals.sum(axis=0)[1:], np.maximum(usual, TINY))
        account.replaces[year] = np.pad(replaces, (self.first + 1, 0))
        if ways is not None:
            ways.close(account, year, (kept * (1.0 - more)).sum(axis=0), wanted, arrivals)
        stage_of = [int(self.system.stage_of(np.array(self.first + g))) for g in range(wanted.shape[1])]
        account.entrants[year] = wanted[:, 0] @ self.homes[stage_of[0]]
        coming = np.stack([arrivals[:, g] @ self.homes[stage] for g, stage in enumerate(stage_of)], axis=1)
        account.arrivals[year] = np.pad(coming, ((0, 0), (self.first - 1, 0)))
        by_key = np.zeros((int(self.keys.max()) + 2, self.first + wanted.shape[1]))
        by_key[self.keys, self.first :] = more
        account.more_leave[year] = by_key
        account.expects[year] = np.zeros(by_key.shape, bool)
        account.expects[year][self.keys, self.first :] = wanted > 0
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
