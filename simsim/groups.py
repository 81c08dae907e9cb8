"""Who gains and who does not: indicators apart for urban and rural schools, and scores by group of pupils."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simsim import equipping
from simsim.codes import FIRST_GRADE, JUNIOR, STAGES
from simsim.outcomes import PER_PUPIL

if TYPE_CHECKING:
    from simsim.district import District

Floats = NDArray[np.float64]
Row = tuple[str, str, str, float]


def rows(district: District, amounts: dict[str, Floats], table: dict[str, Floats]) -> Iterator[Row]:
    """Yield (indicator, stage, group, value): the eight inputs per pupil, seats and staff of urban and rural schools, scores."""
    urban = np.array([part.school.urban for part in district.parts])
    for stage, word in enumerate(STAGES):
        mine = table["stage_code"] == stage
        for group, where in (("all", mine), ("urban", mine & urban), ("rural", mine & ~urban)):
            if where.any():
                yield from ((name, word, group, value) for name, value in per_pupil(amounts, where).items())
            if where.any() and group != "all":
                yield from ((name, word, group, value) for name, value in seats_and_staff(table, where).items())
    yield from scores(district, urban)
    yield from equipment(district)


def per_pupil(amounts: dict[str, Floats], where: NDArray[np.bool_]) -> dict[str, float]:
    """Return the eight inputs per pupil of all schools in a mask together."""
    pupils = max(float(amounts["pupils"][where].sum()), 1.0)
    return {name: float(amounts[key][where].sum()) / pupils for key, name in PER_PUPIL.items()}


def seats_and_staff(table: dict[str, Floats], where: NDArray[np.bool_]) -> dict[str, float]:
    """Return class size, crowding, distance and staff of the parts in a mask, weighted by pupils where they are means."""
    pupils, sums = (
        table["pupils"][where],
        {name: float(table[name][where].sum()) for name in ("seats", "classes", "over_capacity", "teachers")},
    )
    heads = max(float(pupils.sum()), 1.0)
    means = {name: float((table[name][where] * pupils).sum()) / heads for name in ("teacher_quality", "distance_km") if name in table}
    return means | {
        "seats": sums["seats"],
        "over_capacity": sums["over_capacity"],
        "teachers": sums["teachers"],
        "class_size": heads / max(sums["classes"], 1.0),
        "seat_use": heads / max(sums["seats"], 1.0),
        "pupils_per_teacher": heads / max(sums["teachers"], 1.0),
    }


def scores(district: District, urban: NDArray[np.bool_]) -> Iterator[Row]:
    """Yield the mean score of urban, rural, migrant, local and poor pupils by stage; groups without pupils are left out."""
    students = district.students
    seated, part = students.class_row >= 0, district.student_parts()
    in_town = urban[part] & seated
    junior = students.grade >= FIRST_GRADE[JUNIOR]
    groups = {"urban": in_town, "rural": seated & ~in_town, "migrant": seated & students.migrant, "local": seated & ~students.migrant}
    for group, mask in (groups | {"poor": seated & students.poor}).items():
        sums = np.bincount(junior[mask], students.score[mask], len(STAGES))
        heads = np.bincount(junior[mask], minlength=len(STAGES))
        yield from (("score", STAGES[s], group, float(sums[s] / heads[s])) for s in range(len(STAGES)) if heads[s])


def equipment(district: District) -> Iterator[Row]:
    """Yield the share of the equipment in use, and of public schools that meet its standard, urban and rural apart."""
    yield "equipment_use", "all", "all", equipping.use(district)
    schools = [(school.urban, equipping.meets(district, school)) for school in district.open_schools if school.public]
    for group, met in (
        ("all", [m for _, m in schools]),
        ("urban", [m for u, m in schools if u]),
        ("rural", [m for u, m in schools if not u]),
    ):
        if met:
            yield "equipment_standard_share", "all", group, sum(met) / len(met)
