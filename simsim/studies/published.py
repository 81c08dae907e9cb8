"""How near worlds come to what is published: pupils and staff of the published year, seed by seed.

They are inputs of every world and never results; what is shown here is how exactly they are met, and which parameters
that takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from simsim.conditioning.numbers import factual_scenario, numbers_of
from simsim.conditioning.solve import SOLVED
from simsim.district import District, HeadCount, solution
from simsim.districts.files import SPEC, DistrictData, load_district
from simsim.experiments.mode import CLOSE, NEAR
from simsim.experiments.request import seeds_of
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import jobs_of, processes_of
from simsim.record.record import head_count

SEEDS = 30
NOTHING = (
    "declares nothing published of a later year, so its worlds are not conditioned; see docs/decisions/12-worlds.md"
)


@dataclass(frozen=True)
class Agreement:
    """Worlds and what is published: a row a seed with pupils and staff found, their misses, the solved values, and the
    names of those outside their range.
    """

    table: pd.DataFrame
    year: int
    targets: dict[str, float]

    def words(self) -> str:
        """Return how near the worlds come, in lines."""
        lines = []
        for name, target in self.targets.items():
            missed, found = (self.table[f"{name}_missed"].abs(), self.table[name])
            lines.append(
                f"{name} {self.year}: published {target:,.0f}, set in every world; {len(found)} worlds "
                f"{found.min():,.0f}-{found.max():,.0f}, {int((missed <= CLOSE).sum())} within {CLOSE:.1%}, "
                f"{int((missed <= NEAR).sum())} within {NEAR:.0%}, largest miss {missed.max():.2%}"
            )
        known = parameters.load()
        for name in SOLVED:
            values = self.table[name]
            low, high = known[name].low, known[name].high
            span = "" if low is None else f", range {low:g} to {high:g}"
            outside = int(self.table["outside"].str.split(", ").map(lambda names, one=name: one in names).sum())
            lines.append(
                f"{name}: mean {values.mean():.4g}, SD {values.std(ddof=0):.2g}, {values.min():.4g} to "
                f"{values.max():.4g}{span}; outside in {outside}"
            )
        return "\n".join(lines)


def agreement(
    district: str | DistrictData, seeds: int | Iterable[int] = SEEDS, full: bool = False, jobs: int = 1,
    scenario: str | None = None, seniors: float = 0.0,
) -> Agreement:  # fmt: skip
    """Return how near the worlds of a district come to what is published, for some seeds.

    Heads are counted by living the factual scenario for its heads alone, or (`full`) in complete runs. `scenario` takes
    the place of the factual one; `seniors` are pupils of the published total who are not simulated. InputError for a
    district that declares nothing.
    """
    data = district if isinstance(district, DistrictData) else load_district(district)
    data = supposing(data, scenario, seniors)
    numbers = seeds_of(seeds, 1)
    rows = Parallel(n_jobs=processes_of(jobs_of(jobs)))(delayed(_row)(data, seed, full) for seed in numbers)
    factual = data.factual
    assert factual is not None
    table, targets = pd.DataFrame(rows), {"pupils": factual.pupils}
    targets |= {} if factual.staff is None else {"staff": factual.staff}
    for name, target in targets.items():
        table[f"{name}_missed"] = table[name] / target - 1.0
    return Agreement(table, factual.year, targets)


def supposing(data: DistrictData, scenario: str | None = None, seniors: float = 0.0) -> DistrictData:
    """Return a district as if another scenario had happened, or as if its published pupils held so many seniors.

    InputError for a district that declares nothing published.
    """
    factual = data.factual
    if factual is None:
        raise InputError(Problem(SPEC, "factual", None, f"{data.name} {NOTHING}"))
    block = {**data.spec["factual"], "pupils": factual.pupils - seniors, "scenario": scenario or factual.scenario}
    return replace(data, spec={**data.spec, "factual": block})


def _row(data: DistrictData, seed: int, full: bool) -> dict[str, object]:
    """Return what one world has and what was found of it."""
    factual = data.factual
    assert factual is not None
    found = solution(data, seed)
    if full:
        lived = District(factual_scenario(data), seed=seed, data=data)
        heads: dict[int, tuple[int, float]] = {}
        lived.watchers.append(lambda world: heads.update({world.year: head_count(world)}))
        lived.run(to=factual.year)
        pupils, staff = heads[factual.year]
    else:
        pupils, staff = HeadCount(data, seed, numbers_of(data, seed, False, District.founded)).heads({}, factual.year)
    values = {name: float(np.float64(value)) for name, value in found.values.items()}
    return {"seed": seed, "pupils": pupils, "staff": staff, **values, "outside": ", ".join(found.outside)}
