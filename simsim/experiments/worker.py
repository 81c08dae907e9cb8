"""One unit of work: a scenario with a few seeds, run anywhere, returned as bytes; a run that fails is a row."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from threadpoolctl import threadpool_limits

from simsim.district import District
from simsim.districts.files import DistrictData
from simsim.experiments.store import by_replication, concatenate, only, pack, to_arrow, unpack
from simsim.inputs.errors import InputError
from simsim.policy import Policy, register
from simsim.scenarios.scenario import Scenario

FAILURES = "failures"
FAILURE_COLUMNS = ("scenario", "replication", "year", "phase", "error", "message")

Tables = Mapping[str, pd.DataFrame]
Simulate = Callable[..., Tables]


@dataclass(frozen=True)
class Unit:
    """What a worker needs: the scenario, the seeds still to run, the district's data, and policies written in a
    notebook.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    to: int
    fixed_parameters: bool
    data: DistrictData
    code: str
    policies: tuple[type[Policy], ...] = ()


@dataclass(frozen=True)
class Done:
    """What a worker returns: a packed unit, and the full text of every failure for the log."""

    content: bytes
    log: tuple[str, ...] = ()


class Stopped(Exception):
    """A run went wrong: the year and the phase that it was living. What went wrong is its cause."""

    def __init__(self, year: int, phase: str) -> None:
        super().__init__(f"{year}, {phase}")
        self.year, self.phase = year, phase


def simulate(scenario: Scenario, seed: int, to: int, fixed_parameters: bool, data: DistrictData) -> Tables:
    """Run one replication of one scenario and return its tables; Stopped, from the error, when it fails on the way."""
    district = District(scenario, seed=seed, fixed_parameters=fixed_parameters, data=data)
    try:
        return district.run(to=to).tables()
    except InputError:
        raise
    except Exception as error:
        raise Stopped(district.year, district.phase) from error


def run_unit(unit: Unit, simulate: Simulate = simulate) -> Done:
    """Run the seeds of a unit one after the other, on one thread, and pack what they found.

    The user's mistakes (InputError) end the experiment; anything else that goes wrong becomes a row of `failures`.
    """
    for cls in unit.policies:
        register(cls)
    runs, failures, log = [], [], []
    with threadpool_limits(1):
        for seed in unit.seeds:
            try:
                runs.append((seed, simulate(unit.scenario, seed, unit.to, unit.fixed_parameters, unit.data)))
            except InputError:
                raise
            except Exception as error:
                failures.append(_failure(unit.scenario.name, seed, error))
                log.append("".join(traceback.format_exception(_cause(error))))
    return Done(_pack(unit, runs, failures), tuple(log))


def lost(unit: Unit, error: BaseException) -> Done:
    """Return the unit as failed throughout, because its worker died."""
    failures = [_failure(unit.scenario.name, seed, error) for seed in unit.seeds]
    return Done(_pack(unit, [], failures), (f"{unit.scenario.name} {unit.seeds}: {error}",))


def _failure(scenario: str, seed: int, error: BaseException) -> tuple[Any, ...]:
    """Return a row of `failures`; a run that never began to live has no year and no phase."""
    year, phase = (error.year, error.phase) if isinstance(error, Stopped) else (None, "")
    cause = _cause(error)
    lines = str(cause).splitlines() or [""]
    return scenario, seed, year, phase, type(cause).__name__, lines[0]


def _cause(error: BaseException) -> BaseException:
    """Return what went wrong."""
    return error.__cause__ or error if isinstance(error, Stopped) else error


def _pack(unit: Unit, runs: list[tuple[int, Tables]], failures: list[tuple[Any, ...]]) -> bytes:
    names = sorted({name for _, tables in runs for name in tables})
    packed = {
        name: concatenate([_keyed(tables[name], unit, seed) for seed, tables in runs if name in tables])
        for name in names
    }
    packed[FAILURES] = to_arrow(pd.DataFrame(failures, columns=list(FAILURE_COLUMNS)))
    return pack(packed, {"scenario": unit.scenario.name, "code": unit.code, "seeds": [seed for seed, _ in runs]})


def _keyed(frame: pd.DataFrame, unit: Unit, seed: int) -> pa.Table:
    """Return a run's table with its scenario and replication in front."""
    table, n = to_arrow(frame), len(frame)
    scenario = pa.array([unit.scenario.name] * n, pa.string()).dictionary_encode()
    keys = {"scenario": scenario, "replication": pa.array([seed] * n, pa.int32())}
    return pa.table({**keys, **{name: table.column(name) for name in table.column_names}})


def extended(old: bytes, new: bytes) -> bytes:
    """Return a unit with further runs added, in order of seed; earlier failures of runs that were repeated are
    dropped.
    """
    (before, meta), (after, added) = unpack(old), unpack(new)
    seeds = sorted({*meta["seeds"], *added["seeds"]})
    retried = set(added["seeds"]) | set(after[FAILURES].column("replication").to_pylist())
    failed = [seed for seed in before[FAILURES].column("replication").to_pylist() if seed not in retried]
    before[FAILURES] = only(before[FAILURES], failed)
    joined = {name: concatenate([part[name] for part in (before, after) if name in part]) for name in {*before, *after}}
    return pack({name: by_replication(table) for name, table in joined.items()}, {**meta, "seeds": seeds})
