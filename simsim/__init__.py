"""simsim: an agent-based simulation of a school district and of the policies that change it."""

from __future__ import annotations

from importlib import import_module
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
    "register": "simsim.policy",
    "Scenario": "simsim.scenario",
    "Experiment": "simsim.experiment",
    "Results": "simsim.results",
    "InputError": "simsim.errors",
    "assess": "simsim.assessment",
    "weighted_cv": "simsim.balance",
    "render": "simsim.report",
    "project_enrolment": "simsim.projection",
    "verify": "simsim.verification",
}
__all__ = [*_PUBLIC, "__version__"]


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
