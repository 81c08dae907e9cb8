"""Mesa 3.3 keeps every model for ever, in the table that numbers agents; here each model counts its own agents, as in
Mesa 3.5, and a copy of it counts on.
"""

from __future__ import annotations

from collections.abc import Iterator

import mesa

COUNTER = "agent_id_counter"
"""The attribute that Mesa 3.5 has too."""


class Counters:
    """The next agent's number by model, kept with the model."""

    def __getitem__(self, model: object) -> Iterator[int]:
        number = vars(model).get(COUNTER, 1)
        vars(model)[COUNTER] = number + 1
        return iter((number,))


def let_models_go() -> None:
    """Replace Mesa's table where there is one (3.3); without it a process keeps the people of every district that it
    ever ran, and a copied district gives new agents numbers that are taken.
    """
    if "_ids" in vars(mesa.Agent) and not isinstance(mesa.Agent._ids, Counters):
        mesa.Agent._ids = Counters()
