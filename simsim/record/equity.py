"""How evenly the means of teaching are spread over schools: the measures of school finance, beside the official CV."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simsim.base import inequality
from simsim.base.arrays import Mask
from simsim.base.codes import STAGES
from simsim.base.sums import ratio
from simsim.record.outcomes import PER_PUPIL, Amounts
from simsim.record.seated import Seated
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
    names = world.parts.of_schools(lambda school: school.cluster.name if school.cluster else "")[mine]
    groups = np.unique(names, return_inverse=True)[1]
    pupils = amounts["pupils"][mine]
    found: dict[str, float] = {}
    for name in INPUTS:
        amount = amounts[name][mine]
        parts, whole = inequality.theil_parts(amount, pupils, groups), inequality.shares(amount, pupils)
        found |= {
            f"theil_{name}": parts.between + parts.within,
            f"theil_between_clusters_{name}": parts.between,
            f"gini_{name}": inequality.gini(whole, pupils),
            f"atkinson_{name}": inequality.atkinson(whole, pupils, AVERSION),
            f"mcloone_{name}": inequality.mcloone(whole, pupils),
            f"range_ratio_{name}": inequality.federal_range_ratio(whole, pupils),
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
    at = world.parts.of_students()
    rows = np.flatnonzero(here & (at >= 0))
    part, migrant = at.take(rows).astype(np.int64), students.migrant.take(rows)
    pupils, members = np.bincount(part), np.bincount(part, migrant)
    in_public = np.count_nonzero(migrant & world.parts.public.take(part))
    return {
        "migrant_share": float(migrant.mean()) if len(migrant) else float("nan"),
        "migrant_public_share": in_public / migrants if migrants else float("nan"),
        "migrant_dissimilarity": inequality.dissimilarity(members, pupils - members),
        "migrant_dissimilarity_random": inequality.random_dissimilarity(members, pupils - members),
        "migrant_variance_ratio": inequality.variance_ratio(migrant, part),
        "ses_variance_ratio": inequality.variance_ratio(students.ses.take(rows), part),
        "variance_ratio_random": inequality.random_variance_ratio(part),
    }


def rows(world: World, seated: Seated, amounts: Amounts, table: Amounts) -> Iterator[Row]:
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
    yield from scores(world, seated)
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


def scores(world: World, seated: Seated) -> Iterator[Row]:
    """Yield the mean score of urban, rural, migrant, local and poor pupils by
    stage; groups without pupils are left out.
    """
    n = len(STAGES)
    splits = (
        (("rural", "urban"), world.parts.urban.take(seated.part)),
        (("local", "migrant"), seated.migrant),
        (("", "poor"), world.students.poor.take(seated.rows)),
    )
    found: dict[str, list[Row]] = {}
    for names, second in splits:
        cell = seated.stage + n * second
        sums, heads = np.bincount(cell, seated.score, 2 * n), np.bincount(cell, minlength=2 * n)
        for code, group in enumerate(names):
            mine = range(n * code, n * (code + 1))
            found[group] = [("score", STAGES[c % n], group, float(sums[c] / heads[c])) for c in mine if heads[c]]
    for group in ("urban", "rural", "migrant", "local", "poor"):
        yield from found[group]


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
