"""What a paired difference hangs on: a screening (Morris) of drawn parameters, run and resumed as any experiment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.district import District
from simsim.districts.files import DistrictData
from simsim.experiments.design import Design, effects, run_to_run
from simsim.experiments.experiment import Experiment
from simsim.experiments.filters import several
from simsim.experiments.folder import Folder
from simsim.experiments.manifest import digest
from simsim.experiments.request import Asked, Place
from simsim.experiments.results import Results
from simsim.experiments.runner import Log
from simsim.experiments.screening_table import COLUMNS, probe_of, write_table
from simsim.experiments.worker import Simulate, Tables
from simsim.experiments.worker import simulate as simulate_one
from simsim.inputs import parameters
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.indicators import known, primary_outcomes
from simsim.inputs.run_limits import at_least_one
from simsim.scenarios.scenario import Scenario

TRAJECTORIES = 4
ALL = "all"
TABLE = "district_year"
FORM = "name drawn parameters, or patterns of names as exp_*; see `simsim list parameters`"


def simulate_point(
    design: Design, scenario: Scenario, point: int, to: int, fixed_parameters: bool, data: DistrictData
) -> Tables:
    """Run one scenario in the world of a point and return its last year, whole groups only."""
    world, known = design.points()[point - 1], parameters.load()
    values = {n: value for n, value in design.values(world).items() if known[n].uncertain or n in scenario.assume}
    build = partial(District, values=values)
    found = simulate_one(scenario, world.seed, to, False, data, build)[TABLE]
    return {TABLE: found[(found["year"] == found["year"].max()) & (found["group"] == ALL)].reset_index(drop=True)}


class Screening(Experiment):
    """Two scenarios in the worlds of a design; a world's number in the folder is the number of its point."""

    design: Design
    solves: ClassVar[bool] = False  # a replication is a point: its world is solved where it is run, from its values

    def __init__(
        self,
        a: Asked,
        b: Asked,
        names: str | Iterable[str] | None = None,
        trajectories: int = TRAJECTORIES,
        first_seed: int = 1,
        to: int | None = None,
        district: Place = None,
    ) -> None:
        super().__init__([a, b], seeds=1, to=to, district=district)
        self.name = f"sensitivity-{self.name}"
        trajectories, first = at_least_one("trajectories", trajectories), at_least_one("first_seed", first_seed)
        self.design = Design(self._chosen(names), trajectories, first)
        seeds = list(range(1, len(self.design.points()) + 1))
        self._settle(seeds=seeds, inputs=self.inputs | {"design": digest(self._design())})

    def _chosen(self, names: str | Iterable[str] | None) -> tuple[str, ...]:
        """Return the drawn parameters that names and patterns mean, in alphabetical order; InputError for others."""
        drawn = self.drawn_parameters()
        asked = ["*"] if names is None else [names] if isinstance(names, str) else list(names)
        missed = [name for name in asked if not any(fnmatchcase(one, name) for one in drawn)]
        problems = [
            Problem("sensitivity", "parameters", name, f"is not drawn in these scenarios{suggest(name, drawn)}; {FORM}")
            for name in missed
        ]
        if problems or not asked:
            raise InputError(problems or Problem("sensitivity", "parameters", None, f"is empty; {FORM}"))
        return tuple(sorted(one for one in drawn if any(fnmatchcase(one, name) for name in asked)))

    @property
    def whole(self) -> bool:
        """Whether all drawn parameters are varied: only then the table says what a difference hangs on."""
        return set(self.design.names) == set(self.drawn_parameters())

    def probe(self) -> Draft | None:
        """Return the difference of the primary outcomes in the world of the first seed, as an experiment has it; None
        for a screening of some parameters.
        """
        if not self.whole:
            return None
        a, b = (scenario.name for scenario in self.scenarios)
        district = self.data[a] if self.data[a] is self.data[b] else None
        lived = Experiment(self.scenarios, seeds=[self.design.first_seed], to=self.to, district=district)
        with TemporaryDirectory() as folder:
            results = lived.run(out=Path(folder) / "probe", progress=False)
            return probe_of(results, a, b, self.design.first_seed, list(primary_outcomes()))

    def _design(self) -> Draft:
        return {"points": [[p.seed, p.again, *p.percentiles] for p in self.design.points()], "names": self.design.names}

    def simulation(self) -> Simulate:
        """Return what runs one point in one scenario."""
        return partial(simulate_point, self.design)

    def _solve(
        self, folder: Folder, log: Log, beside: Iterable[pd.DataFrame], *, jobs: int, dask: str | None, progress: bool
    ) -> None:
        """Solve nothing beforehand: a point is no seed, and its world is solved with its own values when it is run."""

    def manifest(self) -> Draft:
        """Return what this screening is made from."""
        about = {"parameters": list(self.design.names), "trajectories": self.design.trajectories}
        return super().manifest() | {"design": about | {"first_seed": self.design.first_seed}}

    def draws(self, seeds: Sequence[int]) -> pd.DataFrame:
        """Return the parameters of every point: replication, parameter, value."""
        points = self.design.points()
        rows = [(n, *item) for n in seeds for item in self.design.values(points[n - 1]).items()]
        return pd.DataFrame(rows, columns=["replication", "parameter", "value"])

    def table(self, results: Results, indicators: Iterable[str] | None = None) -> pd.DataFrame:
        """Return a row for each parameter, indicator and stage; columns are told of in `sensitivity`."""
        wide = self._differences(results, list(primary_outcomes()) if indicators is None else list(indicators))
        rows = [self._rows(keys, values) for keys, values in zip(wide.index, wide.to_numpy(), strict=True)]
        return pd.concat(rows, ignore_index=True)[list(COLUMNS)]

    def _differences(self, results: Results, names: Sequence[str]) -> pd.DataFrame:
        """Return the paired differences, a row for each indicator, stage and year, a column for each point.

        A stage of its own is preferred to both together. InputError when one was not recorded.
        """
        a, b = (scenario.name for scenario in self.scenarios)
        keys = ["indicator", "stage", "year"]
        sides = []
        for name in (a, b):
            frame = results.rows_if_any(TABLE, {"scenario": [name]})
            frame = frame[frame["indicator"].isin(names)].astype({"indicator": str, "stage": str})
            sides.append(frame.set_index([*keys, "replication"])["value"].unstack("replication"))
        wide = (sides[0] - sides[1]).reindex(columns=self.seeds).dropna(how="all")
        apart = set(wide.index[wide.index.get_level_values("stage") != ALL].get_level_values("indicator"))
        keep = [stage != ALL or name not in apart for name, stage, _ in wide.index]
        lacking = [name for name in names if name not in set(wide.index.get_level_values("indicator"))]
        if lacking:
            raise InputError(
                [
                    Problem("sensitivity", "indicators", n, "was not recorded in both scenarios; name others")
                    for n in lacking
                ]
            )
        return wide[keep]

    def _rows(self, keys: tuple[str, str, int], outcome: Floats) -> pd.DataFrame:
        design, types = self.design, parameters.load()
        walked = outcome[: design.trajectories * (len(design.names) + 1)]
        noise, noise_share = run_to_run(design, outcome)
        table = pd.DataFrame(effects(design, walked))
        table["indicator"], table["stage"], table["year"] = keys
        table["parameter"], table["kind"] = list(design.names), [types[name].kind for name in design.names]
        table["noise"], table["noise_share"] = np.sqrt(noise), noise_share
        whole = walked.reshape(design.trajectories, -1)
        table["trajectories"] = int((~np.isnan(whole).any(axis=1)).sum())
        table = table.sort_values(["mu_star", "parameter"], ascending=[False, True], ignore_index=True)
        return table.assign(rank=table["mu_star"].rank(method="min", ascending=False))


def sensitivity(
    a: Asked,
    b: Asked,
    indicators: str | Iterable[str] | None = None,
    parameters: str | Iterable[str] | None = None,
    trajectories: int = TRAJECTORIES,
    first_seed: int = 1,
    to: int | None = None,
    district: Place = None,
    jobs: int = 1,
    out: str | Path | None = None,
    progress: bool = True,
    replace: bool = False,
) -> pd.DataFrame:
    """Return how much the difference `a` minus `b` in the last year changes with each drawn parameter (Morris 1991).

    A row for each parameter, indicator (by default the primary outcomes) and stage, the most influential first:
    mu_star (mean absolute change of the difference when the parameter goes from its 5th to its 95th percentile),
    conf (half-width of its bootstrapped 95 % interval), sigma (spread of these changes: interactions, and luck), mu
    (mean, with sign), rank, noise (SD of the difference between seeds with equal parameters), noise_share (the
    share of that in all variance), trajectories (whole ones), and the parameter's kind. `parameters` narrows what
    is varied (names, or patterns as `exp_*`); the others are drawn by each trajectory's seed. Where published
    totals pin numbers down, they are solved for each world, with its values. Runs: trajectories * (parameters + 4),
    of two scenarios. The folder is resumed by the same call; the table is written into it (sensitivity.json and
    .csv). InputError for names that are not there.
    """
    wanted = several("indicators", indicators)
    names = known(None if wanted is None else [str(name) for name in wanted])
    screening = Screening(a, b, parameters, trajectories, first_seed, to, district)
    return screened(screening, names, jobs, out, progress, replace)[0]


def screened(
    screening: Screening,
    names: Sequence[str] | None = None,
    jobs: int = 1,
    out: str | Path | None = None,
    progress: bool = True,
    replace: bool = False,
) -> tuple[pd.DataFrame, Path]:
    """Run what a screening lacks, write its table, and return the table and the folder it stands in."""
    results = screening.run(jobs=jobs, out=out, progress=progress, replace=replace)
    table, folder = screening.table(results, names), results.folder or screening.folder
    one, other = (scenario.name for scenario in screening.scenarios)
    write_table(table, results.manifest, one, other, folder, screening.whole, screening.probe())
    return table, folder
