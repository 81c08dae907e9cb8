"""The contract of policies: what each promises, whoever wrote it. `check_policy` holds a class to all of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from simsim.base.streams import Streams
from simsim.district import District
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.parameters import load
from simsim.policy import PHASES, Policy, find, flaws, registered, registry
from simsim.policy import register as make_known
from simsim.rules.class_warning import INSTANCE as LAW
from simsim.rules.families import EVER
from simsim.studies.years import after, first_day

SEED = 3
ID = "trial"
SECOND, THIRD = 1, 2
"""Years after the first in which a policy on trial starts, and starts later."""
LAST = 2016
CLOSER_THAN_POLICIES = ("simsim.base.", "simsim.world.", "simsim.district", "simsim.policies.shared.", __name__)
"""Modules that stand between a policy's code and the draw that it asks for."""

Complaint = tuple[str, object, str]


@dataclass(frozen=True)
class Trial:
    """A policy on trial in the default district up to the year `last`: each run is the baseline and what it needs."""

    cls: type[Policy]
    last: int = LAST

    def district(self, settings: Mapping[str, object], start: str = "") -> District:
        """Return a district in its first year that has the policy from `start` on."""
        entry = {"policy": self.cls.name, "from": start or first_day(SECOND), "settings": dict(settings)}
        return _district(needed(self.cls) | {ID: entry})

    def without(self, to: int) -> District:
        """Return the district that lacks only this policy, lived up to a year."""
        return _without(tuple(find(name) for name in self.cls.requires), to)

    @cached_property
    def at_defaults(self) -> tuple[District, frozenset[str]]:
        """The district that lived under the policy's defaults, and the streams that the policy's own code drew from."""
        with _listening(self.cls) as heard:
            district = self.district({}).run(to=self.last)
        return district, frozenset(heard)


def needed(cls: type[Policy], start: str = "") -> dict[str, object]:
    """Return instances of what a policy requires, and of what those require, as they come from their defaults."""
    found: dict[str, object] = {}
    start = start or first_day(SECOND)
    for name in cls.requires:
        found |= {f"needed-{name}": {"policy": name, "from": start}} | needed(find(name), start)
    return found


def _district(policies: Mapping[str, object]) -> District:
    return District({"name": "trial", "extends": "baseline", "policies": policies}, seed=SEED)


@lru_cache(maxsize=4)
def _without(required: tuple[type[Policy], ...], to: int) -> District:
    policies = {f"needed-{cls.name}": {"policy": cls.name, "from": first_day(SECOND)} for cls in required}
    return _district(policies | {key: entry for cls in required for key, entry in needed(cls).items()}).run(to=to)


def differences(one: District, two: District) -> Iterator[str]:
    """Yield every column of a person, and every table but that of touched agents, that is not the same bit for bit."""
    for kind in ("students", "teachers"):
        mine, other = getattr(one, kind).columns, getattr(two, kind).columns
        for column in mine:
            if not np.array_equal(mine[column], other[column], equal_nan=mine[column].dtype.kind == "f"):
                yield f"{kind}.{column}"
    tables, others = one.tables(), two.tables()
    yield from (f"table {name}" for name in sorted(set(tables) - {"touched"}) if not tables[name].equals(others[name]))


# ---- what is promised: each yields (key, value, remedy) for every breach ----


def is_described(trial: Trial) -> Iterator[Complaint]:
    """It says what it is, in both languages, and does something in a phase, to a rate or before the first year."""
    cls = trial.cls
    if cls.zero is Policy.zero:
        yield "zero", None, "is missing; write the settings at which the policy does nothing, as zero = {'share': 0.0}"
    if cls.title["zh"].strip() in ("", cls.title["en"].strip()) or not cls.title["en"].strip():
        yield "title", dict(cls.title), "needs different words in zh and en"
    if not cls.__doc__:
        yield "__doc__", None, "is missing; say in a sentence what the policy does"
    if cls.rates and cls.rate is Policy.rate:
        yield "rates", cls.rates, "are named but nothing multiplies them; write rate(self, name, district)"
    if not (cls.rates or cls.begin is not Policy.begin or any(hasattr(cls, phase) for phase in PHASES)):
        yield "", None, f"does nothing; write a hook ({', '.join(PHASES)}) or name a rate"


def has_units_and_sources(trial: Trial) -> Iterator[Complaint]:
    """Every setting has a unit and a source, and names a parameter only if there is one."""
    for key, field in trial.cls.Settings.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        if not (extra.get("unit") and extra.get("source")):
            yield (
                f"Settings.{key}",
                None,
                "has no unit or source; declare it with setting(..., unit=..., source=...)",
            )
        if extra.get("parameter") and extra["parameter"] not in load():
            yield f"Settings.{key}", extra["parameter"], "is not a parameter; see `simsim list parameters`"


def is_inert_at_zero(trial: Trial) -> Iterator[Complaint]:
    """At its zero dose it changes nothing, bit for bit."""
    district = trial.district(trial.cls.zero).run(to=trial.last)
    found = list(differences(district, trial.without(trial.last)))
    if found:
        yield "zero", trial.cls.zero, f"changes {_some(found)}; at zero a policy must do nothing at all"


def waits_for_its_date(trial: Trial) -> Iterator[Complaint]:
    """Before its date it changes nothing, bit for bit."""
    later, before = first_day(THIRD), after(THIRD) - 1
    found = list(differences(trial.district({}, later).run(to=before), trial.without(before)))
    if found:
        yield "", None, f"changes {_some(found)} before its date; act in the hooks, not in begin() or problems()"


def survives(trial: Trial) -> Iterator[Complaint]:
    """From its defaults and at the ends of its range it runs, and scores stay numbers.

    InputError when its settings are refused.
    """
    for settings in ({}, *trial.cls.extremes):
        try:
            district = trial.district(settings).run(to=LAST) if settings else trial.at_defaults[0]
        except InputError:
            raise
        except Exception as error:
            yield (
                "extremes" if settings else "",
                settings or None,
                f"raised {type(error).__name__} in a trial run: {error}",
            )
            continue
        table = district.tables()["district_year"]
        scores = table[(table["indicator"] == "score") & (table["group"] == "all")]["value"]
        if not (len(district.students) and np.isfinite(scores).all()):
            yield "extremes", settings, "leaves no pupils, or scores that are no numbers"


def books_under_its_id(trial: Trial) -> Iterator[Complaint]:
    """What it spends is booked under its instance's id, as finite sums."""
    costs = trial.at_defaults[0].tables()["costs"]
    known = {*trial.without(trial.last).tables()["costs"]["instance"], ID, LAW}
    foreign = set(costs["instance"]) - known
    if foreign:
        yield "spend", sorted(foreign), "is no instance of the scenario; book costs with district.spend(self.id, ...)"
    if not np.isfinite(costs["value"]).all():
        yield "spend", None, "booked a sum that is no number"


def depends_on_no_other_run(trial: Trial) -> Iterator[Complaint]:
    """Two runs with one seed, lived year about in one process, are the same: no state is shared, no draw unkeyed."""
    one, two = trial.district({}), trial.district({})
    for year in range(one.first_year, trial.last + 1):
        two.run(to=year)
        one.run(to=year)
    found = {*differences(one, two), *differences(one, trial.at_defaults[0])}
    if found:
        remedy = "keep state on self (not on the class) and draw by district.chance, uniform or normal only"
        yield "", None, f"{_some(sorted(found))} depend on what else was run before; {remedy}"


def draws_from_its_own_streams(trial: Trial) -> Iterator[Complaint]:
    """The streams its code draws from in a year start with its instance's id; lasting traits of persons are common."""
    foreign = sorted(stream for stream in trial.at_defaults[1] if not stream.startswith(f"{ID}/"))
    if foreign:
        yield "stream", foreign, 'is not the policy\'s own; name streams by self.stream("decision")'


PROMISES: tuple[Callable[[Trial], Iterator[Complaint]], ...] = (
    is_described,
    has_units_and_sources,
    is_inert_at_zero,
    waits_for_its_date,
    survives,
    books_under_its_id,
    depends_on_no_other_run,
    draws_from_its_own_streams,
)


def check_policy(cls: type[Policy]) -> None:
    """Hold a policy class to the contract, on short runs of the default district (seconds); silent when all is well.

    InputError names every promise that it breaks: a complete class with `zero`, units and sources; inert at zero and
    before its date, bit for bit; alive at its defaults and `extremes`; costs under its id; the same whatever else was
    run; draws from its own streams. The class need not be registered.

    >>> import simsim
    >>> from simsim.policies.coaching import Coaching
    >>> simsim.check_policy(Coaching)
    """
    place = getattr(cls, "__qualname__", "policy")
    problems = [Problem(place, *flaw) for flaw in flaws(cls)]
    if problems:
        raise InputError(problems)
    with _known(cls):
        trial = Trial(cls)
        for promise in PROMISES:
            problems += [problem for problem in _breaches(promise, trial, place) if problem not in problems]
    if problems:
        raise InputError(problems)


def _breaches(promise: Callable[[Trial], Iterator[Complaint]], trial: Trial, place: str) -> list[Problem]:
    """Return what breaks a promise; a run that fails breaks it too."""
    try:
        return [Problem(place, *complaint) for complaint in promise(trial)]
    except InputError as error:
        return error.problems
    except Exception as error:  # whatever somebody's policy may raise
        return [Problem(place, "", None, f"raised {type(error).__name__} in a trial run: {error}")]


@contextmanager
def _known(cls: type[Policy]) -> Iterator[None]:
    """Have a class in the registry for a while, and leave the registry as it was."""
    before = dict(registered)
    if registry().get(cls.name) is not cls:
        make_known(cls)
    try:
        yield
    finally:
        registered.clear()
        registered.update(before)
        registry.cache_clear()


@contextmanager
def _listening(cls: type[Policy]) -> Iterator[set[str]]:
    """Collect the streams that the modules of a policy class draw from in a year, while runs go on as ever."""
    modules = {base.__module__ for base in cls.__mro__} - {Policy.__module__, "builtins"}
    heard: set[str] = set()
    key = Streams._key

    def listen(self: Streams, stream: str, year: int) -> NDArray[np.uint64]:
        if year != EVER and _asked_by() in modules:
            heard.add(stream)
        return key(self, stream, year)

    Streams._key = listen  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        Streams._key = key  # type: ignore[method-assign]


def _asked_by() -> str:
    """Return the module of the nearest code on the stack that is neither a draw nor the district."""
    frame = sys._getframe(1)
    while frame.f_back and str(frame.f_globals.get("__name__")).startswith(CLOSER_THAN_POLICIES):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__"))


def _some(names: list[str], most: int = 3) -> str:
    """Return the first few names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
