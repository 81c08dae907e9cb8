"""Which patterns are echoes: those whose source also feeds a parameter that acts in them, worked out from the sources
that effects.yaml and assumptions.yaml name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from simsim.inputs.parameters import Parameter


@dataclass(frozen=True)
class Sources:
    """The sources of patterns by key, with the spellings under which parameters name them, and what the parameters
    whose source is only a section of the research note rest on.
    """

    spellings: Mapping[str, tuple[str, ...]]
    note: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, parameter: Parameter) -> set[str]:
        """Return the keys of the sources that a parameter names; `pattern N` where it rests on a pattern itself."""
        found = {key for key, ways in self.spellings.items() if any(named(way, parameter.source) for way in ways)}
        return found | set(self.note.get(parameter.name, ())) | set(re.findall(r"\bpattern \d+\b", parameter.source))

    def sharing(self, wanted: Iterable[str], parameters: Iterable[Parameter]) -> list[str]:
        """Return the names of the parameters that have one of the `wanted` sources, in order."""
        keys = set(wanted)
        return [parameter.name for parameter in parameters if keys & self.of(parameter)]


def of_pattern(number: int, sources: Iterable[str]) -> set[str]:
    """Return what a pattern's parameters must not rest on: its sources and the pattern itself."""
    return {*sources, f"pattern {number}"}


def named(spelling: str, text: str) -> bool:
    """Whether a text names a source in one of its spellings, as whole words."""
    return re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", text) is not None
