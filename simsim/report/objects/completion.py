"""What IPython offers inside quotes: scenarios, indicators, tables and what can be swept, where they are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from simsim.inputs.errors import InputError
from simsim.inputs.indicators import indicators
from simsim.inputs.standards import standards
from simsim.scenarios.files import names as scenarios
from simsim.scenarios.scenario import Scenario
from simsim.world.recorder import BY_UNIT, COLUMNS

if TYPE_CHECKING:  # slow to load
    from IPython.core.completer import CompletionContext, SimpleMatcherResult

CALL = re.compile(r"(\w+)\s*\(([^()]*)(['\"])([^'\"]*)$")
"""The innermost call that is open, what stands in it so far, and the word in quotes that is being written."""
FIRST_WORD = re.compile(r"['\"]([^'\"]+)['\"]")


def _scenarios(before: str) -> Iterable[str]:
    return scenarios()


def _both(before: str) -> Iterable[str]:
    return [*scenarios(), *indicators()]


def _indicators(before: str) -> Iterable[str]:
    return indicators()


def _swept(before: str) -> Iterable[str]:
    """Return the scenarios, or after the first of them what can be swept in it."""
    named = FIRST_WORD.search(before)
    if named is None:
        return scenarios()
    try:
        return Scenario.load(named.group(1)).levers()
    except InputError:
        return ()


WANTED: Mapping[str, Callable[[str], Iterable[str]]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("District", "Experiment", "load", "branch", "explore", "replications", "plot_costs"), _scenarios
        ),
        **dict.fromkeys(("paired", "plot_paired", "drivers", "costs", "gaps", "sensitivity"), _both),
        **dict.fromkeys(("plot", "bands", "effects", "values"), _indicators),
        "sweep": _swept,
        "frame": lambda before: [*COLUMNS, *BY_UNIT, "parameters", "failures"],
        "assess": lambda before: standards(),
    }
)
"""What is offered inside the quotes of a call, by the name of what is called and what stands before in the call."""


def offered(line: str) -> list[str]:
    """Return the words that fit where a line of code ends; none where it does not end inside quotes of a known call."""
    found = CALL.search(line)
    if found is None or found.group(1) not in WANTED:
        return []
    return sorted(word for word in WANTED[found.group(1)](found.group(2)) if word.startswith(found.group(4)))


def complete(context: CompletionContext) -> SimpleMatcherResult:
    """Complete for IPython (a matcher of its interface 2)."""
    from IPython.core.completer import SimpleCompletion

    line = context.text_until_cursor
    word = re.search(r"[^'\"]*$", line)
    # IPython replaces its own token, which a point or a dash may have cut.
    kept = len(word.group() if word else "") - len(context.token)
    words = [text[kept:] if kept > 0 else text for text in offered(line)]
    return {"completions": [SimpleCompletion(text, type="simsim") for text in words], "suppress": bool(words)}
