"""Ids name a person in every world: packed without loss, and never silently wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.base import ids

YEARS, ROUTES = st.integers(0, 4095), st.integers(0, 15)
POOLS, SERIALS = st.integers(0, 65535), st.integers(0, ids.MAX_SERIAL)


@given(YEARS, ROUTES, POOLS, SERIALS)
def test_an_id_gives_back_what_it_was_made_of(year, route, pool, serial):
    made = ids.make(year, route, pool, serial)
    assert (ids.entry_year(made), ids.route(made), ids.serial(made)) == (year, route, serial)
    assert ids.cohort(made) == (year << 20 | route << 16 | pool)


@given(YEARS, ROUTES, POOLS, SERIALS)
def test_an_id_survives_float64_and_json(year, route, pool, serial):
    made = int(ids.make(year, route, pool, serial))
    assert int(np.float64(made)) == made == json.loads(json.dumps(made))


@given(st.lists(st.tuples(YEARS, ROUTES, POOLS, SERIALS), min_size=2, max_size=20))
def test_ids_sort_by_year_then_route_then_pool_then_serial(people):
    made = [int(ids.make(*person)) for person in people]
    assert sorted(made) == [int(ids.make(*person)) for person in sorted(people)]
    assert len(set(made)) == len(set(people))


@pytest.mark.parametrize(
    ("part", "arguments"),
    [
        ("year", (4096, 0, 0, 0)),
        ("year", (-1, 0, 0, 0)),
        ("route", (2014, 16, 0, 0)),
        ("pool", (2014, 0, 65536, 0)),
        ("pool", (2014, 0, [3, -1], 0)),
        ("serial", (2014, 0, 0, ids.MAX_SERIAL + 1)),
        ("serial", (2014, 0, 0, [0, -5])),
    ],
)
def test_a_part_that_does_not_fit_is_refused_by_name(part, arguments):
    with pytest.raises(OverflowError, match=f"^{part} .* is not in 0"):
        ids.make(*arguments)


def test_parts_broadcast_and_give_int64():
    made = ids.make(2014, ids.BIRTH, [[1], [2]], np.arange(3))
    assert made.shape == (2, 3) and made.dtype == np.int64
    assert (ids.make(np.empty(0, np.int64), ids.BIRTH, 1, 1)).shape == (0,)


def test_every_route_has_a_name_and_fits():
    codes = list(ids.ROUTES.values())
    assert codes == [getattr(ids, name.upper()) for name in ids.ROUTES]
    assert len(set(codes)) == len(codes) and max(codes) < 1 << ids.ROUTE_BITS


@given(st.lists(st.integers(0, 6), max_size=12))
def test_counting_up_numbers_every_pool_from_zero(counts):
    pool, serial = ids.count_up(np.array(counts, dtype=np.int64))
    expected = [(p, s) for p, n in enumerate(counts) for s in range(n)]
    assert list(zip(pool.tolist(), serial.tolist(), strict=True)) == expected


def test_no_pupil_of_the_first_september_shares_a_pool_with_a_teacher_whatever_the_school_keys():
    keys = np.arange(1, ids.MOST_KEY + 1)
    pupils = ids.pupils_pool(keys)
    staff = np.array([ids.staff_pool(int(key), stage) for key in keys for stage in (0, 1)])
    pools = np.concatenate((pupils, staff))
    assert len(np.unique(pools)) == len(pools) and pools.max() < 1 << ids.POOL_BITS
    assert (pupils[:999] == keys[:999]).all() and ids.staff_pool(25, 1) == ids.STAFF_POOL + 51


def test_children_of_four_thousand_neighbourhoods_have_ids_of_their_own():
    keys = np.arange(6_000, 10_000)
    slots = ids.place_slots(keys)
    place, nth, grade = np.repeat(keys, 90), np.tile(np.arange(10).repeat(9), 4_000), np.tile(np.arange(1, 10), 40_000)
    made = ids.children(2015, ids.ARRIVAL, place, slots, nth, grade)
    born = ids.children(2015, ids.BIRTH, keys, slots, np.full(len(keys), 4_000))
    assert len(np.unique(made)) == len(made) and len(np.unique(born)) == len(born)


@given(st.integers(1, ids.BLOCK - 1), st.integers(0, 200), st.integers(1, 9))
def test_a_district_with_few_neighbourhoods_has_one_pool_and_the_serials_it_always_had(key, nth, grade):
    keys = np.array([1, key])
    slots = 1 << int(keys.max()).bit_length()
    place, one, of_grade = np.array([key]), np.array([nth]), np.array([grade])
    made = ids.children(2015, ids.ARRIVAL, place, ids.place_slots(keys), one, of_grade)
    assert made == ids.make(2015, ids.ARRIVAL, 0, (nth * 16 + grade) * slots + key)
    assert ids.children(2015, ids.BIRTH, place, ids.place_slots(keys), one) == ids.make(
        2015, ids.BIRTH, 0, nth * slots + key
    )


def test_among_tells_who_is_wanted_whoever_else_is_asked_for():
    here = np.array([3, 5, 8, 13], np.int64)
    for wanted in ([], [5], [13, 3, 3], [1, 4, 99], [99, 8]):
        np.testing.assert_array_equal(ids.among(here, np.array(wanted, np.int64)), np.isin(here, wanted))
    assert not len(ids.among(here[:0], here))
