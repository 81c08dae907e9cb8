"""People as columns: plain NumPy arrays of one length, sorted by id, written in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, NoReturn, Self, TypeVar, overload

import mesa
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim.base.arrays import AnyArray, Cell, Ints, Mask, Rows
from simsim.base.displays import Shown, display_of
from simsim.base.rows import kept
from simsim.inputs.errors import shorten, suggest
from simsim.inputs.renamed import moved
from simsim.world.closed import public
from simsim.world.columns import aligned as in_order
from simsim.world.columns import fitting, ids_of, limit_of, mask_over, names_in, write

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

__getattr__ = moved(__name__, {"View": "simsim.world.population:Person"})


class Person(Shown, mesa.Agent):
    """One person: a row of a Population, found again by id, never by place.

    A view is made on demand and holds no data; two views of one person are equal. It *is* a `mesa.Agent`, but the
    model does not register it, for a registered agent costs more than everything its row does in a year.
    """

    def __init__(self, population: Population[Self], person: int) -> None:
        if not isinstance(population, Population):
            raise TypeError(f"a {type(self).__name__} is a view of a row: district.students[id], district.teachers[id]")
        object.__setattr__(self, "population", population)
        object.__setattr__(self, "unique_id", int(person))

    pos = None

    @property
    def model(self) -> mesa.Model:
        """The district where this person is."""
        return self.population.model

    @property
    def row(self) -> int:
        """The row where this person stands now; KeyError when the person has left."""
        return int(self.population.rows(self.unique_id))

    def __getattr__(self, name: str) -> Cell:
        if name.startswith("_") or name == "population":
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        if isinstance(getattr(type(self), name, None), property):
            return object.__getattribute__(self, name)  # the property's own error, not that there is none
        if name not in self.population.columns:
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name}{suggest(name, self.population.columns)}"
            )
        return self.population.columns[name][self.row]

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self.population.columns or name == "id":
            raise AttributeError(f"{type(self).__name__}.{name} cannot be set{suggest(name, self.population.columns)}")
        write(self.population.columns[name], name, self.row, value)

    def __reduce__(self) -> tuple[type[Self], tuple[Population[Self], int]]:
        """Copy and pickle by population and id, so that views in sets find their hash before their population is
        filled.
        """
        return type(self), (self.population, self.unique_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Person) and (self.population is other.population) and self.unique_id == other.unique_id

    def __hash__(self) -> int:
        return hash((id(self.population), self.unique_id))

    def __dir__(self) -> list[str]:
        return sorted({*public_names(type(self)), *self.population.columns})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.unique_id})"

    def story(self, lang: str = "en") -> str:
        """Tell in a paragraph who this is, and what happened to whom the district follows (`district.follow`)."""
        return str(display_of("story")(self, lang))

    def remove(self) -> None:
        """Refuse (TypeError): people leave in bulk, so that every departure is counted."""
        raise TypeError(f"a {type(self).__name__} leaves through district.leave(ids, reason), which counts it")


def public_names(kind: type) -> set[str]:
    """Return what a class of people offers to everybody: its own names, without those of Mesa's agents."""
    return {name for one in kind.__mro__ if one not in (mesa.Agent, object) for name in vars(one) if name[0] != "_"}


V = TypeVar("V", bound=Person)
T = TypeVar("T")


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
            columns[name] = longer if order is None else longer.take(order)
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


class Selection(Shown, Generic[V]):
    """Some people of a population, held by id and strongly, with the method names of Mesa's AgentSet."""

    __slots__ = ("ids", "population")

    def __init__(self, population: Population[V], ids: Ints) -> None:
        self.population = population
        self.ids = ids.view()
        self.ids.flags.writeable = False

    def __setattr__(self, name: str, value: object) -> None:
        if name not in self.__slots__:
            raise AttributeError(f"{name} cannot be set on some people; write set({name!r}, value)")
        try:
            object.__getattribute__(self, name)
        except AttributeError:
            object.__setattr__(self, name, value)
        else:
            raise AttributeError(f"{name} cannot be replaced; select(mask) chooses others")

    def __repr__(self) -> str:
        return f"{self.population.view.__name__}s({len(self):,} of {len(self.population):,})"

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") or name in self.__slots__:
            raise AttributeError(f"Selection has no attribute {name}")
        known = name in self.population.columns
        raise AttributeError(f"write get({name!r}) or to_frame()" if known else self.population._unknown(name))

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[V]:
        return (self.population.view(self.population, person) for person in self.ids.tolist())

    def __contains__(self, person: object) -> bool:
        if isinstance(person, Person):
            return person.population is self.population and person.unique_id in self
        if isinstance(person, bool) or not isinstance(person, int | np.integer):
            return False
        return bool(np.isin(person, self.ids))

    @overload
    def __getitem__(self, place: int) -> V: ...

    @overload
    def __getitem__(self, place: slice) -> list[V]: ...

    def __getitem__(self, place: int | slice) -> V | list[V]:
        """Return the person at a place, or a list for a slice, as Mesa's AgentSet does."""
        if isinstance(place, slice):
            return [self.population[int(person)] for person in self.ids[place]]
        if isinstance(place, bool) or not isinstance(place, int | np.integer):
            raise TypeError(f"{shorten(place)} is not a place; select(mask) narrows, get(column) and to_frame() read")
        if not -len(self) <= place < len(self):
            raise IndexError(f"there is no place {place}: {len(self):,} people are selected")
        return self.population[int(self.ids[place])]

    @property
    def rows(self) -> Rows:
        """Rows of these people as the population stands now."""
        rows: Rows = self.population.rows(self.ids)
        return rows

    def select(self, mask: Mask | None = None, at_most: int | float = np.inf) -> Selection[V]:
        """Narrow to `mask` (over this selection), then to the first `at_most` (a count, or as a float a share of this
        selection).

        InputError for what is no mask, and for a number that is neither a count nor a share.
        """
        who = f"{self.population.view.__name__}: select"
        ids = self.ids if mask is None else self.ids[mask_over(mask, self.ids, who)]
        return Selection(self.population, ids[: limit_of(at_most, len(self), who)])

    def _column(self, name: str, what: str = "this") -> AnyArray:
        """Return a column, or a property of the view, of these people."""
        if not isinstance(name, str):
            raise TypeError(f"{what} takes the name of one column, not {shorten(name)}; for more use to_frame()")
        derived = isinstance(getattr(self.population.view, name, None), property) and name not in vars(Person)
        if derived:
            return np.array([getattr(person, name) for person in self])
        column: AnyArray = self.population._column(name)[self.rows]
        return column

    @overload
    def agg(self, name: str, func: Callable[[AnyArray], T]) -> T: ...

    @overload
    def agg(self, name: str, func: Sequence[Callable[[AnyArray], T]]) -> list[T]: ...

    def agg(self, name: str, func: Callable[[AnyArray], T] | Sequence[Callable[[AnyArray], T]]) -> T | list[T]:
        """Return `func` of an attribute, or a list of results for several functions.

        TypeError for anything else than functions.
        """
        values = self._column(name, "agg")
        functions = [func] if callable(func) else func
        if not isinstance(functions, Sequence) or not functions or not all(callable(f) for f in functions):
            raise TypeError(f"agg takes a function such as np.mean, or a list of them, not {shorten(func)}")
        return func(values) if callable(func) else [f(values) for f in functions]

    def groupby(self, by: str) -> Groups[V]:
        """Return these people grouped by the value of a column. AttributeError for a name that there is not."""
        keys, group = np.unique(self._column(by, "groupby"), return_inverse=True)
        return Groups({key.item(): Selection(self.population, self.ids[group == n]) for n, key in enumerate(keys)})

    def get(self, names: str | Sequence[str]) -> list[Cell]:
        """Return the values of one attribute, or a list of values per person for several.

        AttributeError for a name that there is not.
        """
        if isinstance(names, str):
            return list(self._column(names).tolist())
        columns = [self._column(name).tolist() for name in names_in(names, "get")]
        return [list(row) for row in zip(*columns, strict=True)]

    def set(self, name: str, value: object) -> Selection[V]:
        """Set an attribute of these people to one value (or one for each), and return them.

        AttributeError for `id` and for a column that there is not, InputError for a value that does not fit.
        """
        if name == "id":
            raise AttributeError("ids are never changed")
        if not isinstance(name, str):
            raise TypeError(f"set takes the name of one column, not {shorten(name)}")
        column = self.population._column(name)
        write(column, name, self.rows, in_order(value, self.ids, f"column {name}"))
        return self

    def do(self, method: str | Callable[..., object], *args: object, **kwargs: object) -> Selection[V]:
        """Call a method of the view, or a function of it, for each of these people in id order; return them.

        AttributeError for a method that there is not.
        """
        call = _method(self.population.view, method)
        for person in self:
            call(person, *args, **kwargs)
        return self

    def to_frame(self, columns: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return a copy as a DataFrame indexed by id. AttributeError for a name that there is not."""
        wanted = list(self.population.columns) if columns is None else names_in(columns, "to_frame")
        names = [name for name in wanted if name != "id"]
        return pd.DataFrame({name: self._column(name) for name in names}, index=pd.Index(self.ids, name="id"))


def _method(kind: type, method: str | Callable[..., object]) -> Callable[..., object]:
    """Return a method of a class by name, or the function itself; AttributeError or TypeError otherwise."""
    found = getattr(kind, method, None) if isinstance(method, str) else method
    if callable(found):
        return found
    if not isinstance(method, str):
        raise TypeError(f"{shorten(method)} is neither a function nor the name of a method")
    raise AttributeError(f"{kind.__name__} has no method {method}{suggest(method, dir(kind))}; or give a function")


class Groups(Generic[V]):
    """People grouped by a value, with the method names of Mesa's GroupBy."""

    __slots__ = ("groups",)

    def __init__(self, groups: dict[object, Selection[V]]) -> None:
        self.groups = groups

    def __iter__(self) -> Iterator[tuple[object, Selection[V]]]:
        return iter(self.groups.items())

    def __len__(self) -> int:
        return len(self.groups)

    def __repr__(self) -> str:
        return f"Groups({', '.join(f'{key}: {len(group):,}' for key, group in self)})"

    def _ipython_key_completions_(self) -> list[object]:
        return list(self.groups)

    def __getitem__(self, key: object) -> Selection[V]:
        """Return the people of one group; KeyError names the groups that there are."""
        try:
            return self.groups[key]
        except (KeyError, TypeError):
            there = shorten(list(self.groups))
            raise KeyError(
                f"{shorten(key)} is not a group; there are {there}. A column of every group: agg(column, np.mean)"
            ) from None

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"groups have no {name}; use agg(column, np.mean), count(), or to_frame().groupby(...)")

    def count(self) -> dict[object, int]:
        """Return how many people each group has."""
        return {key: len(group) for key, group in self}

    def agg(self, name: str, func: Callable[[AnyArray], T]) -> dict[object, T]:
        """Return `func` of an attribute in each group."""
        return {key: group.agg(name, func) for key, group in self}

    def map(self, method: str | Callable[..., object], *args: object, **kwargs: object) -> dict[object, object]:
        """Return what a method of each group's Selection, or a function of it, returns.

        AttributeError for a method that there is not.
        """
        call = _method(Selection, method)
        return {key: call(group, *args, **kwargs) for key, group in self}
