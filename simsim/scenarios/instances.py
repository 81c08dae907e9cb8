"""Instances: which policies a scenario runs, from when to when, with which settings - and whether they fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from pydantic import ValidationError

from simsim import policy as policies
from simsim.base.calendar import acts_from
from simsim.districts.files import district_folder, load_district
from simsim.inputs.documents import Document, Draft
from simsim.inputs.effect import FOREVER
from simsim.inputs.errors import POLICIES as RENAMED
from simsim.inputs.errors import InputError, suggest
from simsim.inputs.form import Form, changes_nothing, join, merge
from simsim.inputs.run_limits import too_late
from simsim.policy import Policy, PolicySettings
from simsim.scenarios.plan import Measure

DELAY = "delay_probability"


@dataclass(frozen=True)
class Instance:
    """One policy at work in a scenario: its id, dates, settings, and the plan's measure it stands for."""

    id: str
    policy: str
    start: date
    end: date | None
    settings: PolicySettings
    measure: str | None = None

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last school year it acts in."""
        return acts_from(self.start), FOREVER if self.end is None else acts_from(self.end) - 1

    def to_dict(self) -> Draft:
        """Return the instance as an entry of a scenario file."""
        end = {} if self.end is None else {"to": self.end.isoformat()}
        measure = {} if self.measure is None else {"measure": self.measure}
        settings = self.settings.model_dump(mode="json")
        return {"policy": self.policy, "from": self.start.isoformat(), **end, **measure, "settings": settings}


def instances(
    book: Form,
    entries: Sequence[tuple[Form, str, Document | None]],
    measures: Mapping[str, Measure],
    late: bool = False,
    furthest: int = FOREVER,
) -> list[Instance]:
    """Return the instances of a scenario: those of the plan's measures, with the scenario's own entries laid on them.

    `book` is the form of the plan's file; `entries` are (form of the file, id, entry); an entry of None removes the
    plan's. `late` makes every striving measure slip; `furthest` is the last year of any run. Problems go to the
    forms; a measure whose policy comes later is left out, with what is laid on it.
    """
    drafts: dict[str, tuple[Form, Draft]] = {
        name: (book, _of_measure(m, late)) for name, m in measures.items() if m.policy is not None and not m.later
    }
    for form, key, entry in entries:
        if entry is None:
            drafts.pop(key, None)
            continue
        if key in measures and measures[key].later and "policy" not in entry:
            continue
        base = drafts[key][1] if key in drafts else {}
        drafts[key] = (form, merge(base, entry))
    found = {key: i for key, (form, draft) in sorted(drafts.items()) if (i := _instance(form, key, draft, furthest))}
    _check_together(found, {key: form for key, (form, _) in drafts.items()})
    return list(found.values())


def check_silent(entries: Iterable[tuple[Form, str, Document]], measures: Mapping[str, Measure]) -> None:
    """Note entries (form, id, entry) that change nothing of what the plan says either."""
    remedy = "says nothing, so it changes nothing; write what it changes, null to remove it, or leave it out"
    for form, key, entry in entries:
        if changes_nothing(entry, _of_measure(measures[key], late=False) if key in measures else {}):
            form.wrong(f"policies.{key}", None, remedy)


def slips(measure: Measure) -> bool:
    """Whether a measure is only striven for, and its policy can be late."""
    known = policies.registry().get(str(measure.policy))
    return measure.striving and known is not None and DELAY in known.Settings.model_fields


def _of_measure(measure: Measure, late: bool) -> Draft:
    """Return the entry that a measure of the plan stands for."""
    settings = dict(measure.settings)
    if late and slips(measure):
        settings[DELAY] = 1.0
    end = {} if measure.end is None else {"to": measure.end}
    return {"policy": measure.policy, "from": measure.start, **end, "measure": measure.id, "settings": settings}


def _instance(form: Form, key: str, draft: Document, furthest: int) -> Instance | None:
    """Return one checked instance; None when something in it is wrong."""
    place, before = f"policies.{key}", len(form.problems)
    start = form.date(draft.get("from"), f"{place}.from") if draft.get("from") is not None else None
    end = form.date(draft.get("to"), f"{place}.to") if draft.get("to") is not None else None
    if draft.get("from") is None:
        form.wrong(place, None, "has no `from`; write the date it acts from")
    if start and end and end <= start:
        form.wrong(
            f"{place}.to", draft.get("to"), f"lies before the start {start}; put it later, or leave it out for no end"
        )
    if start and acts_from(start) > furthest:
        remedy = f"would act from September {acts_from(start)}; {too_late(furthest)}"
        form.wrong(f"{place}.from", draft.get("from"), remedy)
    elif start and end and start < end and acts_from(end) <= acts_from(start):
        remedy = (
            f"lies in the school year before {acts_from(start)}, from whose September the policy acts; put it later"
        )
        form.wrong(f"{place}.to", draft.get("to"), remedy)
    measure = draft.get("measure")
    if measure is not None and not isinstance(measure, str):
        form.wrong(f"{place}.measure", measure, "must be the id of a measure")
    settings = _settings(form, place, draft)
    if len(form.problems) > before or settings is None or start is None:
        return None
    return Instance(key, draft["policy"], start, end, settings, measure)


def _settings(form: Form, place: str, draft: Document) -> PolicySettings | None:
    """Return the settings of an entry; None when they, or the policy's name, are wrong."""
    name, known = draft.get("policy"), policies.registry()
    if name is None:
        form.wrong(place, None, "has no `policy`, and the plan has no measure of that id; see `simsim list policies`")
        return None
    if not isinstance(name, str) or name not in known:
        remedy = f"; {RENAMED[name]}" if isinstance(name, str) and name in RENAMED else suggest(str(name), known)
        form.wrong(f"{place}.policy", name, f"is not a policy{remedy}; see `simsim list policies`")
        return None
    return check_settings(form, place, name, {} if draft.get("settings") is None else draft["settings"])


def check_settings(form: Form, place: str, policy: str, settings: object) -> PolicySettings | None:
    """Return settings as the policy's own class reads them; None when something in them is wrong."""
    cls = policies.registry()[policy]
    given = form.mapping(settings, f"{place}.settings")
    try:
        found = cls.Settings.model_validate(given)
    except ValidationError as error:
        for key, value, remedy in _explained(error, cls):
            form.wrong(join(place, "settings", key), value, remedy)
        return None
    for key, value, remedy in [*_without_effect(found), *cls.contradictions(found)]:
        form.wrong(join(place, "settings", key), value, remedy)
    return found


def _without_effect(settings: PolicySettings) -> Iterator[tuple[str, object, str]]:
    """Yield (key, value, remedy) for every setting that was given and cannot matter beside the others."""
    for key in sorted(settings.model_fields_set):
        value, lacking = getattr(settings, key), policies.needed(settings, key)
        if lacking and value != type(settings).model_fields[key].get_default(call_default_factory=True):
            other, values = lacking
            words = " or ".join(map(_word, values))
            yield key, value, f"has no effect unless {other} is {words}; remove it, or set {other}"


def _word(value: object) -> str:
    """Return a value as YAML writes it."""
    return "empty" if value == () else str(value).lower() if isinstance(value, bool) else str(value)


def _explained(error: ValidationError, policy: type[Policy]) -> Iterator[tuple[str, object, str]]:
    """Yield (key, value, remedy) for every complaint of pydantic."""
    for complaint in error.errors(include_url=False):
        key = join(*complaint["loc"])
        if complaint["type"] == "extra_forbidden":
            fields = policy.Settings.model_fields if len(complaint["loc"]) == 1 else ()
            known = f"; known: {', '.join(fields)}" if fields else ""
            yield (
                key,
                complaint["input"],
                f"is not a setting of {policy.name}{suggest(str(complaint['loc'][-1]), fields)}{known}",
            )
        elif complaint["type"] == "missing":
            yield key, None, f"is missing; {policy.name} needs it"
        else:
            message = complaint["msg"].removeprefix("Value error, ")
            yield key, complaint["input"], message[0].lower() + message[1:]


def _check_together(found: Mapping[str, Instance], forms: Mapping[str, Form]) -> None:
    """Note conflicts (two instances that set the same thing at the same time) and requirements that are not met."""
    sets = {key: policies.registry()[i.policy].sets(i.settings) for key, i in found.items()}
    for one, two in combinations(found, 2):
        common = sets[one] & sets[two]
        (first, last), (start, stop) = found[one].years, found[two].years
        if common and first <= stop and start <= last:
            what = ", ".join(sorted(map(str, common)))
            forms[two].wrong(
                f"policies.{two}", None, f"conflicts with {one}: both set {what}; remove one, or let one end first"
            )
    present = {i.policy for i in found.values()}
    for key, i in found.items():
        for needed in policies.registry()[i.policy].requires:
            if needed not in present:
                forms[key].wrong(f"policies.{key}", i.policy, f"requires the policy {needed}; add an instance of it")


def check_district(found: Sequence[Instance], leaf: Form, forms: Mapping[str, Form], district: str) -> None:
    """Let the policies look for schools, clusters and places that the district does not have, nor any of them makes.

    A problem goes to the form of the file that wrote the instance (`forms`, by
    id), else to the scenario's own (`leaf`).
    """
    try:
        if not found:
            district_folder(district)
            return
        data = load_district(district)
    except InputError as error:
        leaf.problems += error.problems
        return
    first = int(data.spec["first_year"])
    for i in found:
        if i.years[1] <= first:
            remedy = f"ends before the September of {first + 1}, the first in which a policy can act; put it later"
            forms.get(i.id, leaf).wrong(join("policies", i.id, "to"), i.end, remedy)
        for name, value, remedy in policies.registry()[i.policy].problems(i.settings, data):
            forms.get(i.id, leaf).wrong(join("policies", i.id, "settings", name), value, remedy)
        others = [policies.registry()[j.policy].sets(j.settings) for j in found if j is not i]
        for name, value, thing in policies.registry()[i.policy].awaits(i.settings, data):
            if not any(thing in made for made in others):
                remedy = f"waits for {thing}, which no other instance opens; add one, or name what is there"
                forms.get(i.id, leaf).wrong(join("policies", i.id, "settings", name), value, remedy)


def check_home(found: Sequence[Instance], leaf: Form, forms: Mapping[str, Form], home: str, district: str) -> None:
    """Note every setting that names schools or areas of the district of the scenario (`home`) when another one is asked
    for: the same keys are other schools there.
    """
    try:
        here, there = load_district(home).name, load_district(district).name
    except InputError:
        return
    for i in found if here != there else ():
        for name in sorted(i.settings.model_fields_set):
            value = getattr(i.settings, name)
            default = type(i.settings).model_fields[name].get_default(call_default_factory=True)
            if value not in (None, (), default) and policies.extras(i.settings, name).get("names"):
                what = policies.extras(i.settings, name)["names"]
                remedy = (
                    f"names {what} of {here}, and this is {there}, where the same keys are others; "
                    f"write those of {there}, with `district: {there}` in the scenario"
                )
                forms.get(i.id, leaf).wrong(join("policies", i.id, "settings", name), value, remedy)
