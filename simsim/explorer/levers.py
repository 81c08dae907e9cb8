"""Levers: what a reader of the explorer may move, built from the settings that policies declare of themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from math import floor, log10
from types import NoneType
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from simsim.inputs import parameters
from simsim.inputs.indicators import Grade, grade_of
from simsim.policy import Policy, PolicySettings, extras, find, needed
from simsim.report.words import Words

NUMBER, WHOLE, SWITCH, CHOICE = "number", "whole", "switch", "choice"
SMALL = 100.0
"""A range no wider than this is shown whole; of a wider one, so many times the value."""
TIMES = 4.0
STEPS = 50
FINEST = 1000
"""A range is cut into some fifty steps, or more where a scenario's own value needs it, never into more than this."""
ROUND = (1, 2, 5)
CLOSE = 1e-9
KINDS = ((float, NUMBER), (int, WHOLE), (bool, SWITCH))
NO_LEVER = {
    "new_schools": {"school", "x_km", "y_km", "mode", "kind"},
    "whole_person_evaluation": {"pioneer"},
    "merge_schools": {"receiving"},
    "principal_terms": {"counted_from"},
}
"""Settings that are keys, places or dates, not doses: the panel of a new school has its own."""


@dataclass(frozen=True)
class Lever:
    """One setting of one instance: its kind, its unit and range, its value, and the grade of what stands behind it.

    `value` is what the scenario says, or else what it would be; `drawn` tells that every world draws its own. Numbers
    have `low`, `high` and `step`, choices their `choices`.
    """

    policy: str
    field: str
    kind: str
    unit: str
    value: float | bool | str
    grade: Grade
    source: str
    drawn: bool = False
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    choices: tuple[str, ...] = ()

    def label(self, say: Words) -> str:
        """Return what the lever is called."""
        return say.setting(self.policy, self.field)

    def words(self, say: Words) -> str:
        """Return its unit, its grade of evidence, and whether worlds draw it."""
        unit = self.unit if say.lang == "en" else ""
        parts = [unit, say("explore.grade", grade=self.grade.text[say.lang])]
        return say("join").join(filter(None, [*parts, say("explore.drawn") if self.drawn else ""]))

    def choice(self, say: Words, value: str) -> str:
        """Return one of its choices in words."""
        return say.either("choice", value).replace("_", " ")


def levers_of(policy: str, settings: PolicySettings) -> list[Lever]:
    """Return the levers of an instance that can matter beside its other settings, doses first."""
    cls = find(policy)
    found = [
        lever for name, field in type(settings).model_fields.items() if (lever := _lever(cls, settings, name, field))
    ]
    doses = [name for group in cls.doses for name in group]
    return sorted(found, key=lambda lever: (lever.field not in doses, not lever.drawn and lever.kind == SWITCH))


def _lever(cls: type[Policy], settings: PolicySettings, name: str, field: FieldInfo) -> Lever | None:
    """Return the lever of one setting; None for what is no number, switch or choice, or cannot matter here."""
    kind, choices = _kind(field.annotation)
    if not kind or needed(settings, name) or name in NO_LEVER.get(cls.name, ()):
        return None
    extra, parameter = extras(settings, name), cls.behind(settings, name)
    value, known = getattr(settings, name), parameters.load()
    behind = known[parameter] if parameter else None
    drawn = value is None and behind is not None
    value = behind.value if drawn and behind is not None else value
    if value is None:
        return None
    grade, source = grade_of(behind.kind if drawn and behind else parameters.JUDGED), str(extra.get("source", ""))
    lever = Lever(cls.name, name, kind, str(extra.get("unit", "")), value, grade, source, drawn, choices=choices)
    if kind in (SWITCH, CHOICE):
        return lever
    return _with_range(lever, field, behind)


def _with_range(lever: Lever, field: FieldInfo, behind: parameters.Parameter | None) -> Lever:
    """Return a lever of a number with ends that a hand can find: the setting's limits, or some times its value."""
    least, most = _limits(field)
    value, reach = float(lever.value), abs(float(lever.value))
    if behind is not None:
        reach = max(reach, abs(behind.low or 0.0), abs(behind.high or 0.0))
    if not most - least <= SMALL:
        least, most = max(least, min(0.0, -TIMES * reach if value < 0 else 0.0)), min(most, TIMES * (reach or SMALL))
    whole = lever.kind == WHOLE
    steps = _whole_steps((most - least) / SMALL) if whole else _round_steps(most - least)
    step = next((one for one in steps if _divides(one, value - least)), steps[0])
    return replace(lever, low=least, high=max(most, value), step=step, value=int(value) if whole else value)


def _whole_steps(most: float) -> list[float]:
    """Return whole steps, the largest first."""
    return [float(step) for step in range(max(1, round(most)), 0, -1)]


def _round_steps(wide: float) -> list[float]:
    """Return steps of 1, 2 or 5 times a power of ten, from a fiftieth of a range to its finest, the largest first."""
    power = floor(log10(wide / STEPS))
    steps = [round(times * 10.0**p, 12) for p in range(power, power - 3, -1) for times in reversed(ROUND)]
    coarse = [step for step in steps if step <= wide / STEPS * (1 + CLOSE)]
    return [*takewhile(lambda step: step * FINEST >= wide * (1 - CLOSE), coarse)]


def decimals(step: float) -> int:
    """Return how many decimals the values of a slider need."""
    return max(0, -floor(log10(step) + CLOSE))


def _divides(step: float, way: float) -> bool:
    """Tell whether a slider of this step can come back to where it stands."""
    return abs(way / step - round(way / step)) < CLOSE


def _kind(annotation: object) -> tuple[str, tuple[str, ...]]:
    """Return the kind of a setting's type, and its choices; "" for what is no lever."""
    inside = [one for one in get_args(annotation) if one is not NoneType]
    if get_origin(annotation) is Literal:
        return CHOICE, tuple(map(str, inside))
    kind = inside[0] if len(inside) == 1 else annotation
    return next((name for type_, name in KINDS if kind is type_), ""), ()


def _limits(field: FieldInfo) -> tuple[float, float]:
    """Return the least and the greatest value that a setting may have."""
    return min(_bounds(field, "ge", "gt"), default=0.0), max(_bounds(field, "le", "lt"), default=float("inf"))


def _bounds(field: FieldInfo, *names: str) -> Iterator[float]:
    yield from (float(getattr(limit, name)) for limit in field.metadata for name in names if hasattr(limit, name))
