"""Nobody appears or vanishes: checked after every phase of every simulated year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsim.codes import NO_SCHOOL
from simsim.errors import ConservationError

if TYPE_CHECKING:
    from simsim.district import District


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
