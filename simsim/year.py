"""One school year, as a list that can be read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from simsim.base.codes import NO_SCHOOL
from simsim.inputs.errors import ConservationError
from simsim.record.record import record
from simsim.rules import (
    admission,
    building,
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
)

if TYPE_CHECKING:
    from simsim.district import District

Rule = Callable[["District"], None]


def show(district: District) -> None:
    """Let whoever watches the run look at the year that was just recorded."""
    for watch in district.watchers:
        watch(district)


POLICIES = "policies"
YEAR: tuple[tuple[str, tuple[Rule | str, ...]], ...] = (
    ("budget", (money.expect, POLICIES, money.allocate)),
    ("build", (building.clear_programs, POLICIES, building.add_rooms, building.keep_up)),
    ("admit", (mobility.depart, development.clear, mobility.arrive, POLICIES, admission.place)),
    (
        "staff",
        (staffing.depart, staffing.promote, staffing.name_backbones, staffing.add_posts, staffing.move, POLICIES)
        + (hiring.hire, principals.turn_over, classes.form, building.note_rolls),
    ),
    ("teach", (POLICIES, development.grow, learning.teach)),
    ("assess", (learning.test, monitoring.observe, development.evaluate, POLICIES)),
    ("settle", (money.settle, POLICIES, money.close)),
    ("record", (record, show)),
    ("advance", (passing.advance, passing.grow)),
)
GIVEN_AT_FIRST = ("budget", "build", "admit", "staff")
FORMED_EVEN_THEN = (classes.form, building.note_rolls)


def live(district: District) -> None:
    """Run every phase in order; in the first year roll and staff are given, so that only classes are formed."""
    for phase, rules in YEAR:
        given = district.year == district.first_year and phase in GIVEN_AT_FIRST
        for rule in rules:
            if given and rule not in FORMED_EVEN_THEN:
                continue
            if rule == POLICIES:
                act(district, phase)
            else:
                rule(district)
        try:
            check(district, phase)
        except ConservationError as error:
            raise ConservationError(f"{district.year}, phase {phase}: {error}") from None
        if phase == "record":
            district.tally.clear()


def act(district: District, phase: str) -> None:
    """Let every active policy act in this phase, in the order of instance ids."""
    for policy in district.policies:
        if district.acts(policy):
            policy.act(phase, district)


def check(district: District, phase: str) -> None:
    """Raise ConservationError when heads do not add up; after `staff` also look at every row."""
    for kind in ("students", "teachers"):
        found = len(getattr(district, kind))
        if found != district.expected[kind]:
            raise ConservationError(f"{found} {kind} where {district.expected[kind]} are accounted for")
    if phase == "staff" and district.classes is not None:
        check_rows(district)


def check_rows(district: District) -> None:
    """Check ids, posts and classes row by row."""
    for kind, people in (("student", district.students), ("teacher", district.teachers)):
        if (np.diff(people.id) <= 0).any():
            raise ConservationError(f"{kind} ids are not unique and sorted")
    if (district.teacher_parts() < 0).any():
        raise ConservationError("a teacher has a post in a school stage that is not open")
    seated = district.students.school != NO_SCHOOL
    if (district.student_parts()[seated] < 0).any():
        raise ConservationError("a pupil sits in a school stage that is not open")
    sizes = district.classes.size.sum() if district.classes is not None else 0
    if sizes != seated.sum():
        raise ConservationError(f"classes hold {sizes} pupils, schools {seated.sum()}")
