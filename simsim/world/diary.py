"""The diary of people who are followed: what happened to them, in which year and why; nobody else pays for it.

After every rule and every policy the diary compares the few rows that it follows with what they were before, so that it
knows who did it; it draws nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from simsim.base.arrays import AnyArray, Ints
from simsim.base.codes import NO_SCHOOL, TITLES
from simsim.districts.system import SchoolSystem
from simsim.inputs.errors import InputError, Problem, shorten
from simsim.world.instructions import Instructions
from simsim.world.person import Person
from simsim.world.population import Population
from simsim.world.recorder import Recorder
from simsim.world.schools import Principal, School
from simsim.world.students import Student
from simsim.world.teachers import Teacher

PUPIL, TEACHER, PRINCIPAL = "pupil", "teacher", "principal"
SEEN: Mapping[str, tuple[str, ...]] = {
    PUPIL: ("school", "grade", "displaced", "over_capacity"),
    TEACHER: ("post", "title", "backbone", "star"),
}
"""The columns that are compared."""
CLOSING = ("build", "budget")
"""The phases in which a pupil changes school because it closes."""
EVENTS = {"rotation": "rotated", "return": "returned"}
"""What a teacher's move is called by its reason; any other one is called moved."""
Row = dict[str, object]


class Event(NamedTuple):
    """One thing that happened: `origin` and `destination` are keys of schools (0 for none), `why` a word."""

    year: int
    person: int
    kind: str
    event: str
    origin: int
    destination: int
    why: str
    instance: str


class Lived(Protocol):
    """What the diary looks at of a world."""

    year: int
    phase: str
    system: SchoolSystem
    students: Population[Student]
    teachers: Population[Teacher]
    schools: Mapping[int, School]
    recorder: Recorder
    instructions: Instructions


class Diary:
    """Who is followed, by kind, and what happened to them; `first` is what each was when the following began."""

    def __init__(self) -> None:
        self.first: dict[int, Row] = {}
        self.events: list[Event] = []
        self._seen: dict[int, Row] = {}
        self._moves = 0
        self._gone: list[tuple[str, Ints]] = []
        self._last: dict[str, tuple[Ints, AnyArray]] = {}

    def follow(self, world: Lived, ids: Iterable[int]) -> None:
        """Follow these pupils, teachers and principals from now on; InputError for whoever is not here."""
        heads = _heads(world)
        fresh: dict[int, Row] = {}
        for person in ids:
            kind = _kind(world, heads, person)
            if not kind:
                remedy = "is no pupil, teacher or principal here; has the person left? ids are in district.students.id"
                raise InputError(Problem("district", "follow", person, remedy))
            fresh[person] = {"kind": kind, "year": world.year, **_traits(world, kind, person)}
        if not self.first:
            self._moves = len(world.recorder.moves)
        self.first |= {person: row for person, row in fresh.items() if person not in self.first}
        self._seen |= {person: self._now(world, heads, person) or {} for person in fresh}

    def gone(self, reason: str, ids: Ints) -> None:
        """Hear who is about to leave the district, and why."""
        self._gone.append((reason, ids))

    def look(self, world: Lived, by: str) -> None:
        """Write down what changed for whom since the last look; `by` is the id of a policy, or nothing for a rule."""
        moves = self._new_moves(world)
        heads = _heads(world)
        for person in self._suspects(world, moves):
            before = self._seen[person]
            now, kind = self._now(world, heads, person), str(self.first[person]["kind"])
            if now == before and person not in moves:
                continue
            if now is None:
                self._left(world, person, kind, before, by)
                continue
            for event, origin, destination, why in _changes(world, kind, before, now, moves.get(person, ())):
                if event == "admitted" and (first := self._withdrawn(world, person)):
                    origin, why = first.origin, "choice"
                self._write(world, person, kind, event, (origin, destination), why, by)
            self._seen[person] = now
        self._gone.clear()

    def _suspects(self, world: Lived, moves: Iterable[int]) -> list[int]:
        """Return who may have changed since the last look: all columns that are compared, in one stroke."""
        found = {*moves, *(person for person in self._seen if self.first[person]["kind"] == PRINCIPAL)}
        for kind, names in SEEN.items():
            ids = np.array([person for person in self._seen if self.first[person]["kind"] == kind], np.int64)
            people: Population[Student] | Population[Teacher] = world.students if kind == PUPIL else world.teachers
            if not len(ids):
                continue
            rows = np.minimum(np.searchsorted(people.id, ids), len(people) - 1)
            now: AnyArray = np.column_stack([people.columns[name][rows] for name in names])
            before, then = self._last.get(kind, (ids[:0], now))
            same = np.array_equal(before, ids)
            changed = (people.id[rows] != ids) | (now != then).any(axis=1) if same else np.ones(len(ids), bool)
            self._last[kind] = ids, now
            found |= set(ids[changed].tolist())
        return sorted(found)

    def waiting(self, world: Lived) -> None:
        """Write down who waits for a seat this year, when the places are given."""
        for person, now in self._seen.items():
            if self.first[person]["kind"] == PUPIL and now.get("school") == NO_SCHOOL:
                self._write(world, person, PUPIL, "waited", (NO_SCHOOL, NO_SCHOOL), "no_seat", "")

    def _withdrawn(self, world: Lived, person: int) -> Event | None:
        """Take back a place given earlier this year, which the pupil gave up to choose; return it, None of no place."""
        mine = [e for e in self.events if (e.year, e.person) == (world.year, person) and e.kind == PUPIL]
        given = [e for e in mine if e.event == "admitted"]
        if given:
            self.events = [e for e in self.events if e not in mine or e.event not in ("admitted", "displaced")]
        return given[0] if given else None

    def _left(self, world: Lived, person: int, kind: str, before: Row, by: str) -> None:
        reasons = [reason for reason, ids in self._gone if np.isin(person, ids)]
        place = before.get("school", before.get("post", NO_SCHOOL))
        why = reasons[0] if reasons else "post" if kind == PRINCIPAL else "removed"
        self._write(world, person, kind, "left", (_key(place), NO_SCHOOL), why, by)
        del self._seen[person]

    def _write(
        self, world: Lived, person: int, kind: str, event: str, way: tuple[int, int], why: str, instance: str
    ) -> None:
        self.events.append(Event(world.year, person, kind, event, *way, why, instance))

    def _new_moves(self, world: Lived) -> dict[int, Sequence[object]]:
        """Return this rule's row of the record of teachers' moves by teacher who is followed."""
        rows = world.recorder.moves[self._moves :]
        self._moves = len(world.recorder.moves)
        return {_key(row[1]): row for row in rows if row[1] in self._seen}

    def _now(self, world: Lived, heads: Mapping[int, int], person: int) -> Row | None:
        """Return what is compared of a person, None of one who has left."""
        kind = self.first[person]["kind"]
        if kind == PRINCIPAL:
            return {"school": heads[person]} if person in heads else None
        people: Population[Student] | Population[Teacher] = world.students if kind == PUPIL else world.teachers
        if person not in people:
            return None
        row = int(people.rows(person))
        return {name: people.columns[name].item(row) for name in SEEN[str(kind)]}


def ids_in(people: int | Person | Principal | Iterable[int | Person | Principal]) -> list[int]:
    """Return the ids of one person, or of several; TypeError for what is neither."""
    if isinstance(people, Person):
        return [people.unique_id]
    if isinstance(people, Principal):
        return [people.id]
    if isinstance(people, int | np.integer) and not isinstance(people, bool):
        return [int(people)]
    if isinstance(people, np.ndarray):
        return ids_in(people.tolist())
    if isinstance(people, Iterable) and not isinstance(people, str | bytes | Mapping):
        return [person for one in people for person in ids_in(one)]
    raise TypeError(f"{shorten(people)} is no id and no person; give ids, pupils, teachers or principals")


def one_of(person: int | Person | Principal) -> int:
    """Return the id of one person; InputError for several or none, TypeError for what is no person."""
    found = ids_in(person)
    if len(found) != 1:
        raise InputError(
            Problem("district", "person", person, "must be one person: an id, or a pupil, teacher, principal")
        )
    return found[0]


def _key(value: object) -> int:
    return value if isinstance(value, int) else 0


def _heads(world: Lived) -> dict[int, int]:
    """Return the school (key) of every principal (id)."""
    return {s.principal.id: key for key, s in world.schools.items() if s.principal is not None}


def _kind(world: Lived, heads: Mapping[int, int], person: int) -> str:
    """Return what somebody is, nothing for one who is not here."""
    kinds = ((PUPIL, person in world.students), (TEACHER, person in world.teachers), (PRINCIPAL, person in heads))
    return next((kind for kind, here in kinds if here), "")


def _traits(world: Lived, kind: str, person: int) -> Row:
    """Return every column of a person, as it is now."""
    if kind == PRINCIPAL:
        head = next(s.principal for s in world.schools.values() if s.principal and s.principal.id == person)
        return {"school": _heads(world)[person], "since": head.since, "entered": head.entered}
    people: Population[Student] | Population[Teacher] = world.students if kind == PUPIL else world.teachers
    row = int(people.rows(person))
    return {name: column.item(row) for name, column in people.columns.items()}


Change = tuple[str, int, int, str]


def _changes(world: Lived, kind: str, before: Row, now: Row, move: Sequence[object]) -> list[Change]:
    """Return what happened between two looks: event, school before, school after, and why."""
    if kind == PUPIL:
        return _of_pupil(world, before, now)
    if kind == TEACHER:
        return _of_teacher(before, now, move)
    return [("moved", _key(before["school"]), _key(now["school"]), "post")]


def _of_pupil(world: Lived, before: Row, now: Row) -> list[Change]:
    origin, place = _key(before["school"]), _key(now["school"])
    if place == origin:
        lost = now["displaced"] and not before["displaced"]
        return [("displaced", place, place, "choice")] if lost else []
    if place == NO_SCHOOL:
        return []
    entry = bool(world.system.is_entry(np.array([now["grade"]]))[0])
    fresh = entry or origin == NO_SCHOOL
    found = [("admitted" if fresh else "moved", origin, place, _why(world, now, place, fresh))]
    return found + ([("displaced", origin, place, "full")] if now["displaced"] else [])


def _why(world: Lived, now: Row, place: int, fresh: bool) -> str:
    """Return why a pupil came to a school."""
    if world.phase in CLOSING and not fresh:
        return "closing"
    if not world.schools[place].public:
        return "private"
    if world.instructions.families_chose:
        return "choice"
    return "over_capacity" if now["over_capacity"] else "elsewhere" if now["displaced"] else "catchment"


def _of_teacher(before: Row, now: Row, move: Sequence[object]) -> list[Change]:
    place, found = _key(now["post"]), list[Change]()
    if move:
        reason = str(move[4])
        found.append((EVENTS.get(reason, "moved"), _key(move[2]), _key(move[3]), reason))
    if now["title"] != before["title"]:
        found.append(("promoted", place, place, TITLES[_key(now["title"])]))
    for label in ("backbone", "star"):
        if now[label] and not before[label]:
            found.append(("named", place, place, label))
    return found
