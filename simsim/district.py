"""The district: a Mesa model that holds the people, the schools and the keyed draws, and lives one year a step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from simsim.base.arrays import Floats, Ints, Mask, Rows
from simsim.base.codes import FIRST_GRADE, JUNIOR, MAX_SCHOOL_KEY, STAGES, SUBJECT_GROUPS
from simsim.base.streams import Streams
from simsim.districts.files import DistrictData, load_district
from simsim.inputs import parameters
from simsim.inputs.errors import suggest
from simsim.inputs.run_limits import last_year_of, seed_of
from simsim.policy import Policy, find
from simsim.scenarios.scenario import Scenario
from simsim.world.budget import Budget
from simsim.world.mesa_memory import let_models_go
from simsim.world.neighbourhoods import Neighbourhoods
from simsim.world.population import Population
from simsim.world.rates import RATES
from simsim.world.recorder import Recorder
from simsim.world.schools import Part, School
from simsim.world.students import COLUMNS as STUDENT
from simsim.world.students import Student, stage_of
from simsim.world.teachers import COLUMNS as TEACHER
from simsim.world.teachers import Teacher

if TYPE_CHECKING:
    from simsim.world.classes import Classes
    from simsim.world.schools import Cluster

let_models_go()
OPENINGS = ("retirement", "exit", "growth")


class District(mesa.Model):
    """One replication of one scenario: `District("plan", seed=1).run(to=2024)`.

    `students` and `teachers` are Populations; schools, clusters and principals are Mesa agents in `agents`; `p` holds
    the parameters of the year, `spec` the scenario, `year` the September now being lived.

    >>> import simsim
    >>> district = simsim.District("plan", seed=1).run(to=2015)
    >>> district.year, bool(district.students.score.std() > 0.5)
    (2016, True)
    >>> district.students[district.students.id[0]].grade in range(1, 10)
    True
    """

    def __init__(
        self,
        scenario: Any = "baseline",
        seed: int = 1,
        fixed_parameters: bool = False,
        data: DistrictData | str | None = None,
    ) -> None:
        seed = seed_of(seed)
        super().__init__(rng=seed)
        self.spec = Scenario.load(scenario)
        self.data = data if isinstance(data, DistrictData) else load_district(data or self.spec.district)
        self.streams = Streams(seed)
        self.first_year: int = int(self.data.spec["first_year"])
        self.year = self.first_year
        self._drawn = parameters.draw(parameters.load(), seed, fixed=fixed_parameters) | self.data.fitted()
        self.p = self._parameters_of(self.year)
        self.students: Population[Student] = Population(STUDENT, Student, self)
        self.teachers: Population[Teacher] = Population(TEACHER, Teacher, self)
        self.schools: dict[int, School] = {}
        self.clusters: list[Cluster] = []
        self.neighbourhoods = Neighbourhoods.of(self.data)
        self.parts: list[Part] = []
        self.part_of = np.full((len(STAGES), MAX_SCHOOL_KEY + 1), -1, dtype=np.int16)
        self.classes: Classes | None = None
        self.policies = [find(i.policy)(i.id, i.settings, i.start, i.end, i.measure) for i in self.spec.instances]
        self.births = self.data.births
        self.first_schools = self.data.schools.to_dict("records")
        self.budget = Budget()
        self.reference = np.zeros(len(STAGES))
        self.placement: Callable[..., Any] | None = None
        self.families_chose = False
        self.admission_order = "locals_first"
        self.turned_away: list[int] = []
        self.hiring: dict[str, float] = {}
        self.posting: Callable[..., Any] | None = None
        self.openings = np.zeros((len(OPENINGS), len(STAGES), len(SUBJECT_GROUPS)), np.int64)
        self.tally: dict[str, Any] = defaultdict(lambda: np.zeros(len(STAGES), np.int64))
        self.recorder = Recorder()
        self.watchers: list[Callable[[District], None]] = []
        self._found()

    def _found(self) -> None:
        from simsim.rules import founding

        founding.found(self)
        self.expected = {"students": len(self.students), "teachers": len(self.teachers)}
        for policy in self.policies:
            policy.begin(self)

    def _parameters_of(self, year: int) -> dict[str, float]:
        """Return the parameters of a year: this replication's draw, and the scenario's dated changes on top."""
        changes = {c.name: c.value for c in self.spec.changes if c.from_year is None or c.from_year <= year}
        return {**self._drawn, **changes}

    # ---- the year ----

    def step(self) -> None:
        """Live one school year: September roll, lessons, June test, money, and everybody a grade up."""
        from simsim.year import live

        last_year_of(self.year, [self.data])
        self.p = self._parameters_of(self.year)
        live(self)
        self.year += 1

    def run(self, to: int = 2024) -> District:
        """Live every year up to and with `to` (years already lived stay as they are); return the district."""
        last_year_of(to, [self.data])
        while self.year <= to:
            self.step()
        return self

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return what was recorded so far, as tidy tables (docs/data-dictionary.md)."""
        if self.year == self.first_year:
            raise RuntimeError("nothing is recorded yet; live a year first: district.step() or district.run(to=2024)")
        return self.recorder.tables(self)

    # ---- keyed draws ----

    def uniform(self, stream: str, ids: Ints, year: int | None = None) -> Floats:
        """Return one uniform per id (n) from a stream of this year, or of `year`."""
        return self.streams.uniform(stream, self.year if year is None else year, ids)

    def normal(self, stream: str, ids: Ints, year: int | None = None) -> Floats:
        """Return one standard normal per id (n)."""
        return self.streams.normal(stream, self.year if year is None else year, ids)

    def chance(self, stream: str, ids: Ints, p: ArrayLike, year: int | None = None) -> Mask:
        """Return who is hit (n), each with probability `p`."""
        return self.streams.chance(stream, self.year if year is None else year, ids, p)

    def rate(self, name: str, base: ArrayLike) -> Any:
        """Return a named rate after every active policy's multiplier; KeyError with a suggestion for an unknown one."""
        if name not in RATES:
            raise KeyError(f"{name} is not a named rate{suggest(name, RATES)}")
        value = np.asarray(base, dtype=float)
        for policy in self.policies:
            if name in policy.rates and self.acts(policy):
                value = value * _multiplier(policy, name, self)
        return value

    def compliance(self, chance: ArrayLike) -> Any:
        """Return the chance that what is mandated is done, after what inspection ends of non-compliance."""
        return 1.0 - self.rate("policy/non-compliance", 1.0 - np.asarray(chance, dtype=float))

    def acts(self, policy: Policy) -> bool:
        """Whether a policy acts this year: never in the first, which is the state before any plan."""
        return self.year > self.first_year and policy.active(self.year)

    # ---- people coming and going ----

    def let_go(self, leaving: Mask, reason: str) -> None:
        """Take pupils (mask over all) off the rolls and count them by reason and stage."""
        if leaving.any():
            self.count(reason, stage_of(self.students.grade[leaving]).clip(max=1))
            self.expected["students"] -= int(leaving.sum())
            self.students.keep(~leaving)

    def take_in(self, reason: str, **columns: ArrayLike) -> None:
        """Put new pupils on the rolls and count them by reason and stage."""
        self.students.add(**columns)
        self.count(reason, stage_of(np.atleast_1d(columns["grade"])))
        self.expected["students"] += len(np.atleast_1d(columns["id"]))

    def dismiss(self, leaving: Mask, reason: str) -> None:
        """Take teachers (mask over all) off the staff and count them by reason and stage."""
        if leaving.any():
            self.count(reason, self.teachers.stage[leaving])
            self.expected["teachers"] -= int(leaving.sum())
            self.teachers.keep(~leaving)

    def employ(self, reason: str, **columns: ArrayLike) -> None:
        """Put new teachers on the staff and count them by reason and stage."""
        self.teachers.add(**columns)
        self.count(reason, np.broadcast_to(columns["stage"], len(np.atleast_1d(columns["id"]))))
        self.expected["teachers"] += len(np.atleast_1d(columns["id"]))

    def leave(self, ids: ArrayLike, reason: str = "removed") -> None:
        """Take pupils or teachers off by id, counted under `reason`; KeyError when one is not here."""
        ids = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        for population, take_off in ((self.students, self.let_go), (self.teachers, self.dismiss)):
            mine = np.isin(population.id, ids)
            ids = ids[~np.isin(ids, population.id)]
            take_off(mine, reason)
        if len(ids):
            raise KeyError(f"{int(ids[0])} is neither a pupil nor a teacher here; has the person left?")

    def count(self, what: str, stages: Rows) -> None:
        """Add to this year's tally: one for every entry of `stages` (n, stage codes)."""
        self.tally[what] += np.bincount(stages, minlength=len(STAGES))

    # ---- schools ----

    @property
    def open_schools(self) -> list[School]:
        """Schools that teach somebody, by key."""
        return [self.schools[key] for key in sorted(self.schools) if self.schools[key].parts]

    def index_parts(self) -> None:
        """Number the open parts by stage and key, so that columns can be summed by part."""
        parts = [part for school in self.open_schools for part in school.parts.values()]
        self.parts = sorted(parts, key=lambda part: (part.stage, part.key))
        self.part_of[:] = -1
        for index, part in enumerate(self.parts):
            self.part_of[part.stage, part.key] = index
        self.public_parts = np.array([part.school.public for part in self.parts], dtype=bool)
        self.redraw()

    def redraw(self) -> None:
        """Work out again which schools each neighbourhood asks in turn; call after a catchment changed."""
        from simsim.world.neighbourhoods import orders

        self.public_order, self.private_order = orders(self, public=True), orders(self, public=False)

    def student_parts(self) -> NDArray[np.int16]:
        """Return the index of each pupil's part (n); -1 while waiting."""
        junior = (self.students.grade >= FIRST_GRADE[JUNIOR]).astype(np.int32)
        return self.part_of.ravel().take(junior * self.part_of.shape[1] + self.students.school)

    def teacher_parts(self) -> NDArray[np.int16]:
        """Return the index of the part where each teacher (n) works."""
        return self.part_of[self.teachers.stage, self.teachers.post]

    def staff_by_part(self) -> Ints:
        """Return teachers by part and subject group (parts, groups), counted where they work."""
        return self._staff(self.teacher_parts())

    def vacancies(self) -> Ints:
        """Return posts less the teachers who hold them, by part and subject group; a rotated teacher keeps the home
        post.
        """
        held = self._staff(self.part_of[self.teachers.stage, self.teachers.home])
        return np.array([part.posts for part in self.parts]) - held

    def _staff(self, part: Rows) -> Ints:
        groups = len(SUBJECT_GROUPS)
        placed = part >= 0
        cells = part[placed].astype(np.int64) * groups + self.teachers.subject[placed]
        return np.bincount(cells, minlength=len(self.parts) * groups).reshape(-1, groups)

    def rolls(self) -> Ints:
        """Return pupils by part (parts)."""
        part = self.student_parts()
        return np.bincount(part[part >= 0], minlength=len(self.parts))

    # ---- what happened, for the record ----

    def spend(self, instance: str, kind: str, yuan: float, measure: str | None = None) -> None:
        """Book what an instance cost this year, in yuan of 2014; `kind` is capital, running, or donated (off the
        budget).
        """
        if yuan:
            self.recorder.costs.append((self.year, instance, measure or "", kind, float(yuan)))

    def move_teachers(self, rows: Rows, keys: ArrayLike, reason: str, instance: str = "", home: bool = True) -> None:
        """Move teachers (rows) to schools (keys), permanently unless `home` is kept, and write it down."""
        teachers = self.teachers
        keys = np.broadcast_to(np.asarray(keys), len(rows))
        self.recorder.moved(self, rows, keys, reason, instance)
        teachers.post[rows] = keys
        if home:
            teachers.home[rows] = keys
        teachers.moved_year[rows] = self.year
        teachers.years_in_school[rows] = 0
        if reason == "voluntary":
            self.count("voluntary_moves", teachers.stage[rows])


def _multiplier(policy: Policy, name: str, district: District) -> Floats:
    """Return a policy's multiplier on a rate; ValueError when it is negative or not a number, which no draw would
    notice.
    """
    factor = np.asarray(policy.rate(name, district), dtype=float)
    if not (np.isfinite(factor) & (factor >= 0)).all():
        raise ValueError(
            f"{policy.id} ({policy.name}): rate() gave {factor.min()} for {name}; return finite numbers of at least 0"
        )
    return factor
