"""Parameters that a scenario sets, from a school year on or always, and the claimed effects that it assumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simsim.base.calendar import acts_from
from simsim.inputs.form import Form
from simsim.inputs.numbers import real
from simsim.inputs.parameters import Parameter, hint
from simsim.inputs.parameters import load as load_parameters
from simsim.inputs.run_limits import too_late
from simsim.scenarios.files import Merged
from simsim.scenarios.home import first_year, furthest

CHANGE_KEYS = ("value", "from")


@dataclass(frozen=True)
class Change:
    """A parameter set to a value from a school year on; `from_year` None means always."""

    name: str
    value: float
    from_year: int | None = None

    def acts_from(self, first: int) -> int | None:
        """Return the school year it acts from in a district whose `first` year is given; None when it always acts."""
        return None if self.from_year is None else max(self.from_year, first + 1)


def changes_of(merged: Merged, place: str) -> list[Change]:
    """Return all changes of a chain of files that runs on a district; each that cannot be is noted."""
    last = furthest(place)
    found = [
        change
        for name, value in merged.parameters.items()
        for change in _of_one(merged.form("parameters", name), name, value, last)
    ]
    _check_dates(merged, found, place)
    return found


def _of_one(form: Form, name: str, value: object, last: int) -> Iterator[Change]:
    """Yield the changes of one parameter: a value, {value, from}, or a list of them; `last` is the last year of any
    run.
    """
    parameters, key = load_parameters(), f"parameters.{name}"
    if remedy := _unsettable(name, parameters):
        form.wrong(key, value, remedy)
        return
    if isinstance(value, list) and not value:
        form.wrong(key, value, "is empty; write a number, or leave the parameter out")
    for entry in value if isinstance(value, list) else [value]:
        dated = (
            form.mapping(entry, key, CHANGE_KEYS, "a field of a change")
            if isinstance(entry, Mapping)
            else {"value": entry}
        )
        given, since = dated.get("value"), dated.get("from")
        start = None if since is None else form.date(since, f"{key}.from")
        p, number = parameters[name], real(given)
        if p.rule:
            form.wrong(key, given, f"is a rule in words ({p.rule}), not a number that a scenario can set")
        elif number is None:
            form.wrong(key, given, "must be a number, or {value: number, from: year}")
        elif not p.least <= number <= p.most:
            form.wrong(key, given, f"lies outside the limits {p.least:g} to {p.most:g} ({p.unit})")
        elif start is not None and acts_from(start) > last:
            form.wrong(f"{key}.from", since, f"would act from September {acts_from(start)}; {too_late(last)}")
        elif start is not None or since is None:
            yield Change(name, number, None if start is None else acts_from(start))


def _unsettable(name: str, parameters: Mapping[str, Parameter]) -> str:
    """Return why no scenario can set what goes by this name, with what to do; nothing where one can."""
    if name not in parameters:
        return f"is not a parameter{hint(name, parameters)}; see `simsim list parameters`"
    if parameters[name].role == "evidence":
        return "is evidence that no rule reads, so setting it would do nothing; remove it"
    if parameters[name].read_by:
        return f"is read by {parameters[name].read_by} only, and by no simulated year; remove it"
    return ""


def _check_dates(merged: Merged, changes: list[Change], place: str) -> None:
    """Note parameters that are given twice for one school year, of which only the last would act."""
    first = first_year(place) if any(c.from_year is not None for c in changes) else 0
    seen: dict[tuple[str, int | None], Change] = {}
    for change in changes:
        since = change.acts_from(first)
        before = seen.setdefault((change.name, since), change)
        if before is not change:
            when = "for all years" if since is None else f"for the school year {since}"
            early = (
                "; a change dated in or before the first year acts from the next September"
                if since == first + 1
                else ""
            )
            remedy = f"is given twice {when} ({before.value:g} and {change.value:g}){early}; keep one"
            merged.form("parameters", change.name).wrong(f"parameters.{change.name}", change.value, remedy)


def assumed(merged: Merged, changes: list[Change]) -> tuple[str, ...]:
    """Return the claimed effects that a chain assumes, sorted; each other name, and one set for all years, is noted."""
    form, known = merged.form("assume"), load_parameters()
    names = merged.value("assume")
    assumed = form.names([] if names is None else names, "assume")
    always = {c.name for c in changes if c.from_year is None}
    for name in assumed:
        if name not in known:
            form.wrong(
                "assume", name, f"is not a parameter{hint(name, known)}; docs/assumptions.md lists what may stand here"
            )
        elif not known[name].claimed:
            drawn = (
                "is drawn in every replication as it is"
                if known[name].uncertain
                else f"is not drawn ({known[name].role})"
            )
            form.wrong(
                "assume", name, f"{drawn}; only a judged effect that is otherwise 0 can be assumed; leave it out"
            )
        elif name in always:
            form.wrong("assume", name, "is set by `parameters` for all years, so it is not drawn; keep one of them")
    return tuple(sorted(set(assumed)))
