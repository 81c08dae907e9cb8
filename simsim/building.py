"""Rooms and equipment under business as usual: full schools get rooms after a while, purchases follow the rolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsim.codes import STAGES

if TYPE_CHECKING:
    from simsim.district import District
    from simsim.schools import Part, School

BASELINE = "baseline"
FOLLOW_THE_ROLL = ("equipment_yuan", "computers", "books", "multimedia_rooms")


def clear_programs(district: District) -> None:
    """Start the year without programmes: each policy adds this year's value added, hour of sport and activities anew."""
    for part in district.parts:
        part.program = part.sport_hour = part.activities = 0.0
        part.guided = False


def add_rooms(district: District) -> None:
    """Add rooms to public stages that were full for `reactive_capacity_lag_years` Septembers in a row."""
    p = district.p
    step = float(district.rate("build/reactive-rooms", p["reactive_capacity_step"]))
    for part in district.parts:
        seats = part.rooms * int(p[f"class_size.target.{STAGES[part.stage]}"])
        part.full_years = part.full_years + 1 if part.pupils >= seats else 0
        if step and part.school.public and part.full_years >= p["reactive_capacity_lag_years"]:
            enlarge(district, part, max(1, round(step * part.rooms)), BASELINE)
            part.full_years = 0


def enlarge(district: District, part: Part, rooms: int, instance: str, measure: str | None = None) -> None:
    """Add class rooms, and teaching area in the school's present proportion; book the cost."""
    school = part.school
    area = rooms * school.facilities["teaching_area_m2"] / max(sum(other.rooms for other in school.parts.values()), 1)
    part.rooms += rooms
    school.facilities["teaching_area_m2"] += area
    district.spend(instance, "capital", area * district.p["building_cost"], measure)


def keep_up(district: District) -> None:
    """Buy equipment, computers and books for a share of the pupils that a school has gained since it was last equipped."""
    share = float(district.rate("settle/upkeep", district.p["equipment_upkeep"]))
    for school in district.open_schools:
        pupils = sum(part.pupils for part in school.parts.values())
        if 0 < school.equipped_for < pupils:
            buy(district, school, share * (pupils / school.equipped_for - 1.0), BASELINE)
        school.equipped_for = max(school.equipped_for, pupils)


def buy(district: District, school: School, growth: float, instance: str) -> None:
    """Let what a school has grow by a share; equipment costs its value, which holds computers and multimedia rooms, and books theirs."""
    added = {name: growth * school.facilities[name] for name in FOLLOW_THE_ROLL}
    for name, amount in added.items():
        school.facilities[name] += amount
    district.spend(instance, "capital", added["equipment_yuan"] + added["books"] * district.p["book_cost"])


def note_rolls(district: District) -> None:
    """Let every part know its September roll, by which next year's building reacts."""
    for part, n in zip(district.parts, district.rolls().tolist(), strict=True):
        part.pupils = n


