"""What a policy is: dated data first, one small class second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, ClassVar, TypeAlias, TypedDict, Unpack

from pydantic import ConfigDict, Field

from simsim.base.calendar import acts_from
from simsim.base.displays import Shown
from simsim.districts.files import DistrictData
from simsim.inputs.documents import Document, Draft
from simsim.inputs.effect import Around, Vain
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.exact import Exact
from simsim.world.rates import RATES, Multiple
from simsim.world.world import World

PHASES = ("budget", "build", "admit", "staff", "teach", "assess", "settle")
GROUP = "simsim.policies"
SHIPPED = "simsim.policies"


class PolicySettings(Exact):
    """Settings of a policy: frozen; a misspelt key is an error, and so is a number in quotes or a yes for a number."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Own: TypeAlias = Any
"""Settings of the policy's own class: its methods ask for that class, which no type of them all would let them."""


class Limits(TypedDict, total=False):
    """Limits of a setting, as pydantic's Field names them."""

    gt: float
    ge: float
    lt: float
    le: float
    multiple_of: float
    min_length: int
    max_length: int
    pattern: str
    strict: bool


def setting(
    default: object = None,
    *,
    unit: str,
    source: str = "judgement",
    parameter: str | None = None,
    only_with: Mapping[str, Sequence[object]] | None = None,
    only_above: Sequence[str] = (),
    names: str = "",
    **limits: Unpack[Limits],
) -> Any:  # as pydantic's Field, for it stands where the setting's own type is declared
    """Declare one setting: its default, unit, source, limits (`ge`, `le`, ...).

    A setting with a `parameter` and the default None takes the parameter's value of the replication, so that its
    uncertainty reaches the result; a number in the scenario replaces it. `only_with` names the values of other settings
    without which it cannot matter: a scenario that sets it none the less is refused. `only_above` names doses: where
    all of them are zero, as they may be at the end of a sweep, the setting cannot matter and is named for it. `names`
    says what its keys are keys of ("schools", "areas"): such a setting belongs to one district, and is refused on
    another.

    >>> import simsim
    >>> class Settings(simsim.PolicySettings):
    ...     share: float = simsim.setting(0.1, unit="share of teachers", ge=0, le=1)
    >>> Settings().share, Settings.model_fields["share"].json_schema_extra["unit"]
    (0.1, 'share of teachers')
    """
    if unknown := sorted(set(limits) - set(Limits.__annotations__)):
        known = sorted(Limits.__annotations__)
        raise TypeError(
            f"a setting has no limit {unknown[0]}{suggest(unknown[0], known)}; there are {', '.join(known)}"
        )
    extra: Draft = {"unit": unit, "source": parameter or source, "parameter": parameter}
    if only_with:
        extra["only_with"] = {key: list(values) for key, values in only_with.items()}
    if only_above:
        extra["only_above"] = list(only_above)
    if names:
        extra["names"] = names
    return Field(default, json_schema_extra=extra, **limits)


def extras(settings: type[PolicySettings] | PolicySettings, field: str) -> Document:
    """Return what `setting` noted of a field: its unit, source, parameter, and what it needs to matter."""
    model = settings if isinstance(settings, type) else type(settings)
    extra = model.model_fields[field].json_schema_extra
    return extra if isinstance(extra, Mapping) else {}


def needed(settings: PolicySettings, field: str) -> tuple[str, Sequence[object]] | None:
    """Return the other setting, and its values, without which a field of these settings cannot matter; else None."""
    for key, values in extras(settings, field).get("only_with", {}).items():
        if getattr(settings, key) not in values:
            return key, values
    return None


class Policy(Shown):
    """One instance of a policy in a scenario.

    Subclasses name themselves, declare `Settings`, and define the phases they act in: `budget`, `build`,
    `admit`, `staff`, `teach`, `assess`, `settle`, each called with the district in every year the instance
    is active; `rate(name, district)` returns the multiplier on a named rate listed in `rates`. Random draws
    use streams that start with the instance's id. A policy works from its defaults; `zero` are the settings
    at which it does nothing at all, `extremes` settings at the ends of their range that it must survive
    (the tests run both for every policy in the registry). `doses` are groups of settings: where one whole group is at
    zero (or at what `zero` says) the instance does nothing, and a scenario is told so.

    `planned` says what the instance wants to spend this year; when the scenario's budget binds, `funded` is the share
    of it that it gets: a `divisible` measure does that share of what it would do, another one waits until it gets all.
    What is `committed`, such as a building that was begun, is paid in any case.

    >>> import simsim
    >>> class Calm(simsim.Policy):
    ...     name, title, rates = "calm", {"zh": "安定", "en": "Calm"}, ("staff/exit",)
    ...     def rate(self, name, district):
    ...         return 0.5
    >>> calm = Calm("x", Calm.Settings(), date(2015, 9, 1), None)
    >>> calm.active(2014), calm.active(2015), calm.stream("who")
    (False, True, 'x/who')
    """

    name: ClassVar[str]
    title: ClassVar[Mapping[str, str]]
    rates: ClassVar[tuple[str, ...]] = ()
    requires: ClassVar[tuple[str, ...]] = ()
    touches: ClassVar[str] = "schools"
    effect: ClassVar[str] = "none claimed"
    zero: ClassVar[Mapping[str, object]] = {}
    doses: ClassVar[Sequence[Sequence[str]]] = ()
    extremes: ClassVar[Sequence[Mapping[str, object]]] = ()
    divisible: ClassVar[bool] = True
    Settings: ClassVar[type[PolicySettings]] = PolicySettings
    settings: PolicySettings

    def __init__(
        self, instance: str, settings: PolicySettings, start: date, end: date | None, measure: str | None = None
    ):
        self.id = instance
        self.settings = settings
        self.start = start
        self.first_year = acts_from(start)
        self.last_year = None if end is None else acts_from(end) - 1
        self.measure = measure
        self.touched = 0
        self.funded = 1.0
        self.committed = False
        self.done: dict[str, int] = {}
        self.prepare()

    def __setattr__(self, name: str, value: object) -> None:
        if name in _fields(type(self).Settings) and not hasattr(type(self), name):
            raise AttributeError(
                f"{name} is a setting of {type(self).name}: settings stay as the scenario says; write them there, or "
                "give policy.settings anew"
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    def prepare(self) -> None:
        """Set up what the instance remembers: nothing, unless a policy says otherwise."""

    @classmethod
    def sets(cls, settings: Own) -> set[str]:
        """Return what an instance sets outright; two instances that set the same thing are a conflict."""
        return set()

    @classmethod
    def awaits(cls, settings: Own, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Return (key, value, thing) for things that another instance must set (`sets`), or a setting waits forever."""
        return ()

    @classmethod
    def behind(cls, settings: Own, field: str) -> str | None:
        """Return the parameter whose value a setting takes where the scenario leaves it open; None if there is none."""
        model: type[PolicySettings] = type(settings)
        return _parameter_behind(model, field)

    @classmethod
    def unread(cls, settings: Own, p: Mapping[str, float]) -> set[str]:
        """Return the parameters that an instance with these settings does not read, though the policy may: those that
        a setting replaces or keeps from mattering. `p` are the parameters as the scenario sets them.
        """
        fields = {name: cls.behind(settings, name) for name in type(settings).model_fields}
        behind = {name: parameter for name, parameter in fields.items() if parameter}
        read = {q for name, q in behind.items() if getattr(settings, name) is None and not needed(settings, name)}
        return set(behind.values()) - read

    @classmethod
    def contradictions(cls, settings: Own) -> Sequence[tuple[str, object, str]]:
        """Return (key, value, remedy) for settings that cannot act beside the others and are refused."""
        return ()

    @classmethod
    def in_vain(cls, settings: Own, around: Around) -> Sequence[Vain]:
        """Return the settings that cannot matter with what stands around them; beyond `doses` and `only_above`."""
        return ()

    @classmethod
    def problems(cls, settings: Own, data: DistrictData) -> Sequence[tuple[str, object, str]]:
        """Return (key, value, remedy) for settings that do not fit the district."""
        return ()

    def active(self, year: int) -> bool:
        """Whether the instance acts in this school year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def value(self, district: World, field: str) -> float:
        """Return a number that is set, or the value of the parameter behind it where the scenario left it open."""
        number: float = getattr(self.settings, field)
        if number is not None:
            return number
        parameter = self.behind(self.settings, field)
        return district.p[parameter] if parameter else number

    def stream(self, decision: str) -> str:
        """Return the name of a stream of this instance."""
        return f"{self.id}/{decision}"

    def begin(self, district: World) -> None:
        """Prepare before the first year: nothing, unless a policy says otherwise."""

    def rate(self, name: str, district: World) -> Multiple:
        """Return the multiplier on a named rate, a number or one for each person at
        risk: 1 unless a policy says otherwise.
        """
        return 1.0

    def changes_heads(self, district: World) -> bool:
        """Whether it can change how many pupils or teachers there are, as every policy may unless it says otherwise;
        one that cannot is left out where only heads are counted, to solve a world (docs/decisions/13-worlds.md).
        """
        return True

    def planned(self, district: World) -> tuple[float, float]:
        """Return what the instance wants to spend this year, capital
        and running (yuan); asked before the year begins.
        """
        return 0.0, 0.0

    def instruct(self, district: World) -> None:
        """Tell this year's rules what to do (`district.instructions`),
        once its money is granted: nothing by default.
        """

    def act(self, phase: str, district: World) -> None:
        """Run the hook of a phase, if this policy has one."""
        hook = getattr(self, phase, None)
        if hook is not None:
            hook(district)


@cache
def _fields(settings: type[PolicySettings]) -> frozenset[str]:
    """Return the names of settings; pydantic takes long to say them, and policies write down what they do all year."""
    return frozenset(settings.model_fields)


@cache
def _parameter_behind(settings: type[PolicySettings], field: str) -> str | None:
    """Return the parameter that stands behind a setting which the scenario leaves open."""
    extra = settings.model_fields[field].json_schema_extra
    parameter = extra.get("parameter") if isinstance(extra, dict) else None
    return str(parameter) if parameter else None


@cache
def registry() -> dict[str, type[Policy]]:
    """Return every policy by name: simsim's own, and those that other packages offer under `simsim.policies`.

    InputError names every class that is no complete policy, and every name that is taken twice.
    """
    spec = find_spec(SHIPPED)
    places = spec.submodule_search_locations if spec else None
    own = [cls for module in iter_modules(places) for cls in _classes(f"{SHIPPED}.{module.name}")]
    offered = [(cls.__module__, cls) for cls in own] + [
        (_place(point), _loaded(point)) for point in entry_points(group=GROUP)
    ]
    problems = [Problem(place, key, value, remedy) for place, cls in offered for key, value, remedy in flaws(cls)]
    if problems:
        raise InputError(problems)
    found: dict[str, type[Policy]] = {}
    for place, cls in offered:
        if found.setdefault(cls.name, cls) is not cls:
            raise InputError(
                Problem(
                    place, "name", cls.name, f"is already the name of {found[cls.name].__module__}; give yours another"
                )
            )
    return dict(sorted((registered | found).items()))


def flaws(cls: object) -> Iterator[tuple[str, object, str]]:
    """Yield (key, value, remedy) for whatever a class lacks to be a policy."""
    if not (isinstance(cls, type) and issubclass(cls, Policy)):
        yield "", cls, "is not a class derived from simsim.policy.Policy"
        return
    if not isinstance(getattr(cls, "name", None), str):
        yield "name", None, "is missing; give the class a name, the word that scenarios use"
    title = getattr(cls, "title", None)
    if not (isinstance(title, Mapping) and {"zh", "en"} <= set(title)):
        yield "title", title, "must be {zh: ..., en: ...}"
    for rate in set(cls.rates) - set(RATES):
        yield "rates", rate, f"is not a named rate{suggest(rate, RATES)}; docs/ODD.md lists them"
    if not issubclass(cls.Settings, PolicySettings):
        yield "Settings", cls.Settings, "must be derived from simsim.policy.PolicySettings"


def _place(point: EntryPoint) -> str:
    return f"entry point {point.name} = {point.value} of {point.dist.name if point.dist else 'a package'}"


def _loaded(point: EntryPoint) -> type[Policy]:
    """Return what an entry point offers, said to be a policy; `flaws` looks whether it is."""
    try:
        offered: type[Policy] = point.load()
        return offered
    except Exception as error:  # whatever another package's import may raise
        remedy = f"cannot be loaded ({type(error).__name__}: {error}); repair or uninstall that package"
        raise InputError(Problem(_place(point), "", None, remedy)) from error


def _classes(module: str) -> list[type[Policy]]:
    """Return the policies that a module of simsim.policies defines itself."""
    members = vars(import_module(module)).values()
    return [m for m in members if isinstance(m, type) and issubclass(m, Policy) and m.__module__ == module]


registered: dict[str, type[Policy]] = {}


def register(cls: type[Policy]) -> type[Policy]:
    """Make a policy known that was written in a notebook or a script: put `@simsim.register` over the class.

    InputError for a class that is no complete policy and for a name that simsim or another package already uses;
    registering again replaces what was registered.

    >>> import simsim
    >>> @simsim.register
    ... class Calm(simsim.Policy):
    ...     name, title, rates = "calm_again", {"zh": "安定", "en": "Calm"}, ("staff/exit",)
    ...     def rate(self, name, district):
    ...         return 0.5
    >>> policies = {"x": {"policy": "calm_again", "from": "2015-09-01"}}
    >>> [i.id for i in simsim.Scenario.load({"extends": "baseline", "policies": policies}).instances]
    ['x']
    """
    problems = [
        Problem(getattr(cls, "__qualname__", "policy"), key, value, remedy) for key, value, remedy in flaws(cls)
    ]
    if problems:
        raise InputError(problems)
    if cls.name in registry() and cls.name not in registered:
        raise InputError(Problem("policies", "name", cls.name, "is a policy already; give yours another name"))
    registered[cls.name] = cls
    registry.cache_clear()
    return cls


def find(name: str) -> type[Policy]:
    """Return the policy called `name`; InputError with a suggestion when there is none."""
    if name not in registry():
        raise InputError(
            Problem("policies", "policy", name, f"not a policy{suggest(name, registry())}; see `simsim list policies`")
        )
    return registry()[name]
