"""Objects and dictionaries whose names are all known: a misspelt one is refused, so that it is not without effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from simsim.inputs.errors import suggest
from simsim.inputs.numbers import real

K = TypeVar("K")
V = TypeVar("V")


def public(names: Iterable[str]) -> str:
    """Return the names that are for everybody, in one line."""
    return ", ".join(sorted(name for name in names if not name.startswith("_")))


class Closed:
    """An object that takes no new attribute once `close` was called: `school.capcity = 3` raises AttributeError.

    What a class names in its body is known too, so a subclass announces what it will set later (`mine: int = 0`).
    """

    def close(self) -> None:
        """Refuse from now on every attribute that is not known yet."""
        object.__setattr__(self, "_closed", True)

    def __setattr__(self, name: str, value: object) -> None:
        here = self.__dict__
        if name not in here and "_closed" in here and not name.startswith("_") and not self._takes(name):
            fields = [other for other in self._announced() if not callable(getattr(type(self), other, None))]
            known = [other for other in {*self.__dict__, *fields} if not other.startswith("_")]
            raise AttributeError(
                f"{type(self).__name__}.{name} cannot be set: there is no such attribute{suggest(name, known)}; "
                f"there are {public(known)}. Keep values of your own outside, or name them in a subclass"
            )
        super().__setattr__(name, value)

    # Any, not NoReturn: Mesa's classes have no types, and code after one of their attributes would go unchecked.
    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        raise AttributeError(
            f"{type(self).__name__} has no attribute {name}{suggest(name, {*self.__dict__, *dir(type(self))})}"
        )

    def _takes(self, name: str) -> bool:
        return any(name in vars(kind) or name in vars(kind).get("__annotations__", ()) for kind in type(self).__mro__)

    def _announced(self) -> set[str]:
        kinds = type(self).__mro__
        return {name for kind in kinds for name in (*vars(kind), *vars(kind).get("__annotations__", ()))}


class Named(dict[K, V]):
    """A dictionary that says which keys it has when it is asked for another one (KeyError)."""

    what = "name"

    def __missing__(self, key: object) -> V:
        raise KeyError(f"{key!r} is not a {self.what} here{suggest(str(key), map(str, self))}{self.remedy()}")

    def remedy(self) -> str:
        """Return what there is, if that can be said shortly."""
        return f"; there are {', '.join(map(str, sorted(self, key=str)))}"


class Fixed(Named[str, V]):
    """A dictionary with fixed keys: neither another one is read, nor one is added (KeyError)."""

    def __setitem__(self, key: str, value: V) -> None:
        if key not in self:
            self.__missing__(key)
        super().__setitem__(key, value)

    def update(self, *others: Mapping[str, V], **values: V) -> None:  # type: ignore[override]
        """Set several known keys."""
        for key, value in dict(*others, **values).items():
            self[key] = value

    def __reduce__(self) -> tuple[type[Fixed[V]], tuple[dict[str, V]]]:
        return type(self), (dict(self),)


class Values(Named[str, float]):
    """The parameters of a year by name."""

    what = "parameter"

    def __setitem__(self, name: str, value: float) -> None:
        """Set a parameter that there is, to a number (KeyError, TypeError)."""
        if name not in self:
            self.__missing__(name)
        if real(value) is None:
            raise TypeError(f"{name} = {value!r}: must be a number")
        super().__setitem__(name, value)

    def __reduce__(self) -> tuple[type[Values], tuple[dict[str, float]]]:
        return type(self), (dict(self),)

    def remedy(self) -> str:
        """Return where the names are listed; there are hundreds."""
        return "; see `simsim list parameters`"
