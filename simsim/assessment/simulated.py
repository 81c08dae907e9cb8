"""A simulated district as a table of schools: one run lived again to a September, its roll, staff and facilities.

One world is taken, never a mean of worlds: only in one world do a school's pupils, teachers and rooms belong together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.assessment.words import word
from simsim.base.arrays import Floats
from simsim.base.codes import STAGES
from simsim.conditioning.numbers import remember
from simsim.district import District
from simsim.experiments.manifest import FIELDS, read_manifest, refuse_screening
from simsim.experiments.parts import PARAMETERS
from simsim.experiments.results import Results
from simsim.experiments.solving import solutions_in
from simsim.experiments.verification import experiment_of
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import last_year_of
from simsim.inputs.standards import Text
from simsim.record import outcomes
from simsim.world.world import World

OWNERS = {"public": "县级教育部门", "private": "民办"}
"""What the declaration calls the two kinds of owner that a simulated district has."""
TEACHERS = ("teachers", "overqualified", "midtitle", "backbone", "pe_arts")


@dataclass(frozen=True)
class Run:
    """Which run: a district that has not lived yet, the scenario's titles, and its replication."""

    district: District
    title: Text
    seed: int
    same_code: bool = True


def of_experiment(folder: Path, scenario: str | None, seed: int | None) -> Run:
    """Return a run of an experiment, ready to be lived again; InputError for a scenario or seed that was not run, or
    where its inputs have changed since.
    """
    manifest = read_manifest(folder, FIELDS)
    refuse_screening(manifest, folder)
    results, again = Results.load(folder), experiment_of(folder, manifest)
    if scenario is None and len(again.scenarios) > 1:
        names = ", ".join(s.name for s in again.scenarios)
        raise InputError(Problem("--scenario", "", None, f"say which of the experiment's scenarios: {names}"))
    name = results.scenario(scenario or again.scenarios[0].name)
    spec = next(s for s in again.scenarios if s.name == name)
    there = results.replications(name)
    chosen = there[0] if seed is None and there else seed
    if chosen not in there:
        raise InputError(Problem("--seed", "", seed, f"was not run; there are {', '.join(map(str, there)) or 'none'}"))
    data = again.data[name]
    if PARAMETERS in results.tables:
        remember(data, solutions_in(results.frame(PARAMETERS), data))
    district = District(spec, seed=chosen, fixed_parameters=again.fixed_parameters, data=data)
    return Run(district, _title(spec.title, name), chosen, manifest["code"] == again.code)


def of_district(name: str, scenario: str | None, seed: int | None) -> Run:
    """Return a run of a district, in a scenario of it."""
    chosen = 1 if seed is None else seed
    district = District(scenario or "baseline", seed=chosen, data=name)
    return Run(district, _title(district.spec.title, district.spec.name), chosen)


def _title(title: object, name: str) -> Text:
    found = dict(title) if isinstance(title, dict) else {}
    return Text(zh=str(found.get("zh", name)), en=str(found.get("en", name)))


def table_of(run: Run, year: int | None) -> pd.DataFrame:
    """Live a run to a September (the last that can be simulated by default) and return its table of schools, stamped
    simulated; InputError for a year that it cannot reach.
    """
    district, rows = run.district, list[dict[str, object]]()
    last = last_year_of(year, [district.data])
    district.watchers.append(partial(_keep, rows, last))
    district.run(to=last)
    table = pd.DataFrame(rows, index=range(1, len(rows) + 1))
    label = district.data.spec.get("label") or district.data.spec.get("title") or {}
    told = {
        lang: word(
            "simulated", lang,
            district=label.get(lang, district.data.name), scenario=getattr(run.title, lang), year=last, seed=run.seed,
        ) + ("" if run.same_code else word("simulated_other_code", lang))
        for lang in ("zh", "en")
    }  # fmt: skip
    table.attrs["simulated"] = Text(**told)
    return table


def _keep(rows: list[dict[str, object]], year: int, world: World) -> None:
    """Note the schools of the year that is asked for, when it is recorded."""
    if world.year == year:
        rows += _schools(world)


def _schools(world: World) -> Iterator[dict[str, object]]:
    """Yield the open schools with pupils, under the keys of the table of schools."""
    amounts = outcomes.inputs(world)
    n = len(world.parts)
    counts: dict[str, Floats] = {name: amounts[name] for name in ("pupils", *TEACHERS)}
    counts["classes"] = np.bincount(world.classes.part, minlength=n).astype(float)
    counts["n_grades"] = _grades(world)
    counts["class_size"] = _largest(world)
    for school in sorted(world.open_schools, key=lambda school: school.key):
        row: dict[str, object] = {
            "school": school.name["zh"], "code": str(school.key), "kind": school.kind,
            "ownership": OWNERS[school.ownership], "pupils_senior": school.senior_pupils,
            "building_year": school.building_year or np.nan, **school.facilities,
        }  # fmt: skip
        for code, stage in enumerate(STAGES):
            at = int(world.parts.place[code, school.key])
            row |= {f"{name}_{stage}": float(column[at]) if at >= 0 else 0.0 for name, column in counts.items()}
        if any(row[f"pupils_{stage}"] for stage in STAGES):
            yield row


def _grades(world: World) -> Floats:
    """Return how many grades of each part have pupils (parts)."""
    students, at = world.students, world.parts.of_students()
    seated = at >= 0
    pairs = np.unique(np.column_stack([at[seated], students.grade[seated]]), axis=0)
    return np.bincount(pairs[:, 0], minlength=len(world.parts)).astype(float)


def _largest(world: World) -> Floats:
    """Return the size of the largest class of each part (parts)."""
    largest = np.zeros(len(world.parts))
    np.maximum.at(largest, world.classes.part, world.classes.size)
    return largest
