"""One person of a population: a row, found again by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

import mesa

from simsim.base.arrays import Cell
from simsim.base.displays import Shown, display_of
from simsim.inputs.errors import suggest
from simsim.world.columns import write

if TYPE_CHECKING:
    from simsim.world.population import Population


class Person(Shown, mesa.Agent):
    """One person: a row of a Population, found again by id, never by place.

    A view is made on demand and holds no data; two views of one person are equal. It *is* a `mesa.Agent`, but the
    model does not register it, for a registered agent costs more than everything its row does in a year.
    """

    def __init__(self, population: Population[Self], person: int) -> None:
        from simsim.world.population import Population  # a population makes its persons

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
