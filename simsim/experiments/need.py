"""What would close the gap: rooms, posts, latest start and yuan by area and year, so that so many of 100 simulated
worlds are short of nothing.

Of the worlds simulated, and of nothing else: the model may be wrong in ways that no world shows. A world is short where
children who live in an area outnumber its seats, or its public schools have fewer teachers than the staffing standard
allows. For each stage, area and year the shortage is met that so many of 100 worlds do not exceed (an order statistic,
so never fewer worlds than asked). Rooms and posts once added stay. The first September is given and left out.
`everywhere` asks for more: that so many worlds are short of nothing in any stage, area and year at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.calendar import months_before
from simsim.base.codes import STAGES
from simsim.base.sums import added_up
from simsim.experiments.manifest import refuse_screening
from simsim.experiments.outlook import ALL, by_run, district_at, last_september, month_given, where
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import real
from simsim.inputs.run_limits import true_or_false

PARTS = ("seats", "teachers")
KEYS = ["stage", "area", "year"]
HUNDRED = 100
AMPLE = 1e-9
"""Shares that differ by less are the same number of worlds."""


def need(
    results: Results | str | Path,
    scenario: str | None = None,
    worlds: float = 90,
    *,
    seats: bool = True,
    teachers: bool = True,
    everywhere: bool = False,
    today: str | None = None,
) -> pd.DataFrame:
    """Return what is to be added by stage, area and year so that `worlds` of 100 simulated worlds are short of nothing.

    Columns: stage, area, year, short_now (share of worlds short of anything asked for); of seats: seats_short (met
    shortage), rooms (standing by that September, beyond the scenario's), rooms_new, rooms_start (the latest month to
    start), rooms_late (1 when it lies before `today`, a month as 2026-11; by default the last September known, or the
    first simulated where no year after it was), rooms_yuan (of rooms_new); of teachers likewise: teachers_short, posts,
    posts_new, posts_start, posts_late, posts_yuan (a year's pay of all posts added so far). `table.attrs` holds `met`
    (share of worlds that are then short of nothing at all), `n` (worlds), `scenario` and `today`. Yuan are of the
    district's year of prices, at the worlds' mean unit costs.

    InputError for a scenario that is not there, `worlds` that so few worlds cannot tell, or nothing asked for.
    """
    found = results if isinstance(results, Results) else Results.load(results)
    refuse_screening(found.manifest, found.folder or "results")
    name = _focus(found, scenario)
    asked = [part for part, flag in zip(PARTS, (seats, teachers), strict=True) if true_or_false(part, flag, "need")]
    n = len(found.replications(name))
    worlds = _worlds(asked, worlds, n, today)
    short = _aligned({part: _short(found, name, part) for part in asked})
    units = {part: _unit(found, name, part) for part in asked}
    k = _rank(short, units, worlds, n, true_or_false("everywhere", everywhere, "need"))
    now = today or last_september(district_at(found, name), found.years[-1]) or months_before(found.years[0], 0)
    parts = [_columns(part, short[part], units[part], k, found, name, now) for part in asked]
    table = pd.concat([_any(short).rename("short_now"), *parts], axis=1).reset_index()
    table = table.sort_values(
        KEYS, key=lambda c: c.map(STAGES.index) if c.name == "stage" else c, kind="stable", ignore_index=True
    )
    table.attrs = {"met": _met(short, units, k), "n": n, "scenario": name, "worlds": worlds, "today": now}
    return table


def _rank(
    short: Mapping[str, pd.DataFrame], units: Mapping[str, Mapping[str, float]], worlds: float, n: int, everywhere: bool
) -> int:
    """Return how many worlds' shortage is met in every cell: those asked for, or so many that as many are short of
    nothing anywhere.
    """
    k = ceil(worlds / HUNDRED * n - AMPLE)
    while everywhere and k < n and _met(short, units, k) < worlds / HUNDRED - AMPLE:
        k += 1
    return k


def _focus(results: Results, scenario: str | None) -> str:
    """Return the scenario asked for, else the plan where it was run, else the first."""
    if scenario is not None:
        return results.scenario(scenario)
    return "plan" if "plan" in results.scenarios else results.scenarios[0]


def _worlds(asked: list[str], worlds: object, n: int, today: str | None) -> float:
    """Return the worlds of 100 that are asked for; refuse what cannot be told (InputError)."""
    if not asked:
        raise InputError(Problem("need", "seats, teachers", False, "ask for seats, for teachers or for both"))
    number = real(worlds)
    if number is None or not 0 < number < HUNDRED:
        raise InputError(Problem("need", "in", worlds, "must be above 0 and below 100, as 90: worlds of 100"))
    fewest = ceil(1.0 / (1.0 - number / HUNDRED) - AMPLE)
    if n < fewest:
        remedy = (
            f"takes at least {fewest} worlds to tell, and {n} were run; run more (--seeds {fewest}) or ask for fewer"
        )
        raise InputError(Problem("need", "in", worlds, remedy))
    if today is not None:
        month_given(today, "need")
    return number


# ---- who is short of what ----


def _short(results: Results, scenario: str, part: str) -> pd.DataFrame:
    """Return the shortage by stage, area and year (rows) and replication (columns): children without a seat, or
    teachers below the standard; 0 where there is none.
    """
    data = district_at(results, scenario)
    if part == "seats":
        table = by_run(results, scenario, data)
        table = table[table["area"] != ALL]
        gap = table.assign(gap=table["children"] - table["seats"]).set_index([*KEYS, "replication"])["gap"]
    else:
        frame = results.rows_if_any("school_year", {"scenario": [scenario], "indicator": ["surplus_teachers"]})
        keys = [
            frame["stage"].astype(str),
            pd.Series(where(results, scenario, data, frame), frame.index, name="area"),
            frame["year"],
            frame["replication"],
        ]
        gap = -frame["value"].groupby(keys).sum()
    wide = gap.clip(lower=0.0).unstack("replication").fillna(0.0)
    later = wide.index.get_level_values("year") > results.years[0]
    return wide[later]


def _unit(results: Results, scenario: str, part: str) -> Mapping[str, float]:
    """Return the seats of a class room by stage, as the record has them; a teacher is one post."""
    if part == "teachers":
        return dict.fromkeys(STAGES, 1.0)
    frame = results.rows_if_any(
        "district_year", {"scenario": [scenario], "indicator": ["seats", "rooms"], "group": [ALL]}
    )
    sums = frame.astype({"indicator": str, "stage": str}).groupby(["stage", "indicator"])["value"].sum().unstack()
    return cast("dict[str, float]", (sums["seats"] / sums["rooms"]).to_dict())


def _standing(short: pd.DataFrame, unit: Mapping[str, float], k: int) -> pd.Series:
    """Return the whole units (rooms, posts) that must stand by each year, so that the shortage that `k` worlds do not
    exceed is met; what was added stays.
    """
    met = np.sort(short.to_numpy(float), axis=1)[:, k - 1]
    stages = short.index.get_level_values("stage").map(unit).to_numpy(float)
    units = pd.Series(np.ceil(met / stages - AMPLE), short.index).sort_index()
    return units.groupby(["stage", "area"]).cummax()


def _met(short: Mapping[str, pd.DataFrame], units: Mapping[str, Mapping[str, float]], k: int) -> float:
    """Return the share of worlds that are short of nothing, anywhere and in any year, once all that is added."""
    fine: Mask | None = None
    for part, table in short.items():
        rows = table.sort_index()
        added = _standing(table, units[part], k).to_numpy() * rows.index.get_level_values("stage").map(units[part])
        held = (rows.to_numpy(float) <= added.to_numpy(float)[:, None] + AMPLE).all(axis=0)
        fine = held if fine is None else fine & held
    return float(np.mean(fine)) if fine is not None else 1.0


def _any(short: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the share of worlds that are short of anything asked for (`_aligned`), by stage, area and year."""
    tables = list(short.values())
    index = _cells(tables)
    lacks = np.zeros((len(index), tables[0].shape[1]), bool)
    for table in tables:
        lacks |= table.reindex(index).to_numpy(float) > 0
    return pd.Series(lacks.mean(axis=1), index)


def _aligned(short: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return shortages with the same stages, areas and years: an area without a school of its own, whose children ask
    for seats, is short of no teacher there.
    """
    cells = _cells(list(short.values()))
    return {
        part: table if len(table) == len(cells) else table.reindex(cells, fill_value=0.0)
        for part, table in short.items()
    }


def _cells(tables: list[pd.DataFrame]) -> pd.Index:
    """Return the stages, areas and years of any of the tables."""
    index = tables[0].index
    for table in tables[1:]:
        index = index.union(table.index)
    return index


# ---- when, and for how much ----


def _columns(
    part: str,
    short: pd.DataFrame,
    unit: Mapping[str, float],
    k: int,
    results: Results,
    scenario: str,
    now: str,
) -> pd.DataFrame:
    """Return the columns of seats or of teachers."""
    word, lead = ("rooms", _lead("approval_months", "building_months")), ("posts", _lead("hiring_months"))
    name, months = word if part == "seats" else lead
    standing = _standing(short, unit, k)
    rows = short.sort_index()
    years = rows.index.get_level_values("year")
    new = standing.groupby(["stage", "area"]).diff().fillna(standing)
    start = [months_before(int(year), months) if more else "" for year, more in zip(years, new, strict=True)]
    cost = _room_yuan(results, scenario) if part == "seats" else _post_yuan(results, scenario)
    price = cost.reindex(pd.MultiIndex.from_arrays([rows.index.get_level_values("stage"), years])).to_numpy(float)
    priced = (new if part == "seats" else standing).to_numpy(float)
    return pd.DataFrame(
        {
            f"{part}_short": np.sort(rows.to_numpy(float), axis=1)[:, k - 1],
            name: standing.to_numpy(int),
            f"{name}_new": new.to_numpy(int),
            f"{name}_start": start,
            f"{name}_late": [int(bool(month) and month < now) for month in start],
            f"{name}_yuan": np.where(priced > 0, priced * price, 0.0),
        },
        index=rows.index,
    )


def _lead(*names: str) -> float:
    known = parameters.load()
    return added_up(known[name].value for name in names)


def _room_yuan(results: Results, scenario: str) -> pd.Series:
    """Return the mean cost of a class room by stage and year: the teaching area of one at the worlds' cost of it."""
    wanted = {"scenario": [scenario], "indicator": ["area_teach", "pupils", "rooms"], "group": [ALL]}
    frame = results.rows_if_any("district_year", wanted).astype({"indicator": str, "stage": str})
    wide = frame.pivot_table(index=["stage", "year", "replication"], columns="indicator", values="value").dropna()
    area = wide["area_teach"] * wide["pupils"] / wide["rooms"]
    seeds: Ints = area.index.get_level_values("replication").to_numpy()
    price: Floats = _drawn(results, scenario, "building_cost").reindex(seeds).to_numpy(float)
    cost: pd.Series = (area * price).groupby(["stage", "year"]).mean()
    return cost


def _post_yuan(results: Results, scenario: str) -> pd.Series:
    """Return the mean pay of a public teacher by stage and year (the same in every stage)."""
    wanted = {"scenario": [scenario], "indicator": ["cost_staff", "public_teachers"]}
    frame = results.rows_if_any("district_year", wanted).astype({"indicator": str})
    wide = frame.pivot_table(index=["year", "replication"], columns="indicator", values="value")
    pay = (wide["cost_staff"] / wide["public_teachers"]).groupby("year").mean()
    return pd.concat(dict.fromkeys(STAGES, pay), names=["stage"])


def _drawn(results: Results, scenario: str, name: str) -> pd.Series:
    """Return a parameter of every world, at its value where it was not drawn."""
    seeds = results.replications(scenario)
    found = pd.Series(parameters.load()[name].value, index=seeds, dtype=float)
    if "parameters" in results.tables:
        frame = results.frame("parameters")
        mine = frame[frame["parameter"] == name].groupby("replication")["value"].first()
        found.update(mine)
    return found


def added(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `need` in which something is to be added."""
    names = [name for name in ("rooms_new", "posts_new") if name in table]
    keep: Mask = (table[names] > 0).any(axis=1).to_numpy()
    return table[keep].reset_index(drop=True)


def totals(table: pd.DataFrame) -> dict[str, float]:
    """Return rooms, posts and yuan in all (posts: a year's pay when all are there)."""
    found: dict[str, float] = {}
    for name in ("rooms", "posts"):
        if f"{name}_new" not in table:
            continue
        found[name] = float(table[f"{name}_new"].sum())
        last: Floats = table.loc[table["year"] == table["year"].max(), f"{name}_yuan"].to_numpy(float)
        found[f"{name}_yuan"] = float(table[f"{name}_yuan"].sum() if name == "rooms" else last.sum())
    return found
