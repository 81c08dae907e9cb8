"""Paired differences of every scenario from a baseline, as one table: all of it for files, the main rows for a
reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from simsim.experiments.differences import KEYS
from simsim.experiments.filters import Filter
from simsim.experiments.manifest import refuse_screening
from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.experiments.table_folder import TableFolder
from simsim.inputs.documents import Document
from simsim.inputs.effect import LATE
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.indicators import count, indicators, primary_outcomes
from simsim.inputs.numbers import NOT_DEFINED, defined
from simsim.scenarios.idle import IdleChange
from simsim.scenarios.idle_settings import IdleSetting, in_vain
from simsim.scenarios.scenario import LAWS, Scenario

BASELINE = "baseline"
SAME = "same"
ALL = "all"
NOTHING = "–"
HEADINGS = {
    "en": (
        "Scenario",
        "Indicator",
        "Stage",
        "Year",
        "Difference",
        "5-95 %",
        "MC error",
        "Pairing gain",
        "Unit",
        "Worlds with the sign",
        "Beyond what matters",
        "Verdict",
        "Evidence",
        "Hangs on",
    ),
    "zh": (
        "情景",
        "指标",
        "学段",
        "年份",
        "差别",
        "5-95%区间",
        "模拟误差",
        "配对增益",
        "单位",
        "同方向次数",
        "超过最小差别的比例",
        "判断",
        "证据等级",
        "主要取决于",
    ),
}
LEFT_OUT = {
    "en": "Main indicators in the last year, the primary outcomes first; those without any difference are left out. "
    "5-95 %: interpolated over the worlds; with few of them it covers less than nine tenths. MC error: of the "
    "mean. Beyond what matters: the share of worlds that differ by more than the smallest difference that "
    "matters (`simsim show INDICATOR`). Evidence: the weakest kind of number among those that the row hangs on; "
    "it says nothing of how likely the difference is, nor the other way round. Pairing gain: how many times "
    "larger the variance of the difference would be if the scenarios did not share their random draws.",
    "zh": "最后一年的主要指标，事先确定的主要结果在前；没有任何差别的不列出。"
    "5-95%区间由各次模拟内插得出，次数少时实际覆盖不足九成。"
    "模拟误差为均值的误差。超过最小差别的比例：差别大于有实际意义的最小差别的模拟所占比例。"
    "证据等级取该行所依据参数中最弱的一类，与可能性大小是两回事。"
    "配对增益：若各情景不使用相同的随机数，差别的方差会是现在的多少倍。",
}
TO = {"en": " to ", "zh": "至"}
STAGES_SHOWN = {
    "en": {"primary": "primary", "junior": "junior", ALL: "all"},
    "zh": {"primary": "小学", "junior": "初中", ALL: "全部"},
}


def compared(results: Results, baseline: str | None = None, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return `Results.paired` of every other scenario minus `baseline`, with labels and units in both languages.

    `baseline` defaults to the scenario called baseline, or else to the first one run. InputError when no other one
    was run.
    """
    refuse_screening(results.manifest, results.folder or "results")
    base = base_of(results, baseline)
    others = [name for name in results.scenarios if name != base]
    frame = results.frame("district_year")
    there = set(frame["scenario"][Filter.of(frame, indicator=names).rows(frame)])
    both = [name for name in others if {name, base} <= there] or others[:1]
    parts = [_pairs(results, name, base, names).assign(scenario=name) for name in both]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "scenario", table.pop("scenario"))
    table.insert(1, "baseline", base)
    return _labelled(table)


def _pairs(results: Results, a: str, b: str, names: Sequence[str] | None) -> pd.DataFrame:
    """Return the paired differences and, of the indicators asked for, the rows in which none is defined: no numbers,
    and words that say so.
    """
    if not names:
        return results.paired(a, b)
    left, right = _keyed(results, a, names), _keyed(results, b, names)
    rows, seeds = left.index.intersection(right.index, sort=False), left.columns.intersection(right.columns)
    there = (left.loc[rows, seeds] - right.loc[rows, seeds]).notna().any(axis=1)
    lacking = rows[~there].to_frame(index=False)
    if lacking.empty:
        return results.paired(a, b, names)
    absent = ("mean", "low", "high", "share", "with_sign", "mc_error", "beyond", "pairing_gain")
    numbers = dict.fromkeys(absent, np.nan)
    words = {"verdict": "", "words_en": NOT_DEFINED["en"], "words_zh": NOT_DEFINED["zh"]}
    lacking = lacking.assign(**numbers, matters=False, n=0, **words)
    known = set(rows[there].get_level_values("indicator"))
    found = [results.paired(a, b, mine)] if (mine := [name for name in names if name in known]) else []
    return pd.concat([*found, lacking], ignore_index=True)


def _keyed(results: Results, scenario: str, names: Sequence[str]) -> pd.DataFrame:
    """Return the values of one scenario's indicators, a row per indicator, stage, group and year."""
    frame = results.frame("district_year")
    mine = frame[(frame["scenario"] == scenario) & Filter.of(frame, indicator=names).rows(frame)]
    return mine.set_index(["indicator", *KEYS, "replication"])["value"].unstack("replication")


def base_of(results: Results, baseline: str | None = None) -> str:
    """Return the scenario that others are compared with: `baseline`, or the one called so, or the first one run.

    InputError when no other one was run.
    """
    scenarios = results.scenarios
    preferred = BASELINE if BASELINE in scenarios else scenarios[0]
    base = preferred if baseline is None else results.scenario(baseline)
    if scenarios == [base]:
        raise InputError(Problem("results", "scenario", base, "is the only one that was run; a comparison needs two"))
    return base


@once
def idle(results: Results) -> list[str]:
    """Return `scenario: instance (policy)` for every policy that touched nobody in any replication."""
    if "touched" not in results.tables:
        return []
    nobody = _untouching(_touched(results))
    return [f"{scenario}: {instance} ({policy})" for scenario, instance, policy in nobody]


def _touched(results: Results) -> pd.DataFrame:
    """Return how many each policy touched, run by run: of a folder, only of scenarios with one that touched nobody in
    the first runs.
    """
    tables = results.tables
    if not isinstance(tables, TableFolder):
        return results.frame("touched")
    first = tables.first_rows("touched")
    first = first if tables.seeds is None else first[first["replication"].isin(sorted(tables.seeds))]
    idle_so_far = {scenario for scenario, _, _ in _untouching(first)}
    unknown = {name for name in {*results.scenarios} - {*first["scenario"]} if tables.rows("touched", name)}
    wanted = sorted(idle_so_far | unknown)
    return tables.read("touched", {"scenario": wanted}) if wanted else first.iloc[:0]


def _untouching(touched: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Return scenario, instance and name of the policies that touched nobody in any of these runs."""
    total = touched.groupby(["scenario", "instance", "policy"], observed=True)["value"].sum()
    nobody: list[tuple[str, str, str]] = total.index[total.to_numpy() == 0].tolist()
    return nobody


def assumed(results: Results) -> dict[str, list[str]]:
    """Return, by scenario, the judged effects that it assumes and that are 0 in the others."""
    known = results.manifest.get("scenarios") or {}
    resolved = {name: (known.get(name) or {}).get("resolved") or {} for name in results.scenarios}
    return {name: list(entry["assume"]) for name, entry in resolved.items() if entry.get("assume")}


@once
def vain(results: Results) -> list[tuple[str, IdleChange | IdleSetting]]:
    """Return (scenario, what) for every parameter and setting that a scenario asks for without effect here."""
    known = results.manifest.get("scenarios") or {}
    to, as_of = results.manifest.get("to"), (results.manifest.get("worlds") or {}).get("as_of")
    return [(name, idle) for name in results.scenarios for idle in _vain(known.get(name), to, as_of)]


def _vain(entry: Document | None, to: int | None, as_of: int | None) -> list[IdleChange | IdleSetting]:
    """Return what a scenario, as the manifest keeps it, asks for in vain; nothing where this simsim cannot read it."""
    resolved = (entry or {}).get("resolved") or {}
    if not any(resolved.get(key) for key in ("assume", "parameters", "policies")) and resolved.get("law") in (
        None,
        LAWS[0],
    ):
        return []
    try:
        found = in_vain(Scenario.load(resolved), to, as_of)
        return [
            one for one in found if not (isinstance(one, IdleSetting) and one.vain.why == LATE)
        ]  # `idle` names them
    except InputError:
        return []


def _labelled(table: pd.DataFrame) -> pd.DataFrame:
    """Add labels and units; an indicator that the dictionary does not know keeps its name."""
    known = indicators()
    for language in ("en", "zh"):
        labels = {name: entry.label[language] for name, entry in known.items()}
        table[f"label_{language}"] = table["indicator"].map(labels).fillna(table["indicator"])
        table[f"unit_{language}"] = (
            table["indicator"].map({name: entry.unit[language] for name, entry in known.items()}).fillna("")
        )
    return table


def main_indicators() -> list[str]:
    """Return the indicators that are shown when none is named."""
    return [name for name, entry in indicators().items() if entry.headline]


def shown(table: pd.DataFrame, everything: bool = False, lang: str = "en") -> pd.DataFrame:
    """Return the last year of a comparison as text, whole groups only.

    Unless `everything`, only the main indicators, and of them only those that differ in some replication. InputError
    for a language that simsim does not speak.
    """
    if lang not in HEADINGS:
        remedy = f"is not a language of simsim{suggest(str(lang), HEADINGS)}; there are {', '.join(HEADINGS)}"
        raise InputError(Problem("comparison", "lang", lang, remedy))
    keep = (table["year"] == table["year"].max()) & (table["group"] == ALL)
    if not everything:
        keep &= table["indicator"].isin(main_indicators()) & (table["verdict"] != SAME)
    mine = _sorted(table[keep])
    names = mine["indicator"].tolist()
    columns: list[Iterable[object]] = [
        mine["scenario"],
        mine[f"label_{lang}"],
        mine["stage"].map(STAGES_SHOWN[lang]).fillna(mine["stage"]),
        mine["year"],
        [_number(value, name, lang, sign=True) for value, name in zip(mine["mean"], names, strict=True)],
        [_interval(low, high, name, lang) for low, high, name in zip(mine["low"], mine["high"], names, strict=True)],
        [_number(value, name, lang, more=1) for value, name in zip(mine["mc_error"], names, strict=True)],
        [f"×{gain:,.1f}" if defined(gain) else NOT_DEFINED[lang] for gain in mine["pairing_gain"]],
        mine[f"unit_{lang}"],
        [
            count(k, n, lang) if defined(k) and n else NOT_DEFINED[lang]
            for k, n in zip(mine["with_sign"], mine["n"], strict=True)
        ],
        [f"{share:.0%}" if defined(share) else NOT_DEFINED[lang] for share in mine["beyond"]],
        mine[f"words_{lang}"],
        *(mine.get(f"{name}_{lang}", pd.Series("", mine.index)).replace("", NOTHING) for name in ("grade", "hangs_on")),
    ]
    return pd.DataFrame({heading: list(column) for heading, column in zip(HEADINGS[lang], columns, strict=True)})


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by scenario as run, primary outcomes first, then indicators as in the dictionary, and stage."""
    order = [*table["scenario"].unique(), *dict.fromkeys([*primary_outcomes(), *indicators()]), *STAGES_SHOWN["en"]]
    places = {name: place for place, name in enumerate(order)}
    return table.sort_values(["scenario", "indicator", "stage"], key=lambda column: column.map(places), kind="stable")


def _interval(low: float, high: float, indicator: str, lang: str) -> str:
    """Return both ends; one word where neither is defined."""
    if not defined(low) and not defined(high):
        return NOT_DEFINED[lang]
    return f"{_number(low, indicator, lang)}{TO[lang]}{_number(high, indicator, lang)}"


def _number(value: float, indicator: str, lang: str, sign: bool = False, more: int = 0) -> str:
    """Return a number with the decimals of its indicator, or that it is not defined; nothing has no minus."""
    if not defined(value):
        return NOT_DEFINED[lang]
    decimals = indicators()[indicator].decimals + more
    return f"{value:{'+' if sign else ''}z,.{decimals}f}"
