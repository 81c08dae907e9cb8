"""What a scenario costs beyond another, part by part and year by year, whether the money reaches, and what delay costs.

Means over worlds where parts are to add up, medians elsewhere; each table says which.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.experiments.costing import PAID, STAFF
from simsim.experiments.differences import difference
from simsim.experiments.once import once
from simsim.experiments.places import resolved_of
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import deficit_line
from simsim.inputs.indicators import sureness

LAW, FULL = "law/large-classes", "baseline"
"""Instances of the table of costs that stand for no measure, as pay does: rooms the law forced, and at full schools."""
PARTS = ("measures", "law", "full", "pay", "other", "net")
ALL = "all"
AWAY, OVER, ENTRY = "turned_away", "over_capacity", "entry_pupils"
DELAYED = (("seats", 1), (OVER, -1), ("displaced", -1), (AWAY, -1))
"""What is delayed: more seats are good, more pupils over capacity, displaced or turned away are not."""


@once
def parts_by_year(results: Results, scenario: str) -> pd.DataFrame:
    """Return what a scenario spent by year and replication (index): measures, law (rooms that the law on large classes
    forced), full (rooms at full schools), pay, other (public-use funds and repairs) and net (all of it), in yuan.
    """
    costs = results.frame("costs")
    mine = costs[(costs["scenario"] == scenario) & costs["kind"].isin(PAID)].astype({"instance": str})
    part = mine["instance"].map({STAFF: "pay", LAW: "law", FULL: "full"}).fillna("measures")
    sums = mine.groupby(["year", "replication", part.rename("part")])["value"].sum().unstack("part")
    frame = results.rows_if_any("district_year", {"scenario": [scenario], "indicator": ["money_out"]})
    whole = frame[(frame["stage"] == ALL) & (frame["group"] == ALL)].set_index(["year", "replication"])["value"]
    table = sums.reindex(whole.index).reindex(columns=list(PARTS[:4])).fillna(0.0)
    return table.assign(other=whole - table.sum(axis=1), net=whole).sort_index()


@once
def spending(results: Results, scenario: str, base: str) -> pd.DataFrame:
    """Return what a scenario spends more than another: a row a year, and one for all years (year 0).

    Columns: year, for each of PARTS its mean with `_low` and `_high` (5-95 % of worlds), of the paired difference;
    law_gross and law_base (rooms the law forced in either), n. Means add up, year by year.
    """
    ours, theirs = parts_by_year(results, scenario), parts_by_year(results, base)
    rows = ours.index.intersection(theirs.index)
    more = ours.loc[rows] - theirs.loc[rows]
    more = more.assign(law_gross=ours.loc[rows, "law"], law_base=theirs.loc[rows, "law"])
    whole = pd.concat({0: more.groupby("replication").sum()}, names=["year", "replication"])
    groups = pd.concat([more, whole]).groupby("year")
    low, high = sureness().interval
    found = groups.mean()
    for name in PARTS:
        found[f"{name}_low"], found[f"{name}_high"] = groups[name].quantile(low), groups[name].quantile(high)
    return found.assign(n=groups.size()).reset_index()


@once
def balances(results: Results) -> pd.DataFrame:
    """Return the balance at the end of every year: scenario, year, median, low, high (5-95 %), below (worlds below
    zero) and n.
    """
    frame = results.rows_if_any("district_year", {"indicator": ["money_balance"]})
    mine = frame[(frame["stage"] == ALL) & (frame["group"] == ALL)].astype({"scenario": str})
    groups = mine.assign(below=mine["value"] < deficit_line()).groupby(["scenario", "year"], sort=False)
    low, high = sureness().interval
    found = groups["value"].median().rename("median").to_frame()
    found["low"], found["high"] = groups["value"].quantile(low), groups["value"].quantile(high)
    return found.assign(below=groups["below"].sum(), n=groups.size()).reset_index()


# ---- scenarios by what they do ----


def measures_of(results: Results, scenario: str) -> frozenset[str]:
    """Return the measures of the plan that a scenario's instances stand for."""
    policies = resolved_of(results, scenario).get("policies") or {}
    return frozenset(str(entry.get("measure") or "") for entry in policies.values()) - {""}


def family_scenarios(results: Results, focus: str, base: str, layout: Mapping[str, str]) -> pd.DataFrame:
    """Return the scenarios that leave measures of the focus out, or do only some of them, and nothing else.

    Columns: scenario, how ("without" or "only") and measures (tuple, in the order of `layout`, whose keys are the
    plan's measures). Scenarios that set a parameter, a law or a budget otherwise than the focus are not among them.
    """
    whole, rows = measures_of(results, focus), []
    like = _rest(results, focus)
    for name in results.scenarios:
        mine = measures_of(results, name)
        if name in (focus, base) or not mine or not mine < whole or _rest(results, name) != like:
            continue
        if not _same_instances(results, name, focus):
            continue
        how, which = ("without", whole - mine) if len(mine) > len(whole - mine) else ("only", mine)
        rows.append((name, how, tuple(m for m in layout if m in which)))
    return pd.DataFrame(rows, columns=["scenario", "how", "measures"])


def _rest(results: Results, scenario: str) -> tuple[str, ...]:
    resolved = resolved_of(results, scenario)
    return tuple(str(resolved.get(key)) for key in ("parameters", "law", "budget", "district"))


def _same_instances(results: Results, scenario: str, focus: str) -> bool:
    """Tell whether every instance of a scenario is one of the focus, set alike."""
    theirs = resolved_of(results, focus).get("policies") or {}
    return all(theirs.get(key) == entry for key, entry in (resolved_of(results, scenario)["policies"]).items())


def late_of(results: Results, focus: str) -> str | None:
    """Return the scenario with the measures of the focus whose milestones come late, if there is one."""
    whole, like = measures_of(results, focus), _rest(results, focus)
    for name in results.scenarios:
        if name == focus or measures_of(results, name) != whole or not whole or _rest(results, name) != like:
            continue
        ours, theirs = (resolved_of(results, each)["policies"] for each in (name, focus))
        if any(_later(ours[key], theirs.get(key, {})) for key in ours):
            return name
    return None


def _later(entry: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Tell whether an instance differs from another by its delays alone, and has them for sure."""
    ours, theirs = dict(entry.get("settings") or {}), dict(other.get("settings") or {})  # type: ignore[call-overload]
    return entry != other and any("delay" in key and ours[key] != theirs.get(key) for key in ours)


def bound_of(results: Results, focus: str) -> str | None:
    """Return the scenario that is the focus with a budget that binds, if there is one."""
    policies = resolved_of(results, focus).get("policies")
    for name in results.scenarios:
        resolved = resolved_of(results, name)
        if resolved.get("budget") == "bound" and name != focus and resolved.get("policies") == policies:
            return name
    return None


# ---- what delay costs ----


@once
def by_stage(results: Results, scenario: str, indicator: str) -> pd.DataFrame:
    """Return an indicator by stage and year (index) and replication (columns), for the stages that have it."""
    frame = results.rows_if_any("district_year", {"scenario": [scenario], "indicator": [indicator]})
    mine = frame[(frame["group"] == ALL) & (frame["stage"] != ALL)].astype({"stage": str})
    table = mine.set_index(["stage", "year", "replication"])["value"].unstack("replication")
    order = [STAGES.index(stage) for stage in table.index.get_level_values("stage")]
    return table.iloc[np.argsort(order, kind="stable")]


@once
def delay_costs(results: Results, late: str, focus: str) -> pd.DataFrame:
    """Return what comes of being late: the paired difference late minus focus in its worst year and in the last.

    Columns: indicator, stage, worst (year with the largest mean difference to the bad side), mean, low, high, verdict
    and words (of the one rule), worse and better (worlds in which it is) and n there, mean_last. Rows without any
    difference are left out.
    """
    rows = []
    for indicator, good in DELAYED:
        gaps = by_stage(results, late, indicator) - by_stage(results, focus, indicator)
        for stage in dict.fromkeys(gaps.index.get_level_values("stage")):
            mine = gaps.loc[stage].dropna(axis=1, how="all")
            if not (mine != 0).to_numpy().any():
                continue
            worst = (good * mine.mean(axis=1)).idxmin()
            there = mine.loc[worst]
            row = {"indicator": indicator, "stage": stage, "worst": int(worst), **judged(there, indicator)}
            sides = {"worse": int((good * there < 0).sum()), "better": int((good * there > 0).sum())}
            rows.append({**row, **sides, "mean_last": mine.iloc[-1].mean()})
    names = "indicator stage worst mean low high verdict words_en words_zh worse better n mean_last".split()
    return pd.DataFrame(rows, columns=names)


def judged(values: pd.Series, indicator: str) -> dict[str, object]:
    """Return mean, low, high, n, verdict and words of paired differences by world, by the one rule of sureness."""
    row = difference(values.to_numpy(float), indicator)
    return {name: row[name] for name in ("mean", "low", "high", "n", "verdict", "words_en", "words_zh")}


# ---- trade-offs ----

TRADED = ((AWAY, "sum"), ("pupils", "last"), ("class_size", "last"), ("large_classes_56", "sum"), ("seat_use", "last"),
          (OVER, "sum"), ("displaced", "sum"))  # fmt: skip


@once
def trade_offs(results: Results, focus: str, part: str) -> pd.DataFrame:
    """Return in what the whole differs from a part of it, by stage: paired differences focus minus part.

    Columns: indicator, stage, over ("sum" over all years, or "last": in the last year), mean, low, high (5-95 %),
    verdict and words (of the one rule), more (worlds in which the focus has more), less and n. What is summed over the
    years has a row for all stages too.
    """
    rows = []
    for indicator, over in TRADED:
        gaps = by_stage(results, focus, indicator) - by_stage(results, part, indicator)
        if over == "sum":
            gaps = pd.concat([gaps, pd.concat({ALL: gaps.groupby("year").sum()}, names=["stage", "year"])])
        for stage in dict.fromkeys(gaps.index.get_level_values("stage")):
            mine = gaps.loc[stage].dropna(axis=1, how="all")
            values = mine.sum() if over == "sum" else mine.iloc[-1]
            row = {"indicator": indicator, "stage": stage, "over": over, **judged(values, indicator)}
            rows.append({**row, "more": int((values > 0).sum()), "less": int((values < 0).sum())})
    return pd.DataFrame(
        rows, columns="indicator stage over mean low high verdict words_en words_zh more less n".split()
    )


# ---- displaced entrants ----


@once
def displaced_share(results: Results, scenario: str) -> pd.DataFrame:
    """Return children placed outside their catchment school against that year's entrants, beside pupils over capacity.

    Columns: stage, year, entrants (first grades, and who moved in), displaced (of them), over_capacity (medians),
    of_entrants with _low and _high (displaced per entrant: median and 5-95 % of worlds), n. Only stages and years with
    entrants; none where results were made before they were recorded.
    """
    names = "stage year entrants displaced over_capacity of_entrants of_entrants_low of_entrants_high n".split()
    if not len(results.rows_if_any("district_year", {"scenario": [scenario], "indicator": [ENTRY]})):
        return pd.DataFrame(columns=names)
    low, high = sureness().interval
    entered = by_stage(results, scenario, ENTRY)
    shares, over = (
        by_stage(results, scenario, name).reindex(entered.index) for name in ("displaced_entrants_share", OVER)
    )
    medians = [one.median(axis=1) for one in (entered, shares * entered, over)]
    ranges = [shares.median(axis=1), *(shares.quantile(share, axis=1) for share in (low, high)), shares.count(axis=1)]
    table = pd.concat([*medians, *ranges], axis=1)[(entered > 0).any(axis=1)]
    return table.reset_index().set_axis(names, axis=1)
