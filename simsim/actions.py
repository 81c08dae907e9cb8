"""What a policy may do to a district: open, move and close schools, redraw catchments, hire, place pupils.

Policies call these and the methods of District; they never reach inside a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import Floats, Ints, Rows
from simsim.base.codes import KINDS, STAGES, SUBJECT_GROUPS
from simsim.base.geometry import distance_km
from simsim.base.ids import MOST_KEY
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import flag
from simsim.inputs.renamed import moved
from simsim.rules import admission, closing, hiring, staffing
from simsim.rules.building import buy, enlarge
from simsim.rules.founding import draw_residual
from simsim.rules.staffing import GROWTH, spread_posts
from simsim.world import asked
from simsim.world.schools import FACILITIES, School
from simsim.world.world import World

__all__ = [
    "add_posts", "assign_catchment", "backbone_share", "buy", "close_stage", "enlarge", "fill_all_posts",
    "fill_vacated", "hand_over_catchments", "hire", "name_leaders",
    "open_school", "place_pupils", "post_new_teachers", "relocate", "take_vacated", "transfer_pupils",
]  # fmt: skip

MOST_FILLED = 1.5
"""Posts filled for each one vacated, at most: the limit of the policy `recruitment`."""

__getattr__ = moved(
    __name__, {"fill_openings": "simsim.actions:fill_vacated", "take_openings": "simsim.actions:take_vacated"}
)


def open_school(
    district: World,
    key: int,
    name: Mapping[str, str],
    kind: str,
    place: tuple[float, float],
    rooms: tuple[int, int],
    facilities: Mapping[str, float],
    urban: bool = True,
) -> School:
    """Open a public school with class rooms for (primary, junior); it has no teachers, pupils or catchment yet.

    `place` is in km, `facilities` by the names of schools.FACILITIES (whole
    school). Raise ValueError when the key is taken, InputError for what no school can be.
    """
    if key in district.schools:
        raise ValueError(f"school {key} exists already; a new school needs a key of its own")
    place = _new_school(key, name, kind, place, rooms, facilities, urban)
    school = School(district, key, kind, "public", urban, *place)
    school.name, school.opened, school.building_year = dict(name), district.year, district.year
    school.facilities = {column: float(facilities.get(column, 0.0)) for column in FACILITIES}
    district.parts.open(school, rooms)
    district.schools[key] = school
    draw_residual(district, school)
    district.index_parts()
    return school


def _new_school(
    key: object, name: object, kind: object, place: object, rooms: object, facilities: object, urban: object
) -> tuple[float, float]:
    """Return a new school's place (km); InputError for a key, name, kind, rooms or facilities that none can have."""
    call = "open_school"
    if not 0 < asked.count(call, "key", key) <= MOST_KEY:
        raise InputError(Problem(call, "key", key, f"must be a whole number from 1 to {MOST_KEY}"))
    if not isinstance(name, Mapping) or not {"en", "zh"} <= set(name):
        raise InputError(Problem(call, "name", name, "must be names by language: {'en': ..., 'zh': ...}"))
    asked.word(call, "kind", kind, KINDS)
    for number in asked.pair(call, "rooms", rooms):
        asked.count(call, "rooms", number)
    if not isinstance(facilities, Mapping):
        raise InputError(Problem(call, "facilities", facilities, "must be amounts by name"))
    for one, amount in facilities.items():
        asked.number(call, asked.word(call, "facilities", one, FACILITIES), amount, low=0)
    if flag(urban) is None:
        raise InputError(Problem(call, "urban", urban, "must be true or false"))
    return asked.place(call, place)


def relocate(district: World, school: School, place: tuple[float, float]) -> None:
    """Move a school to another site (km); pupils and staff move with it, and distances are taken anew.

    InputError for what is no school, and for what is no place.
    """
    place = asked.place("relocate", place)
    asked.school("relocate", "school", school)
    school.x_km, school.y_km = place
    school.building_year = district.year
    students = district.students
    mine = students.school == school.key
    students.distance_km[mine] = distance_km(students.home_x[mine], students.home_y[mine], *place)
    district.redraw()


def assign_catchment(district: World, stage: int, neighbourhoods: Iterable[int], key: int, share: float = 1.0) -> None:
    """Make a school the catchment school of neighbourhoods (keys) for a stage, from this year's admission on.

    With a `share` below one the other addresses stay with the school they had. InputError for a school that does not
    teach the stage, for no neighbourhood, and for what is no share.
    """
    call, places = "assign_catchment", district.neighbourhoods
    stage, share = asked.stage_of(call, stage), asked.number(call, "share", share, 0, 1)
    asked.teaching(call, district.parts, stage, key)
    if isinstance(neighbourhoods, str) or not isinstance(neighbourhoods, Iterable):
        raise InputError(Problem(call, "neighbourhoods", neighbourhoods, "must be a list of keys"))
    if not (listed := list(neighbourhoods)):
        raise InputError(Problem(call, "neighbourhoods", None, "is empty; name those whose catchment changes"))
    rows = places.rows(listed)
    places.former[stage, rows] = places.catchment[stage, rows]
    places.catchment[stage, rows] = key
    places.share[stage, rows] = share
    district.redraw()


def hand_over_catchments(district: World, stage: int, old: int, keys: ArrayLike) -> None:
    """Give the catchments of a school to others, from this year's admission on: one key, or one a neighbourhood (n).

    InputError for a school that does not teach the stage; KeyError for an old one that there never was.
    """
    call = "hand_over_catchments"
    stage, old = asked.stage_of(call, stage), district.schools[old].key
    asked.teaching(call, district.parts, stage, keys)
    district.neighbourhoods.hand_over(stage, old, keys)
    district.redraw()


def close_stage(district: World, school: School, stage: int, successor: School) -> None:
    """Close a stage of a school for good, once its pupils, teachers and catchments are elsewhere (else ValueError; for
    keys in place of schools InputError).

    With its last stage the school itself closes: the principal leaves, and so does the school its cluster.
    """
    for name, one in (("school", school), ("successor", successor)):
        asked.school("close_stage", name, one)
    closing.close(district, school, asked.stage_of("close_stage", stage), successor)


def transfer_pupils(district: World, rows: Rows, parts: Ints) -> None:
    """Move pupils (rows) to open parts (n) as a closing school does: with or without a seat, which is counted.

    InputError for rows and parts that there are not.
    """
    call = "transfer_pupils"
    rows = asked.rows_of(call, "students", rows, district.students)
    parts = asked.rows_of(call, "parts", parts, district.parts.key)
    if len(rows) != len(parts):
        raise InputError(Problem(call, "parts", len(parts), f"must be one for each of {len(rows)} pupils"))
    admission.transfer(district, rows, parts)


def place_pupils(district: World, rows: Rows, key: int) -> None:
    """Move pupils (rows) to a school; outside entry grades this counts as a change of school.

    InputError for rows that there are not, and for a school that does not teach their stage.
    """
    students, school = district.students, district.schools[key]
    rows = asked.rows_of("place_pupils", "students", rows, students)
    for stage in np.unique(district.system.stage_of(students.grade[rows])).tolist():
        asked.teaching("place_pupils", district.parts, stage, key)
    students.school[rows] = key
    students.moved[rows] = ~district.system.is_entry(students.grade[rows])
    students.years_in_school[rows] = 0
    students.distance_km[rows] = distance_km(students.home_x[rows], students.home_y[rows], school.x_km, school.y_km)


def hire(
    district: World,
    counts: Ints,
    reason: str,
    route: int,
    instance: str,
    key: int | Ints | None = None,
    **traits: ArrayLike,
) -> Ints:
    """Hire the first applicants of the year, `counts` (stages, subject groups), by a
    route of simsim.base.ids; return their ids.

    With `key` all go to that school (its posts should exist); otherwise each takes the vacancy it likes best.
    Of two instances that use one route in one year the second gets the next applicants; a route of its own would keep
    both apart. InputError for counts that are none, and for a school that does not teach a stage of theirs.
    """
    counts = _counts(counts)
    if key is not None and np.ndim(key) == 0:
        for stage in np.flatnonzero(counts.any(axis=1)).tolist():
            asked.teaching("hire", district.parts, stage, district.schools[int(key)].key)
    rows = hiring.engage(district, counts, reason, route, **traits)
    ids = district.teachers.id[rows]
    if key is None:
        hiring.place(district, rows, reason, instance)
    else:
        district.move_teachers(rows, key, reason, instance)
    return ids


def _counts(counts: ArrayLike) -> Ints:
    """Return how many are hired by stage and subject group (stages, groups); InputError for what says no such thing."""
    found, shape = np.asarray(counts), (len(STAGES), len(SUBJECT_GROUPS))
    if found.shape != shape or found.dtype.kind not in "iu" or (found < 0).any():
        remedy = f"must be whole numbers of at least 0 by stage and subject group, of shape {shape}"
        raise InputError(Problem("hire", "counts", counts, remedy))
    return found.astype(np.int64, copy=False)


def fill_vacated(district: World, retirement: float, exit: float, growth: float = 1.0) -> None:
    """Let this year's hiring fill these shares of the posts that retirements and exits opened and that growth added.

    InputError for what is no share from 0 to MOST_FILLED.
    """
    told = {"retirement": retirement, "exit": exit, "growth": growth}
    shares = {name: asked.number("fill_vacated", name, share, 0, MOST_FILLED) for name, share in told.items()}
    district.instructions.fill = shares


def fill_all_posts(district: World) -> None:
    """Let this year's hiring fill every public post that nobody holds, net of teachers above the posts elsewhere."""
    vacant = district.parts.vacancies() * district.parts.public[:, None]
    stage = district.parts.stage
    wanted = np.array([vacant[stage == s].sum(axis=0) for s in range(len(STAGES))])
    district.vacated[:] = 0
    district.vacated[GROWTH] = np.maximum(wanted, 0)
    fill_vacated(district, 1.0, 1.0)


def add_posts(district: World, n: int) -> None:
    """Add `n` public posts where most pupils share a post; this year's hiring fills them like other growth."""
    spread_posts(district, asked.count("add_posts", "n", n))


def post_new_teachers(district: World, rule: str) -> None:
    """Say how this year's new teachers come to schools: `choice` (theirs), `need` (the neediest first) or `equal`.

    InputError for another word.
    """
    rules = {"choice": None, "need": hiring.post_by_need, "equal": hiring.post_evenly}
    district.instructions.post = rules[asked.word("post_new_teachers", "rule", rule, rules)]


def take_vacated(district: World, rows: Ints, reason: str, instance: str) -> None:
    """Put teachers who are here already (rows) into public vacancies, each into the
    one it likes best, instead of a recruit. InputError for rows that there are not.
    """
    teachers = district.teachers
    rows = asked.rows_of("take_vacated", "teachers", rows, teachers)
    for stage, group in zip(teachers.stage[rows].tolist(), teachers.subject[rows].tolist(), strict=True):
        kind = int(np.argmax(district.vacated[:, stage, group] > 0))
        district.vacated[kind, stage, group] = max(district.vacated[kind, stage, group] - 1, 0)
    hiring.place(district, rows, reason, instance)


def backbone_share(district: World) -> Floats:
    """Return the quota of backbone teachers by stage (stages) that rate `staff/backbone-quota` multiplies."""
    return staffing.first_share(district)


def name_leaders(district: World, rows: Ints, n: int, stream: str) -> Ints:
    """Make `n` of the candidates (rows) subject leaders, shared between the
    stages as candidates are; return their rows. InputError for rows that there are not.
    """
    rows = asked.rows_of("name_leaders", "teachers", rows, district.teachers)
    n = asked.count("name_leaders", "n", n)
    per_stage = np.bincount(district.teachers.stage[rows], minlength=len(STAGES))
    share = n * per_stage / max(per_stage.sum(), 1)
    counts = np.floor(share).astype(np.int64)
    counts[np.argsort(counts - share, kind="stable")[: n - counts.sum() if len(rows) else 0]] += 1
    return staffing.name(district, rows, counts, stream, "star")
