"""Tables of equity between pupils, of a budget that binds, and the warning of measures that touched nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.experiments.comparison import vain
from simsim.inputs.csvfile import records
from simsim.inputs.indicators import count
from simsim.policy import registry
from simsim.report.exhibit import Exhibit
from simsim.report.markup import Safe, joined, tag, text
from simsim.report.markup import table as html_table
from simsim.report.tables.differences import ARROWS, tint
from simsim.report.view import View
from simsim.scenarios.idle import IdleChange
from simsim.scenarios.idle_settings import IdleSetting

INPUTS = ("teachers", "teaching_area", "equipment")
MEASURES = ("theil", "theil_between_clusters", "gini", "atkinson", "mcloone", "range_ratio")
PARTS = ("theil_between_clusters",)  # a part of Theil, neither good nor bad; a base without clusters has none
GRANTED = 0.9995


def idle(view: View) -> Safe:
    """Return a box that lists the instances that touched nobody, and in how many replications, and the parameters that
    were set in vain; nothing when there are none.
    """
    changes = [(name, change) for name, change in vain(view.results) if name in view.scenarios]
    found = idle_instances(view)
    parts = [_idle_instances(view, found)] if len(found) else []
    parts += [_idle_changes(view, changes)] if changes else []
    return tag("div", joined(parts), "failed") if parts else Safe("")


def _idle_changes(view: View, changes: list[tuple[str, IdleChange | IdleSetting]]) -> Safe:
    """Return the sentence and the list of parameters and settings that were set in vain."""
    items = [tag("li", _idle_change(view, name, change)) for name, change in changes]
    return joined([tag("p", view.say("idle.changes", n=len(changes))), tag("ul", joined(items))])


def _idle_change(view: View, scenario: str, idle: IdleChange | IdleSetting) -> str:
    """Return which parameter or setting of a scenario was set in vain, and why."""
    if isinstance(idle, IdleSetting):
        value = f"({idle.policy})" if idle.value is None else f"= {idle.value}"
        why = view.say(f"vain.{idle.vain.why}", **_translated(view, idle.policy, idle.vain.words))
        words = {"scenario": view.title(scenario), "name": idle.name, "value": value, "why": why}
        if not idle.instance or not idle.vain.key:
            return view.say("idle.instance", **words)
        return view.say("idle.setting", label=view.say.setting(idle.policy, idle.vain.key), **words)
    policies = view.say("list").join(_called(view, name) for name in idle.policies)
    change, why = idle.change, view.say(f"idle.{idle.why}", policies=policies)
    words = {"scenario": view.title(scenario), "name": change.name, "value": f"{change.value:g}", "why": why}
    words["label"] = view.say.parameter(change.name)
    if change.from_year is None:
        return view.say("idle.change", **words)
    return view.say("idle.change_from", year=change.from_year, **words)


def _translated(view: View, policy: str, words: Mapping[str, object]) -> dict[str, object]:
    """Return what the sentence on a setting in vain names as a reader knows it: other settings of its policy with their
    values, a parameter, policies.
    """
    said = dict(words)
    if "others" in said:
        said["others"] = view.say("list").join(_setting(view, policy, one) for one in str(said["others"]).split(", "))
    if "parameter" in said:
        name, _, value = str(said["parameter"]).partition(" ")
        said["parameter"] = f"{view.say.parameter(name)} {value}"
    if "policies" in said:
        said["policies"] = view.say("list").join(_called(view, one) for one in str(said["policies"]).split(" / "))
    return said


def _setting(view: View, policy: str, told: str) -> str:
    """Return a setting, which may be told with its value (`spell_years = 3`, `striving: true`), in a reader's words."""
    name, sign, value = re.fullmatch(r"(\w+)( =|:)?(.*)", told).groups()  # type: ignore[union-attr]
    label = view.say.setting(policy, name)
    return f"{label}{sign} {view.say.either('flag', value.strip())}" if sign else label


def _idle_instances(view: View, found: pd.DataFrame) -> Safe:
    """Return the sentence and, scenario by scenario, the instances that touched nobody."""
    items = []
    for scenario, mine in found.groupby("scenario", sort=False):
        each = [
            view.say("idle.item", instance=row["instance"], policy=_called(view, str(row["policy"])),
                     count=count(row["idle"], row["runs"], view.lang))
            for row in records(mine)
        ]  # fmt: skip
        items.append(view.say("idle.items", scenario=view.title(str(scenario)), items=view.say("join").join(each)))
    told = tag("p", view.say("idle.text", n=len(found)))
    return joined([told, tag("ul", joined(tag("li", item) for item in items))])


def _called(view: View, policy: str) -> str:
    """Return a policy's title; its name where it is no longer installed."""
    known = registry().get(policy)
    return policy if known is None else known.title[view.lang]


def idle_instances(view: View) -> pd.DataFrame:
    """Return scenario, instance, policy, idle (replications in which it touched
    nobody) and runs, where idle is not zero.
    """
    columns = ["scenario", "instance", "policy", "idle", "runs"]
    if "touched" not in view.results.tables:
        return pd.DataFrame(columns=columns)
    table = view.results.frame("touched")
    table = table[table["scenario"].isin(view.scenarios)].astype({"scenario": str})
    groups = table.assign(none=table["value"] == 0).groupby(["scenario", "instance", "policy"], observed=True)["none"]
    found = groups.agg(idle="sum", runs="size").reset_index()
    return found[found["idle"] > 0].sort_values(["idle", "scenario", "instance"], ascending=[False, True, True])[
        columns
    ]


def no_measures_of_equity(view: View) -> str:
    """Return the words for results without measures of equity."""
    return "" if view.recorded("theil_teachers") else "none.panels"


def equity(view: View) -> Safe:
    """Return the equity measures of the last year: base, focus and how sure the difference is, by input and stage."""
    say = view.say
    headings = [say("equity.measure")]
    for stage in view.stages:
        headings += [say("equity.of", stage=say(f"stage.{stage}"), scenario=view.title(name)) for name in view.pair]
    rows = []
    for measure in MEASURES:
        names = [(item, f"{measure}_{item}") for item in INPUTS if view.recorded(f"{measure}_{item}")]
        rows += [_equity_row(view, measure, item, name) for item, name in names]
    return html_table(headings, rows, say("equity.caption", year=view.last))


def _equity_row(view: View, measure: str, item: str, indicator: str) -> list[object]:
    label = Safe(f"{text(view.say(f'equity.{measure}'))}<small>{text(view.say(f'input.{item}'))}</small>")
    cells: list[object] = [label]
    for stage in view.stages:
        cells.append(view.say.value(view.level(view.base, indicator, stage)["median"], indicator))
        if view.focus != view.base:
            row = view.difference(view.focus, indicator, stage)
            value = view.say.value(view.level(view.focus, indicator, stage)["median"], indicator)
            sign = "" if measure in PARTS else ARROWS.get(row["verdict"], "")
            cells.append((f"{value} {sign}".strip(), tint(row["verdict"], indicator) if sign else ""))
    return cells


def budget(view: View) -> Safe:
    """Return planned, granted and spent by year where a budget binds; one sentence where it does not."""
    table = by_year(view)
    if table.empty or table["funded"].min() > GRANTED:
        return tag("p", view.say("budget.free" if len(table) else "budget.none", title=view.title(view.focus)), "quiet")
    headings = [view.say(f"budget.{key}") for key in ("year", "planned", "granted", "share", "spent")]
    rows = [_budget_row(view, int(year), table.loc[year]) for year in table.index]
    return html_table(headings, rows, view.say("budget.caption", title=view.title(view.focus)))


def _budget_row(view: View, year: int, row: pd.Series) -> list[object]:
    planned, granted, spent = (view.say.money(row[name]) for name in ("planned", "granted", "spent"))
    return [str(year), planned, granted, view.say.percent(row["funded"], 1), spent]


def by_year(view: View) -> pd.DataFrame:
    """Return planned, granted and spent yuan a year (means over replications) of the focus, and the share granted."""
    if "instance_year" not in view.results.tables:
        return pd.DataFrame(columns=["planned", "granted", "spent", "funded"])
    table = view.results.frame("instance_year")
    mine = table[table["scenario"] == view.focus]
    sums = (
        mine.assign(granted=mine["planned"] * mine["funded"]).groupby("year")[["planned", "granted", "spent"]].sum()
        / view.n
    )
    return sums.assign(
        funded=np.where(sums["planned"] > 0, sums["granted"] / sums["planned"].where(sums["planned"] > 0), 1.0)
    )


TABLES = {
    "idle": Exhibit(idle),
    "equity": Exhibit(equity, no_measures_of_equity),
    "budget": Exhibit(budget),
}
