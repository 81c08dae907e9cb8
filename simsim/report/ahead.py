"""Figures of a page drawn ahead by a copy of this process, on the second core, while this one makes the tables.

What the copy does not bring, because it failed or there was none, is drawn here: a mistake in a figure is told where
the page asks for it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from simsim.inputs.errors import InputError
from simsim.report.copies import copies
from simsim.report.figures.catalogue import FIGURES
from simsim.report.figures.told import told
from simsim.report.markup import Safe
from simsim.report.view import View

Asked = tuple[str, ...]
"""A figure as a page asks for it: its name and what goes with it."""


class Ahead:
    """Pictures on their way: each arrives as the number of a file in a folder, in the order of what was asked."""

    def __init__(self, asked: Sequence[Asked], arriving: Iterator[int], folder: Path) -> None:
        self.asked, self.arriving, self.folder = asked, arriving, folder
        self.here: dict[Asked, Safe] = {}

    def picture(self, wanted: Asked) -> Safe | None:
        """Return a picture, waiting for it; none when it does not come."""
        while wanted in self.asked and wanted not in self.here:
            number = self._next()
            if number is None:
                break
            self.here[self.asked[number]] = Safe((self.folder / str(number)).read_text("utf-8"))
        return self.here.get(wanted)

    def _next(self) -> int | None:
        """Return the number of the next picture that arrives; none after the last, or when no more will come."""
        with suppress(Exception):  # whatever stopped the copy, it stops the page too if it is the page's fault
            return next(self.arriving, None)
        return None


_allowed: ContextVar[bool] = ContextVar("allowed", default=False)
_ahead: ContextVar[Ahead | None] = ContextVar("ahead", default=None)


@contextmanager
def on_two_cores() -> Iterator[None]:
    """Let pages have their figures drawn by copies of this process meanwhile."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


@contextmanager
def drawing_ahead(view: View, asked: Sequence[Asked]) -> Iterator[None]:
    """Draw the figures that a page will ask for ahead, where that is allowed; no process is left behind."""
    if not (asked and _allowed.get()):
        yield
        return
    with suppress(InputError):  # the page tells it
        view.results.frame("district_year"), view.levels  # what nearly every figure and table asks for: worked out once
    with TemporaryDirectory() as folder, ExitStack() as meanwhile:
        with suppress(OSError):  # no room for another process
            (copy,) = meanwhile.enter_context(copies({"figures": partial(_drawn, view, asked, Path(folder))}))
            token = _ahead.set(Ahead(asked, iter(copy), Path(folder)))
            meanwhile.callback(_ahead.reset, token)
        yield


def shown(view: View, name: str, *args: str) -> Safe:
    """Return a figure with its note: as it was drawn ahead, or drawn here."""
    ahead = _ahead.get()
    found = ahead.picture((name, *args)) if ahead is not None else None
    return told(view, name, *args) if found is None else found


def asked_by(notebook: Path) -> list[Asked]:
    """Return the figures that the cells of a notebook ask for in so many words, in their order."""
    cells = [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    calls = [
        [word.value if isinstance(word, ast.Constant) else None for word in node.args]
        for cell in cells
        for node in ast.walk(ast.parse("".join(cell["source"])))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "figure"
    ]
    return [tuple(map(str, words)) for words in calls if words and None not in words]


def _drawn(view: View, asked: Sequence[Asked], folder: Path) -> Iterator[int]:
    """Draw figures as files of a folder, and yield the number of each; those that have nothing to show are left out."""
    for number, (name, *args) in enumerate(asked):
        if not FIGURES[name].nothing(view):
            (folder / str(number)).write_text(told(view, name, *args), "utf-8")
            yield number
