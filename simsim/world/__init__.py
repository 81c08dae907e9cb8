"""Who and what there is: pupils and teachers as columns, schools,
parts, purse, draws, rates, the log. Knows no rule.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from threading import Thread


def _load_mesa() -> None:
    """Import Mesa, whose logger looks at every frame of the stack (inspect.stack) while it is imported; whoever needs
    it and has not got it is told where it is used.
    """
    with suppress(ImportError):
        import_module("mesa")


# A thread has a stack of its own. Deep inside other imports that look took seconds of a processor in every process.
_loader = Thread(target=_load_mesa, name="mesa")
_loader.start()
_loader.join()
