"""Parts: the open school stages as columns, so that rules compute on columns; numbered anew whenever schools change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, overload

import numpy as np
from numpy.typing import NDArray

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.base.ids import MOST_KEY
from simsim.districts.system import SchoolSystem
from simsim.inputs.errors import suggest
from simsim.world.columns import write
from simsim.world.population import Population
from simsim.world.schools import STATE, Part, School
from simsim.world.students import Student
from simsim.world.teachers import Teacher


@dataclass(frozen=True)
class Whereabouts:
    """The part of each pupil (n), the same counted from 1 so that 0 is waiting (n), and pupils by part (parts), for
    the grades and schools (n) that they were worked out from.
    """

    grade: AnyArray
    school: AnyArray
    part: NDArray[np.int16]
    slot: Ints
    rolls: Ints

    def still(self, grade: AnyArray, school: AnyArray) -> bool:
        """Whether everybody is where they were: pupils' columns are written in place, so they are compared."""
        same = len(self.school) == len(school) and (self.school == school).all() and (self.grade == grade).all()
        return bool(same)


class Parts(Sequence[Part]):
    """All open parts, by stage and key: a sequence of `Part`, and their state as columns of one length (parts).

    `parts.rooms` is the column itself and is written in place; `part.rooms` is one cell of it.
    `key`, `stage`, `public`, `urban`, `x_km` and `y_km` repeat what the schools say; `place[stage,
    key]` is a part's number, -1 where none is open.
    """

    rooms: Ints
    posts: Ints
    residual: Floats
    program: Floats
    status: Floats
    perceived: Floats
    monitored: Floats
    intake: Floats
    pupils: Ints
    full_years: Ints
    top_grade: Ints
    opening: Mask
    sport_hour: Floats
    activities: Floats
    guided: Mask
    supported: Mask
    evaluation: Floats

    def __init__(self, students: Population[Student], teachers: Population[Teacher], system: SchoolSystem) -> None:
        self.students, self.teachers, self.system = students, teachers, system
        self.columns: dict[str, AnyArray] = {
            name: np.empty((0, *np.asarray(start).shape), dtype) for name, (dtype, start) in STATE.items()
        }
        self.all: list[Part] = []
        self.place: NDArray[np.int16] = np.full((len(STAGES), MOST_KEY + 1), -1, dtype=np.int16)
        self._seen: Whereabouts | None = None
        self._repeat()

    def __getattr__(self, name: str) -> AnyArray:
        if name.startswith("__") or name not in STATE:
            raise AttributeError(f"parts have no column {name}{suggest(name, STATE)}")
        return self.columns[name]

    def __setattr__(self, name: str, value: object) -> None:
        if name in STATE:
            if value is not self.columns[name]:
                write(self.columns[name], name, slice(None), value)
        elif name in self.__dict__ or "y_km" not in self.__dict__:  # y_km is what __init__ sets last
            object.__setattr__(self, name, value)
        else:
            raise AttributeError(f"parts have no column {name}{suggest(name, (*STATE, *self.__dict__))}")

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Part]:
        return iter(self.all)

    @overload
    def __getitem__(self, row: int) -> Part: ...
    @overload
    def __getitem__(self, row: slice) -> list[Part]: ...
    def __getitem__(self, row: int | slice) -> Part | list[Part]:
        return self.all[row]

    # ---- which parts there are ----

    def open(self, school: School, rooms: Mapping[int, int] | Sequence[int]) -> None:
        """Give a school its parts, with class rooms by stage; they are numbered with the others by `renumber`."""
        school.parts = {}
        for stage in school.stages:
            part = Part(school, stage, len(self.columns["rooms"]), self.columns)
            for name, (dtype, start) in STATE.items():
                self.columns[name] = np.concatenate((self.columns[name], np.array([start], dtype)))
            self.__dict__.update(self.columns)  # found there at once, without __getattr__
            part.rooms = rooms[stage]
            school.parts[stage] = part

    def renumber(self, schools: Iterable[School]) -> None:
        """Number the open parts by stage and key; the state of parts that closed is forgotten."""
        parts = [part for school in schools for part in school.parts.values()]
        self.all = sorted(parts, key=lambda part: (part.stage, part.key))
        rows = [part.row for part in self.all]
        for name, column in self.columns.items():
            self.columns[name] = column[rows]
        self.__dict__.update(self.columns)
        self.place[:] = -1
        self._seen = None
        for row, part in enumerate(self.all):
            part.row = row
            self.place[part.stage, part.key] = row
        self._repeat()

    def _repeat(self) -> None:
        """Repeat what the schools say, as columns."""
        self.key: Ints = np.array([part.key for part in self.all], dtype=np.int64)
        self.stage: Ints = np.array([part.stage for part in self.all], dtype=np.int64)
        self.public: Mask = self.of_schools(lambda school: school.public).astype(bool)
        self.urban: Mask = self.of_schools(lambda school: school.urban).astype(bool)
        self.look_where()

    def look_where(self) -> None:
        """Take the schools' places anew; call after a school moved."""
        self.x_km: Floats = self.of_schools(lambda school: school.x_km).astype(float)
        self.y_km: Floats = self.of_schools(lambda school: school.y_km).astype(float)

    def of_schools(self, say: Callable[[School], object]) -> AnyArray:
        """Return what `say` says of each part's school (parts)."""
        return np.array([say(part.school) for part in self.all])

    def of_stage(self, stage: int, only_public: bool = False) -> Ints:
        """Return the numbers of a stage's parts (k), or of its public ones."""
        return np.flatnonzero((self.stage == stage) & (self.public | (not only_public)))

    def post_mix(self, stage: int) -> Ints:
        """Return the posts of a stage by subject group (groups)."""
        mix: Ints = self.posts[self.stage == stage].sum(axis=0)
        return mix

    # ---- seats ----

    def class_target(self, p: Mapping[str, float]) -> Ints:
        """Return the class size that class formation aims at (parts)."""
        return np.array([int(p[f"class_size.target.{stage}"]) for stage in STAGES], dtype=np.int64)[self.stage]

    def seats(self, p: Mapping[str, float]) -> Ints:
        """Return the seats of each part (parts): its class rooms times the class size aimed at."""
        return self.rooms * self.class_target(p)

    # ---- who is there ----

    def of_students(self) -> NDArray[np.int16]:
        """Return the part of each pupil (n); -1 while waiting."""
        return self._whereabouts().part.copy()

    def of_teachers(self) -> NDArray[np.int16]:
        """Return the part where each teacher (n) works."""
        return self.place[self.teachers.stage, self.teachers.post]

    def rolls(self) -> Ints:
        """Return pupils by part (parts)."""
        return self._whereabouts().rolls.copy()

    def sums(self, values: AnyArray) -> Floats:
        """Return the sum of a pupil column over each part (parts)."""
        weights: Floats = np.asarray(values, np.float64)
        # What NumPy's types say of a sum holds for a count only.
        return cast(Floats, np.bincount(self._whereabouts().slot, weights, len(self) + 1))[1:]

    def means(self, values: AnyArray) -> Floats:
        """Return the mean of a pupil column over each part; 0 for a part without pupils."""
        return self.sums(values) / np.maximum(self._whereabouts().rolls, 1)

    def _whereabouts(self) -> Whereabouts:
        """Return who is where, worked out again only when a pupil's grade or school is another one than last time."""
        grade, school = self.students.grade, self.students.school
        if self._seen is None or not self._seen.still(grade, school):
            junior = self.system.is_junior(grade).astype(np.int32)
            part = self.place.ravel().take(junior * self.place.shape[1] + school)
            slot = part.astype(np.int64) + 1
            rolls = np.bincount(slot, minlength=len(self) + 1)[1:]
            self._seen = Whereabouts(grade.copy(), school.copy(), part, slot, rolls)
        return self._seen

    def staff(self) -> Ints:
        """Return teachers by part and subject group (parts, groups), counted where they work."""
        return self._heads(self.of_teachers())

    def vacancies(self) -> Ints:
        """Return posts less the teachers who hold them (parts, groups); a rotated teacher keeps the home post."""
        return self.posts - self._heads(self.place[self.teachers.stage, self.teachers.home])

    def _heads(self, part: NDArray[np.int16]) -> Ints:
        groups = len(SUBJECT_GROUPS)
        placed = part >= 0
        cells = part[placed].astype(np.int64) * groups + self.teachers.subject[placed]
        return np.bincount(cells, minlength=len(self) * groups).reshape(-1, groups)
