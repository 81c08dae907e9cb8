"""Places: catchment first, then the nearest school with seats; a child with a right to a seat is always seated."""

from __future__ import annotations

from functools import partial

import numpy as np

from simsim.base.arrays import Ints, Mask, Rows
from simsim.base.codes import JUNIOR, NO_SCHOOL, NOWHERE
from simsim.base.geometry import distance_km
from simsim.base.rows import ranked
from simsim.rules import large_classes
from simsim.rules.families import EVER
from simsim.world.seats import Seats
from simsim.world.world import World

GROUPS = {"locals_first": ((False,), (True,)), "together": ((False, True),), "migrants_first": ((True,), (False,))}
"""Who is placed in turn, by the year's `admission_order`; each group is told by whether it is of migrants."""
NOBODY: Ints = np.empty(0, np.int64)


def place(world: World) -> None:
    """Seat everybody without a place: some in private schools, then group by group by the rule of the year.

    Places are given in the order of lottery tickets; the unentitled whom nobody seats wait or leave.
    """
    _go_on(world)
    seekers = np.flatnonzero(world.parts.of_students() < 0)
    if not len(seekers):
        return
    students = world.students
    seats = free_seats(world)
    ticket = world.uniform("admit/ticket", students.id[seekers])
    seekers = seekers[ranked(ticket)]
    placed = _private(world, seekers, seats)
    seekers = seekers[placed == NOWHERE]
    leaving = [NOBODY]
    for group in GROUPS[world.instructions.admission_order]:
        migrant = students.migrant[seekers]
        rows = seekers[np.logical_or.reduce([migrant == who for who in group])]
        own = catchment_parts(world, rows)
        choose = world.instructions.place or partial(nearest, own=own)
        leaving.append(_write(world, rows, choose(world, rows, seats), own))
    turned_away = np.zeros(len(students), bool)
    turned_away[students.rows(np.concatenate(leaving))] = True
    world.flows.turn_away(turned_away)


def own_limit(world: World) -> int:
    """Return the largest class into which a school must take the children of its catchment this year: the district's
    limit, lowered by the law on large classes.

    It is also the limit with which the rooms of a synthetic first September are made, so that admission would make
    what founding makes.
    """
    return large_classes.lowered(world, int(world.p["class_size.limit"]))


def free_seats(world: World) -> Seats:
    """Return free seats by part and grade: whole classes in entry grades as rooms allow, else gaps in classes.

    Anybody sits up to the class size aimed at; of that an entry grade gets at most its even share of the rooms, rounded
    up, so that one year does not eat the next one's. Children of the catchment sit up to `own_limit`, in every room
    that the other grades leave at that size, but in no grade above the entry one that nobody is in: a school takes its
    own before the district sends them away. (A room that several grades could use counts for each.) In a calibrated
    district a grade that nobody moves up into is taught where the rolls say so.
    """
    parts, grades = world.parts, world.system.n_grades
    at = parts.of_students()
    seated = at >= 0
    cells = at[seated].astype(np.int64) * grades + world.students.grade[seated] - 1
    rolls = np.bincount(cells, minlength=len(parts) * grades).reshape(len(parts), grades)
    target = parts.class_target(world.p)
    first, last = (np.array(ends)[parts.stage] for ends in (world.system.first_grade, world.system.last_grade))
    entry = np.arange(len(parts)), first - 1
    seats, left = _gaps(target, rolls), _rooms_left(target, rolls, parts.rooms)
    share = -(-parts.rooms // (last - first + 1))
    seats[entry] = np.maximum(np.minimum(left[entry], share) * target - rolls[entry], 0)
    limit = np.maximum(target, own_limit(world))
    own = np.maximum(seats, _rooms_left(limit, rolls, parts.rooms) * limit[:, None] - rolls)
    taught = rolls > 0
    taught[entry] = True
    if world.account is not None and world.year in world.account.expects:
        taught |= world.account.expected(world.year, parts.key)
    return Seats(*(large_classes.within(world, kind, rolls) for kind in (seats, np.where(taught, own, seats))))


def _gaps(size: Ints, rolls: Ints) -> Ints:
    """Return the seats (parts, grades) that full classes of a `size` (parts) have left beside the rolls."""
    gaps: Ints = -rolls % size[:, None]
    return gaps


def _rooms_left(size: Ints, rolls: Ints, rooms: Ints) -> Ints:
    """Return the rooms (parts, grades) that all other grades of a part leave to a grade, in classes of a `size`."""
    classes = -(-rolls // size[:, None])
    left: Ints = np.maximum(rooms[:, None] - (classes.sum(axis=1, keepdims=True) - classes), 0)
    return left


def _private(world: World, rows: Ints, seats: Seats) -> Ints:
    """Let a share of families at entry grades choose the nearest private school with a seat; return the parts found."""
    students = world.students
    entry = world.system.is_entry(students.grade[rows])
    wishes = entry & world.chance("admit/private", students.id[rows], world.p["private_share"])
    chosen = np.full(len(rows), NOWHERE)
    chosen[wishes] = _rounds(world, rows[wishes], seats, world.private_order)
    found = rows[chosen >= 0]
    _write(world, found, chosen[chosen >= 0], catchment_parts(world, found))
    return chosen


def nearest(world: World, rows: Ints, seats: Seats, own: Ints | None = None) -> Ints:
    """Return a part for each pupil (rows in order of priority): the catchment's (`own`, n, where it is known already),
    else the nearest with seats, else -1.
    """
    return _rounds(world, rows, seats, world.public_order, catchment_parts(world, rows) if own is None else own)


def _rounds(world: World, rows: Ints, seats: Seats, order: Rows, own: Ints | None = None) -> Ints:
    """Fill seats in rounds: in round k everybody still without a place asks at the k-th part of their list.

    `order` (stages, neighbourhoods, k) holds part indices or -1; `own` the part that each asks first, as a child of its
    catchment, instead of the first of the order; `seats` is reduced in place.
    """
    students, grades = world.students, world.system.n_grades
    chosen = np.full(len(rows), NOWHERE)
    stage, home = world.system.stage_of(students.grade[rows]), world.neighbourhoods.rows(students.neighbourhood[rows])
    left = np.arange(len(rows))
    for k in range(order.shape[2]):
        at_home = own is not None and not k
        wish = order[stage[left], home[left], k] if own is None or k else own[left]
        left, wish = left[wish >= 0], wish[wish >= 0]
        if not len(left):
            break
        taken = seats.take(wish.astype(np.int64) * grades + students.grade[rows[left]] - 1, own=at_home)
        chosen[left[taken]] = wish[taken]
        left = left[~taken]
    return chosen


def _write(world: World, rows: Ints, chosen: Ints, own: Ints) -> Ints:
    """Write places into the columns; who found none goes to the catchment school (`own`, n) over capacity, waits or
    leaves.

    Return the ids of those who leave. Where families choose, the rule that placed them says who is displaced, but for
    those whom only the law on large classes finds a place.
    """
    students, parts, sought = world.students, world.parts, chosen
    chosen = large_classes.last_places(world, rows, sought, own)
    unseated = chosen == NOWHERE
    turned_away = unseated & ~students.entitled[rows]
    over = unseated & students.entitled[rows]
    part = np.where(over, own, chosen)
    seated = ~turned_away
    here, part = rows[seated], part[seated]
    enter(world, here, part, over[seated])
    told = ((sought == NOWHERE) & ~unseated)[seated] | (not world.instructions.families_chose)
    students.displaced[here[told]] = (part != own[seated])[told] & parts.public[part[told]]
    outside = rows[turned_away]
    students.school[outside] = NO_SCHOOL
    if not len(outside):
        return NOBODY
    waits = world.chance("admit/wait", students.id[outside], world.p["migrant_wait"])
    leaving: Ints = students.id[outside[~waits]]
    return leaving


def enter(world: World, rows: Ints, part: Ints, over: Mask) -> None:
    """Put pupils (rows) on the rolls of parts; `over` marks those above the seats."""
    students, parts = world.students, world.parts
    students.school[rows] = parts.key[part]
    students.moved[rows] = ~world.system.is_entry(students.grade[rows])
    students.years_in_school[rows] = 0
    students.over_capacity[rows] = over
    x, y = parts.x_km[part], parts.y_km[part]
    students.distance_km[rows] = distance_km(students.home_x[rows], students.home_y[rows], x, y)


def transfer(world: World, rows: Ints, part: Ints) -> None:
    """Move pupils (rows) to parts (n), seats or not, as when a school closes: whole classes come, in order of id.

    Whoever finds no seat is over capacity, whoever comes elsewhere than to the catchment school is displaced.
    """
    students, part = world.students, np.asarray(part, dtype=np.int64)
    cells, seats = part * world.system.n_grades + students.grade[rows] - 1, free_seats(world)
    away, taken = part != catchment_parts(world, rows), np.zeros(len(rows), bool)
    for group in (~away, away):
        taken[group] = seats.take(cells[group], own=group is not away)
    enter(world, rows, part, ~taken)
    students.displaced[rows] = away


def catchment_parts(world: World, rows: Ints) -> Ints:
    """Return the part of the catchment school of each pupil.

    Where a catchment was redrawn it is the former one for addresses that did not change and for grades not open yet.
    In a district that is calibrated on its own rolls those who come into the junior stage go on as its account says.
    """
    students, places = world.students, world.neighbourhoods
    stage, home = world.system.stage_of(students.grade[rows]), places.rows(students.neighbourhood[rows])
    own, former = (
        world.parts.place[stage, keys[stage, home]].astype(np.int64) for keys in (places.catchment, places.former)
    )
    stays = students.grade[rows] > world.parts.top_grade[own]
    share = places.share[stage, home]
    if (share < 1.0).any():
        stays |= world.uniform("admit/street", students.id[rows], EVER) >= share
        stays |= (share < 1.0) & _in_the_books(world, rows, own)
    parts: Ints = np.where(stays & (former >= 0), former, own)
    return parts if world.account is None else _by_own_past(world, rows, home, parts)


def _in_the_books(world: World, rows: Ints, own: Ints) -> Mask:
    """Tell who arrives above an entry grade to close the books of the schools that a calibrated district knows, and so
    has no place in one that is new (n): those who do not take the place of one who left.
    """
    account, parts, students = world.account, world.parts, world.students
    if account is None or world.year not in account.expects:
        return np.zeros(len(rows), bool)
    new: Mask = ~np.isin(parts.key[own], account.keys)
    new &= ~world.system.is_entry(students.grade[rows])
    replaces = account.replaces[world.year][students.grade[rows]]
    return new & (world.uniform("admit/replaces", students.id[rows], EVER) >= replaces)


def _go_on(world: World) -> None:
    """Let pupils of schools with both stages seek another junior school, as a calibrated district's account says."""
    account, students = world.account, world.students
    if account is None or world.year not in account.goes_on:
        return
    begin = np.flatnonzero((students.grade == world.system.first_grade[JUNIOR]) & (students.school != NO_SCHOOL))
    chance = account.goes_of(world.year, students.school[begin])
    goes = world.chance("admit/goes-on", students.id[begin], chance)
    students.school[begin[goes]] = NO_SCHOOL


def _by_own_past(world: World, rows: Ints, home: Ints, parts: Ints) -> Ints:
    """Return the parts (n) where those who begin the junior stage go in a calibrated district: as its account says,
    unless the catchment now sends them elsewhere (redrawn, they go to a school that is new), or the school is closed.
    """
    account, students, year = world.account, world.students, world.year
    if account is None or year not in account.ways:
        return parts
    begin = students.grade[rows] == world.system.first_grade[JUNIOR]
    begin &= parts == world.parts.place[JUNIOR, account.asked[home]]
    who = np.flatnonzero(begin)
    draw = world.uniform("admit/own-way", students.id[rows[who]])
    keys = account.way_of(year, home[who], draw)
    found = world.parts.place[JUNIOR, keys].astype(np.int64)
    there = found >= 0
    parts[who[there]] = found[there]
    return parts
