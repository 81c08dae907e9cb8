"""How near worlds come to what is published: pupils and staff of the published year, seed by seed.

They are inputs of every world and never results; what is shown here is how exactly they are met, and which parameters
that takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from simsim.conditioning.numbers import factual_scenario, numbers_of
from simsim.conditioning.solve import SOLVED
from simsim.district import District, HeadCount, solution
from simsim.districts.files import SPEC, DistrictData, load_district
from simsim.experiments.experiment import Experiment
from simsim.experiments.mode import CLOSE, NEAR
from simsim.experiments.places import district_of
from simsim.experiments.request import seeds_of
from simsim.experiments.results import Results
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.run_limits import jobs_of, processes_of
from simsim.record.record import head_count

SEEDS = 30
Supposition: TypeAlias = tuple[str | None, float]
SENIORS = 3200.0
"""Pupils of the senior parts of the complete secondary schools, which are not simulated (Erdao's district file)."""
SUPPOSITIONS: Mapping[str, Supposition] = {
    "as declared": (None, 0.0),
    "plan-late": ("plan-late", 0.0),
    "baseline": ("baseline", 0.0),
    "seniors inside the total": (None, SENIORS),
}
"""What may be taken for what happened: another scenario, or a published total that holds senior pupils."""
HEADLINES = (
    ("pupils", "all"), ("staff", "all"), ("pupils_per_teacher", "all"),
    *((name, stage) for name in ("seat_use", "class_size", "large_classes_56", "cv_composite", "teacher_gap", "score")
      for stage in ("primary", "junior")),
)  # fmt: skip
NOTHING = (
    "declares nothing published of a later year, so its worlds are not conditioned; see docs/decisions/13-worlds.md"
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
    return _compared(pd.DataFrame(rows), data)


def agreement_of(results: Results) -> Agreement:
    """Return how near the worlds of an experiment come to what is published: as its runs of the factual scenario
    recorded it, with the values that were solved for them. InputError where they hold no such runs.
    """
    data = next((one for one in (district_of(results, name) for name in results.scenarios) if one is not None), None)
    factual = None if data is None else data.factual
    name = "" if factual is None else factual.scenario
    if data is None or factual is None or name not in results.scenarios or factual.year not in results.years:
        remedy = "holds no runs of a factual scenario up to the published year; run that scenario too"
        raise InputError(Problem("worlds", "", str(results.folder), remedy))
    lived = results.rows_if_any(
        "district_year", {"scenario": [name], "indicator": ["pupils", "staff"], "stage": ["all"]}
    )
    lived = lived[(lived["group"] == "all") & (lived["year"] == factual.year)].astype({"indicator": str})
    heads = lived.pivot(index="replication", columns="indicator", values="value")
    drawn = results.frame("parameters").astype({"parameter": str})
    drawn = drawn[drawn["parameter"].isin(SOLVED) & (drawn["district"].astype(str) == data.name)]
    values = drawn.pivot(index="replication", columns="parameter", values="value").reindex(heads.index)
    left = drawn[drawn["outside"] > 0].groupby("replication")["parameter"].agg(", ".join)
    table = heads.join(values).assign(outside=left.reindex(heads.index).fillna(""))
    return _compared(table.rename_axis("seed").reset_index(), data)


def _compared(table: pd.DataFrame, data: DistrictData) -> Agreement:
    """Return worlds with their misses of what is published."""
    factual = data.factual
    assert factual is not None
    targets = {"pupils": factual.pupils}
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


def headlines(
    district: str | DistrictData, a: str = "plan", b: str = "baseline", seeds: int = SEEDS, jobs: int = 1,
    suppositions: Mapping[str, Supposition] = SUPPOSITIONS,
) -> pd.DataFrame:  # fmt: skip
    """Return how headlines of the published year move with what is taken for factual: a row an indicator and stage,
    for each supposition the mean and SD of scenario `a`, and of its paired difference from `b`.

    InputError for a district that declares nothing published.
    """
    data = district if isinstance(district, DistrictData) else load_district(district)
    found = {}
    for name, (scenario, seniors) in suppositions.items():
        mine = supposing(data, scenario, seniors)
        assert mine.factual is not None
        with TemporaryDirectory() as folder:
            experiment = Experiment([a, b], seeds=seeds, to=mine.factual.year, district=mine)
            results = experiment.run(jobs=jobs, out=Path(folder) / "run", progress=False, fresh=True)
            found[name] = _headlines(results, a, b, mine.factual.year)
    return pd.concat(found, axis=1)


def _headlines(results: Results, a: str, b: str, year: int) -> pd.DataFrame:
    """Return mean and SD of a scenario and of its difference from another, by headline."""
    table = results.frame("district_year")
    rows = table[(table["year"] == year) & (table["group"] == "all")]
    values = rows.pivot_table(index=["indicator", "stage"], columns=["scenario", "replication"], values="value",
                              observed=True)  # fmt: skip
    values = values.loc[[key for key in HEADLINES if key in values.index]]
    own, others = pd.DataFrame(values[a]), pd.DataFrame(values[b])
    apart = own - others
    return pd.DataFrame(
        {a: own.mean(axis=1), f"{a} SD": own.std(axis=1),
         "difference": apart.mean(axis=1), "difference SD": apart.std(axis=1)}
    )  # fmt: skip


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
