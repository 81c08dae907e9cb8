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
    "need": "simsim.experiments.need",
    "verify": "simsim.experiments.verification",
}
__all__ = [*_PUBLIC, "__version__"]

_SHOWN = ("simsim.experiments.results.Results",)
_PLOTS = ("Results.plot",)
"""What simsim/report/display.py shows and draws; that file is loaded when somebody looks."""


def _drawn(name: str) -> displays.Display:
    draw: displays.Display = import_module("simsim.report.display").PLOTS[name]
    return draw


def _html(name: str, value: object) -> str:
    return str(import_module("simsim.report.display").HTML[name](value))


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Tell IPython how objects of simsim show themselves: `import simsim` does it, or `%load_ext simsim`."""
    if shell.display_formatter is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    for name in _SHOWN:
        formatter.for_type_by_name(*name.rsplit(".", 1), partial(_html, name))


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
    return sorted({*globals(), *__all__})


for _name in _PLOTS:
    displays.offer(_name, partial(_drawn, _name))
_shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
if _shell is not None:
    load_ipython_extension(_shell)
