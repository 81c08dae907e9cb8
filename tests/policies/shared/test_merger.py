"""What a merger moves: nothing is lost and nothing appears, whichever schools, posts and rooms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsim.base.codes import PRIMARY
from simsim.policies.shared import merger
from simsim.rules import building
from simsim.world.schools import FACILITIES
from tests.one_district import lived


def merged(close: int, stage: int = PRIMARY, into: int | None = None, surplus: str = "keep", rooms: str = "reserve"):
    district = lived()
    school = district.schools[into] if into else None
    return district, merger.merge(district, district.schools[close].parts[stage], school, "M", surplus, rooms)


def goods(district, names) -> dict[str, float]:
    return {name: sum(s.facilities[name] for s in district.schools.values()) for name in names}


def counts(district, freed: int) -> tuple[object, ...]:
    """Return what a merger may not change: pupils, those seated, teachers, posts, vacancies, rooms with the freed."""
    parts = district.parts
    return (
        len(district.students),
        np.count_nonzero(parts.of_students() >= 0),
        len(district.teachers),
        parts.posts.sum(axis=0).tolist(),
        int(parts.vacancies().sum()),
        parts.rooms.sum() + freed,
    )


@settings(max_examples=15)
@given(st.data())
def test_nothing_is_lost_and_nothing_appears(data):
    district = lived()
    part = data.draw(st.sampled_from([part for part in district.parts if part.school.public]))
    others = [s for s in district.open_schools if s.public and part.stage in s.parts and s is not part.school]
    into = data.draw(st.sampled_from([None, *others]))
    surplus = data.draw(st.sampled_from(["keep", "redeploy", "lapse"]))
    rooms = data.draw(st.sampled_from(["reserve", "handed_over", "given_up"]))
    before = counts(district, 0)
    had = goods(district, FACILITIES)
    key, stage = part.key, part.stage
    done = merger.merge(district, part, into, "M", surplus, rooms)
    assert counts(district, done.rooms if rooms != "handed_over" else 0) == before
    gone = dict.fromkeys(FACILITIES, 0.0) | (done.areas if rooms != "handed_over" else {})
    now = goods(district, FACILITIES)
    assert {name: now[name] + gone[name] for name in FACILITIES} == pytest.approx(had)
    assert district.parts.place[stage, key] == -1
    assert (district.parts.of_teachers() >= 0).all()
    assert (district.parts.place[district.teachers.stage, district.teachers.home] >= 0).all()
    assert key not in district.neighbourhoods.catchment[stage] and key not in district.neighbourhoods.former[stage]


def test_without_a_receiver_pupils_go_to_the_nearest_school_of_their_neighbourhood():
    district, done = merged(18)
    places, parts = district.neighbourhoods, district.parts
    rows = places.rows(done.homes)
    public = parts.of_stage(PRIMARY, only_public=True)
    km = np.hypot(places.x_km[rows, None] - parts.x_km[public], places.y_km[rows, None] - parts.y_km[public])
    assert places.catchment[PRIMARY, rows].tolist() == parts.key[public[km.argmin(axis=1)]].tolist()
    mine = np.isin(district.students.id, done.pupils)
    assert set(district.students.school[mine].tolist()) == set(done.schools)


def test_teachers_of_the_closed_school_move_once_and_guests_go_home():
    district = lived()
    teachers, key = district.teachers, 11
    here = np.flatnonzero((teachers.post == key) & (teachers.stage == PRIMARY))
    away, guest = here[0], np.flatnonzero((teachers.post == 12) & (teachers.stage == PRIMARY))[0]
    district.move_teachers([away], 12, "rotation", home=False)
    district.move_teachers([guest], key, "rotation", home=False)
    teachers.mandated[guest], teachers.spell_end[guest] = True, 2020
    moves = len(district.recorder.moves)
    merger.merge(district, district.schools[key].parts[PRIMARY], district.schools[16], "M", "keep", "reserve")
    assert (teachers.post[here[1:]] == 16).all() and (teachers.home[here] == 16).all() and teachers.post[away] == 12
    assert teachers.post[guest] == teachers.home[guest] == 12
    assert not teachers.mandated[guest] and teachers.spell_end[guest] == 0
    made = district.recorder.moves[moves:]
    assert len(made) == len(here) and {move[4] for move in made} == {"merger"} and {move[5] for move in made} == {"M"}


def test_redeployed_posts_leave_the_receiver_what_its_roll_asks_for():
    kept, _ = merged(12, into=7)
    spread, _ = merged(12, into=7, surplus="redeploy")
    rich, lean = (d.schools[7].parts[PRIMARY].posts.sum() for d in (kept, spread))
    assert lean < rich
    assert spread.parts.posts.sum() == kept.parts.posts.sum()


def test_surplus_posts_lapse_only_as_they_fall_vacant_and_hiring_does_not_fill_them():
    district, done = merged(12, into=7, surplus="lapse")
    part, owed = district.schools[7].parts[PRIMARY], done.lapsing[7]
    assert owed > 0
    had, vacant = int(part.posts.sum()), int(np.maximum(district.parts.vacancies()[part.row], 0).sum())
    assert merger.lapse(district, part, owed) == min(vacant, owed)
    leaving = np.flatnonzero((district.teachers.post == 7) & (district.teachers.stage == PRIMARY))[:2]
    groups = district.teachers.subject[leaving]
    np.add.at(district.vacated[0, PRIMARY], groups, 1)
    wanted = district.vacated.sum()
    district.leave(district.teachers.id[leaving], "exits")
    assert merger.lapse(district, part, 2) == 2
    assert district.vacated.sum() == wanted - 2
    assert part.posts.sum() == had - min(vacant, owed) - 2


@given(st.integers(0, 200), st.lists(st.integers(0, 50), min_size=1, max_size=9).filter(any))
def test_a_split_is_whole_and_as_near_as_can_be(n, counts):
    weights = np.array(counts) / sum(counts)
    parts = merger.split(n, weights)
    assert parts.sum() == n and (np.abs(parts - n * weights) < 1.0 + 1e-9).all()


def test_equipment_follows_the_pupils_and_areas_the_rooms():
    before = lived()
    district, done = merged(3, into=16, rooms="handed_over")
    there, here = before.schools[3], district.schools[3]
    share = building.claims(there)[0][PRIMARY] / building.claims(there)[1]
    assert here.facilities["computers"] == pytest.approx((1 - share) * there.facilities["computers"])
    rooms = there.parts[PRIMARY].rooms
    assert (
        done.rooms == rooms and district.schools[16].parts[PRIMARY].rooms == before.schools[16].parts[0].rooms + rooms
    )
    area = rooms / sum(part.rooms for part in there.parts.values()) * there.facilities["teaching_area_m2"]
    assert done.areas["teaching_area_m2"] == pytest.approx(area)


def test_who_is_far_is_who_came_or_lives_there_and_exceeds_the_limit():
    district, done = merged(11, into=16)
    limit = 3.0
    rows = merger.far_from_school(district, done, limit)
    students = district.students
    assert len(rows) and (students.school[rows] == 16).all() and (students.distance_km[rows] > limit).all()
    came = np.isin(students.id, done.pupils)
    assert set(rows.tolist()) >= set(np.flatnonzero(came & (students.distance_km > limit)).tolist())
    assert len(merger.far_from_school(district, done, None)) == 0
