"""What a living world may hold, wherever somebody wrote into it: codes, grades, schools and neighbourhoods that there
are, and numbers that are numbers. Columns are NumPy's own, so that nobody sees a write; what was written is looked at
before the next year is lived, and after everything that is not simsim's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from simsim.base.arrays import AnyArray, Ints, Mask
from simsim.base.codes import NO_SCHOOL, NOWHERE, STAGES, SUBJECT_GROUPS, TITLES
from simsim.base.ids import MOST_KEY, ROUTES
from simsim.inputs.errors import InputError, Problem
from simsim.world.schools import School
from simsim.world.world import World

MOST_LISTED = 40
LARGEST = float(np.finfo(np.float64).max)
Span = tuple[float, float, str]
"""The lowest and the highest value that a column may hold, and what it may hold in words."""
FINITE: Span = (-LARGEST, LARGEST, "a number that is finite")
NOT_NEGATIVE: Span = (0, LARGEST, "a number of at least 0")
SHARE: Span = (0, 1, "from 0 to 1")
KEY: Span = (0, MOST_KEY, f"a key, of at most {MOST_KEY}")
PROVISIONS: Span = (0, 2, "0 (none), 1 (ordinary) or 2 (special)")
DEGREES: Span = (0, len(STAGES), "0 or 1 (what a stage requires) or 2")
SPANS: dict[str, Span] = dict.fromkeys(
    ("sport", "music", "art", "distance_km", "years_in_school", "experience", "birth_month", "retire_month",
     "spell_end", "rooms", "posts", "pupils", "full_years", "top_grade", "sport_hour", "activities", "births_share",
     "inflow_share", "housing_share", "radius_km"), NOT_NEGATIVE
) | dict.fromkeys(("severity", "class_draw", "share", "migrant_share"), SHARE)  # fmt: skip
"""What columns of pupils, teachers, parts and neighbourhoods may hold by name; others any finite number."""
PLACES = ("x_km", "y_km", "radius_km", "births_share", "inflow_share", "housing_share", "standing", "migrant_share",
          "share")  # fmt: skip
MAY_LACK = ("evaluation",)
"""Columns of parts in which NaN says that there is none."""


def check_writes(world: World, who: str = "district") -> None:
    """Raise InputError where columns, parts, schools or neighbourhoods hold what there is not; `who` wrote it."""
    found = [Problem(who, *complaint) for complaint in misfits(world)]
    if found:
        raise InputError(found)


def misfits(world: World) -> Iterator[tuple[str, object, str]]:
    """Yield key, value and remedy of all that no rule could live with."""
    yield from _uncounted(world)
    columns = {f"students.{name}": column for name, column in world.students.columns.items() if name != "id"}
    columns |= {f"teachers.{name}": column for name, column in world.teachers.columns.items() if name != "id"}
    found = list(_outside(columns, _of_pupils(world) | _of_teachers(world)))
    yield from found or _unknown_places(world)
    columns = {f"parts.{name}": column for name, column in world.parts.columns.items() if name not in MAY_LACK}
    columns |= {f"neighbourhoods.{name}": getattr(world.neighbourhoods, name) for name in PLACES}
    yield from _outside(columns, {})
    for school in world.open_schools:
        yield from _of_school(world, school)


def _uncounted(world: World) -> Iterator[tuple[str, object, str]]:
    """Yield who came or went without being counted."""
    ways = {
        "students": "they come through district.take_in(reason, ...) and leave through district.let_go(mask, reason)",
        "teachers": "they come through district.employ(reason, ...) and leave through district.dismiss(mask, reason)",
    }
    for kind, ways_of in ways.items():
        here, expected = len(getattr(world, kind)), world.flows.expected[kind]
        if here != expected:
            yield kind, None, f"are {here:,} where {expected:,} are accounted for: {ways_of}"


def _of_pupils(world: World) -> dict[str, Span]:
    taught = world.system.taught
    names = world.system.names
    grades = f"a grade from {taught[0]} to {taught[-1]}"
    if names[taught[0]] != str(taught[0]):
        grades += f", which are called {', '.join(names.values())}"
    return {
        "students.grade": (taught[0], taught[-1], grades),
        "students.school": KEY,
        "students.neighbourhood": KEY,
        "students.provision": PROVISIONS,
        "students.route": (0, max(ROUTES.values()), f"the code of a route: {_listed(ROUTES)}"),
        "students.class_row": (NOWHERE, LARGEST, "the row of a class, or -1"),
    }


def _of_teachers(world: World) -> dict[str, Span]:
    stages = world.system.stages
    year: Span = (0, world.year, f"a year up to {world.year}, or 0")
    return {
        "teachers.stage": (stages[0], stages[-1], f"the code of a stage: {_listed({STAGES[s]: s for s in stages})}"),
        "teachers.subject": (0, len(SUBJECT_GROUPS) - 1, f"the code of a subject group: {_numbered(SUBJECT_GROUPS)}"),
        "teachers.title": (0, len(TITLES) - 1, f"the code of a title: {_numbered(TITLES)}"),
        "teachers.degree": DEGREES,
        "teachers.post": KEY,
        "teachers.home": KEY,
        **dict.fromkeys((f"teachers.{name}" for name in ("title_year", "moved_year", "trained_year")), year),
    }


def _numbered(words: tuple[str, ...]) -> str:
    return _listed({word: code for code, word in enumerate(words)})


def _listed(codes: Mapping[str, int]) -> str:
    return ", ".join(f"{code} ({word})" for word, code in codes.items())


def _outside(columns: Mapping[str, AnyArray], spans: Mapping[str, Span]) -> Iterator[tuple[str, object, str]]:
    """Yield one complaint of each column that holds anything outside its span; flags cannot."""
    for key, column in columns.items():
        if column.dtype.kind == "b" or not column.size:
            continue
        low, high, words = spans.get(key) or SPANS.get(key.partition(".")[2], FINITE)
        if not (column.min().item() >= low and column.max().item() <= high):  # NaN is neither
            wide = column.astype(np.float64)
            yield _complaint(key, column, ~((wide >= low) & (wide <= high)), words)


def _complaint(key: str, column: AnyArray, wrong: Mask, words: str) -> tuple[str, object, str]:
    values = column[wrong]
    more = f" (and {len(values) - 1:,} more)" if len(values) > 1 else ""
    return key, values[0].item(), f"cannot stand there{more}: the column takes {words}; write what it takes"


def _unknown_places(world: World) -> Iterator[tuple[str, object, str]]:
    """Yield who is in a school or neighbourhood that there is not, or has a post that nobody can have."""
    students, teachers, parts = world.students, world.teachers, world.parts
    words = "the key of an open school, or 0 for none"
    yield from _unknown("students.school", _schools_of(world), [NO_SCHOOL, *parts.key.tolist()], words)
    keys = world.neighbourhoods.key.tolist()
    yield from _unknown("students.neighbourhood", students.neighbourhood, keys, "the key of a neighbourhood")
    for name in ("post", "home"):
        column = teachers.columns[name]
        if not (there := parts.place[teachers.stage, column] >= 0).all():
            stage = int(teachers.stage[~there][0])
            yield _complaint(f"teachers.{name}", column, ~there, _teaching(world, stage))
    for name in ("catchment", "former"):
        for stage in world.system.stages:
            mine = getattr(world.neighbourhoods, name)[stage]
            keys = [NOWHERE, NO_SCHOOL, *parts.key[parts.stage == stage].tolist()]
            if not (there := np.isin(mine, keys)).all():
                words = f"{_teaching(world, stage)}, or -1"
                yield _complaint(f"neighbourhoods.{name}[{stage}]", mine, ~there, words)


def _schools_of(world: World) -> Ints:
    """Return pupils' schools (n); none for who left a school that closed for the first grade of another stage, and is
    still to be placed there.
    """
    students, closed = world.students, [key for key, school in world.schools.items() if school.closed]
    if not closed:
        return students.school
    between = np.isin(students.grade, [world.system.first_grade[stage] for stage in world.system.stages[1:]])
    return np.where(between & np.isin(students.school, closed), NO_SCHOOL, students.school)


def _unknown(key: str, column: AnyArray, keys: list[int], words: str) -> Iterator[tuple[str, object, str]]:
    known = np.zeros(MOST_KEY + 1, np.bool_)
    known[keys] = True
    if not (there := known[column]).all():
        yield _complaint(key, column, ~there, f"{words} ({_some(keys)})")


def _teaching(world: World, stage: int) -> str:
    keys = world.parts.key[world.parts.stage == stage].tolist()
    return f"the key of an open school that teaches the stage, here {STAGES[stage]} ({_some(keys)})"


def _some(keys: list[int]) -> str:
    listed = sorted({key for key in keys if key > 0})
    return ", ".join(map(str, listed[:MOST_LISTED])) + (", ..." if len(listed) > MOST_LISTED else "")


def _of_school(world: World, school: School) -> Iterator[tuple[str, object, str]]:
    """Yield what is wrong with a school, and what its parts do not know of it yet."""
    at, parts, row = f"schools[{school.key}]", world.parts, next(iter(school.parts.values())).row
    if not all(isinstance(text, str) and text.strip() for text in map(school.name.get, ("zh", "en"))):
        yield f"{at}.name", school.name, 'must be a text in both languages: {"zh": "第一小学", "en": "First School"}'
    numbers = school.facilities | {"senior_pupils": school.senior_pupils}
    for name, amount in numbers.items():
        if not 0 <= amount <= LARGEST:
            key = f"facilities[{name!r}]" if name in school.facilities else name
            yield f"{at}.{key}", amount, "must be a finite number of at least 0"
    if school.closed or school.opened > world.year:
        name = "closed" if school.closed else "opened"
        yield f"{at}.{name}", getattr(school, name), "but the school teaches; schools open and close by policies"
    if (principal := school.principal) is not None:
        if not abs(principal.effectiveness) <= LARGEST:
            yield f"{at}.principal.effectiveness", principal.effectiveness, "must be a finite number"
        if not principal.since <= world.year:
            yield f"{at}.principal.since", principal.since, f"must be a year up to {world.year}"
    for name, here, value in (("x_km", parts.x_km, school.x_km), ("y_km", parts.y_km, school.y_km)):
        if not abs(value) <= LARGEST:
            yield f"{at}.{name}", value, "must be a finite number"
        elif here[row] != value:
            yield f"{at}.{name}", value, "is another place than before; call district.redraw()"
    if parts.public[row] != school.public or parts.urban[row] != school.urban:
        name = "urban" if parts.public[row] == school.public else "ownership"
        remedy = "was changed, which its stages do not know; call district.index_parts(), or change it back"
        yield f"{at}.{name}", getattr(school, name), remedy
    if set(school.parts) not in (set(school.stages), set(world.system.taught_by(school.kind))):
        taught = " and ".join(STAGES[stage] for stage in sorted(school.parts))
        yield f"{at}.kind", school.kind, f"is not what the school teaches, {taught}; stages open and close by policies"
