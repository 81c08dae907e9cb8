"""Schools as Mesa agents, and their parts: one stage of one school, where classes are taught."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from simsim.codes import JUNIOR, N_GRADES, PRIMARY, SUBJECT_GROUPS, stages_of

if TYPE_CHECKING:
    from simsim.clusters import Cluster
    from simsim.principals import Principal

FACILITIES = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")


@dataclass(eq=False, slots=True)
class Part:
    """One stage of one school: its class rooms, posts and what families and monitors see of it.

    `posts` counts teachers' posts by subject group; `residual`, `program` and `principal` are value added in SD a
    year (`program` starts every year at 0, and policies add to it); `status` is the school's standing in SD among parts
    of its stage; `pupils` is the last September roll; `full_years` counts September rolls that reached the seats. While a
    new part fills, `top_grade` is the highest grade that it takes, and new teachers go to its vacancies first (`opening`).
    `sport_hour` is the share of the daily hour of sport that takes place, `activities` the share of a place-year of skill
    lessons that every pupil gets, `guided` whether they follow 2+1; `supported` marks this year's weakest by monitoring,
    `evaluation` is the whole-person evaluation (SD in the stage; NaN where there is none).
    """

    school: School
    stage: int
    rooms: int
    posts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(SUBJECT_GROUPS), np.int64))
    residual: float = 0.0
    program: float = 0.0
    status: float = 0.0
    perceived: float = 0.0
    monitored: float = 0.0
    intake: float = 0.0
    pupils: int = 0
    full_years: int = 0
    top_grade: int = N_GRADES
    opening: bool = False
    sport_hour: float = 0.0
    activities: float = 0.0
    guided: bool = False
    supported: bool = False
    evaluation: float = nan

    @property
    def key(self) -> int:
        """The stable key of the school."""
        return self.school.key


class School(mesa.Agent):
    """One school. `key` is the stable id of schools.csv or of a policy's settings; Mesa's `unique_id` names nothing."""

    def __init__(self, model: mesa.Model, key: int, kind: str, ownership: str, urban: bool, x: float, y: float) -> None:
        super().__init__(model)
        self.key, self.kind, self.ownership, self.urban = int(key), kind, ownership, bool(urban)
        self.name: dict[str, str] = {}
        self.x_km, self.y_km = float(x), float(y)
        self.facilities = dict.fromkeys(FACILITIES, 0.0)
        self.senior_pupils = 0
        self.equipped_for = 0
        self.opened = 0
        self.building_year = 0
        self.recognition: tuple[str, ...] = ()
        self.evaluates = False
        self.shared_lessons = False
        self.cluster: Cluster | None = None
        self.principal: Principal | None = None
        self.parts: dict[int, Part] = {}

    @property
    def public(self) -> bool:
        """Whether the district runs the school."""
        return self.ownership == "public"

    def open_parts(self, rooms: tuple[int, int]) -> None:
        """Give the school its parts, with class rooms for primary and junior."""
        self.parts = {stage: Part(self, stage, rooms[stage]) for stage in stages_of(self.kind)}

    @property
    def direct_promotion(self) -> bool:
        """Whether pupils of grade 6 stay for grade 7."""
        return PRIMARY in self.parts and JUNIOR in self.parts

    def __repr__(self) -> str:
        return f"School({self.key}, {self.name.get('en', '')})"
