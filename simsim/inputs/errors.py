"""The two ways simsim fails: the user's mistake, and a broken promise of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

MOST_LINES = 20
"""Lines of a message about a table: what is wrong in thousands of rows is one mistake, not thousands."""
LINES = re.compile(r"\s*\n\s*")
VARYING = re.compile(r"[0-9][0-9,.]*|'[^']*'|\"[^\"]*\"|\(did you mean [^)]*\)|\(is it [^)]*\)")
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


NOTHING_YET = Problem(
    "district", "tables", None, "nothing is recorded yet; live a year first: district.step() or district.run()"
)
"""What whoever asks for the record of a district hears before its first year."""


class InputError(ValueError):
    """The user's mistake, or several at once, each told once; the command line prints it and exits with 2."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        several = [problems] if isinstance(problems, Problem) else problems
        self.problems = list({str(problem): problem for problem in several}.values())
        super().__init__("\n".join(map(str, self.problems)))

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback: the message alone, as the command line does."""
        return [f"{type(self).__name__}: {self}"]

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        return InputError, (self.problems,)


class ConservationError(RuntimeError):
    """A person appeared, vanished or was counted twice: a defect of simsim, never of its input."""


def capped(problems: Sequence[Problem], lines: int = MOST_LINES) -> list[Problem]:
    """Return at most so many problems: the first of every kind, and how many more there are of it.

    A kind is a remedy but for its numbers and what it quotes, in one file.
    """
    if len(problems) <= lines:
        return list(problems)
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.file, VARYING.sub("", problem.remedy)), []).append(problem)
    if len(kinds) == 1:
        return _first(problems, lines)
    listed = sorted(kinds.values(), key=len)[: lines // 2]
    each = max(1, lines // len(listed) - 1)
    found = [shown for kind in listed for shown in _first(kind, each)]
    rest = sum(len(kind) for kind in kinds.values()) - sum(map(len, listed))
    return [*found[: lines - 1], Problem(problems[0].file, "", None, f"and {rest:,} others")] if rest else found


def _first(kind: Sequence[Problem], each: int) -> list[Problem]:
    """Return the first problems of a kind, and a line that counts the others."""
    if len(kind) <= each + 1:
        return list(kind)
    last = kind[-1]
    return [*kind[:each], Problem(last.file, "", None, f"and {len(kind) - each:,} more of this kind")]


def shorten(value: object, limit: int = 80) -> str:
    """Show a value in at most `limit` characters and in one line, as tables and arrays do not show themselves."""
    text = LINES.sub(" ", repr(value))
    return text if len(text) <= limit else text[: limit - 3] + "..."


def suggest(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean x?)` for the known name closest to `name`, or nothing."""
    close = get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
