"""Some people, and people in groups, answer as Mesa's sets of agents do."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from tests.world.pupils import SCHEMA


class Twin(mesa.Agent):
    """The same person as a real Mesa agent."""

    def __init__(self, model: mesa.Model, **values: object) -> None:
        super().__init__(model)
        vars(self).update(values)

    def praise(self, points: float = 1.0) -> None:
        """Raise the score."""
        self.score += points


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


def test_a_selection_holds_people_not_rows(people):
    chosen = people.select(people.score > 1)
    ids = chosen.get("id")
    people.keep((people.score > 1) | (people.grade > 4))
    assert chosen.get("id") == ids == people.id[chosen.rows].tolist()


def test_the_same_people_are_equal_and_a_group_is_found_by_its_key(people):
    grades = people.groupby("grade")
    first = next(iter(dict(grades)))
    assert people.select() == people.select() and hash(people.select()) == hash(people.select())
    assert people.select(at_most=0) != people.select()
    assert first in grades and "no such group" not in grades
