"""The files of a scenario: found by name, read, checked key by key, and laid on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import exists
from pathlib import Path

from simsim.inputs.defaults import default_district
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import InputError, suggest
from simsim.inputs.form import INSTANCES, NAME, SCENARIOS, Form, changes_nothing, merge
from simsim.inputs.numbers import plain
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

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
POLICY_KEYS = ("policy", "from", "to", "settings", "measure")
OF_ONE_FILE = ("schema", "name", "extends", "title", "description", "parameters", "policies")
SECTIONS = ("parameters", "policies")


@dataclass
class File:
    """One scenario file of a chain, its keys checked."""

    name: str
    form: Form
    data: Draft
    folder: Path = Path()


def names() -> list[str]:
    """Return the names of the scenarios that simsim ships."""
    return sorted(path.stem for path in (resource("parameters") / "scenarios").glob("*.yaml"))


def chain(source: str | Path | Document) -> list[File]:
    """Return a scenario and all it extends, the first ancestor first; InputError for what is none or extends itself."""
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


def _read(path: Path) -> File:
    return replace(_checked(Form(path.name), read_yaml(path), path.stem), folder=path.parent)


def _checked(form: Form, data: Draft, name: str) -> File:
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
        name = form.name(known.get("name", name), "name", taken=SCENARIOS)
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
        form.name(key, f"policies.{key}", taken=INSTANCES)
        if entry is not None:
            known["policies"][key] = form.mapping(entry, f"policies.{key}", POLICY_KEYS, "a field of a policy instance")
    for key in ("title", "description"):
        if key in known:
            known[key] = form.words(known[key], key)
    return File(name, form, known)


class Merged:
    """A chain laid on each other, the last file on top: every key's value, and the form of the file that wrote it."""

    def __init__(self, files: list[File]) -> None:
        self.files, self.leaf = files, files[-1]
        self.parameters: Draft = {}
        self.policies: Draft = {}
        self.silent: dict[str, Document] = {}
        """Entries of policies that change nothing of what the files before say; of the plan's they may."""
        self._data: Draft = {}
        self._forms: dict[tuple[str, ...], Form] = {}
        for file in files:
            self._lay(file)

    def _lay(self, file: File) -> None:
        own = {key: value for key, value in file.data.items() if key not in OF_ONE_FILE}
        self._data = merge(self._data, own)
        for key, entry in file.data["policies"].items():
            silent = entry is not None and changes_nothing(entry, self.policies.get(key) or {})
            self.silent = {other: e for other, e in self.silent.items() if other != key} | (
                {key: entry} if silent else {}
            )
        self.parameters = merge(self.parameters, file.data["parameters"])
        self.policies = merge(self.policies, file.data["policies"], keep=True)
        self._forms |= {(key,): file.form for key in own}
        self._forms |= {(section, key): file.form for section in SECTIONS for key in file.data[section]}

    def value(self, key: str, default: object = None) -> object:
        """Return what the chain says of a key."""
        return self._data.get(key, default)

    def choice(self, key: str, options: Sequence[str]) -> str:
        """Return what the chain says of a key with few values, the first where it says nothing; another is noted."""
        return str(self.form(key).choice(self.value(key, options[0]), key, options))

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


def district_of(name: str) -> str:
    """Return the district of a scenario that simsim ships, from its file and those it extends; nothing is checked."""
    return str(Merged(chain(name)).value("district", default_district()))
