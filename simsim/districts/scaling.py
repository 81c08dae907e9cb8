"""A district many times as large, or a part of one: `simsim district scale NAME FACTOR OUT`.

A whole factor makes so many copies side by side, each with its own keys, names and places, too far apart for a child
to go from one to another. A factor below 1 keeps such a share of the schools of each kind and ownership, evenly by key
and at least one public school of every stage (else the one of middle size), with the neighbourhoods of the primary
schools kept; those whose junior school is gone go to the nearest one kept. Births, arrivals and flats follow.
Neighbourhoods that others manage are left out. Nothing of it is real: all schools are stamped synthetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import JUNIOR, NO_SCHOOL, STAGES, stages_of
from simsim.base.ids import MOST_KEY
from simsim.districts import provenance
from simsim.districts.checks import CODE, KM, table_problems
from simsim.districts.files import SCHEMA, SPEC, DistrictData, load_district, name_problems, occupied
from simsim.districts.system import SchoolSystem
from simsim.inputs import numbers
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.paths import folder_name, path_of
from simsim.inputs.whole_files import csv_of, write_all
from simsim.inputs.yamlfile import yaml_text

APART_KM = 1.0
"""Between two copies lies as much as a child may travel, and this."""
SHARES = ("births_share", "inflow_share", "housing_share")
KEPT = ("pupils_per_teacher", "migration", "housing", "travel", "fitted")
"""What a scaled district takes from the district file; the aggregates of the original are not its own."""


def scale_district(name_or_path: str | Path, factor: float, out: str | Path) -> Path:
    """Write a district `factor` times as large into the folder `out`, named like it; return the folder.

    InputError, and nothing written, for a factor that cannot be and for a folder that holds something.
    """
    data, folder = load_district(name_or_path), folder_name(path_of(out, "district", "out"))
    problems = [] if folder.name.isidentifier() else name_problems(folder.name, "name")
    problems += occupied(folder, out)
    times = numbers.real(factor)
    if times is None or times <= 0 or (times > 1 and times != int(times)):
        remedy = "must be a whole number of copies, or a share of the schools between 0 and 1"
        problems.append(Problem("scale", "factor", factor, remedy))
    if problems or times is None:
        raise InputError(problems)
    schools, places, share = copied(data, int(times)) if times >= 1 else part(data, times)
    births = data.births.assign(births=np.rint(data.births["births"] * share).astype(int))
    spec = _spec(data, folder.name, times, share)
    problems = table_problems(schools, places, births, int(spec["first_year"]), data.system)
    if problems:
        raise InputError(problems)
    tables = {"schools.csv": schools, "neighbourhoods.csv": places, "births.csv": births}
    tables[provenance.FILE] = _provenance(data, tables)
    spec_text = yaml_text(spec)
    texts = {file: csv_of(table) for file, table in tables.items()} | {SPEC: spec_text}
    write_all({folder / file: text for file, text in texts.items()})
    return folder


def _provenance(data: DistrictData, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return where the columns of a scaled district come from: what was filled in the other one stays so, the rest is
    synthetic, for copies and parts of schools are no schools.
    """
    old = data.provenance[data.provenance["status"] == provenance.FILLED]
    filled = {(entry["table"], entry["column"]) for entry in records(old)}
    made = provenance.of_tables(tables, provenance.SYNTHETIC, provenance.SYNTHESIS)
    new = [(entry["table"], entry["column"]) not in filled for entry in records(made)]
    return pd.concat([made[new], old], ignore_index=True)


def copied(data: DistrictData, copies: int) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Return schools and neighbourhoods of `copies` districts side by side, and how many times as many children.

    InputError when that makes too many keys, or reaches too far.
    """
    schools, places = data.schools, data.neighbourhoods[data.neighbourhoods["included"] == 1]
    largest = max(int(schools["key"].max()), int(places["key"].max()))
    if copies * largest > MOST_KEY:
        remedy = f"makes keys up to {copies * largest:,}; a district's keys end at {MOST_KEY:,}, so that "
        remedy += f"{data.name} can be copied {MOST_KEY // largest} times"
        raise InputError(Problem("scale", "factor", copies, remedy))
    shifts = _grid(copies, _side(data, schools, places))
    if np.abs(shifts).max() + _side(data, schools, places) > KM.high:
        remedy = f"makes copies that reach more than {KM.high:g} km from the middle; give a smaller one"
        raise InputError(Problem("scale", "factor", copies, remedy))
    made = [_copy(schools, places, number, shift, largest) for number, shift in enumerate(shifts, start=1)]
    every = pd.concat([copy[1] for copy in made], ignore_index=True)
    every[list(SHARES)] /= copies
    return pd.concat([copy[0] for copy in made], ignore_index=True), every, float(copies)


def _side(data: DistrictData, schools: pd.DataFrame, places: pd.DataFrame) -> float:
    """Return how far apart, in km, copies must lie."""
    extent = 0.0
    for axis in ("x_km", "y_km"):
        low = min(schools[axis].min(), (places[axis] - places["radius_km"]).min())
        high = max(schools[axis].max(), (places[axis] + places["radius_km"]).max())
        extent = max(extent, float(high - low))
    return extent + float(max(data.spec["travel"]["limit_km"]["value"].values())) + APART_KM


def _grid(copies: int, side: float) -> Floats:
    """Return where each copy lies, km east and north (copies, 2): from the middle of a square outwards."""
    across = int(np.ceil(copies**0.5))
    cells = np.stack(np.unravel_index(np.arange(across**2), (across, across)), axis=1) - (across - 1) // 2
    nearest = np.argsort(np.abs(cells).max(axis=1), kind="stable")
    shifts: Floats = (cells[nearest[:copies]] * side).astype(np.float64)
    return shifts


def _copy(
    schools: pd.DataFrame, places: pd.DataFrame, number: int, shift: Floats, largest: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one copy's schools and neighbourhoods with its own keys, names and places."""
    schools, places, more = _stamped(schools), places.copy(), (number - 1) * largest
    for table in (schools, places):
        table["key"] += more
        table["x_km"], table["y_km"] = (table["x_km"] + shift[0]).round(3), (table["y_km"] + shift[1]).round(3)
        table["name_zh"] += f"(副本{number})"
        table["name_en"] += f" (copy {number})"
    schools["neighbourhood"] += more
    places["parent"] += f" (copy {number})"
    for stage in STAGES:
        school = places[f"catchment_{stage}"]
        places[f"catchment_{stage}"] = school.where(school == NO_SCHOOL, school + more)
    return schools, places


def _stamped(schools: pd.DataFrame) -> pd.DataFrame:
    """Return schools of which none is called real, and none has a real one's code."""
    return schools.drop(columns=CODE, errors="ignore").assign(status="synthetic")


def part(data: DistrictData, share: float) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Return a share of the schools, the neighbourhoods of their lowest stages, and the share of children in them.

    InputError when no neighbourhood is left.
    """
    schools = _stamped(data.schools[_kept(data.schools, share, data.system)].reset_index(drop=True))
    inside = data.neighbourhoods["included"] == 1
    places = data.neighbourhoods[inside & data.neighbourhoods[f"catchment_{data.system.words[0]}"].isin(schools["key"])]
    places = places.reset_index(drop=True)
    if places.empty:
        raise InputError(Problem("scale", "factor", share, "keeps no neighbourhood; give a larger one"))
    if JUNIOR in data.system.stages:
        schools = _without_idle_juniors(schools, places)
        juniors = schools[(schools["ownership"] == "public") & _has(schools, JUNIOR)]
        nearest, old = juniors["key"].to_numpy()[_near(places, juniors)], places["catchment_junior"]
        places["catchment_junior"] = np.where(old.isin(juniors["key"]), old, nearest)
    stands = places["key"].to_numpy()[_near(schools, places)]
    schools["neighbourhood"] = np.where(schools["neighbourhood"].isin(places["key"]), schools["neighbourhood"], stands)
    children = float(places["births_share"].sum() / data.neighbourhoods.loc[inside, "births_share"].sum())
    for name in SHARES:
        whole = places[name].sum()
        places[name] = places[name] / whole if whole > 0 else 1 / len(places)
    return schools, places, children


def _kept(schools: pd.DataFrame, share: float, system: SchoolSystem) -> Mask:
    """Return which schools stay: of each kind and ownership the same share, evenly by key."""
    nth = schools.sort_values("key").groupby(["kind", "ownership"]).cumcount().reindex(schools.index).to_numpy()
    kept: Mask = np.floor((nth + 1) * share + 1e-9) > np.floor(nth * share + 1e-9)
    for stage in system.stages:
        able = ((schools["ownership"] == "public") & _has(schools, stage)).to_numpy()
        if not (kept & able).any():
            mine = np.flatnonzero(able)
            kept[mine[np.argsort(_pupils(schools, system)[mine], kind="stable")[(len(mine) - 1) // 2]]] = True
    return kept


def _pupils(schools: pd.DataFrame, system: SchoolSystem) -> Ints:
    pupils: Ints = schools[list(system.columns.values())].sum(axis=1).to_numpy()
    return pupils


def _has(schools: pd.DataFrame, stage: int) -> pd.Series[bool]:
    return schools["kind"].map(lambda kind: stage in stages_of(kind))


def _without_idle_juniors(schools: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Leave out public junior schools to which no neighbourhood goes, unless none would be left."""
    served = schools["key"].isin(places["catchment_junior"])
    junior = _has(schools, 1) & (schools["ownership"] == "public")
    idle = junior & ~served
    if not (junior & served).any():
        idle &= schools["key"] != schools.loc[junior, "key"].iloc[0]
    left: pd.DataFrame = schools[~(idle & ~_has(schools, 0))].reset_index(drop=True)
    return left


def _near(of: pd.DataFrame, to: pd.DataFrame) -> Ints:
    """Return for each row of one table the nearest row of another."""
    km = np.hypot(*(of[c].to_numpy()[:, None] - to[c].to_numpy() for c in ("x_km", "y_km")))
    nearest: Ints = km.argmin(axis=1)
    return nearest


def _spec(data: DistrictData, name: str, factor: float, share: float) -> Draft:
    """Return the district file: what is lived, with arrivals and flats scaled, and where it comes from."""
    spec = {key: data.spec[key] for key in KEPT}
    arrivals = spec["migration"]["arrivals_by_grade"]
    flats = spec["housing"]["flats_by_year"]
    told = f"{data.name} times {factor:g} (simsim district scale); synthetic"
    spec["migration"] = {**spec["migration"], "arrivals_by_grade": _scaled(arrivals, [
        round(one * share, 3) for one in arrivals["value"]
    ])}  # fmt: skip
    spec["housing"] = {**spec["housing"], "flats_by_year": _scaled(flats, {
        year: round(one * share, 1) for year, one in flats["value"].items()
    })}  # fmt: skip
    spec["fitted"] = {
        key: {"value": entry["value"], "target": None, "residual": None, "command": told}
        for key, entry in spec["fitted"].items()
    }
    words = {lang: f"{word} × {factor:g}" for lang, word in data.spec.get("label", {"zh": name, "en": name}).items()}
    head = {"schema": SCHEMA, "name": name, "title": words, "label": dict(words), "first_year": data.spec["first_year"]}
    return {**head, "scaled": {"from": data.name, "factor": factor, "note": told}, **spec}


def _scaled(entry: Document, value: object) -> Draft:
    """Return an entry with another value, derived from the one it had."""
    return {**entry, "value": value, "kind": "derived", "source": f"scaled; before: {entry.get('source', '')}"}
