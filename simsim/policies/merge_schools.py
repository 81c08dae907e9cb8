"""Schools close and merge as children get fewer (学校撤并): an instance is a list of schools, or a line of size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np

from simsim.base.arrays import Ints, Mask
from simsim.base.codes import STAGES
from simsim.base.sums import added_up
from simsim.districts.files import DistrictData
from simsim.policies.shared import merger, merger_settings
from simsim.policies.shared.merger import Merged
from simsim.policies.shared.merger_settings import MergerSettings
from simsim.policy import Policy
from simsim.record import mergers
from simsim.rules.closing import heir, may_close
from simsim.world.rates import Multiple
from simsim.world.schools import Part, School
from simsim.world.world import World

DROPOUT = "admit/dropout"


class MergeSchools(Policy):
    """Schools close in September, named ones at the date, else those that have fallen below a number of pupils.

    Pupils, catchments, teachers with their posts, and equipment go to the receiving school, or without one to the
    nearest schools of the stage; a receiver that has closed itself is replaced by the school that took it over, and one
    that is not open yet is waited for. The last public school of a stage stays. Pupils come with or without a seat, and
    who has none is over capacity. Those whom the merger leaves with a way beyond the travel limit ride a bus, board
    from a grade on, or get no help; what it costs is paid every year until the instance ends. What has closed stays
    closed.
    """

    name: ClassVar[str] = "merge_schools"
    title: ClassVar[dict[str, str]] = {"zh": "学校撤并", "en": "Schools close and merge"}
    rates: ClassVar[tuple[str, ...]] = (DROPOUT,)
    touches: ClassVar[str] = "pupils who change school"
    effect: ClassVar[str] = (
        "student_move_penalty in the year of the change, mover_class_penalty_yr1 and _yr2 for the teachers; "
        "long_way_effect and boarding_effect (0) a year for pupils beyond the travel limit, merger_dropout_girls on "
        "the drop-out of girls among them; the rest comes through class sizes, peers, teachers and distances"
    )
    zero: ClassVar[dict[str, object]] = {"fewer_than": 0}
    extremes: ClassVar[tuple[dict[str, object], ...]] = (
        {"fewer_than": 5000, "where": "all", "surplus": "lapse", "rooms": "given_up", "journey": "none"},
        {"fewer_than": 5000, "where": "all", "surplus": "redeploy", "rooms": "handed_over", "limit_km": 0.0},
        {"fewer_than": 600, "where": "all", "journey": "boarding", "boards_from_grade": 1, "limit_km": 0.0},
        {"fewer_than": 5000, "where": "urban", "stages": "junior", "keep_beyond_km": 0.5},
        {"fewer_than": 5000, "boarding_cost": 0.0, "journey": "boarding", "boards_from_grade": 10},
    )
    divisible: ClassVar[bool] = False
    Settings = MergerSettings
    settings: MergerSettings

    def prepare(self) -> None:
        """Remember what the years bring."""
        self.merged: list[Merged] = []
        self.beds = 0

    @classmethod
    def sets(cls, settings: MergerSettings) -> set[str]:
        """A school closes once, and nothing else is done to it afterwards; one stage of it closes once."""
        return merger_settings.taken(settings)

    @classmethod
    def problems(cls, settings: MergerSettings, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Return what does not fit: schools that are not there, the wrong stages, the last school of a stage."""
        return merger_settings.problems(settings, data)

    @classmethod
    def unread(cls, settings: MergerSettings, p: Mapping[str, float]) -> set[str]:
        """What a boarder costs by stage is not read where nobody boards, or where the scenario sets it."""
        boards = settings.journey == "boarding" and settings.boarding_cost is None
        return super().unread(settings, p) | (set() if boards else {f"boarding_cost.{word}" for word in STAGES})

    @classmethod
    def awaits(cls, settings: MergerSettings, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """A receiver that is not there yet is opened by another instance, with the stages that close."""
        return merger_settings.awaited(settings, data)

    # ---- which schools ----

    def _due(self, district: World) -> list[Part]:
        """Return the parts that are to close this year if money allows, the smallest first."""
        s = self.settings
        if s.closing:
            named = [district.schools[key] for key in s.closing]
            found = [school.parts[stage] for school in named for stage in self._stages(school)]
            found = [part for part in found if self._ready(district, part)]
        else:
            found = [part for part in district.parts if self._small(district, part)]
        return sorted(found, key=lambda part: (part.pupils, part.stage, part.key))

    def _stages(self, school: School) -> list[int]:
        """Return the stages of a school that are to close."""
        return [stage for stage in school.parts if STAGES[stage] in merger_settings.words(self.settings)]

    def _ready(self, district: World, part: Part) -> bool:
        """Whether somebody can take a stage over: another public school, or the receiver where one is named."""
        into = self._into(district, part)
        named = self.settings.receiving is not None
        return may_close(district, part.school, part.stage) and (
            (into is not None and into is not part.school) if named else True
        )

    def _into(self, district: World, part: Part) -> School | None:
        """Return the school that receives a stage: the one named, or who took it over; None without one."""
        key = self.settings.receiving
        return None if key is None else heir(district, key, part.stage)

    def _small(self, district: World, part: Part) -> bool:
        """Whether a stage is below the line, stands where the rule holds, and has another school near enough."""
        s = self.settings
        here = s.where == "all" or part.school.urban == (s.where == "urban")
        of_stage = part.stage in self._stages(part.school)
        if not here or not of_stage or part.opening or part.pupils >= s.fewer_than:
            return False
        if not may_close(district, part.school, part.stage):
            return False
        return s.keep_beyond_km is None or merger.next_km(district, part) <= s.keep_beyond_km

    # ---- the phases ----

    def rate(self, name: str, district: World) -> Multiple:
        """Multiply the drop-out of girls whom a merger leaves far from school (n pupils)."""
        if not self.merged:
            return 1.0
        far = np.zeros(len(district.students), bool)
        far[self._far(district)] = True
        return np.where(far & district.students.female, district.p["merger_dropout_girls"], 1.0)

    def planned(self, district: World) -> tuple[float, float]:
        """Return what closing costs this year, and ways and reserve as they stood last year."""
        closing = len(self._due(district)) * self.value(district, "closing_cost")
        rides, boards = self._carried(district, self._far(district))
        beds = max(len(boards) - self.beds, 0) * self._bed_cost(district)
        return beds, closing + self._running(district, rides, boards)

    def admit(self, district: World) -> None:
        """Close the schools whose time has come, and move what they had; without the money they wait."""
        due = [(part.school, part.stage) for part in self._due(district)]
        if not due or (self.funded < 1.0 and not self.committed):
            return
        for school, stage in due:
            part = school.parts[stage]
            if self._ready(district, part) if self.settings.closing else self._small(district, part):
                self._merge(district, part)

    def staff(self, district: World) -> None:
        """Let surplus posts lapse as they fall vacant."""
        for done in self.merged:
            for key, owed in done.lapsing.items():
                part = district.schools[key].parts.get(done.stage)
                done.lapsing[key] = owed - (merger.lapse(district, part, owed) if part is not None and owed else 0)

    def teach(self, district: World) -> None:
        """Add what a long way and boarding do to single pupils."""
        if self.merged:
            far = self._far(district)
            boards = self._boards(district, far)
            gain = np.zeros(len(district.students))
            gain[far[~boards]] = self.value(district, "long_way_effect")
            gain[far[boards]] = self.value(district, "boarding_effect")
            district.instructions.add_gain(gain)

    def settle(self, district: World) -> None:
        """Pay for the ways, new beds and the reserve, and note how many pupils there are to each."""
        if not self.merged:
            return
        far = self._far(district)
        rides, boards = self._carried(district, far)
        beds = max(len(boards) - self.beds, 0)
        self.beds += beds
        district.spend(self.id, "running", self._running(district, rides, boards), self.measure)
        district.spend(self.id, "capital", beds * self._bed_cost(district), self.measure)
        left = np.setdiff1d(far, np.concatenate((rides, boards)))
        self._count(district, transported=rides, boarding=boards, far=left)

    # ---- what a merger does ----

    def _merge(self, district: World, part: Part) -> None:
        s = self.settings
        done = merger.merge(district, part, self._into(district, part), self.id, s.surplus, s.rooms)
        self.merged.append(done)
        self.committed = True
        self.touched += len(done.pupils)
        district.spend(self.id, "running", self.value(district, "closing_cost"), self.measure)

    # ---- the way to school ----

    def _far(self, district: World) -> Ints:
        """Return the rows of pupils whom the mergers leave with a way beyond the limit."""
        limit = self.settings.limit_km
        found = [merger.far_from_school(district, done, limit) for done in self.merged]
        return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)

    def _boards(self, district: World, far: Ints) -> Mask:
        """Return who of the pupils far from school boards: from a grade on, where the journey is boarding."""
        grade = self.value(district, "boards_from_grade")
        boards: Mask = (district.students.grade[far] >= grade) & (self.settings.journey == "boarding")
        return boards

    def _carried(self, district: World, far: Ints) -> tuple[Ints, Ints]:
        """Return who of the pupils far from school (rows) rides, and who boards."""
        if self.settings.journey == "none":
            return far[:0], far[:0]
        boards = self._boards(district, far)
        return far[~boards], far[boards]

    def _running(self, district: World, rides: Ints, boards: Ints) -> float:
        """Return what the ways of pupils (rows) and the reserve cost a year."""
        buses = len(rides) * self.value(district, "transport_cost")
        return buses + self._beds_cost(district, boards) + self._upkeep(district)

    def _beds_cost(self, district: World, rows: Ints) -> float:
        """Return what the boarders (rows) cost a year, as set or by stage."""
        if self.settings.boarding_cost is not None:
            return len(rows) * self.settings.boarding_cost
        junior = int(np.count_nonzero(district.system.is_junior(district.students.grade[rows])))
        p = district.p
        return (len(rows) - junior) * p["boarding_cost.primary"] + junior * p["boarding_cost.junior"]

    def _bed_cost(self, district: World) -> float:
        return self.value(district, "place_m2") * district.p["building_cost"]

    def _upkeep(self, district: World) -> float:
        """Return what the empty teaching area kept in reserve costs a year."""
        if self.settings.rooms != "reserve":
            return 0.0
        return self.value(district, "upkeep") * added_up(done.areas["teaching_area_m2"] for done in self.merged)

    def _count(self, district: World, **rows: Ints) -> None:
        """Add this year's numbers to what all instances did: pupils (rows) by stage, and rooms."""
        counts = {
            name: np.bincount(district.system.stage_of(district.students.grade[these]), minlength=len(STAGES))
            for name, these in rows.items()
        }
        kept = np.zeros(len(STAGES), np.int64)
        for done in self.merged if self.settings.rooms == "reserve" else ():
            kept[done.stage] += done.rooms
        mergers.add(district, counts | {"rooms_in_reserve": kept})
