"""A population under any sequence of arrivals, departures and changes holds what a plain dict of people holds."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simsim.world.person import Person
from simsim.world.population import Population

SCHEMA = {"grade": np.int8, "score": np.float64, "moved": np.bool_}
IDS = st.integers(1, 60)
GRADES = st.integers(1, 9)
SCORES = st.integers(-8, 8).map(float)
VALUES = {"grade": GRADES, "score": SCORES, "moved": st.booleans()}


class Somebody(Person):
    """One of the people."""


class Books(RuleBasedStateMachine):
    """The same deeds done to a Population and to a dict of people by id."""

    @initialize()
    def found(self):
        self.people = Population(SCHEMA, Somebody, mesa.Model())
        self.known: dict[int, dict[str, float]] = {}
        self.views: dict[int, Person] = {}
        self.selected = self.people.select()

    @rule(batch=st.dictionaries(IDS, st.tuples(GRADES, SCORES, st.booleans()), max_size=6))
    def add(self, batch):
        columns = {name: [person[i] for person in batch.values()] for i, name in enumerate(SCHEMA)}
        if batch.keys() & self.known.keys():
            with pytest.raises(ValueError, match="never reused"):
                self.people.add(id=list(batch), **columns)
        else:
            self.people.add(id=list(batch), **columns)
            self.known |= {person: dict(zip(SCHEMA, values, strict=True)) for person, values in batch.items()}

    @rule(ids=st.lists(IDS, min_size=1, max_size=4, unique=True))
    def add_without_values(self, ids):
        fresh = [person for person in ids if person not in self.known]
        self.people.add(id=fresh)
        self.known |= {person: {"grade": 0, "score": 0.0, "moved": False} for person in fresh}

    @rule(gone=st.sets(IDS, max_size=12))
    def keep(self, gone):
        self.people.keep(~np.isin(self.people.id, list(gone)))
        self.known = {person: values for person, values in self.known.items() if person not in gone}

    @rule(data=st.data(), name=st.sampled_from(list(SCHEMA)))
    def set_everybody(self, data, name):
        value = data.draw(VALUES[name])
        self.people.set(name, value)
        for values in self.known.values():
            values[name] = value

    @rule(data=st.data(), name=st.sampled_from(list(SCHEMA)), grade=GRADES, at_most=st.integers(0, 5))
    def set_some(self, data, name, grade, at_most):
        value = data.draw(VALUES[name])
        mine = [person for person in sorted(self.known) if self.known[person]["grade"] <= grade][:at_most]
        selection = self.people.select(self.people.grade <= grade, at_most)
        assert selection.ids.tolist() == mine and selection.get(name) == [self.known[p][name] for p in mine]
        selection.set(name, value)
        for person in mine:
            self.known[person][name] = value

    @precondition(lambda self: self.known)
    @rule(data=st.data(), score=SCORES)
    def write_one_view(self, data, score):
        person = data.draw(st.sampled_from(sorted(self.known)))
        self.views[person] = self.people[person]
        self.views[person].score = score
        self.known[person]["score"] = score

    @rule()
    def hold_a_selection(self):
        self.selected = self.people.select()

    @rule(change=SCORES)
    def write_in_place(self, change):
        self.people.score += change
        for values in self.known.values():
            values["score"] += change

    @rule(ids=st.lists(IDS, max_size=4))
    def look_up(self, ids):
        strangers = [person for person in ids if person not in self.known]
        if strangers:
            with pytest.raises(KeyError, match=f"{strangers[0]} is not in this population"):
                self.people.rows(ids)
        else:
            assert self.people.id[self.people.rows(ids)].tolist() == ids

    @invariant()
    def every_column_is_that_of_the_known_people_in_order_of_ids(self):
        order = sorted(self.known)
        assert self.people.id.tolist() == order == [person.unique_id for person in self.people]
        for name, dtype in SCHEMA.items():
            column = self.people.columns[name]
            assert column.dtype == dtype and column.tolist() == [self.known[person][name] for person in order]

    @invariant()
    def a_view_follows_its_person_and_notices_departure(self):
        for person, view in self.views.items():
            assert (view in self.people) == (person in self.known)
            if person in self.known:
                assert view.score == self.known[person]["score"]

    @invariant()
    def a_selection_holds_people_whoever_came_or_left(self):
        here = [person for person in self.selected.ids.tolist() if person in self.known]
        if len(here) == len(self.selected):
            assert self.selected.get("grade") == [self.known[person]["grade"] for person in here]
        else:
            with pytest.raises(KeyError):
                self.selected.get("grade")


TestBooks = Books.TestCase
