"""What tables say where their numbers rest on columns that were filled in by rule."""

from __future__ import annotations

from collections.abc import Sequence

from simsim.report.markup import Safe, joined, tag
from simsim.report.view import View, filled_words


def filled_note(view: View, names: Sequence[str]) -> Safe:
    """Return a note where the numbers of these indicators rest on columns that were filled in by rule; else nothing."""
    resting = view.resting(names)
    note = Safe(view.say.html("filled.note", columns=filled_words(view.say, resting)))
    return tag("p", note, "quiet") if resting else Safe("")


def noted(view: View, names: Sequence[str], piece: Safe) -> Safe:
    """Return a piece of a page with that note before it: who reads the numbers has read it."""
    return joined([filled_note(view, names), piece])
