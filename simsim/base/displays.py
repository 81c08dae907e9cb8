"""How objects show themselves, registered from above: who is asked to draw itself looks here and knows no figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Display: TypeAlias = Callable[..., Any]
"""What shows or draws an object: what it takes and returns hangs on the name under which it is offered."""
_loaders: dict[str, Callable[[], Display]] = {}


def offer(name: str, load: Callable[[], Display]) -> None:
    """Offer a display under a name such as `Results.plot`; `load` imports it when it is first asked for."""
    _loaders[name] = load


def display_of(name: str) -> Display:
    """Return the display of a name; LookupError when nobody offers one."""
    if name not in _loaders:
        raise LookupError(f"nobody offers {name}; `import simsim` does")
    return _loaders[name]()
