"""What a school that is to open is given where its plan does not say so: stages, class rooms, and whom it takes.

The same for a scenario of an office's plans and for schools that opened in its past, so that one tests the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.districts.files import DistrictData
from simsim.districts.own_forecast import rules
from simsim.inputs import parameters
from simsim.inputs.documents import Draft

KINDS = {(True, False): "primary", (False, True): "junior", (True, True): "nine_year"}
ON_TIME = "08"
"""The month by whose end a building is in use that opens in September."""

LEAST = 0.001
"""Share of addresses that a setting can hold."""


@dataclass(frozen=True)
class Opening:
    """A school that is to open: how many grades of each of its stages at once, class rooms by stage (none: not known),
    its place (km) and its area where they are known.
    """

    key: int
    name: str
    year: int
    grades: Mapping[int, int]
    rooms: dict[int, int] = field(default_factory=dict)
    place: tuple[float, float] | None = None
    area: str = ""


@dataclass
class Claimed:
    """Which neighbourhoods openings have been given already, by stage: two schools cannot have the same addresses."""

    by_stage: dict[int, set[int]] = field(default_factory=lambda: {PRIMARY: set(), JUNIOR: set()})

    def free(self, stage: int, homes: Sequence[int]) -> list[int]:
        """Return the neighbourhoods that are not given yet; all where none is left."""
        return [key for key in homes if key not in self.by_stage[stage]] or list(homes)


def settings_of(data: DistrictData, opening: Opening, claimed: Claimed, others: int = 0) -> Draft:
    """Return the settings of its `new_schools` project; `others` open later without a known place or area.

    Without known rooms it is as large as schools that open are (parameters/forecast.yaml, opening).
    """
    settings: Draft = {"school": opening.key, "name": {"zh": opening.name, "en": opening.name}}
    settings["kind"] = KINDS[PRIMARY in opening.grades, JUNIOR in opening.grades]
    shares = []
    for stage in opening.grades:
        homes = homes_of(data, opening, stage, claimed, others)
        claimed.by_stage[stage] |= set(homes)
        pupils = rules()["opening.size"] * usual_grade(data, stage)
        a_grade = max(1, int(np.ceil(pupils / class_size(data, stage))))
        rooms = opening.rooms.get(stage, a_grade * len(data.system.grades(stage)))
        settings |= {f"rooms_{STAGES[stage]}": rooms, f"catchment_{STAGES[stage]}": homes}
        if stage in opening.rooms:
            there = _rooms(data, stage, homes)
            shares.append(rooms / (rooms + there))
        else:
            shares.append(min(pupils / (seekers(data, stage, homes) or pupils), rules()["opening.most"]))
    if opening.place is not None:
        settings |= dict(zip(("x_km", "y_km"), opening.place, strict=True))
    settings["catchment_share"] = max(round(float(np.mean(shares)), 3), LEAST)
    if max(opening.grades.values()) > 1:
        settings |= {"fill": "all_grade", "all_grade_share": 1.0}
        settings |= {f"grades_{STAGES[stage]}": n for stage, n in opening.grades.items()}
    return settings | {"in_use": {"due": f"{opening.year}-{ON_TIME}"}, "delay_probability_firm": 0.0}


def begun(data: DistrictData, grades: Sequence[str]) -> dict[int, int]:
    """Return by stage with how many grades a school begins that teaches some (names): from the first of a stage on
    without a gap; a stage of which it has not the first only where it has no other, with one.
    """
    system, runs = data.system, {}
    for stage in system.stages:
        taught = [system.names[grade] in grades for grade in system.grades(stage)]
        if any(taught):
            runs[stage] = next((n for n, here in enumerate(taught) if not here), len(taught))
    return {stage: run for stage, run in runs.items() if run} or dict.fromkeys(runs, 1)


def class_size(data: DistrictData, stage: int) -> float:
    """Return the pupils that a class of a stage is meant to have."""
    name = f"class_size.target.{STAGES[stage]}"
    return float(data.own_parameters().get(name, parameters.load()[name].value))


def usual_grade(data: DistrictData, stage: int) -> float:
    """Return the mean pupils of a grade of a stage in the schools that have any in it."""
    pupils = _pupils(data, stage)
    return float(pupils.sum() / max(int((pupils > 0).sum()), 1))


def seekers(data: DistrictData, stage: int, homes: Sequence[int]) -> float:
    """Return the pupils of a grade of a stage who live in some neighbourhoods and go where the catchment says: the mean
    grade of its schools; into a later stage those who leave the last grade before it and have no place in their school.
    """
    schools, places = data.schools, data.neighbourhoods
    coming, from_stage = _pupils(data, stage).mean(axis=1), stage
    if stage == JUNIOR and PRIMARY in data.system.stages:
        coming, from_stage = np.maximum(_pupils(data, PRIMARY)[:, -1] - _pupils(data, JUNIOR)[:, 0], 0.0), PRIMARY
    by_key = dict(zip(schools["key"].tolist(), coming.tolist(), strict=True))
    served = places[f"catchment_{STAGES[from_stage]}"]
    share = places["births_share"] / places.groupby(served)["births_share"].transform("sum")
    lives = served.map(by_key).fillna(0.0) * share
    return float(lives[places["key"].isin(list(homes))].sum())


def homes_of(data: DistrictData, opening: Opening, stage: int, claimed: Claimed, others: int = 0) -> list[int]:
    """Return the keys of the neighbourhoods whose addresses it shares: of its area, else of the nearest schools, else,
    where nobody knows its place, its part of all that no other school that opens has.
    """
    places = data.neighbourhoods[data.neighbourhoods["included"].astype(bool)]
    served = places[f"catchment_{STAGES[stage]}"]
    area = places.loc[places["parent"].astype(str) == opening.area, "key"].tolist() if opening.area else []
    if area:
        return [int(key) for key in area]
    if opening.place is None:
        return claimed.free(stage, [int(key) for key in places["key"].tolist()])[:: others + 1]
    at = data.schools.set_index("key")[["x_km", "y_km"]].to_numpy(float)
    apart = np.hypot(*(at - np.array(opening.place)).T)
    order = data.schools["key"].to_numpy()[np.argsort(apart, kind="stable")]
    nearest = [key for key in order.tolist() if key in set(served.tolist())][: int(rules()["opening.nearest"])]
    return claimed.free(stage, [int(key) for key in places.loc[served.isin(nearest), "key"].tolist()])


def _pupils(data: DistrictData, stage: int) -> np.ndarray:
    """Return pupils of a stage by school and grade (schools, grades)."""
    columns = [data.system.columns[grade] for grade in data.system.grades(stage)]
    return data.schools[columns].to_numpy(float)


def _rooms(data: DistrictData, stage: int, homes: Sequence[int]) -> float:
    """Return the class rooms of the schools that serve some neighbourhoods; of a mean school where none does."""
    rooms, served = data.schools.set_index("key")[f"rooms_{STAGES[stage]}"], data.neighbourhoods
    keys = served.loc[served["key"].isin(list(homes)), f"catchment_{STAGES[stage]}"].unique()
    there = float(rooms[rooms.index.isin(keys)].sum())
    return there or float(rooms[rooms > 0].mean())
