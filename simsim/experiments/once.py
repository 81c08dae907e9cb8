"""What is asked of an experiment's folder again and again (by two languages, by a table and its file of numbers) is
worked out once: the tables of a folder do not change while they are open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

import pandas as pd

from simsim.experiments.table_folder import TableFolder
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem


class Tabled(Protocol):
    """Whatever has the tables of an experiment, and a manifest that tells of them: Results."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables by name."""

    @property
    def manifest(self) -> Document:
        """What was run."""


P = ParamSpec("P")
R = TypeVar("R", bound=Tabled)
T = TypeVar("T")


def once(function: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """Let a function of results keep its answers beside the tables of a folder, by its arguments; a table is handed out
    as a copy. Of results that have no folder, whose tables a user may change, and with arguments that cannot be keys it
    is worked out anew.
    """

    @wraps(function)
    def inside(results: R, /, *args: P.args, **more: P.kwargs) -> T:
        if not hasattr(results, "tables"):
            raise InputError(Problem(function.__name__, "results", results, "are none; write Results.load(folder)"))
        tables, told = results.tables, results.manifest
        key = _key(id(told), function.__module__, function.__qualname__, *args, *sorted(more.items()))
        if key is None or not isinstance(tables, TableFolder):
            return function(results, *args, **more)
        if key not in tables.answers:
            tables.answers[key] = told, function(results, *args, **more)  # kept, so that its id stays its own
        found = tables.answers[key][1]
        return cast(T, found.copy(deep=False) if isinstance(found, pd.DataFrame | pd.Series) else found)

    return inside


def _key(*parts: object) -> Hashable | None:
    """Return a key of names and arguments, lists as tuples; None where one of them cannot be a part of it, or is used
    up by whoever reads it.
    """
    if any(isinstance(part, Iterator) for part in parts):
        return None
    key = tuple(_part(part) for part in parts)
    try:
        hash(key)
    except TypeError:
        return None
    return key


def _part(part: object) -> object:
    """Return an argument with its type: 2016.0 equals 2016, and True equals 1, but they are refused."""
    return tuple(map(_part, part)) if isinstance(part, list | tuple) else (type(part), part)
