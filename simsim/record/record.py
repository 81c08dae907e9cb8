"""What is written down of a year: flows, seats, staff, scores and official indicators, by stage, school and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.base.codes import NO_SCHOOL, STAGES
from simsim.base.quantiles import quantiles
from simsim.base.sums import NOT_DEFINED, ratio
from simsim.record import development, equity, homes, mergers, outcomes, rotation, workforce
from simsim.record.homes import Homes
from simsim.record.outcomes import Amounts
from simsim.record.seated import Seated
from simsim.rules.development import shares_table
from simsim.rules.principals import summary as principals_summary
from simsim.world.recorder import ALL, Long, Row
from simsim.world.schools import School
from simsim.world.world import World

FLOWS = (
    "entrants",
    "arrivals",
    "leavers",
    "dropouts",
    "graduates",
    "turned_away",
    "retirements",
    "exits",
    "hires",
    "voluntary_moves",
    "private_school_hires",
)


def record(world: World) -> None:
    """Write this year into the log: the district's numbers, the tables by school and place, and a line a school."""
    amounts = outcomes.inputs(world)
    gap = outcomes.staffing_gap(world)
    table = outcomes.school_table(world, amounts) | outcomes.gap_by_school(gap)
    log, at_home, shares = world.recorder, Homes.of(world), shares_table(world)
    log.note_rows(world.year, district_rows(world, at_home.seated, amounts, gap, table))
    log.note_rows(world.year, development.rows(world, shares))
    log.note_rows(world.year, homes.rows(world, at_home))
    log.by_school += [long_schools(world, table), development.by_school(world, shares)]
    log.by_place.append(long_places(world, at_home))
    log.schools += [school_row(world.year, school) for school in world.open_schools]


def district_rows(world: World, seated: Seated, amounts: Amounts, gap: Floats, table: Amounts) -> Iterator[Row]:
    """Yield the year's numbers of the district: by stage, by group, flows and principals."""
    for stage in world.system.stages:
        word, mine = STAGES[stage], table["stage_code"] == stage
        here = {name: column[mine] for name, column in table.items()}
        pupils = seated.by_stage[stage]
        yield from in_stage(word, seat_totals(here, seated.km.take(pupils)))
        yield from in_stage(word, entry_totals(world, seated.rows.take(pupils)))
        yield from in_stage(word, staff_totals(world, stage) | outcomes.gap_totals(gap[mine]))
        yield from in_stage(word, outcomes.teaching(world, stage, table) | outcomes.scores(world, seated, stage))
        yield from in_stage(word, outcomes.official(world, amounts, stage) | class_totals(world, stage))
        yield from in_stage(word, equity.evenness(world, stage) | equity.resource_equity(world, amounts, stage))
    yield from equity.rows(world, seated, amounts, table)
    yield from heads(world)
    yield from flows(world)
    yield from workforce.rows(world, gap)
    yield from rotation.rows(world)
    yield from mergers.rows(world)
    yield from in_stage(ALL, principals_summary(world))


def in_stage(stage: str, values: Mapping[str, float]) -> Iterator[Row]:
    """Yield numbers of a stage as rows, for all its pupils together."""
    return ((name, stage, ALL, value) for name, value in values.items())


def head_count(world: World) -> tuple[int, float]:
    """Return pupils at school and the district's staff, as `heads` records them."""
    seated = np.count_nonzero(world.students.school != NO_SCHOOL)
    return int(seated), len(world.teachers) / (1.0 - world.p["non_teaching_share"])


def heads(world: World) -> Iterator[Row]:
    """Yield pupils by group and stage, who waits, and the district's staff."""
    students, parts = world.students, world.parts
    rows = np.flatnonzero(students.school != NO_SCHOOL)
    part, stage = parts.of_students().take(rows), world.system.stage_of(students.grade.take(rows))
    code = (stage * 2 + students.migrant.take(rows)) * 2 + students.poor.take(rows)
    cells = np.bincount((part + np.int32(1)) * 8 + code, minlength=8 * (len(parts) + 1))
    # By part (the first is nobody's), stage, migration and poverty; who waits has no school.
    table = cells.reshape(-1, 2, 2, 2)[1:]
    groups = {
        ALL: table,
        "urban": table[parts.urban],
        "rural": table[~parts.urban],
        "migrant": table[:, :, 1:],
        "local": table[:, :, :1],
        "private": table[~parts.public],
        "poor": table[:, :, :, 1:],
    }
    for group, mine in groups.items():
        by_stage = mine.sum(axis=(0, 2, 3)).tolist()
        yield from (("pupils", STAGES[code], group, by_stage[code]) for code in world.system.stages)
        yield "pupils", ALL, group, sum(by_stage)
    clustered = table[parts.of_schools(lambda school: school.cluster is not None).astype(bool)].sum()
    teachers = len(world.teachers)
    yield from in_stage(
        ALL,
        {
            "waiting": len(students) - len(rows),
            "clusters_pupils_share": ratio(clustered, len(rows)),
            "teachers": teachers,
            "staff": teachers / (1.0 - world.p["non_teaching_share"]),
            "public_teachers": int(np.count_nonzero(world.teachers.public)),
            "pupils_per_teacher": ratio(len(rows), teachers),
        },
    )


def flows(world: World) -> Iterator[Row]:
    """Yield what came and went this year, by stage and in all."""
    for what in FLOWS:
        counts = world.flows.tally[what]
        yield from ((what, STAGES[stage], ALL, counts[stage]) for stage in world.system.stages)
        yield what, ALL, ALL, counts.sum()


def school_row(year: int, s: School) -> tuple[object, ...]:
    """Return a school's line of a year: what it is, where it stands, and its cluster."""
    cluster = s.cluster.name if s.cluster else ""
    return (year, s.key, s.name["zh"], s.name["en"], s.kind, s.ownership, s.urban, s.x_km, s.y_km, s.opened, cluster)


def seat_totals(table: dict[str, Floats], km: Floats) -> dict[str, float]:
    """Return seats, crowding, pupils displaced and distances of a stage; NaN for means of nobody."""
    sums = {name: float(table[name].sum()) for name in ("seats", "rooms", "classes", "displaced", "over_capacity")}
    pupils = float(table["pupils"].sum())
    rest = {
        "seat_use": ratio(pupils, sums["seats"]),
        "class_size": ratio(pupils, sums["classes"]),
        "crowded_schools": float((table["seat_use"] > 1.0).sum()),
    }
    return sums | rest | ways(km)


def entry_totals(world: World, rows: Ints) -> dict[str, float]:
    """Return the entrants among the pupils of a stage in `rows` (n): its first grade, and who moved in or changed
    school this year; and the share of them who were placed outside their catchment school; NaN of nobody.
    """
    students = world.students
    displaced = students.displaced.take(rows)
    entry = world.system.is_entry(students.grade.take(rows))
    entrants = float(np.count_nonzero(entry | (students.years_in_school.take(rows) == 0) | displaced))
    return {"entry_pupils": entrants, "displaced_entrants_share": ratio(np.count_nonzero(displaced), entrants)}


def ways(km: Floats) -> dict[str, float]:
    """Return the mean and the 90th and 95th percentile of the ways to school; NaN without pupils."""
    if not len(km):
        return dict.fromkeys(("distance_km", "distance_p90_km", "distance_p95_km"), NOT_DEFINED)
    most, nearly_all = quantiles(km, (0.9, 0.95))
    return {"distance_km": float(km.mean()), "distance_p90_km": most, "distance_p95_km": nearly_all}


def class_totals(world: World, stage: int) -> dict[str, float]:
    """Return the number of large classes of a stage."""
    classes, p = world.classes, world.p
    stages = world.parts.stage
    size = classes.size[stages[classes.part] == stage]
    return {
        f"large_classes_{int(p[line])}": float((size >= p[line]).sum())
        for line in ("large_class.first", "large_class.second")
    }


def staff_totals(world: World, stage: int) -> dict[str, float]:
    """Return teachers, posts and pupils per teacher of a stage."""
    teachers = float(np.count_nonzero(world.teachers.stage == stage))
    rows = world.parts.of_stage(stage)
    pupils = float(world.parts.pupils[rows].sum())
    posts = float(world.parts.posts[rows].sum())
    staff = teachers / (1.0 - world.p["non_teaching_share"])
    return {"teachers": teachers, "staff": staff, "posts": posts, "pupils_per_teacher": ratio(pupils, teachers)}


def long_schools(world: World, table: dict[str, Floats]) -> Long:
    """Return a year's table by school in long form."""
    names = tuple(name for name in table if name != "stage_code")
    n = len(world.parts)
    return Long(
        world.year,
        np.tile(table["stage_code"].astype(int), len(names)),
        np.tile(world.parts.key, len(names)),
        names,
        np.repeat(np.arange(len(names)), n),
        np.concatenate([table[name] for name in names]),
    )


def long_places(world: World, at_home: Homes) -> Long:
    """Return a year's table by neighbourhood in long form: pupils, those waiting, displaced and turned away, and what
    pupils meet on average (way, class, teaching, score).
    """
    students, places = world.students, world.neighbourhoods
    away = np.flatnonzero(students.class_row < 0)
    stage = world.system.stage_of(students.grade.take(away)).astype(np.int64)
    waiting = stage * len(places) + places.rows(students.neighbourhood.take(away))
    cell, size = at_home.cells, len(STAGES) * len(places)
    columns = {
        "pupils": np.bincount(cell, minlength=size).astype(float),
        "waiting": np.bincount(waiting, minlength=size).astype(float),
        "displaced": np.bincount(cell, students.displaced.take(at_home.seated.rows), size),
        **at_home.by_place(world),
    }
    codes, indicator = np.repeat(np.arange(len(STAGES)), len(places)), np.repeat(np.arange(len(columns)), size)
    long = np.tile(codes, len(columns)), np.tile(places.key, len(STAGES) * len(columns)), indicator
    taught = np.isin(long[0], world.system.stages)
    stage, key, indicator = (column[taught] for column in long)
    return Long(world.year, stage, key, tuple(columns), indicator, np.concatenate(list(columns.values()))[taught])
