"""What idioms of Mesa mean in a district whose people are columns and whose draws are keyed: those that cannot mean
anything here are refused with the remedy, never answered wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from inspect import signature
from types import FrameType
from typing import Any, NoReturn, Protocol

import mesa
import numpy as np

from simsim.districts.files import DistrictData
from simsim.inputs.errors import InputError, Problem, shorten
from simsim.inputs.numbers import whole
from simsim.inputs.run_limits import last_year_of
from simsim.world.columns import limit_of
from simsim.world.person import Person
from simsim.world.schools import School

SEEDS = (
    "a district is a pure function of its scenario and seed; another replication is District(scenario, seed=2), "
    "many are simsim.Experiment(scenario, seeds=30)"
)
KEYED = (
    "draws of simsim are keyed by (seed, stream, year, id), so that nothing hangs on an order: use "
    "district.uniform(stream, ids), district.normal(stream, ids) or district.chance(stream, ids, p)"
)
COLUMNS = (
    "pupils and teachers are columns, not agents of the model: use district.students and district.teachers, such as "
    "model_reporters={'score': lambda district: district.students.agg('score', np.mean)}"
)
BATCH_RUNNER = "mesa.batchrunner"
NEW = "rng" in signature(mesa.batch_run).parameters
"""Whether this is Mesa 3.5, whose batch runner gives seeds itself."""
STAYS = "is not taken away: people leave by district.leave(ids, reason), schools by the policy merge_schools"
ELSEWHERE = {
    "seed": "it is district.streams.seed",
    "scenario": "it is district.spec",
    "name": "it is district.data.name",
    "time": "it is district.year",
    "copy": "write copy.deepcopy(district), or district.branch(scenario) for another future",
    "schedule": "a year is simsim.year.YEAR, in that order; district.step() lives it",
    "space": "where people live is district.neighbourhoods and district.students.home_x",
    "grid": "where people live is district.neighbourhoods and district.students.home_x",
    "datacollector": "set one: district.datacollector = mesa.DataCollector(...); or take district.tables()",
    "initialize_data_collector": "set one: district.datacollector = mesa.DataCollector(...)",
    "get_agents_of_type": "write district.agents_by_type[School]",
}
"""What users of Mesa look for in a model and do not find in a district, and where it is."""


class Shuffler(Protocol):
    """What Mesa may do with a generator of its own."""

    def shuffle(self, x: list[object], /) -> None:
        """Bring a list into another order, in place."""


class Unkeyed:
    """Stands where Mesa keeps a generator of its own: Mesa may shuffle agents with it, nobody may draw from it."""

    def __init__(self, generator: Shuffler, name: str) -> None:
        self._generator, self._name = generator, name

    def __getattr__(self, method: str) -> Callable[[list[object]], None]:
        if method.startswith("_"):
            raise AttributeError(method)
        if method == "shuffle":
            return self._generator.shuffle
        raise TypeError(f"district.{self._name}.{method} is not used here: {KEYED}")

    def __repr__(self) -> str:
        return f"district.{self._name} is not used here: {KEYED}"


class Kinds(list[type]):
    """The kinds of agents of a district; asked for pupils or teachers, it says where they are (TypeError)."""

    def __contains__(self, kind: object) -> bool:
        _no_view(kind)
        return super().__contains__(kind)


class ByKind(dict[type, object]):
    """Agents by kind; asked for pupils or teachers, it says where they are (TypeError)."""

    def __missing__(self, kind: type) -> NoReturn:
        _no_view(kind)
        raise KeyError(kind)

    def get(self, kind: type, default: object = None) -> object:
        """Return the agents of a kind, or `default`. TypeError for pupils and teachers, who are columns."""
        _no_view(kind)
        return super().get(kind, default)

    def __contains__(self, kind: object) -> bool:
        _no_view(kind)
        return super().__contains__(kind)


def _no_view(kind: object) -> None:
    if isinstance(kind, type) and issubclass(kind, Person):
        raise TypeError(f"there is no agent of the kind {kind.__name__}: {COLUMNS}")


_MesasSet: type[Any] = type(mesa.Model().agents)
"""Mesa's set of all agents of a model: its class has no types, and is another one in 3.3 and in 3.5."""


class Agents(_MesasSet):
    """All agents of a district, or of a kind; asked for pupils or teachers, it says where they are (TypeError)."""

    def select(
        self,
        filter_func: Callable[[mesa.Agent], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> object:
        """Select as Mesa does. TypeError for pupils and teachers, who are columns, and for a filter that is no
        function; InputError for a number that is neither a count nor a share.
        """
        _no_view(agent_type)
        if filter_func is not None and not callable(filter_func):
            raise TypeError(f"{shorten(filter_func)} is no filter: give a function, as lambda school: school.key > 3")
        limit_of(at_most, len(self), "agents: select")
        if inplace and any(self._of_model(agent.model) for agent in list(self)[:1]):
            raise TypeError(f"inplace would leave only some agents in the district, but whoever is in it {STAYS}")
        if agent_type is not None and not (isinstance(agent_type, type) and issubclass(agent_type, mesa.Agent)):
            raise TypeError(f"{shorten(agent_type)} is no kind of agent: give a class, as agent_type=simsim.School")
        return _watched(super().select(filter_func, at_most, inplace, agent_type))

    def shuffle(self, inplace: bool = False) -> object:
        """Shuffle as Mesa does; what comes of it refuses what this does."""
        return _watched(super().shuffle(inplace))

    def sort(self, key: Callable[[mesa.Agent], object] | str, ascending: bool = False, inplace: bool = False) -> object:
        """Sort as Mesa does; what comes of it refuses what this does."""
        return _watched(super().sort(key, ascending, inplace))

    def groupby(self, by: Callable[[mesa.Agent], object] | str, result_type: str = "agentset") -> object:
        """Group as Mesa does; each group refuses what this does. ValueError for another kind of result."""
        if result_type not in ("agentset", "list"):
            raise ValueError(f"result_type = {result_type!r}: must be agentset or list")
        found = super().groupby(by, result_type)
        for group in found.groups.values():
            _watched(group)
        return found

    def agg(self, attribute: str, func: Callable[..., object] | Sequence[Callable[..., object]]) -> object:
        """Compute as Mesa does. TypeError for what is neither a function nor a list of some."""
        listed = func if isinstance(func, list | tuple) else [func]
        if not listed or not all(map(callable, listed)):
            raise TypeError(f"agg takes a function such as np.mean, or a list of them, not {shorten(func)}")
        return super().agg(attribute, func)

    def discard(self, agent: mesa.Agent) -> None:
        """Take an agent out of a selection. TypeError for a school, where these are all of a district's or of a kind,
        for it would go on teaching.
        """
        self._keep_schools(agent)
        super().discard(agent)

    def remove(self, agent: mesa.Agent) -> None:
        """Take an agent out as `discard` does; KeyError when it is not here."""
        self._keep_schools(agent)
        super().remove(agent)

    def _keep_schools(self, agent: object) -> None:
        if isinstance(agent, School) and self._of_model(agent.model):
            raise TypeError(f"{agent!r} {STAYS}")

    def _of_model(self, model: object) -> bool:
        """Whether these are the model's own agents, all or of a kind, and no selection of them."""
        held = (getattr(model, "_all_agents", None), *getattr(model, "_agents_by_type", {}).values())
        return any(one is self for one in held)

    def add(self, agent: mesa.Agent) -> None:
        """Add an agent. TypeError for pupils and teachers, who are columns."""
        _no_view(type(agent))
        super().add(agent)


def _watched(found: object) -> object:
    """Return a set of Mesa's as one of this class, where it is of the class that this one refines."""
    if type(found) is not Agents and issubclass(Agents, type(found)):
        found.__class__ = Agents
    return found


class Idioms(mesa.Model):
    """A Mesa model that refuses what would be answered wrongly; `datacollector` may be set, as Mesa's models do."""

    datacollector: mesa.DataCollector
    data: DistrictData
    year: int

    def refuse_draws(self) -> None:
        """Let nobody draw from Mesa's own generators, and let nobody look for pupils among the agents."""
        self.random: Unkeyed = Unkeyed(self.random, "random")
        self.rng: Unkeyed = Unkeyed(self.rng, "rng")
        self._agents_by_type: dict[type, object] = ByKind(vars(self)["_agents_by_type"])
        self._all_agents.__class__ = Agents

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take in an agent as Mesa does."""
        super().register_agent(agent)
        self._agents_by_type[type(agent)].__class__ = Agents

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Let an agent go as Mesa does. TypeError for a school, which would go on teaching."""
        if isinstance(agent, School):
            raise TypeError(f"{agent!r} {STAYS}")
        super().deregister_agent(agent)

    def remove_all_agents(self) -> NoReturn:
        """Refuse (TypeError): schools would go on teaching."""
        raise TypeError(f"a district's people and schools stay in it: what is here {STAYS}")

    def run_model(self, to: int | None = None) -> None:
        """Live year after year as Mesa's models do, until the last that can be simulated, or up to and with `to`.

        InputError for a year that is not one of the district's.
        """
        last = None if to is None else last_year_of(to, [self.data])
        while self.running and (last is None or self.year <= last):
            self.live_a_year()

    def live_a_year(self) -> None:
        """Call `step`. TypeError when it lives no year, for then whoever waits for a year waits for ever."""
        before = self.year
        self.step()
        if self.year == before:
            raise TypeError(f"{type(self).__name__}.step lives no year; call super().step() in it")

    def _wrapped_step(self, *args: object, **more: object) -> None:
        """Step as Mesa does; one that was refused is not counted, and the next one is a step again (in Mesa 3.5, whose
        schedule an error ends, no later step would do anything).
        """
        steps, time = vars(self)["steps"], getattr(self, "time", None)
        try:
            super()._wrapped_step(*args, **more)
        except BaseException:
            self.steps: int = steps
            schedule = vars(self).get("_default_schedule")
            if schedule is not None and time is not None:
                self.time: float = time
                schedule.stop()
                schedule._active = True
                schedule._schedule_next(time + 1.0)
            raise

    def run_for(self, duration: float) -> None:
        """Live so many school years, as Mesa 3.5's models do; InputError for no whole number of years, and for more
        than can be simulated.
        """
        years = whole(int(duration) if isinstance(duration, float) and duration.is_integer() else duration)
        if years is None or years < 1:
            raise InputError(Problem("district", "run_for", duration, "must be a whole number of years, at least 1"))
        last_year_of(self.year + years - 1, [self.data])
        for _ in range(years):
            self.live_a_year()

    def run_until(self, end_time: float) -> NoReturn:
        """Refuse: Mesa's time is no year."""
        raise TypeError("run_until would count Mesa's steps; write district.run(to=2020), or district.run_for(3)")

    def end(self) -> None:
        """Let `run_model` and `batch_run` stop: the last year is lived."""
        self.running = False

    @property
    def agent_types(self) -> list[type]:
        """The kinds of agents that there are."""
        return Kinds(self._agents_by_type)

    def reset_rng(self, rng: object = None) -> NoReturn:
        """Refuse: a district is made anew."""
        raise TypeError(f"reset_rng has no meaning here: {SEEDS}")

    def reset_randomizer(self, seed: object = None) -> NoReturn:
        """Refuse: a district is made anew."""
        raise TypeError(f"reset_randomizer has no meaning here: {SEEDS}")


def the_seed(seed: int, rng: object) -> int:
    """Return the seed of a district that may be asked for in Mesa's word `rng`; InputError for a generator, which
    would be drawn from in an order, and for two different seeds.
    """
    if rng is None:
        return seed
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer):
        raise InputError(Problem("district", "rng", rng, f"must be a whole number, the seed; {SEEDS}"))
    if seed not in (1, None, rng):
        raise InputError(Problem("district", "rng", rng, f"is another seed than seed={seed}; give one of them"))
    return int(rng)


def refuse_repeats(seed: object) -> None:
    """Raise InputError when `mesa.batch_run` makes this district without a seed of its own, or the same run again."""
    run = _batch_run()
    if run is None or _given(run["kwargs"], seed):
        return
    if seed is not None and run["iteration"] == 0 and not _left_out(run["kwargs"]):
        return
    remedy = (
        "would repeat one run: give every replication a seed of its own, by batch_run(..., rng=range(1, 31)) in Mesa "
        "3.5, by {'seed': range(1, 31)} (or 'rng', as your model calls it) among the parameters in Mesa 3.3 "
        "(iterations=1), of which Mesa 3.5 would keep nothing; or use "
        "simsim.Experiment(scenario, seeds=30)"
    )
    raise InputError(Problem("batch_run", "seed", seed, remedy))


def _batch_run() -> Mapping[str, object] | None:
    """Return what Mesa's batch runner knows of the run that is being made; None when it makes none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") == BATCH_RUNNER and {"iteration", "kwargs"} <= set(frame.f_locals):
            return frame.f_locals
        frame = frame.f_back
    return None


def _given(arguments: object, seed: object) -> bool:
    """Whether the batch runner gives each iteration a seed of its own (Mesa 3.5), and this is it."""
    return seed is not None and NEW and isinstance(arguments, Mapping) and seed in arguments.values()


def _left_out(arguments: object) -> bool:
    """Whether the batch runner was given no seeds (Mesa 3.5): it puts none in the place of whatever was among the
    parameters, {"seed": range(1, 31)} too.
    """
    return NEW and isinstance(arguments, Mapping) and any(arguments.get(key, 0) is None for key in ("seed", "rng"))
