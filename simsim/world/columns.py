"""What may be asked of columns of people, and what may be written into them; everything else is refused here."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np
import pandas as pd

from simsim.base.arrays import AnyArray, Ints, Mask, Rows
from simsim.inputs.errors import InputError, Problem, shorten

MASK = "is not a mask: give one true or false for each person, such as students.select(students.grade > 3)"


def mask_over(given: object, ids: Ints, who: str) -> Mask:
    """Return a mask over people (n, bool); InputError for anything that is not one, or is one of other people.

    A Series that is indexed by id is brought into the order of `ids`.
    """
    if callable(given):
        remedy = "is a function; give a mask instead, such as students.select(students.grade > 3)"
        raise InputError(Problem(who, "mask", given, remedy))
    if isinstance(given, np.ma.MaskedArray):
        raise InputError(
            Problem(who, "mask", None, "is a masked array, of which some are neither; write mask.filled(False)")
        )
    mask = np.asarray(aligned(given, ids, f"{who}: mask"))
    if mask.size == 0 and mask.ndim == 1 and len(ids) == 0:
        return np.zeros(0, np.bool_)
    if mask.ndim != 1 or mask.dtype.kind != "b":
        remedy = MASK
        if mask.dtype.kind in "iu" and mask.ndim == 1:
            remedy += "; for ids write np.isin(students.id, ids)"
        raise InputError(Problem(who, "mask", given, remedy))
    if len(mask) != len(ids):
        remedy = f"is about {len(mask):,} people, but there are {len(ids):,} here; make the mask from the same people"
        raise InputError(Problem(who, "mask", None, remedy))
    return mask


def aligned(given: object, ids: Ints, what: str) -> object:
    """Return a Series that is indexed by id in the order of `ids`; one that is numbered from 0, or anything else, as
    it is.

    InputError for a Series about other people.
    """
    if not isinstance(given, pd.Series) or given.index.equals(pd.RangeIndex(len(given))):
        return given
    if given.index.equals(pd.Index(ids)):
        return given.to_numpy()
    if len(given) != len(ids) or not given.index.is_unique or not np.isin(ids, given.index).all():
        raise InputError(
            Problem(what, "", None, "is a Series about other people; index it by the ids of these, or give an array")
        )
    return given.reindex(ids).to_numpy()


def limit_of(at_most: object, here: int, who: str) -> int:
    """Return how many people at most: `at_most` is a count, or as a float a share of `here`; InputError otherwise."""
    remedy = "must be a count from 0 (10), or a share as a decimal number from 0.0 to 1.0 (0.1)"
    if isinstance(at_most, bool | np.bool_) or not isinstance(at_most, Real):
        raise InputError(Problem(who, "at_most", at_most, remedy))
    if isinstance(at_most, Integral):
        if at_most < 0:
            raise InputError(Problem(who, "at_most", at_most, remedy))
        return int(at_most)
    share = float(at_most)
    if share == np.inf:
        return here
    if not 0.0 <= share <= 1.0:
        raise InputError(Problem(who, "at_most", at_most, remedy))
    return int(here * share)


def ids_of(ids: object) -> Ints:
    """Return ids (scalar or n) as whole numbers; TypeError for anything else."""
    wanted = np.asarray(ids)
    if wanted.size == 0:
        return wanted.astype(np.int64)
    if wanted.dtype.kind not in "iu":
        raise TypeError(
            f"{shorten(ids)} is not an id, nor several: ids are whole numbers, such as students.id[0]; "
            "a mask goes to select(mask)"
        )
    return wanted.astype(np.int64)


def fitting(name: str, value: object, dtype: np.dtype[np.generic]) -> AnyArray:
    """Return a value as an array that can be written into a column of `dtype`; InputError when that would change it,
    as 3.7 in a column of whole numbers would be.
    """
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        remedy = "cannot be written: it is a masked array, of which some are nothing; write value.filled(...)"
        raise InputError(Problem("column", name, None, remedy))
    fresh = np.asarray(value)
    if fresh.dtype.kind == "b" and dtype.kind in "if" and fresh.size:
        one = bool(fresh.flat[0])
        remedy = "cannot be written: the column takes numbers; write 1 or 0, of a mask mask.astype(int)"
        raise InputError(Problem("column", name, one, remedy))
    if fresh.dtype == dtype or (dtype.kind == "f" and fresh.dtype.kind in "biuf") or fresh.size == 0:
        return fresh
    if fresh.dtype.kind in "biuf":
        lost = _as(dtype, fresh) != fresh
        if not lost.any():
            return fresh
        value = fresh[lost].flat[0].item()
    kinds = {"b": "true or false", "i": f"whole numbers that fit {dtype.name}", "f": "numbers"}
    remedy = f"cannot be written: the column takes {kinds[dtype.kind]}; round, or mend the value"
    raise InputError(Problem("column", name, value, remedy))


def _as(dtype: np.dtype[np.generic], fresh: AnyArray) -> AnyArray:
    """Return numbers as another type has them, whatever is lost."""
    if fresh.dtype.kind != "f":
        return fresh.astype(dtype)
    with np.errstate(invalid="ignore"):
        return fresh.astype(dtype)


def write(column: AnyArray, name: str, rows: int | slice | Ints | Rows, value: object) -> None:
    """Write a value, or one for each row, into a column; InputError when it does not fit, in kind or in number."""
    fresh = fitting(name, value, column.dtype)
    try:
        column[rows] = fresh
    except ValueError as error:
        if not column.flags.writeable:
            raise
        raise InputError(
            Problem("column", name, None, f"takes one value, or one for each person ({error}); mend the number")
        ) from None


class Columned:
    """A dataclass of columns: what is set after it was made is written into them, and must fit (InputError)."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        try:
            there = object.__getattribute__(self, name)
        except AttributeError:
            object.__setattr__(self, name, value)
            return
        if not isinstance(value, np.ndarray) or value.shape != there.shape:
            remedy = f"cannot stand for a column of the shape {there.shape}; write into it: {name}[...] = value"
            raise InputError(Problem(type(self).__name__, name, value, remedy))
        object.__setattr__(self, name, fitting(name, value, there.dtype).astype(there.dtype, copy=False))


def names_in(names: object, what: str) -> list[str]:
    """Return one name or several as a list; TypeError for anything else, and for none."""
    listed = [names] if isinstance(names, str) else names
    if not isinstance(listed, Sequence | np.ndarray | pd.Index | pd.Series) or not len(listed):
        raise TypeError(f"{what} takes the name of a column, or a list of names, not {shorten(names)}")
    strange = [name for name in listed if not isinstance(name, str)]
    if strange:
        raise TypeError(f"{what} takes names of columns, not {shorten(strange[0])}")
    return [str(name) for name in listed]
