"""Mesa 3.3 keeps every model for ever, in the table that numbers agents; here that table holds models weakly."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import mesa


class Counters(WeakKeyDictionary[Any, Iterator[int]]):
    """The next agent's number by model, forgotten with the model."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        if model not in self:
            self[model] = count(1)
        return super().__getitem__(model)


def let_models_go() -> None:
    """Replace Mesa's table where there is one (3.3); without it a process keeps the
    people of every district that it ever ran.
    """
    if "_ids" in vars(mesa.Agent) and not isinstance(mesa.Agent._ids, Counters):
        mesa.Agent._ids = Counters()
