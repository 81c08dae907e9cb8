"""Places: catchment first, then the nearest school with seats; a child with a right to a seat is always seated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsim.base.arrays import Ints, Mask
from simsim.base.codes import FIRST_GRADE, LAST_GRADE, N_GRADES, NO_SCHOOL, NOWHERE, STAGES
from simsim.base.geometry import distance_km
from simsim.rules.families import EVER
from simsim.world.students import stage_of

if TYPE_CHECKING:
    from simsim.district import District

GROUPS = {"locals_first": ((False,), (True,)), "together": ((False, True),), "migrants_first": ((True,), (False,))}
"""Who is placed in turn, by the district's `admission_order`; each group is told by whether it is of migrants."""
LOCALS_FIRST = "locals_first"


def place(district: District) -> None:
    """Seat everybody without a place: some in private schools, then group by group by the rule of the year.

    What policies set for the year (`placement`, `families_chose`, `admission_order`) is forgotten afterwards.
    """
    seekers = np.flatnonzero(district.student_parts() < 0)
    if len(seekers):
        _place(district, seekers)
    district.placement, district.families_chose, district.admission_order = None, False, LOCALS_FIRST


def _place(district: District, seekers: Ints) -> None:
    """Give places to pupils (rows) in the order of their lottery tickets; the unentitled whom nobody seats wait or
    leave.
    """
    students = district.students
    seats = free_seats(district)
    ticket = district.uniform("admit/ticket", students.id[seekers])
    seekers = seekers[np.argsort(ticket, kind="stable")]
    placed = _private(district, seekers, seats)
    seekers = seekers[placed == NOWHERE]
    for group in GROUPS[district.admission_order]:
        rows = seekers[np.isin(students.migrant[seekers], group)]
        chosen = (district.placement or nearest)(district, rows, seats)
        _settle(district, rows, chosen)
    district.let_go(np.isin(students.id, district.turned_away), "turned_away")
    district.turned_away = []


def free_seats(district: District) -> Ints:
    """Return seats by part and grade (parts, grades): whole classes in entry grades as rooms allow, else gaps in
    classes.

    An entry grade gets at most its even share of the rooms, rounded up, so that one year does not eat the next one's.
    """
    parts = district.parts
    index = district.student_parts()
    seated = index >= 0
    cells = index[seated].astype(np.int64) * N_GRADES + district.students.grade[seated] - 1
    rolls = np.bincount(cells, minlength=len(parts) * N_GRADES).reshape(len(parts), N_GRADES)
    seats = np.zeros_like(rolls)
    for row, part in enumerate(parts):
        target = class_target(district, part.stage)
        grades = slice(FIRST_GRADE[part.stage] - 1, LAST_GRADE[part.stage])
        classes = -(-rolls[row, grades] // target)
        seats[row, grades] = classes * target - rolls[row, grades]
        share = -(-part.rooms // len(classes))
        rooms = max(int(min(part.rooms - classes[1:].sum(), share)), 0)
        seats[row, grades.start] = max(rooms * target - int(rolls[row, grades.start]), 0)
    return seats


def class_target(district: District, stage: int) -> int:
    """Return the class size that class formation aims at."""
    return int(district.p[f"class_size.target.{STAGES[stage]}"])


def _private(district: District, rows: Ints, seats: Ints) -> Ints:
    """Let a share of families at entry grades choose the nearest private school with a seat; return the parts found."""
    students = district.students
    entry = np.isin(students.grade[rows], FIRST_GRADE)
    wishes = entry & district.chance("admit/private", students.id[rows], district.p["private_share"])
    chosen = np.full(len(rows), NOWHERE)
    chosen[wishes] = _rounds(district, rows[wishes], seats, district.private_order)
    _settle(district, rows[chosen >= 0], chosen[chosen >= 0])
    return chosen


def nearest(district: District, rows: Ints, seats: Ints) -> Ints:
    """Return a part for each pupil (rows in order of priority): the catchment's, else the nearest with seats, else
    -1.
    """
    return _rounds(district, rows, seats, district.public_order, catchment_parts(district, rows))


def _rounds(district: District, rows: Ints, seats: Ints, order: Ints, own: Ints | None = None) -> Ints:
    """Fill seats in rounds: in round k everybody still without a place asks at the k-th part of their list.

    `order` (stages, neighbourhoods, k) holds part indices or -1; `own` the part that each asks first, if it is not the
    first of the order; `seats` (parts, grades) is reduced in place.
    """
    students = district.students
    chosen = np.full(len(rows), NOWHERE)
    stage, home = stage_of(students.grade[rows]), district.neighbourhoods.rows(students.neighbourhood[rows])
    left = np.arange(len(rows))
    for k in range(order.shape[2]):
        wish = order[stage[left], home[left], k] if own is None or k else own[left]
        left, wish = left[wish >= 0], wish[wish >= 0]
        if not len(left):
            break
        taken = _claim(wish.astype(np.int64) * N_GRADES + students.grade[rows[left]] - 1, seats.reshape(-1))
        chosen[left[taken]] = wish[taken]
        left = left[~taken]
    return chosen


def _claim(cells: Ints, seats: Ints) -> Mask:
    """Return who gets a seat when each asks for one in a cell, first come first served; `seats` is reduced in place."""
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    rank = np.arange(len(cells)) - np.repeat(starts, np.diff(np.r_[starts, len(cells)]))
    taken = np.empty(len(cells), bool)
    taken[order] = rank < seats[ordered]
    np.subtract.at(seats, cells[taken], 1)
    return taken


def _settle(district: District, rows: Ints, chosen: Ints) -> None:
    """Write places into the columns; who found none goes to the catchment school over capacity, waits or leaves.

    Where families choose, the rule that placed them says who is displaced.
    """
    students, p = district.students, district.p
    own = catchment_parts(district, rows)
    unseated = chosen == NOWHERE
    turned_away = unseated & ~students.entitled[rows]
    over = unseated & students.entitled[rows]
    part = np.where(over, own, chosen)
    seated = ~turned_away
    here, part = rows[seated], part[seated]
    schools = np.array([x.key for x in district.parts])
    public = np.array([x.school.public for x in district.parts])
    students.school[here] = schools[part]
    students.moved[here] = ~np.isin(students.grade[here], FIRST_GRADE)
    students.years_in_school[here] = 0
    if not district.families_chose:
        students.displaced[here] = (part != own[seated]) & public[part]
    students.over_capacity[here] = over[seated]
    x, y = np.array([s.school.x_km for s in district.parts]), np.array([s.school.y_km for s in district.parts])
    students.distance_km[here] = distance_km(students.home_x[here], students.home_y[here], x[part], y[part])
    outside = rows[turned_away]
    students.school[outside] = NO_SCHOOL
    if len(outside):
        waits = district.chance("admit/wait", students.id[outside], p["migrant_wait"])
        district.turned_away.extend(students.id[outside[~waits]].tolist())


def catchment_parts(district: District, rows: Ints) -> Ints:
    """Return the part of the catchment school of each pupil.

    Where a catchment was redrawn it is the former one for addresses that did not change and for grades not open yet.
    """
    students, places = district.students, district.neighbourhoods
    stage, home = stage_of(students.grade[rows]), places.rows(students.neighbourhood[rows])
    own, former = (
        district.part_of[stage, keys[stage, home]].astype(np.int64) for keys in (places.catchment, places.former)
    )
    stays = students.grade[rows] > np.array([part.top_grade for part in district.parts])[own]
    share = places.share[stage, home]
    if (share < 1.0).any():
        stays |= district.uniform("admit/street", students.id[rows], EVER) >= share
    return np.where(stays & (former >= 0), former, own)
