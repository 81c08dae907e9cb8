"""Run parts of an experiment again and compare: words and whole numbers exactly, measurements to one part in 10^9."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from simsim.base.arrays import Mask
from simsim.experiments import experiment
from simsim.experiments.choosing import Where
from simsim.experiments.damage import Row, damage, lenient
from simsim.experiments.experiment import Experiment
from simsim.experiments.manifest import FIELDS, MANIFEST, plain, read_manifest, refuse_screening
from simsim.experiments.parts import ALL, FAILURES, PARAMETERS, Found, block_of
from simsim.experiments.progress import progress_of
from simsim.experiments.runner import mapper
from simsim.experiments.store import from_bytes
from simsim.experiments.table_folder import TableFolder
from simsim.experiments.worker import Unit
from simsim.inputs import parameters
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import path_of
from simsim.inputs.run_limits import at_least_one, jobs_of, true_or_false

TOLERANCE = 1e-9
SAMPLE = 3
DISTRICT = "district"
OF_RUNS = ("agreement", "doses")
"""What a manifest tells of the worlds that were run; older ones, and narrowed results, do not."""
Run = TypeVar("Run")


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
    folder, jobs, progress = path_of(folder, "verify", "folder"), jobs_of(jobs), true_or_false("progress", progress)
    sample = None if sample is None else at_least_one("sample", sample)
    manifest = read_manifest(folder, FIELDS)
    tables = lenient(folder, manifest)
    again = experiment_of(folder, manifest)
    chosen = _spread([(s, seed) for s in again.scenarios for seed in tables.replications(s.name)], sample)
    units = [Unit(block_of(n), (again.share(s, (n,)),), again.to, again.fixed_parameters) for s, n in chosen]
    rows = [*damage(folder, manifest), *_drawn(again, sorted({seed for _, seed in chosen}), tables)]
    rows += [*_all_drawn(again, tables), *(_told(again, manifest, tables) if manifest["code"] == again.code else ())]
    for found in progress_of(mapper(jobs, None, experiment.simulate), units, progress, jobs):
        rows += _compared(found, tables)
    table = pd.DataFrame(rows, columns=["scenario", "replication", "table", "same", "difference"])
    ordered = table.sort_values(["scenario", "replication", "table"], ignore_index=True)
    return Verification(ordered, manifest["code"] == again.code)


def experiment_of(folder: Path, manifest: Document) -> Experiment:
    """Return the experiment of a manifest; InputError when its inputs have changed."""
    refuse_screening(manifest, folder)
    scenarios = [manifest["scenarios"][name]["resolved"] for name in manifest["order"]]
    again = Experiment(
        scenarios,
        seeds=manifest["seeds"],
        to=manifest["to"],
        fixed_parameters=manifest["fixed_parameters"],
        as_of=(manifest.get("worlds") or {}).get("as_of"),
    )
    changed = sorted(name for name, value in manifest["inputs"].items() if again.inputs.get(name) != value)
    if changed:
        raise InputError(
            Problem(
                str(folder), "inputs", ", ".join(changed), "changed since; restore them, or run the experiment again"
            )
        )
    return again


def _spread(runs: Sequence[Run], sample: int | None) -> list[Run]:
    """Return `sample` runs at even distances, the first and the last included."""
    if sample is None or sample >= len(runs):
        return list(runs)
    return [runs[place] for place in np.unique(np.linspace(0, len(runs) - 1, sample).round().astype(int))]


def _drawn(again: Experiment, seeds: Sequence[int], tables: TableFolder) -> Iterator[Row]:
    """Yield a row for each replication with the parameters that it drew."""
    if PARAMETERS in tables and seeds:
        draws = again.draws(seeds)
        for seed in seeds:
            stored = tables.read(PARAMETERS, {"replication": [seed]}).reset_index(drop=True)
            difference = difference_of(stored, draws[draws["replication"] == seed].reset_index(drop=True))
            yield ALL, seed, PARAMETERS, not difference, difference


def _all_drawn(again: Experiment, tables: TableFolder) -> Iterator[Row]:
    """Yield a row for each replication whose draws are not its own: of every one, for drawing takes no time; what was
    solved of a world is not looked at.
    """
    if PARAMETERS not in tables or DISTRICT not in (stored := tables.read(PARAMETERS, {})):
        return
    known, assume = parameters.load(), {name for scenario in again.scenarios for name in scenario.assume}
    for seed, rows in stored[stored[DISTRICT] == ""].groupby("replication"):
        numbers = parameters.draw(known, int(str(seed)), again.fixed_parameters)
        numbers |= parameters.assumed(known, int(str(seed)), assume, again.fixed_parameters)
        wanted = rows["parameter"].astype(str).map(numbers).to_numpy(float)
        for column in ("value", "drawn"):
            if not np.allclose(rows[column], wanted, rtol=TOLERANCE, atol=TOLERANCE):
                yield ALL, int(str(seed)), PARAMETERS, False, f"column {column} is not what this replication draws"


def _told(again: Experiment, manifest: Document, tables: TableFolder) -> Iterator[Row]:
    """Yield a row for what the manifest tells of the worlds otherwise than they are."""
    told, true = manifest.get("worlds") or {}, dict(again.manifest()["worlds"])
    true["agreement"] = again.agreement(lambda name, table: [tables.read(table, {"scenario": [name]})])
    true["doses"] = again.doses(lambda: tables.read(PARAMETERS, {})) if PARAMETERS in tables else {}
    for name in true:
        if plain(told.get(name, {})) != plain(true[name]) and (name in told or name not in OF_RUNS):
            yield "", 0, MANIFEST, False, f"worlds.{name} is {told.get(name)}, now {true[name]}"


def _compared(found: Found, tables: TableFolder) -> Iterator[Row]:
    """Yield one row per table of a run."""
    (scenario, _), (seed,) = found.key, found.seeds
    parts = {name: from_bytes(content)[0] for name, content in found.parts.items()}
    for row in parts[FAILURES].to_pylist():
        yield scenario, seed, FAILURES, False, f"{row['error']}: {row['message']}"
        return
    for name, table in parts.items():
        if name != FAILURES:
            where: Where = {"scenario": [scenario], "replication": [seed]}
            stored = tables.read(name, where) if name in tables else table.to_pandas().iloc[:0]
            difference = difference_of(stored.reset_index(drop=True), table.to_pandas())
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


def _equal(a: pd.Series, b: pd.Series) -> Mask:
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        close: Mask = np.isclose(a.to_numpy(), b.to_numpy(), rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)
        return close
    same: Mask = a.astype(str).to_numpy() == b.astype(str).to_numpy()
    return same
