"""What a school that is to open is given where its plan does not say so: stages, class rooms, and whom it takes.

The same for a scenario of an office's plans and for schools that opened in its past, so that one tests the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simsim.base.arrays import Floats
from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.districts.calibrated import Calibrated
from simsim.districts.files import DistrictData
from simsim.districts.own_forecast import rules
from simsim.inputs import parameters
from simsim.inputs.documents import Draft
from simsim.rules.own_account import balanced
from simsim.world.neighbourhoods import Neighbourhoods

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
    homes = {}
    for stage in opening.grades:
        homes[stage] = homes_of(data, opening, stage, claimed, others)
        claimed.by_stage[stage] |= set(homes[stage])
        a_grade = max(1, int(np.ceil(size(data, opening, stage) / class_size(data, stage))))
        rooms = opening.rooms.get(stage, a_grade * len(data.system.grades(stage)))
        settings |= {f"rooms_{STAGES[stage]}": rooms, f"catchment_{STAGES[stage]}": homes[stage]}
    if opening.place is not None:
        settings |= dict(zip(("x_km", "y_km"), opening.place, strict=True))
    settings["catchment_share"] = share = max(round(_share(data, opening, homes), 3), LEAST)
    if max(opening.grades.values()) > 1:
        settings |= {"fill": "all_grade", "all_grade_share": _moving(data, opening, homes, share)}
        settings |= {f"grades_{STAGES[stage]}": n for stage, n in opening.grades.items()}
    return settings | {"in_use": {"due": f"{opening.year}-{ON_TIME}"}, "delay_probability_firm": 0.0}


def size(data: DistrictData, opening: Opening, stage: int) -> float:
    """Return the pupils of a grade of a stage in a school of unknown size: of the grades that it opens with."""
    return rules()["opening.size"] * usual_grade(data, stage, opening.grades[stage])


def _share(data: DistrictData, opening: Opening, homes: Mapping[int, list[int]]) -> float:
    """Return the share of the addresses of its `homes` (by stage) that it has: its rooms of all rooms there, else as
    many as make it as large as it is to be.
    """
    if opening.rooms:
        rooms = {stage: (n, _rooms(data, stage, homes[stage])) for stage, n in opening.rooms.items()}
        return float(np.mean([own / (own + there) for own, there in rooms.values()]))
    pupils = sum(size(data, opening, stage) for stage in opening.grades)
    seek = sum(seekers(data, stage, homes[stage], opening.year) for stage in opening.grades)
    return min(pupils / seek, rules()["opening.most"]) if seek > 0 else rules()["opening.most"]


def _moving(data: DistrictData, opening: Opening, homes: Mapping[int, list[int]], share: float) -> float:
    """Return the share of pupils of its addresses (a `share` of its `homes`) in the grades above the first who change
    to it: all where its rooms are known, else as many as make these grades as large as they are to be.
    """
    if opening.rooms:
        return 1.0
    more = {stage: n - 1 for stage, n in opening.grades.items()}
    wanted = sum(n * size(data, opening, stage) for stage, n in more.items())
    there = sum(_above(data, stage, homes[stage], n) for stage, n in more.items())
    return max(round(min(wanted / (share * there), 1.0), 3), LEAST) if there else 1.0


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


def usual_grade(data: DistrictData, stage: int, grades: int | None = None) -> float:
    """Return the mean pupils of one of the first `grades` of a stage (none: of all) in the schools that have any in it,
    a grade like the other; 0 where no school has.
    """
    pupils = _pupils(data, stage)[:, :grades]
    schools = (pupils > 0).sum(axis=0)
    means = pupils.sum(axis=0)[schools > 0] / schools[schools > 0]
    return float(means.mean()) if len(means) else 0.0


def seekers(data: DistrictData, stage: int, homes: Sequence[int], year: int) -> float:
    """Return the children of some neighbourhoods who are expected to begin a stage in a year without a place yet.

    In a calibrated district they are those of its account: one who arrives, or comes from a school that ends, seeks a
    place too. In another: the mean grade of its schools; into a later stage those who leave the last grade before it
    and have no place in their school.
    """
    if data.calibrated is not None and year in data.calibrated.schools:
        return _by_account(data, data.calibrated, stage, homes, year)
    coming, from_stage = _pupils(data, stage).mean(axis=1), stage
    if stage == JUNIOR and PRIMARY in data.system.stages:
        coming, from_stage = np.maximum(_pupils(data, PRIMARY)[:, -1] - _pupils(data, JUNIOR)[:, 0], 0.0), PRIMARY
    return _living(data, from_stage, homes, coming)


def _by_account(data: DistrictData, own: Calibrated, stage: int, homes: Sequence[int], year: int) -> float:
    """Return the same as the account of a calibrated district expects it, without drift."""
    p = {name: parameter.value for name, parameter in parameters.load().items()} | data.own_parameters()
    places, coming = Neighbourhoods.of(data), float(data.spec["migration"]["migrant_share_of_arrivals"]["value"])
    account = balanced(own.until(year), data.system, p, places, 0.0, coming)
    arrive = account.arrivals[year][:, data.system.first_grade[stage] - 1]
    begin = account.entrants[year] if stage == data.system.stages[0] else account.movers[year]
    return float((begin + arrive)[np.isin(places.key, homes)].sum())


def _above(data: DistrictData, stage: int, homes: Sequence[int], grades: int) -> float:
    """Return the pupils of so many `grades` after the first of a stage who live in some neighbourhoods."""
    return _living(data, stage, homes, _pupils(data, stage)[:, 1 : grades + 1].sum(axis=1))


def _living(data: DistrictData, stage: int, homes: Sequence[int], pupils: Floats) -> float:
    """Return how many of schools' `pupils` (schools) live in some neighbourhoods of those that a stage's schools serve,
    by births.
    """
    places, by_key = data.neighbourhoods, dict(zip(data.schools["key"].tolist(), pupils.tolist(), strict=True))
    served = places[f"catchment_{STAGES[stage]}"]
    share = places["births_share"] / places.groupby(served)["births_share"].transform("sum")
    return float((served.map(by_key).fillna(0.0) * share)[places["key"].isin(list(homes))].sum())


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
