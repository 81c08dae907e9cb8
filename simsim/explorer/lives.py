"""Worker processes of the explorer: they live the worlds that are asked for, the most urgent first, and leave with it.

What a scenario finds before it acts is kept in the worker, so that a moved lever pays for the years that it can change.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import cloudpickle
import pandas as pd

from simsim.conditioning.solve import Solution
from simsim.district import District
from simsim.districts.files import DistrictData
from simsim.experiments.crew import Member, WorkerDied
from simsim.experiments.parts import FAILURES, Source
from simsim.experiments.shared_years import acts_from, start_of, without_acts
from simsim.experiments.solving import draws
from simsim.experiments.store import from_bytes
from simsim.experiments.worker import Share, Unit
from simsim.inputs.errors import InputError
from simsim.policy import Policy, registered
from simsim.scenarios.scenario import Scenario

DISTRICT, SCHOOLS, PLACES, COSTS, DRAWN = "district_year", "school_year", "schools", "costs", "parameters"
OF_SCHOOLS = ("pupils", "seat_use", "score")
QUIET = 2.0
"""So many seconds after the last question the first worker helps with other seeds as well; till then it waits."""
MOST_STEMS = 12
NO_SOURCE = Source("", "")

Key = tuple[str, int]
Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Job:
    """One world to live: a seed of a scenario; a small `rank` is urgent."""

    scenario: Scenario
    seed: int
    to: int
    data: DistrictData
    rank: int = 0
    solutions: tuple[Solution, ...] = ()

    @property
    def key(self) -> Key:
        """What makes a world: the content of its scenario, and the seed."""
        return self.scenario.digest, self.seed


@dataclass(frozen=True)
class Lived:
    """What came of a job: its tables, or what went wrong; and how long it took (seconds)."""

    key: Key
    tables: Tables = field(default_factory=dict)
    failure: str = ""
    seconds: float = 0.0


def live(scenario: Scenario, seed: int, to: int, fixed_parameters: bool, data: DistrictData) -> Tables:
    """Run one world and return the tables that the explorer shows, with what the world drew."""
    tables = _district(scenario, seed, data).run(to=to).tables()
    schools = tables[SCHOOLS]
    return {
        DISTRICT: tables[DISTRICT],
        SCHOOLS: schools[schools["indicator"].isin(OF_SCHOOLS)],
        PLACES: tables[PLACES],
        COSTS: tables[COSTS],
        DRAWN: draws([data], [seed], fixed_parameters, scenario.assume).drop(columns="replication"),
    }


_stems: OrderedDict[tuple[object, ...], District] = OrderedDict()


def _district(scenario: Scenario, seed: int, data: DistrictData) -> District:
    """Return the district of a scenario as it is when the scenario begins to act."""
    first = int(data.spec["first_year"])
    year = acts_from(scenario, first)
    if year is None:
        return District(scenario, seed, data=data)
    year = min(year, first + 1)
    key = (data.digest, start_of(scenario, data)[1:], seed, year)
    if key not in _stems:
        _stems[key] = District(without_acts(scenario, first), seed, data=data).run(to=year - 1)
        while len(_stems) > MOST_STEMS:
            _stems.popitem(last=False)
    stem = _stems[key]
    _stems.move_to_end(key)
    return deepcopy(stem, {id(one): one for one in (stem.data, stem.spec)}).go_on_as(scenario)


def lived(job: Job) -> Lived:
    """Live one world here and now, as a worker would; what goes wrong is told, not raised."""
    start = time.perf_counter()
    try:
        tables = live(job.scenario, job.seed, job.to, False, job.data)
    except InputError:
        raise
    except Exception as error:  # whatever a policy of the user's raises
        return Lived(job.key, failure=f"{type(error).__name__}: {error}", seconds=time.perf_counter() - start)
    return Lived(job.key, tables, seconds=time.perf_counter() - start)


class Lives:
    """So many worker processes, each fed by a thread; `told` hears of every world, in the thread that fed it."""

    def __init__(self, workers: int, told: Callable[[Lived], None]) -> None:
        self.told, self.waiting = told, list[Job]()
        self.asked_at, self.closed = time.monotonic(), False
        self.changed = threading.Condition()
        self.members: dict[int, Member] = {}
        self.running: set[Key] = set()
        self.threads = [threading.Thread(target=self._feed, args=(n,), daemon=True) for n in range(workers)]
        for thread in self.threads:
            thread.start()

    def ask(self, jobs: Sequence[Job]) -> None:
        """Live these worlds next, instead of those that still wait; what a worker has begun it ends."""
        with self.changed:
            self.waiting = sorted((job for job in jobs if job.key not in self.running), key=lambda job: job.rank)
            self.asked_at = time.monotonic()
            self.changed.notify_all()

    def close(self) -> None:
        """End all workers."""
        with self.changed:
            self.closed, self.waiting = True, []
            for member in self.members.values():
                member.stop()
            self.changed.notify_all()
        for thread in self.threads:
            thread.join(QUIET)
        for member in self.members.values():
            member.close()

    @property
    def busy(self) -> int:
        """How many worlds wait or are being lived."""
        with self.changed:
            return len(self.waiting) + len(self.running)

    def _feed(self, number: int) -> None:
        with self.changed:
            if not self.closed:
                self.members[number] = Member()
        while (job := self._next(number)) is not None:
            found = self._of(number, job)
            with self.changed:
                self.running.discard(job.key)
            if found is not None:
                self.told(found)

    def _next(self, number: int) -> Job | None:
        """Return the most urgent job; the first of several workers leaves other seeds alone while a hand may move."""
        with self.changed:
            while not self.closed:
                quiet = time.monotonic() - self.asked_at
                mine = [
                    job for job in self.waiting if job.rank == 0 or number or len(self.threads) == 1 or quiet > QUIET
                ]
                if mine:
                    self.waiting.remove(mine[0])
                    self.running.add(mine[0].key)
                    return mine[0]
                self.changed.wait(QUIET if self.waiting else None)
        return None

    def _of(self, number: int, job: Job) -> Lived | None:
        """Have a world lived by a worker; one that dies is replaced, and its world told as failed."""
        start = time.perf_counter()
        share = Share(job.scenario, (job.seed,), job.data, NO_SOURCE, _own(job.scenario), job.solutions)
        work = cloudpickle.dumps((Unit(0, (share,), job.to, False), live))
        tables: dict[str, pd.DataFrame] = {}
        failure = ""
        try:
            for _, value in self.members[number].messages(work):
                if isinstance(value, InputError):
                    failure = str(value)
                elif value is not None and not isinstance(value, tuple):
                    tables = {name: from_bytes(part)[0].to_pandas() for name, part in value.parts.items()}
        except WorkerDied as error:
            with self.changed:
                if self.closed:
                    return None
                self.members[number].stop()
                self.members[number].close()
                self.members[number] = Member()
            failure = str(error)
        failed = tables.pop(FAILURES, pd.DataFrame())
        if len(failed):
            failure = f"{failed['error'].iloc[0]}: {failed['message'].iloc[0]}"
        return Lived(job.key, {} if failure else tables, failure, time.perf_counter() - start)


def _own(scenario: Scenario) -> tuple[type[Policy], ...]:
    """Return the policies of a scenario that were written in this session."""
    return tuple(registered[i.policy] for i in scenario.instances if i.policy in registered)
