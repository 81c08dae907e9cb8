"""Experiments: scenarios times replications, spread over processes, kept in a folder that can be resumed and
checked.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from simsim.experiments import store, worker
from simsim.experiments.fingerprint import code_digest, inputs_of, versions
from simsim.experiments.manifest import MANIFEST, SCHEMA, UNITS, default_folder, digest, open_folder, slug, write_json
from simsim.experiments.request import (
    check_settings,
    districts_of,
    name_of,
    named,
    say_unproven,
    scenarios_of,
    seeds_of,
)
from simsim.experiments.results import Results
from simsim.experiments.runner import Log, Task, keep, mapper, progress_of
from simsim.experiments.worker import FAILURES, Unit
from simsim.inputs import parameters
from simsim.inputs.run_limits import jobs_of, last_year_of, true_or_false
from simsim.policy import registered

SEEDS_A_UNIT = 5
LOG = "run.log"
simulate = worker.simulate


class RunError(RuntimeError):
    """Every run of an experiment failed, so that there is nothing to show."""


class Experiment:
    """Scenarios, each run with the same seeds: `Experiment(["baseline", "plan"], seeds=30).run(jobs=2)`.

    `scenarios` are names, files, mappings or Scenario objects; `seeds` is a number of replications from `first_seed`
    on, or the seeds themselves. `district` replaces the district that the scenarios name. InputError lists every
    mistake.

    >>> import simsim
    >>> results = simsim.Experiment(["baseline", "plan"], seeds=1, to=2015).run(progress=False)
    >>> results.scenarios, results.replications("plan")
    (['baseline', 'plan'], [1])
    """

    def __init__(
        self,
        scenarios: Any,
        seeds: int | Iterable[int] = 30,
        first_seed: int = 1,
        to: int = 2024,
        fixed_parameters: bool = False,
        district: Any = None,
        name: str | None = None,
    ) -> None:
        self.scenarios = scenarios_of(scenarios, district)
        self.seeds = seeds_of(seeds, first_seed)
        self.fixed_parameters = true_or_false("fixed_parameters", fixed_parameters)
        self.data = districts_of(self.scenarios, district)
        self.to = last_year_of(to, self.data.values())
        self.name = named(name) or name_of([scenario.name for scenario in self.scenarios])
        self.inputs = inputs_of(self.scenarios, self._districts_by_name(), self.to, self.fixed_parameters)
        self.code = code_digest(self.scenarios)
        check_settings(self.scenarios, self.data)

    def _districts_by_name(self) -> dict[str, Any]:
        return {data.name: data for _, data in sorted(self.data.items())}

    @property
    def folder(self) -> Path:
        """Where results go unless `run` is told otherwise: named by the experiment and the digest of its inputs."""
        return default_folder(self.name, self.inputs)

    def manifest(self) -> dict[str, Any]:
        """Return what this experiment is made from."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "scenarios": {
                s.name: {"digest": s.digest, "title": dict(s.title), "resolved": s.to_dict()} for s in self.scenarios
            },
            "order": [s.name for s in self.scenarios],
            "districts": {scenario: data.name for scenario, data in self.data.items()},
            "inputs": self.inputs,
            "code": self.code,
            "versions": versions(),
            "to": self.to,
            "fixed_parameters": self.fixed_parameters,
            "seeds_a_unit": SEEDS_A_UNIT,
        }

    def run(
        self,
        jobs: int = 1,
        out: str | Path | None = None,
        progress: bool = True,
        dask: str | None = None,
        replace: bool = False,
    ) -> Results:
        """Run what the folder does not hold yet, and return the results of these seeds.

        `jobs` is the number of processes; results do not depend on it. `dask` is the address of a scheduler whose
        workers take the processes' place; `replace` starts anew in a folder that holds an experiment from other inputs
        or other code, and deletes that. Runs that failed are in `results.frame("failures")` and are tried again by
        the next call; RunError when nothing succeeded at all.
        """
        jobs, progress = jobs_of(jobs), true_or_false("progress", progress)
        replace = true_or_false("replace", replace)
        each = mapper(jobs, dask, simulate)
        folder = Path(out) if out is not None else self.folder
        open_folder(folder, self.manifest(), replace)
        tasks = self._tasks(folder)
        say_unproven(self.scenarios)
        with Log(folder / LOG) as log:
            log.line(
                f"{platform.node()}: {sum(len(t.unit.seeds) for t in tasks)} runs in {len(tasks)} units, "
                f"jobs={jobs}, dask={dask}"
            )
            for task, done in progress_of(each(tasks), tasks, progress):
                keep(task, done, log)
            self.merge(folder)
            log.line("merged")
        return self._results(folder)

    def _results(self, folder: Path) -> Results:
        if not (folder / "district_year.parquet").exists():
            failures = pd.read_parquet(folder / f"{FAILURES}.parquet")
            first = "" if failures.empty else f"; the first: {failures['error'].iloc[0]}: {failures['message'].iloc[0]}"
            raise RunError(f"{folder}: no run succeeded, see {LOG}{first}")
        return Results.load(folder).for_replications(self.seeds)

    def _tasks(self, folder: Path) -> list[Task]:
        """Return the units with runs still to do, in canonical order."""
        batches: dict[int, list[int]] = {}
        for seed in self.seeds:
            batches.setdefault((seed - 1) // SEEDS_A_UNIT, []).append(seed)
        tasks = [
            self._task(folder, scenario, number, seeds)
            for scenario in self.scenarios
            for number, seeds in sorted(batches.items())
        ]
        return [task for task in tasks if task.unit.seeds]

    def _task(self, folder: Path, scenario: Any, number: int, seeds: list[int]) -> Task:
        path = self._unit_path(folder, scenario, number)
        meta = store.unit_meta(path)
        if meta is None:
            path.unlink(missing_ok=True)
        missing = tuple(seed for seed in seeds if seed not in (meta or {"seeds": ()})["seeds"])
        used = tuple(registered[i.policy] for i in getattr(scenario, "instances", ()) if i.policy in registered)
        return Task(
            Unit(scenario, missing, self.to, self.fixed_parameters, self.data[scenario.name], self.code, used), path
        )

    def _unit_path(self, folder: Path, scenario: Any, number: int | None) -> Path:
        """Return the file of a unit (or the pattern of all of a scenario's), named by scenario, digest and batch of
        seeds.
        """
        batch = "*" if number is None else f"{number * SEEDS_A_UNIT + 1:06d}"
        return folder / UNITS / f"{slug(scenario.name)}-{digest([scenario.name, scenario.digest])[:8]}-{batch}.zip"

    def merge(self, folder: Path) -> None:
        """Join all units of the folder in canonical order: the same bytes, whatever the jobs and the order of
        finishing. A damaged unit of seeds that this run did not ask for is left out, until a run asks for them.
        """
        paths = [
            path
            for s in self.scenarios
            for path in sorted((folder / UNITS).glob(self._unit_path(folder, s, None).name))
            if store.unit_meta(path) is not None
        ]
        units = [store.unpack(path) for path in paths]
        order = [scenario.name for scenario in self.scenarios]
        digests = {}
        for name in sorted({name for tables, _ in units for name in tables}):
            table = store.concatenate([tables[name] for tables, _ in units if name in tables], order)
            digests[name] = _written(table, folder / f"{name}.parquet")
        seeds = sorted({seed for _, meta in units for seed in meta["seeds"]})
        digests["parameters"] = _written(self._draws(seeds), folder / "parameters.parquet")
        runs = {name: sum(len(meta["seeds"]) for _, meta in units if meta["scenario"] == name) for name in order}
        write_json({**self.manifest(), "seeds": seeds, "runs": runs, "tables": digests}, folder / MANIFEST)

    def _draws(self, seeds: Sequence[int]) -> Any:
        """Return the parameters that every replication drew, common to all scenarios: replication, parameter, value."""
        known = parameters.load()
        fitted = {name for data in self.data.values() for name in data.fitted()}
        drawn = [name for name, p in known.items() if p.uncertain and name not in fitted]
        values = [parameters.draw(known, seed, fixed=self.fixed_parameters) for seed in seeds]
        rows = [(seed, name, numbers[name]) for seed, numbers in zip(seeds, values, strict=True) for name in drawn]
        return store.to_arrow(pd.DataFrame(rows, columns=["replication", "parameter", "value"]))


def _written(table: Any, path: Path) -> dict[str, Any]:
    return {"rows": table.num_rows, "sha256": digest(store.write_table(table, path))}
