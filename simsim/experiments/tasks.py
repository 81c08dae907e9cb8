"""The yearly task list of the plan: every measure with its department, deadline, status, dose reached and cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.experiments.once import once
from simsim.experiments.places import plan_at
from simsim.experiments.plan_account import last_dates
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import dates
from simsim.inputs.csvfile import records
from simsim.inputs.documents import Record
from simsim.inputs.indicators import sureness
from simsim.policy import registry
from simsim.scenarios.plan import Measure, Plan

COLUMNS = (
    "measure", "family", "tier", "department", "words_zh", "words_en", "policy", "deadline", "striving",
    "promises", "met_share",
    "status", "status_zh", "dose", "dose_unit", "capital", "running", "donated", "funded", "evidence",
)  # fmt: skip
KINDS = ("capital", "running", "donated")
STATUS = {
    "absent": "本情景不实施",
    "explored": "规划仅作探索，本情景不实施",
    "judged": "仅判断，不模拟",
    "idle": "已列入，但未触及任何对象",
    "running": "实施中，无时间节点",
    "acting": "实施中",
    "met": "按期完成",
    "likely": "多半按期完成",
    "mixed": "部分完成，结果不定",
    "missed": "未按期完成",
}


@once
def ledger(results: Results, scenario: str, plan: Plan | None = None) -> pd.DataFrame:
    """Return one row a measure of the plan, in the plan's order, with instances that stand for no measure after them.

    met_share is the probability that its last milestone (all that are due last) is met; status follows from it (met: at
    least `very_likely`; likely: `likely`; missed: at most 1 - `very_likely`; mixed: between). dose is the mean number
    over replications of what the policy touched over the run, in dose_unit; capital, running and donated are mean
    amounts over the run; funded is the share granted of what was wanted (1 unless the budget binds). Without a plan in
    the results `plan` is used, or the district's.
    """
    results.replications(scenario)
    plan = plan or plan_at(results, scenario)
    measures = plan.measures if plan else {}
    reached, promises = _reached(results, scenario), dates(results, scenario)
    rows = [
        _row(
            measure,
            reached[reached["measure"] == measure.id],
            promises[promises["measure"] == measure.id],
            last_dates(results, scenario, [measure.id]),
        )
        for measure in measures.values()
    ]
    others = reached[~reached["measure"].isin(list(measures))]
    rows += [_other(entry) for entry in records(others)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _reached(results: Results, scenario: str) -> pd.DataFrame:
    """Return instance, measure, policy, dose, costs and funded share of every instance, means over replications."""
    runs = len(results.replications(scenario))
    touched = _of(results, "touched", scenario)
    table = (
        touched.groupby(["instance", "measure", "policy"], observed=True)["value"]
        .sum()
        .div(runs)
        .rename("dose")
        .reset_index()
    )
    costs = _of(results, "costs", scenario)
    sums = costs.groupby(["instance", "kind"], observed=True)["value"].sum().div(runs).unstack("kind")
    for kind in KINDS:
        table[kind] = table["instance"].map(sums.get(kind, {})).astype(float).fillna(0.0)
    table["funded"] = table["instance"].map(_funded(results, scenario)).astype(float).fillna(1.0)
    return table.astype({"instance": str, "measure": str, "policy": str})


def _funded(results: Results, scenario: str) -> dict[str, float]:
    """Return the share of what each instance wanted over the run that was granted."""
    if "instance_year" not in results.tables:
        return {}
    table = _of(results, "instance_year", scenario)
    granted = (table["planned"] * table["funded"]).groupby(table["instance"].astype(str)).sum()
    wanted = table["planned"].groupby(table["instance"].astype(str)).sum()
    return {name: float(granted[name] / wanted[name]) for name in wanted.index if wanted[name] > 0.0}


def _of(results: Results, table: str, scenario: str) -> pd.DataFrame:
    frame = results.frame(table)
    return frame[frame["scenario"] == scenario]


def _row(measure: Measure, mine: pd.DataFrame, promises: pd.DataFrame, last: pd.DataFrame) -> dict[str, object]:
    """Return the line of one measure."""
    share = float(last["met"].mean()) if len(last) else np.nan
    due = [str(month) for month in promises["due"]] or [f"{m.due:%Y-%m}" for m in measure.milestones]
    status = _status(measure, mine, share)
    return {
        "measure": measure.id,
        "family": measure.family,
        "tier": measure.tier,
        "department": measure.department,
        "words_zh": measure.words.get("zh", ""),
        "words_en": measure.words.get("en", ""),
        "policy": measure.policy or "",
        "deadline": max(due, default=""),
        "striving": measure.striving or any(m.striving for m in measure.milestones),
        "promises": len(promises),
        "met_share": share,
        "status": status,
        "status_zh": STATUS[status],
        "evidence": measure.evidence.get("kind", ""),
        **_sums(mine),
    }


def _sums(mine: pd.DataFrame) -> dict[str, object]:
    """Return dose and cost of the instances of one measure together."""
    units = [unit_of(policy) for policy in dict.fromkeys(mine["policy"])]
    sums = {name: float(mine[name].sum()) for name in ("dose", *KINDS)}
    return sums | {"dose_unit": ", ".join(units), "funded": float(mine["funded"].mean()) if len(mine) else np.nan}


def _other(entry: Record) -> dict[str, object]:
    """Return the line of an instance that stands for no measure of the plan."""
    known = registry().get(entry["policy"])
    status = "acting" if entry["dose"] else "idle"
    words = {f"words_{lang}": known.title[lang] if known else entry["policy"] for lang in ("zh", "en")}
    numbers = {name: entry[name] for name in ("policy", "dose", *KINDS, "funded")}
    return {"measure": entry["instance"], "family": "", "tier": "", "department": "", "deadline": "",
    "striving": False, "promises": 0,
            "met_share": np.nan, "status": status, "status_zh": STATUS[status], "dose_unit":
            unit_of(entry["policy"]), "evidence": "",
            **words, **numbers}  # fmt: skip


def unit_of(policy: str) -> str:
    """Return what a policy's dose counts."""
    known = registry().get(policy)
    return known.touches if known else ""


def _status(measure: Measure, mine: pd.DataFrame, share: float) -> str:
    """Return the status of a measure, a key of STATUS."""
    if measure.policy is None:
        return "judged"
    if mine.empty:
        return "explored" if measure.exploring else "absent"
    if np.isnan(share):
        return "running" if mine["dose"].sum() > 0 else "idle"
    levels = {"very_likely": "met", "likely": "likely", "very_unlikely": "missed"}
    return levels.get(sureness().level(share), "mixed")
