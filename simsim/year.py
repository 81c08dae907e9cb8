"""One school year, as a list that can be read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from simsim.base.codes import NO_SCHOOL
from simsim.inputs.errors import ConservationError
from simsim.policy import Policy
from simsim.record.record import record
from simsim.rules import (
    admission,
    building,
    class_warning,
    classes,
    development,
    hiring,
    learning,
    mobility,
    money,
    monitoring,
    passing,
    principals,
    staffing,
    titles,
    transition,
)
from simsim.world.bounds import check_writes
from simsim.world.instructions import Instructions
from simsim.world.world import Acting, World

Rule = Callable[[World], None]


def act(world: World) -> None:
    """Let every policy that acts this year act in the phase being lived, in the order of instance ids."""
    for policy in world.policies:
        if _idle(policy, world.phase) or not world.acts(policy):
            continue
        policy.act(world.phase, world)
        if not _is_own(type(policy)):
            check_writes(world, policy.id)
        if world.diary is not None:
            world.diary.look(world, policy.id)


def _idle(policy: Acting, phase: str) -> bool:
    """Whether a policy has no hook of a phase, as most have not: whether it acts this year need not be asked then."""
    return type(policy).act is Policy.act and not hasattr(policy, phase)


def instruct(world: World) -> None:
    """Let every policy that acts this year tell the year's rules what to do."""
    for policy in filter(world.acts, world.policies):
        policy.instruct(world)
        if not _is_own(type(policy)):
            check_writes(world, policy.id)


def _is_own(made: Rule | type) -> bool:
    """Whether a rule or a policy is simsim's own; what others wrote into columns is looked at."""
    return made.__module__.startswith("simsim.")


def show(world: World) -> None:
    """Let whoever watches the run look at the year that was just recorded."""
    for watch in world.watchers:
        watch(world)


@dataclass(frozen=True)
class Phase:
    """A phase of the year: rules that come `first`, then the policies' hooks, then the other `rules`.

    In the first year, whose roll and staff are given, only the rules in `given` are run, if there are any such.
    """

    name: str
    first: tuple[Rule, ...] = ()
    rules: tuple[Rule, ...] = ()
    given: tuple[Rule, ...] | None = None

    def __iter__(self) -> Iterator[object]:
        """Give the name and what is done, for code that unpacks the year's list into pairs."""
        return iter((self.name, (*self.first, act, *self.rules)))

    def due(self, world: World) -> tuple[Rule, ...]:
        """Return what is done in this phase of the year, in order."""
        if self.given is not None and world.year == world.first_year:
            return self.given
        return (*self.first, act, *self.rules)


YEAR = (
    Phase("budget", first=(money.expect,), rules=(money.allocate,), given=()),
    Phase(
        "build",
        first=(building.clear_programs, instruct),
        rules=(class_warning.add_rooms, building.add_rooms, building.keep_up),
        given=(),
    ),
    Phase(
        "admit",
        first=(mobility.depart, development.clear, mobility.arrive),
        rules=(admission.place, transition.choose),
        given=(),
    ),
    Phase(
        "staff",
        first=(staffing.depart, titles.promote, staffing.name_backbones, staffing.add_posts, staffing.move),
        rules=(hiring.hire, principals.turn_over, classes.form, building.note_rolls),
        given=(classes.form, building.note_rolls),
    ),
    Phase("teach", rules=(development.grow, learning.teach)),
    Phase("assess", first=(learning.test, monitoring.observe, development.evaluate)),
    Phase("settle", first=(money.settle,), rules=(money.close,)),
    Phase("record", rules=(record, show)),
    Phase("advance", rules=(passing.advance, passing.grow)),
)


RULES = frozenset(rule for phase in YEAR for rule in (*phase.first, *phase.rules, *(phase.given or ())))
"""All rules of the year."""
COUNTED = ("budget", "build", "admit", "staff", "advance")
"""The phases that say how many pupils and teachers there are."""
HEADS = tuple(
    Phase("record", rules=(show,)) if phase.name == "record" else phase
    for phase in YEAR
    if phase.name in (*COUNTED, "record")
)
"""A year lived for its heads alone: the same rules and policies, without lessons, tests, accounts and records."""


def live(world: World, year: tuple[Phase, ...] = YEAR) -> None:
    """Run every phase in order, but for rules that a study has stopped; check after each that nobody appeared or
    vanished.
    """
    world.instructions = Instructions.usual(world.p["replacement_rate_baseline"])
    for phase in year:
        world.phase = phase.name
        for rule in phase.due(world):
            if rule not in world.stopped:
                rule(world)
                if not _is_own(rule):
                    check_writes(world, getattr(rule, "__name__", "rule"))
                if world.diary is not None:
                    world.diary.look(world, "")
        if world.diary is not None and phase.name == "admit":
            world.diary.waiting(world)
        check(world)
        if phase.name == "record":
            world.flows.end_year()


def check(world: World) -> None:
    """Raise ConservationError when heads do not add up; after `staff` also look at every row."""
    for kind in ("students", "teachers"):
        found, expected = len(getattr(world, kind)), world.flows.expected[kind]
        if found != expected:
            raise ConservationError(
                f"{world.year}, phase {world.phase}: {found} {kind} where {expected} are accounted for"
            )
    if world.phase == "staff" and len(world.classes):
        check_rows(world)


def check_rows(world: World) -> None:
    """Check ids, posts and classes row by row; ConservationError names what does not fit."""
    at = f"{world.year}, phase {world.phase}:"
    for kind, people in (("student", world.students), ("teacher", world.teachers)):
        if (np.diff(people.id) <= 0).any():
            raise ConservationError(f"{at} {kind} ids are not unique and sorted")
    if (world.parts.of_teachers() < 0).any():
        raise ConservationError(f"{at} a teacher has a post in a school stage that is not open")
    seated = world.students.school != NO_SCHOOL
    if (world.parts.of_students()[seated] < 0).any():
        raise ConservationError(f"{at} a pupil sits in a school stage that is not open")
    if world.classes.size.sum() != seated.sum():
        raise ConservationError(f"{at} classes hold {world.classes.size.sum()} pupils, schools {seated.sum()}")
