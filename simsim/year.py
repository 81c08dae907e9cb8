"""One school year, as a list that can be read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simsim import (
    admission,
    building,
    classes,
    conservation,
    development,
    hiring,
    learning,
    mobility,
    money,
    monitoring,
    principals,
    promotion,
    staffing,
    students,
    teachers,
)
from simsim.errors import ConservationError

if TYPE_CHECKING:
    from simsim.district import District

Rule = Callable[["District"], None]


def record(district: District) -> None:
    """Write this year's indicators."""
    district.recorder.record(district)


POLICIES = "policies"
YEAR: tuple[tuple[str, tuple[Rule | str, ...]], ...] = (
    ("budget", (money.expect, POLICIES, money.allocate)),
    ("build", (building.clear_programs, POLICIES, building.add_rooms, building.keep_up)),
    ("admit", (mobility.depart, development.clear, mobility.arrive, POLICIES, admission.place)),
    (
        "staff",
        (staffing.depart, staffing.promote, promotion.name_backbones, staffing.add_posts, staffing.move, POLICIES)
        + (hiring.hire, principals.turn_over, classes.form, building.note_rolls),
    ),
    ("teach", (POLICIES, development.grow, learning.teach)),
    ("assess", (learning.test, monitoring.observe, development.evaluate, POLICIES)),
    ("settle", (money.settle, POLICIES, money.close)),
    ("record", (record, development.record)),
    ("advance", (students.advance, teachers.grow)),
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
            conservation.check(district, phase)
        except ConservationError as error:
            raise ConservationError(f"{district.year}, phase {phase}: {error}") from None
        if phase == "record":
            district.tally.clear()


def act(district: District, phase: str) -> None:
    """Let every active policy act in this phase, in the order of instance ids."""
    for policy in district.policies:
        if district.acts(policy):
            policy.act(phase, district)
