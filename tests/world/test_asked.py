"""What policies ask of the world is looked at before it is done; what there is not is refused in one message."""

from __future__ import annotations

import numpy as np
import pytest

from simsim import actions
from simsim.base.codes import JUNIOR, PRIMARY, STAGES, SUBJECT_GROUPS
from simsim.inputs.errors import InputError
from tests.one_district import lived

NAME = {"zh": "新", "en": "New"}
NAN = float("nan")


@pytest.fixture(scope="module")
def district():
    return lived()


def opened(**other):
    told = {"key": 50, "name": NAME, "kind": "primary", "place": (1.0, 2.0), "rooms": (6, 0), "facilities": {}} | other
    return lambda d: actions.open_school(d, **told)


def primary_only(d):
    return next(key for key, school in d.schools.items() if school.kind == "primary")


REFUSED = {
    "a mask of pupils": (lambda d: actions.place_pupils(d, d.students.grade == 3, 1), "write np.flatnonzero"),
    "ids of pupils": (lambda d: actions.place_pupils(d, d.students.id[:2], 1), "rows.*are not rows of students"),
    "the row before the first": (lambda d: actions.place_pupils(d, [-1], 1), "are not rows of students"),
    "a stage that the school has not": (
        lambda d: actions.place_pupils(d, np.flatnonzero(d.students.grade == 8)[:2], primary_only(d)),
        "does not teach the stage junior; there are",
    ),
    "a part that there is not": (lambda d: actions.transfer_pupils(d, [0], [999]), "are not rows of parts"),
    "parts for others": (lambda d: actions.transfer_pupils(d, [0, 1], [0]), "one for each of 2 pupils"),
    "no share filled": (lambda d: actions.fill_vacated(d, NAN, 1), "retirement = nan: must be a finite number from 0"),
    "per cent for a share": (lambda d: actions.fill_vacated(d, 0.5, 30), "exit = 30: must be a finite number"),
    "a share as text": (lambda d: actions.fill_vacated(d, "0.5", 1), "must be a finite number"),
    "true for a share": (lambda d: actions.fill_vacated(d, 1, 1, True), "growth = True"),
    "a misspelt rule": (lambda d: actions.post_new_teachers(d, "needs"), r"did you mean need\?"),
    "fewer posts": (lambda d: actions.add_posts(d, -5), "n = -5: must be a whole number of at least 0"),
    "half a post": (lambda d: actions.add_posts(d, 2.5), "must be a whole number"),
    "a stage by its word": (
        lambda d: actions.assign_catchment(d, "primary", [1], 1),
        r"must be the code of a stage: 0 \(primary\)",
    ),
    "the stage before the first": (lambda d: actions.assign_catchment(d, -1, [1], 1), "must be the code of a stage"),
    "a catchment of no school": (lambda d: actions.assign_catchment(d, PRIMARY, [1], 999), "999: does not teach"),
    "a catchment's share": (lambda d: actions.assign_catchment(d, PRIMARY, [1], 1, 40), "share = 40: .* from 0 to 1"),
    "one neighbourhood alone": (lambda d: actions.assign_catchment(d, PRIMARY, 1, 1), "must be a list of keys"),
    "no neighbourhood": (lambda d: actions.assign_catchment(d, PRIMARY, [], 1), "is empty"),
    "catchments for no school": (lambda d: actions.hand_over_catchments(d, JUNIOR, 1, 999), "does not teach"),
    "a school's key nought": (opened(key=0), "must be a whole number from 1 to"),
    "a key with a fraction": (opened(key=1.5), "key = 1.5"),
    "a name in one language": (opened(name={"en": "x"}), "names by language"),
    "a misspelt kind": (opened(kind="primry"), r"did you mean primary\?"),
    "nowhere": (opened(place=(NAN, 1.0)), "place = nan: must be a finite number"),
    "fewer rooms than none": (opened(rooms=(-1, 0)), "rooms = -1"),
    "rooms for one stage": (opened(rooms=3), "must be two values"),
    "a misspelt facility": (opened(facilities={"boks": 3}), r"did you mean books\?"),
    "a facility as text": (opened(facilities={"books": "3"}), "books = '3': must be a finite number of at least 0"),
    "a word for a flag": (opened(urban="yes"), "must be true or false"),
    "a move to nowhere": (lambda d: actions.relocate(d, d.schools[1], (NAN, 1)), "must be a finite number"),
    "a key for a school": (lambda d: actions.relocate(d, 1, (1, 1)), r"not its key: district.schools\[key\]"),
    "keys for schools": (lambda d: actions.close_stage(d, 1, PRIMARY, 2), "not its key"),
    "hired by one number": (lambda d: actions.hire(d, 3, "x", 1, "T"), r"of shape \(2, 5\)"),
    "fewer hired than none": (lambda d: actions.hire(d, -np.ones((2, 5), int), "x", 1, "T"), "at least 0"),
    "half a teacher": (lambda d: actions.hire(d, np.full((2, 5), 0.5), "x", 1, "T"), "whole numbers"),
    "hired where they cannot teach": (
        lambda d: actions.hire(d, np.ones((2, 5), int), "x", 1, "T", primary_only(d)),
        "does not teach the stage junior",
    ),
    "a mask of teachers": (lambda d: actions.take_vacated(d, d.teachers.stage == 0, "x", "T"), "rows of teachers"),
    "leaders by a mask": (lambda d: actions.name_leaders(d, d.teachers.stage == 0, 3, "T/x"), "rows of teachers"),
    "fewer leaders than none": (lambda d: actions.name_leaders(d, [0, 1], -1, "T/x"), "n = -1"),
    "goods that are no number": (lambda d: actions.buy(d, d.schools[1], NAN, "T"), "growth = nan"),
    "half a room": (lambda d: actions.enlarge(d, d.parts[0], 0.5, "T"), "rooms = 0.5"),
}


@pytest.mark.parametrize("call, message", REFUSED.values(), ids=REFUSED)
def test_what_there_is_not_is_refused_before_anything_is_done(district, call, message):
    before = (district.students.school.copy(), district.neighbourhoods.catchment.copy(), sorted(district.schools))
    with pytest.raises(InputError, match=message) as told:
        call(district)
    assert "\n" not in str(told.value)
    now = (district.students.school, district.neighbourhoods.catchment, sorted(district.schools))
    assert all(np.array_equal(was, one) for was, one in zip(before, now, strict=True))
    assert len(district.teachers) == district.flows.expected["teachers"]


def test_numbers_of_numpy_are_taken(district):
    actions.add_posts(district, np.int64(0))
    actions.fill_vacated(district, np.float32(0.5), np.int32(1))
    assert district.instructions.fill == {"retirement": 0.5, "exit": 1.0, "growth": 1.0}
    assert not len(actions.hire(district, np.zeros((len(STAGES), len(SUBJECT_GROUPS)), np.int32), "x", 1, "T"))
