"""Rooms and equipment under business as usual: full schools get rooms after a while, purchases follow the rolls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from simsim.base.codes import STAGES
from simsim.base.sums import added_up
from simsim.inputs.standards import load_standard
from simsim.world import asked
from simsim.world.schools import Part, School
from simsim.world.world import World

BASELINE = "baseline"
FOLLOW_THE_ROLL = ("equipment_yuan", "computers", "books", "multimedia_rooms")
Goods = dict[str, float]
VALUE = "equipment_yuan"
SENIOR_STAGE = len(STAGES)
ROOMS = "multimedia_rooms"
UNIT_COST = {
    "computers": "computer_cost",
    ROOMS: "multimedia_room_cost",
    "books": "book_cost",
    "teaching_area_m2": "building_cost",
    "sports_area_m2": "sports_area_cost",
}
IN_VALUE = ("computers", ROOMS)
"""Goods that are part of the value of equipment (教学仪器设备值)."""
FITTINGS = (VALUE, "computers", "books")
STANDARD = (*FITTINGS, ROOMS, "teaching_area_m2", "sports_area_m2")


def clear_programs(world: World) -> None:
    """Start the year without programmes: each policy adds this
    year's value added, hour of sport and activities anew.
    """
    parts = world.parts
    for column in (parts.program, parts.sport_hour, parts.activities):
        column[:] = 0.0
    parts.guided[:] = False


def add_rooms(world: World) -> None:
    """Add rooms to public stages that were full for `reactive_capacity_lag_years` Septembers in a row."""
    p, parts = world.p, world.parts
    step = float(world.rate("build/reactive-rooms", p["reactive_capacity_step"]))
    parts.full_years = np.where(parts.pupils >= parts.seats(p), parts.full_years + 1, 0)
    if not step:
        return
    for row in np.flatnonzero(parts.public & (parts.full_years >= p["reactive_capacity_lag_years"])).tolist():
        enlarge(world, parts[row], max(1, round(step * parts[row].rooms)), BASELINE)
        parts.full_years[row] = 0


def enlarge(world: World, part: Part, rooms: int, instance: str, measure: str | None = None) -> None:
    """Add class rooms, and teaching area in the school's present proportion; book the cost.

    InputError for what is no number of rooms.
    """
    asked.count("enlarge", "rooms", rooms)
    yuan = rooms_cost(world, part, rooms)
    part.school.facilities["teaching_area_m2"] += rooms * area_of_a_room(part.school)
    part.rooms += rooms
    world.spend(instance, "capital", yuan, measure)


def area_of_a_room(school: School) -> float:
    """Return the teaching area of a school per class room (m2)."""
    return school.facilities["teaching_area_m2"] / max(sum(part.rooms for part in school.parts.values()), 1)


def rooms_cost(world: World, part: Part, rooms: int) -> float:
    """Return what so many more class rooms cost at a part (yuan)."""
    return rooms * area_of_a_room(part.school) * world.p["building_cost"]


def keep_up(world: World) -> None:
    """Buy equipment, computers and books for a share of the pupils
    that a school has gained since it was last equipped.
    """
    share = float(world.rate("settle/upkeep", world.p["equipment_upkeep"]))
    for school in world.open_schools:
        pupils = sum(part.pupils for part in school.parts.values())
        if 0 < school.equipped_for < pupils:
            buy(world, school, share * (pupils / school.equipped_for - 1.0), BASELINE)
        school.equipped_for = max(school.equipped_for, pupils)


def buy(world: World, school: School, growth: float, instance: str) -> None:
    """Let what a school has grow by a share; equipment costs its value, which holds
    computers and multimedia rooms, and books theirs. InputError for what is no number.
    """
    asked.number("buy", "growth", growth)
    added = {name: growth * school.facilities[name] for name in FOLLOW_THE_ROLL}
    for name, amount in added.items():
        school.facilities[name] += amount
    world.spend(instance, "capital", added["equipment_yuan"] + added["books"] * world.p["book_cost"])


def note_rolls(world: World) -> None:
    """Let every part know its September roll, by which next year's building reacts."""
    world.parts.pupils = world.parts.rolls()


@cache
def weights() -> tuple[float, float, float]:
    """Return what a primary, a junior and a senior pupil count in the official split."""
    split = load_standard("basic-2012").split_weights
    return split["primary"], split["junior"], split["senior"]


def claims(school: School) -> tuple[dict[int, float], float]:
    """Return the claims of a school's parts (by stage) on what belongs to all, and the sum with its senior pupils."""
    weight = weights()
    parts = {stage: weight[stage] * part.pupils for stage, part in school.parts.items()}
    return parts, added_up(parts.values()) + weight[SENIOR_STAGE] * school.senior_pupils


def for_parts(school: School, amounts: dict[int, float]) -> float:
    """Return what the whole school needs so that each part gets its amount (by stage) after the official split by
    pupils.
    """
    parts, total = claims(school)
    return max((amounts[stage] * total / parts[stage] for stage in amounts if parts[stage] > 0.0), default=0.0)


def standard(world: World, school: School, good: str) -> float:
    """Return the least of a good that a school must have for its last September roll."""
    return standards(world, school, [good])[good]


def standards(world: World, school: School, goods: Iterable[str]) -> Goods:
    """Return the least of each good that a school must have for its last September roll, so that each part gets its
    amount after the official split by pupils.
    """
    p, (parts, total) = world.p, claims(school)
    pupils = [(stage, part.pupils, parts[stage]) for stage, part in school.parts.items() if parts[stage] > 0.0]
    return {
        good: max(
            [p[f"equipment_standard.{good}.{STAGES[stage]}"] * n * total / claim for stage, n, claim in pupils],
            default=0.0,
        )
        for good in goods
    }


def missing(world: World, school: School, goods: Iterable[str]) -> Goods:
    """Return what a school lacks of the standard; computers and rooms that are
    bought count towards the value of equipment.
    """
    goods = list(goods)
    least = standards(world, school, goods)
    gap = {good: max(least[good] - school.facilities[good], 0.0) for good in goods}
    if VALUE in gap:
        gap[VALUE] = max(gap[VALUE] - value_of(world, {good: gap.get(good, 0.0) for good in IN_VALUE}), 0.0)
    return {good: amount for good, amount in gap.items() if amount > 0.0}


def missing_rooms(school: School, per_class: float) -> Goods:
    """Return the multimedia rooms that a school lacks for so many a class room."""
    gap = (
        for_parts(school, {stage: per_class * part.rooms for stage, part in school.parts.items()})
        - school.facilities[ROOMS]
    )
    return {ROOMS: gap} if gap > 0.0 else {}


def value_of(world: World, goods: Goods) -> float:
    """Return the value of the goods among them that count as equipment."""
    return added_up(goods.get(good, 0.0) * world.p[UNIT_COST[good]] for good in IN_VALUE)


def cost(world: World, goods: Goods) -> float:
    """Return what goods cost; instruments cost their value."""
    return goods.get(VALUE, 0.0) + added_up(
        amount * world.p[UNIT_COST[good]] for good, amount in goods.items() if good in UNIT_COST
    )


def purchase(world: World, school: School, goods: Goods, instance: str, measure: str | None) -> float:
    """Give goods to a school and book their cost; return the value of equipment that was added."""
    added = goods.get(VALUE, 0.0) + value_of(world, goods)
    for good, amount in goods.items():
        school.facilities[good] += amount if good != VALUE else 0.0
    school.facilities[VALUE] += added
    world.spend(instance, "capital", cost(world, goods), measure)
    return added


def meets(world: World, school: School) -> bool:
    """Whether a school has the standard of instruments, computers and books for its roll."""
    least = standards(world, school, FITTINGS)
    return all(least[good] <= school.facilities[good] * (1.0 + 1e-9) for good in FITTINGS)


def use(world: World) -> float:
    """Return the share of the equipment that is in use, at most all of it."""
    return min(float(world.rate("teach/utilisation", world.p["equipment_use_2014"])), 1.0)
