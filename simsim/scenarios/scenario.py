"""Scenarios: what a district does, as dated data. Loaded once, checked as a whole, frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from simsim.base.displays import Shown
from simsim.inputs.defaults import default_district
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import suggest
from simsim.inputs.form import Form, in_both
from simsim.scenarios.changes import Change, assumed, changes_of
from simsim.scenarios.chosen import chosen, foreign
from simsim.scenarios.files import SCHEMA, File, Merged, chain
from simsim.scenarios.home import beside, furthest
from simsim.scenarios.instances import Instance, check_district, check_home, check_silent, instances, slips
from simsim.scenarios.plan import Measure, Plan

BUDGETS = ("report", "bound")
LAWS = ("national", "none")
"""Whether the law of the district's country on large classes holds in a scenario."""


@dataclass(frozen=True, repr=False)
class Scenario(Shown):
    """One scenario, resolved and checked: dated parameter changes and policy instances on a district; `assume` names
    the claimed effects that are drawn, `anywhere` tells that its files name no district, nor a plan that has one.

    >>> import simsim
    >>> smaller = {"value": 40, "from": 2016}
    >>> spec = {"name": "small", "extends": "baseline", "parameters": {"class_size.target.primary": smaller}}
    >>> simsim.Scenario.load(spec).changes
    (Change(name='class_size.target.primary', value=40.0, from_year=2016),)
    """

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    district: str
    budget: str = "report"
    law: str = LAWS[0]
    chain: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    instances: tuple[Instance, ...] = ()
    assume: tuple[str, ...] = ()
    plan: Plan | None = None
    later: tuple[str, ...] = field(default=(), compare=False)
    anywhere: bool = field(default=False, compare=False)

    def __repr__(self) -> str:
        return f"Scenario({self.name}: {len(self.instances)} policies, {len(self.changes)} parameters)"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.levers())

    def levers(self) -> dict[str, object]:
        """Return what can be swept, and its value: every setting and date of its policies (`T2.quota`, `T2.from`) and
        the parameters that it sets.
        """
        found: dict[str, object] = {}
        for one in self.instances:
            found |= {f"{one.id}.{name}": value for name, value in one.settings.model_dump(mode="json").items()}
            found |= {f"{one.id}.from": one.start.isoformat(), f"{one.id}.to": one.end and one.end.isoformat()}
        return found | {change.name: change.value for change in self.changes}

    def __getitem__(self, name: str) -> object:
        """Return a setting, a date or a parameter (`scenario["T2.quota"]`); KeyError, with a suggestion, otherwise."""
        levers = self.levers()
        if name not in levers:
            raise KeyError(f"{name!r} is nothing that {self.name} sets{suggest(str(name), levers)}; see levers()")
        return levers[name]

    def changes_of(self, year: int, first: int) -> dict[str, float]:
        """Return the parameters that this scenario sets in a school year of a district whose `first` year is given.

        What has no date acts from the founding on, what has one never in the first year, which is the state before.
        """
        return {c.name: c.value for c in self.changes if (c.acts_from(first) or first) <= year}

    @classmethod
    def load(cls, source: str | Path | Document | Scenario, district: str | None = None) -> Scenario:
        """Return a scenario by name, path or mapping; a Scenario is returned as it is.

        Raise InputError with every problem of the scenario and of those it extends. `district` replaces the
        scenario's own, and the settings are checked against it.
        """
        if isinstance(source, Scenario):
            return source if district in (None, source.district) else Scenario.load(source.to_dict(), district)
        if isinstance(source, Mapping) and district is None and isinstance(source.get("district"), str):
            district = source["district"]
        return _resolve(chain(source), district)

    @property
    def lawful(self) -> bool:
        """Whether the country's law on large classes holds."""
        return self.law == LAWS[0]

    @property
    def digest(self) -> str:
        """A fingerprint of everything that reaches a result; names and words do not."""
        content = {
            key: value for key, value in self.to_dict().items() if key not in ("schema", "name", "title", "description")
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        return blake2b(text.encode(), digest_size=16).hexdigest()

    def to_dict(self) -> Draft:
        """Return the resolved scenario as plain data that `load` reads back to the same scenario."""
        changes: dict[str, list[dict[str, float]]] = {}
        for c in self.changes:
            changes.setdefault(c.name, []).append(
                {"value": c.value} | ({} if c.from_year is None else {"from": c.from_year})
            )
        plan = {"plan": {"file": self.plan.name, "include": []}} if self.plan else {}
        return {
            "schema": SCHEMA,
            "name": self.name,
            "title": dict(self.title),
            "description": dict(self.description),
            "district": self.district,
            "budget": self.budget,
            "law": self.law,
            **plan,
            **({"assume": list(self.assume)} if self.assume else {}),
            "parameters": changes,
            "policies": {i.id: i.to_dict() for i in self.instances},
        }


def _resolve(files: list[File], district: str | None) -> Scenario:
    """Merge a chain and check the whole."""
    merged = Merged(files)
    budget, law = merged.choice("budget", BUDGETS), merged.choice("law", LAWS)
    home = str(merged.value("district", default_district()))
    place = district or beside(merged, merged.form("district").name(home, "district"))
    home = home if district else place
    changes = changes_of(merged, place)
    assume = assumed(merged, changes)
    plan, measures = chosen(merged.form("plan"), merged.plan)
    book = Form(f"{plan.name}.yaml" if plan else "")
    if plan and foreign(merged, plan, place):
        merged.stop()
    found = _instances(merged, book, measures, home, place)
    _check_measures(merged, found, plan)
    merged.stop(book)
    return Scenario(
        name=merged.leaf.name,
        title=in_both(merged.leaf.data.get("title"), merged.leaf.name),
        description=in_both(merged.leaf.data.get("description"), ""),
        district=place,
        budget=budget,
        law=law,
        chain=tuple(file.name for file in files[:-1]),
        changes=tuple(sorted(changes, key=lambda c: (c.name, c.from_year or 0))),
        instances=tuple(sorted(found, key=lambda i: i.id)),
        assume=assume,
        plan=plan,
        later=tuple(m.id for m in measures.values() if m.later),
        anywhere=merged.value("district") is None and not (plan and plan.district),
    )


def _check_measures(merged: Merged, found: list[Instance], plan: Plan | None) -> None:
    """Note instances that stand for a measure that the plan does not have: its money and dates would be nobody's."""
    for instance in found if plan else ():
        if plan and instance.measure is not None and instance.measure not in plan.measures:
            hint = suggest(instance.measure, plan.measures)
            remedy = f"is not a measure of the plan {plan.name}{hint}; name one of its own, or leave it out"
            place = f"policies.{instance.id}"
            merged.form("policies", instance.id).wrong(f"{place}.measure", instance.measure, remedy)


def _instances(merged: Merged, book: Form, measures: Mapping[str, Measure], home: str, place: str) -> list[Instance]:
    """Return the instances of a chain, checked against its district where that has a name."""
    entries = [(merged.form("policies", key), key, entry) for key, entry in merged.policies.items()]
    for form, key, entry in entries:
        if entry is None and not merged.wrote(key) and (key not in measures or measures[key].policy is None):
            form.wrong(f"policies.{key}", None, "removes nothing, since there is no such instance; leave it out")
    check_silent(((merged.form("policies", key), key, entry) for key, entry in merged.silent.items()), measures)
    forms = {key: form for form, key, _ in entries}
    late = bool((merged.plan or {}).get("late"))
    if late and not any(slips(m) for m in measures.values()):
        remedy = "has no effect, since no measure of the scenario is striven for (力争) and could slip; leave it out"
        merged.form("plan").wrong("plan.late", True, remedy)
    found = instances(book, entries, measures, late=late, furthest=furthest(place))
    if place and place != home:
        check_home(found, merged.leaf.form, forms, home, place)
    if place:
        check_district(found, merged.leaf.form, forms, place)
    return found
