"""The worlds of an experiment: what every seed drew and was solved, once, before any run; kept with the parameters.

A scenario is conditioned when its district declares what is published of later years and it leaves the solved
parameters alone. What the factual scenario's own runs recorded of that year is compared with what is published.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from simsim.conditioning.ahead import AHEAD
from simsim.conditioning.numbers import factual_scenario, numbers_of, priors_of, remember, remembered
from simsim.conditioning.solve import SOLVED, Solution
from simsim.district import District, solution
from simsim.districts.files import DistrictData
from simsim.experiments.fingerprint import code_digest
from simsim.experiments.mode import CLOSE, NEAR
from simsim.experiments.parts import Found, Source, block_of
from simsim.experiments.store import from_bytes
from simsim.experiments.worker import Share, Tables, Unit
from simsim.inputs import parameters
from simsim.inputs.documents import Document, Draft
from simsim.scenarios.scenario import Scenario

SOLUTION = "solution"
COLUMNS = ["replication", "parameter", "value", "drawn", "outside", "district"]
"""`value` is what the world has, `drawn` what it would have had; `outside` tells that it left its range, and `district`
names the one that it is solved for, where it is not that of all.
"""
FEW = 4
"""So few worlds are solved in this process: others would take longer to start."""
FIXED, NOTHING, OWN = "fixed", "nothing", "own"
"""Why a scenario is not conditioned: parameters are fixed, nothing is published, or it sets the parameters named."""


def is_solved(data: DistrictData, fixed: bool) -> bool:
    """Whether the worlds of a district are solved."""
    return data.factual is not None and not fixed


def unconditioned(scenario: Scenario, data: DistrictData, fixed: bool) -> tuple[str, tuple[str, ...]] | None:
    """Return why a scenario is not conditioned and the parameters that it sets itself; None when it is."""
    if data.factual is None:
        return NOTHING, ()
    if fixed:
        return FIXED, ()
    own = tuple(sorted({change.name for change in scenario.changes} & {*SOLVED, AHEAD}))
    return (OWN, own) if own else None


def solve_one(scenario: Scenario, seed: int, to: int, fixed_parameters: bool, data: DistrictData) -> Tables:
    """Return the solution of a seed as a table: what a worker does of it."""
    return {SOLUTION: table_of(data, solution(data, seed))}


def table_of(data: DistrictData, found: Solution) -> pd.DataFrame:
    """Return a solution as rows: parameter, value, drawn, outside, district."""
    rows = [
        (name, value, found.drawn[name], int(name in found.outside), data.name) for name, value in found.values.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS[1:])


def solutions_in(table: pd.DataFrame, data: DistrictData) -> Iterator[Solution]:
    """Yield the solutions of a district that a table of parameters holds whole."""
    if not set(COLUMNS) <= set(table):
        return
    mine = table[(table["district"].astype(str) == data.name) & table["parameter"].astype(str).isin(SOLVED)]
    for seed, rows in mine.groupby("replication"):
        names = rows["parameter"].astype(str)
        if set(names) == set(SOLVED):
            values, drawn = (dict(zip(names, rows[column].astype(float), strict=True)) for column in ("value", "drawn"))
            outside = tuple(name for name in SOLVED if name in set(names[rows["outside"] > 0]))
            order = [{name: numbers[name] for name in SOLVED} for numbers in (values, drawn)]
            yield Solution(int(str(seed)), order[0], order[1], outside=outside)


def units_to_solve(data: Iterable[DistrictData], seeds: Sequence[int], to: int) -> list[Unit]:
    """Return the worlds that nobody solved yet, as units of work: a block of seeds of a district."""
    units = []
    for district in data:
        scenario, blocks = factual_scenario(district), dict[int, list[int]]()
        for seed in seeds:
            if remembered(district, seed) is None:
                blocks.setdefault(block_of(seed), []).append(seed)
        source = Source(code_digest([scenario]), district.digest)
        units += [
            Unit(block, (Share(scenario, tuple(mine), district, source),), to, False)
            for block, mine in sorted(blocks.items())
        ]
    return units


def keep(found: Found, data: DistrictData) -> None:
    """Remember the worlds that a unit solved; one that could not be solved fails again where it is lived."""
    if SOLUTION in found.parts:
        table = from_bytes(found.parts[SOLUTION])[0].to_pandas()
        remember(data, solutions_in(table, data))


def drawn_names(data: Iterable[DistrictData], fixed: bool) -> list[str]:
    """Return the names of the parameters in which replications differ."""
    own: set[str] = set()
    for one in data:
        solved = set(priors_of(one)) if is_solved(one, fixed) or one.as_of is not None else set()
        own |= {*one.own_parameters(), *one.fitted()} - solved
    return [name for name, p in parameters.load().items() if p.uncertain and name not in own]


def draws(
    data: Iterable[DistrictData], seeds: Sequence[int], fixed: bool, assume: Collection[str] = ()
) -> pd.DataFrame:
    """Return the parameters that every replication has, common to all scenarios that do not set or assume them:
    COLUMNS.
    """
    known, districts = parameters.load(), list(data)
    drawn = [*drawn_names(districts, fixed), *(name for name in known if name in assume)]
    special = [one for one in districts if is_solved(one, fixed) or one.as_of is not None]
    moved = {name for one in special for name in SOLVED}
    frames: list[pd.DataFrame] = []
    for seed in seeds:
        numbers = parameters.draw(known, seed, fixed) | parameters.assumed(known, seed, assume, fixed)
        rows = [(name, numbers[name], numbers[name], 0, "") for name in drawn if name not in moved]
        frames.append(pd.DataFrame(rows, columns=COLUMNS[1:]).assign(replication=seed))
        frames += [_of_world(one, seed, fixed, numbers).assign(replication=seed) for one in special]
    if not frames:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(frames, ignore_index=True)[COLUMNS]


def _of_world(data: DistrictData, seed: int, fixed: bool, drawn: Mapping[str, float]) -> pd.DataFrame:
    """Return what one world has of the parameters that are solved, or drawn as of a date."""
    if is_solved(data, fixed):
        return table_of(data, solution(data, seed))
    values = numbers_of(data, seed, fixed, District.founded).values
    rows = [(name, values[name], drawn[name], 0, data.name) for name in priors_of(data)]
    return pd.DataFrame(rows, columns=COLUMNS[1:])


def agreement(tables: Iterable[pd.DataFrame], data: DistrictData) -> Draft:
    """Return how near the recorded pupils and staff of the published year come to what is published, from the
    district tables of the factual scenario: worlds, those within half a per cent and within one, the largest miss.
    """
    factual = data.factual
    if factual is None:
        return {}
    found: dict[str, list[float]] = {"pupils": [], "staff": []}
    for table in tables:
        rows = table[(table["year"] == factual.year) & (table["stage"] == "all") & (table["group"] == "all")]
        for name, values in found.items():
            values += rows.loc[rows["indicator"] == name, "value"].astype(float).tolist()
    said: Draft = {"year": factual.year}
    for name, target in (("pupils", factual.pupils), ("staff", factual.staff)):
        if target is not None and found[name]:
            missed = np.abs(np.array(found[name]) / target - 1.0)
            said[name] = {
                "published": target,
                "worlds": len(missed),
                "close": int((missed <= CLOSE).sum()),
                "near": int((missed <= NEAR).sum()),
                "largest": round(float(missed.max()), 6),
            }
    return said


def mode_of(
    scenarios: Sequence[Scenario], data: Mapping[str, DistrictData], fixed: bool, as_of: int | None
) -> Document:
    """Return what a manifest says of how worlds are conditioned: as of which date, on what, and who is not."""
    years = {one.name: one.factual.year for one in data.values() if one.factual is not None and not fixed}
    free = {s.name: unconditioned(s, data[s.name], fixed) for s in scenarios}
    return {
        "as_of": as_of,
        "published_to": years,
        "not_conditioned": {
            name: {"why": found[0], "parameters": list(found[1])} for name, found in free.items() if found is not None
        },
    }
