"""Runs looked at closely, for validation: a snapshot of every year, and pairs of worlds that differ by one deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd

from simsim.base.arrays import AnyArray
from simsim.base.calendar import SEPTEMBER
from simsim.base.codes import CORE
from simsim.district import District
from simsim.districts.files import DistrictData
from simsim.districts.system import SchoolSystem
from simsim.inputs.documents import Document
from simsim.policy import Policy, PolicySettings
from simsim.rules.monitoring import true_quality
from simsim.scenarios.scenario import Scenario
from simsim.studies.years import after
from simsim.world.staff import age, effects

Deed = Callable[[District], None]
PUPILS = ("id", "grade", "school", "ses", "migrant", "knowledge", "transitory", "score", "distance_km", "neighbourhood")
HOMES = ("home_x", "home_y")
TEACHERS = ("id", "stage", "subject", "title", "experience", "public", "years_in_school")
PARTS = ("key", "stage", "status", "perceived", "rooms", "x_km", "y_km")
WATCHED_YEARS = 18
"""How many years after the first the baseline is watched: past the peaks of enrolment."""


@dataclass(frozen=True)
class Snapshot:
    """A district in one year, as it was when the year was recorded: pupils, teachers
    and parts as columns, the parameters and the school system.
    """

    year: int
    pupils: Mapping[str, AnyArray]
    teachers: Mapping[str, AnyArray]
    parts: Mapping[str, AnyArray]
    p: Mapping[str, float]
    system: SchoolSystem

    @classmethod
    def of(cls, district: District) -> Snapshot:
        """Copy what patterns need; pupils without a seat are left out."""
        seated = district.student_parts() >= 0
        pupils = {name: getattr(district.students, name)[seated] for name in (*PUPILS, *HOMES)}
        pupils |= {
            "part": district.student_parts()[seated].astype(np.int64),
            "stage": district.system.stage_of(pupils["grade"]),
        }
        pupils["class"] = district.students.class_row[seated]
        teachers = {name: getattr(district.teachers, name).copy() for name in TEACHERS}
        teachers |= {
            "part": district.teacher_parts().astype(np.int64),
            "age": age(district),
            "effect": effects(district),
        }
        return cls(district.year, pupils, teachers, parts_of(district), dict(district.p), district.system)

    def table(self) -> pd.DataFrame:
        """Return the pupils as a table with the id as index."""
        return pd.DataFrame(dict(self.pupils)).set_index("id")


def parts_of(district: District) -> dict[str, AnyArray]:
    """Return the parts as columns; `principal` is the person's id, 0 where there is none."""
    parts = district.parts
    columns = {
        name: getattr(parts, name).copy() for name in ("key", "stage", "status", "perceived", "rooms", "x_km", "y_km")
    }
    columns |= {"public": parts.public, "quality": true_quality(district)}
    columns["principal"] = parts.of_schools(lambda school: school.principal.id if school.principal else 0)
    columns["core"] = district.staff_by_part()[:, CORE]
    return columns


class Watcher:
    """Keeps a snapshot of every year that a district records, and whatever else it is asked for."""

    def __init__(self, ask: Callable[[District], float | None] | None = None) -> None:
        self.snapshots: dict[int, Snapshot] = {}
        self.answers: dict[int, float] = {}
        self.ask = ask

    def __call__(self, district: District) -> None:
        """Look at the year that was just recorded."""
        self.snapshots[district.year] = Snapshot.of(district)
        answer = None if self.ask is None else self.ask(district)
        if answer is not None:
            self.answers[district.year] = answer


class Meddling(Policy):
    """Deeds done to a world by hand, by year and phase, and rates held at a
    multiple: what makes one world of a pair differ.
    """

    name: ClassVar[str] = "meddling"
    title: ClassVar[Mapping[str, str]] = {"zh": "人为改动", "en": "Meddling"}

    def __init__(self, deeds: Mapping[tuple[int, str], Deed], held: Mapping[str, float] | None = None) -> None:
        super().__init__("meddling", PolicySettings(), date(after(0), SEPTEMBER, 1), None)
        self.deeds, self.held = deeds, dict(held or {})
        self.rates = tuple(self.held)  # type: ignore[misc]

    def rate(self, name: str, district: District) -> float:
        """Return the multiple at which a rate is held."""
        return self.held[name]

    def act(self, phase: str, district: District) -> None:
        """Do what is due in this phase of this year."""
        if (district.year, phase) in self.deeds:
            self.deeds[district.year, phase](district)


@dataclass
class Watched:
    """One run and what was seen of it, year by year."""

    district: District
    snapshots: Mapping[int, Snapshot]
    answers: Mapping[int, float]

    @cached_property
    def rows(self) -> pd.Series:
        """The table of district and year, whole district only: indicator, stage and year as index."""
        table = self.district.tables()["district_year"]
        return table[table["group"] == "all"].set_index(["indicator", "stage", "year"])["value"].sort_index()

    def mean(
        self, indicator: str, stages: tuple[str, ...] = ("primary", "junior"), years: tuple[int, ...] = ()
    ) -> float:
        """Return the mean of an indicator over stages and years, the first two if none is named."""
        years = years or (after(0), after(1))
        return float(np.mean([self.rows[indicator, stage, when] for stage in stages for when in years]))


def watch(
    scenario: str | Path | Document | Scenario,
    seed: int,
    to: int,
    deeds: Mapping[tuple[int, str], Deed] | None = None,
    held: Mapping[str, float] | None = None,
    ask: Callable[[District], float | None] | None = None,
    data: DistrictData | None = None,
) -> Watched:
    """Run a scenario up to a year and watch it; `deeds` and `held` make it differ from a world without them."""
    district = District(scenario, seed=seed, data=data)
    watcher = Watcher(ask)
    district.watchers.append(watcher)
    if deeds or held:
        district.policies.append(Meddling(deeds or {}, held))
    district.run(to=to)
    return Watched(district, watcher.snapshots, watcher.answers)


def variant(
    name: str,
    policies: Mapping[str, object] | None = None,
    parameters: Mapping[str, float] | None = None,
    extends: str = "baseline",
) -> Scenario:
    """Return a scenario made on the spot: the baseline with policies and parameters changed."""
    words = {"schema": "simsim-scenario/1", "name": name, "title": {"en": name, "zh": name}, "extends": extends}
    return Scenario.load(words | {"parameters": dict(parameters or {}), "policies": dict(policies or {})})


@dataclass
class Replication:
    """The worlds of one replication; those that several patterns look at are run once and kept."""

    seed: int
    data: DistrictData | None = None
    shared: tuple[str, ...] = ("baseline", "open-choice")
    kept: dict[str, Watched] = field(default_factory=dict)

    def of(self, scenario: str | Path | Document | Scenario, to: int) -> Watched:
        """Return a watched run of a scenario; of a shared one the same run again when it went at least as far."""
        if scenario not in self.shared:
            return watch(scenario, self.seed, to, data=self.data)
        if scenario not in self.kept or max(self.kept[scenario].snapshots) < to:
            self.kept[scenario] = watch(scenario, self.seed, to, data=self.data)
        return self.kept[scenario]


def base(replication: Replication, to: int | None = None) -> Watched:
    """Return the baseline of a replication."""
    return replication.of("baseline", after(WATCHED_YEARS) if to is None else to)


def achievement_gap(one: Snapshot, other: Snapshot) -> pd.Series:
    """Return by pupil how much higher true achievement is in one world than in the other."""
    a, b = (table["knowledge"] + table["transitory"] for table in (one.table(), other.table()))
    return (a - b).dropna()


def mean_gap(one: Watched, other: Watched, year: int) -> float:
    """Return how much higher true achievement is in one world, mean over the pupils of both."""
    return float(achievement_gap(one.snapshots[year], other.snapshots[year]).mean())
