"""Settings of policies, and whole instances, that cannot act where they stand in a scenario: named, not refused, since
a dose of zero may be the end of a sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from simsim.districts.class_law import class_law
from simsim.districts.files import load_district
from simsim.inputs.defaults import furthest_year
from simsim.inputs.effect import Around, Vain
from simsim.inputs.parameters import load
from simsim.policy import Policy, extras, find
from simsim.scenarios.idle import IdleChange, idle_changes
from simsim.scenarios.instances import Instance
from simsim.scenarios.scenario import Scenario


def in_vain(scenario: Scenario, to: int | None = None, as_of: int | None = None) -> list[IdleChange | IdleSetting]:
    """Return all that a scenario asks for in vain in a run to `to` (without it in whatever run), as of a date."""
    first = int(load_district(scenario.district).spec["first_year"])
    changes = idle_changes(scenario) if to is None else idle_changes(scenario, first, to)
    return [*changes, *_idle_law(scenario, to, as_of), *idle_settings(scenario, first, to)]


@dataclass(frozen=True)
class IdleSetting:
    """A setting without effect, or a whole instance (no `key`), or a field of the scenario itself (no `instance`): of
    which instance and policy, its value, and why.
    """

    instance: str
    policy: str
    value: object
    vain: Vain

    @property
    def name(self) -> str:
        """Return where it stands in the scenario."""
        if not self.instance:
            return self.vain.key
        return f"policies.{self.instance}" + (f".settings.{self.vain.key}" if self.vain.key else "")

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value is not None else f" ({self.policy})"
        return f"{self.name}{value} has no effect: {self.vain}"


def _idle_law(scenario: Scenario, to: int | None, as_of: int | None) -> Iterator[IdleSetting]:
    """Yield that the law on large classes is left out in vain: there is none, or none before the end of the run."""
    if scenario.lawful or not scenario.district:
        return
    steps = class_law(load_district(scenario.district).spec, as_of).steps
    first = min((step.since for step in steps), default=None)
    if first is None:
        yield IdleSetting("", "", scenario.law, Vain("law", "lawless"))
    elif to is not None and first > to:
        yield IdleSetting("", "", scenario.law, Vain("law", "law_later", {"first": first}))


def idle_settings(scenario: Scenario, first: int, to: int | None = None) -> list[IdleSetting]:
    """Return the settings, and the whole instances, that cannot matter in a run from `first` to `to` (any year)."""
    to = furthest_year({"first_year": first}) if to is None else to
    around = _around(scenario, first, to)
    return [idle for i in scenario.instances for idle in _of_instance(scenario, i, _narrowed(around, i))]


def _of_instance(scenario: Scenario, i: Instance, around: Around) -> Iterator[IdleSetting]:
    """Yield what is in vain in one instance: nothing but the whole, where the whole is."""
    cls = find(i.policy)
    if around.first > around.to:
        found = [Vain("", "late", {"first": around.first})]
    else:
        found = [*cls.in_vain(i.settings, around), *_nothing(cls, i, scenario), *_below_zero(i, scenario)]
    whole = [vain for vain in found if not vain.key]
    for vain in whole[:1] or {vain.key: vain for vain in reversed(found)}.values():
        field = vain.key if vain.key in type(i.settings).model_fields else ""
        if not field or _given(i, field):
            yield IdleSetting(i.id, i.policy, getattr(i.settings, field) if field else None, vain)


def _around(scenario: Scenario, first: int, to: int) -> Around:
    """Return what stands around an instance that acts in every year after the first."""
    others = scenario.instances
    least = {name: p.low if p.uncertain and p.low is not None else p.value for name, p in load().items()}
    for change in scenario.changes:
        least[change.name] = change.value if change.from_year is None else min(least[change.name], change.value)
    keys = set(load_district(scenario.district).schools["key"].tolist()) if scenario.district else set()
    return Around(
        policies=frozenset(o.policy for o in others),
        builders=frozenset(name for o in others for name in (o.id, o.measure) if name is not None),
        schools=frozenset(keys | {o.settings.school for o in others if hasattr(o.settings, "school")}),
        first=first + 1,
        last=to,
        to=to,
        least=least,
        ends=False,
    )


def _narrowed(around: Around, i: Instance) -> Around:
    """Return what stands around an instance in the years in which it acts."""
    start, last = i.years
    return replace(around, first=max(start, around.first), last=min(last, around.last), ends=i.end is not None)


def _nothing(cls: type[Policy], i: Instance, scenario: Scenario) -> Iterator[Vain]:
    """Yield that an instance does nothing: a whole group of its doses is at zero, or all settings are."""
    for group in cls.doses:
        if all(_at_zero(i, field, scenario, cls.zero.get(field)) for field in group):
            yield Vain("", "zero", {"others": ", ".join(group)})
    if cls.zero and i.settings.model_dump() == cls.Settings(**cls.zero).model_dump():
        yield Vain("", "baseline")


def _below_zero(i: Instance, scenario: Scenario) -> Iterator[Vain]:
    """Yield the settings that matter only above a dose which is zero."""
    for field in type(i.settings).model_fields:
        above = extras(i.settings, field).get("only_above", ())
        value = getattr(i.settings, field)
        if above and (value or isinstance(value, bool)) and all(_at_zero(i, a, scenario) for a in above):
            yield Vain(field, "zero", {"others": ", ".join(above)})


def _at_zero(i: Instance, field: str, scenario: Scenario, zero: object = None) -> bool:
    """Whether a dose is zero, empty or what counts as `zero`: itself, or the parameter behind it in every year."""
    value = getattr(i.settings, field)
    parameter = find(i.policy).behind(i.settings, field)
    if value is not None or not parameter:
        return not value if zero is None else bool(value == zero)
    values = [change.value for change in scenario.changes if change.name == parameter]
    return (
        bool(values) and not any(values) and any(c.from_year is None for c in scenario.changes if c.name == parameter)
    )


def _given(i: Instance, field: str) -> bool:
    """Whether a setting is another one than when it is left out."""
    return bool(
        getattr(i.settings, field) != type(i.settings).model_fields[field].get_default(call_default_factory=True)
    )
