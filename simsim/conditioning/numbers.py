"""The parameters of a world: drawn, solved where totals are published, and drawn anew for years not published yet."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from simsim.conditioning.ahead import AHEAD, POSTS, known_then
from simsim.conditioning.path import INFLOW
from simsim.conditioning.solve import SOLVED, Counted, Solution, solve
from simsim.districts.files import SPEC, DistrictData
from simsim.inputs import numbers as plain
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem
from simsim.scenarios.scenario import Scenario

MOST_REMEMBERED = 20_000
Key: TypeAlias = tuple[str, int, int, tuple[tuple[str, float], ...]]
NO_VALUES: Mapping[str, float] = {}


@dataclass(frozen=True)
class Numbers:
    """A world's parameters by year, and the district's data as the world knows them.

    `values` hold in every year; in years after `until` those of `ahead` take their place, and in-migration is
    multiplied by the `drift` of the year.
    """

    data: DistrictData
    values: Mapping[str, float]
    until: int | None = None
    ahead: Mapping[str, float] = field(default_factory=dict)
    drift: Mapping[int, float] = field(default_factory=dict)

    def of(self, year: int) -> dict[str, float]:
        """Return the parameters of a school year."""
        values = dict(self.values)
        if self.until is not None and year > self.until:
            values |= self.ahead
        if year in self.drift:
            values[INFLOW] *= self.drift[year]
        return values

    def with_values(self, values: Mapping[str, float]) -> Numbers:
        """Return the same numbers with other values."""
        return replace(self, values={**self.values, **values})


Founded: TypeAlias = Callable[[DistrictData, int, Numbers], Counted]
_remembered: OrderedDict[Key, Solution] = OrderedDict()
"""Solutions of this process, by the district's content, simsim's parameters and the seed."""


def numbers_of(
    data: DistrictData, seed: int, fixed: bool, found: Founded, values: Mapping[str, float] = NO_VALUES
) -> Numbers:
    """Return the parameters of a world: each drawn (or, `fixed`, its value), a district's own and fitted ones as it
    says, and those that published totals pin down solved. `values` take the place of some draws, before anything is
    solved.
    """
    drawn = parameters.draw(parameters.load(), seed, fixed) | dict(values)
    usual = _usual(data, drawn)
    if data.as_of is not None and data.factual is None:
        return Numbers(*known_then(data, usual, drawn, seed, fixed))
    if fixed or data.factual is None:
        return Numbers(data, usual)
    solved = solution_of(data, seed, found, values).values
    return Numbers(data, usual | dict(solved), data.factual.year, {INFLOW: usual[AHEAD]})


def _usual(data: DistrictData, drawn: Mapping[str, float]) -> dict[str, float]:
    """Return what was drawn, with what the district sets itself and what it was fitted to."""
    own = {**drawn, **data.own_parameters()}
    return own | data.fitted(own)


def solution_of(data: DistrictData, seed: int, found: Founded, values: Mapping[str, float] = NO_VALUES) -> Solution:
    """Return what a seed's world has, solved once in a process; InputError where the factual scenario is none."""
    key = _key(data, seed, values)
    if key not in _remembered:
        _remembered[key] = _solved(data, seed, found, values)
        _forget()
    _remembered.move_to_end(key)
    return _remembered[key]


def remembered(data: DistrictData, seed: int) -> Solution | None:
    """Return what a seed's world has, if this process knows it."""
    return _remembered.get(_key(data, seed))


def remember(data: DistrictData, solutions: Iterable[Solution]) -> None:
    """Keep solutions that are known already, as those that an experiment's folder holds."""
    for solution in solutions:
        _remembered[_key(data, solution.seed)] = solution
    _forget()


def _key(data: DistrictData, seed: int, values: Mapping[str, float] = NO_VALUES) -> Key:
    return data.digest, id(parameters.load()), seed, tuple(sorted(values.items()))


def _forget() -> None:
    while len(_remembered) > MOST_REMEMBERED:
        _remembered.popitem(last=False)


def priors_of(data: DistrictData) -> dict[str, parameters.Parameter]:
    """Return the solved parameters that are drawn in this district: not those that it sets itself."""
    known, own = parameters.load(), data.own_parameters()
    return {name: known[name] for name in SOLVED if name not in own and known[name].uncertain}


def factual_scenario(data: DistrictData) -> Scenario:
    """Return the scenario that happened; InputError, naming the district file, when it cannot be read."""
    factual = data.factual
    if factual is None:
        raise InputError(Problem(SPEC, "factual", None, "is missing; nothing is published of later years"))
    try:
        scenario = Scenario.load(factual.scenario)
    except InputError as error:
        said = "; ".join(map(str, error.problems))
        raise InputError(Problem(SPEC, "factual.scenario", factual.scenario, f"cannot be run: {said}")) from None
    if scenario.plan and (remedy := scenario.plan.not_for(data.name)):
        raise InputError(Problem(SPEC, "factual.scenario", factual.scenario, remedy))
    return scenario


def _solved(data: DistrictData, seed: int, found: Founded, values: Mapping[str, float]) -> Solution:
    factual, priors = data.factual, priors_of(data)
    assert factual is not None
    drawn = parameters.draw(parameters.load(), seed) | dict(values)
    fitted = _usual(data, drawn)
    usual = fitted | {name: drawn[name] for name in priors}
    start = fitted[POSTS]
    return solve(lambda: found(data, seed, Numbers(data, usual)), factual, priors, usual, start, seed)


def known_in(data: DistrictData, year: object) -> DistrictData:
    """Return a district as it was known in September of a year; InputError for one before its first or after the last
    birth that is counted.
    """
    first, number = int(data.spec["first_year"]), plain.whole(year)
    latest = max(first, int(data.births["year"].max()))
    if number is None or not first <= number <= latest:
        raise InputError(Problem("experiment", "as_of", year, f"must be a year from {first} to {latest}"))
    return replace(data, as_of=number)
