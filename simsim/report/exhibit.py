"""What a report shows, figure or table: what makes it, and beside it what tells that there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

from simsim.report.view import View

Piece = TypeVar("Piece")


def always(view: View) -> str:
    """Find something to show in every view."""
    return ""


def no_others(view: View) -> str:
    """Return the words for a view without a scenario to compare with."""
    return "" if view.others else "none.others"


@dataclass(frozen=True)
class Exhibit(Generic[Piece]):
    """A figure or a table of a View; `nothing` returns the key of the words that say why there is nothing to show,
    empty when there is something; `data` returns the table of numbers behind it, where that is more than what is read
    off the piece itself.
    """

    make: Callable[..., Piece]
    nothing: Callable[[View], str] = always
    data: Callable[..., pd.DataFrame] | None = None

    def __call__(self, view: View, *args: str) -> Piece:
        """Make the piece, of one more word (an indicator) where it needs one."""
        return self.make(view, *args)
