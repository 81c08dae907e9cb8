"""Sweeps: one scenario with some of its settings, dates or parameters at many values, each compared with its own zero.

A point of a sweep is a scenario of an experiment, so that all points share seeds and common random numbers; the swept
value is a column of every table of a sweep's results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from math import prod
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.experiments.differences import KEYS
from simsim.experiments.experiment import SEEDS, Experiment
from simsim.experiments.filters import plain as plain_array
from simsim.experiments.precision import MOST_SEEDS, Until
from simsim.experiments.request import Asked, Place
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.policy import find
from simsim.scenarios.scenario import Scenario

MOST_POINTS = 200
ZERO = "zero"
DATES = ("from", "to")
ON_FIRST_SEPTEMBER = "{}-09-01"
Value = float | int | str | bool | None
Point = tuple[Value, ...]


@dataclass(frozen=True, repr=False)
class Swept(Results):
    """The results of a sweep; `points` maps each scenario to its values of `names`, `zero` names the reference."""

    names: tuple[str, ...] = ()
    points: Mapping[str, Point] | None = None
    zero: str = ""

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table by name with a column for every swept name; the reference has the values at which it stands,
        or nothing for a parameter that it leaves as it is drawn.
        """
        return self._with_values(super().frame(table))

    def effects(
        self, indicators: str | Iterable[str], stage: str | None = None, years: int | None = None
    ) -> pd.DataFrame:
        """Return the paired difference of every point from the sweep's own zero, with the swept values as columns, in
        the last year unless another one is asked for; the other columns are those of `paired`. InputError where nothing
        but the zero was swept.
        """
        if not {*(self.points or {})} - {self.zero}:
            raise InputError(
                Problem("sweep", "values", None, "hold nothing but the sweep's own zero; sweep more values")
            )
        wanted = self.years[-1] if years is None else years
        parts = [
            self.paired(name, self.zero, indicators, stage, "all", wanted).assign(scenario=name)
            for name in self.points or {}
            if name != self.zero
        ]
        table = self._with_values(pd.concat(parts, ignore_index=True))
        return table[[*self.names, *(name for name in table if name not in (*self.names, "scenario"))]]

    def values(
        self, indicator: str | Iterable[str], stage: str | None = None, years: int | None = None
    ) -> pd.DataFrame:
        """Return median, mean and interval of every point, with the swept values as columns, in the last year unless
        another one is asked for.
        """
        table = self.bands(indicator, stage, "all", self.years[-1] if years is None else years)
        table = self._with_values(table.astype({"scenario": str}))
        return table[[*self.names, "scenario", "indicator", *KEYS, "median", "mean", "low", "high", "n"]]

    def _with_values(self, table: pd.DataFrame) -> pd.DataFrame:
        if "scenario" not in table:
            return table
        named, points = table["scenario"].astype(str), self.points or {}
        columns = {
            name: named.map({key: point[n] for key, point in points.items()}) for n, name in enumerate(self.names)
        }
        return table.assign(**columns)


class Sweep(Experiment):
    """One scenario at every combination of some values, beside its own zero; run as any experiment."""

    def __init__(
        self,
        scenario: Asked,
        values: Mapping[str, Iterable[Value]],
        seeds: int | Iterable[int] = SEEDS,
        first_seed: int = 1,
        to: int | None = None,
        district: Place = None,
        zero: Mapping[str, Value] | None = None,
        fixed_parameters: bool = False,
        name: str | None = None,
    ) -> None:
        base = Scenario.load(scenario, str(district) if isinstance(district, str) else None)
        self.names, grid = _grid(base, values)
        reference = _zero_of(base, self.names) if zero is None else _checked_zero(base, self.names, zero)
        self.points = {f"{base.name}_{number:03d}": point for number, point in enumerate(grid, 1)}
        stands = {**base.levers(), **reference}
        self.reference = tuple(_plain(key, stands.get(key)) for key in self.names)
        same = [key for key, point in self.points.items() if point == self.reference]
        self.zero = same[0] if same else f"{base.name}_{ZERO}"
        made = {} if same else {self.zero: _made(base, self.zero, reference)}
        made |= {key: _made(base, key, dict(zip(self.names, point, strict=True))) for key, point in self.points.items()}
        super().__init__(
            list(made.values()), seeds, first_seed, to, fixed_parameters, district, name or f"sweep-{base.name}"
        )

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
    ) -> Swept:
        """Run what the folder does not hold yet, as any experiment, and return the results of all points."""
        found = super().run(jobs, out, progress, dask, replace, fresh, until, max_seeds)
        points = {self.zero: self.reference} | self.points
        return Swept(found.tables, found.manifest, found.folder, self.names, points, self.zero)


def sweep(
    scenario: Asked,
    values: Mapping[str, Iterable[Value]],
    seeds: int | Iterable[int] = SEEDS,
    first_seed: int = 1,
    to: int | None = None,
    district: Place = None,
    zero: Mapping[str, Value] | None = None,
    fixed_parameters: bool = False,
    name: str | None = None,
) -> Sweep:
    """Return an experiment that runs a scenario with settings, dates or parameters at many values.

    `values` maps what is swept (`T2.quota`, `L1.from`, a parameter by name) to its values; several names give every
    combination. Each point is compared with the sweep's own zero: where the policy says at which value of a setting it
    does nothing, that value, else the scenario as it stands; `zero` names other values. A whole number for a date means
    1 September of that year. InputError for names that are not there, and for values that do not fit.

    >>> import simsim
    >>> run = simsim.sweep("rotation-only", {"rotation.quota": [0.0, 0.1]}, seeds=1, to=2015)
    >>> sorted(run.points.values()), run.zero
    ([(0.0,), (0.1,)], 'rotation-only_001')
    """
    return Sweep(scenario, values, seeds, first_seed, to, district, zero, fixed_parameters, name)


def _grid(base: Scenario, values: Mapping[str, Iterable[Value]]) -> tuple[tuple[str, ...], list[Point]]:
    """Return what is swept, and every combination of its values; InputError with all mistakes."""
    if not isinstance(values, Mapping) or not values:
        remedy = f"must map what is swept to its values, such as {{'T2.quota': [0, 0.1]}}{_levers_said(base)}"
        raise InputError(Problem("sweep", "values", values, remedy))
    problems, listed = [], []
    for name, several in values.items():
        problems += _unknown(base, name)
        several = plain_array(several)
        if isinstance(several, str | bytes | Mapping | pd.DataFrame) or not isinstance(several, Iterable):
            problems.append(Problem("sweep", str(name), several, "must be a list of values"))
            continue
        found = [_plain(str(name), value) for value in islice(several, MOST_POINTS + 1)]
        nested = [value for value in found if value is not None and not isinstance(value, str | int | float)]
        problems += [Problem("sweep", str(name), value, "must be one value, in a flat list") for value in nested]
        listed.append(found)
        if not found:
            problems.append(Problem("sweep", str(name), None, "has no values; give at least one"))
    n = prod(map(len, listed))
    if not problems and n > MOST_POINTS:
        problems.append(Problem("sweep", "values", None, f"make more than {MOST_POINTS} points; sweep fewer"))
    if problems:
        raise InputError(problems)
    points = {tuple((isinstance(value, bool), value) for value in point): point for point in product(*listed)}
    return tuple(map(str, values)), list(points.values())


def _unknown(base: Scenario, name: object) -> list[Problem]:
    levers, known = base.levers(), [*base.levers(), *parameters.load()]
    if name in known:
        return []
    same = [key for key in levers if key.partition(".")[2] == str(name).partition(".")[2]]
    close = f" (did you mean {same[0]}?)" if len(same) == 1 else suggest(str(name), known)
    remedy = f"is nothing that can be swept in {base.name}{close}{_levers_said(base)}"
    return [Problem("sweep", str(name), None, remedy)]


def _levers_said(base: Scenario) -> str:
    return (
        f"; its settings and dates are in Scenario.load({base.name!r}).levers(), parameters in `simsim list parameters`"
    )


def _plain(name: str, value: object) -> Value:
    """Return a value as plain data: NumPy's numbers as Python's, a year as its first of September."""
    plain = value.item() if isinstance(value, np.generic) else value
    plain = plain.isoformat() if isinstance(plain, date) else plain
    if name.endswith(tuple(f".{key}" for key in DATES)) and isinstance(plain, int) and not isinstance(plain, bool):
        return ON_FIRST_SEPTEMBER.format(plain)
    return plain  # type: ignore[return-value]  # the scenario's own check says what does not fit


def _checked_zero(base: Scenario, names: tuple[str, ...], zero: Mapping[str, Value]) -> dict[str, Value]:
    """Return the reference that was asked for; InputError for what is not swept."""
    if not isinstance(zero, Mapping):
        remedy = f"must map what is swept to its values, such as {{{names[0]!r}: 0}}"
        raise InputError(Problem("sweep", "zero", zero, remedy))
    unknown = [Problem("sweep", f"zero.{key}", zero[key], "is not swept") for key in zero if key not in names]
    if unknown:
        raise InputError(unknown)
    return {name: _plain(name, value) for name, value in zero.items()}


def _zero_of(base: Scenario, names: tuple[str, ...]) -> dict[str, Value]:
    """Return where the policies that are swept do nothing; nothing, which is the scenario as it stands, elsewhere."""
    found: dict[str, Value] = {}
    for one in base.instances:
        zeros = find(one.policy).zero
        found |= {f"{one.id}.{key}": value for key, value in zeros.items() if f"{one.id}.{key}" in names}  # type: ignore[misc]
    return found


def _made(base: Scenario, name: str, values: Mapping[str, Value]) -> Scenario:
    """Return the scenario with these values; InputError where they do not fit."""
    spec: Draft = base.to_dict() | {"name": name}
    told = ", ".join(f"{key} = {_shown(value)}" for key, value in values.items())
    spec["title"] = {lang: f"{text} ({told})" if told else text for lang, text in base.title.items()}
    instances = {instance.id for instance in base.instances}
    for key, value in values.items():
        instance, _, setting = key.partition(".")
        if instance not in instances:
            spec["parameters"][key] = {"value": value}
        elif setting in DATES:
            spec["policies"][instance][setting] = value
        else:
            spec["policies"][instance]["settings"][setting] = value
    return Scenario.load(spec)


def _shown(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
