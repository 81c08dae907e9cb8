"""What policies ask of the world, looked at before it is done: rows that there are, schools and stages that there are,
numbers that are numbers. What is none of them is refused (InputError) in words that name the call and the remedy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sized

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import Ints
from simsim.base.codes import STAGES
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import real, whole
from simsim.world.parts import Parts
from simsim.world.schools import School

PEOPLE = ("students", "teachers")


def rows_of(call: str, who: str, rows: ArrayLike, here: Sized) -> Ints:
    """Return rows of pupils, teachers or parts (n) as an array; InputError for a mask, for ids, and for rows that there
    are not.
    """
    found = np.asarray(rows)
    wrong = found.ndim != 1 or (found.size > 0 and found.dtype.kind not in "iu")
    if wrong or (found.size and not (found.min() >= 0 and found.max() < len(here))):
        way = f": write np.flatnonzero(mask), or {who}.rows(ids)" if who in PEOPLE else ""
        remedy = f"are not rows of {who}, 0 to {len(here) - 1}{way}"
        raise InputError(Problem(call, "rows", rows, remedy))
    return found.astype(np.int64, copy=False)


def number(call: str, name: str, value: object, low: float = -np.inf, high: float = np.inf) -> float:
    """Return a finite number within limits; InputError for text, true and false, NaN and what is outside."""
    found = real(value)
    if found is None or not low <= found <= high:
        above = f" of at least {low:g}" if low > -np.inf else ""
        span = f" from {low:g} to {high:g}" if high < np.inf else above
        raise InputError(Problem(call, name, value, f"must be a finite number{span}"))
    return found


def count(call: str, name: str, value: object) -> int:
    """Return a whole number of at least 0 (InputError)."""
    found = whole(value)
    if found is None or found < 0:
        raise InputError(Problem(call, name, value, "must be a whole number of at least 0"))
    return found


def pair(call: str, name: str, values: object) -> tuple[object, object]:
    """Return two values; InputError for anything but two."""
    listed = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else []
    if len(listed) != 2:
        raise InputError(Problem(call, name, values, "must be two values"))
    return listed[0], listed[1]


def place(call: str, values: object) -> tuple[float, float]:
    """Return a place as two finite numbers of km (InputError)."""
    x, y = pair(call, "place", values)
    return number(call, "place", x), number(call, "place", y)


def stage_of(call: str, stage: object) -> int:
    """Return the code of a stage; InputError for another one, and for its word."""
    found = whole(stage)
    if found is None or not 0 <= found < len(STAGES):
        listed = ", ".join(f"{code} ({word})" for code, word in enumerate(STAGES))
        raise InputError(Problem(call, "stage", stage, f"must be the code of a stage: {listed}"))
    return found


def word(call: str, name: str, value: object, words: Iterable[str]) -> str:
    """Return one of some words; InputError, with a suggestion, for another."""
    known = list(words)
    if not isinstance(value, str) or value not in known:
        hint = suggest(str(value), known)
        raise InputError(Problem(call, name, value, f"must be one of {', '.join(known)}{hint}"))
    return value


def school(call: str, name: str, value: object) -> School:
    """Return a school itself; InputError for its key."""
    if not isinstance(value, School):
        raise InputError(Problem(call, name, value, "must be a school, not its key: district.schools[key]"))
    return value


def teaching(call: str, parts: Parts, stage: int, keys: ArrayLike) -> Ints:
    """Return keys of schools as an array; InputError for one that does not teach the stage."""
    found = np.asarray(keys)
    if found.size and found.dtype.kind not in "iu":
        raise InputError(Problem(call, "school", keys, "must be the key of a school"))
    for key in np.unique(found).tolist():
        if not 0 < key < parts.place.shape[1] or parts.place[stage, key] < 0:
            there = parts.key[parts.stage == stage].tolist()
            remedy = f"does not teach the stage {STAGES[stage]}; there are {', '.join(map(str, there))}"
            raise InputError(Problem(call, "school", key, remedy))
    return found.astype(np.int64, copy=False)
