"""People as columns answer as Mesa's agents do, and keep their books while they come and go."""

from __future__ import annotations

import copy
import pickle

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.world.person import Person
from simsim.world.population import Population

SCHEMA = {"school": np.int16, "grade": np.int8, "score": np.float64, "moved": np.bool_}
N = 200


class Pupil(Person):
    """A view with a method, as Student has."""

    def praise(self, points: float = 1.0) -> None:
        """Raise the score."""
        self.score = self.score + points


class Twin(mesa.Agent):
    """The same person as a real Mesa agent."""

    def __init__(self, model: mesa.Model, **values: object) -> None:
        super().__init__(model)
        vars(self).update(values)

    def praise(self, points: float = 1.0) -> None:
        """Raise the score."""
        self.score += points


@pytest.fixture
def columns():
    rng = np.random.default_rng(7)
    return {
        "id": np.sort(rng.choice(10_000, N, replace=False)),
        "school": rng.integers(1, 9, N),
        "grade": rng.integers(1, 10, N),
        "score": rng.normal(size=N),
        "moved": rng.random(N) < 0.3,
    }


@pytest.fixture
def people(columns):
    people = Population(SCHEMA, Pupil, mesa.Model())
    people.add(**columns)
    return people


@pytest.fixture
def agents(columns):
    model = mesa.Model()
    for row in zip(*(values.tolist() for values in columns.values()), strict=True):
        Twin(model, **dict(zip(columns, row, strict=True)))
    yield model.agents  # the fixture's frame holds the model: Mesa's set is weak


# The same call on a Population and on Mesa's AgentSet, and how the answer is brought to one form.
CALLS = {
    "get": lambda s: s.get("score"),
    "get several": lambda s: s.get(["grade", "score"]),
    "agg": lambda s: s.agg("score", np.mean),
    "agg several": lambda s: s.agg("score", [min, max, np.std]),
    "groupby count": lambda s: s.groupby("school").count(),
    "groupby agg": lambda s: s.groupby("grade").agg("score", np.mean),
    "groupby map": lambda s: s.groupby("grade").map(len),
    "groupby map by name": lambda s: s.groupby("grade").map("agg", "score", np.max),
    "groupby iterates": lambda s: {key: group.get("id") for key, group in s.groupby("moved")},
    "groupby length": lambda s: len(s.groupby("school")),
    "set": lambda s: s.set("grade", 4).get("grade"),
    "set part": lambda s: (s.select(at_most=50).set("score", 0.5), s.get("score"))[1],
    "do by name": lambda s: s.do("praise", points=2.0).get("score"),
    "do by function": lambda s: s.do(lambda person, n: setattr(person, "grade", n), 3).get("grade"),
    "select all": lambda s: s.select().get("id"),
    "select a count": lambda s: s.select(at_most=17).get("id"),
    "select one": lambda s: s.select(at_most=1).get("id"),
    "select more than there are": lambda s: s.select(at_most=5000).get("id"),
    "select a share": lambda s: s.select(at_most=0.333).get("id"),
    "select everybody as a share": lambda s: s.select(at_most=1.0).get("id"),
    "select nobody": lambda s: s.select(at_most=0).get("id"),
    "iterate": lambda s: [person.id for person in s],
    "length": len,
}


@pytest.mark.parametrize("name", CALLS)
def test_a_population_answers_as_mesas_agent_set(name, people, agents):
    ours, theirs = CALLS[name](people), CALLS[name](agents)
    assert type(ours) is type(theirs) or np.isscalar(ours)
    _same(ours, theirs)


def _same(ours, theirs):
    if isinstance(ours, dict):
        assert sorted(ours) == sorted(theirs)
        for key in ours:
            np.testing.assert_allclose(ours[key], theirs[key], rtol=1e-12)
    else:
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("at_most", [np.inf, 10, 0.1])
def test_a_mask_selects_whom_mesas_filter_selects(people, agents, at_most):
    ours = people.select(people.score > 0, at_most=at_most)
    theirs = agents.select(lambda agent: agent.score > 0, at_most=at_most)
    assert ours.get("id") == theirs.get("id")
    assert ours.select(np.arange(len(ours)) % 2 == 0).get("id") == theirs.get("id")[::2]


def test_a_selection_counts_places_and_a_population_names_people(people):
    assert (
        people.select(people.grade > 4)[3]
        == people[people.id[people.grade > 4][3]]
        == list(people.select(people.grade > 4))[3]
    )


def test_a_frame_holds_every_column_by_id_and_is_a_copy(people, columns):
    frame = people.to_frame()
    assert frame.index.name == "id" and frame.index.tolist() == columns["id"].tolist()
    assert list(frame.columns) == list(SCHEMA) and (frame.grade == columns["grade"]).all()
    frame["score"] = 0.0
    assert (people.score == columns["score"]).all()
    assert list(people.select(people.moved).to_frame(["score"]).columns) == ["score"]


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


def test_a_view_is_a_mesa_agent_of_its_model(people):
    view = people[people.id[4]]
    assert isinstance(view, mesa.Agent) and view.model is people.model
    assert view.unique_id == view.id == people.id[4] and view.row == 4
    assert repr(view) == f"Pupil({people.id[4]})"
    assert len(people.model.agents) == 0


def test_a_view_reads_and_writes_its_row(people):
    view = people[people.id[7]]
    view.score = 12.5
    assert people.score[7] == 12.5 == view.score
    view.praise(0.5)
    assert people.score[7] == 13.0


def test_views_of_one_person_are_equal_and_hash_alike(people, columns):
    first, again, other = people[people.id[0]], people[people.id[0]], people[people.id[1]]
    assert first == again != other and len({first, again, other}) == 2
    stranger = Population(SCHEMA, Pupil)
    stranger.add(**columns)
    assert stranger[people.id[0]] != first and first != people.id[0]


def test_membership_is_by_person_not_by_number(people, columns):
    namesakes = Population(SCHEMA, Pupil)
    namesakes.add(**columns)
    person, namesake = people[people.id[0]], namesakes[people.id[0]]
    some = people.select(at_most=10)
    assert person in people and int(people.id[0]) in people and person in some and int(people.id[0]) in some
    assert namesake not in people and namesake not in some
    assert people[people.id[11]] not in some and -1 not in people and 10_001 not in people and -1 not in some


def test_a_view_survives_moving_rows_and_notices_departure(people):
    view, score = people[people.id[150]], people.score[150]
    people.keep(np.arange(N) >= 100)
    assert view.row == 50 and view.score == score
    people.add(id=[10_500, 3 if 3 not in people else 10_501], score=[1.0, 2.0])
    assert view.score == score and people.id[view.row] == view.unique_id
    people.keep(people.id != view.unique_id)
    assert view not in people
    with pytest.raises(KeyError, match=f"{view.unique_id} is not in this population"):
        _ = view.score


def test_a_selection_holds_people_not_rows(people):
    chosen = people.select(people.score > 1)
    ids = chosen.get("id")
    people.keep((people.score > 1) | (people.grade > 4))
    assert chosen.get("id") == ids == people.id[chosen.rows].tolist()


def test_removing_a_view_is_refused_with_the_remedy(people):
    with pytest.raises(TypeError, match=r"a Pupil leaves through district.leave\(ids, reason\)"):
        people[people.id[0]].remove()


@pytest.mark.parametrize("act", [lambda v: v.scroe, lambda v: setattr(v, "scroe", 1)])
def test_a_misspelt_attribute_of_a_view_is_an_error_with_a_suggestion(people, act):
    with pytest.raises(AttributeError, match=r"Pupil.*scroe.*did you mean score\?"):
        act(people[people.id[0]])


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
