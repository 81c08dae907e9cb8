"""Row loops as machine code: compiled by Numba when the first one is called, and kept for the next process.

Numba keeps what it compiled beside the source or, where that cannot be written, in the user's own cache folder, each
file written under another name and then renamed, so that two processes may compile at once. Where nothing can be kept,
or what was kept cannot be read, it is compiled again in every process; where Numba itself does not load, `compiled`
returns None and the caller does the same with NumPy: slower, never other numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

Kernel = TypeVar("Kernel", bound=Callable[..., object])
"""A loop over rows, by what it takes and returns."""


def compiled(loop: Kernel, signature: str | list[str], teach: Callable[[], None] | None = None) -> Kernel | None:
    """Return a plain Python loop as machine code for the given types, or several lists of them (in Numba's
    notation); None without Numba.

    `teach` tells Numba first of functions that the loop calls. No reordering of floats is allowed (no fastmath).
    """
    try:
        from numba import njit

        if teach is not None:
            teach()
    except Exception:  # an import of a package with machine code of its own may fail in any way
        return None
    for kept in (True, False):
        try:
            return cast(Kernel, njit(signature, cache=kept)(loop))
        except Exception:  # no folder to keep it in, a full disk, a damaged file: try without; then do without
            continue
    return None
