"""The measures that a scenario takes from a plan, and whether the plan is its district's."""

from __future__ import annotations

from simsim.districts.files import load_district
from simsim.inputs.defaults import default_plan
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError
from simsim.inputs.form import Form
from simsim.scenarios.files import Merged
from simsim.scenarios.plan import ALL, Measure, Plan


def chosen(form: Form, data: Document | None) -> tuple[Plan | None, dict[str, Measure]]:
    """Return the plan a scenario names and the measures it includes."""
    if not data:
        return None, {}
    file = data.get("file", default_plan())
    form.flag(data.get("late", False), "plan.late")
    if not form.name(file, "plan.file"):
        return None, {}
    try:
        plan = Plan.load(file)
    except InputError as error:
        form.problems += error.problems
        return None, {}
    chosen = _ids(form, plan, data.get("include", "all"), "plan.include")
    without = _without(form, plan, data.get("except"), chosen)
    return plan, {name: plan.measures[name] for name in chosen if name not in without}


def _without(form: Form, plan: Plan, names: object, chosen: list[str]) -> set[str]:
    """Return the measures that are left out; a name that leaves out none of those chosen is a problem."""
    if names is None:
        return set()
    found = set(_ids(form, plan, names, "plan.except"))
    for name in names if isinstance(names, list) else [names]:
        if isinstance(name, str) and _known(plan, name) and not set(plan.expand(name)) & set(chosen):
            form.wrong("plan.except", name, "leaves out nothing, since the plan's `include` has none of it; remove it")
    return found


def _known(plan: Plan, name: str) -> bool:
    return name in plan.measures or name in plan.families or name == ALL


def _ids(form: Form, plan: Plan, names: object, key: str) -> list[str]:
    """Return the measures that a list of ids and families names; `all` is every
    measure that the plan does not just explore.
    """
    found: list[str] = []
    for name in form.names(names, key):
        try:
            found += plan.expand(name)
        except KeyError:
            form.wrong(key, name, f"is neither a measure nor a family of {plan.name}{plan.hint(name)}")
    return list(dict.fromkeys(found))


def foreign(merged: Merged, plan: Plan, place: str) -> bool:
    """Note that a plan is another district's than the one that the scenario is to run on; tell whether it is."""
    try:
        remedy = plan.not_for(load_district(place).name) if place else ""
    except InputError:
        return False
    if remedy:
        merged.form("plan").wrong("plan.file", plan.name, remedy)
    return bool(remedy)
