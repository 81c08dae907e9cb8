"""Parameters that a scenario sets in vain: dated after the run, or read by no policy that the scenario has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simsim.districts.files import load_district
from simsim.inputs.parameters import load
from simsim.policy import find
from simsim.scenarios.changes import Change
from simsim.scenarios.scenario import Scenario

AFTER, NO_POLICY, REPLACED, SAME, USUAL = "after", "no_policy", "replaced", "same", "usual"


@dataclass(frozen=True)
class IdleChange:
    """A change without effect: which, and why (`after` the run, `no_policy` that reads it, `replaced` by settings, the
    `same` value as before, or the `usual` one); `assumed` where it is an effect that the scenario assumes.
    """

    change: Change
    why: str
    policies: tuple[str, ...] = ()
    assumed: bool = False

    def __str__(self) -> str:
        policies = ", ".join(self.policies)
        why = {
            AFTER: "dated after the last year of the run",
            NO_POLICY: f"only {policies} reads it, which this scenario does not have",
            REPLACED: f"the settings of {policies} replace it or keep it from mattering",
            SAME: "it is the value that the scenario sets before",
            USUAL: "it is the value that the district has without it",
        }[self.why]
        if self.assumed:
            return f"to assume {self.change.name} has no effect: {why}"
        since = "" if self.change.from_year is None else f" from {self.change.from_year}"
        return f"{self.change.name} = {self.change.value:g}{since} has no effect: {why}"


def idle_changes(scenario: Scenario, first: int | None = None, to: int | None = None) -> list[IdleChange]:
    """Return the changes that cannot matter in a run from `first` to `to`; without these years whatever the run is."""
    return list(_idle(scenario, first, to))


def _idle(scenario: Scenario, first: int | None, to: int | None) -> Iterator[IdleChange]:
    """Yield each change that cannot matter, with the first reason found."""
    known, before, usual = load(), dict[str, float](), _usual(scenario)
    p = {name: parameter.value for name, parameter in known.items()} | {c.name: c.value for c in scenario.changes}
    for change in scenario.changes:
        since = change.from_year if first is None else change.acts_from(first)
        readers = known[change.name].for_policies
        mine = [i for i in scenario.instances if i.policy in readers]
        if since is not None and to is not None and since > to:
            yield IdleChange(change, AFTER)
        elif readers and not mine:
            yield IdleChange(change, NO_POLICY, readers)
        elif mine and all(change.name in find(i.policy).unread(i.settings, p) for i in mine):
            yield IdleChange(change, REPLACED, tuple(i.id for i in mine))
        elif before.get(change.name) == change.value:
            yield IdleChange(change, SAME)
        elif change.name not in before and usual.get(change.name) == change.value:
            yield IdleChange(change, USUAL)
        before[change.name] = change.value
    for name in scenario.assume:
        readers = known[name].for_policies
        mine = [i for i in scenario.instances if i.policy in readers]
        if readers and not mine:
            yield IdleChange(Change(name, known[name].value), NO_POLICY, readers, assumed=True)
        elif mine and all(name in find(i.policy).unread(i.settings, p) for i in mine):
            yield IdleChange(Change(name, known[name].value), REPLACED, tuple(i.id for i in mine), assumed=True)


def _usual(scenario: Scenario) -> dict[str, float]:
    """Return the parameters that have one value in every world of the scenario's district, unless it sets them."""
    data = load_district(scenario.district)
    own, fitted = data.own_parameters(), data.spec["fitted"]
    found = {name: p.value for name, p in load().items() if not (p.uncertain or p.rule or p.claimed or name in fitted)}
    return found | {name: value for name, value in own.items() if name in load()}
