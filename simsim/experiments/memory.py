"""What a process that lives many districts does with its memory: it looks for garbage among what is new only, and keeps
freed memory for the next year instead of giving it back.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

TRIM, MAPPED = -1, -3
"""M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3): how much free memory goes back, and what is asked of the kernel
each time, which then clears every page.
"""
KEPT = 1 << 28
"""Bytes: more than the columns of a district of a million pupils."""


@contextmanager
def for_many_runs() -> Iterator[None]:
    """Leave what is here out of every search for garbage until the end: parameters and modules, which a full search
    would walk through every other run for a twentieth of its time.
    """
    _keep_freed()
    others = gc.get_freeze_count()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not others:
            gc.unfreeze()


def _keep_freed() -> None:
    """Tell the C library to keep freed memory, where it is one that can be told."""
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    tell(MAPPED, KEPT)
    tell(TRIM, KEPT)
