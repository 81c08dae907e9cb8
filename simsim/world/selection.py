"""Some people of a population, and people in groups, with the method names of Mesa's AgentSet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar, overload

import numpy as np
import pandas as pd

from simsim.base.arrays import AnyArray, Cell, Ints, Mask, Rows
from simsim.base.displays import Shown
from simsim.inputs.errors import shorten, suggest
from simsim.world.columns import aligned as in_order
from simsim.world.columns import limit_of, mask_over, names_in, write
from simsim.world.person import Person, V

if TYPE_CHECKING:
    from simsim.world.population import Population

T = TypeVar("T")


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

    def __eq__(self, other: object) -> bool:
        """Whether these are the same people, as with Mesa's AgentSet."""
        if not isinstance(other, Selection):
            return NotImplemented
        return self.population is other.population and np.array_equal(self.ids, other.ids)

    def __hash__(self) -> int:
        return hash((id(self.population), self.ids.tobytes()))

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

    def __contains__(self, key: object) -> bool:
        """Whether there is such a group; as in `self[key]`."""
        return key in self.groups

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
