"""What schools lack of a standard of equipment, what that costs, and how far what they have is used."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from simsim.codes import STAGES
from simsim.standards import load_standard

if TYPE_CHECKING:
    from simsim.district import District
    from simsim.schools import School

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


@cache
def weights() -> tuple[float, float, float]:
    """Return what a primary, a junior and a senior pupil count in the official split."""
    split = load_standard("basic-2012").split_weights
    return split["primary"], split["junior"], split["senior"]


def claims(school: School) -> tuple[dict[int, float], float]:
    """Return the claims of a school's parts (by stage) on what belongs to all, and the sum with its senior pupils."""
    weight = weights()
    parts = {stage: weight[stage] * part.pupils for stage, part in school.parts.items()}
    return parts, sum(parts.values()) + weight[SENIOR_STAGE] * school.senior_pupils


def for_parts(school: School, amounts: dict[int, float]) -> float:
    """Return what the whole school needs so that each part gets its amount (by stage) after the official split by pupils."""
    parts, total = claims(school)
    return max((amounts[stage] * total / parts[stage] for stage in amounts if parts[stage] > 0.0), default=0.0)


def standard(district: District, school: School, good: str) -> float:
    """Return the least of a good that a school must have for its last September roll."""
    p = district.p
    return for_parts(school, {s: p[f"equipment_standard.{good}.{STAGES[s]}"] * part.pupils for s, part in school.parts.items()})


def missing(district: District, school: School, goods: Iterable[str]) -> Goods:
    """Return what a school lacks of the standard; computers and rooms that are bought count towards the value of equipment."""
    goods = list(goods)
    gap = {good: max(standard(district, school, good) - school.facilities[good], 0.0) for good in goods}
    if VALUE in gap:
        gap[VALUE] = max(gap[VALUE] - value_of(district, {good: gap.get(good, 0.0) for good in IN_VALUE}), 0.0)
    return {good: amount for good, amount in gap.items() if amount > 0.0}


def missing_rooms(school: School, per_class: float) -> Goods:
    """Return the multimedia rooms that a school lacks for so many a class room."""
    gap = for_parts(school, {stage: per_class * part.rooms for stage, part in school.parts.items()}) - school.facilities[ROOMS]
    return {ROOMS: gap} if gap > 0.0 else {}


def value_of(district: District, goods: Goods) -> float:
    """Return the value of the goods among them that count as equipment."""
    return sum(goods.get(good, 0.0) * district.p[UNIT_COST[good]] for good in IN_VALUE)


def cost(district: District, goods: Goods) -> float:
    """Return what goods cost; instruments cost their value."""
    return goods.get(VALUE, 0.0) + sum(amount * district.p[UNIT_COST[good]] for good, amount in goods.items() if good in UNIT_COST)


def purchase(district: District, school: School, goods: Goods, instance: str, measure: str | None) -> float:
    """Give goods to a school and book their cost; return the value of equipment that was added."""
    added = goods.get(VALUE, 0.0) + value_of(district, goods)
    for good, amount in goods.items():
        school.facilities[good] += amount if good != VALUE else 0.0
    school.facilities[VALUE] += added
    district.spend(instance, "capital", cost(district, goods), measure)
    return added


def meets(district: District, school: School) -> bool:
    """Whether a school has the standard of instruments, computers and books for its roll."""
    return all(standard(district, school, good) <= school.facilities[good] * (1.0 + 1e-9) for good in FITTINGS)


def use(district: District) -> float:
    """Return the share of the equipment that is in use, at most all of it."""
    return min(float(district.rate("teach/utilisation", district.p["equipment_use_2014"])), 1.0)
