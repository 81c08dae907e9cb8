"""Mesa forgets a model that nobody needs any more."""

from __future__ import annotations

import gc
import weakref
from itertools import count

import mesa
import pytest

from simsim.world.mesa_memory import Counters, let_models_go


def test_numbers_of_agents_begin_at_one_and_rise_model_by_model():
    counters, one, other = Counters(), mesa.Model(), mesa.Model()
    assert [next(counters[one]), next(counters[one]), next(counters[other])] == [1, 2, 1]


@pytest.mark.slow
def test_a_counter_goes_with_its_model():
    counters, model = Counters(), mesa.Model()
    next(counters[model])
    seen = weakref.ref(model)
    del model
    gc.collect()
    assert seen() is None


def test_a_table_of_mesa_is_replaced_once_and_keeps_its_numbers_afterwards(monkeypatch):
    monkeypatch.setattr(mesa.Agent, "_ids", {"old": count(1)}, raising=False)
    let_models_go()
    assert isinstance(mesa.Agent._ids, Counters)
    table = mesa.Agent._ids
    let_models_go()
    assert mesa.Agent._ids is table


def test_a_mesa_without_such_a_table_gets_none(monkeypatch):
    monkeypatch.delattr(mesa.Agent, "_ids", raising=False)
    let_models_go()
    assert "_ids" not in vars(mesa.Agent)


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 3])
def test_models_with_agents_are_let_go(n):
    models = [mesa.Model() for _ in range(n)]
    for model in models:
        mesa.Agent(model)
    seen = [weakref.ref(model) for model in models]
    del models, model
    gc.collect()
    assert all(ref() is None for ref in seen)
