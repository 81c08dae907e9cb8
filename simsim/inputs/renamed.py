"""Python names and modules that moved: the old ones work, and say their new name (the deprecation path)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from warnings import warn

MODULES: Mapping[str, str] = MappingProxyType(
    {
        "balance": "simsim.base.balance",
        "codes": "simsim.base.codes",
        "ids": "simsim.base.ids",
        "inequality": "simsim.base.inequality",
        "streams": "simsim.base.streams",
        "errors": "simsim.inputs.errors",
        "indicators": "simsim.inputs.indicators",
        "parameters": "simsim.inputs.parameters",
        "standards": "simsim.inputs.standards",
        "projection": "simsim.districts.projection",
        "population": "simsim.world.population",
        "schools": "simsim.world.schools",
        "students": "simsim.world.students",
        "teachers": "simsim.world.teachers",
        "catalogue": "simsim.scenarios.catalogue",
        "instances": "simsim.scenarios.instances",
        "plan": "simsim.scenarios.plan",
        "scenario": "simsim.scenarios.scenario",
        "comparison": "simsim.experiments.comparison",
        "experiment": "simsim.experiments.experiment",
        "results": "simsim.experiments.results",
        "scoreboard": "simsim.experiments.scoreboard",
        "fit": "simsim.studies.fit",
        "hindcast": "simsim.studies.hindcast",
        "limits": "simsim.studies.limiting_cases",
        "patterns": "simsim.studies.patterns",
        "validation": "simsim.studies.validation",
    }
)
"""Modules of 0.1 as attributes of `simsim`, by their old name: `simsim.errors` is simsim.inputs.errors now."""


def moved(module: str, names: Mapping[str, str], level: int = 2) -> Callable[[str], object]:
    """Return a module's `__getattr__` (PEP 562) that serves `names` that moved, each with a DeprecationWarning.

    `names` maps an old name to the new place, `module` or `module:name`. The function raises AttributeError for every
    other name, as a module does. `level` counts the calls between the warning and whoever asks.
    """

    def served(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {module} has no attribute {name}")
        home, _, own = names[name].partition(":")
        now = names[name].replace(":", ".")
        warn(f"{module}.{name} is {now} now; use the new name", DeprecationWarning, stacklevel=level)
        return getattr(import_module(home), own) if own else import_module(home)

    return served


serve = moved("simsim", MODULES, level=4)
"""What `simsim` answers when it is asked for a name that is not public."""
