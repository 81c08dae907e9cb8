"""Experiments: scenarios times replications, spread over processes, kept in a folder that can be resumed and
checked.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import ClassVar

import pandas as pd

from simsim.base.displays import Shown
from simsim.conditioning.numbers import factual_scenario, remember, remembered
from simsim.conditioning.path import INFLOW
from simsim.districts.files import DistrictData
from simsim.experiments import worker
from simsim.experiments.fingerprint import code_digest, inputs_of, versions
from simsim.experiments.folder import Folder
from simsim.experiments.manifest import SCHEMA, default_folder, open_folder
from simsim.experiments.mode import doses, factors_of
from simsim.experiments.parts import FAILURES, SEEDS_A_BLOCK, Found, Source, block_of, shared_source, source_of
from simsim.experiments.precision import MOST_SEEDS, Goal, Until, goals_of, more_seeds, precision, said
from simsim.experiments.progress import Each, progress_of
from simsim.experiments.request import (
    Asked,
    Place,
    check_settings,
    districts_of,
    name_of,
    named,
    say_unproven,
    scenarios_of,
    seeds_of,
)
from simsim.experiments.results import Results
from simsim.experiments.reuse import take_over, worlds_beside
from simsim.experiments.runner import Log, RunError, mapper
from simsim.experiments.solving import (
    FEW,
    SOLUTION,
    agreement,
    drawn_names,
    draws,
    is_solved,
    keep,
    mode_of,
    solutions_in,
    solve_one,
    units_to_solve,
)
from simsim.experiments.store import from_bytes
from simsim.experiments.table_folder import TableFolder
from simsim.experiments.told_mode import believe
from simsim.experiments.worker import Share, Simulate, Unit
from simsim.inputs import parameters
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import path_of
from simsim.inputs.run_limits import at_least_one, jobs_of, last_year_of, true_or_false
from simsim.policy import registered
from simsim.scenarios.scenario import Scenario
from simsim.world.closed import Closed

LOG = "run.log"
TOLD = ("agreement", "doses")
"""What a manifest tells of the worlds once they are run."""
AGAIN = "the same command runs them again"
MOST_SHOWN = 8
SEEDS = 30
UNITS_A_PROCESS = 2
"""Every process has at least as many units to do, if there are seeds enough: the last one is waited for less long."""
simulate = worker.simulate


class Experiment(Closed, Shown):
    """Scenarios, each run with the same seeds: `Experiment(["baseline", "plan"], seeds=30).run(jobs=2)`.

    `scenarios` are names, files, mappings or Scenario objects; `seeds` is a number of replications from `first_seed`
    on, or the seeds themselves; `to` the last year, by default the district's; `district` replaces the district that
    the scenarios name; `as_of` is a year of which nothing later is known. InputError lists every mistake.

    >>> import simsim
    >>> results = simsim.Experiment(["baseline", "plan"], seeds=1, to=2015).run(progress=False)
    >>> results.scenarios, results.replications("plan")
    (['baseline', 'plan'], [1])
    """

    solves: ClassVar[bool] = True
    """Whether a seed is a world, which can be solved before any run."""
    _settled = dict.fromkeys(
        ("scenarios", "seeds", "to", "fixed_parameters", "data", "as_of", "inputs", "code"),
        "its inputs are read and checked together; make another Experiment",
    )

    def __init__(
        self,
        scenarios: Asked | Iterable[Asked],
        seeds: int | Iterable[int] = SEEDS,
        first_seed: int = 1,
        to: int | None = None,
        fixed_parameters: bool = False,
        district: Place = None,
        name: str | None = None,
        as_of: int | None = None,
    ) -> None:
        self.scenarios = scenarios_of(scenarios, district)
        self.seeds = seeds_of(seeds, first_seed)
        self.fixed_parameters = true_or_false("fixed_parameters", fixed_parameters)
        self.data = districts_of(self.scenarios, district, as_of)
        self.as_of = as_of
        self.to = last_year_of(to, self.data.values())
        self.name = named(name) or name_of([scenario.name for scenario in self.scenarios])
        self.inputs = inputs_of(self.scenarios, self._districts_by_name(), self.to, self.fixed_parameters)
        self.code = code_digest(self.scenarios, self.data.values())
        check_settings(self.scenarios, self.data)
        self.close()

    def _settle(self, **values: object) -> None:
        """Set what nobody else may replace."""
        vars(self).update(values)

    def __repr__(self) -> str:
        return f"Experiment({self.name}: {len(self.scenarios)} scenarios, {len(self.seeds)} replications, to {self.to})"

    def _districts_by_name(self) -> dict[str, DistrictData]:
        return {data.name: data for _, data in sorted(self.data.items())}

    @property
    def folder(self) -> Path:
        """Where results go unless `run` is told otherwise: named by the experiment and the digest of its inputs."""
        return default_folder(self.name, self.inputs)

    def manifest(self) -> Draft:
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
            "worlds": mode_of(self.scenarios, self.data, self.fixed_parameters, self.as_of),
            "seeds_a_unit": SEEDS_A_BLOCK,
        }

    def run(
        self,
        jobs: int = 1,
        out: str | Path | None = None,
        progress: bool = True,
        dask: str | None = None,
        replace: bool = False,
        fresh: bool = False,
        until: Until = None,
        max_seeds: int = MOST_SEEDS,
    ) -> Results:
        """Run what the folder does not hold yet, and return the results of these seeds.

        What experiments beside the folder hold of the same content is taken over, unless `fresh`. `until`
        (`"score/primary=0.01"`, or several) adds seeds, 20 at a time and to `max_seeds` at most, until the 95 %
        Monte-Carlo interval of every scenario's difference from the baseline in the last year is that narrow.
        `jobs` is the number of processes; results do not depend on it. `dask` is the address of a scheduler whose
        workers take the processes' place; `replace` starts anew in a folder that holds an experiment from other inputs
        or other code: runs that still fit are kept, the others are deleted. Runs that failed are in
        `results.frame("failures")` and are tried again by the next call; RunError when nothing succeeded at all, or
        when files were lost meanwhile.
        """
        jobs, progress = jobs_of(jobs), true_or_false("progress", progress)
        replace, fresh = true_or_false("replace", replace), true_or_false("fresh", fresh)
        each = mapper(jobs, dask, self.simulation())
        most = at_least_one("max_seeds", max_seeds)
        goals = self._goals(until, most)
        path, manifest = path_of(out, "experiment", "out") if out is not None else self.folder, self.manifest()
        open_folder(path, manifest, replace)
        say_unproven(self.scenarios)
        with Log(path / LOG) as log:
            folder = self._opened(path, manifest, replace)
            live = partial(self._live, folder, manifest, log, jobs=jobs, dask=dask, progress=progress, fresh=fresh)
            results = live(each)
            while goals and not precision(results, goals)["reached"].all() and len(self.seeds) < most:
                self._settle(seeds=more_seeds(self.seeds, most))
                results = live(mapper(jobs, dask, self.simulation()))
            for line in (*(said(precision(results, goals)) if goals else ()), "finished"):
                log.line(line)
        return results

    def simulation(self) -> Simulate:
        """Return what runs one replication of one scenario."""
        return simulate

    def _goals(self, until: Until, most: int) -> list[Goal]:
        """Return how precise the comparison is to be; InputError where there is nothing to compare, and for a largest
        number of seeds that nothing would add.
        """
        goals = goals_of(until)
        if not goals and most != MOST_SEEDS:
            raise InputError(Problem("experiment", "max_seeds", most, "has no effect without `until`; give both"))
        if goals and len(self.scenarios) == 1:
            remedy = "is the only scenario; name another one, or the precision of a difference means nothing"
            raise InputError(Problem("experiment", "until", self.scenarios[0].name, remedy))
        return goals

    def _live(
        self, folder: Folder, manifest: Draft, log: Log, each: Each, *, jobs: int, dask: str | None, progress: bool,
        fresh: bool,
    ) -> Results:  # fmt: skip
        """Run what the folder has not got of the seeds, write the manifest, and return the results."""
        for line in () if fresh else take_over(folder, self.seeds, manifest["versions"]):
            logging.getLogger("simsim").warning(line)
            log.line(line)
        if folder.stands(manifest, TOLD) and all(folder.has(name, self.seeds) for name in folder.sources):
            log.line(f"{platform.node()}: 0 runs in 0 units, jobs={jobs}, dask={dask}")
            return self._results(folder.path, folder.trusted)
        beside = () if fresh else worlds_beside(folder, manifest["versions"])
        self._solve(folder, log, beside, jobs=jobs, dask=dask, progress=progress)
        units = self._units(folder, 1 if dask else jobs)
        runs = sum(unit.runs for unit in units)
        log.line(f"{platform.node()}: {runs} runs in {len(units)} units, jobs={jobs}, dask={dask}")
        for found in progress_of(each, units, progress and runs > 0, jobs, log.line):
            folder.add(found)
            log.found(found)
        seeds = sorted({seed for group in folder.groups.values() for seed in group.seeds})
        told = self.agreement(folder.tables), self.doses(lambda: self.draws(seeds))
        worlds = {**manifest["worlds"], **dict(zip(TOLD, told, strict=True))}
        return self._results(folder.path, folder.finish({**manifest, "worlds": worlds}, self.draws))

    def _solve(
        self, folder: Folder, log: Log, beside: Iterable[pd.DataFrame], *, jobs: int, dask: str | None, progress: bool
    ) -> None:
        """Solve the worlds that neither this folder nor those beside it hold, and keep them here before any run."""
        districts = [one for one in self._districts_by_name().values() if is_solved(one, self.fixed_parameters)]
        if not districts or not self.solves:
            return
        for table in chain(folder.drawn(), beside):
            for one in districts:
                remember(one, solutions_in(table, one))
        units = units_to_solve(districts, self.seeds, self.to)
        worlds = sum(unit.runs for unit in units)
        jobs = jobs if worlds > FEW else 1
        if worlds:
            log.line(f"{worlds} worlds to solve")
        by_name = {one.name: one for one in districts}
        each = mapper(jobs, dask if worlds > FEW else None, solve_one)
        for unit_found in progress_of(each, units, progress and worlds > FEW, jobs, log.line) if worlds else ():
            keep(unit_found, self._solved_for(unit_found, by_name))
            block = [seed for seed in self.seeds if block_of(seed) == unit_found.key[1]]
            if all(remembered(one, seed) is not None for one in districts for seed in block):
                folder.draw(block, self.draws)  # at once: who is killed later solves the others only
        folder.draw(self.seeds, self.draws)

    def _solved_for(self, found: Found, districts: Mapping[str, DistrictData]) -> DistrictData:
        """Return the district of a unit that was solved."""
        name = from_bytes(found.parts[SOLUTION])[0].column("district")[0].as_py() if SOLUTION in found.parts else ""
        return districts.get(str(name), next(iter(districts.values())))

    def doses(self, draws: Callable[[], pd.DataFrame]) -> Draft:
        """Return what scenarios that scale in-migration mean in pupils a year, of what the replications drew."""
        found: Draft = {}
        for data in self._districts_by_name().values():
            mine = [s for s in self.scenarios if self.data[s.name] is data]
            factors = {s.name: factors for s in mine if (factors := factors_of(s, self.to))}
            if factors:
                values = draws()
                inflow = values[(values["parameter"] == INFLOW) & values["district"].isin(["", data.name])]
                scales = inflow["value"].tolist() or [data.fitted()[INFLOW]]
                found |= doses(factors, data, scales)
        return found

    def agreement(self, tables: Callable[[str, str], Iterable[pd.DataFrame]]) -> Draft:
        """Return how near the factual scenario's runs came to what is published, by district; `tables` yields the
        tables of a scenario by name.
        """
        return {
            data.name: agreement(tables(scenario.name, "district_year"), data)
            for scenario in self.scenarios
            for data in [self.data[scenario.name]]
            if is_solved(data, self.fixed_parameters) and scenario.digest == factual_scenario(data).digest
        }

    def _opened(self, path: Path, manifest: Draft, replace: bool) -> Folder:
        """Return the folder with what is there of this experiment; what does not fit is replaced only when asked."""
        sources = {s.name: self._source(s) for s in self.scenarios}
        folder = Folder(path, sources, shared_source(self.inputs, self.code))
        found = open_folder(path, manifest, replace, alone=True)
        trusted = folder.begin(manifest, found)
        folder.scan({} if replace else trusted, None if trusted or not found else self.seeds)
        return folder

    def _source(self, scenario: Scenario) -> Source:
        data = self.data[scenario.name]
        return source_of(scenario.name, data.name, self.inputs, code_digest([scenario], [data]))

    def _results(self, folder: Path, manifest: Draft) -> Results:
        """Return what was asked for; RunError when some of it is neither done nor failed, or all of it failed."""
        tried = {
            name: {s for block in blocks.values() for s in (*block["seeds"], *block["failed"])}
            for name, blocks in manifest["blocks"].items()
        }
        gone = {s.name: sorted(set(self.seeds) - tried[s.name]) for s in self.scenarios}
        if lost := ", ".join(f"{name} {seeds_text(seeds)}" for name, seeds in gone.items() if seeds):
            raise RunError(f"{folder}: runs are missing ({lost}): files were lost while others ran; {AGAIN}")
        if "district_year" not in manifest["tables"]:
            failures = TableFolder(folder, manifest)[FAILURES]
            first = "" if failures.empty else f"; the first: {failures['error'].iloc[0]}: {failures['message'].iloc[0]}"
            raise RunError(f"{folder}: no run succeeded, see {LOG}{first}")
        believe(manifest)
        return Results.load(folder).for_replications(self.seeds)

    def _units(self, folder: Folder, processes: int) -> list[Unit]:
        """Return what is still to do, in order: block by block, in parts where blocks are too few for the processes."""
        blocks: dict[int, list[int]] = {}
        for seed in self.seeds:
            blocks.setdefault(block_of(seed), []).append(seed)
        units = [
            Unit(block, self._shares(folder, block, part), self.to, self.fixed_parameters)
            for block, seeds in sorted(blocks.items())
            for part in in_parts(seeds, len(blocks), processes)
        ]
        return [unit for unit in units if unit.shares]

    def _shares(self, folder: Folder, block: int, seeds: Sequence[int]) -> tuple[Share, ...]:
        missing = {s.name: folder.missing(s.name, seeds, block) for s in self.scenarios}
        return tuple(self.share(s, missing[s.name], folder.sources[s.name]) for s in self.scenarios if missing[s.name])

    def share(self, scenario: Scenario, seeds: Sequence[int], source: Source | None = None) -> Share:
        """Return what a worker needs to run seeds of one scenario."""
        used = tuple(registered[i.policy] for i in getattr(scenario, "instances", ()) if i.policy in registered)
        data = self.data[scenario.name]
        known = [remembered(data, seed) for seed in seeds] if is_solved(data, self.fixed_parameters) else []
        solved = tuple(found for found in known if found is not None)
        return Share(scenario, tuple(seeds), data, source or self._source(scenario), used, solved)

    def drawn_parameters(self) -> list[str]:
        """Return the names of parameters in which replications differ, those that only some scenarios assume too."""
        assume = {name for scenario in self.scenarios for name in scenario.assume}
        drawn = drawn_names(self._districts_by_name().values(), self.fixed_parameters)
        return [*drawn, *(name for name in parameters.load() if name in assume)]

    def draws(self, seeds: Sequence[int]) -> pd.DataFrame:
        """Return the parameters that every replication has, common to all scenarios but for effects that only some of
        them assume: replication, parameter, value, drawn, outside, district (simsim/experiments/solving.py).
        """
        assume = {name for scenario in self.scenarios for name in scenario.assume}
        return draws(self._districts_by_name().values(), seeds, self.fixed_parameters, assume)


def in_parts(seeds: Sequence[int], blocks: int, processes: int) -> list[Sequence[int]]:
    """Return the seeds of a block in as many parts as keep every process busy until nearly the end.

    The folder does not show it: what is found of a block is joined there. One process has no use for parts.
    """
    wanted = -(-UNITS_A_PROCESS * processes // blocks) if processes > 1 else 1
    parts = min(wanted, len(seeds))
    edges = [-(-len(seeds) * part // parts) for part in range(parts + 1)]  # the larger parts first
    return [seeds[a:b] for a, b in zip(edges, edges[1:], strict=False)]


def seeds_text(seeds: Sequence[int]) -> str:
    """Return seeds as a reader wants them: the first few, and how many more there are."""
    more = f" and {len(seeds) - MOST_SHOWN} more" if len(seeds) > MOST_SHOWN else ""
    return ", ".join(map(str, seeds[:MOST_SHOWN])) + more
