"""Paired differences of every scenario from a baseline, as one table: all of it for files, the main rows for a reader."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from simsim.errors import InputError, Problem
from simsim.indicators import indicators
from simsim.results import Results

BASELINE = "baseline"
ALL = "all"
HEADINGS = {
    "en": ("Scenario", "Indicator", "Stage", "Year", "Difference", "5-95 %", "MC error", "Unit", "Same sign", "Verdict"),
    "zh": ("方案", "指标", "学段", "年份", "差别", "5-95%区间", "模拟误差", "单位", "同号比例", "判断"),
}
STAGES_SHOWN = {"en": {"primary": "primary", "junior": "junior", ALL: "all"}, "zh": {"primary": "小学", "junior": "初中", ALL: "全部"}}


def compared(results: Results, baseline: str | None = None, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return `Results.paired` of every other scenario minus `baseline`, with labels and units in both languages.

    `baseline` defaults to the scenario called baseline, or else to the first one run.
    """
    scenarios = results.scenarios
    base = baseline or (BASELINE if BASELINE in scenarios else scenarios[0])
    parts = [results.paired(name, base, indicators=names).assign(scenario=name) for name in scenarios if name != base]
    if not parts:
        raise InputError(Problem("results", "scenario", base, "is the only one that was run; a comparison needs two"))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "scenario", table.pop("scenario"))
    table.insert(1, "baseline", base)
    return _labelled(table)


def _labelled(table: pd.DataFrame) -> pd.DataFrame:
    """Add labels and units; an indicator that the dictionary does not know keeps its name."""
    known = indicators()
    for language in ("en", "zh"):
        labels = {name: entry.label[language] for name, entry in known.items()}
        table[f"label_{language}"] = table["indicator"].map(labels).fillna(table["indicator"])
        table[f"unit_{language}"] = table["indicator"].map({name: entry.unit[language] for name, entry in known.items()}).fillna("")
    return table


def shown(table: pd.DataFrame, everything: bool = False, lang: str = "en") -> pd.DataFrame:
    """Return the last year of a comparison as text: whole groups, and the main indicators unless `everything`."""
    keep = (table["year"] == table["year"].max()) & (table["group"] == ALL)
    if not everything:
        keep &= table["indicator"].isin([name for name, entry in indicators().items() if entry.headline])
    mine = table[keep]
    columns = [
        mine["scenario"],
        mine[f"label_{lang}"],
        mine["stage"].map(STAGES_SHOWN[lang]).fillna(mine["stage"]),
        mine["year"],
        [_number(row.mean_, row.indicator, sign=True) for row in mine.rename(columns={"mean": "mean_"}).itertuples()],
        [f"{_number(row.low, row.indicator)} to {_number(row.high, row.indicator)}" for row in mine.itertuples()],
        [_number(row.mc_error, row.indicator, more=1) for row in mine.itertuples()],
        mine[f"unit_{lang}"],
        [f"{share:.0%}" for share in mine["share"]],
        mine[f"words_{lang}"],
    ]
    return pd.DataFrame({heading: list(column) for heading, column in zip(HEADINGS[lang], columns, strict=True)})


def _number(value: float, indicator: str, sign: bool = False, more: int = 0) -> str:
    """Return a number with the decimals of its indicator."""
    decimals = indicators()[indicator].decimals + more
    return f"{value:{'+' if sign else ''},.{decimals}f}"
