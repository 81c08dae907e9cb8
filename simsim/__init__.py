"""simsim: an agent-based simulation of a school district and of the policies that change it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "District": "simsim.district",
    "School": "simsim.world.schools",
    "Student": "simsim.world.students",
    "Teacher": "simsim.world.teachers",
    "Cluster": "simsim.world.clusters",
    "Principal": "simsim.rules.principals",
    "Policy": "simsim.policy",
    "PolicySettings": "simsim.policy",
    "setting": "simsim.policy",
    "register": "simsim.policy",
    "Scenario": "simsim.scenarios.scenario",
    "Experiment": "simsim.experiments.experiment",
    "Results": "simsim.experiments.results",
    "InputError": "simsim.inputs.errors",
    "assess": "simsim.assessment.judging",
    "weighted_cv": "simsim.base.balance",
    "render": "simsim.report.render",
    "project_enrolment": "simsim.districts.projection",
    "verify": "simsim.experiments.verification",
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
