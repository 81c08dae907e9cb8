"""simsim: an agent-based simulation of a school district and of the policies that change it."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any
from warnings import filterwarnings

from simsim.base import displays

if TYPE_CHECKING:  # slow to load
    from IPython.core.interactiveshell import InteractiveShell

# Mesa imports tqdm, which tells every notebook without ipywidgets of a bar that simsim never shows.
filterwarnings("ignore", message="IProgress not found")

_PUBLIC = {
    "District": "simsim.district",
    "School": "simsim.world.schools",
    "Student": "simsim.world.students",
    "Teacher": "simsim.world.teachers",
    "Cluster": "simsim.world.schools",
    "Principal": "simsim.world.schools",
    "Policy": "simsim.policy",
    "PolicySettings": "simsim.policy",
    "setting": "simsim.policy",
    "register": "simsim.policy",
    "check_policy": "simsim.studies.contract",
    "Scenario": "simsim.scenarios.scenario",
    "Experiment": "simsim.experiments.experiment",
    "Results": "simsim.experiments.results",
    "InputError": "simsim.inputs.errors",
    "assess": "simsim.assessment.judging",
    "weighted_cv": "simsim.base.balance",
    "render": "simsim.report.render",
    "project_enrolment": "simsim.districts.projection",
    "decision": "simsim.experiments.decision",
    "sensitivity": "simsim.experiments.sensitivity",
    "explore": "simsim.explorer.open",
    "need": "simsim.experiments.need",
    "verify": "simsim.experiments.verification",
    "sweep": "simsim.experiments.sweep",
    "show_in": "simsim.report.objects.catalogue",
}
__all__ = [*_PUBLIC, "__version__"]

_DISPLAYS = {
    "html": "simsim.report.objects.catalogue:html",
    "text": "simsim.report.objects.catalogue:text",
    "story": "simsim.report.objects.stories:of_person",
    "District.story": "simsim.report.objects.stories:story",
    "District.plot_map": "simsim.report.display:district_map",
    "Results.plot": "simsim.report.display:plot",
    "Results.plot_paired": "simsim.report.display:plot_paired",
    "Results.plot_map": "simsim.report.display:plot_map",
    "Results.plot_flows": "simsim.report.display:plot_flows",
    "Results.plot_costs": "simsim.report.display:plot_costs",
}
"""What shows and draws objects, `module:name` by what it is offered as; a module is loaded when somebody looks."""


def _loaded(place: str) -> displays.Display:
    module, _, name = place.partition(":")
    display: displays.Display = getattr(import_module(module), name)
    return display


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Let IPython complete names inside quotes: `import simsim` does it, or `%load_ext simsim`."""
    if shell.Completer is not None and _complete not in shell.Completer.custom_matchers:
        shell.Completer.custom_matchers.append(_complete)


def _complete(context: object) -> object:
    return import_module("simsim.report.objects.completion").complete(context)


_complete.matcher_api_version = 2  # type: ignore[attr-defined]
_complete.matcher_identifier = "simsim"  # type: ignore[attr-defined]


def __getattr__(name: str) -> Any:  # a class, a function or a module: which one hangs on the name
    """Import a public name when it is first asked for: `import simsim` stays cheap."""
    if name == "__version__":
        from importlib.metadata import version

        return version("simsim")
    if name not in _PUBLIC:
        return _renamed(name)
    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def _renamed(name: str) -> object:
    """Return what a name of old means; AttributeError, with a suggestion, for one that never was."""
    try:
        return import_module("simsim.inputs.renamed").serve(name)
    except AttributeError as error:
        close = "" if name.startswith("_") else import_module("simsim.inputs.errors").suggest(name, __all__)
        raise AttributeError(f"{error}{close}") from None


def __dir__() -> list[str]:
    return sorted(__all__)


for _name, _place in _DISPLAYS.items():
    displays.offer(_name, partial(_loaded, _place))
_shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
if _shell is not None:
    load_ipython_extension(_shell)
