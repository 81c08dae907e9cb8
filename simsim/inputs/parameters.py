"""Parameters: every number the model uses, with its unit, range, source and kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from simsim.base.streams import Streams
from simsim.inputs.documents import Document, Draft
from simsim.inputs.errors import PARAMETERS as RENAMED
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.form import Form, join
from simsim.inputs.names import called
from simsim.inputs.numbers import real, written
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

SCHEMA = "simsim-parameters/1"
FILES = ("effects.yaml", "assumptions.yaml")
KINDS = ("published", "derived", "fitted", "estimate", "judgement")
ROLES = ("uncertain", "effect", "lever", "law", "target", "method", "evidence")
DRAWN = ("uncertain", "effect")
JUDGED = "judgement"
CONFIDENCE = ("high", "medium", "low", "")
KEYS = (
    "name",
    "value",
    "unit",
    "range",
    "limits",
    "kind",
    "confidence",
    "role",
    "whole",
    "source",
    "label",
    "note",
    "read_by",
    "for_policies",
)
OWN = "the district's own file"
NEEDED = ("name", "value", "unit", "kind", "source")
KINDS_ZH = {"published": "公开发布", "derived": "推算", "fitted": "拟合", "estimate": "估计", "judgement": "判断"}


@dataclass(frozen=True)
class Parameter:
    """One number: what it is, how uncertain, and where it comes from.

    `low` and `high` are the range it is drawn from when its `role` is uncertain, or effect (what a measure is said to
    do), or it is a judged lever (a dose that no plan names); `least` and `most` are the limits that
    no scenario may leave; one whose `role` is evidence is documented, and no rule reads it; `read_by` names what reads
    it where no simulated year does, `for_policies` the policies that alone read it; a `whole` parameter is rounded
    after the draw; `rule` holds the words of a rule-valued entry; `label` is what a reader sees it called, by language.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    kind: str
    confidence: str = ""
    role: str = "uncertain"
    whole: bool = False
    least: float = -np.inf
    most: float = np.inf
    rule: str = ""
    note: str = ""
    read_by: str = ""
    for_policies: tuple[str, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)

    @property
    def uncertain(self) -> bool:
        """Whether replications differ in it without being asked to."""
        return self._ranged and not self.claimed

    @property
    def claimed(self) -> bool:
        """Whether it is a judged effect of a measure whose range is one-sided from zero or whose likeliest value is
        zero: 0 in every replication, unless a scenario assumes it (docs/decisions/12-claims.md).
        """
        skewed = 0.0 in (self.low, self.value, self.high)
        return self._ranged and self.role == "effect" and self.kind == JUDGED and skewed

    @property
    def _ranged(self) -> bool:
        drawn = self.role in DRAWN or (self.role == "lever" and self.kind == JUDGED)
        ranged = self.low is not None and self.high is not None and self.low < self.high
        return ranged and drawn and self.kind != "fitted" and not self.rule

    def at(self, u: float) -> float:
        """Return the triangular draw with mode `value` at probability `u`, by inversion; the value where there is no
        range.
        """
        if self.low is None or self.high is None:
            return self.value
        low, high = self.low, self.high
        width, rise = high - low, self.value - low
        x = (
            low + np.sqrt(u * width * rise)
            if u * width < rise
            else high - np.sqrt((1 - u) * width * (high - self.value))
        )
        return float(np.clip(np.rint(x) if self.whole else x, low, high))


class Parameters(Mapping[str, Parameter]):
    """All parameters by name; frozen. An unknown name raises InputError with a suggestion."""

    def __init__(self, entries: Iterable[Parameter]) -> None:
        self._entries = {p.name: p for p in sorted(entries, key=lambda p: p.name)}

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownParameter(name, self._entries) from None

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def own(self, values: Mapping[str, float]) -> Parameters:
        """Return the same parameters with the values that a district sets: where they differ, or simsim's are fitted to
        another district, they are the district's judgement and not drawn.
        """
        new = [
            replace(self[name], value=float(value), low=None, high=None, source=OWN, kind="judgement")
            for name, value in values.items()
            if float(value) != self[name].value or self[name].kind == "fitted"
        ]
        changed = {p.name for p in new}
        return Parameters([*(p for p in self.values() if p.name not in changed), *new])

    def fitted(self, values: Mapping[str, float]) -> Parameters:
        """Return the same parameters with the values that a district's file was fitted to."""
        new = [replace(self[name], value=float(value), kind="fitted") for name, value in values.items()]
        return Parameters([*(p for p in self.values() if p.name not in values), *new])


class UnknownParameter(InputError, KeyError):
    """A name that is not a parameter; a KeyError too, so that `in` and `get` work as in any mapping."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(Problem("parameters", "", name, f"is not a parameter{hint(name, known)}"))

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        return InputError, (self.problems,)


def hint(name: str, known: Iterable[str]) -> str:
    """Return the new name of a renamed parameter, or the closest one."""
    return f"; {RENAMED[name]}" if name in RENAMED else suggest(name, known)


def load(files: Iterable[str | Path] | None = None) -> Parameters:
    """Return every parameter of simsim, or of the given files; InputError lists everything wrong with them."""
    paths = [resource("parameters") / name for name in FILES] if files is None else [Path(f) for f in files]
    return _load(tuple((path, path.stat().st_mtime_ns if path.exists() else 0) for path in paths))


@lru_cache(maxsize=8)
def _load(stamped: tuple[tuple[Path, int], ...]) -> Parameters:
    entries: list[Parameter] = []
    problems: list[Problem] = []
    for path, _ in stamped:
        found, wrong = read_file(path)
        entries += found
        problems += wrong
        names = [p.name for p in entries]
        problems += [
            Problem(path.name, name, None, "is defined twice; keep one")
            for name in {n for n in names if names.count(n) > 1}
        ]
    if problems:
        raise InputError(problems)
    return Parameters(entries)


def read_file(path: Path) -> tuple[list[Parameter], list[Problem]]:
    """Return the parameters of one file and every problem in it; InputError when it is no file of parameters."""
    data = read_yaml(path)
    if data.get("schema") != SCHEMA or not isinstance(data.get("parameters"), list):
        raise InputError(
            Problem(path.name, "schema", data.get("schema"), f"must be {SCHEMA}, with a list `parameters`")
        )
    entries: list[Parameter] = []
    problems: list[Problem] = []
    for number, entry in enumerate(data["parameters"], 1):
        wrong = _entry_problems(path.name, number, entry)
        problems += wrong
        if not wrong:
            for flat in _flatten(entry):
                parameter = _parameter(flat)
                entries.append(parameter)
                problems += _number_problems(path.name, parameter)
    return entries, problems


def _entry_problems(file: str, number: int, entry: object) -> list[Problem]:
    """Return what keeps an entry from being read at all."""
    form = Form(file)
    name = str(entry.get("name", f"entry {number}")) if isinstance(entry, Mapping) else f"entry {number}"
    data = form.mapping(entry, name, KEYS, "a field of a parameter")
    for key in NEEDED:
        if isinstance(entry, Mapping) and data.get(key) in (None, ""):
            form.wrong(name, None, f"has no {key}; write one")
    form.name(data.get("name", "x"), join(name, "name"))
    for key in ("unit", "source", "note", "read_by"):
        form.text(data.get(key), join(name, key))
    for key, known in (("kind", KINDS), ("role", ROLES), ("confidence", CONFIDENCE)):
        form.choice(data.get(key, known[0]), join(name, key), known)
    form.flag(data.get("whole", False), join(name, "whole"))
    form.words(data.get("label"), join(name, "label"))
    form.names(data.get("for_policies", []), join(name, "for_policies"))
    _check_numbers(form, name, data)
    return form.problems


def _check_numbers(form: Form, name: str, data: Document) -> None:
    """Note a value, range or limits that are not numbers, or do not fit each other."""
    value = data.get("value", 0)
    values = value.values() if isinstance(value, Mapping) else [value]
    for each in values:
        if real(each) is None and (isinstance(value, Mapping) or not isinstance(each, str)):
            form.wrong(join(name, "value"), each, "must be a number, a mapping of numbers, or the words of a rule")
        elif isinstance(each, str) and written(each) is not None:
            form.wrong(join(name, "value"), each, f"is text to YAML; write {written(each):g} without quotes")
    spread = data.get("range", [0, 0])
    by_key = isinstance(spread, Mapping) and isinstance(value, Mapping) and set(spread) <= set(value)
    if not all(map(_pair, spread.values() if by_key else [spread])):
        form.wrong(
            join(name, "range"),
            spread,
            "must be [low, high], two numbers in order (for a mapping of values, one for each key)",
        )
    if not _pair(data.get("limits", [0, 0])):
        form.wrong(join(name, "limits"), data["limits"], "must be [least, most], two numbers in order")


def _pair(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    low, high = map(real, value)
    return low is not None and high is not None and low <= high


def _flatten(entry: Document) -> Iterator[Draft]:
    """Yield one entry for each number: a mapping of values becomes dotted names."""
    value = entry["value"]
    if not isinstance(value, Mapping):
        yield dict(entry)
        return
    for key, part in value.items():
        ranges = entry.get("range")
        own = (
            {"range": ranges[key]}
            if isinstance(ranges, Mapping) and key in ranges
            else {"range": ranges}
            if _pair(ranges)
            else {}
        )
        yield {k: v for k, v in entry.items() if k != "range"} | {"name": f"{entry['name']}.{key}", "value": part} | own


def _parameter(entry: Document) -> Parameter:
    low, high = entry.get("range") or (None, None)
    least, most = entry.get("limits") or (-np.inf, np.inf)
    rule = entry["value"] if isinstance(entry["value"], str) else ""
    text = {key: entry.get(key) or "" for key in ("unit", "source", "kind", "confidence", "note", "read_by")}
    return Parameter(
        name=str(entry["name"]),
        value=np.nan if rule else float(entry["value"]),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        least=float(least),
        most=float(most),
        role=entry.get("role", "uncertain"),
        whole=bool(entry.get("whole", False)),
        rule=rule,
        for_policies=tuple(entry.get("for_policies") or ()),
        label=entry.get("label") or called(str(entry["name"])),
        **text,
    )


def _number_problems(file: str, p: Parameter) -> Iterator[Problem]:
    """Yield a value outside its own range, or a range outside the limits."""
    if p.rule:
        return
    if p.low is not None and p.high is not None and not p.low <= p.value <= p.high:
        yield Problem(
            file,
            f"{p.name}.value",
            p.value,
            f"lies outside its range [{p.low:g}, {p.high:g}]; widen the range or change the value",
        )
    for key, number in (("value", p.value), ("range", p.low), ("range", p.high)):
        if number is not None and not p.least <= number <= p.most:
            yield Problem(file, f"{p.name}.{key}", number, f"lies outside the limits [{p.least:g}, {p.most:g}]")


def draw(parameters: Parameters, seed: int, fixed: bool = False) -> dict[str, float]:
    """Return the numbers of one replication: one keyed triangular draw for each uncertain parameter.

    A draw depends on (seed, name) only, so every scenario shares it and a new parameter changes no other. Claimed
    effects are 0 (`assumed` draws them). `fixed` returns the values themselves. Rules in words are left out.
    """
    streams = Streams(seed)

    def one(p: Parameter) -> float:
        return 0.0 if p.claimed else _drawn(p, streams) if p.uncertain and not fixed else p.value

    return {name: one(p) for name, p in parameters.items() if not p.rule}


def given(parameters: Parameters, values: Mapping[str, float], assume: Collection[str] = ()) -> dict[str, float]:
    """Return values that take the place of draws; InputError for a name that is not drawn where these claimed effects
    are assumed, for what is no number, or for a value outside the range that it is drawn from.
    """
    if not isinstance(values, Mapping):
        remedy = "must map names of drawn parameters to numbers, as {NAME: VALUE}"
        raise InputError(Problem("values", "", values, remedy))
    found = [_not_drawn(parameters[name], value, name in assume) for name, value in values.items()]
    if problems := [problem for problem in found if problem is not None]:
        raise InputError(problems)
    return {name: float(value) for name, value in values.items()}


def _not_drawn(p: Parameter, value: object, is_assumed: bool) -> Problem | None:
    if p.low is None or p.high is None or not (p.uncertain or is_assumed):
        return Problem("values", p.name, value, "is not drawn; set it in a scenario: `parameters: {NAME: VALUE}`")
    number = real(value)
    if number is None:
        return Problem("values", p.name, value, f"must be a number from {p.low:g} to {p.high:g}")
    if not p.low <= number <= p.high:
        return Problem("values", p.name, value, f"lies outside the range it is drawn from, {p.low:g} to {p.high:g}")
    return None


def assumed(parameters: Parameters, seed: int, names: Collection[str], fixed: bool = False) -> dict[str, float]:
    """Return the numbers of one replication for the claimed effects that a scenario assumes (names): drawn as `draw`
    draws the others, or their values with `fixed`.
    """
    streams = Streams(seed)
    return {name: parameters[name].value if fixed else _drawn(parameters[name], streams) for name in names}


def _drawn(p: Parameter, streams: Streams) -> float:
    return p.at(float(streams.uniform(f"parameter/{p.name}", 0, np.zeros(1, dtype=np.int64))[0]))


def how_drawn(p: Parameter) -> str:
    """Return when a parameter is drawn from its range: always, or only where a scenario assumes it."""
    return f"0 unless a scenario says `assume: [{p.name}]`" if p.claimed else "drawn in every replication"


def show(name: str, parameters: Parameters | None = None) -> str:
    """Return what `simsim show PARAMETER` prints: value, range, unit, source, and how far to trust it."""
    p = (parameters or load())[name]
    spread = (
        ""
        if p.low is None
        else f"  range {p.low:g} to {p.high:g}" + (f" ({how_drawn(p)})" if p.uncertain or p.claimed else "")
    )
    lines = [
        p.name,
        *(f"  {text}" for text in p.label.values()),
        f"  value {p.rule or f'{p.value:g}'}  ({p.unit})",
        spread,
    ]
    lines += [
        f"  kind {p.kind} ({KINDS_ZH[p.kind]})"
        + (f", confidence {p.confidence}" if p.confidence else "")
        + f", role {p.role}"
    ]
    if p.read_by:
        lines.append(f"  read by {p.read_by} only; scenarios cannot set it")
    elif p.for_policies:
        lines.append(f"  read by the policies {', '.join(p.for_policies)} only")
    if not p.read_by and np.isfinite([p.least, p.most]).any():
        lines.append(f"  scenarios may set {p.least:g} to {p.most:g}")
    return "\n".join([line for line in lines if line] + [f"  source: {p.source}"] + ([f"  {p.note}"] if p.note else []))
