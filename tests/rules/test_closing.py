"""Closing a stage: nothing may be left in it, and what belongs to a school goes with its last one."""

from __future__ import annotations

import numpy as np
import pytest

from simsim import actions
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.rules import admission, closing
from simsim.world.schools import Cluster
from tests.one_district import lived

NINE_YEAR, PRIMARY_ONLY, NEXT = 3, 11, 16


@pytest.fixture
def district():
    return lived()


def emptied(district, key: int, stage: int, to: int):
    """Move everything that a stage has to another school, so that it may close."""
    teachers, parts = district.teachers, district.parts
    school, heir = district.schools[key], district.schools[to].parts[stage].row
    actions.hand_over_catchments(district, stage, key, to)
    rows = np.flatnonzero(parts.of_students() == school.parts[stage].row)
    actions.transfer_pupils(district, rows, np.full(len(rows), heir))
    mine = (teachers.stage == stage) & ((teachers.post == key) | (teachers.home == key))
    district.move_teachers(np.flatnonzero(mine), to, "merger")
    return school


def closed(district, key: int, stage: int, to: int):
    school = emptied(district, key, stage, to)
    actions.close_stage(district, school, stage, district.schools[to])
    return school


def test_a_stage_with_pupils_teachers_or_catchments_is_refused_and_what_is_left_is_named(district):
    with pytest.raises(ValueError, match=r"cannot close its primary stage: \d+ pupils, \d+ teachers, \d+ catchments; "):
        actions.close_stage(district, district.schools[NINE_YEAR], PRIMARY, district.schools[NEXT])
    assert district.parts.place[PRIMARY, NINE_YEAR] >= 0


@pytest.mark.parametrize("what", ["catchment", "former"])
def test_a_stage_that_is_asked_by_a_single_neighbourhood_now_or_formerly_is_refused(district, what):
    school = emptied(district, PRIMARY_ONLY, PRIMARY, NEXT)
    getattr(district.neighbourhoods, what)[PRIMARY, 0] = PRIMARY_ONLY
    assert closing.remaining(district, school, PRIMARY) == "1 catchments"


def test_a_stage_that_is_not_open_is_refused(district):
    with pytest.raises(ValueError, match="it has none that is open"):
        actions.close_stage(district, district.schools[PRIMARY_ONLY], JUNIOR, district.schools[NINE_YEAR])


def test_a_nine_year_school_that_closes_one_stage_goes_on_with_the_other(district):
    principal = district.schools[NINE_YEAR].principal
    school = closed(district, NINE_YEAR, PRIMARY, NEXT)
    assert set(school.parts) == {JUNIOR} and school.kind == "junior" and not school.direct_promotion
    assert school.closed == 0 and school.principal is principal
    assert school in district.open_schools


def test_with_its_last_stage_the_principal_goes_and_the_school_leaves_its_cluster(district):
    cluster = Cluster(district, "C", "group", district.schools[PRIMARY_ONLY], 2015)
    for key in (PRIMARY_ONLY, NEXT):
        cluster.join(district.schools[key])
    principal = district.schools[PRIMARY_ONLY].principal
    school = closed(district, PRIMARY_ONLY, PRIMARY, NEXT)
    assert school.closed == district.year and school.principal is None and principal not in district.agents
    assert school.cluster is None and list(cluster.members) == [NEXT] and cluster.lead is district.schools[NEXT]
    assert school not in district.open_schools


def test_other_parts_keep_their_state_when_one_closes(district):
    kept = {(part.key, part.stage): (part.rooms, part.residual, part.posts.tolist()) for part in district.parts}
    closed(district, PRIMARY_ONLY, PRIMARY, NEXT)
    assert len(district.parts) == len(kept) - 1
    for part in district.parts:
        assert kept[part.key, part.stage] == (part.rooms, part.residual, part.posts.tolist())
        assert district.parts[district.parts.place[part.stage, part.key]] is part


def test_nobody_is_placed_in_a_closed_stage_in_later_years(district):
    closed(district, PRIMARY_ONLY, PRIMARY, NEXT)
    for _ in range(2):
        district.step()
        assert PRIMARY_ONLY not in district.students.school and PRIMARY_ONLY not in district.teachers.post


def test_who_asks_for_a_closed_school_is_led_to_the_one_that_took_it_over(district):
    closed(district, PRIMARY_ONLY, PRIMARY, NEXT)
    closed(district, NEXT, PRIMARY, 12)
    assert closing.heir(district, PRIMARY_ONLY, PRIMARY) is district.schools[12]
    assert closing.heir(district, 12, PRIMARY) is district.schools[12]
    assert closing.heir(district, 12, JUNIOR) is None and closing.heir(district, 999, PRIMARY) is None


def test_private_schools_absent_stages_and_the_last_of_a_stage_may_not_close(district):
    schools = district.schools
    assert closing.may_close(district, schools[PRIMARY_ONLY], PRIMARY)
    assert not closing.may_close(district, schools[PRIMARY_ONLY], JUNIOR)
    assert not closing.may_close(district, schools[25], PRIMARY)
    for school in [s for s in district.open_schools if PRIMARY in s.parts and s.public and s.key != NEXT]:
        assert closing.may_close(district, schools[NEXT], PRIMARY), "one of two may go"
        closed(district, school.key, PRIMARY, NEXT)
    assert not closing.may_close(district, schools[NEXT], PRIMARY)


def test_transferred_pupils_beyond_the_seats_are_counted_over_capacity(district):
    part = district.schools[NEXT].parts[PRIMARY]
    rows = np.flatnonzero(district.students.school == PRIMARY_ONLY)
    rows = rows[district.students.grade[rows] == 3]
    seats = int(admission.free_seats(district).open[part.row, 2])
    actions.transfer_pupils(district, rows, np.full(len(rows), part.row))
    assert seats < len(rows) and district.students.over_capacity[rows].sum() == len(rows) - seats
    assert district.students.moved[rows].all() and (district.students.school[rows] == NEXT).all()
