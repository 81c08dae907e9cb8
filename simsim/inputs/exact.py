"""Models of input files (pydantic) that take every value for what it is: no number from text or yes, no yes from 1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self, TypeVar

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError, model_validator

from simsim.inputs.errors import InputError, Problem
from simsim.inputs.numbers import plain

Place = tuple[str | int, ...]
NUMBER = "must be a number without quotes, not text, yes or no"
FLAG = "must be true or false, not a number or text"


class Exact(BaseModel):
    """A model whose numbers were given as numbers, and whose true and false as true and false; NumPy scalars work."""

    @model_validator(mode="wrap")
    @classmethod
    def _exact(cls, given: object, read: ModelWrapValidatorHandler[Self]) -> Self:
        """Read what is given; refuse what was read as something else."""
        given = plain(given)
        model = read(given)
        wrong = [
            {"type": "value_error", "loc": place, "input": value, "ctx": {"error": ValueError(remedy)}}
            for place, value, remedy in _misread(given, model, ())
        ]
        if wrong:
            raise ValidationError.from_exception_data(cls.__name__, wrong)  # type: ignore[arg-type]
        return model


Model = TypeVar("Model", bound=BaseModel)


def checked(model: type[Model], content: object, file: str) -> Model:
    """Read the content of a file into a model; InputError names every mistake in it."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = [
            Problem(
                file,
                ".".join(map(str, e["loc"])),
                e["input"] if e["loc"] else None,
                e["msg"].removeprefix("Value error, "),
            )
            for e in error.errors()
        ]
        raise InputError(problems) from None


def _misread(given: object, read: object, place: Place) -> Iterator[tuple[Place, object, str]]:
    """Yield place, value and remedy of everything that was read as another kind of thing than was given."""
    if isinstance(read, BaseModel):
        if isinstance(given, Mapping):
            for name, info in type(read).model_fields.items():
                known = str(info.alias if info.alias in given else name)
                if known in given:
                    yield from _misread(given[known], getattr(read, name), (*place, known))
    elif isinstance(read, Mapping) and isinstance(given, Mapping):
        for key, (one, other) in enumerate(zip(given.items(), read.items(), strict=False)):
            at: str | int = str(one[0]) if isinstance(one[0], str | int) else key
            yield from _misread(one[0], other[0], (*place, at))
            yield from _misread(one[1], other[1], (*place, at))
    elif isinstance(read, list | tuple) and isinstance(given, list | tuple):
        for index, (item, kept) in enumerate(zip(given, read, strict=False)):
            yield from _misread(item, kept, (*place, index))
    elif isinstance(read, bool):
        if not isinstance(given, bool):
            yield place, given, FLAG
    elif isinstance(read, int | float) and (isinstance(given, bool) or not isinstance(given, int | float)):
        yield place, given, NUMBER
