"""Places: who sits where when there are seats for all, for nobody,
and for some - and what no rule of placement may do.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.base.codes import JUNIOR, NO_SCHOOL, NOWHERE, PRIMARY
from simsim.district import District
from simsim.rules import admission, mobility
from simsim.world.account import Account
from simsim.world.seats import Seats
from simsim.year import live
from tests.one_district import lived_under

PLENTY = 5000


def ready(seed: int = 1, **parameters) -> District:
    """Return a district in September 2015 before anybody is placed; nobody goes to private schools."""
    spec = {"name": "trial", "extends": "baseline", "parameters": {"private_share": 0.0} | parameters}
    district = lived_under(spec, 2014, seed)
    mobility.depart(district)
    mobility.arrive(district)
    return district


def seekers(district: District) -> np.ndarray:
    return np.flatnonzero(district.student_parts() < 0)


def build(district: District, rooms: int) -> None:
    for part in district.parts:
        part.rooms = rooms


def own(district: District, rows: np.ndarray) -> np.ndarray:
    return admission.catchment_parts(district, rows)


def test_with_seats_for_everybody_all_go_to_the_catchment_school(monkeypatch):
    district = ready()
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.full((len(d.parts), 9), PLENTY)))
    rows = seekers(district)
    admission.place(district)
    students = district.students
    np.testing.assert_array_equal(district.student_parts()[rows], own(district, rows))
    assert not students.displaced.any() and not students.over_capacity.any()
    assert not district.tally["turned_away"].sum()


def test_with_rooms_for_everybody_all_of_entry_grades_go_to_the_catchment_school():
    district = ready()
    build(district, PLENTY)
    students, rows = district.students, seekers(district)
    entry = rows[np.isin(students.grade[rows], (1, 7))]
    ids, where = students.id[entry].copy(), own(district, entry)
    admission.place(district)
    now = np.searchsorted(students.id, ids)
    np.testing.assert_array_equal(students.id[now], ids)
    np.testing.assert_array_equal(district.student_parts()[now], where)
    assert not (students.displaced[now] | students.over_capacity[now]).any()


def full(district: District, monkeypatch) -> None:
    """Leave no seat anywhere."""
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(np.zeros((len(d.parts), 9), np.int64)))


def test_without_a_seat_anywhere_children_with_a_right_sit_at_home_and_the_others_wait_or_leave(monkeypatch):
    district = ready(migrant_wait=0.3, migrant_entitled_share=0.5)
    full(district, monkeypatch)
    students, rows = district.students, seekers(district)
    entitled, ids, where = students.entitled[rows].copy(), students.id[rows].copy(), own(district, rows)
    admission.place(district)
    there = np.isin(ids, students.id)
    assert there[entitled].all() and there[~entitled].mean() == pytest.approx(0.3, abs=0.06)
    now = np.searchsorted(students.id, ids[there])
    seated = students.school[now] != NO_SCHOOL
    np.testing.assert_array_equal(seated, entitled[there])
    assert students.over_capacity[now][seated].all() and not students.displaced[now].any()
    np.testing.assert_array_equal(district.student_parts()[now][seated], where[there][seated])


def test_a_child_who_waits_tries_again_in_the_same_grade(monkeypatch):
    district = ready(migrant_wait=1.0, migrant_entitled_share=0.5)
    full(district, monkeypatch)
    admission.place(district)
    waiting = district.students.id[district.students.school == NO_SCHOOL]
    grade = district.students.grade[district.students.school == NO_SCHOOL].copy()
    monkeypatch.undo()
    build(district, PLENTY)
    admission.place(district)
    rows = np.searchsorted(district.students.id, waiting)
    assert len(waiting) > 50 and (district.students.grade[rows] == grade).all()
    entry = np.isin(grade, (1, 7))
    assert (district.students.school[rows][entry] != NO_SCHOOL).all()


def displaced(order: str) -> dict[bool, float]:
    """Return the share of displaced or unseated children by whether they are migrants, when seats are short."""
    district = ready()
    for part in district.parts:
        part.rooms = int(0.9 * part.rooms)
    district.instructions.admission_order = order
    rows = seekers(district)
    ids, migrant = district.students.id[rows], district.students.migrant[rows]
    admission.place(district)
    students = district.students
    assert (students.school[students.entitled] != NO_SCHOOL).all()
    now = np.isin(students.id, ids)
    good = students.id[now & ~students.displaced & ~students.over_capacity & (students.school != NO_SCHOOL)]
    return {group: float(1.0 - np.isin(ids[migrant == group], good).mean()) for group in (False, True)}


def test_who_is_placed_first_is_displaced_least():
    first, together, last = (displaced(order) for order in ("locals_first", "together", "migrants_first"))
    assert first[False] < together[False] < last[False]
    assert first[True] > together[True] > last[True]


def test_locals_first_means_that_no_migrant_takes_a_seat_that_a_local_child_of_the_catchment_wants():
    district = ready()
    for part in district.parts:
        part.rooms = part.rooms * 3 // 4
    rows = seekers(district)
    ids, where = district.students.id[rows], own(district, rows)
    cell = where * 9 + district.students.grade[rows] - 1
    admission.place(district)
    students = district.students
    now = np.searchsorted(students.id, ids[np.isin(ids, students.id)])
    cell = cell[np.isin(ids, students.id)]
    lost = ~students.migrant[now] & (students.displaced[now] | students.over_capacity[now])
    newcomer = students.migrant[now] & (students.school[now] != NO_SCHOOL) & ~students.over_capacity[now]
    taken = district.student_parts()[now][newcomer] * 9 + students.grade[now][newcomer] - 1
    assert lost.any() and not np.isin(taken, cell[lost]).any()


def test_the_instructions_of_a_year_are_forgotten_after_it():
    district = District("baseline", seed=1).run(to=2014)
    said = district.instructions
    said.place, said.families_chose, said.admission_order = admission.nearest, True, "together"
    live(district)  # `step` refuses what is told between two years
    now = district.instructions
    assert now is not said and now.place is None and not now.families_chose and now.admission_order == "locals_first"


def test_one_contested_seat_goes_to_the_best_lottery_ticket(monkeypatch):
    district = ready(migrant_entitled_share=1.0)
    students, rows = district.students, seekers(district)
    rivals = rows[~students.migrant[rows] & (students.grade[rows] == 1)]
    parts, counts = np.unique(own(district, rivals), return_counts=True)
    part = int(parts[counts.argmax()])
    seats = np.zeros((len(district.parts), 9), np.int64)
    seats[part, 0] = 1
    monkeypatch.setattr(admission, "free_seats", lambda d: Seats.alike(seats))
    ticket = district.uniform("admit/ticket", students.id[rivals])
    admission.place(district)
    mine = own(district, rivals) == part
    winner = rivals[mine][ticket[mine].argmin()]
    assert not students.over_capacity[winner] and students.over_capacity[rivals[rivals != winner]].all()


def test_nobody_is_sent_beyond_the_travel_limit_but_to_the_catchment_school():
    district = ready()
    for part in district.parts:
        part.rooms = part.rooms * 3 // 4
    rows = seekers(district)
    ids = district.students.id[rows]
    admission.place(district)
    students, places, p = district.students, district.neighbourhoods, district.p
    rows = np.searchsorted(students.id, ids[np.isin(ids, students.id)])
    rows = rows[(students.school[rows] != NO_SCHOOL) & (district.student_parts()[rows] != own(district, rows))]
    home = places.rows(students.neighbourhood[rows])
    school = [district.schools[key] for key in students.school[rows].tolist()]
    km = np.hypot(places.x_km[home] - [s.x_km for s in school], places.y_km[home] - [s.y_km for s in school])
    stage = district.system.stage_of(students.grade[rows])
    town = np.array([p["travel_limit_km.primary"], p["travel_limit_km.junior"]])[stage]
    assert len(rows) > 100 and (km <= np.where(places.urban[home], town, p["travel_limit_km.town"])).all()


def test_a_child_refused_at_home_goes_to_the_nearest_school_left():
    district = ready()
    places = district.neighbourhoods
    for stage, row in ((0, 0), (1, 3)):
        chain = district.public_order[stage, row]
        chain = chain[chain >= 0]
        assert chain[0] == district.part_of[stage, places.catchment[stage, row]]
        school = [district.parts[i].school for i in chain[1:]]
        km = np.hypot(places.x_km[row] - [s.x_km for s in school], places.y_km[row] - [s.y_km for s in school])
        assert (np.diff(km) >= 0).all()


def test_pupils_of_nine_year_schools_who_do_not_choose_go_up_without_asking_for_a_place():
    district = District({"extends": "baseline", "parameters": {"transition.share": 0.0}}, seed=1).run(to=2014)
    students = district.students
    through = np.isin(students.school, [key for key, school in district.schools.items() if school.direct_promotion])
    rising = through & (students.grade == 7)
    assert rising.sum() > 100 and (district.student_parts()[rising] >= 0).all()
    others = ~through & (students.grade == 7)
    assert others.sum() > 100 and (district.student_parts()[others] < 0).all()
    ids, school = students.id[rising].copy(), students.school[rising].copy()
    district.step()
    left = np.isin(ids, students.id)
    rows = np.searchsorted(students.id, ids[left])
    np.testing.assert_array_equal(students.school[rows], school[left])


def test_seats_are_whole_classes_at_entry_and_gaps_in_classes_elsewhere():
    district = ready()
    seats, part = admission.free_seats(district).open, district.parts[0]
    assert part.stage == PRIMARY
    target, index = int(district.parts.class_target(district.p)[0]), district.student_parts()
    for grade in range(2, 7):
        roll = np.count_nonzero((index == 0) & (district.students.grade == grade))
        assert seats[0, grade - 1] == -roll % target
    assert seats[0, 0] <= -(-part.rooms // 6) * target and (seats[0, 6:] == 0).all()


# ---- claiming ----


@given(st.integers(0, 1000), st.integers(0, 4))
def test_more_seats_leave_out_nobody_who_was_seated(seed, extra):
    rng = np.random.default_rng(seed)
    seats = rng.integers(0, 4, (len(DISTRICT.parts), 9))
    more = seats + (rng.random(seats.shape) < 0.3) * extra
    rows = rng.permutation(SEEKERS)[:200]
    fewer, many = (admission.nearest(DISTRICT, rows, Seats.alike(s)) for s in (seats, more))
    assert not ((many == NOWHERE) & (fewer != NOWHERE)).any()


@given(st.integers(0, 1000))
def test_nearest_fills_seats_one_by_one_and_leaves_none_within_reach_of_who_is_left_out(seed):
    rng = np.random.default_rng(seed)
    before = rng.integers(0, 4, (len(DISTRICT.parts), 9))
    seats, rows = Seats.alike(before), rng.permutation(SEEKERS)[:300]
    chosen = admission.nearest(DISTRICT, rows, seats)
    after = seats.open
    np.testing.assert_array_equal(after, seats.own)
    grade = DISTRICT.students.grade[rows].astype(int)
    got = chosen != NOWHERE
    given_out = np.bincount(chosen[got] * 9 + grade[got] - 1, minlength=before.size)
    np.testing.assert_array_equal((before - after).ravel(), given_out)
    stage, home = DISTRICT.system.stage_of(grade), DISTRICT.neighbourhoods.rows(DISTRICT.students.neighbourhood[rows])
    for i in np.flatnonzero(~got):
        reach = DISTRICT.public_order[stage[i], home[i]]
        assert not after[reach[reach >= 0], grade[i] - 1].any()


DISTRICT = ready()
SEEKERS = seekers(DISTRICT)


# ---- what founding makes, admission would make ----


def founded(seed: int = 1, **parameters) -> District:
    """Return a district on its first September, nobody moved yet; nobody chooses or will go to private schools."""
    zones = {"private_share": 0.0, "transition.share": 0.0}
    spec = {"name": "trial", "extends": "baseline", "parameters": zones | parameters}
    return District(spec, seed=seed, fixed_parameters=True)


def send_away_entry_grades(district: District) -> tuple[np.ndarray, np.ndarray]:
    """Take the entry grades of public schools off their schools; return their ids and the parts they sat in."""
    students, at = district.students, district.student_parts()
    rows = np.flatnonzero(np.isin(students.grade, district.system.entry_grades) & district.parts.public[at])
    ids, where = students.id[rows].copy(), at[rows].copy()
    students.school[rows] = NO_SCHOOL
    return ids, where


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_founding_makes_admission_would_make(seed):
    district = founded(seed)
    ids, where = send_away_entry_grades(district)
    admission.place(district)
    students = district.students
    np.testing.assert_array_equal(district.student_parts()[np.searchsorted(students.id, ids)], where)
    assert not (students.displaced.any() or students.over_capacity.any())


def test_a_lower_limit_sends_children_of_large_schools_away():
    district = founded(**{"class_size.limit": 50})
    ids, where = send_away_entry_grades(district)
    admission.place(district)
    students = district.students
    moved = district.student_parts()[np.searchsorted(students.id, ids)] != where
    assert 0.01 < moved.mean() < 0.2 and students.displaced.sum() == moved.sum()


def test_strangers_sit_up_to_the_target_and_children_of_the_catchment_up_to_the_limit():
    district = founded()
    send_away_entry_grades(district)
    seats, parts = admission.free_seats(district), district.parts
    entry = np.arange(len(parts)), np.array(district.system.first_grade)[parts.stage] - 1
    assert (seats.own >= seats.open).all() and (seats.own[entry] % admission.own_limit(district) == 0).any()
    assert (seats.open[entry] <= -(-parts.rooms // np.where(parts.stage, 3, 6)) * parts.class_target(district.p)).all()


def test_children_of_the_catchment_have_the_rooms_that_other_grades_leave_in_every_grade():
    district = founded()
    part, limit = district.parts[0], admission.own_limit(district)
    rolls = np.array(
        [np.count_nonzero((district.student_parts() == 0) & (district.students.grade == g)) for g in range(1, 7)]
    )
    classes = -(-rolls // limit)
    part.rooms = int(classes.sum()) + 2
    seats = admission.free_seats(district)
    assert seats.own[0, :6].tolist() == ((classes + 2) * limit - rolls).tolist() and not seats.own[0, 6:].any()
    part.rooms = 0
    np.testing.assert_array_equal(admission.free_seats(district).own[0], admission.free_seats(district).open[0])


def test_a_limit_below_the_target_takes_nothing_from_the_target():
    district = founded(**{"class_size.limit": 10})
    seats = admission.free_seats(district)
    assert (seats.own >= seats.open).all() and seats.open.any()


# ---- exact seats ----


def test_gaps_in_classes_are_what_full_ones_leave_and_rooms_left_are_what_other_grades_do_not_need():
    size, rolls = np.array([40, 50]), np.array([[0, 1, 40, 95], [50, 60, 0, 0]])
    assert admission._gaps(size, rolls).tolist() == [[0, 39, 0, 25], [0, 40, 0, 0]]
    assert admission._rooms_left(size, rolls, np.array([6, 2])).tolist() == [[1, 2, 2, 4], [0, 1, 0, 0]]


def test_an_entry_grade_gets_its_share_of_the_rooms_rounded_up_less_who_is_there_and_never_less_than_nothing():
    district = ready()
    rolls = [np.count_nonzero((district.student_parts() == 0) & (district.students.grade == g)) for g in range(1, 7)]
    target = int(district.parts.class_target(district.p)[0])
    above = sum(-(-roll // target) for roll in rolls[1:])
    for rooms in (above + 1, 6 * above + 1):
        district.parts.rooms[0] = rooms
        free = admission.free_seats(district).open[0, 0]
        assert free == min(rooms - above, -(-rooms // 6)) * target - rolls[0] > 0
    district.parts.rooms[0] = 0
    assert admission.free_seats(district).open[0, 0] == 0


def test_in_a_calibrated_district_a_grade_that_is_expected_is_taught_though_nobody_is_in_it():
    district = ready()
    students = district.students
    students.school[(district.student_parts() == 0) & (students.grade == 3)] = NO_SCHOOL
    build(district, PLENTY)
    assert admission.free_seats(district).own[0, 2] == 0
    account = Account(district.parts.key, district.neighbourhoods.catchment[JUNIOR])
    account.expects[district.year] = np.ones((int(district.parts.key.max()) + 2, 10), bool)
    district.account = account
    assert admission.free_seats(district).own[0, 2] > PLENTY


# ---- one step each ----


def test_children_of_the_catchment_take_the_seats_kept_for_them_and_strangers_only_open_ones():
    district, rows = ready(), SEEKERS[DISTRICT.students.grade[SEEKERS] == 1][:1]
    shape, home = (len(district.parts), 9), int(own(district, rows)[0])
    nobody = np.zeros(shape, np.int64)
    kept = Seats(nobody.copy(), nobody.copy())
    kept.own[home, 0] = 1
    assert admission.nearest(district, rows, kept).tolist() == [home]
    order = district.public_order[PRIMARY, district.neighbourhoods.rows(district.students.neighbourhood[rows[0]])]
    second = int(order[1])
    kept = Seats(nobody.copy(), nobody.copy())
    kept.own[second, 0] = 1
    assert admission.nearest(district, rows, kept).tolist() == [NOWHERE]
    kept.open[second, 0] = 1
    assert admission.nearest(district, rows, kept).tolist() == [second]
    assert admission.nearest(district, rows, kept, own=np.array([second])).tolist() == [NOWHERE]


def test_all_who_wish_go_to_the_nearest_private_school_with_a_seat_at_the_start_of_a_stage_alone():
    district = ready()
    district.p["private_share"] = 1.0
    seats = Seats.alike(np.full((len(district.parts), 9), PLENTY))
    rows = seekers(district)
    students, places = district.students, district.neighbourhoods
    chosen = admission._private(district, rows, seats)
    entry = np.isin(students.grade[rows], (1, 7))
    assert entry.any() and (chosen[~entry] == NOWHERE).all() and not district.parts.public[chosen[entry]].any()
    stage = district.system.stage_of(students.grade[rows])
    home = places.rows(students.neighbourhood[rows])
    np.testing.assert_array_equal(chosen[entry], district.private_order[stage, home, 0][entry])
    np.testing.assert_array_equal(district.student_parts()[rows], chosen)
    assert not students.displaced[rows].any()


@pytest.mark.parametrize("chose", [False, True])
def test_who_sits_elsewhere_than_at_the_catchment_school_is_displaced_unless_families_chose(chose):
    district = ready()
    students, rows = district.students, SEEKERS[DISTRICT.students.entitled[SEEKERS]][:4]
    students.displaced[rows] = chose
    district.instructions.families_chose = chose
    home = own(district, rows)
    other = int(district.parts.of_stage(int(district.system.stage_of(students.grade[rows[1]])), only_public=True)[-1])
    assert other != home[1]
    private = int(np.flatnonzero(~district.parts.public)[0])
    chosen = np.array([home[0], other, NOWHERE, private])
    assert not len(admission._write(district, rows, chosen, home))
    np.testing.assert_array_equal(students.school[rows], district.parts.key[[home[0], other, home[2], private]])
    assert students.over_capacity[rows].tolist() == [False, False, True, False]
    assert students.displaced[rows].tolist() == [chose, True, chose, chose]


@pytest.mark.parametrize("chose", [False, True])
def test_who_gets_a_place_elsewhere_by_the_law_alone_is_displaced_whoever_chose(chose, monkeypatch):
    district = ready()
    students, rows = district.students, SEEKERS[DISTRICT.students.entitled[SEEKERS]][:3]
    students.displaced[rows] = False
    district.instructions.families_chose = chose
    home = own(district, rows)
    stage = int(district.system.stage_of(students.grade[rows[0]]))
    other = next(part for part in district.parts.of_stage(stage, only_public=True) if part not in home)
    by_law = np.array([other, home[1], other])
    monkeypatch.setattr(admission.large_classes, "last_places", lambda *_: by_law)
    admission._write(district, rows, np.array([NOWHERE, NOWHERE, other]), home)
    assert students.displaced[rows].tolist() == [True, False, not chose]


def test_on_entering_a_school_years_there_begin_anew_and_only_who_comes_in_mid_stage_has_moved():
    district = ready()
    students, part = district.students, 0
    rows = np.flatnonzero(students.grade <= 2)[:50]
    students.years_in_school[rows] = 3
    over = np.arange(50) % 2 == 0
    admission.enter(district, rows, np.full(50, part), over)
    assert (students.school[rows] == district.parts.key[part]).all() and not students.years_in_school[rows].any()
    np.testing.assert_array_equal(students.moved[rows], students.grade[rows] == 2)
    np.testing.assert_array_equal(students.over_capacity[rows], over)
    x, y = district.parts.x_km[part], district.parts.y_km[part]
    assert students.distance_km[rows] == pytest.approx(np.hypot(students.home_x[rows] - x, students.home_y[rows] - y))


def test_when_a_school_closes_its_own_sit_down_first_and_those_sent_elsewhere_are_displaced(monkeypatch):
    district = ready()
    students = district.students
    rows = SEEKERS[DISTRICT.students.grade[SEEKERS] == 1]
    home = int(np.bincount(own(district, rows)).argmax())
    mine, strangers = rows[own(district, rows) == home][:3], rows[own(district, rows) != home][:2]
    seats = Seats.alike(np.zeros((len(district.parts), 9), np.int64))
    seats.open[home, 0] = seats.own[home, 0] = 4
    monkeypatch.setattr(admission, "free_seats", lambda world: seats)
    together = np.concatenate((strangers, mine))
    admission.transfer(district, together, np.full(5, home))
    assert (students.school[together] == district.parts.key[home]).all()
    assert students.over_capacity[together].tolist() == [False, True, False, False, False]
    assert students.displaced[together].tolist() == [True, True, False, False, False]


def test_of_a_redrawn_catchment_a_share_of_addresses_and_grades_not_open_yet_stay_with_the_former_school():
    district = ready()
    places, rows = district.neighbourhoods, seekers(district)
    rows = rows[district.students.grade[rows] <= 6]
    before = own(district, rows)
    key = int(district.parts.key[district.parts.of_stage(PRIMARY, only_public=True)[0]])
    new = int(district.parts.place[PRIMARY, key])
    places.catchment[PRIMARY] = key
    assert (own(district, rows) == new).all()
    places.share[PRIMARY, ::2] = 0.4
    street = district.uniform("admit/street", district.students.id[rows], 0)
    limit = places.share[PRIMARY, places.rows(district.students.neighbourhood[rows])]
    np.testing.assert_array_equal(own(district, rows), np.where(street < limit, new, before))
    places.share[PRIMARY] = 1.0
    district.parts.top_grade[new] = 1
    np.testing.assert_array_equal(own(district, rows), np.where(district.students.grade[rows] > 1, before, new))


# ---- a district calibrated on its own rolls ----


def calibrated(district: District, **columns) -> None:
    """Give a district an account in which nobody goes another way unless `columns` (of this year) say so."""
    keys = district.parts.key[district.parts.of_stage(JUNIOR)]
    account = Account(keys, district.neighbourhoods.catchment[JUNIOR].copy())
    for name, values in columns.items():
        getattr(account, name)[district.year] = values
    district.account = account


def test_in_a_calibrated_district_pupils_go_on_to_another_junior_school_by_its_account():
    district = ready()
    students = district.students
    begins = (students.grade == 7) & (district.student_parts() >= 0)
    goes = np.zeros(int(district.parts.key.max()) + 2)
    some = np.unique(students.school[begins])[-1]
    goes[some] = 1.0
    before = students.school.copy()
    admission._go_on(district)
    np.testing.assert_array_equal(students.school, before)
    calibrated(district, goes_on=goes)
    admission._go_on(district)
    left = begins & (before == some)
    assert left.any() and not students.school[left].any()
    np.testing.assert_array_equal(students.school[~left], before[~left])
    students.school[:] = before
    calibrated(district, goes_on=goes * 0.5, ways=np.ones((len(district.neighbourhoods), len(district.account.keys))))
    drawn = left & (district.uniform("admit/goes-on", students.id) < 0.5)
    ids, still = students.id[drawn], students.id[left & ~drawn]
    admission.place(district)
    first = district.account.keys[0]
    assert some != first and (students.school[students.rows(ids)] != some).mean() > 0.9
    assert (students.school[students.rows(still)] == some).all()
    district.year += 1
    before = students.school.copy()
    admission._go_on(district)
    np.testing.assert_array_equal(students.school, before)


def test_in_a_calibrated_district_those_who_begin_the_junior_stage_go_where_its_account_says():
    district = ready()
    places, students = district.neighbourhoods, district.students
    rows = seekers(district)
    before, begins = own(district, rows), students.grade[rows] == 7
    junior = district.parts.of_stage(JUNIOR)
    ways = np.ones((len(places), len(junior)))
    ways[:, 0] = 0.25
    calibrated(district, ways=ways)
    draw = district.uniform("admit/own-way", students.id[rows])
    expected = np.where(begins, np.where(draw < 0.25, junior[0], junior[1]), before)
    np.testing.assert_array_equal(own(district, rows), expected)
    home = places.rows(students.neighbourhood[rows])
    key = int(district.parts.key[junior[2]])
    redrawn = places.catchment[JUNIOR] != key
    places.catchment[JUNIOR] = key
    np.testing.assert_array_equal(own(district, rows)[begins], np.where(redrawn[home], junior[2], expected)[begins])
    district.year += 1
    assert (own(district, rows)[begins] == junior[2]).all()


def test_where_the_school_of_the_account_is_closed_the_catchment_counts():
    district = ready()
    rows = seekers(district)
    before, junior = own(district, rows), district.parts.of_stage(JUNIOR)
    calibrated(district, ways=np.ones((len(district.neighbourhoods), len(junior))))
    assert (own(district, rows)[district.students.grade[rows] == 7] == junior[0]).all()
    district.parts.place[JUNIOR, district.parts.key[junior[0]]] = NOWHERE
    open_still = before != junior[0]
    np.testing.assert_array_equal(own(district, rows)[open_still], before[open_still])


def test_in_a_new_school_an_arrival_takes_only_the_place_of_one_who_left():
    district = ready()
    places, students = district.neighbourhoods, district.students
    rows = seekers(district)
    rows = rows[students.grade[rows] <= 6]
    before, above = own(district, rows), students.grade[rows] > 1
    there, juniors = district.parts.of_stage(PRIMARY, only_public=True), district.parts.of_stage(JUNIOR)
    new = int(there[~np.isin(district.parts.key[there], district.parts.key[juniors])][0])
    replaces = np.where(np.arange(10) == 3, 0.6, 0.0)
    keys = np.arange(int(district.parts.key.max()) + 2)
    calibrated(district, expects=np.ones((len(keys), 10), bool), replaces=replaces)
    places.catchment[PRIMARY] = int(district.parts.key[new])
    places.share[PRIMARY] = np.nextafter(1.0, 0.0)
    lot = district.uniform("admit/replaces", students.id[rows], 0)
    mine = ~above | (lot < replaces[students.grade[rows]])
    assert 0 < mine[above].mean() < 0.5
    np.testing.assert_array_equal(own(district, rows), np.where(mine, new, before))
