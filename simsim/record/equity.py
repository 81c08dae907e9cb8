"""How evenly the means of teaching are spread over schools: the measures of school finance, beside the official CV."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsim.base import inequality
from simsim.base.arrays import Mask
from simsim.base.codes import STAGES
from simsim.base.sums import ratio
from simsim.record.outcomes import PER_PUPIL, Amounts
from simsim.rules import building
from simsim.world.recorder import Row
from simsim.world.world import World

INPUTS = ("teachers", "teaching_area", "equipment")
AVERSION = 0.5


def resource_equity(world: World, amounts: Amounts, stage: int) -> dict[str, float]:
    """Return Theil's T (with its part between clusters), Gini, Atkinson, McLoone
    and the federal range ratio of a stage.

    Schools outside every cluster count as one group; all amounts are on a ratio scale (scores are not, and get no such
    measure). Formulas and references stand in `simsim.base.inequality`.
    """
    mine = world.parts.stage == stage
    groups = world.parts.of_schools(lambda school: school.cluster.name if school.cluster else "")[mine]
    pupils = amounts["pupils"][mine]
    found: dict[str, float] = {}
    for name in INPUTS:
        amount = amounts[name][mine]
        parts = inequality.theil_parts(amount, pupils, groups)
        found |= {
            f"theil_{name}": parts.between + parts.within,
            f"theil_between_clusters_{name}": parts.between,
            f"gini_{name}": inequality.gini(amount, pupils),
            f"atkinson_{name}": inequality.atkinson(amount, pupils, AVERSION),
            f"mcloone_{name}": inequality.mcloone(amount, pupils),
            f"range_ratio_{name}": inequality.federal_range_ratio(amount, pupils),
        }
    return found


def evenness(world: World, stage: int) -> dict[str, float]:
    """Return migrants' share of pupils and of seats in public schools, and
    segregation by migration and SES, of a stage.

    Dissimilarity is the share of migrant children who would have to change school for an even spread; the variance
    ratio the share of the variance of SES between schools. Both are given beside their expectation if the same places
    were dealt out at random. NaN when there are no migrant or no local children.
    """
    students = world.students
    here = world.system.stage_of(students.grade) == stage
    migrants = np.count_nonzero(here & students.migrant)
    part = world.parts.of_students()
    seated = here & (part >= 0)
    part, migrant = part[seated].astype(np.int64), students.migrant[seated]
    pupils, members = np.bincount(part), np.bincount(part, migrant)
    in_public = np.count_nonzero(migrant & world.parts.public[part])
    return {
        "migrant_share": float(migrant.mean()) if len(migrant) else float("nan"),
        "migrant_public_share": in_public / migrants if migrants else float("nan"),
        "migrant_dissimilarity": inequality.dissimilarity(members, pupils - members),
        "migrant_dissimilarity_random": inequality.random_dissimilarity(members, pupils - members),
        "migrant_variance_ratio": inequality.variance_ratio(migrant, part),
        "ses_variance_ratio": inequality.variance_ratio(students.ses[seated], part),
        "variance_ratio_random": inequality.random_variance_ratio(part),
    }


def rows(world: World, amounts: Amounts, table: Amounts) -> Iterator[Row]:
    """Yield (indicator, stage, group, value): the eight inputs per pupil, seats and
    staff of urban and rural schools, scores.
    """
    urban = world.parts.urban
    for stage in world.system.stages:
        word, mine = STAGES[stage], table["stage_code"] == stage
        for group, where in (("all", mine), ("urban", mine & urban), ("rural", mine & ~urban)):
            if where.any():
                yield from ((name, word, group, value) for name, value in per_pupil(amounts, where).items())
            if where.any() and group != "all":
                yield from ((name, word, group, value) for name, value in seats_and_staff(table, where).items())
    yield from scores(world, urban)
    yield from equipment(world)


def per_pupil(amounts: Amounts, where: Mask) -> dict[str, float]:
    """Return the eight inputs per pupil of all schools in a mask together; NaN without pupils."""
    pupils = float(amounts["pupils"][where].sum())
    return {name: ratio(amounts[key][where].sum(), pupils) for key, name in PER_PUPIL.items()}


def seats_and_staff(table: Amounts, where: Mask) -> dict[str, float]:
    """Return class size, crowding, distance and staff of the parts in a mask, weighted by pupils where they are
    means; NaN for means of nobody.
    """
    pupils, sums = (
        table["pupils"][where],
        {name: float(table[name][where].sum()) for name in ("seats", "classes", "over_capacity", "teachers")},
    )
    heads = float(pupils.sum())
    means = {
        name: ratio((table[name][where] * pupils).sum(), heads)
        for name in ("teacher_quality", "distance_km")
        if name in table
    }
    return means | {
        "seats": sums["seats"],
        "over_capacity": sums["over_capacity"],
        "teachers": sums["teachers"],
        "class_size": ratio(heads, sums["classes"]),
        "seat_use": ratio(heads, sums["seats"]),
        "pupils_per_teacher": ratio(heads, sums["teachers"]),
    }


def scores(world: World, urban: Mask) -> Iterator[Row]:
    """Yield the mean score of urban, rural, migrant, local and poor pupils by
    stage; groups without pupils are left out.
    """
    students = world.students
    seated, part = students.class_row >= 0, world.parts.of_students()
    in_town = urban[part] & seated
    stage = world.system.stage_of(students.grade)
    groups = {
        "urban": in_town,
        "rural": seated & ~in_town,
        "migrant": seated & students.migrant,
        "local": seated & ~students.migrant,
    }
    for group, mask in (groups | {"poor": seated & students.poor}).items():
        sums = np.bincount(stage[mask], students.score[mask], len(STAGES))
        heads = np.bincount(stage[mask], minlength=len(STAGES))
        yield from (("score", STAGES[s], group, float(sums[s] / heads[s])) for s in range(len(STAGES)) if heads[s])


def equipment(world: World) -> Iterator[Row]:
    """Yield the share of the equipment in use, and of public schools that meet its standard, urban and rural apart."""
    yield "equipment_use", "all", "all", building.use(world)
    schools = [(school.urban, building.meets(world, school)) for school in world.open_schools if school.public]
    for group, met in (
        ("all", [m for _, m in schools]),
        ("urban", [m for u, m in schools if u]),
        ("rural", [m for u, m in schools if not u]),
    ):
        if met:
            yield "equipment_standard_share", "all", group, sum(met) / len(met)
