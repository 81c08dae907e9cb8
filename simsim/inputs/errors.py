"""The two ways simsim fails: the user's mistake, and a broken promise of our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

PARAMETERS: dict[str, str] = {
    "target_migrant_gap": "was the aim of a fit that is gone: m0_migrant_entry_gap is drawn now",
    "accept.novice": "acted on nobody who may rotate; accept.year, a slope per year of teaching, took its place",
}
"""Parameters of earlier versions by their old name, and what became of each."""
POLICIES: dict[str, str] = {}


@dataclass(frozen=True)
class Problem:
    """One mistake in an input: where it stands, what was found there, and what to do about it."""

    file: str
    key: str
    value: object
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        found = "" if self.value is None else f" = {shorten(self.value)}"
        return f"{place}{found}: {self.remedy}"


class InputError(ValueError):
    """The user's mistake, or several at once; the command line prints it and exits with 2."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        return InputError, (self.problems,)


class ConservationError(RuntimeError):
    """A person appeared, vanished or was counted twice: a defect of simsim, never of its input."""


def shorten(value: object, limit: int = 80) -> str:
    """Show a value in at most `limit` characters."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def suggest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean x?)` for the known name closest to `name`, or nothing."""
    close = get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
