"""The record of a run: one row an indicator and year, kept in lists while it runs and given out as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simsim import principals, staffing_gap
from simsim.codes import FIRST_GRADE, JUNIOR, NO_SCHOOL, STAGES

if TYPE_CHECKING:
    from simsim.district import District
    from simsim.schools import School

Floats = NDArray[np.float64]
ALL = "all"
COLUMNS = {
    "district_year": ("year", "stage", "group", "indicator", "value"),
    "teacher_moves": ("year", "teacher", "origin", "destination", "reason", "instance", "stage", "backbone", "km"),
    "milestones": ("measure", "milestone", "due", "done", "striving", "met"),
    "costs": ("year", "instance", "measure", "kind", "value"),
    "notices": ("year", "stage", "school", "indicator", "value", "line", "gap"),
    "ledger_year": ("year", "instance", "measure", "planned", "funded", "spent"),
    "touched": ("instance", "measure", "policy", "value"),
    "schools": ("year", "school", "name_zh", "name_en", "kind", "ownership", "urban", "x_km", "y_km", "opened", "cluster"),
}

BY_UNIT = {
    "school_year": ("year", "stage", "school", "indicator", "value"),
    "neighbourhood_year": ("year", "stage", "neighbourhood", "indicator", "value"),
}


class Recorder:
    """Everything a run leaves behind."""

    def __init__(self) -> None:
        self.district: list[tuple[int, str, str, str, float]] = []
        self.by_school: list[pd.DataFrame] = []
        self.by_place: list[pd.DataFrame] = []
        self.moves: list[tuple[Any, ...]] = []
        self.milestones: list[tuple[Any, ...]] = []
        self.costs: list[tuple[int, str, str, str, float]] = []
        self.notices: list[tuple[Any, ...]] = []
        self.schools: list[tuple[Any, ...]] = []

    def note(self, district: District, indicator: str, value: float, stage: str = ALL, group: str = ALL) -> None:
        """Write one number of this year."""
        self.district.append((district.year, stage, group, indicator, float(value)))

    def note_all(self, district: District, values: dict[str, float], stage: str = ALL, group: str = ALL) -> None:
        """Write several numbers of this year."""
        for indicator, value in values.items():
            self.note(district, indicator, value, stage, group)

    def record(self, district: District) -> None:
        """Write this year: flows, seats, staff, scores and official indicators by stage, and the tables by school and place."""
        from simsim import equity, evenness, groups, outcomes

        amounts = outcomes.inputs(district)
        gap = staffing_gap.surplus(district)
        table = school_table(district, amounts) | staffing_gap.by_school(gap)
        for stage, word in enumerate(STAGES):
            mine = table["stage_code"] == stage
            self.note_all(district, seat_totals({k: v[mine] for k, v in table.items()}, pupil_column(district, stage)), word)
            self.note_all(district, staff_totals(district, stage) | staffing_gap.totals(gap[mine]), word)
            self.note_all(district, outcomes.teaching(district, stage), word)
            self.note_all(district, outcomes.scores(district, stage), word)
            self.note_all(district, outcomes.official(district, amounts, stage), word)
            self.note_all(district, class_totals(district, stage), word)
            self.note_all(district, evenness.evenness(district, stage), word)
            self.note_all(district, equity.resource_equity(district, amounts, stage), word)
        for name, word, group, value in groups.rows(district, amounts, table):
            self.note(district, name, value, word, group)
        self._groups(district)
        self._flows(district)
        self.note_all(district, principals.summary(district))
        self.by_school.append(long_schools(district, table))
        self.by_place.append(long_places(district))
        self.schools += [school_row(district.year, school) for school in district.open_schools]

    def _groups(self, district: District) -> None:
        """Write pupils by group, and district totals."""
        students = district.students
        seated = students.school != NO_SCHOOL
        parts = district.student_parts()
        urban = np.array([part.school.urban for part in district.parts])[parts] & seated
        public = np.array([part.school.public for part in district.parts])[parts]
        groups = {
            ALL: seated,
            "urban": urban,
            "rural": seated & ~urban,
            "migrant": seated & students.migrant,
            "local": seated & ~students.migrant,
            "private": seated & ~public,
            "poor": seated & students.poor,
        }
        junior = students.grade >= FIRST_GRADE[JUNIOR]
        for group, mask in groups.items():
            for word, stage in (("primary", mask & ~junior), ("junior", mask & junior), (ALL, mask)):
                self.note(district, "pupils", np.count_nonzero(stage), word, group)
        self.note(district, "waiting", np.count_nonzero(~seated))
        clustered = np.array([part.school.cluster is not None for part in district.parts])[parts] & seated
        self.note(district, "clusters_pupils_share", np.count_nonzero(clustered) / max(np.count_nonzero(seated), 1))
        teachers = len(district.teachers)
        self.note(district, "teachers", teachers)
        self.note(district, "staff", teachers / (1.0 - district.p["non_teaching_share"]))
        self.note(district, "public_teachers", np.count_nonzero(district.teachers.public))
        self.note(district, "pupils_per_teacher", seated.sum() / teachers)

    def _flows(self, district: District) -> None:
        """Write what came and went this year, by stage and in all."""
        for what in FLOWS:
            counts = district.tally[what]
            for stage, word in enumerate(STAGES):
                self.note(district, what, counts[stage], word)
            self.note(district, what, counts.sum())

    def moved(self, district: District, rows: NDArray[np.integer], keys: NDArray[Any], reason: str, instance: str) -> None:
        """Write down where teachers (rows) come from and go to; a new teacher comes from school 0."""
        teachers, schools = district.teachers, district.schools
        rows = np.asarray(rows)
        columns = (teachers.id, teachers.post, teachers.stage, teachers.backbone)
        people = zip(*(column[rows].tolist() for column in columns), np.asarray(keys).tolist(), strict=True)
        for person, origin, stage, backbone, key in people:
            a, b = schools.get(origin), schools[key]
            km = 0.0 if a is None else float(np.hypot(a.x_km - b.x_km, a.y_km - b.y_km))
            self.moves.append((district.year, person, origin, key, reason, instance, STAGES[stage], backbone, km))

    def tables(self, district: District) -> dict[str, pd.DataFrame]:
        """Return all tables; costs also appear as indicators of the year."""
        touched = [(p.id, p.measure or "", p.name, float(p.touched)) for p in district.policies]
        rows = {
            "district_year": self.district + self._cost_rows(),
            "teacher_moves": self.moves,
            "milestones": self.milestones,
            "costs": self.costs,
            "notices": self.notices,
            "ledger_year": ledger_rows(district),
            "touched": touched,
            "schools": self.schools,
        }
        tables = {name: pd.DataFrame(rows[name], columns=list(COLUMNS[name])) for name in COLUMNS}
        tables["school_year"] = pd.concat(self.by_school, ignore_index=True)
        tables["neighbourhood_year"] = pd.concat(self.by_place, ignore_index=True)
        return tables

    def _cost_rows(self) -> list[tuple[int, str, str, str, float]]:
        """Return yearly costs of everything but staff pay, capital and running, and staff pay apart."""
        years = sorted({row[0] for row in self.district})
        rows = []
        for indicator, wanted in (("cost_capital", "capital"), ("cost_running", "running")):
            for year in years:
                total = sum(v for y, instance, _, kind, v in self.costs if y == year and kind == wanted and instance != "staff")
                rows.append((year, ALL, ALL, indicator, total))
        rows += [(y, ALL, ALL, "cost_staff", v) for y, instance, _, _, v in self.costs if instance == "staff"]
        return rows


def school_row(year: int, s: School) -> tuple[Any, ...]:
    """Return a school's line of a year: what it is, where it stands, and its cluster."""
    cluster = s.cluster.name if s.cluster else ""
    return (year, s.key, s.name["zh"], s.name["en"], s.kind, s.ownership, s.urban, s.x_km, s.y_km, s.opened, cluster)


FLOWS = (
    "entrants",
    "arrivals",
    "leavers",
    "dropouts",
    "graduates",
    "turned_away",
    "retirements",
    "exits",
    "hires",
    "voluntary_moves",
    "private_school_hires",
)


def ledger_rows(district: District) -> list[tuple[int, str, str, float, float, float]]:
    """Return, by year and instance, what a measure wanted, the share of it that was granted, and what it spent."""
    spent: dict[tuple[int, str], float] = {}
    for year, instance, _, _, yuan in district.recorder.costs:
        spent[year, instance] = spent.get((year, instance), 0.0) + yuan
    wished = {(year, instance): (planned, funded) for year, instance, planned, funded in district.budget.wishes}
    measures = {policy.id: policy.measure or "" for policy in district.policies}
    keys = sorted(key for key in {*spent, *wished} if key[1] in measures)
    return [(year, i, measures[i], *wished.get((year, i), (0.0, 1.0)), spent.get((year, i), 0.0)) for year, i in keys]


def pupil_column(district: District, stage: int) -> Floats:
    """Return the distance to school of every pupil of a stage (km)."""
    students = district.students
    mine = (students.class_row >= 0) & ((students.grade >= FIRST_GRADE[JUNIOR]) == (stage == JUNIOR))
    return students.distance_km[mine].astype(float)


def school_table(district: District, amounts: dict[str, Floats]) -> dict[str, Floats]:
    """Return one number per part for every indicator by school."""
    from simsim import outcomes

    students, p, n = district.students, district.p, len(district.parts)
    part = district.student_parts()
    seated = part >= 0
    pupils = amounts["pupils"]
    share = lambda column: np.bincount(part[seated], column[seated], n)  # noqa: E731
    target = np.array([p[f"class_size.target.{STAGES[x.stage]}"] for x in district.parts])
    seats = np.array([x.rooms for x in district.parts]) * target
    classes = np.bincount(district.classes.part, minlength=n)
    table = {
        "stage_code": np.array([x.stage for x in district.parts]),
        "pupils": pupils,
        "seats": seats,
        "rooms": seats / target,
        "classes": classes.astype(float),
        "seat_use": pupils / np.maximum(seats, 1.0),
        "class_size": pupils / np.maximum(classes, 1),
        "over_capacity": share(students.over_capacity),
        "displaced": share(students.displaced),
        "teachers": amounts["teachers"],
        "pupils_per_teacher": pupils / np.maximum(amounts["teachers"], 1.0),
        "teacher_quality": outcomes.school_teaching(district),
        "monitored_quality": np.array([x.monitored for x in district.parts]),
        "distance_km": share(students.distance_km) / np.maximum(pupils, 1.0),
        "score": share(students.score) / np.maximum(pupils, 1.0),
        "ses": share(students.ses) / np.maximum(pupils, 1.0),
        "migrant_share": share(students.migrant) / np.maximum(pupils, 1.0),
    }
    return table | {name: amounts[key] / np.maximum(pupils, 1.0) for key, name in outcomes.PER_PUPIL.items()}


def seat_totals(table: dict[str, Floats], km: Floats) -> dict[str, float]:
    """Return seats, crowding, displacement and distances of a stage."""
    sums = {name: float(table[name].sum()) for name in ("seats", "rooms", "classes", "displaced", "over_capacity")}
    pupils = float(table["pupils"].sum())
    rest = {
        "seat_use": pupils / max(sums["seats"], 1.0),
        "class_size": pupils / max(sums["classes"], 1.0),
        "displaced_share": sums["displaced"] / max(pupils, 1.0),
        "crowded_schools": float((table["seat_use"] > 1.0).sum()),
        "distance_km": float(km.mean()),
        "distance_p90_km": float(np.quantile(km, 0.9)),
        "distance_p95_km": float(np.quantile(km, 0.95)),
    }
    return sums | rest


def class_totals(district: District, stage: int) -> dict[str, float]:
    """Return the number of large classes of a stage."""
    classes, p = district.classes, district.p
    stages = np.array([part.stage for part in district.parts])
    size = classes.size[stages[classes.part] == stage]
    return {f"large_classes_{int(p[line])}": float((size >= p[line]).sum()) for line in ("large_class.first", "large_class.second")}


def staff_totals(district: District, stage: int) -> dict[str, float]:
    """Return teachers, posts and pupils per teacher of a stage."""
    teachers = float(np.count_nonzero(district.teachers.stage == stage))
    parts = [part for part in district.parts if part.stage == stage]
    pupils = sum(part.pupils for part in parts)
    posts = float(sum(part.posts.sum() for part in parts))
    staff = teachers / (1.0 - district.p["non_teaching_share"])
    return {"teachers": teachers, "staff": staff, "posts": posts, "pupils_per_teacher": pupils / max(teachers, 1.0)}


def long_schools(district: District, table: dict[str, Floats]) -> pd.DataFrame:
    """Return a year's table by school in long form."""
    names = [name for name in table if name != "stage_code"]
    n = len(district.parts)
    return pd.DataFrame(
        {
            "year": district.year,
            "stage": np.tile(np.array(STAGES)[table["stage_code"].astype(int)], len(names)),
            "school": np.tile([part.key for part in district.parts], len(names)),
            "indicator": np.repeat(names, n),
            "value": np.concatenate([table[name] for name in names]),
        }
    )


def long_places(district: District) -> pd.DataFrame:
    """Return a year's table by neighbourhood in long form: pupils, those waiting, those displaced, and the mean distance to school."""
    students, places = district.students, district.neighbourhoods
    seated = students.class_row >= 0
    stage = (students.grade >= FIRST_GRADE[JUNIOR]).astype(np.int64)
    everybody = stage * len(places) + places.rows(students.neighbourhood)
    cell, size = everybody[seated], len(STAGES) * len(places)
    pupils = np.bincount(cell, minlength=size)
    columns = {
        "pupils": pupils.astype(float),
        "waiting": np.bincount(everybody[~seated], minlength=size).astype(float),
        "displaced": np.bincount(cell, students.displaced[seated], size),
        "distance_km": np.bincount(cell, students.distance_km[seated], size) / np.maximum(pupils, 1),
    }
    return pd.DataFrame(
        {
            "year": district.year,
            "stage": np.tile(np.repeat(STAGES, len(places)), len(columns)),
            "neighbourhood": np.tile(places.key, len(STAGES) * len(columns)),
            "indicator": np.repeat(list(columns), size),
            "value": np.concatenate(list(columns.values())),
        }
    )
