"""One school or one area of an experiment: its rolls, seats, teachers and means of teaching by year, world by world."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsim.base.arrays import Mask
from simsim.districts.files import DistrictData
from simsim.experiments.outlook import area_at, areas, district_at
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem, suggest

KEYS = ["stage", "year", "replication"]
COUNTS = ("pupils", "seats", "rooms", "classes", "over_capacity", "displaced", "teachers", "surplus_teachers")
PER_PUPIL = (
    "area_teach",
    "area_sport",
    "equipment",
    "computers",
    "books",
    "overqualified_per_pupil",
    "midtitle_per_pupil",
)
MEANS = (*PER_PUPIL, "teacher_quality", "distance_km", "score")
RATIOS = {
    "class_size": ("pupils", "classes"),
    "seat_use": ("pupils", "seats"),
    "pupils_per_teacher": ("pupils", "teachers"),
}
TEACHERS = {"overqualified": "overqualified_per_pupil", "midtitle": "midtitle_per_pupil"}
MOST_SHOWN = 12


@dataclass(frozen=True)
class Place:
    """A school or an area: its kind, key (a school's number, an area's name) and names in both languages."""

    kind: str
    key: str
    name: dict[str, str]


def place_of(results: Results, scenario: str, school: object = None, area: object = None) -> Place:
    """Return the school (by number, official code or name) or the area (by name) that is asked for.

    InputError, with a suggestion, for one that is not there, and when none or both are asked for.
    """
    asked = {"school": school, "area": area}
    given = {kind: str(key).strip() for kind, key in asked.items() if key not in (None, "")}
    if len(given) != 1:
        remedy = "name one school (--school KEY) or one area (--area KEY)"
        raise InputError(Problem("report", "school, area", ", ".join(given.values()), remedy))
    if "school" in given:
        return _school(results, scenario, given["school"])
    return _area(district_at(results, scenario), given["area"])


def _school(results: Results, scenario: str, key: str) -> Place:
    frame = results.frame("schools")
    known = frame[frame["scenario"] == results.scenario(scenario)].drop_duplicates("school").set_index("school")
    columns = [name for name in ("code", "name_zh", "name_en") if name in known]
    for number, row in known.iterrows():
        if key in (str(number), *(str(row[name]) for name in columns)):
            return Place("school", str(number), {"zh": str(row["name_zh"]), "en": str(row["name_en"])})
    listed = [*map(str, known.index), *(str(name) for column in columns for name in known[column])]
    some = ", ".join(f"{number} {row['name_en']}" for number, row in known.head(MOST_SHOWN).iterrows())
    raise _unknown("school", key, listed, some + (", ..." if len(known) > MOST_SHOWN else ""))


def _area(data: DistrictData, key: str) -> Place:
    places = data.neighbourhoods[data.neighbourhoods["included"].astype(bool)]
    managed = set(places["parent"].astype(str))
    named = {name: words for name, words in data.area_words().items() if name in managed}
    for name, words in named.items():
        if key in (name, *words.values()):
            return Place("area", name, words)
    listed = [*named, *(word for words in named.values() for word in words.values())]
    raise _unknown("area", key, listed, ", ".join(named))


def _unknown(kind: str, key: str, listed: Iterable[str], some: str) -> InputError:
    return InputError(Problem("report", kind, key, f"is not in these results{suggest(key, listed)}; there are {some}"))


def schools_of(results: Results, scenario: str, place: Place) -> pd.DataFrame:
    """Return year and school of those that stand at a place, with what the record says of them."""
    frame = results.frame("schools")
    mine = frame[frame["scenario"] == results.scenario(scenario)].drop_duplicates(["school", "year"])
    if place.kind == "school":
        return mine[mine["school"] == int(place.key)]
    data = district_at(results, scenario)
    stands = area_at(data, mine["x_km"].to_numpy(float), mine["y_km"].to_numpy(float))
    here: Mask = stands == place.key
    return mine[here]


def by_year(results: Results, scenario: str, place: Place) -> pd.DataFrame:
    """Return a row by stage, year and world and a column per indicator: counts added up over the schools of a place,
    means weighted by pupils, ratios of sums; teachers by degree and title as heads.
    """
    there = schools_of(results, scenario, place)[["year", "school"]]
    wanted = {
        "scenario": [scenario],
        "indicator": [*COUNTS, *MEANS],
        "school": sorted(there["school"].unique().tolist()),
    }
    frame = (
        results.rows_if_any("school_year", wanted)
        .astype({"stage": str, "indicator": str})
        .merge(there, on=["year", "school"])
    )
    wide = frame.pivot_table(index=[*KEYS, "school"], columns="indicator", values="value")
    wide = wide.reindex(columns=[*COUNTS, *MEANS])
    weighted = wide[list(MEANS)].mul(wide["pupils"], axis=0)
    sums = pd.concat([wide[list(COUNTS)], weighted], axis=1).groupby(KEYS).sum(min_count=1)
    heads = sums["pupils"].where(sums["pupils"] > 0)
    table = sums[list(COUNTS)].join(sums[list(MEANS)].div(heads, axis=0))
    for name, (top, below) in RATIOS.items():
        table[name] = sums[top] / sums[below].where(sums[below] > 0)
    for name, of in TEACHERS.items():
        table[name] = sums[of]
    return table


def in_year(table: pd.DataFrame, stage: str, year: int) -> pd.DataFrame:
    """Return the worlds (rows) of one stage and year of `by_year`; none where the stage is not taught then."""
    index = table.index
    return table[(index.get_level_values("stage") == stage) & (index.get_level_values("year") == year)]


def moves(results: Results, scenario: str, place: Place) -> pd.DataFrame:
    """Return teachers who came to and left the schools of a place for others, by reason: `came` and `left` a year, mean
    over worlds and the years after the first. Moves inside an area are neither.
    """
    there = schools_of(results, scenario, place)
    inside = pd.MultiIndex.from_frame(there[["year", "school"]])
    frame = results.rows_if_any("teacher_moves", {"scenario": [scenario]})
    ends = {
        end: pd.MultiIndex.from_arrays([frame["year"], frame[end]]).isin(inside) for end in ("origin", "destination")
    }
    here = frame.assign(came=ends["destination"] & ~ends["origin"], left=ends["origin"] & ~ends["destination"])
    table = here.astype({"reason": str}).groupby("reason")[["came", "left"]].sum()
    times = len(results.replications(scenario)) * max(len(results.years) - 1, 1)
    table = table / times
    return table[(table > 0).any(axis=1)].reset_index()


def homes(results: Results, scenario: str, place: Place) -> pd.DataFrame:
    """Return what the children who live in an area meet: a row by stage, year and world; pupils, waiting and turned
    away added up, means weighted by pupils. Empty for a school.
    """
    if place.kind == "school":
        return pd.DataFrame()
    data = district_at(results, scenario)
    where = areas(data)
    keys = where.index[where == place.key].tolist()
    frame = results.rows_if_any("neighbourhood_year", {"scenario": [scenario], "neighbourhood": keys})
    wide = frame.astype({"stage": str, "indicator": str}).pivot_table(
        index=[*KEYS, "neighbourhood"], columns="indicator", values="value"
    )
    means = [name for name in ("distance_km", "class_size_met", "teaching_met", "score") if name in wide]
    counts = [name for name in ("pupils", "waiting", "turned_away") if name in wide]
    sums = pd.concat([wide[counts], wide[means].mul(wide["pupils"], axis=0)], axis=1).groupby(KEYS).sum()
    return sums[counts].join(sums[means].div(sums["pupils"].replace(0.0, np.nan), axis=0))
