"""How objects show themselves, registered from above: who is asked to draw itself looks here and knows no figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

Display: TypeAlias = Callable[..., Any]
"""What shows or draws an object: what it takes and returns hangs on the name under which it is offered."""
HTML, TEXT = "html", "text"
"""The names under which the pages and the lines of all objects are offered."""
_loaders: dict[str, Callable[[], Display]] = {}
_spoken = ["en"]


def offer(name: str, load: Callable[[], Display]) -> None:
    """Offer a display under a name such as `Results.plot`; `load` imports it when it is first asked for."""
    _loaders[name] = load


def display_of(name: str) -> Display:
    """Return the display of a name; LookupError when nobody offers one."""
    if name not in _loaders:
        raise LookupError(f"nobody offers {name}; `import simsim` does")
    return _loaders[name]()


def language() -> str:
    """Return the language in which objects show themselves: English, until somebody asks for another."""
    return _spoken[0]


def show_in(lang: str) -> None:
    """Let objects show themselves in a language from now on; whoever offers displays has checked that there is one."""
    _spoken[0] = lang


class Printer(Protocol):
    """What IPython hands to an object that prints itself; `stack` holds what is being printed, the outermost first."""

    stack: list[int]

    def text(self, text: str) -> None:
        """Print a text."""


class Shown:
    """An object that shows itself: as a page in a notebook, in a few lines where IPython has only text, and by its
    `repr` everywhere else, also inside of lists.
    """

    __slots__ = ()

    def __init_subclass__(cls, **more: object) -> None:
        """Print every subclass by its card: IPython would take a `repr` that stands nearer."""
        super().__init_subclass__(**more)
        cls._repr_pretty_ = Shown._repr_pretty_  # type: ignore[method-assign]

    def _repr_html_(self) -> str:
        return str(display_of(HTML)(self))

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:
        inside = cycle or len(printer.stack) > 1
        printer.text(repr(self) if inside else str(display_of(TEXT)(self)))
