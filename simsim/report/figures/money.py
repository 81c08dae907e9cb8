"""Figures of money and dates: what every measure costs, and which milestones are met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simsim import policy as policies
from simsim.experiments.decision import spread
from simsim.experiments.once import once
from simsim.experiments.places import plan_at
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import STEPS
from simsim.inputs.errors import InputError
from simsim.inputs.indicators import count, sureness
from simsim.report.exhibit import Exhibit
from simsim.report.figures.sheet import drawn, sheet
from simsim.report.figures.style import FAINT, PAPER, colour, headline
from simsim.report.view import Same, View
from simsim.report.words import MILLION, WAN
from simsim.scenarios import plan

CAPITAL, RUNNING = "#01665e", "#80cdc1"
MOST_MEASURES = 20
LABEL_LETTERS = 34
NARROW = 0.12


def by_measure(view: View, scenario: str) -> pd.DataFrame:
    """Return what every instance cost over all years: median capital, running and
    total, and the total's 5-95 % interval.
    """
    table = view.spent(scenario)
    if table.empty:
        return pd.DataFrame(columns=["capital", "running", "total", "low", "high"])
    kinds = {kind: _of_kind(table, kind) for kind in ("capital", "running")}
    total = table.groupby("instance", observed=True).sum()
    low, high = sureness().interval
    rows = {
        "capital": kinds["capital"].median(axis=1),
        "running": kinds["running"].median(axis=1),
        "total": total.median(axis=1),
    }
    frame = pd.DataFrame(rows | {"low": total.quantile(low, axis=1), "high": total.quantile(high, axis=1)}).fillna(0.0)
    return frame.sort_values("total", ascending=False)


def no_costs(view: View) -> str:
    """Return the words for a focus whose measures cost nothing that was recorded."""
    return "none.costs" if by_measure(view, view.focus).empty else ""


def _of_kind(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    return table[table.index.get_level_values("kind") == kind].droplevel("kind")


def totals(view: View, scenario: str) -> pd.DataFrame:
    """Return capital, running and total of a scenario by replication (all years)."""
    table = view.spent(scenario)
    nothing = pd.DataFrame(0.0, index=["capital", "running"], columns=view.results.replications(scenario))
    sums = table.groupby("kind", observed=True).sum().reindex(nothing.index).fillna(0.0).T if len(table) else nothing.T
    return sums.assign(total=sums.sum(axis=1))


@drawn
def costs(view: View) -> Figure:
    """Capital and running cost: of every scenario, and of every measure of the focus."""
    table = by_measure(view, view.focus).head(MOST_MEASURES)
    scenarios = pd.DataFrame({name: totals(view, name).median() for name in view.scenarios}).T
    low, high = sureness().interval
    for column, share in (("low", low), ("high", high)):
        scenarios[column] = [totals(view, name)["total"].quantile(share) for name in view.scenarios]
    scenarios.index = [view.say.wrap(view.title(name), LABEL_LETTERS) for name in view.scenarios]
    table.index = [measure_label(view, name) for name in table.index]
    heights = [max(len(scenarios), 1), max(len(table), 1)]
    figure, axes = sheet(2, 1, 1.9 + 0.3 * sum(heights), height_ratios=heights)
    _bars(axes[0, 0], view, scenarios, view.say("costs.by_scenario"))
    _bars(axes[1, 0], view, table, view.say("costs.by_measure", title=view.title(view.focus)))
    axes[1, 0].set_xlabel(view.say("costs.axis", first=view.first, last=view.last))
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
    headline(figure, view, _finding(view))
    return figure


def _bars(ax: Axes, view: View, table: pd.DataFrame, title: str) -> None:
    scale = MILLION if view.lang == "en" else WAN
    y = np.arange(len(table))
    ax.barh(y, table["capital"] / scale, color=CAPITAL, height=0.68, label=view.say("costs.capital"))
    ax.barh(
        y,
        table["running"] / scale,
        left=table["capital"] / scale,
        color=RUNNING,
        height=0.68,
        label=view.say("costs.running"),
    )
    ax.hlines(y, table["low"] / scale, table["high"] / scale, color="#333333", lw=1.6)
    ax.set_yticks(y, list(table.index), fontsize=10)
    ax.set_ylim(max(len(table), 1) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_title(title)
    ax.grid(axis="x")
    ax.set_xlim(0, None)


def measure_label(view: View, instance: str) -> str:
    """Return an instance's id with the title of its policy, where that is known."""
    entries = view.results.manifest.get("scenarios", {}).get(view.focus, {}).get("resolved", {}).get("policies", {})
    policy = entries.get(instance, {}).get("policy", "")
    return f"{instance} {_policy_title(view, policy)}" if policy else view.say.either("measure", instance)


def _policy_title(view: View, policy: str) -> str:
    """Return what a policy is called; its name when it is not installed here."""
    try:
        title = str(policies.find(policy).title[view.lang])
    except (InputError, KeyError):
        return policy
    return title[:1].lower() + title[1:]


def _finding(view: View) -> str:
    """Say what measures and rooms cost, and how much more that is than in the base: medians, ranges, worlds."""
    total, base = (totals(view, name)["total"] for name in (view.focus, view.base))
    text = {"title": view.title(view.focus), "first": view.first, "last": view.last, **_median(view, total)}
    if view.focus == view.base:
        return view.say("costs.finding", **text)
    more = (total - base).dropna()
    there = count(int((more > 0).sum()), len(more), view.lang)
    numbers = {f"more_{key}": words for key, words in _median(view, more).items()}
    return view.say("costs.finding.net", count=there, base=view.title(view.base), **text, **numbers)


def _median(view: View, yuan: pd.Series) -> dict[str, str]:
    """Return the median and the range of an amount as text."""
    median, low, high = (view.say.money(each) for each in spread(yuan))
    return {"total": median, "range": view.say.interval(low, high)}


# ---- milestones ----


def milestones(view: View, scenario: str) -> pd.DataFrame:
    """Return every milestone with its due month, the share of replications that
    met it, and the month it was usually done.
    """
    return _milestones(view.results, scenario)


@once
def _milestones(results: Results, scenario: str) -> pd.DataFrame:
    table = results.frame("milestones")
    mine = table[table["scenario"] == scenario]
    if mine.empty:
        return pd.DataFrame(columns=["measure", "milestone", "due", "striving", "met", "done", "late"])
    groups = mine.groupby(["measure", "milestone", "due"], observed=True, sort=True)
    frame = groups.agg(striving=("striving", "max"), met=("met", "mean"), done=("done", _usual)).reset_index()
    return frame.sort_values(["due", "measure"], kind="stable").reset_index(drop=True)


def promised(view: View, scenario: str) -> pd.DataFrame:
    """Return the milestones of the plan's own measures; without a plan all of them."""
    table, own = milestones(view, scenario), plan_at(view.results, scenario)
    return table if own is None else table[table["measure"].astype(str).isin(list(own.measures))]


def no_milestones(view: View) -> str:
    """Return the words for a focus without milestones."""
    return "none.milestones" if milestones(view, view.focus).empty else ""


def milestone_words(view: View) -> Mapping[str, str]:
    """Return the plan's own words for its milestones; a name without words stands for itself."""
    plans = [m.get("resolved", {}).get("plan") or {} for m in view.results.manifest.get("scenarios", {}).values()]
    files = {str(entry["file"]) for entry in plans if entry.get("file")}
    found = {name: words[view.lang] for name, words in STEPS.items()}
    for name in sorted(files):
        try:
            measures = plan.read_plan(plan.find_plan(name)).measures.values()
        except (InputError, OSError):
            continue
        found |= {m.name: str(m.words.get(view.lang) or m.name) for measure in measures for m in measure.milestones}
    return Same(found)


def _usual(done: pd.Series) -> str:
    """Return the median month in which something was done; empty when it mostly was not. Never is later than any."""
    months = sorted((str(month) for month in done), key=lambda month: (not month, month))
    return months[len(months) // 2] if months else ""


@drawn
def dates(view: View) -> Figure:
    """The share of replications in which each milestone of the focus is met on time."""
    table = milestones(view, view.focus)
    figure, axes = sheet(1, 1, 1.4 + 0.3 * max(len(table), 1))
    ax = axes[0, 0]
    y = np.arange(len(table))
    ax.barh(y, 100.0, color="#e3e3e3", height=0.7)
    ax.barh(y, 100 * table["met"], color=colour(view.focus), height=0.7)
    words = milestone_words(view)
    labels = [f"{r.measure} {words[str(r.milestone)]} ({r.due}){'*' if r.striving else ''}" for r in table.itertuples()]
    ax.set_yticks(y, [label.strip() for label in labels], fontsize=10)
    ax.set_ylim(len(table) - 0.4, -0.6)
    for row, share in enumerate(table["met"]):
        inside = share > NARROW
        look = {"ha": "right", "color": PAPER} if inside else {"ha": "left", "color": FAINT}
        ax.text(100 * share + (-1.2 if inside else 1.2), row, view.say.percent(share), va="center", fontsize=10, **look)
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, 100)
    ax.set_xlabel(view.say("milestones.axis"))
    headline(figure, view, dates_finding(view, table))
    return figure


def dates_finding(view: View, table: pd.DataFrame) -> str:
    """Say how many milestones are met on time almost always, and how many almost never."""
    levels = table["met"].map(sureness().level)
    sure, never = int((levels == "very_likely").sum()), int((levels == "very_unlikely").sum())
    return view.say("milestones.finding", title=view.title(view.focus), all=len(table), sure=sure, never=never)


def costs_data(view: View) -> pd.DataFrame:
    """Return what every measure of the focus costs, as `costs` draws it."""
    return by_measure(view, view.focus).rename_axis("instance").reset_index()


FIGURES = {
    "costs": Exhibit(costs, no_costs, costs_data),
    "milestones": Exhibit(dates, no_milestones, lambda view: milestones(view, view.focus)),
}
