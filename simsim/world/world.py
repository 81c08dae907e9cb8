"""The world: who and what there is in one replication, composed of parts that each know their own business."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simsim.base.arrays import AnyArray, Floats, Ints, Mask, Rows
from simsim.base.codes import STAGES, SUBJECT_GROUPS
from simsim.base.displays import Shown
from simsim.base.streams import Streams, one_each
from simsim.districts.births import SWITCH, of_variant
from simsim.districts.class_law import ClassLaw, class_law
from simsim.districts.files import DistrictData
from simsim.districts.own import delays
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Record
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import real
from simsim.world.account import Account
from simsim.world.asked import rows_of
from simsim.world.budget import Budget
from simsim.world.classes import Classes
from simsim.world.closed import Closed, Values
from simsim.world.diary import Diary
from simsim.world.flows import Flows
from simsim.world.instructions import VACATED, Instructions
from simsim.world.mesa_idioms import ELSEWHERE, Idioms
from simsim.world.mesa_memory import let_models_go
from simsim.world.neighbourhoods import Neighbourhoods, schools_in_turn
from simsim.world.parts import Parts
from simsim.world.population import Population
from simsim.world.rates import Multiplier, multiplied
from simsim.world.recorder import Recorder
from simsim.world.schools import Cluster, School, Schools
from simsim.world.students import COLUMNS as STUDENT
from simsim.world.students import Student
from simsim.world.teachers import COLUMNS as TEACHER
from simsim.world.teachers import Teacher

let_models_go()


class Acting(Multiplier["World"], Protocol):
    """What the world asks of a policy beyond its rates; simsim.policy.Policy is one."""

    measure: str | None
    touched: int
    funded: float
    committed: bool
    done: dict[str, int]

    @property
    def divisible(self) -> bool:
        """Whether a share of its money does a share of its work."""

    def active(self, year: int) -> bool:
        """Whether it acts in a school year."""

    def planned(self, district: World) -> tuple[float, float]:
        """Return what it wants to spend this year, capital and running (yuan)."""

    def changes_heads(self, district: World) -> bool:
        """Whether it can change how many pupils or teachers there are."""

    def begin(self, district: World) -> None:
        """Prepare before the first year."""

    def instruct(self, district: World) -> None:
        """Tell this year's rules what to do."""

    def act(self, phase: str, district: World) -> None:
        """Run its hook of a phase."""


class Promised(Protocol):
    """A milestone of a plan, as far as a world knows it."""

    @property
    def name(self) -> str:
        """What is promised."""

    @property
    def due(self) -> date:
        """When it is due."""

    @property
    def striving(self) -> bool:
        """Whether the plan only strives for it."""


class Planned(Protocol):
    """A measure of a plan, as far as a world knows it."""

    @property
    def family(self) -> str:
        """The family of measures it belongs to."""

    @property
    def striving(self) -> bool:
        """Whether the plan only strives for it."""

    @property
    def milestones(self) -> Sequence[Promised]:
        """What it promises by when."""


Drawn = dict[tuple[int, int], tuple[dict[str, float], tuple[AnyArray, ...], dict[str, AnyArray]]]
"""Children by year and route: the parameters and columns that they were drawn from, and their own columns."""


KINDS_OF_COST = ("capital", "running", "donated")
"""What a cost may be; only these are summed up."""


class World(Closed, Shown, Idioms):
    """Everything there is, and nothing that happens: rules change it, policies act on it through simsim.actions.

    `system` says which stages and grades there are, `students` and `teachers` are columns, `flows` their comings and
    goings, `parts` the open school stages as columns, `schools` and `clusters` Mesa agents, `neighbourhoods` where
    children live, `classes` this year's; `account` is who comes and goes where the district is calibrated on its own
    rolls; `streams` are the keyed draws, `p` the parameters of the year, `policies` what may multiply a rate,
    `instructions` what they tell this year's rules, `budget` the district's money, `retirement` the law of it,
    `class_law` that on large classes and `recorder` the log, `diary` that of the people who are followed (None where
    nobody is). `vacated` counts vacant posts by why they are (VACATED,
    stages, subject groups). `stopped` are rules of the year that do nothing in this world, for studies of what one
    does; `drawn` keeps who came on the rolls for the other worlds of a seed (rules/newcomers.py), where there are any.
    It takes resolved inputs and reads no file.
    """

    _settled = dict.fromkeys(("students", "teachers"), "write into its columns") | dict.fromkeys(
        ("schools", "parts", "neighbourhoods", "flows", "data", "system", "streams", "recorder"),
        "others hold it too; build another District",
    )
    _kinds = {
        "policies": ((list,), "a list of policies"),
        "clusters": ((list,), "a list of clusters"),
        "budget": ((Budget,), "the district's budget"),
        "class_law": ((ClassLaw,), "the law on large classes; a scenario sets it with law:"),
    }
    _elsewhere = ELSEWHERE

    def __init__(
        self,
        data: DistrictData,
        p: Mapping[str, float],
        seed: int,
    ) -> None:
        super().__init__(rng=seed)
        self.refuse_draws()
        self.system, data = data.system, data.own()
        self.data = data
        self.p: dict[str, float] = Values(p)
        self.policies: list[Acting] = []
        self.measures: dict[str, Planned] = {}
        self.first_year: int = int(data.spec["first_year"])
        self.year = self.first_year
        self.retirement = delays(data.spec, data.as_of)
        self.class_law = class_law(data.spec, data.as_of)
        self.phase = "build"
        self.streams = Streams(seed)
        self.students: Population[Student] = Population(STUDENT, Student, self)
        self.teachers: Population[Teacher] = Population(TEACHER, Teacher, self)
        self.flows = Flows(self.students, self.teachers, self.system)
        self.schools = Schools()
        self.clusters: list[Cluster] = []
        self.parts = Parts(self.students, self.teachers, self.system)
        self.neighbourhoods = Neighbourhoods.of(data)
        self.classes = Classes.none()
        self.births = of_variant(data.births, data.spec, bool(p[SWITCH]))
        self.first_schools: list[Record] = records(data.schools)
        self.account: Account | None = None
        self.budget = Budget()
        self.instructions = Instructions()
        self.vacated: Ints = np.zeros((len(VACATED), len(STAGES), len(SUBJECT_GROUPS)), np.int64)
        self.reference: Floats = np.zeros(len(STAGES))
        self.pupils_per_post: Floats = np.zeros(len(STAGES))
        self.recorder = Recorder(data.codes())
        self.diary: Diary | None = None
        self.drawn: Drawn | None = None
        self.watchers: list[Callable[[Self], None]] = []
        self.stopped: frozenset[Callable[..., None]] = frozenset()

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

    # ---- what policies change ----

    def acts(self, policy: Acting) -> bool:
        """Whether a policy acts this year: never in the first, which is the state before any plan."""
        return self.year > self.first_year and policy.active(self.year)

    def rate(self, name: str, base: ArrayLike) -> Floats:
        """Return a named rate (world/rates.py) after every active policy's multiplier; KeyError for an unknown one."""
        asked = (policy for policy in self.policies if name in policy.rates and self.acts(policy))
        return multiplied(name, base, asked, self)

    def compliance(self, chance: ArrayLike) -> Floats:
        """Return the chance that what is mandated is done, after what inspection ends of non-compliance."""
        given = one_each(chance, np.size(chance), "the chance of what is mandated", 0, 1)
        return np.maximum(1.0 - self.rate("policy/non-compliance", 1.0 - given), 0.0)

    # ---- schools ----

    @property
    def open_schools(self) -> list[School]:
        """Schools that teach somebody, by key."""
        return [school for _, school in sorted(self.schools.items()) if school.parts]

    def index_parts(self) -> None:
        """Number the open parts by stage and key; call after a school opened or closed a stage."""
        self.parts.renumber(self.open_schools)
        self.redraw()

    def redraw(self) -> None:
        """Work out again which schools each neighbourhood asks in turn; call after a catchment or a school moved."""
        self.parts.look_where()
        self.public_order: NDArray[np.int16] = schools_in_turn(self.neighbourhoods, self.parts, self.p, public=True)
        self.private_order: NDArray[np.int16] = schools_in_turn(self.neighbourhoods, self.parts, self.p, public=False)

    # ---- what happened, for the record ----

    def spend(self, instance: str, kind: str, yuan: float, measure: str | None = None) -> None:
        """Book what an instance cost this year (in prices of the first year); `kind`
        is capital, running, or donated (off the budget). InputError for another kind, and for what is no finite number.
        """
        if kind not in KINDS_OF_COST:
            remedy = f"is no kind of cost: write {', '.join(KINDS_OF_COST)}{suggest(str(kind), KINDS_OF_COST)}"
            raise InputError(Problem(instance, "spend.kind", kind, remedy))
        if real(yuan) is None:
            raise InputError(Problem(instance, "spend.yuan", yuan, "must be a finite number of yuan"))
        if yuan:
            self.recorder.costs.append((self.year, instance, measure or "", kind, float(yuan)))

    def move_teachers(self, rows: Rows, keys: ArrayLike, reason: str, instance: str = "", home: bool = True) -> None:
        """Move teachers (rows) to schools (keys), permanently unless `home` is kept, and write it down.

        InputError for what are no rows of teachers.
        """
        teachers, rows = self.teachers, rows_of("move_teachers", "teachers", rows, self.teachers)
        keys = np.broadcast_to(np.asarray(keys), len(rows))
        columns = (teachers.id, teachers.post, teachers.stage, teachers.backbone)
        people = zip(*(column[rows].tolist() for column in columns), keys.tolist(), strict=True)
        self.recorder.moved(self.year, people, self.schools, reason, instance)
        teachers.post[rows] = keys
        if home:
            teachers.home[rows] = keys
        teachers.moved_year[rows] = self.year
        teachers.years_in_school[rows] = 0
        if reason == "voluntary":
            self.flows.count("voluntary_moves", teachers.stage[rows])
