"""When the garbage collector looks: seldom while a page is made, whose figures are thousands of parts each and whose
tables are there to the end; it would walk through all of them again and again for a tenth of a page's time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_PARTS = 100_000
"""After how many new objects it looks among these: some ten figures."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let the collector leave alone what is here already, and look among what is new only now and then."""
    before, others = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(NEW_PARTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not others:
            gc.unfreeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """Put the collector off while a figure is drawn."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
