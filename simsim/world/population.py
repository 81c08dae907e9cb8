"""People as columns: plain NumPy arrays of one length, sorted by id, written in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import mesa
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import AnyArray, Ints, Mask, Rows
from simsim.inputs.errors import suggest
from simsim.inputs.renamed import moved

__getattr__ = moved(__name__, {"View": "simsim.world.population:Person"})


class Person(mesa.Agent):
    """One person: a row of a Population, found again by id, never by place.

    A view is made on demand and holds no data; two views of one person are equal. It *is* a `mesa.Agent`, but the
    model does not register it, for a registered agent costs more than everything its row does in a year.
    """

    def __init__(self, population: Population[Any], person: int) -> None:
        object.__setattr__(self, "population", population)
        object.__setattr__(self, "unique_id", int(person))
        object.__setattr__(self, "model", population.model)
        object.__setattr__(self, "pos", None)

    @property
    def row(self) -> int:
        """The row where this person stands now; KeyError when the person has left."""
        return int(self.population.rows(self.unique_id))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self.population.columns:
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name}{suggest(name, self.population.columns)}"
            )
        return self.population.columns[name][self.row]

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self.population.columns or name == "id":
            raise AttributeError(f"{type(self).__name__}.{name} cannot be set{suggest(name, self.population.columns)}")
        self.population.columns[name][self.row] = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Person) and (self.population is other.population) and self.unique_id == other.unique_id

    def __hash__(self) -> int:
        return hash((id(self.population), self.unique_id))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.unique_id})"

    def remove(self) -> None:
        """Refuse (TypeError): people leave in bulk, so that every departure is counted."""
        raise TypeError(f"a {type(self).__name__} leaves through district.leave(ids, reason), which counts it")


V = TypeVar("V", bound=Person)


class Population(Generic[V]):
    """Columns of one kind of person.

    `schema` maps each column to its dtype; `id` (int64) is always there. `students.grade` is the column itself, so
    `students.grade += 1` works in place; assignment copies into the column. Rows are always in ascending id order.
    """

    columns: dict[str, AnyArray]
    view: type[V]
    model: mesa.Model | None

    def __init__(self, schema: Mapping[str, type], view: type[V], model: mesa.Model | None = None) -> None:
        columns = {"id": np.empty(0, np.int64)} | {name: np.empty(0, dtype) for name, dtype in schema.items()}
        object.__setattr__(self, "columns", {})
        object.__setattr__(self, "view", view)
        object.__setattr__(self, "model", model)
        self._replace(columns)

    def __getattr__(self, name: str) -> AnyArray:
        if name.startswith("__") or "columns" not in self.__dict__ or name not in self.columns:
            raise AttributeError(f"no column {name}{suggest(name, self.__dict__.get('columns', ()))}")
        return self.columns[name]

    def __setattr__(self, name: str, value: ArrayLike) -> None:
        if name not in self.columns:
            raise AttributeError(f"no column {name}{suggest(name, self.columns)}")
        if value is not self.columns[name]:
            self.columns[name][:] = value  # ids are read-only: this raises ValueError for them

    def __len__(self) -> int:
        return len(self.columns["id"])

    def __iter__(self) -> Iterator[V]:
        return (self.view(self, person) for person in self.id.tolist())

    def __contains__(self, person: object) -> bool:
        if isinstance(person, Person):
            return person.population is self and person.unique_id in self
        place = int(np.searchsorted(self.id, np.asarray(person)))
        return place < len(self) and bool(self.id[place] == person)

    def __getitem__(self, person: int) -> V:
        """Return the person with this id; KeyError when there is none."""
        self.rows(person)
        return self.view(self, person)

    def rows(self, ids: ArrayLike) -> Ints:
        """Return the rows of `ids` (scalar or n); KeyError names the first id that is not here."""
        wanted = np.asarray(ids, dtype=np.int64)
        rows = np.searchsorted(self.id, wanted)
        found = (
            self.id[np.minimum(rows, max(len(self) - 1, 0))] == wanted if len(self) else np.zeros(wanted.shape, bool)
        )
        if not np.all(found):
            raise KeyError(f"{int(wanted[~found].flat[0])} is not in this population; has the person left?")
        return rows

    def add(self, **values: ArrayLike) -> None:
        """Append people given by column (`id` and any others; the rest become zero) and keep the order of ids.

        Raise ValueError when an id is already here, AttributeError for an unknown column.
        """
        unknown = [name for name in values if name not in self.columns]
        if unknown:
            raise AttributeError(f"no column {unknown[0]}{suggest(unknown[0], self.columns)}")
        new = np.atleast_1d(np.asarray(values["id"], dtype=np.int64))
        ids = np.concatenate((self.id, new))
        last = (self.id[-1:], new) if len(new) else ()
        in_order = (np.diff(np.concatenate(last)) > 0).all() if last else True
        order = slice(None) if in_order else np.argsort(ids, kind="stable")
        if not in_order and (np.diff(ids[order]) == 0).any():
            raise ValueError("an id was added twice; ids are never reused")
        columns = {}
        for name, column in self.columns.items():
            fresh = np.empty(len(new), column.dtype)
            fresh[:] = values.get(name, 0)
            columns[name] = np.concatenate((column, fresh))[order]
        self._replace(columns)

    def keep(self, mask: Mask) -> None:
        """Drop everybody outside `mask` (n, bool)."""
        if not mask.all():
            self._replace({name: column[mask] for name, column in self.columns.items()})

    def _replace(self, columns: dict[str, AnyArray]) -> None:
        """Take new columns, all at once or none, and write-protect the ids, on whose order everything rests."""
        columns["id"].flags.writeable = False
        self.columns.update(columns)

    def select(self, mask: Mask | None = None, at_most: int | float = np.inf) -> Selection[V]:
        """Return the people in `mask` (all by default), at most `at_most` (a count, or as a float a share of
        everybody), in id order.
        """
        return Selection(self, self.id).select(mask, at_most)

    def agg(self, name: str, func: Callable[..., Any] | Sequence[Callable[..., Any]]) -> Any:
        """Return `func` of a column, or a list of results for several functions, as Mesa's AgentSet does."""
        return self.select().agg(name, func)

    def groupby(self, by: str) -> Groups[V]:
        """Return the people grouped by the value of a column."""
        return self.select().groupby(by)

    def get(self, names: str | Sequence[str]) -> list[Any]:
        """Return the values of one attribute, or a list of values per person for several, as Mesa's AgentSet does."""
        return self.select().get(names)

    def set(self, name: str, value: object) -> Selection[V]:
        """Set an attribute of everybody to one value."""
        return self.select().set(name, value)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Selection[V]:
        """Call a method of the view, or a function of it, for everybody: convenient and slow; rules use columns."""
        return self.select().do(method, *args, **kwargs)

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a copy as a DataFrame indexed by id."""
        return self.select().to_frame(columns)


class Selection(Generic[V]):
    """Some people of a population, held by id and strongly, with the method names of Mesa's AgentSet."""

    def __init__(self, population: Population[V], ids: Ints) -> None:
        self.population = population
        self.ids = ids

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[V]:
        return (self.population.view(self.population, person) for person in self.ids.tolist())

    def __contains__(self, person: object) -> bool:
        stranger = isinstance(person, Person) and person.population is not self.population
        return not stranger and bool(np.isin(np.asarray(getattr(person, "unique_id", person)), self.ids))

    def __getitem__(self, place: int) -> V:
        return self.population[int(self.ids[place])]

    @property
    def rows(self) -> Rows:
        """Rows of these people as the population stands now."""
        return self.population.rows(self.ids)

    def select(self, mask: Mask | None = None, at_most: int | float = np.inf) -> Selection[V]:
        """Narrow to `mask` (over this selection), then to the first `at_most` (a count, or as a float a share of this
        selection).
        """
        ids = self.ids if mask is None else self.ids[np.asarray(mask, bool)]
        limit = len(self) * at_most if isinstance(at_most, float) and at_most <= 1.0 else min(at_most, len(ids))
        return Selection(self.population, ids[: int(limit)])

    def _column(self, name: str) -> AnyArray:
        values: AnyArray = getattr(self.population, name)[self.rows]
        return values

    def agg(self, name: str, func: Callable[..., Any] | Sequence[Callable[..., Any]]) -> Any:
        """Return `func` of an attribute, or a list of results for several functions."""
        values = self._column(name)
        return func(values) if callable(func) else [f(values) for f in func]

    def groupby(self, by: str) -> Groups[V]:
        """Return these people grouped by the value of a column."""
        values = self._column(by)
        return Groups({key.item(): Selection(self.population, self.ids[values == key]) for key in np.unique(values)})

    def get(self, names: str | Sequence[str]) -> list[Any]:
        """Return the values of one attribute, or a list of values per person for several."""
        if isinstance(names, str):
            values: list[Any] = self._column(names).tolist()
            return values
        return [list(row) for row in zip(*(self._column(name).tolist() for name in names), strict=True)]

    def set(self, name: str, value: object) -> Selection[V]:
        """Set an attribute of these people to one value, and return them; AttributeError for `id`."""
        if name == "id":
            raise AttributeError("ids are never changed")
        getattr(self.population, name)[self.rows] = value
        return self

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Selection[V]:
        """Call a method of the view, or a function of it, for each of these people in id order; return them."""
        call = getattr(self.population.view, method) if isinstance(method, str) else method
        for person in self:
            call(person, *args, **kwargs)
        return self

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a copy as a DataFrame indexed by id."""
        names = [name for name in (columns or self.population.columns) if name != "id"]
        return pd.DataFrame({name: self._column(name) for name in names}, index=pd.Index(self.ids, name="id"))


class Groups(Generic[V]):
    """People grouped by a value, with the method names of Mesa's GroupBy."""

    def __init__(self, groups: dict[Any, Selection[V]]) -> None:
        self.groups = groups

    def __iter__(self) -> Iterator[tuple[Any, Selection[V]]]:
        return iter(self.groups.items())

    def __len__(self) -> int:
        return len(self.groups)

    def count(self) -> dict[Any, int]:
        """Return how many people each group has."""
        return {key: len(group) for key, group in self}

    def agg(self, name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Return `func` of an attribute in each group."""
        return {key: group.agg(name, func) for key, group in self}

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """Return what a method of each group's Selection, or a function of it, returns."""
        call = getattr(Selection, method) if isinstance(method, str) else method
        return {key: call(group, *args, **kwargs) for key, group in self}
