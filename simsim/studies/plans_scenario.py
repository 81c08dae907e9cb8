"""What an office has decided for the years to come (plans.csv) as a scenario that `simsim run` takes.

An opening is a `new_schools` project, a closure a `merge_schools`, more places an expansion. What no policy does (other
grades in a school that is there), and what is past, is left out and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.districts.files import DistrictData
from simsim.districts.plans_ahead import CLOSES, FILE, GRADES, OPENS, PLACES, read_plans
from simsim.inputs import parameters
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import written
from simsim.inputs.yamlfile import yaml_text

KINDS = {(True, False): "primary", (False, True): "junior", (True, True): "nine_year"}
NOT_IN = "# Not in it:"
ON_TIME = "08"
"""The month by whose end a building is in use that opens in September."""


@dataclass
class Planned:
    """A scenario's policies, and what stands in the plans and is not in it."""

    policies: Draft = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def planned(data: DistrictData, folder: Path) -> Planned:
    """Return what a district's plans.csv asks of a scenario; InputError for a district without plans, or with none that
    a scenario can have.
    """
    plans = read_plans(folder, data.system)
    if plans is None:
        remedy = "is missing: the import writes it where the tables tell of openings, closures or places to come"
        raise InputError(Problem(FILE, "", None, remedy))
    found, first = Planned(), int(data.spec["first_year"])
    for row in records(plans):
        name = f"{row['name'] or row['code']}, {row['what']} {row['year']}"
        if row["year"] <= first:
            found.left_out.append(f"{name}: is not after {first}, the last roll")
            continue
        instance, policy = _instance(data, row, set(found.policies))
        if isinstance(policy, str):
            found.left_out.append(f"{name}: {policy}")
        else:
            found.policies[instance] = policy
    if not found.policies:
        raise InputError([Problem(FILE, "", None, f"holds nothing for a scenario: {why}") for why in found.left_out])
    return found


def text_of(found: Planned, district: str) -> str:
    """Return the scenario as a file; `district` is how it names its district."""
    head = "# Written by `simsim new scenario --from-plans`: what the office's plans.csv says of the years to come.\n"
    head += "# Schools open on time; take delay_probability_firm away, and they may be late as others are.\n"
    head += "".join(f"{NOT_IN} {why}\n" for why in found.left_out)
    document: Draft = {
        "schema": "simsim-scenario/1",
        "title": {"zh": "已定的新建、撤并和扩建", "en": "Openings, closures and places that are decided"},
        "description": {
            "zh": f"依据{FILE}：{len(found.policies)}项已定的变动。",
            "en": f"From {FILE}: {len(found.policies)} changes that are decided.",
        },
        "extends": "baseline",
        "district": district,
        "policies": found.policies,
    }
    return head + yaml_text(document)


def _instance(data: DistrictData, row: Draft, taken: set[str]) -> tuple[str, Draft | str]:
    """Return the name and content of an instance of a policy for one row of the plans, or why there is none."""
    word = f"{row['what']}-{row['key']}"
    instance = word if word not in taken else f"{word}-{row['year']}"
    there = row["key"] in set(data.schools["key"].tolist())
    if row["what"] == OPENS:
        return instance, "is in schools.csv already" if there else _opening(data, row)
    if not there:
        return instance, "is no school of schools.csv"
    if row["what"] == CLOSES:
        return instance, _dated("merge_schools", row, {"closing": [row["key"]]})
    if row["what"] == PLACES:
        return instance, _larger(data, row)
    assert row["what"] == GRADES
    return instance, "no policy changes the grades of a school that is there; write it as a policy of your own"


def _dated(policy: str, row: Draft, settings: Draft, since: int | None = None) -> Draft:
    return {"policy": policy, "from": f"{since or row['year']}-09-01", "settings": settings}


def _opening(data: DistrictData, row: Draft) -> Draft:
    """Return the project of a school that opens: its stages by its grades, rooms by its places, a catchment by area."""
    stages = _stages(data, row)
    name = row["name"] or row["code"]
    rooms = _rooms(data, stages, written(row["places"]))
    settings: Draft = {"school": row["key"], "name": {"zh": name, "en": name}}
    settings["kind"] = KINDS[PRIMARY in stages, JUNIOR in stages]
    settings |= {f"rooms_{STAGES[stage]}": n for stage, n in rooms.items()}
    for axis in ("x_km", "y_km"):
        if written(row.get(axis, "")) is not None:
            settings[axis] = written(row[axis])
    homes = _zones(data, str(row.get("area", "")))
    if homes:
        settings |= {f"catchment_{STAGES[stage]}": homes for stage in stages}
    settings["catchment_share"] = _share(data, stages, rooms, homes)
    settings |= {"in_use": {"due": f"{row['year']}-{ON_TIME}"}, "delay_probability_firm": 0.0}
    return _dated("new_schools", row, settings, int(data.spec["first_year"]) + 1)


def _stages(data: DistrictData, row: Draft) -> list[int]:
    """Return the stages of a school that opens: those of its grades, else of its name, else all of the district."""
    grades = str(row["grades"]).split()
    if grades:
        return [s for s in data.system.stages if {data.system.names[g] for g in data.system.grades(s)} & set(grades)]
    name = str(row["name"]).lower()
    for stage, words in ((PRIMARY, ("小学", "primary", "elementary")), (JUNIOR, ("中学", "初中", "junior", "middle"))):
        if stage in data.system.stages and name.endswith((*words, *(f"{word} school" for word in words))):
            return [stage]
    return list(data.system.stages)


def _size(data: DistrictData, stage: int) -> float:
    """Return the pupils that a class of a stage is meant to have."""
    name = f"class_size.target.{STAGES[stage]}"
    return float(data.own_parameters().get(name, parameters.load()[name].value))


def _rooms(data: DistrictData, stages: list[int], places: float | None) -> dict[int, int]:
    """Return class rooms by stage for so many places, shared out by grades; none where the places are not known."""
    if not places:
        return {}
    grades = {stage: len(data.system.grades(stage)) for stage in stages}
    whole = sum(grades.values())
    return {s: max(1, round(places * n / whole / _size(data, s))) for s, n in grades.items()}


def _zones(data: DistrictData, area: str) -> list[int]:
    """Return the keys of the neighbourhoods of an area; none where it is not known."""
    places = data.neighbourhoods
    mine = (places["parent"].astype(str) == area) & places["included"].astype(bool)
    return [int(key) for key in places.loc[mine, "key"]] if area else []


def _share(data: DistrictData, stages: list[int], rooms: dict[int, int], homes: list[int]) -> float:
    """Return the share of the addresses of its catchment that a school is given: its share of the class rooms of all
    schools that serve them; without a catchment, beside a school of the mean size.
    """
    shares = []
    for stage in stages:
        column, served = f"rooms_{STAGES[stage]}", data.neighbourhoods
        by_key = dict(zip(data.schools["key"].tolist(), data.schools[column].tolist(), strict=True))
        keys = set(served.loc[served["key"].isin(homes), f"catchment_{STAGES[stage]}"].tolist())
        there = sum(by_key.get(key, 0) for key in keys) or float(np.mean([n for n in by_key.values() if n] or [1]))
        own = rooms.get(stage, 2 * len(data.system.grades(stage)))
        shares.append(own / (own + there))
    return round(float(np.mean(shares)), 3)


def _larger(data: DistrictData, row: Draft) -> Draft | str:
    """Return the project of a school that is to have so many places in all; why there is none where it has them."""
    places, school = written(row["places"]), data.schools[data.schools["key"] == row["key"]]
    has = {s: int(school[f"rooms_{STAGES[s]}"].iloc[0]) for s in data.system.stages}
    has = {stage: n for stage, n in has.items() if n}
    seats = sum(n * _size(data, stage) for stage, n in has.items())
    if places is None or places <= seats:
        return f"it has {seats:,.0f} seats as it is, and the plan says {row['places'] or 'no number'}"
    stage = max(has, key=lambda s: has[s])
    more = max(1, round((places - seats) / _size(data, stage)))
    settings: Draft = {"mode": "expansion", "school": row["key"], f"rooms_{STAGES[stage]}": more}
    settings |= {"in_use": {"due": f"{row['year']}-{ON_TIME}"}, "delay_probability_firm": 0.0}
    return _dated("new_schools", row, settings, int(data.spec["first_year"]) + 1)


def left_out(path: Path) -> list[str]:
    """Return what a scenario that was written of plans says that is not in it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# ") for line in lines if line.startswith(NOT_IN)]
