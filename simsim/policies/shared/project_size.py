"""How large a building project is: rooms and places, the grades it teaches, and what they need of every facility."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from simsim.base.codes import STAGES, stages_of
from simsim.inputs.standards import load_standard
from simsim.policies.shared.building_project import ProjectSettings
from simsim.policies.shared.new_school import n_grades
from simsim.world.schools import FACILITIES
from simsim.world.world import World

SENIOR_GRADES = 3
CLASSES_A_GRADE = 2
MOVES_WITH_A_SCHOOL = ("equipment_yuan", "computers", "books", "multimedia_rooms")


def rooms(district: World, s: ProjectSettings) -> list[int]:
    """Return the class rooms by stage that a project builds."""
    if s.mode == "opening":
        usual = [
            CLASSES_A_GRADE * n_grades(district, stage) * (stage in stages_of(s.kind)) for stage in range(len(STAGES))
        ]
    else:
        parts = district.schools[s.school].parts
        usual = [parts[stage].rooms if stage in parts and s.mode == "relocation" else 0 for stage in range(len(STAGES))]
    given = (s.rooms_primary, s.rooms_junior)
    return [own if built is None else built for built, own in zip(given, usual, strict=True)]


def places(district: World, s: ProjectSettings) -> list[float]:
    """Return places by stage: class rooms of the target size."""
    return [
        built * district.p[f"class_size.target.{word}"] for built, word in zip(rooms(district, s), STAGES, strict=True)
    ]


def moved_grades(district: World, s: ProjectSettings, stage: int) -> range:
    """Return the grades above the first that a school takes pupils into when it opens."""
    system, n = district.system, (s.grades_primary, s.grades_junior)[stage]
    if s.fill != "all_grade":
        return range(0)
    first, last = system.first_grade[stage], system.last_grade[stage]
    return system.moved_grades(stage) if n is None else range(first + 1, min(first + n, last + 1))


def open_grades(district: World, s: ProjectSettings, stage: int, since: int) -> int:
    """Return how many grades of a stage a school teaches `since` years after it opened."""
    first, last = district.system.first_grade[stage], district.system.last_grade[stage]
    return min(max(moved_grades(district, s, stage), default=first) + since, last) - first + 1


def senior_pupils(s: ProjectSettings, since: int) -> int:
    """Return how many senior pupils a school has `since` years after it opened: a grade more every year."""
    return round(s.senior_pupils * min(since + 1, SENIOR_GRADES) / SENIOR_GRADES)


def standard(district: World, s: ProjectSettings, since: int | None = None) -> dict[str, float]:
    """Return what the planned places need of every facility, or those open `since` years after the opening.

    A senior place counts as when buildings are split (1.2 junior ones).
    """
    primary, junior = (
        planned * (1.0 if since is None else open_grades(district, s, stage, since) / n_grades(district, stage))
        for stage, planned in enumerate(places(district, s))
    )
    junior += senior_weight() * (s.senior_pupils if since is None else senior_pupils(s, since))
    p = district.p
    return {
        name: primary * p[f"new_school.{name}.primary"] + junior * p[f"new_school.{name}.junior"] for name in FACILITIES
    }


@cache
def senior_weight() -> float:
    """Return what a senior pupil counts against a junior one when buildings are split (1.32 to 1.1)."""
    weights = load_standard("basic-2012").split_weights
    return weights["senior"] / weights["junior"]


def missing(there: Mapping[str, float], needed: Mapping[str, float]) -> dict[str, float]:
    """Return what is missing of a standard among the things that move with a school."""
    return {name: max(needed[name] - there.get(name, 0.0), 0.0) for name in MOVES_WITH_A_SCHOOL}


def price(district: World, added: Mapping[str, float]) -> float:
    """Return what equipment (computers and multimedia are in it) and books cost."""
    return added["equipment_yuan"] + added["books"] * district.p["book_cost"]
