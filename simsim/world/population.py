"""People as columns: plain NumPy arrays of one length, sorted by id, written in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, overload

import mesa
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import AnyArray, Cell, Ints, Mask
from simsim.base.displays import Shown
from simsim.base.rows import kept, taken
from simsim.inputs.errors import shorten, suggest
from simsim.inputs.renamed import moved
from simsim.world.closed import public
from simsim.world.columns import aligned as in_order
from simsim.world.columns import fitting, ids_of, mask_over, write
from simsim.world.person import Person, V, public_names
from simsim.world.selection import Groups, Selection, T

ELSEWHERE = {
    "shuffle": "the order of people is of no consequence: draws are keyed, see district.uniform(stream, ids)",
    "shuffle_do": "the order of people is of no consequence: use do(...)",
    "sort": "use to_frame().sort_values(column)",
    "map": "use do(...), or compute on columns",
    "count": "use len(...), or groupby(column).count()",
    "head": "use to_frame().head()",
    "mean": "use agg(column, np.mean)",
    "plot": "use to_frame().plot()",
    "remove": "people leave through district.leave(ids, reason), which counts them",
}
"""Methods of Mesa's AgentSet and of pandas that columns do not have, and what to do instead."""

__getattr__ = moved(__name__, {"View": "simsim.world.person:Person"})


class Population(Shown, Generic[V]):
    """Columns of one kind of person.

    `schema` maps each column to its dtype; `id` (int64) is always there. `students.grade` is the column itself, so
    `students.grade += 1` works in place; assignment copies into the column. Rows are always in ascending id order.
    """

    columns: dict[str, AnyArray]
    view: type[V]
    model: mesa.Model

    def __init__(self, schema: Mapping[str, type], view: type[V], model: mesa.Model | None = None) -> None:
        columns = {"id": np.empty(0, np.int64)} | {name: np.empty(0, dtype) for name, dtype in schema.items()}
        object.__setattr__(self, "columns", {})
        object.__setattr__(self, "view", view)
        object.__setattr__(self, "model", model)
        self._replace(columns)

    def __dir__(self) -> list[str]:
        return sorted({*public_names(type(self)), *self.__dict__, *self.columns})

    def __repr__(self) -> str:
        return f"{self.view.__name__}s({len(self):,})"

    def __getattr__(self, name: str) -> AnyArray:
        columns: dict[str, AnyArray] = self.__dict__.get("columns", {})
        if name in columns:
            return columns[name]
        if name.startswith("__") or not columns:
            raise AttributeError(f"no column {name}")
        raise AttributeError(self._unknown(name))

    def _column(self, name: str) -> AnyArray:
        """Return a column by name; AttributeError, with the remedy, when there is none."""
        if name not in self.columns:
            raise AttributeError(self._unknown(name))
        return self.columns[name]

    def _unknown(self, name: str) -> str:
        remedy = ELSEWHERE.get(name) or f"there are {public(self.columns)}"
        return f"no column {name}{suggest(name, self.columns)}; {remedy}"

    def __setattr__(self, name: str, value: ArrayLike) -> None:
        if name not in self.columns:
            raise AttributeError(self._unknown(name))
        if value is not self.columns[name]:
            write(self.columns[name], name, slice(None), in_order(value, self.id, f"column {name}"))  # ids: read-only

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"column {name} cannot be deleted: rules need it")

    def __copy__(self) -> Population[V]:
        """Return the same people with columns of their own, in the same district."""
        twin: Population[V] = Population({}, self.view, self.model)
        twin._replace({name: column.copy() for name, column in self.columns.items()})
        return twin

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __iter__(self) -> Iterator[V]:
        return (self.view(self, person) for person in self.id.tolist())

    def __contains__(self, person: object) -> bool:
        if isinstance(person, Person):
            return person.population is self and person.unique_id in self
        if isinstance(person, bool) or not isinstance(person, int | np.integer):
            return False
        place = int(np.searchsorted(self.id, person))
        return place < len(self) and bool(self.id[place] == person)

    def __getitem__(self, person: int) -> V:
        """Return the person with this id; KeyError when there is none, TypeError for what is not one id."""
        if isinstance(person, str):
            what = f"people.{person}" if person in self.columns else self._unknown(person)
            raise KeyError(f"{person!r} is not an id: people are found by id, columns as attributes ({what})")
        if isinstance(person, bool) or not isinstance(person, int | np.integer):
            raise TypeError(
                f"{shorten(person)} is not one id; for several people use select(mask), for rows to_frame().iloc[...]"
            )
        self.rows(person)
        return self.view(self, person)

    def rows(self, ids: ArrayLike) -> Ints:
        """Return the rows of `ids` (scalar or n); KeyError names the first id that is not here."""
        wanted = ids_of(ids)
        rows = np.searchsorted(self.id, wanted)
        found = (
            self.id[np.minimum(rows, max(len(self) - 1, 0))] == wanted if len(self) else np.zeros(wanted.shape, bool)
        )
        if not np.all(found):
            raise KeyError(f"{int(wanted[~found].flat[0])} is not in this population; has the person left?")
        return rows

    def add(self, **values: ArrayLike) -> None:
        """Append people given by column (`id` and any others; the rest become zero) and keep the order of ids.

        Raise ValueError when an id is already here or a value does not fit, AttributeError for an unknown column.
        """
        unknown = [name for name in values if name not in self.columns]
        if unknown:
            raise AttributeError(self._unknown(unknown[0]))
        if "id" not in values:
            raise TypeError("people are added by id: add(id=..., ...); simsim.base.ids makes new ones")
        new = np.atleast_1d(ids_of(values["id"]))
        ids = np.concatenate((self.id, new))
        last = (self.id[-1:], new) if len(new) else ()
        in_order = (np.diff(np.concatenate(last)) > 0).all() if last else True
        order = None if in_order else np.argsort(ids, kind="stable")
        if order is not None and (np.diff(ids[order]) == 0).any():
            raise ValueError("an id was added twice; ids are never reused")
        columns, here = {}, len(self)
        for name, column in self.columns.items():
            longer = np.empty(len(ids), column.dtype)
            longer[:here] = column
            longer[here:] = new if name == "id" else fitting(name, values[name], column.dtype) if name in values else 0
            columns[name] = longer
        if order is not None:
            columns = dict(zip(columns, taken(columns.values(), order), strict=True))
        self._replace(columns)

    def keep(self, mask: Mask) -> None:
        """Drop everybody outside `mask` (n, bool). InputError for what is no mask."""
        mask = mask_over(mask, self.id, f"{self.view.__name__}: keep")
        if not mask.all():
            self._replace(dict(zip(self.columns, kept(self.columns.values(), mask), strict=True)))

    def _replace(self, columns: dict[str, AnyArray]) -> None:
        """Take new columns, all at once or none, and write-protect the ids, on whose order everything rests."""
        columns["id"].flags.writeable = False
        self.columns.update(columns)
        self.__dict__.update(columns)  # found there at once, without __getattr__

    def select(self, mask: Mask | None = None, at_most: int | float = np.inf) -> Selection[V]:
        """Return the people in `mask` (all by default), at most `at_most` (a count, or as a float a share of
        everybody), in id order.

        InputError for what is no mask, and for a number that is neither a count nor a share.
        """
        return Selection(self, self.id).select(mask, at_most)

    @overload
    def agg(self, name: str, func: Callable[[AnyArray], T]) -> T: ...

    @overload
    def agg(self, name: str, func: Sequence[Callable[[AnyArray], T]]) -> list[T]: ...

    def agg(self, name: str, func: Callable[[AnyArray], T] | Sequence[Callable[[AnyArray], T]]) -> T | list[T]:
        """Return `func` of a column, or a list of results for several functions, as Mesa's AgentSet does.

        TypeError for anything else than functions.
        """
        return self.select().agg(name, func)

    def groupby(self, by: str) -> Groups[V]:
        """Return the people grouped by the value of a column. AttributeError for a name that there is not."""
        return self.select().groupby(by)

    def get(self, names: str | Sequence[str]) -> list[Cell]:
        """Return the values of one attribute, or a list of values per person for several, as Mesa's AgentSet does.

        AttributeError for a name that there is not.
        """
        return self.select().get(names)

    def set(self, name: str, value: object) -> Selection[V]:
        """Set an attribute of everybody to one value.

        AttributeError for `id` and for a column that there is not, InputError for a value that does not fit.
        """
        return self.select().set(name, value)

    def do(self, method: str | Callable[..., object], *args: object, **kwargs: object) -> Selection[V]:
        """Call a method of the view, or a function of it, for everybody: convenient and slow; rules use columns.

        AttributeError for a method that there is not.
        """
        return self.select().do(method, *args, **kwargs)

    def to_frame(self, columns: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return a copy as a DataFrame indexed by id. AttributeError for a name that there is not."""
        return self.select().to_frame(columns)
