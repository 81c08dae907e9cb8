"""simsim: an agent-based simulation of a school district and of the policies that change it."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_PUBLIC = {
    "District": "simsim.district",
    "School": "simsim.schools",
    "Student": "simsim.students",
    "Teacher": "simsim.teachers",
    "Cluster": "simsim.clusters",
    "Principal": "simsim.principals",
    "Policy": "simsim.policy",
    "PolicySettings": "simsim.policy",
    "setting": "simsim.policy",
    "Scenario": "simsim.scenario",
    "Experiment": "simsim.experiment",
    "Results": "simsim.results",
    "InputError": "simsim.errors",
    "assess": "simsim.assessment",
    "weighted_cv": "simsim.balance",
    "render": "simsim.report",
    "project_enrolment": "simsim.births",
    "verify": "simsim.verification",
}
__all__ = [*_PUBLIC, "__version__"]
_SAME_NAME = ("assess",)


class _Package(ModuleType):
    """The package itself. A function that shares its module's name stays a function, whoever imports the module."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _SAME_NAME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: `import simsim` stays cheap."""
    if name == "__version__":
        from importlib.metadata import version

        return version("simsim")
    if name not in _PUBLIC:
        raise AttributeError(f"module simsim has no attribute {name}")
    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


sys.modules[__name__].__class__ = _Package
