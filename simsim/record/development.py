"""What a year brought beyond scores: skills, fitness, care."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simsim.base.arrays import Ints
from simsim.base.codes import NO_SCHOOL
from simsim.base.sums import added_up, ratio
from simsim.rules.development import NO_PROVISION, SHARES, SPECIAL
from simsim.world.recorder import Long, Row
from simsim.world.world import World


def rows(world: World, table: Mapping[str, Ints]) -> Iterator[Row]:
    """Yield fitness, skills and places by stage and group from `shares_table`, and what care reached."""
    parts = world.parts
    urban = parts.urban[:, None]
    everybody, poor = np.ones((len(parts), 2), bool), np.array([[False, True]])
    groups = {"all": everybody, "urban": urban & everybody, "rural": ~urban & everybody, "poor": everybody & poor}
    stage = parts.stage[:, None]
    stages = {"primary": stage == 0, "junior": stage == 1, "all": stage >= 0}
    where = [(word, group) for word in stages for group in groups]
    cells = np.stack([(groups[group] & stages[word]).ravel() for word, group in where]).astype(np.int64)
    counts = cells @ np.stack([table[name].ravel() for name in ("pupils", *SHARES)], axis=1)
    for (word, group), (pupils, *shared) in zip(where, counts, strict=True):
        if pupils:
            yield from ((name, word, group, n / pupils) for name, n in zip(SHARES, shared, strict=True))
    reached = _care(world) | _reach(world, table["pupils"].sum(axis=1))
    yield from ((name, "all", "all", value) for name, value in reached.items())


def _care(world: World) -> dict[str, float]:
    """Return what disabled and poor pupils have, and the year's donations (yuan)."""
    students = world.students
    provision, poor = students.provision[students.disabled], students.poor & (students.school != NO_SCHOOL)
    disabled = len(provision)
    gifts = [row[4] for row in world.recorder.costs if row[0] == world.year and row[3] == "donated"]
    return {
        "disabled_pupils": disabled,
        "disabled_served_share": ratio(np.count_nonzero(provision != NO_PROVISION), disabled),
        "disabled_special_share": ratio(np.count_nonzero(provision == SPECIAL), disabled),
        "aided": int(np.count_nonzero(students.aided)),
        "aided_share": ratio(np.count_nonzero(students.aided & poor), np.count_nonzero(poor)),
        "cost_donated": added_up(gifts),
    }


def _reach(world: World, pupils: Ints) -> dict[str, float]:
    """Return the shares of pupils in schools that evaluate the whole person, and in schools that have shared
    lessons; NaN without pupils.
    """
    total, of_schools = pupils.sum(), world.parts.of_schools
    return {
        "evaluating_share": ratio(pupils[of_schools(lambda school: school.evaluates)].sum(), total),
        "shared_lessons_share": ratio(pupils[of_schools(lambda school: school.shared_lessons)].sum(), total),
    }


def by_school(world: World, table: Mapping[str, Ints]) -> Long:
    """Return the year's shares by school in long form, from `shares_table`, and the evaluation of those that have
    one.
    """
    parts = world.parts
    pupils = np.maximum(table["pupils"].sum(axis=1), 1)
    values = {name: table[name].sum(axis=1) / pupils for name in SHARES} | {"evaluation": parts.evaluation}
    rows = [np.flatnonzero(np.isfinite(of_parts)) for of_parts in values.values()]
    index = np.concatenate(rows)
    return Long(
        world.year,
        parts.stage[index],
        parts.key[index],
        tuple(values),
        np.repeat(np.arange(len(values)), [len(mine) for mine in rows]),
        np.concatenate([of_parts[mine] for of_parts, mine in zip(values.values(), rows, strict=True)]),
    )
