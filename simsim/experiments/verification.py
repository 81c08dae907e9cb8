"""Run parts of an experiment again and compare: words and whole numbers exactly, measurements to one part in 10^9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from simsim.base.arrays import Mask
from simsim.experiments import experiment, store
from simsim.experiments.experiment import Experiment
from simsim.experiments.fingerprint import code_digest
from simsim.experiments.manifest import FIELDS, digest, read_manifest
from simsim.experiments.results import Results
from simsim.experiments.runner import Task, mapper, progress_of
from simsim.experiments.worker import FAILURES, Unit
from simsim.inputs.errors import InputError, Problem

TOLERANCE = 1e-9
SAMPLE = 3


@dataclass(frozen=True)
class Verification:
    """What was compared: `rows` has scenario, replication, table, same, difference; `same_code` tells whether code
    changed since.
    """

    rows: pd.DataFrame
    same_code: bool

    @property
    def ok(self) -> bool:
        """Whether every file is as it was written and every number was found again."""
        return bool(self.rows["same"].all())


def verify(folder: str | Path, sample: int | None = SAMPLE, jobs: int = 1, progress: bool = True) -> Verification:
    """Recompute `sample` runs spread over an experiment (all of them for None) and compare their tables with the
    folder's.

    Raise InputError when the folder is not an experiment, or when its inputs have changed since.
    """
    folder = Path(folder)
    manifest = read_manifest(folder, (*FIELDS, "seeds", "tables"))
    results = Results.load(folder)
    again = _again(folder, manifest)
    chosen = _spread([(s, seed) for s in again.scenarios for seed in results.replications(s.name)], sample)
    tasks = [
        Task(Unit(s, (seed,), again.to, again.fixed_parameters, again.data[s.name], again.code), folder)
        for s, seed in chosen
    ]
    rows = list(_damaged(folder, manifest))
    for task, done in progress_of(mapper(jobs, None, experiment.simulate)(tasks), tasks, progress):
        rows += _compared(task.unit, store.unpack(done.content)[0], results)
    table = pd.DataFrame(rows, columns=["scenario", "replication", "table", "same", "difference"])
    ordered = table.sort_values(["scenario", "replication", "table"], ignore_index=True)
    return Verification(ordered, manifest["code"] == code_digest(again.scenarios))


def _again(folder: Path, manifest: Mapping[str, Any]) -> Experiment:
    """Return the experiment of a manifest; InputError when its inputs have changed."""
    scenarios = [manifest["scenarios"][name]["resolved"] for name in manifest["order"]]
    again = Experiment(
        scenarios, seeds=manifest["seeds"], to=manifest["to"], fixed_parameters=manifest["fixed_parameters"]
    )
    changed = sorted(name for name, value in manifest["inputs"].items() if again.inputs.get(name) != value)
    if changed:
        raise InputError(
            Problem(
                str(folder), "inputs", ", ".join(changed), "changed since; restore them, or run the experiment again"
            )
        )
    return again


def _spread(runs: Sequence[Any], sample: int | None) -> list[Any]:
    """Return `sample` runs at even distances, the first and the last included."""
    if sample is None or sample >= len(runs):
        return list(runs)
    return [runs[place] for place in np.unique(np.linspace(0, len(runs) - 1, sample).round().astype(int))]


def _damaged(folder: Path, manifest: Mapping[str, Any]) -> Iterator[tuple[str, int, str, bool, str]]:
    """Yield a row for every file that is not the one the manifest describes."""
    for name, entry in manifest["tables"].items():
        path = folder / f"{name}.parquet"
        if not path.exists() or digest(path.read_bytes()) != entry["sha256"]:
            yield "", 0, name, False, "the file is not the one that was written"


def _compared(unit: Unit, found: Mapping[str, pa.Table], results: Results) -> Iterator[tuple[str, int, str, bool, str]]:
    """Yield one row per table of a run."""
    scenario, (seed,) = unit.scenario.name, unit.seeds
    for row in found[FAILURES].to_pylist():
        yield scenario, seed, FAILURES, False, f"{row['error']}: {row['message']}"
        return
    for name, table in found.items():
        if name != FAILURES:
            stored = results.frame(name) if name in results.tables else table.to_pandas().iloc[:0]
            mine = stored[(stored["scenario"] == scenario) & (stored["replication"] == seed)].reset_index(drop=True)
            difference = difference_of(mine, table.to_pandas())
            yield scenario, seed, name, not difference, difference


def difference_of(a: pd.DataFrame, b: pd.DataFrame) -> str:
    """Return in words where two tables differ, or an empty text."""
    if len(a) != len(b):
        return f"{len(a)} rows, now {len(b)}"
    for name in a.columns.union(b.columns, sort=False):
        if name not in a or name not in b:
            return f"column {name} is missing on one side"
        rows = np.flatnonzero(~_equal(a[name], b[name]))
        if len(rows):
            return (
                f"{name}, row {rows[0]}: {a[name].iloc[rows[0]]}, now {b[name].iloc[rows[0]]} ({len(rows)} rows differ)"
            )
    return ""


def _equal(a: pd.Series[Any], b: pd.Series[Any]) -> Mask:
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        close: Mask = np.isclose(a.to_numpy(), b.to_numpy(), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        return close
    same: Mask = a.astype(str).to_numpy() == b.astype(str).to_numpy()
    return same
