"""New schools, schools rebuilt on another site, and more rooms (学校布局; L1 to L5
of the plan): one instance is one project.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from simsim import actions
from simsim.base import calendar
from simsim.base.arrays import Ints, Mask
from simsim.base.calendar import MONTHS
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, stages_of
from simsim.base.sums import added_up
from simsim.districts.files import DistrictData
from simsim.inputs.effect import Around, Vain
from simsim.policies.shared import building_project, new_school
from simsim.policies.shared import project_size as size
from simsim.policies.shared.building_project import Due, ProjectSettings
from simsim.policies.shared.promises import STEPS, Promise, Promises, dates, months_built
from simsim.policy import Policy
from simsim.rules.principals import appoint
from simsim.world.schools import FACILITIES, School
from simsim.world.world import World

EVER = 0
NEVER = 9999
ONCE = np.zeros(1, np.int64)
NONE: Ints = np.empty(0, np.int64)


class NewSchools(Policy):
    """One building project: a school opens, moves to another site, or gets more rooms.

    It acts in the first September in or after its completion, which may slip. A school that opens takes the children of
    its catchment from the entry grades on (or from more grades at once), is given posts as it fills, and is staffed by
    secondment, open transfer and new hires; the posts come from schools with few pupils a post unless `extra_posts`.
    """

    name: ClassVar[str] = "new_schools"
    title: ClassVar[dict[str, str]] = {"zh": "新建、迁建和扩建学校", "en": "New, relocated and larger schools"}
    touches: ClassVar[str] = "pupil-years in the school"
    effect: ClassVar[str] = (
        "new_school_penalty_yr1 and _yr2 in a school's first two years; in primary schools (new_building_math + "
        "2 new_building_lang) / "
        "core_subjects a year for a pupil's first new_building_years in the new building, times "
        "new_building_crowded_ratio where the "
        "old one was overcrowded; the rest comes through seats, distances, class sizes, peers and teachers"
    )
    zero: ClassVar[dict[str, object]] = {"mode": "expansion", "school": 1}
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"rooms_primary": 200, "rooms_junior": 200, "catchment_share": 0.01, "extra_posts": True},
        {"fill": "all_grade", "all_grade_share": 1.0, "seconded_share": 1.0, "novice_share": 0.0},
        {"fill": "all_grade", "rooms_primary": 1, "rooms_junior": 1, "seconded_share": 0.0, "novice_share": 1.0},
        {"delay_probability": 1.0, "delay_probability_firm": 1.0, "delay_months": 240, "building_months": 0},
        {"mode": "relocation", "school": 1, "rooms_primary": 1, "rooms_junior": 1},
        {"mode": "expansion", "school": 1, "rooms_primary": 200, "rooms_junior": 200},
    )
    divisible: ClassVar[bool] = False
    Settings = ProjectSettings
    settings: ProjectSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.promises = {
            step: Promise(due.name or step, calendar.month(due.due), due.striving) for step, due in self._dues()
        }
        self.written = Promises()
        self.done: dict[str, int] = {}
        self.opens = self.first_year
        self.crowded = False
        self.building_yuan = 0.0
        self.earliest = 0

    def _dues(self) -> list[tuple[str, Due]]:
        return [(step, due) for step in STEPS if (due := getattr(self.settings, step)) is not None]

    @classmethod
    def sets(cls, settings: ProjectSettings) -> set[str]:
        """A project sets its school, the stages that it opens, and the catchments it redraws."""
        key = settings.school
        opened = {f"the {STAGES[stage]} stage of school {key}" for stage in stages_of(settings.kind)}
        redrawn = {f"the {word} catchment of {n}" for word in STAGES for n in getattr(settings, f"catchment_{word}")}
        return redrawn | {f"school {key}"} | (opened if settings.mode == "opening" else set())

    @classmethod
    def problems(cls, settings: ProjectSettings, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Return what does not fit: keys of schools and neighbourhoods, rooms and kind, the order of the steps."""
        return building_project.problems(settings, data)

    @classmethod
    def contradictions(cls, settings: ProjectSettings) -> list[tuple[str, object, str]]:
        """A number that nothing in the project reads is refused."""
        return building_project.contradictions(settings)

    @classmethod
    def in_vain(cls, settings: ProjectSettings, around: Around) -> list[Vain]:
        """A project without rooms builds nothing, and one that is not in use by its end is never built."""
        return building_project.in_vain(settings, around)

    # ---- dates ----

    def begin(self, district: World) -> None:
        """Draw which steps slip, and work out when the school is in use; the same in every scenario."""
        promises = self.promises or {"in_use": Promise("in use", self.first_year * MONTHS + calendar.SEPTEMBER - 1)}
        self.done = dates(
            promises, self._building_months(district), lambda step, promise: self._slip(district, step, promise)
        )
        self.opens = max(self.done["in_use"] // MONTHS, self.first_year, district.first_year + 1)
        if self.last_year is not None and self.opens > self.last_year:
            self.opens = NEVER

    def active(self, year: int) -> bool:
        """What has been built stays: an end only stops a project that is not in use by then."""
        return self.first_year <= year

    def _building_months(self, district: World) -> int:
        return round(self.value(district, "building_months"))

    def _slip(self, district: World, step: str, promise: Promise) -> int:
        """Return the months by which a step slips by itself."""
        chance = self.value(district, "delay_probability" if promise.striving else "delay_probability_firm")
        late = district.chance(self.stream(f"late/{step}"), ONCE, chance, EVER)[0]
        spread = district.p["delay_spread"] * (
            2.0 * district.uniform(self.stream(f"delay/{step}"), ONCE, EVER)[0] - 1.0
        )
        return int(np.ceil(self.value(district, "delay_months") * (1.0 + spread))) if late else 0

    def _postpone(self, district: World) -> None:
        """Put off by a year what is still to be done, and begin no building before the next."""
        self.earliest = (district.year + 1) * MONTHS
        self.done = {step: month + MONTHS * (month >= district.year * MONTHS) for step, month in self.done.items()}
        self.opens += 1

    # ---- the phases ----

    def planned(self, district: World) -> tuple[float, float]:
        """Return what this year's building, equipment or rooms cost."""
        since = district.year - self.opens
        if self._gone(district):
            return 0.0, 0.0
        if self.settings.mode == "expansion":
            return (self._rooms_cost(district) if since == 0 else 0.0), 0.0
        return self._building_due(district) - self.building_yuan + self._equipment_cost(district, since), 0.0

    def build(self, district: World) -> None:
        """Open, move or enlarge the school in its September; while it fills, open one more grade a year.

        Where the budget binds, a project waits until it can be paid; what was begun goes on.
        """
        if self._gone(district):
            return
        if self.funded < 1.0 and not self.committed:
            self._postpone(district)
        self.committed = self.committed or (district.year >= self.opens or self._building_due(district) > 0.0)
        if district.year == self.opens:
            {"opening": self._open, "relocation": self._relocate, "expansion": self._enlarge}[self.settings.mode](
                district
            )
        elif district.year > self.opens and self.settings.mode == "opening":
            self._grow(district)

    def admit(self, district: World) -> None:
        """In an all-grade opening, take over a share of the catchment's pupils in the grades above the first."""
        if self.settings.mode == "opening" and self.settings.fill == "all_grade" and district.year == self.opens:
            for stage in self._school(district).parts:
                actions.place_pupils(district, self._taken_over(district, stage), self.settings.school)

    def staff(self, district: World) -> None:
        """Bring posts and teachers into a school that fills."""
        if self.settings.mode != "opening" or district.year < self.opens:
            return
        shares = (self.value(district, "seconded_share"), self.value(district, "novice_share"))
        for part in self._school(district).parts.values():
            if part.opening:
                new_school.staff(district, part, shares, self.id, self.settings.lead, self.settings.extra_posts)

    def teach(self, district: World) -> None:
        """Add the start-up penalty and the gain of a new building to what the school adds."""
        since = district.year - self.opens
        if since < 0 or self.settings.mode == "expansion":
            return
        penalties = (
            [district.p["new_school_penalty_yr1"], district.p["new_school_penalty_yr2"]]
            if self.settings.mode == "opening"
            else []
        )
        for part in self._school(district).parts.values():
            part.program += penalties[since] if since < len(penalties) else 0.0
            if part.stage == PRIMARY:
                part.program += self._new_building(district, since)

    def assess(self, district: World) -> None:
        """Let a branch's standing lean on its lead's, less every year."""
        p, since = district.p, district.year - self.opens
        lead = self._lead(district) if self.settings.mode == "opening" else None
        weight = p["branch_brand_weight_open"] - p["branch_own_weight_gain"] * since
        if lead is None or since < 0 or weight <= 0.0:
            return
        for stage, part in self._school(district).parts.items():
            if stage in lead.parts:
                part.status += weight * (lead.parts[stage].status - part.status)

    def settle(self, district: World) -> None:
        """Pay for the building as it is built, note which promises were kept, and count the pupils."""
        if not self._gone(district):
            self._pay_for_building(district)
        for step, promise in self.promises.items():
            self.written.write(district, self.measure or self.id, promise, self.done.get(step))
        s = self.settings
        if district.year >= self.opens and not self._gone(district) and any(size.rooms(district, self.settings)):
            self.touched += int(np.count_nonzero(district.students.school == s.school))
            seniors = self._school(district).senior_pupils if s.mode == "opening" and s.extra_posts else 0
            posts = size.senior_weight() * seniors / (district.pupils_per_post[JUNIOR] or 1.0)
            district.spend(self.id, "running", posts * district.p["teacher_cost"], self.measure)

    # ---- what a project does ----

    def _gone(self, district: World) -> bool:
        """Whether the school has closed since: nothing more is built or paid for."""
        school = district.schools.get(self.settings.school)
        return school is not None and not school.parts

    def _school(self, district: World) -> School:
        return district.schools[self.settings.school]

    def _open(self, district: World) -> None:
        """Open the school: rooms, facilities, catchment, principal and name."""
        s = self.settings
        facilities = size.standard(district, s) | dict.fromkeys(size.MOVES_WITH_A_SCHOOL, 0.0)
        place, (primary, junior) = new_school.place(district, s), size.rooms(district, s)
        school = actions.open_school(
            district, s.school, s.name.model_dump(), s.kind, place, (primary, junior), facilities, s.urban
        )
        for stage, part in school.parts.items():
            part.opening = True
            actions.assign_catchment(
                district, stage, new_school.catchment(district, s, stage, place), s.school, s.catchment_share
            )
        appoint(district, school)
        lead = self._lead(district)
        if lead is not None:
            self._branch(district, school, lead)
        self._grow(district)

    def _lead(self, district: World) -> School | None:
        """Return the school that the new one is a branch of, if any."""
        return None if self.settings.lead is None else district.schools.get(self.settings.lead)

    def _branch(self, district: World, school: School, lead: School) -> None:
        """Give a branch part of its lead's name, and a place in its cluster."""
        for stage, part in school.parts.items():
            if stage in lead.parts:
                part.status = part.perceived = district.p["branch_brand_weight_open"] * lead.parts[stage].perceived
        if lead.cluster is not None:
            lead.cluster.join(school)

    def _grow(self, district: World) -> None:
        """Open and equip the grades of this year, until the school has them all; senior pupils grow likewise."""
        s, since, school = self.settings, district.year - self.opens, self._school(district)
        if since > max(new_school.n_grades(district, stage) for stage in school.parts):
            return
        for stage, part in school.parts.items():
            part.top_grade = district.system.first_grade[stage] + size.open_grades(district, s, stage, since) - 1
            part.opening = since < new_school.n_grades(district, stage)
        school.senior_pupils = size.senior_pupils(s, since)
        school.equipped_for = int(added_up(size.places(district, s)))
        self._equip(district, school, size.standard(district, s, since))

    def _taken_over(self, district: World, stage: int) -> Ints:
        """Return the rows of pupils in grades above the first who change to the
        school, no more than fit into its rooms.
        """
        students, s = district.students, self.settings
        grades = size.moved_grades(district, s, stage)
        homes = new_school.catchment(district, s, stage, (self._school(district).x_km, self._school(district).y_km))
        mine = (
            np.isin(students.neighbourhood, homes)
            & np.isin(students.grade, grades)
            & (district.parts.of_students() >= 0)
        )
        rows = np.flatnonzero(mine & district.parts.public[district.parts.of_students()])
        lot = district.uniform(self.stream(f"transfer-pupils/{stage}"), students.id[rows])
        share = self.value(district, "all_grade_share") * s.catchment_share
        a_grade = int(size.places(district, s)[stage] / new_school.n_grades(district, stage))
        by_grade = _by_grade(students.grade[rows], lot < share, grades)
        chosen = [g[np.argsort(lot[g], kind="stable")][:a_grade] for g in by_grade]
        taken: Ints = rows[np.concatenate([NONE, *chosen])]
        return taken

    def _relocate(self, district: World) -> None:
        """Move the school to its new site, with its pupils and
        staff; what is new is the building and what it lacked.
        """
        s, school = self.settings, self._school(district)
        seats = district.parts.seats(district.p)
        self.crowded = any(part.pupils > seats[part.row] for part in school.parts.values())
        rooms = size.rooms(district, s)
        for stage, part in school.parts.items():
            part.rooms = rooms[stage]
        actions.relocate(
            district, school, (school.x_km if s.x_km is None else s.x_km, school.y_km if s.y_km is None else s.y_km)
        )
        for stage, word in enumerate(STAGES):
            gained = getattr(s, f"catchment_{word}")
            if gained:
                actions.assign_catchment(district, stage, gained, s.school, s.catchment_share)
        standard = size.standard(district, s)
        school.facilities |= {name: standard[name] for name in FACILITIES if name not in size.MOVES_WITH_A_SCHOOL}
        school.equipped_for = max(school.equipped_for, int(added_up(size.places(district, s))))
        self._equip(district, school, standard)

    def _enlarge(self, district: World) -> None:
        """Add the rooms."""
        rooms = size.rooms(district, self.settings)
        for stage, part in self._school(district).parts.items():
            if rooms[stage]:
                actions.enlarge(district, part, rooms[stage], self.id, self.measure)

    def _equip(self, district: World, school: School, standard: dict[str, float]) -> None:
        """Bring what a school can move up to a standard; pay for equipment
        (computers and multimedia are in it) and books.
        """
        added = size.missing(school.facilities, standard)
        for name, amount in added.items():
            school.facilities[name] += amount
        district.spend(self.id, "capital", size.price(district, added), self.measure)

    def _equipment_cost(self, district: World, since: int) -> float:
        """Return what the school's equipment costs `since` years after the opening: a
        new school grows, one that moved is done.
        """
        grows = self.settings.mode == "opening"
        if since < 0 or since > (district.system.n_grades if grows else 0):
            return 0.0
        there = district.schools[self.settings.school].facilities if self.settings.school in district.schools else {}
        needed = size.standard(district, self.settings, since if grows else None)
        return size.price(district, size.missing(there, needed))

    def _rooms_cost(self, district: World) -> float:
        """Return what the rooms of an expansion will cost."""
        school, rooms = self._school(district), sum(size.rooms(district, self.settings))
        area = school.facilities["teaching_area_m2"] / max(sum(part.rooms for part in school.parts.values()), 1)
        return rooms * area * district.p["building_cost"]

    def _building_due(self, district: World) -> float:
        """Return what of the building is to be paid by the end of this calendar year."""
        if self.settings.mode == "expansion":
            return 0.0
        p = district.p
        area = size.standard(district, self.settings)["teaching_area_m2"]
        total = area * p["new_school.floor_factor"] * p["building_cost"]
        start, end = months_built(self.done, self._building_months(district))
        start = max(start, self.earliest)
        return total * float(np.clip(((district.year + 1) * MONTHS - start) / max(end - start, 1), 0.0, 1.0))

    def _pay_for_building(self, district: World) -> None:
        """Pay for the months of this calendar year; the first year also for what was built before the measure acts."""
        due = self._building_due(district)
        district.spend(self.id, "capital", due - self.building_yuan, self.measure)
        self.building_yuan = due

    def _new_building(self, district: World, since: int) -> float:
        """Return the year's gain (SD) from a new building: for pupils in it for less than `new_building_years`."""
        p, students = district.p, district.students
        here = (students.school == self.settings.school) & ~district.system.is_junior(students.grade)
        exposed = np.minimum(students.years_in_school[here], since) < p["new_building_years"]
        gain = (p["new_building_math"] + (p["core_subjects"] - 1) * p["new_building_lang"]) / p["core_subjects"]
        return float(
            gain
            * (p["new_building_crowded_ratio"] if self.crowded else 1.0)
            * (exposed.mean() if len(exposed) else 0.0)
        )


def _by_grade(grade: NDArray[np.int8], willing: Mask, grades: range) -> list[Ints]:
    """Return the positions of the willing, grade by grade."""
    return [np.flatnonzero(willing & (grade == g)) for g in grades]
