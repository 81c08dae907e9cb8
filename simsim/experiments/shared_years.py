"""Years that scenarios have in common: the district of a seed is built once, and lived until the first of them acts.

A scenario starts as another one does when the parameters it sets for all years, the effects it assumes, its budget,
its law and its district are the same. It acts from the first year of one of its policies or of a dated parameter on,
never in the district's first year. What it finds there is what it would have found alone, to the bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

from simsim.district import District
from simsim.districts.files import DistrictData
from simsim.inputs.effect import FOREVER
from simsim.policy import Policy, find
from simsim.scenarios.instances import Instance
from simsim.scenarios.scenario import Scenario
from simsim.world.world import Drawn

MOST_PUPILS_KEPT = 2_000_000
"""No district is kept for the next scenario when those of all seeds have more pupils: about 300 bytes each."""
OWN = "simsim.policies."

Start = tuple[object, ...]


def acts_from(scenario: Scenario, first: int) -> int | None:
    """Return the year from which a scenario may act in a district whose `first` year is given; None when that cannot
    be told, for another package's policy may look at the district before it is lived.
    """
    found = [find(instance.policy) for instance in scenario.instances]
    if not all(cls.begin is Policy.begin or cls.__module__.startswith(OWN) for cls in found):
        return None
    years = [change.acts_from(first) for change in scenario.changes]
    starts = [_starts(cls, instance) for cls, instance in zip(found, scenario.instances, strict=True)]
    return max(first + 1, min([FOREVER, *starts, *(year for year in years if year is not None)]))


def _starts(cls: type[Policy], instance: Instance) -> int:
    """Return the first year in which an instance may act; a policy of its own mind may act from the second year on."""
    told = cls.active is Policy.active or cls.__module__.startswith(OWN)
    return instance.years[0] if told else 0


def start_of(scenario: Scenario, data: DistrictData) -> Start:
    """Return what two scenarios must have in common to begin alike."""
    first = data.spec["first_year"]
    given = sorted(scenario.changes_of(first, first=first).items())
    return (id(data), scenario.budget, scenario.law, scenario.assume, *given)


def without_acts(scenario: Scenario, first: int) -> Scenario:
    """Return a scenario without its policies and dated parameters."""
    always = tuple(change for change in scenario.changes if change.acts_from(first) is None)
    return replace(scenario, changes=always, instances=(), plan=None)


class SharedYears:
    """Districts for the scenarios of a unit, each scenario with the same seeds.

    `branches` says from which year on each scenario lives alone; one that nobody starts like has none.
    """

    def __init__(self, scenarios: Sequence[tuple[Scenario, DistrictData, Sequence[int]]], to: int) -> None:
        self.kept: dict[tuple[Start, int], dict[int, District]] = {}
        self.drawn: dict[tuple[int, int], Drawn] = {}
        self.branches: dict[str, int] = {}
        self.starts = {scenario.name: start_of(scenario, data) for scenario, data, _ in scenarios}
        self.seeds = max((len(seeds) for _, _, seeds in scenarios), default=0)
        years = {s.name: acts_from(s, data.spec["first_year"]) for s, data, _ in scenarios}
        for start in set(self.starts.values()):
            mine = {name: year for name, year in years.items() if self.starts[name] == start and year is not None}
            # Who acts last has nobody to share its further years with.
            last = min(sorted(mine.values())[-2], to + 1) if len(mine) > 1 else None
            self.branches |= {name: min(year, last) for name, year in mine.items() if last is not None}
        self.asked = Counter(
            (self.starts[s.name], seed, self.branches[s.name])
            for s, _, seeds in scenarios
            if s.name in self.branches
            for seed in seeds
        )

    def district(self, scenario: Scenario, seed: int, fixed_parameters: bool, data: DistrictData) -> District:
        """Return the district of a scenario and seed: branched off where it begins to act, or else newly built.

        Children who come on the rolls of several scenarios alike are drawn for the first of them (rules/newcomers.py).
        """
        found = self._found(scenario, seed, fixed_parameters, data)
        if len(self.starts) > 1 and len(found.students) * self.seeds <= MOST_PUPILS_KEPT:
            found.drawn = self.drawn.setdefault((id(data), seed), {})
        return found

    def _found(self, scenario: Scenario, seed: int, fixed_parameters: bool, data: DistrictData) -> District:
        year = self.branches.get(scenario.name)
        if year is not None:
            try:
                return self._branched(scenario, seed, fixed_parameters, data, year)
            except Exception:  # whatever it was, it happens again where it can be told whose year it was
                self.branches.clear()
                self.kept.clear()
        return District(scenario, seed=seed, fixed_parameters=fixed_parameters, data=data)

    def _branched(self, scenario: Scenario, seed: int, fixed: bool, data: DistrictData, year: int) -> District:
        start = self.starts[scenario.name]
        kept = self.kept.setdefault((start, seed), {})
        if year not in kept:
            self._live(kept, District(without_acts(scenario, int(data.spec["first_year"])), seed, fixed, data), start)
        self.asked[start, seed, year] -= 1
        found = _copy(kept[year]) if self.asked[start, seed, year] else kept.pop(year)
        return found.go_on_as(scenario)

    def _live(self, kept: dict[int, District], district: District, start: Start) -> None:
        """Live until the last scenario that starts so begins to act, and keep the district as each one finds it."""
        if len(district.students) * self.seeds > MOST_PUPILS_KEPT:
            raise MemoryError("these districts are too large to be kept for the next scenario")
        *before, last = sorted({year for name, year in self.branches.items() if self.starts[name] == start})
        for year in before:
            kept[year] = _copy(district.run(to=year - 1))
        kept[last] = district.run(to=last - 1)


def _copy(district: District) -> District:
    """Return a copy that shares what is never written: the district's files and the scenario."""
    return deepcopy(district, {id(one): one for one in (district.data, district.spec, district.first_schools)})
