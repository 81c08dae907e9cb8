"""A plan: every measure of an official document with its words, dates, dose, policy and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from simsim import policy as policies
from simsim.inputs.defaults import default_plan
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.form import INSTANCES, Form, join
from simsim.inputs.numbers import whole
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.scenarios.plan_headings import Heading, Reality, headings_of, reality_of

SCHEMA = "simsim-plan/1"
TIERS = ("A", "B", "C")
EVIDENCE = ("published", "derived", "fitted", "estimate", "judgement")
KEYS = (
    "schema", "title", "district", "document", "dated", "source", "ended", "words", "headings", "reality", "measures"
)  # fmt: skip
MEASURE_KEYS = (
    "id",
    "family",
    "tier",
    "words",
    "dose",
    "start",
    "end",
    "striving",
    "exploring",
    "department",
    "department_judged",
    "policy",
    "settings",
    "evidence",
    "milestones",
)
NEEDED = ("id", "family", "tier", "words", "start", "evidence")
ALL = "all"
LATER = "its policy comes later"


@dataclass(frozen=True)
class Milestone:
    """Something the plan promises by a month; `striving` when it only strives for it (力争)."""

    name: str
    due: date
    striving: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One measure of the plan: what it says, what it is in the model, and on what evidence.

    `department_judged`: the plan names no department for it, and the one here is judgement.
    """

    id: str
    family: str
    tier: str
    words: Mapping[str, str]
    start: date
    end: date | None = None
    dose: str = ""
    striving: bool = False
    exploring: bool = False
    department: str = ""
    department_judged: bool = False
    policy: str | None = None
    settings: Document = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    milestones: tuple[Milestone, ...] = ()

    @property
    def later(self) -> bool:
        """Whether its policy is not there yet."""
        return self.policy is not None and self.policy not in policies.registry()


@dataclass(frozen=True)
class Plan:
    """All measures of one plan, by id, in the plan's order; `district` is whose it is (empty: anybody's), `words` what
    reports call its departments, `ended` the school year in which it has just ended, `headings` its own headings with
    their measures, `reality` what is known of what became of it.
    """

    name: str
    title: Mapping[str, str]
    document: str
    dated: date
    measures: Mapping[str, Measure]
    district: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ended: int | None = None
    headings: tuple[Heading, ...] = ()
    reality: Reality = field(default_factory=Reality)

    @classmethod
    def load(cls, name: str | Path | None = None) -> Plan:
        """Return a plan by name (parameters/plans/NAME.yaml) or path, without one the default plan (defaults.yaml);
        InputError lists every problem. A file that has not changed is read once per process.
        """
        path = find_plan(default_plan() if name is None else str(name))
        return _loaded(path, path.stat().st_mtime_ns if path.exists() else 0)

    @property
    def families(self) -> list[str]:
        """The families of measures, in the plan's order."""
        return list(dict.fromkeys(measure.family for measure in self.measures.values()))

    @property
    def later(self) -> list[str]:
        """The ids whose policy comes later."""
        return [measure.id for measure in self.measures.values() if measure.later]

    def expand(self, name: str) -> list[str]:
        """Return the ids that an id, a family or `all` means, exploring ones only by id; KeyError for another name."""
        if name in self.measures:
            return [name]
        if name != ALL and name not in self.families:
            raise KeyError(name)
        return [m.id for m in self.measures.values() if not m.exploring and name in (ALL, m.family)]

    def not_for(self, district: str) -> str:
        """Return why the plan cannot run on a district of this name, with what to do; nothing where it can."""
        if self.district in ("", district):
            return ""
        return (
            f"is the plan of the district {self.district}, and this is {district}, which has other schools and areas; "
            f"leave the plan out, write your own with `district: {district}`, or run it on {self.district}"
        )

    def hint(self, name: str) -> str:
        """Return a suggestion for a name that is neither a measure nor a family."""
        kin = ", ".join(measure for measure in self.measures if measure[0] == name[:1].upper())
        return suggest(name, [*self.measures, *self.families]) or (
            f"; there are {kin}" if kin else f"; families: {', '.join(self.families)}"
        )


@cache
def plans_of(district: str) -> tuple[str, ...]:
    """Return the names of the plans that simsim ships for a district."""
    files = sorted((resource("parameters") / "plans").glob("*.yaml"))
    return tuple(path.stem for path in files if district and read_yaml(path).get("district") == district)


def find_plan(name: str) -> Path:
    """Return the file of a plan, by name or path; InputError with a suggestion when there is none."""
    folder = resource("parameters") / "plans"
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    form = Form("plans")
    form.name(name, "plan")
    form.stop()
    if not (folder / f"{name}.yaml").is_file():
        known = sorted(path.stem for path in folder.glob("*.yaml"))
        raise InputError(
            Problem("plans", "plan", name, f"is not a plan{suggest(name, known)}; known: {', '.join(known)}")
        )
    return folder / f"{name}.yaml"


@lru_cache(maxsize=8)
def _loaded(path: Path, stamp: int) -> Plan:
    """Read one state (`stamp`) of a plan's file."""
    return read_plan(path)


def read_plan(path: Path) -> Plan:
    """Return the plan in a file; InputError lists every problem in it."""
    form = Form(path.name)
    data = form.mapping(read_yaml(path), "", KEYS)
    form.choice(data.get("schema"), "schema", [SCHEMA])
    dated = form.date(data.get("dated"), "dated")
    entries = data.get("measures")
    if not isinstance(entries, list):
        form.wrong("measures", entries, "must be a list of measures")
        entries = []
    measures = [m for number, entry in enumerate(entries, 1) if (m := _measure(form, number, entry))]
    ids = [m.id for m in measures]
    for name in sorted({i for i in ids if ids.count(i) > 1}):
        form.wrong(name, None, "is there twice; keep one")
    title, district = form.words(data.get("title"), "title"), form.text(data.get("district"), "district")
    words = form.mapping(data.get("words") or {}, "words")
    words = {key: form.words(entry, join("words", key)) for key, entry in words.items()}
    document, ended = str(data.get("document", "")), whole(data.get("ended"))
    if data.get("ended") is not None and ended is None:
        form.wrong("ended", data["ended"], "must be a year: the school year in which the plan has just ended")
    by_id = {m.id: m for m in measures}
    headings = headings_of(form, data.get("headings") or [], by_id)
    reality = reality_of(form, data.get("reality") or {}, by_id)
    form.stop()
    return Plan(path.stem, title, document, dated or date.min, by_id, district, words, ended, headings, reality)


def _measure(form: Form, number: int, entry: object) -> Measure | None:
    """Check one entry; None when something in it is wrong."""
    before = len(form.problems)
    place = str(entry.get("id", f"measures.{number}")) if isinstance(entry, Mapping) else f"measures.{number}"
    data = form.mapping(entry, place, MEASURE_KEYS, "a field of a measure")
    for key in NEEDED:
        if isinstance(entry, Mapping) and data.get(key) in (None, "", {}):
            form.wrong(place, None, f"has no {key}; write one")
    form.name(place, join(place, "id"), taken=INSTANCES)
    text = {
        key: form.text(data.get(key), join(place, key)) for key in ("family", "tier", "dose", "department", "policy")
    }
    start, end = (
        form.date(data[key], join(place, key)) if data.get(key) is not None else None for key in ("start", "end")
    )
    if start and end and end < start:
        form.wrong(join(place, "end"), end, f"lies before its start {start}")
    form.choice(text["tier"] or "A", join(place, "tier"), TIERS)
    parts = {key: {} if data.get(key) is None else data[key] for key in ("evidence", "settings")}
    evidence = form.mapping(parts["evidence"], join(place, "evidence"), ("note", "kind"), "a field of evidence")
    form.choice(evidence.get("kind", "judgement"), join(place, "evidence.kind"), EVIDENCE)
    measure = Measure(
        id=place,
        family=text["family"],
        tier=text["tier"],
        words=form.words(data.get("words"), join(place, "words")),
        start=start or date.min,
        end=end,
        dose=text["dose"],
        striving=form.flag(data.get("striving", False), join(place, "striving")),
        exploring=form.flag(data.get("exploring", False), join(place, "exploring")),
        department=text["department"],
        department_judged=form.flag(data.get("department_judged", False), join(place, "department_judged")),
        policy=text["policy"] or None,
        settings=form.mapping(parts["settings"], join(place, "settings")),
        evidence=evidence,
        milestones=tuple(_milestones(form, place, data.get("milestones"))),
    )
    return measure if len(form.problems) == before and start else None


def _milestones(form: Form, place: str, entries: object) -> Iterator[Milestone]:
    """Yield the milestones of a measure that can be read."""
    if entries is None:
        return
    if not isinstance(entries, list):
        form.wrong(join(place, "milestones"), entries, "must be a list")
        return
    for number, entry in enumerate(entries, 1):
        key = join(place, "milestones", number)
        data = form.mapping(entry, key, ("name", "due", "striving", "words"), "a field of a milestone")
        due = form.date(data.get("due"), join(key, "due"))
        if not isinstance(data.get("name"), str):
            form.wrong(join(key, "name"), data.get("name"), "must be a name")
        striving = form.flag(data.get("striving", False), join(key, "striving"))
        if due and isinstance(data.get("name"), str):
            yield Milestone(data["name"], due, striving, form.words(data.get("words"), join(key, "words")))


def show(name: str, plan: Plan | None = None) -> str:
    """Return what `simsim show L2` prints: words, date, dose, policy, evidence; InputError for no measure."""
    plan = plan or Plan.load()
    if name not in plan.measures:
        raise InputError(
            Problem(f"{plan.name}.yaml", "measure", name, f"is not a measure of the plan{plan.hint(name)}")
        )
    m = plan.measures[name]
    marks = [
        text
        for text, on in (("strives for it (力争)", m.striving), ("explores it (探索); off by default", m.exploring))
        if on
    ]
    policy = "none: a date to judge" if m.policy is None else f"{m.policy} ({LATER})" if m.later else m.policy
    rows = [
        ("", m.words.get("zh")),
        ("", m.words.get("en")),
        ("family", f"{m.family}, tier {m.tier}"),
        ("from", f"{m.start}" + (f" to {m.end}" if m.end else "")),
        ("wording", "; the plan ".join(["the plan " + marks[0], *marks[1:]]) if marks else None),
        ("dose", m.dose),
        ("department", m.department),
        ("policy", policy),
        *((f"  {key}", str(value)) for key, value in m.settings.items()),
        *(("milestone", f"{s.due:%Y-%m} {s.name}" + (" (力争)" if s.striving else "")) for s in m.milestones),
        ("evidence", f"{m.evidence.get('note', '')} [{m.evidence.get('kind', '')}]"),
        ("plan", f"{plan.title.get('en', plan.name)}, {plan.document}, {plan.dated}"),
    ]
    return "\n".join([m.id, *(f"  {label}: {text}" if label else f"  {text}" for label, text in rows if text)])
