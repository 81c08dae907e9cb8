"""One person is a Mesa agent that is found by id, wherever its row stands, and until it leaves."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from simsim.world.population import Population
from tests.world.pupils import SCHEMA, N, Pupil


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


def test_removing_a_view_is_refused_with_the_remedy(people):
    with pytest.raises(TypeError, match=r"a Pupil leaves through district.leave\(ids, reason\)"):
        people[people.id[0]].remove()


@pytest.mark.parametrize("act", [lambda v: v.scroe, lambda v: setattr(v, "scroe", 1)])
def test_a_misspelt_attribute_of_a_view_is_an_error_with_a_suggestion(people, act):
    with pytest.raises(AttributeError, match=r"Pupil.*scroe.*did you mean score\?"):
        act(people[people.id[0]])
