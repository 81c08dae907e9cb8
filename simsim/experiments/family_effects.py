"""What leaving some measures of a plan out, or doing only these, changes: seats, the gap in teaching, the composite CV,
and each of them per million yuan.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments.decision import spread
from simsim.experiments.once import once
from simsim.experiments.places import plan_at
from simsim.experiments.plan_money import by_stage, family_scenarios, parts_by_year
from simsim.experiments.results import Results
from simsim.inputs.paths import resource

CHANGED = ("seats", "teacher_gap", "cv_composite")
MILLION = 1e6
WITHOUT, ONLY = "without", "only"
COLUMNS = ("scenario", "how", "which", "indicator", "stage", "value", "low", "high", "share", "n", "cost",
           "cost_low", "cost_high", "per_million", "per_million_low", "per_million_high")  # fmt: skip


@once
def family_effects(results: Results, focus: str, base: str) -> pd.DataFrame:
    """Return what measures add in the last year: to the rest of the plan (`without`: focus minus the scenario without
    them), or alone (`only`: the scenario with them minus the base).

    Columns: scenario, how, which (measures), indicator (CHANGED), stage, value, low, high (median and 5-95 % of
    worlds), share (of worlds with the sign of the median), n, cost with low and high (yuan of all spending over all
    years, net), and per_million with low and high (NaN unless the cost is above a million in every world, or below
    minus one).
    """
    plan = plan_at(results, focus)
    order = {} if plan is None else dict.fromkeys(plan.measures, "")
    rows = []
    for found in family_scenarios(results, focus, base, order).itertuples():
        a, b = (focus, str(found.scenario)) if found.how == WITHOUT else (str(found.scenario), base)
        cost = (parts_by_year(results, a)["net"] - parts_by_year(results, b)["net"]).groupby("replication").sum()
        named = (found.scenario, found.how, found.measures)
        for indicator in CHANGED:
            rows += [(*named, *row) for row in _changes(results, a, b, indicator, cost)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _changes(results: Results, a: str, b: str, indicator: str, cost: pd.Series) -> list[tuple[object, ...]]:
    """Return the difference a minus b of an indicator in the last year by stage, and per million yuan."""
    gaps = by_stage(results, a, indicator) - by_stage(results, b, indicator)
    rows: list[tuple[object, ...]] = []
    for stage in dict.fromkeys(gaps.index.get_level_values("stage")):
        values = gaps.loc[(stage, results.years[-1])].dropna()
        middle, low, high = spread(values)
        share = float((np.sign(values) == np.sign(middle)).mean())
        paid = cost.reindex(values.index)
        clear = bool((paid > MILLION).all() or (paid < -MILLION).all())
        each = spread(values / (paid / MILLION)) if clear else (np.nan,) * 3
        rows.append((indicator, stage, middle, low, high, share, len(values), *spread(paid), *each))
    return rows


def not_run(results: Results, focus: str, base: str) -> list[str]:
    """Return the scenarios that simsim ships for the families of the focus's plan and that the results do not hold."""
    plan = plan_at(results, focus)
    folder = resource("parameters") / "scenarios"
    names = [f"{how}-{family}" for how in (WITHOUT, ONLY) for family in (plan.families if plan else ())]
    return [name for name in names if (folder / f"{name}.yaml").is_file() and name not in results.scenarios]
