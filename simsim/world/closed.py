"""Objects and dictionaries whose names are all known: a misspelt one is refused, so that it is not without effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NoReturn, Self, TypeVar

import numpy as np

from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import real

K = TypeVar("K")
V = TypeVar("V")


def public(names: Iterable[str]) -> str:
    """Return the names that are for everybody, in one line."""
    return ", ".join(sorted(name for name in names if not name.startswith("_")))


KINDS = {
    "flag": (bool | np.bool_, "true or false"),
    "number": (int | float | np.integer | np.floating, "a number"),
    "text": (str, "text"),
}


def kind_of(value: object) -> str | None:
    """Return which of KINDS a value is, true and false apart from numbers; None for anything else."""
    cls: type = type(value)
    return _kind_of_class(cls)


@lru_cache(maxsize=256)
def _kind_of_class(cls: type) -> str | None:
    """Return which of KINDS the values of a class are, looked up once a class: schools are written all year long."""
    return next((name for name, (kinds, _) in KINDS.items() if issubclass(cls, kinds)), None)


class Closed:
    """An object that takes no new attribute once `close` was called: `school.capcity = 3` raises AttributeError.

    What a class names in its body is known too, so a subclass announces what it will set later (`mine: int = 0`). What
    was a number, a flag or a text when it closed stays one, and a text of `_words` one of its words (InputError); what
    is `_settled` is never replaced, and nothing is deleted (AttributeError). `_kinds` says what others may be, in types
    and in words (InputError). `_elsewhere` says of names that are often looked for here what is meant.
    """

    _words: ClassVar[Mapping[str, Sequence[str]]] = {}
    _settled: ClassVar[Mapping[str, str]] = {}
    _kinds: ClassVar[Mapping[str, tuple[tuple[type, ...], str]]] = {}
    _elsewhere: ClassVar[Mapping[str, str]] = {}

    def close(self) -> None:
        """Refuse from now on every attribute that is not known yet."""
        kinds = {name: kind for name, value in vars(self).items() if name[0] != "_" and (kind := kind_of(value))}
        object.__setattr__(self, "_closed", kinds)

    def __setattr__(self, name: str, value: object) -> None:
        here = self.__dict__
        if "_closed" in here and not name.startswith("_"):
            if name not in here and not self._takes(name):
                self._unknown(name)
            if name in self._settled:
                raise AttributeError(f"{type(self).__name__}.{name} cannot be replaced; {self._settled[name]}")
            kind = here["_closed"].get(name)
            if kind is not None and kind_of(value) != kind:
                raise InputError(Problem(type(self).__name__, name, value, f"must be {KINDS[kind][1]}"))
            self._refuse_kind(name, value)
        super().__setattr__(name, value)

    def _refuse_kind(self, name: str, value: object) -> None:
        """Raise InputError for a text that is none of the words of an attribute, and for what is not of its kinds."""
        if name in self._words and value not in self._words[name]:
            one_of = f"must be one of {', '.join(self._words[name])}{suggest(str(value), self._words[name])}"
            raise InputError(Problem(type(self).__name__, name, value, one_of))
        if name in self._kinds and not isinstance(value, self._kinds[name][0]):
            raise InputError(Problem(type(self).__name__, name, value, f"must be {self._kinds[name][1]}"))

    def __delattr__(self, name: str) -> None:
        if "_closed" in self.__dict__ and not name.startswith("_"):
            raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted; set it to another value")
        super().__delattr__(name)

    def _unknown(self, name: str) -> NoReturn:
        fields = [other for other in self._announced() if not callable(getattr(type(self), other, None))]
        known = [other for other in {*self.__dict__, *fields} if not other.startswith("_")]
        raise AttributeError(
            f"{type(self).__name__}.{name} cannot be set: there is no such attribute{suggest(name, known)}; "
            f"there are {public(known)}. Keep values of your own outside, or name them in a subclass"
        )

    # Any, not NoReturn: Mesa's classes have no types, and code after one of their attributes would go unchecked.
    def __getattr__(self, name: str) -> Any:
        if isinstance(getattr(type(self), name, None), property):
            return object.__getattribute__(self, name)  # the property's own error, not that there is none
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")
        known = [other for other in {*self.__dict__, *dir(type(self))} if not other.startswith("_")]
        hint = f"; {self._elsewhere[name]}" if name in self._elsewhere else suggest(name, known)
        raise AttributeError(f"{type(self).__name__} has no attribute {name}{hint}")

    def _takes(self, name: str) -> bool:
        return any(name in vars(kind) or name in vars(kind).get("__annotations__", ()) for kind in type(self).__mro__)

    def _announced(self) -> set[str]:
        kinds = type(self).__mro__
        return {name for kind in kinds for name in (*vars(kind), *vars(kind).get("__annotations__", ()))}


class Named(dict[K, V]):
    """A dictionary that says which keys it has when it is asked for another one (KeyError), and that takes no
    attributes.
    """

    __slots__ = ()
    what = "name"

    def __missing__(self, key: object) -> V:
        raise KeyError(f"{key!r} is not a {self.what} here{suggest(str(key), map(str, self))}{self.remedy()}")

    def remedy(self) -> str:
        """Return what there is, if that can be said shortly."""
        return f"; there are {', '.join(map(str, sorted(self, key=str)))}"

    def setdefault(self, key: K, default: V | None = None) -> V:
        """Return the value of a key that there is; what another one would be set to is checked as `[key] =` does."""
        if key not in self:
            self[key] = default  # type: ignore[assignment]
        return self[key]

    def update(self, *others: Mapping[K, V], **values: V) -> None:  # type: ignore[override]
        """Set several keys, each as `[key] =` does."""
        for key, value in dict(*others, **values).items():
            self[key] = value  # type: ignore[index]

    def __ior__(self, other: Mapping[K, V]) -> Self:  # type: ignore[override,misc]
        self.update(other)
        return self


class Fixed(Named[str, float]):
    """Numbers by name, with fixed names: neither another one is read, nor one is added or taken away (KeyError,
    TypeError).
    """

    __slots__ = ()

    def __setitem__(self, name: str, value: float) -> None:
        """Set what there is to a number (KeyError, TypeError)."""
        if name not in self:
            self.__missing__(name)
        if real(value) is None:
            raise TypeError(f"{name} = {value!r}: must be a number")
        super().__setitem__(name, value)

    def pop(self, *args: object) -> NoReturn:
        """Refuse to take one away (TypeError)."""
        raise TypeError(f"a {self.what} cannot be taken away; set it to another number")

    __delitem__ = popitem = clear = pop

    def __reduce__(self) -> tuple[type[Fixed], tuple[dict[str, float]]]:
        return type(self), (dict(self),)


class Values(Fixed):
    """The parameters of a year by name."""

    __slots__ = ()
    what = "parameter"

    def remedy(self) -> str:
        """Return where the names are listed; there are hundreds."""
        return "; see `simsim list parameters`"
