"""The diary: what happens to whom is written down where somebody follows, and costs and changes nothing elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.inputs.errors import InputError
from simsim.world.diary import PRINCIPAL, PUPIL, TEACHER
from tests.one_district import lived_under

FIRST, LAST = 2016, 2018


@pytest.fixture(scope="module")
def pair():
    """The same world twice; in one of them every twentieth person and all heads are followed."""
    alone, followed = (lived_under("plan", to=FIRST, seed=1, fixed_parameters=True) for _ in range(2))
    heads = [school.principal for school in followed.open_schools if school.principal]
    followed.follow(followed.students.id[::20], followed.teachers.id[::20], heads)
    return alone.run(to=LAST), followed.run(to=LAST)


@pytest.mark.slow
def test_following_changes_no_row_of_anybody(pair):
    alone, followed = pair
    for name, column in alone.students.columns.items():
        np.testing.assert_array_equal(column, followed.students.columns[name])
    for name, table in alone.tables().items():
        assert table.equals(followed.tables()[name]), name
    assert alone.diary is None and alone.events().empty


def test_what_happened_is_told_with_year_place_and_reason(pair):
    events = pair[1].events()
    assert set(events["kind"]) == {PUPIL, TEACHER, PRINCIPAL}
    assert {"admitted", "left", "moved", "promoted", "rotated"} <= set(events["event"])
    assert events["year"].between(FIRST + 1, LAST).all() and events["why"].ne("").all()
    rotated = events[events["event"] == "rotated"]
    assert set(rotated["instance"]) == {"T2"} and (rotated["origin"] != rotated["destination"]).all()


def test_nobody_is_admitted_twice_a_year_or_seen_after_leaving(pair):
    events = pair[1].events()
    admitted = events[events["event"] == "admitted"]
    assert not admitted.duplicated(["year", "person"]).any()
    last = events.groupby("person").tail(1).set_index("person")["event"]
    gone = set(events.loc[events["event"] == "left", "person"])
    assert gone and {person for person in gone if last[person] != "left"} == set()


def test_the_events_of_a_teacher_are_those_of_the_record(pair):
    followed = pair[1]
    moves = followed.tables()["teacher_moves"]
    moves = moves[(moves["year"] > FIRST) & moves["teacher"].isin(followed.teachers.id[::20])]
    events = followed.events()
    seen = events[(events["kind"] == TEACHER) & (events["origin"] != events["destination"])]
    told = set(zip(seen["year"], seen["person"], seen["destination"], seen["why"], strict=True))
    mine = moves[moves["teacher"].isin(set(followed.diary.first))]
    written = set(zip(mine["year"], mine["teacher"], mine["destination"], mine["reason"], strict=True))
    assert written and written <= told


def test_a_pupil_who_waits_is_told_so():
    district = lived_under("baseline", to=2014, seed=1)
    district.follow(district.students[district.students.id[0]])
    district.students.school[0] = 0
    district.diary.look(district, "")
    district.diary.waiting(district)
    assert district.events()["event"].tolist() == ["waited"]


def test_whoever_is_not_here_is_not_followed():
    district = lived_under("baseline", to=2014, seed=1)
    with pytest.raises(InputError, match="is no pupil, teacher or principal here"):
        district.follow([district.students.id[0], 7])
    assert district.diary is None
    with pytest.raises(TypeError, match="give ids, pupils"):
        district.follow("somebody")
