"""People as columns keep their books while they come and go."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.world.population import Population
from tests.world.pupils import SCHEMA, N, Pupil


def test_columns_are_written_in_place(people):
    grade = people.grade
    people.grade += 1
    assert people.grade is grade
    people.grade = 3
    assert people.grade is grade and (grade == 3).all()


def test_ids_are_never_changed(people):
    with pytest.raises(ValueError, match="read-only"):
        people.id += 1
    with pytest.raises(ValueError, match="read-only"):
        people.id = 5
    with pytest.raises(AttributeError, match="never changed"):
        people.set("id", 5)
    with pytest.raises(AttributeError, match="id cannot be set"):
        people[people.id[0]].id = 5


MISSPELT = (
    lambda p: p.scroe,
    lambda p: setattr(p, "scroe", 1),
    lambda p: p.add(id=[1], scroe=[2]),
    lambda p: p.get("scroe"),
)


@pytest.mark.parametrize("act", MISSPELT)
def test_a_misspelt_column_is_an_error_with_a_suggestion(people, act):
    with pytest.raises(AttributeError, match=r"no column scroe \(did you mean score\?\)"):
        act(people)


def test_an_unknown_person_is_a_key_error_that_names_the_id(people):
    absent = next(i for i in range(N + 1) if i not in people)
    for act in (people.__getitem__, people.rows, lambda i: people.rows([people.id[0], i])):
        with pytest.raises(KeyError, match=f"^'{absent} is not in this population"):
            act(absent)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda people: pickle.loads(pickle.dumps(people))])
def test_a_population_can_be_copied_and_sent_to_another_process(people, copied):
    twin = copied(people)
    twin.score += 1
    assert (twin.score == people.score + 1).all() and twin[twin.id[3]].row == 3


def test_an_empty_population_answers_too():
    nobody = Population(SCHEMA, Pupil)
    assert len(nobody) == 0 and list(nobody) == [] and 5 not in nobody and nobody.get("score") == []
    assert nobody.rows([]).size == 0 and nobody.groupby("school").count() == {} and nobody.to_frame().empty
    with pytest.raises(KeyError, match="5 is not"):
        nobody.rows(5)


BATCHES = st.lists(st.lists(st.integers(0, 60), unique=True, max_size=12), max_size=8)


@given(BATCHES, st.integers(2, 5))
def test_coming_and_going_keeps_ids_sorted_unique_and_rows_together(batches, modulus):
    people, expected = Population(SCHEMA, Pupil), {}
    for batch in batches:
        fresh = [person for person in batch if person not in expected]
        people.add(id=fresh, score=np.array(fresh) * 1.5, grade=6)
        expected |= {person: person * 1.5 for person in fresh}
        people.keep(people.id % modulus != 0)
        expected = {person: score for person, score in expected.items() if person % modulus}
        assert people.id.tolist() == sorted(expected)
        assert dict(zip(people.id.tolist(), people.score.tolist(), strict=True)) == expected
        assert {len(column) for column in people.columns.values()} == {len(expected)}
        assert (people.grade == 6).all() and not people.moved.any()
        assert people.rows(people.id[::-1]).tolist() == list(range(len(people)))[::-1]
        assert {name: column.dtype for name, column in people.columns.items()} == {"id": np.int64} | SCHEMA


@pytest.mark.parametrize("ids", [[5, 5], [20_000, 20_000]])
def test_an_id_is_never_added_twice(people, ids):
    with pytest.raises(ValueError, match="added twice"):
        people.add(id=ids)
    with pytest.raises(ValueError, match="added twice"):
        people.add(id=people.id[:1])
    assert len(people) == N


def test_a_failed_addition_leaves_everything_as_it_was(people, columns):
    with pytest.raises(ValueError):
        people.add(id=[20_000, 20_001], school=[1, 2], score=[1.0, 2.0, 3.0])
    assert {len(column) for column in people.columns.values()} == {N} and (people.id == columns["id"]).all()
