"""What the user of an experiment asked for: checked as a whole before anything is written."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice, pairwise
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

import numpy as np
import pandas as pd

from simsim.conditioning.numbers import known_in
from simsim.districts.files import DistrictData, load_district
from simsim.experiments.filters import plain
from simsim.inputs import numbers
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import at_least_one, seed_of
from simsim.policy import Policy, find, registry
from simsim.scenarios.scenario import Scenario

Asked: TypeAlias = str | Path | Document | Scenario
"""A scenario as it is asked for: by name, file or content, or ready."""
Place: TypeAlias = str | DistrictData | None
"""The district that replaces that of the scenarios: by name or folder, or its data."""
MOST_NAMES = 3
FIRST_SEED = 1
MOST_SEEDS = 100_000


def scenarios_of(scenarios: Asked | Iterable[Asked], district: Place = None) -> list[Scenario]:
    """Return the scenarios; InputError with all their problems at once."""
    place = str(district) if isinstance(district, str | Path) else None
    listed = _listed(scenarios)
    found, problems = [], []
    for scenario in listed:
        try:
            found.append(Scenario.load(scenario, place))
        except InputError as error:
            problems += error.problems
    found = _together(found) if district is None and not problems else found
    names = [scenario.name for scenario in found]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    problems += [Problem("experiment", "scenarios", name, "is named twice; keep one") for name in twice]
    problems += _alike(list(dict.fromkeys(names)))
    if not listed:
        problems.append(
            Problem("experiment", "scenarios", None, "is empty; name a scenario, see `simsim list scenarios`")
        )
    if problems:
        raise InputError(problems)
    return found


def _alike(names: list[str]) -> list[Problem]:
    """Return a problem for each name that differs from one before it by case or by the form of its letters alone."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(folded(name), name)
    remedy = "differs from {} by case alone, and where file names are folded one would replace the other; rename one"
    return [
        Problem("experiment", "scenarios", name, remedy.format(first[folded(name)]))
        for name in names
        if first[folded(name)] != name
    ]


def folded(name: str) -> str:
    """Return a name as a file system that takes no notice of case and of the form of letters has it."""
    return normalize("NFKC", normalize("NFKC", name).casefold())


def _together(scenarios: list[Scenario]) -> list[Scenario]:
    """Let scenarios that name no district (as `baseline`) run on that of the others, if these name just one."""
    said = {scenario.district for scenario in scenarios if not scenario.anywhere}
    if len(said) != 1:
        return scenarios
    return [Scenario.load(one, *said) if one.anywhere else one for one in scenarios]


def seeds_of(seeds: int | Iterable[int], first: int) -> list[int]:
    """Return the seeds in order; InputError when they are none, too many, no whole numbers, or one is named twice."""
    seeds = plain(seeds)
    if numbers.whole(seeds) is not None:
        number, start = at_least_one("seeds", seeds), at_least_one("first_seed", first)
        if number > MOST_SEEDS:
            raise InputError(Problem("experiment", "seeds", number, f"must be at most {MOST_SEEDS:,}"))
        seeds = range(start, start + number)
        first = FIRST_SEED
    if isinstance(seeds, str | bytes | Mapping | pd.DataFrame) or not isinstance(seeds, Iterable):
        raise InputError(
            Problem("experiment", "seeds", seeds, "must be a number of replications, or the seeds themselves")
        )
    if first != FIRST_SEED:
        remedy = "has no effect beside the seeds themselves; give it with a number of replications, or leave it out"
        raise InputError(Problem("experiment", "first_seed", first, remedy))
    listed = list(islice(seeds, MOST_SEEDS + 1))
    if not listed:
        raise InputError(Problem("experiment", "seeds", listed, "is empty; give at least one seed"))
    if len(listed) > MOST_SEEDS:
        raise InputError(Problem("experiment", "seeds", None, f"must be at most {MOST_SEEDS:,} seeds"))
    found = sorted(seed_of(seed, "seeds") for seed in listed)
    if twice := sorted({one for one, other in pairwise(found) if one == other}):
        remedy = "is named twice, and would be run once; name each seed once"
        raise InputError([Problem("experiment", "seeds", seed, remedy) for seed in twice[:MOST_NAMES]])
    return found


def _listed(scenarios: Asked | Iterable[Asked]) -> list[Asked]:
    """Return one scenario, or several in any collection, as a list: a set in alphabetical order, for it has none."""
    scenarios = plain(scenarios)
    if isinstance(scenarios, pd.DataFrame):
        raise InputError(Problem("experiment", "scenarios", scenarios, "is a table; name scenarios, in a list"))
    if isinstance(scenarios, str | bytes | Path | Mapping | Scenario) or not isinstance(scenarios, Iterable):
        return [scenarios]
    listed = [str(one) if isinstance(one, np.str_) else one for one in scenarios]
    return sorted(listed, key=str) if isinstance(scenarios, AbstractSet) else listed


def one_way(jobs: int | None, dask: str | None) -> None:
    """Raise InputError for processes and a Dask cluster at the same time."""
    if jobs is not None and dask is not None:
        raise InputError(Problem("command line", "--dask", dask, "cannot be combined with --jobs; give one of them"))


def districts_of(scenarios: Sequence[Scenario], district: Place, as_of: int | None = None) -> dict[str, DistrictData]:
    """Return the data of each scenario's district, each district read once, as it was known in the year `as_of`.

    InputError when one of them cannot be read.
    """
    if isinstance(district, DistrictData):
        one = district if as_of is None else known_in(district, as_of)
        return {scenario.name: one for scenario in scenarios}
    wanted = {scenario.name: district or scenario.district for scenario in scenarios}
    loaded = {name: load_district(name) for name in dict.fromkeys(wanted.values())}
    loaded = loaded if as_of is None else {name: known_in(data, as_of) for name, data in loaded.items()}
    return {scenario: loaded[name] for scenario, name in wanted.items()}


def named(name: object) -> str | None:
    """Return the name of an experiment, or None; InputError unless it is a text."""
    if name is None or (isinstance(name, str) and name.strip()):
        return name
    raise InputError(Problem("experiment", "name", name, "must be a text"))


def name_of(names: Sequence[str]) -> str:
    """Return a name for an experiment that was given none."""
    return "-".join(names) if len(names) <= MOST_NAMES else f"{names[0]}-and-{len(names) - 1}-others"


def check_settings(scenarios: Sequence[Scenario], data: Mapping[str, DistrictData]) -> None:
    """Raise InputError with every plan and every setting of a policy that does not fit the district it is to act in."""
    problems = [
        Problem(scenario.name, "plan.file", scenario.plan.name, remedy)
        for scenario in scenarios
        if scenario.plan and (remedy := scenario.plan.not_for(data[scenario.name].name))
    ]
    problems += [
        Problem(scenario.name, f"policies.{instance.id}.{key}", value, remedy)
        for scenario in scenarios
        for instance in scenario.instances
        for key, value, remedy in find(instance.policy).problems(instance.settings, data[scenario.name])
    ]
    if problems:
        raise InputError(problems)


def say_unproven(scenarios: Iterable[Scenario]) -> None:
    """Tell (one line of logging each, so on stderr) which policies in use declare no `zero`; they run all the same."""
    used = {i.policy for scenario in scenarios for i in getattr(scenario, "instances", ())}
    for name in sorted(used):
        if registry()[name].zero is Policy.zero:
            logging.getLogger("simsim").warning(
                "policy %s declares no zero: that it is inert at a zero dose is unproven; see simsim.check_policy", name
            )
