"""What an office has decided for the years to come (plans.csv) as a scenario that `simsim run` takes.

An opening is a `new_schools` project, a closure a `merge_schools`, more places an expansion. What no policy does (other
grades in a school that is there), and what is past, is left out and said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.districts.files import DistrictData
from simsim.districts.plans_ahead import CLOSES, FILE, GRADES, OPENS, PLACES, read_plans
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import written
from simsim.inputs.yamlfile import yaml_text
from simsim.studies.opening_settings import ON_TIME, Claimed, Opening, begun, class_size, settings_of

NOT_IN = "# Not in it:"


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
    found, first, claimed = Planned(), int(data.spec["first_year"]), Claimed()
    nowhere = [row["key"] for row in records(plans) if row["what"] == OPENS and not _sited(row)]
    for row in records(plans):
        name = f"{row['name'] or row['code']}, {row['what']} {row['year']}"
        if row["year"] <= first:
            found.left_out.append(f"{name}: is not after {first}, the last roll")
            continue
        later = len(nowhere) - 1 - nowhere.index(row["key"]) if row["key"] in nowhere else 0
        instance, policy = _instance(data, row, set(found.policies), claimed, later)
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


def _sited(row: Draft) -> bool:
    """Tell whether it is known where a school opens: its area, or its place."""
    return bool(str(row.get("area", ""))) or written(row.get("x_km", "")) is not None


def _instance(
    data: DistrictData, row: Draft, taken: set[str], claimed: Claimed, others: int
) -> tuple[str, Draft | str]:
    """Return the name and content of an instance of a policy for one row of the plans, or why there is none."""
    word = f"{row['what']}-{row['key']}"
    instance = word if word not in taken else f"{word}-{row['year']}"
    there = row["key"] in set(data.schools["key"].tolist())
    if row["what"] == OPENS:
        return instance, "is in schools.csv already" if there else _opening(data, row, claimed, others)
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


def _opening(data: DistrictData, row: Draft, claimed: Claimed, others: int) -> Draft:
    """Return the project of a school that opens: its stages by its grades, rooms by its places, a catchment by area or
    place; `others` open later of which neither is known.
    """
    grades = _grades(data, row)
    x, y = (written(row.get(axis, "")) for axis in ("x_km", "y_km"))
    opening = Opening(
        row["key"],
        row["name"] or row["code"],
        row["year"],
        grades,
        _rooms(data, list(grades), written(row["places"])),
        None if x is None or y is None else (x, y),
        str(row.get("area", "")),
    )
    return _dated("new_schools", row, settings_of(data, opening, claimed, others), int(data.spec["first_year"]) + 1)


def _grades(data: DistrictData, row: Draft) -> dict[int, int]:
    """Return with how many grades of each stage a school opens: those that the plan names, else the first of the stages
    of its name, else of all of the district.

    A plan that names all grades of a stage says what the school will teach in the end, not what it opens with.
    """
    if named := str(row["grades"]).split():
        grades = begun(data, named)
        return {stage: n if n < len(data.system.grades(stage)) else 1 for stage, n in grades.items()}
    name = str(row["name"]).lower()
    for stage, words in ((PRIMARY, ("小学", "primary", "elementary")), (JUNIOR, ("中学", "初中", "junior", "middle"))):
        if stage in data.system.stages and name.endswith((*words, *(f"{word} school" for word in words))):
            return {stage: 1}
    return dict.fromkeys(data.system.stages, 1)


def _rooms(data: DistrictData, stages: list[int], places: float | None) -> dict[int, int]:
    """Return class rooms by stage for so many places, shared out by grades; none where the places are not known."""
    if not places:
        return {}
    grades = {stage: len(data.system.grades(stage)) for stage in stages}
    whole = sum(grades.values())
    return {s: max(1, round(places * n / whole / class_size(data, s))) for s, n in grades.items()}


def _larger(data: DistrictData, row: Draft) -> Draft | str:
    """Return the project of a school that is to have so many places in all; why there is none where it has them."""
    places, school = written(row["places"]), data.schools[data.schools["key"] == row["key"]]
    has = {s: int(school[f"rooms_{STAGES[s]}"].iloc[0]) for s in data.system.stages}
    has = {stage: n for stage, n in has.items() if n}
    seats = sum(n * class_size(data, stage) for stage, n in has.items())
    if places is None or places <= seats:
        return f"it has {seats:,.0f} seats as it is, and the plan says {row['places'] or 'no number'}"
    stage = max(has, key=lambda s: has[s])
    more = max(1, round((places - seats) / class_size(data, stage)))
    settings: Draft = {"mode": "expansion", "school": row["key"], f"rooms_{STAGES[stage]}": more}
    settings |= {"in_use": {"due": f"{row['year']}-{ON_TIME}"}, "delay_probability_firm": 0.0}
    return _dated("new_schools", row, settings, int(data.spec["first_year"]) + 1)


def left_out(path: Path) -> list[str]:
    """Return what a scenario that was written of plans says that is not in it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("# ") for line in lines if line.startswith(NOT_IN)]
