"""What idioms of Mesa mean in a district whose people are columns and whose draws are keyed: those that cannot mean
anything here are refused with the remedy, never answered wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from inspect import signature
from types import FrameType
from typing import Any, NoReturn, Protocol

import mesa
import numpy as np

from simsim.districts.files import DistrictData
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import last_year_of
from simsim.world.population import Person

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
    """All agents of a district; asked for pupils or teachers, it says where they are (TypeError)."""

    def select(
        self,
        filter_func: Callable[[mesa.Agent], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> object:
        """Select as Mesa does. TypeError for pupils and teachers, who are columns."""
        _no_view(agent_type)
        return super().select(filter_func, at_most, inplace, agent_type)


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

    def run_model(self, to: int | None = None) -> None:
        """Live year after year as Mesa's models do, until the last that can be simulated, or up to and with `to`.

        InputError for a year that is not one of the district's.
        """
        last = None if to is None else last_year_of(to, [self.data])
        while self.running and (last is None or self.year <= last):
            self.step()

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
    if run is None or (seed is not None and (run["iteration"] == 0 or _given(run["kwargs"], seed))):
        return
    remedy = (
        "would repeat one run: give every replication a seed of its own, by batch_run(..., rng=range(1, 31)) in Mesa "
        "3.5, by {'seed': range(1, 31)} among the parameters in Mesa 3.3 (iterations=1); or use "
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
    new = "rng" in signature(mesa.batch_run).parameters
    return new and isinstance(arguments, Mapping) and seed in (arguments.get("seed"), arguments.get("rng"))
