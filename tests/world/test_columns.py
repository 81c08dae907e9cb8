"""What may be asked of columns of people and written into them; everything else is refused with the remedy."""

from __future__ import annotations

import mesa
import numpy as np
import pandas as pd
import pytest

from simsim.inputs.errors import InputError
from simsim.world.columns import fitting, limit_of
from simsim.world.person import Person
from simsim.world.population import Population

SCHEMA = {"grade": np.int8, "school": np.int16, "score": np.float32, "moved": np.bool_}
N = 6


class Pupil(Person):
    """A view with a property, as Student has."""

    @property
    def stage(self) -> int:
        """0 to grade 6, 1 above."""
        return int(self.grade > 6)


@pytest.fixture
def people():
    people = Population(SCHEMA, Pupil, mesa.Model())
    people.add(id=np.arange(10, 10 + N), grade=[1, 3, 6, 7, 8, 9], school=[1, 1, 2, 2, 3, 3], score=np.arange(N) / 2)
    return people


NO_MASKS = {
    "a function": (lambda s: s.grade > 3, "is a function; give a mask instead"),
    "NumPy's function": (np.isnan, "is a function"),
    "a text": ("grade > 3", "is not a mask"),
    "numbers": (np.array([0, 1, 0, 1, 0, 1]), "is not a mask.*np.isin"),
    "places": ([0, 2], "is not a mask"),
    "floats": (np.ones(N), "is not a mask"),
    "NaN": ([True, np.nan] * 3, "is not a mask"),
    "None among them": ([True, None] * 3, "is not a mask"),
    "words": (["yes"] * N, "is not a mask"),
    "one for all": (True, "is not a mask"),
    "without dimension": (np.array(True), "is not a mask"),
    "a number": (3, "is not a mask"),
    "two dimensions": (np.ones((N, 1), bool), "is not a mask"),
    "too short": (np.ones(N - 1, bool), "is about 5 people, but there are 6 here"),
    "empty": ([], "is not a mask"),
    "missing values": (pd.array([True, None] * 3, dtype="boolean"), "is not a mask"),
    "other people": (pd.Series([True] * N, index=range(1, 2 * N, 2)), "a Series about other people"),
}


@pytest.mark.parametrize("case", NO_MASKS)
def test_what_is_no_mask_is_refused_with_the_remedy(people, case):
    mask, message = NO_MASKS[case]
    for select in (people.select, people.select().select):
        with pytest.raises(InputError, match=message):
            select(mask)


def test_keeping_people_takes_a_mask_too(people):
    with pytest.raises(InputError, match="keep: mask.*is not a mask"):
        people.keep(np.array([0, 1, 0, 1, 0, 1]))
    assert len(people) == N


@pytest.mark.parametrize(
    "mask",
    [
        [True, False] * 3,
        np.array([True, False] * 3),
        pd.Series([True, False] * 3),
        pd.array([True, False] * 3, dtype="boolean"),
    ],
    ids=["list", "array", "series", "nullable"],
)
def test_every_form_of_a_mask_selects_the_same_people(people, mask):
    assert people.select(mask).get("id") == [10, 12, 14]


def test_a_series_by_id_selects_by_id_in_whatever_order_it_stands(people):
    frame = people.to_frame().sort_values("score", ascending=False)
    assert people.select(frame.grade > 6).get("id") == [13, 14, 15]
    people.score = frame.score * 2
    assert people.score.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("at_most", [-1, -0.1, 1.5, 50.0, np.nan, True, False, "3", None, np.array([1, 2]), -np.inf])
def test_a_limit_that_is_no_count_and_no_share_is_refused(people, at_most):
    with pytest.raises(InputError, match="at_most.*must be a count from 0"):
        people.select(at_most=at_most)


@pytest.mark.parametrize(
    ("at_most", "found"),
    [(0, 0), (2, 2), (np.int64(2), 2), (0.5, 3), (np.float32(0.5), 3), (1.0, 6), (np.inf, 6), (10**6, 10**6)],
)
def test_a_limit_is_a_count_or_a_share(at_most, found):
    assert limit_of(at_most, 6, "select") == found


LOSSES = {
    "a share in a grade": ("grade", 3.7, r"grade = 3.7.*takes whole numbers that fit int8"),
    "one of many": ("grade", [1, 2, 3.5, 4, 5, 6], "grade = 3.5"),
    "too large": ("grade", 300, "grade = 300.*fit int8"),
    "too large by far": ("grade", np.full(N, 1000), "grade = 1000"),
    "NaN in a grade": ("grade", np.nan, "grade = nan"),
    "infinite": ("school", np.inf, "school = inf"),
    "a text": ("grade", "3", "grade = '3'"),
    "a text in a score": ("score", "3", "score = '3'.*takes numbers"),
    "nothing": ("score", None, "takes numbers"),
    "complex": ("score", 1j, "takes numbers"),
    "a share as yes": ("moved", 0.3, "moved = 0.3.*true or false"),
    "two as yes": ("moved", 2, "moved = 2.*true or false"),
    "a mask as grades": ("grade", np.full(N, True), "grade = True.*mask.astype"),
    "a mask as scores": ("score", [True] * N, "score = True.*mask.astype"),
    "a masked array": ("score", np.ma.array(np.ones(N), mask=[True] + [False] * (N - 1)), "score: .*masked array"),
    "the wrong number": ("grade", [1, 2], "one value, or one for each person"),
}


@pytest.mark.parametrize("case", LOSSES)
def test_a_value_that_a_column_would_change_is_refused_and_nothing_is_written(people, case):
    name, value, message = LOSSES[case]
    before = people.columns[name].copy()
    for act in (setattr, lambda p, n, v: p.set(n, v), lambda p, n, v: p.select().set(n, v)):
        with pytest.raises(InputError, match=message):
            act(people, name, value)
    assert (people.columns[name] == before).all()


def test_a_view_and_an_addition_cut_nothing_either(people):
    with pytest.raises(InputError, match=r"grade = 3.7"):
        people[10].grade = 3.7
    with pytest.raises(InputError, match=r"grade = 3.7"):
        people.add(id=[20], grade=[3.7])
    assert people[10].grade == 1 and len(people) == N


@pytest.mark.parametrize("value", [3, 3.0, np.float64(3), np.int64(3), [3] * N, np.array(3)])
def test_a_value_that_fits_is_written_whatever_its_type(people, value):
    people.grade = value
    assert (people.grade == int(np.max(value))).all() and people.grade.dtype == np.int8


def test_fitting_lets_floats_be_rounded_to_the_precision_of_their_column():
    assert fitting("score", 0.1, np.dtype(np.float32)) == 0.1
    assert fitting("moved", 1, np.dtype(np.bool_)) == 1


NO_PERSON = {
    "a column": ("score", KeyError, "people are found by id, columns as attributes .people.score"),
    "a misspelt column": ("scroe", KeyError, "did you mean score"),
    "a number as text": ("10", KeyError, "is not an id"),
    "a float": (10.0, TypeError, "is not one id"),
    "a float between": (10.7, TypeError, "is not one id"),
    "yes": (True, TypeError, "is not one id"),
    "several": ([10, 11], TypeError, "for several people use select"),
    "a mask": (np.ones(N, bool), TypeError, "use select"),
    "a slice": (slice(0, 2), TypeError, "to_frame"),
    "nobody": (None, TypeError, "is not one id"),
}


@pytest.mark.parametrize("case", NO_PERSON)
def test_what_is_not_one_id_finds_nobody(people, case):
    key, error, message = NO_PERSON[case]
    with pytest.raises(error, match=message):
        people[key]
    assert not isinstance(key, (str, float, bool)) or key not in people


@pytest.mark.parametrize("ids", [[10.0], [10.7], ["10"], [True], np.ones(N, bool), [None]])
def test_rows_are_found_by_whole_numbers_only(people, ids):
    with pytest.raises(TypeError, match="ids are whole numbers"):
        people.rows(ids)


def test_a_place_of_a_selection_is_a_whole_number_or_a_slice(people):
    chosen = people.select(people.grade > 6)
    assert chosen[0].id == 13 and chosen[-1].id == 15 and [p.id for p in chosen[1:]] == [14, 15]
    for place in ([True, False, True], "score", 1.0, True, np.array([1])):
        with pytest.raises(TypeError, match="is not a place"):
            chosen[place]
    with pytest.raises(IndexError, match="there is no place 3: 3 people are selected"):
        chosen[3]


WRONG = {
    "agg by word": (lambda s: s.agg("score", "mean"), TypeError, "function such as np.mean"),
    "agg by words": (lambda s: s.agg("score", ["mean"]), TypeError, "function such as np.mean"),
    "agg of several": (lambda s: s.agg(["score", "grade"], np.mean), TypeError, "name of one column"),
    "agg of nothing known": (lambda s: s.agg("scroe", np.mean), AttributeError, "did you mean score"),
    "agg of an attribute that is no column": (lambda s: s.agg("columns", len), AttributeError, "no column columns"),
    "groupby a function": (lambda s: s.groupby(lambda p: p.school), TypeError, "name of one column"),
    "groupby several": (lambda s: s.groupby(["school", "grade"]), TypeError, "to_frame"),
    "groupby misspelt": (lambda s: s.groupby("shool"), AttributeError, "did you mean school"),
    "get a place": (lambda s: s.get(3), TypeError, "list of names"),
    "get nothing": (lambda s: s.get([]), TypeError, "list of names"),
    "get misspelt among others": (lambda s: s.get(["grade", "scroe"]), AttributeError, "did you mean score"),
    "set misspelt": (lambda s: s.set("grad", 3), AttributeError, "did you mean grade"),
    "set several": (lambda s: s.set(["grade"], 3), TypeError, "name of one column"),
    "to_frame misspelt": (lambda s: s.to_frame(["scroe"]), AttributeError, "did you mean score"),
    "to_frame of nothing": (lambda s: s.to_frame([]), TypeError, "list of names"),
    "to_frame of a number": (lambda s: s.to_frame([1]), TypeError, "names of columns"),
    "do misspelt": (lambda s: s.do("prase"), AttributeError, "has no method prase"),
    "do of no method": (lambda s: s.do(3), TypeError, "neither a function"),
    "pandas' head": (lambda s: s.head(), AttributeError, "to_frame"),
    "Mesa's shuffle_do": (lambda s: s.shuffle_do("step"), AttributeError, "use do"),
    "Mesa's sort": (lambda s: s.sort("score"), AttributeError, "sort_values"),
    "a group by name": (lambda s: s.groupby("school")["score"], KeyError, "agg.column, np.mean"),
    "a group that is not there": (lambda s: s.groupby("school")[9], KeyError, r"there are \[1, 2, 3\]"),
    "a misspelt method of groups": (lambda s: s.groupby("school").map("agr", "score"), AttributeError, "no method agr"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_idiom_is_refused_with_the_remedy(people, case):
    act, error, message = WRONG[case]
    for some in (people, people.select(at_most=5)):
        with pytest.raises(error, match=message):
            act(some)


def test_a_selection_reads_and_writes_by_its_methods_alone(people):
    some = people.select(at_most=2)
    with pytest.raises(AttributeError, match=r"write set\('grade', value\)"):
        some.grade = 3
    with pytest.raises(AttributeError, match=r"write get\('grade'\)"):
        _ = some.grade


def test_one_name_is_enough_for_a_frame_and_a_property_of_the_view_is_read_too(people):
    assert list(people.to_frame("score").columns) == ["score"]
    assert people.get("stage") == [0, 0, 0, 1, 1, 1] and people.groupby("stage").count() == {0: 3, 1: 3}
    assert people.groupby("school")[2].get("id") == [12, 13]


def test_people_without_a_score_are_a_group_too(people):
    people.score = [1, 1, np.nan, np.nan, 2, np.nan]
    assert [len(group) for _, group in people.groupby("score")] == [2, 1, 3]
