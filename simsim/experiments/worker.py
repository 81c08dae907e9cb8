"""One unit of work: a block of seeds over all scenarios, run anywhere, returned as bytes; a run that fails is a row."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
from threadpoolctl import threadpool_limits

from simsim.conditioning.numbers import remember
from simsim.conditioning.solve import Solution
from simsim.district import District
from simsim.districts.files import DistrictData
from simsim.experiments.memory import for_many_runs
from simsim.experiments.parts import FAILURES, Found, Source, failures_of, written
from simsim.experiments.shared_years import SharedYears
from simsim.experiments.store import concatenate, to_arrow
from simsim.inputs.errors import InputError
from simsim.policy import Policy, register
from simsim.scenarios.scenario import Scenario

Tables = Mapping[str, pd.DataFrame]
Simulate = Callable[..., Tables]


@dataclass(frozen=True)
class Share:
    """What one scenario has in a unit: the seeds still to run, the district's data, what the parts are made from,
    policies written in a notebook, and what was solved for the worlds of these seeds.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    data: DistrictData
    source: Source
    policies: tuple[type[Policy], ...] = ()
    solutions: tuple[Solution, ...] = ()


@dataclass(frozen=True)
class Unit:
    """What a worker needs: a block of seeds, and what every scenario still has to do of it."""

    block: int
    shares: tuple[Share, ...]
    to: int
    fixed_parameters: bool

    @property
    def runs(self) -> int:
        """How many runs this unit is."""
        return sum(len(share.seeds) for share in self.shares)

    def without(self, done: int) -> Unit:
        """Return the unit without its first shares."""
        return replace(self, shares=self.shares[done:])


Failure = tuple[str, int, int | None, str, str, str]
"""A row of `failures`: scenario, seed, year, phase, kind of error and its first line."""


class Stopped(Exception):
    """A run went wrong: the year and the phase that it was living. What went wrong is its cause."""

    def __init__(self, year: int, phase: str) -> None:
        super().__init__(f"{year}, {phase}")
        self.year, self.phase = year, phase


def simulate(
    scenario: Scenario,
    seed: int,
    to: int,
    fixed_parameters: bool,
    data: DistrictData,
    build: Callable[[Scenario, int, bool, DistrictData], District] = District,
) -> Tables:
    """Run one replication of one scenario and return its tables; Stopped, from the error, when it fails on the way.

    `build` gives the district: built anew, or as far as years go that other scenarios have in common with this one.
    """
    district = build(scenario, seed, fixed_parameters, data)
    try:
        return district.run(to=to).tables()
    except InputError:
        raise
    except Exception as error:
        raise Stopped(district.year, district.phase) from error


ALONE = simulate


def run_unit(
    unit: Unit, simulate: Simulate = simulate, told: Callable[[str, int], None] = lambda scenario, seed: None
) -> Iterator[Found]:
    """Run a unit, scenario by scenario, on one thread, and yield what each of them found; tell of each run at once.

    The user's mistakes (InputError) end the experiment; anything else that goes wrong becomes a row of `failures`.
    """
    for cls in (cls for share in unit.shares for cls in share.policies):
        register(cls)
    for share in unit.shares:
        remember(share.data, share.solutions)
    if simulate is ALONE:
        shared = SharedYears([(share.scenario, share.data, share.seeds) for share in unit.shares], unit.to)
        simulate = partial(simulate, build=shared.district)
    with for_many_runs():
        for share in unit.shares:
            yield _run(unit, share, simulate, told)


def _run(unit: Unit, share: Share, simulate: Simulate, told: Callable[[str, int], None]) -> Found:
    runs, failures, log = [], [], []
    with threadpool_limits(1):
        for seed in share.seeds:
            try:
                runs.append((seed, simulate(share.scenario, seed, unit.to, unit.fixed_parameters, share.data)))
            except InputError:
                raise
            except Exception as error:
                failures.append(_failure(share.scenario.name, seed, error))
                log.append("".join(traceback.format_exception(_cause(error))))
            told(share.scenario.name, seed)
    return _found(unit, share, runs, failures, tuple(log))


def lost(unit: Unit, error: BaseException) -> Iterator[Found]:
    """Return the first share of a unit as failed throughout, because its worker died."""
    share = unit.shares[0]
    failures = [_failure(share.scenario.name, seed, error) for seed in share.seeds]
    return iter([_found(unit, share, [], failures, (f"{share.scenario.name} {share.seeds}: {error}",))])


def _failure(scenario: str, seed: int, error: BaseException) -> Failure:
    """Return a row of `failures`; a run that never began to live has no year and no phase."""
    year, phase = (error.year, error.phase) if isinstance(error, Stopped) else (None, "")
    cause = _cause(error)
    lines = str(cause).splitlines() or [""]
    return scenario, seed, year, phase, type(cause).__name__, lines[0]


def _cause(error: BaseException) -> BaseException:
    """Return what went wrong."""
    return error.__cause__ or error if isinstance(error, Stopped) else error


def _found(
    unit: Unit, share: Share, runs: list[tuple[int, Tables]], failures: list[Failure], log: tuple[str, ...]
) -> Found:
    names = sorted({name for _, tables in runs for name in tables})
    scenario = share.scenario.name
    tables = {
        name: concatenate([_keyed(tables[name], scenario, seed) for seed, tables in runs if name in tables])
        for name in names
    }
    tables[FAILURES] = failures_of(failures)
    key, seeds = (scenario, unit.block), tuple(seed for seed, _ in runs)
    return Found(key, share.seeds, written(key, tables, seeds, share.source), log)


def _keyed(frame: pd.DataFrame, name: str, seed: int) -> pa.Table:
    """Return a run's table with its scenario and replication in front."""
    table, n = to_arrow(frame), len(frame)
    scenario = pa.DictionaryArray.from_arrays(np.zeros(n, np.int32), pa.array([name] if n else [], pa.string()))
    keys = {"scenario": scenario, "replication": pa.array(np.full(n, seed, np.int32))}
    return pa.table({**keys, **{name: table.column(name) for name in table.column_names}})
