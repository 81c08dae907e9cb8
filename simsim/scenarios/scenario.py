"""Scenarios: what a district does, as dated data. Loaded once, checked as a whole, frozen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from os.path import exists
from pathlib import Path

from simsim.base.calendar import acts_from
from simsim.base.displays import Shown
from simsim.districts.files import SPEC, load_district, shipped_districts
from simsim.inputs.defaults import default_district, default_plan, furthest_year
from simsim.inputs.documents import Document, Draft
from simsim.inputs.effect import FOREVER
from simsim.inputs.errors import InputError, suggest
from simsim.inputs.form import NAME, Form, in_both, merge
from simsim.inputs.numbers import plain, real
from simsim.inputs.parameters import hint
from simsim.inputs.parameters import load as load_parameters
from simsim.inputs.paths import resource
from simsim.inputs.run_limits import too_late
from simsim.inputs.yamlfile import read_yaml
from simsim.scenarios.instances import Instance, check_district, check_home, instances, slips
from simsim.scenarios.plan import ALL, Measure, Plan

SCHEMA = "simsim-scenario/1"
KEYS = (
    "schema",
    "name",
    "title",
    "description",
    "extends",
    "district",
    "budget",
    "law",
    "plan",
    "assume",
    "parameters",
    "policies",
)
PLAN_KEYS = ("file", "include", "except", "late")
CHANGE_KEYS = ("value", "from")
POLICY_KEYS = ("policy", "from", "to", "settings", "measure")
BUDGETS = ("report", "bound")
LAWS = ("national", "none")
"""Whether the law of the district's country on large classes holds in a scenario."""
OF_ONE_FILE = ("schema", "name", "extends", "title", "description", "parameters", "policies")
SECTIONS = ("parameters", "policies")


@dataclass(frozen=True)
class Change:
    """A parameter set to a value from a school year on; `from_year` None means always."""

    name: str
    value: float
    from_year: int | None = None

    def acts_from(self, first: int) -> int | None:
        """Return the school year it acts from in a district whose `first` year is given; None when it always acts."""
        return None if self.from_year is None else max(self.from_year, first + 1)


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
        return _resolve(_chain(source), district)

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


@dataclass
class _File:
    """One scenario file of a chain, its keys checked."""

    name: str
    form: Form
    data: Draft
    folder: Path = Path()


def names() -> list[str]:
    """Return the names of the scenarios that simsim ships."""
    return sorted(path.stem for path in (resource("parameters") / "scenarios").glob("*.yaml"))


def district_of(name: str) -> str:
    """Return the district of a scenario that simsim ships, from its file and those it extends; nothing is checked."""
    return str(Merged(_chain(name)).value("district", default_district()))


def _find(source: str | Path) -> Path:
    """Return the file of a scenario by name, or by the path of a file that exists or ends in .yaml."""
    text = str(source)
    if text.endswith((".yaml", ".yml")) or (not NAME.fullmatch(text) and exists(text)):
        return Path(text)
    return _named("scenarios", text, "scenario", resource("parameters") / "scenarios")


def _named(file: str, text: str, key: str, folder: Path) -> Path:
    """Return the file of a scenario that simsim ships or that stands in `folder`; InputError when there is none."""
    form = Form(file)
    name = form.name(text, key).removesuffix(".yaml")
    form.stop()
    for place in (resource("parameters") / "scenarios", folder):
        if (place / f"{name}.yaml").is_file():
            return place / f"{name}.yaml"
    known = sorted({*names(), *(path.stem for path in folder.glob("*.yaml"))})
    form.wrong(key, text, f"is not a scenario{suggest(name, known)}; see `simsim list scenarios`")
    raise InputError(form.problems)


def _chain(source: str | Path | Document) -> list[_File]:
    """Return a scenario and all it extends, the first ancestor first."""
    if isinstance(source, Mapping):
        name, folder, seen = str(source.get("name", "scenario")), resource("parameters") / "scenarios", []
        files = [_checked(Form(name), plain(source), name)]
    else:
        path = _find(source)
        files = [_read(path)]
        folder, seen = path.parent, [path.resolve()]
    while (parent := files[0].data.get("extends")) is not None:
        form = Form(files[0].form.file)
        path = _named(form.file, parent, "extends", folder)
        if path.resolve() in seen:
            loop = " -> ".join([*(f.name for f in reversed(files)), path.stem])
            form.wrong(
                "extends", parent, f"a scenario cannot extend itself ({loop}); extend another one, such as baseline"
            )
            form.stop()
        seen.append(path.resolve())
        files.insert(0, _read(path))
    return files


def _read(path: Path) -> _File:
    return replace(_checked(Form(path.name), read_yaml(path), path.stem), folder=path.parent)


def _checked(form: Form, data: Draft, name: str) -> _File:
    """Check the shape of one file: known keys, and mappings where mappings belong."""
    known = form.mapping(data, "", KEYS, "a field of a scenario")
    form.choice(known.get("schema", SCHEMA), "schema", [SCHEMA])
    if "name" not in known and not NAME.fullmatch(name):
        form.wrong(
            "name",
            name,
            "comes from the file's name and must be letters, digits, - and _; rename the file or write `name:` in it",
        )
    else:
        name = form.name(known.get("name", name), "name")
    if "extends" in known and known["extends"] is not None and not isinstance(known["extends"], str):
        form.wrong("extends", known.pop("extends"), "must be the name of one scenario")
    before = len(form.problems)
    if known.get("plan") is not None:
        known["plan"] = form.mapping(known["plan"], "plan", PLAN_KEYS, "a field of plan")
        if not known["plan"] and len(form.problems) == before:
            form.wrong("plan", {}, "is empty; name the plan's `file`, what to `include` or `except`, or leave it out")
    for section in SECTIONS:
        known[section] = form.mapping({} if known.get(section) is None else known[section], section)
    for key, entry in known["policies"].items():
        form.name(key, f"policies.{key}")
        if entry is not None:
            known["policies"][key] = form.mapping(entry, f"policies.{key}", POLICY_KEYS, "a field of a policy instance")
    for key in ("title", "description"):
        if key in known:
            known[key] = form.words(known[key], key)
    return _File(name, form, known)


class Merged:
    """A chain laid on each other, the last file on top: every key's value, and the form of the file that wrote it."""

    def __init__(self, files: list[_File]) -> None:
        self.files, self.leaf = files, files[-1]
        self.parameters: Draft = {}
        self.policies: Draft = {}
        self._data: Draft = {}
        self._forms: dict[tuple[str, ...], Form] = {}
        for file in files:
            self._lay(file)

    def _lay(self, file: _File) -> None:
        own = {key: value for key, value in file.data.items() if key not in OF_ONE_FILE}
        self._data = merge(self._data, own)
        self.parameters = merge(self.parameters, file.data["parameters"])
        self.policies = merge(self.policies, file.data["policies"], keep=True)
        self._forms |= {(key,): file.form for key in own}
        self._forms |= {(section, key): file.form for section in SECTIONS for key in file.data[section]}

    def value(self, key: str, default: object = None) -> object:
        """Return what the chain says of a key."""
        return self._data.get(key, default)

    @property
    def plan(self) -> Document | None:
        """What the chain says of the plan."""
        plan: Document | None = self._data.get("plan")
        return plan

    def wrote(self, key: str) -> bool:
        """Whether a file of the chain has an instance of this id, which a later null removes."""
        return any(file.data["policies"].get(key) is not None for file in self.files)

    def form(self, *key: str) -> Form:
        """Return the form of the last file that wrote a key (`"plan"`; `"policies",
        "T2"`); the scenario's own if none did.
        """
        return self._forms.get(key, self.leaf.form)

    def stop(self, *others: Form) -> None:
        """Raise InputError with every problem of these files and of `others`, if there is any."""
        problems = [problem for form in (*others, *(file.form for file in self.files)) for problem in form.problems]
        if problems:
            raise InputError(problems)


def _resolve(files: list[_File], district: str | None) -> Scenario:
    """Merge a chain and check the whole."""
    merged = Merged(files)
    budget = merged.form("budget").choice(merged.value("budget", BUDGETS[0]), "budget", BUDGETS)
    law = merged.form("law").choice(merged.value("law", LAWS[0]), "law", LAWS)
    home = str(merged.value("district", default_district()))
    place = district or _beside(merged, merged.form("district").name(home, "district"))
    home = home if district else place
    last = _furthest(place)
    changes = [
        c
        for name, value in merged.parameters.items()
        for c in _changes(merged.form("parameters", name), name, value, last)
    ]
    _check_dates(merged, changes, place)
    assumed = _assumed(merged, changes)
    plan, measures = _plan(merged.form("plan"), merged.plan)
    book = Form(f"{plan.name}.yaml" if plan else "")
    if plan and _foreign(merged, plan, place):
        merged.stop()
    found = _instances(merged, book, measures, home, place)
    merged.stop(book)
    return Scenario(
        name=merged.leaf.name,
        title=in_both(merged.leaf.data.get("title"), merged.leaf.name),
        description=in_both(merged.leaf.data.get("description"), ""),
        district=place,
        budget=str(budget),
        law=str(law),
        chain=tuple(file.name for file in files[:-1]),
        changes=tuple(sorted(changes, key=lambda c: (c.name, c.from_year or 0))),
        instances=tuple(sorted(found, key=lambda i: i.id)),
        assume=assumed,
        plan=plan,
        later=tuple(m.id for m in measures.values() if m.later),
        anywhere=merged.value("district") is None and not (plan and plan.district),
    )


def _instances(merged: Merged, book: Form, measures: Mapping[str, Measure], home: str, place: str) -> list[Instance]:
    """Return the instances of a chain, checked against its district where that has a name."""
    entries = [(merged.form("policies", key), key, entry) for key, entry in merged.policies.items()]
    for form, key, entry in entries:
        if entry is None and not merged.wrote(key) and (key not in measures or measures[key].policy is None):
            form.wrong(f"policies.{key}", None, "removes nothing, since there is no such instance; leave it out")
    late = bool((merged.plan or {}).get("late"))
    if late and not any(slips(m) for m in measures.values()):
        remedy = "has no effect, since no measure of the scenario is striven for (力争) and could slip; leave it out"
        merged.form("plan").wrong("plan.late", True, remedy)
    found = instances(book, entries, measures, late=late, furthest=_furthest(place))
    if place and place != home:
        check_home(found, merged.leaf.form, {key: form for form, key, _ in entries}, home, place)
    if place:
        check_district(found, merged.leaf.form, {key: form for form, key, _ in entries}, place)
    return found


def _changes(form: Form, name: str, value: object, furthest: int) -> Iterator[Change]:
    """Yield the changes of one parameter: a value, {value, from}, or a list of them."""
    parameters, key = load_parameters(), f"parameters.{name}"
    if name not in parameters:
        form.wrong(key, value, f"is not a parameter{hint(name, parameters)}; see `simsim list parameters`")
        return
    if parameters[name].role == "evidence":
        form.wrong(key, value, "is evidence that no rule reads, so setting it would do nothing; remove it")
        return
    if parameters[name].read_by:
        form.wrong(key, value, f"is read by {parameters[name].read_by} only, and by no simulated year; remove it")
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
        elif start is not None and acts_from(start) > furthest:
            form.wrong(f"{key}.from", since, f"would act from September {acts_from(start)}; {too_late(furthest)}")
        elif start is not None or since is None:
            yield Change(name, number, None if start is None else acts_from(start))


def _assumed(merged: Merged, changes: list[Change]) -> tuple[str, ...]:
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


def _check_dates(merged: Merged, changes: list[Change], place: str) -> None:
    """Note parameters that are given twice for one school year, of which only the last would act."""
    first = _first_year(place) if any(c.from_year is not None for c in changes) else 0
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


def _first_year(place: str) -> int:
    """Return the first year of a district; 0 where it cannot be read, which is told elsewhere."""
    try:
        return int(load_district(place).spec["first_year"]) if place else 0
    except InputError:
        return 0


def _beside(merged: Merged, name: str) -> str:
    """Return where a district of this name lies: among simsim's own, here, or beside the scenario's file."""
    beside = merged.leaf.folder / name
    own = name in shipped_districts() or Path(name, SPEC).is_file() or not name
    return name if own or not (beside / SPEC).is_file() else str(beside)


def _furthest(place: str) -> int:
    """Return the last year to which a district can be run; no limit where it cannot be read: that is told elsewhere."""
    try:
        return furthest_year(load_district(place).spec) if place else FOREVER
    except InputError:
        return FOREVER


def _foreign(merged: Merged, plan: Plan, place: str) -> bool:
    """Note that a plan is another district's than the one that the scenario is to run on; tell whether it is."""
    try:
        remedy = plan.not_for(load_district(place).name) if place else ""
    except InputError:
        return False
    if remedy:
        merged.form("plan").wrong("plan.file", plan.name, remedy)
    return bool(remedy)


def _plan(form: Form, data: Document | None) -> tuple[Plan | None, dict[str, Measure]]:
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
