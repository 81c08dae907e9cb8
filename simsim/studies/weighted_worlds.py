"""Which conclusions survive when worlds count by how well they meet the patterns: importance weights over worlds.

A world is weighted by exp(-I²/2), I² the sum over the decided parts of patterns of its squared distance from the
accepted range, in units of the range's half-width and of what the model misses it by on average (the discrepancy of
Craig et al. 1997): a pattern that all worlds miss tells worlds apart less. What is left of n worlds is the effective
sample size, (sum w)² / sum w² (Kish 1965).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.districts.files import DistrictData
from simsim.experiments.comparison import STAGES_SHOWN, base_of, main_indicators
from simsim.experiments.fingerprint import code_digest, inputs_of
from simsim.experiments.manifest import digest
from simsim.experiments.places import district_of
from simsim.experiments.results import Results
from simsim.inputs.errors import InputError, Problem
from simsim.inputs.indicators import count, indicators, known, primary_outcomes, sureness
from simsim.inputs.whole_files import csv_of, write_text
from simsim.studies import patterns
from simsim.studies.pattern_verdicts import FAIL, PASS
from simsim.studies.patterns import Part

PATTERNS = (1, 2, 3, 5, 7, 8, 9, 18)
"""The patterns that one run of the baseline tells of: a few seconds a world."""
FILE = "pattern-worlds.csv"
KEYS = ["replication", "number", "part"]
ALL = "all"


@dataclass(frozen=True)
class Weights:
    """Weights of worlds (sum 1, by replication), the parts they come from, and the effective number of worlds."""

    weights: pd.Series
    parts: pd.DataFrame

    @property
    def effective(self) -> float:
        """The effective sample size."""
        return float(1.0 / (self.weights**2).sum())


def measured(
    seeds: Iterable[int],
    numbers: Sequence[int] = PATTERNS,
    data: DistrictData | None = None,
    jobs: int = 1,
    file: Path | None = None,
) -> pd.DataFrame:
    """Return what the worlds of these seeds make of patterns: replication, number, part, value.

    With a `file` each batch of worlds is added to it, and what it holds of the same code, parameters and patterns is
    not measured again.
    """
    from joblib import Parallel, delayed

    made = _made_from(numbers, data)
    done = _kept(file, made)
    todo = [seed for seed in seeds if seed not in set(done["replication"])]
    for start in range(0, len(todo), 2 * jobs):
        batch = todo[start : start + 2 * jobs]
        found = Parallel(n_jobs=jobs)(delayed(patterns.measure)(seed, list(numbers), data) for seed in batch)
        rows = [
            (seed, number, part, value)
            for seed, one in zip(batch, found, strict=True)
            for (number, part), value in one.items()
        ]
        done = pd.concat([done, pd.DataFrame(rows, columns=[*KEYS, "value"])], ignore_index=True)
        if file is not None:
            write_text(csv_of(done.assign(made_from=made)), file)
    return done[done["replication"].isin(list(seeds))].sort_values(KEYS, ignore_index=True)


def _made_from(numbers: Sequence[int], data: DistrictData | None) -> str:
    inputs = inputs_of([], {} if data is None else {data.name: data}, 0, False)
    return digest({"code": code_digest((), [] if data is None else [data]), "patterns": list(numbers), **inputs})


def _kept(file: Path | None, made: str) -> pd.DataFrame:
    """Return what a file holds of the same inputs; nothing of other ones, or where it cannot be read."""
    try:
        table = pd.read_csv(file) if file is not None and file.is_file() else pd.DataFrame()
        return table.loc[table["made_from"] == made, [*KEYS, "value"]].reset_index(drop=True)
    except (OSError, ValueError, KeyError):
        return pd.DataFrame(columns=[*KEYS, "value"])


def weights_of(table: pd.DataFrame) -> Weights:
    """Return the weights of worlds from what they make of patterns (`measured`).

    Only decided parts count: those that these worlds pass or fail beyond their Monte-Carlo error, and that are judged
    at all. InputError when none is decided.
    """
    values = table.pivot(index="replication", columns=["number", "part"], values="value")
    rows, squares = [], pd.Series(0.0, index=values.index)
    for pattern in patterns.load():
        for part in pattern.parts:
            key = (pattern.number, part.name)
            if key not in values.columns:
                continue
            mine = values[key].to_numpy(float)
            verdict = part.verdict(mine, patterns.sign_share())
            used = verdict in (PASS, FAIL)
            scale = _scale(part, mine)
            rows.append((pattern.number, part.words, part.accepted, float(mine.mean()), verdict, used, scale))
            if used:
                squares += (distance(part, mine) / scale) ** 2 if scale > 0 else 0.0
    parts = pd.DataFrame(rows, columns=["number", "part", "accepted", "mean", "verdict", "used", "scale"])
    if not parts["used"].any():
        raise InputError(Problem("patterns", "", len(values), "decide nothing in so few worlds; run more seeds"))
    raw = np.exp(-0.5 * (squares - squares.min()))
    return Weights(raw / raw.sum(), parts)


def distance(part: Part, values: Floats) -> Floats:
    """Return how far values lie outside what a part accepts; 0 inside."""
    if part.sign:
        found: Floats = np.maximum(0.0, -values * patterns.SIGNS[part.sign])
        return found
    return np.maximum(0.0, np.maximum(part.low - values, values - part.high))


def _scale(part: Part, values: Floats) -> float:
    """Return the unit of distance: half the accepted range (the spread over worlds where it is open), and what the mean
    misses it by.
    """
    half = (part.high - part.low) / 2.0
    unit = half if np.isfinite(half) and half > 0 and not part.sign else float(values.std(ddof=1))
    missed = float(distance(part, np.array([values.mean()]))[0])
    return float(np.hypot(unit, missed))


def weighted(
    results: Results, weights: Weights, names: Sequence[str] | None = None, baseline: str | None = None
) -> pd.DataFrame:
    """Return every headline of the last year under prior and weighted worlds.

    Columns: scenario, indicator, stage, n, mean, share and verdict of the worlds as drawn; effective, weighted_mean,
    weighted_error (Monte-Carlo), weighted_share and weighted_verdict of the weighted ones; survives (the same verdict).
    """
    base, last = base_of(results, baseline), results.years[-1]
    wanted = known(list(names)) if names else main_indicators()
    parts = []
    for name in (name for name in results.scenarios if name != base):
        gaps = results.gaps(name, base, year=last)
        index = cast(pd.MultiIndex, gaps.index)
        keep = index.get_level_values("indicator").isin(wanted or []) & (index.get_level_values("group") == ALL)
        prior = results.paired(name, base, group=ALL, years=last).set_index(["indicator", "stage"])
        parts.append(_rows(gaps[keep], weights, prior).assign(scenario=name))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "scenario", table.pop("scenario"))
    return table


def _rows(gaps: pd.DataFrame, weights: Weights, prior: pd.DataFrame) -> pd.DataFrame:
    found = pd.DataFrame([moments(row, weights.weights) for _, row in gaps.iterrows()])
    found["indicator"], found["stage"] = (list(gaps.index.get_level_values(k)) for k in ("indicator", "stage"))
    threshold = found["indicator"].map({n: entry.matters for n, entry in indicators().items()}).astype(float)
    values = gaps.to_numpy(float)
    w = weights.weights.reindex(gaps.columns).fillna(0.0).to_numpy()
    beyond = ((np.abs(values) > threshold.to_numpy()[:, None]) * w).sum(axis=1) / w.sum()
    verdicts = sureness().verdicts(found.assign(beyond=beyond), threshold)
    mine = prior.reindex(pd.MultiIndex.from_frame(found[["indicator", "stage"]]))
    table = found[["indicator", "stage"]].copy()
    for name in ("n", "mean", "mc_error", "share", "beyond", "verdict"):
        table[name] = mine[name].to_numpy()
    table["effective"], table["weighted_mean"] = found["n"], found["mean"]
    table["weighted_error"], table["weighted_share"] = found["mc_error"], found["share"]
    table["weighted_beyond"], table["weighted_verdict"] = beyond, verdicts
    table["survives"] = table["verdict"] == table["weighted_verdict"]
    return table


def moments(gaps: pd.Series, weights: pd.Series) -> dict[str, float]:
    """Return the weighted mean of differences by replication, its standard error, the weighted share with its sign, and
    the effective number of worlds (n, with_sign: of these); low and high are the ends.
    """
    there = gaps.dropna()
    w = weights.reindex(there.index).fillna(0.0).to_numpy(float)
    if not w.sum() > 0:
        return dict.fromkeys(("mean", "low", "high", "mc_error", "share", "n", "with_sign"), np.nan)
    w, x = w / w.sum(), there.to_numpy(float)
    mean, effective = float(w @ x), float(1.0 / (w**2).sum())
    error = float(np.sqrt((w**2 * (x - mean) ** 2).sum()) * np.sqrt(effective / max(effective - 1.0, 1e-9)))
    share = float(w[np.sign(x) == np.sign(mean)].sum())
    ends = {"low": float(x.min()), "high": float(x.max())}
    return {"mean": mean, **ends, "mc_error": error, "share": share, "n": effective, "with_sign": share * effective}


def weighted_comparison(
    results: Results,
    names: Sequence[str] | None = None,
    baseline: str | None = None,
    numbers: Sequence[int] = PATTERNS,
    jobs: int = 1,
    worlds: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, Weights]:
    """Return the headlines of an experiment under prior and weighted worlds, and the weights.

    The patterns are measured in the worlds of its seeds, once: what is found is kept in its folder. `worlds` are
    measures that are there already (of `measured`).
    """
    data = district_of(results, results.scenarios[0])
    file = None if results.folder is None else results.folder / FILE
    seeds = results.replications(base_of(results, baseline))
    if worlds is None:
        worlds = measured(seeds, numbers, data, jobs, file)
    weights = weights_of(worlds[worlds["number"].isin(numbers) & worlds["replication"].isin(seeds)])
    return weighted(results, weights, names, baseline), weights


HEADINGS = {
    "en": ("Scenario", "Indicator", "Stage", "As drawn", "Sign", "Verdict", "Weighted", "Sign, weighted",
           "Verdict, weighted", "Survives"),
    "zh": ("情景", "指标", "学段", "原始均值", "方向一致", "判断", "加权均值", "加权方向一致", "加权后判断",
           "结论不变"),
}  # fmt: skip
YES = {"en": ("no", "yes"), "zh": ("否", "是")}
FOUND = {
    "en": "{n} worlds count as {effective:.1f} when weighted by how well they meet {used} decided parts of patterns "
    "({all} measured).",
    "zh": "{n}次模拟按与{used}项已判定验证模式（共测{all}项）的吻合程度加权后，有效样本量为{effective:.1f}。",
}


def said(weights: Weights, lang: str) -> str:
    """Return how many worlds are left, and from what."""
    used = int(weights.parts["used"].sum())
    return FOUND[lang].format(n=len(weights.weights), effective=weights.effective, used=used, all=len(weights.parts))


def shown(table: pd.DataFrame, lang: str = "en") -> pd.DataFrame:
    """Return headlines under prior and weighted worlds as text, primary outcomes first; those that no world shows are
    left out.
    """
    known_ones, text = indicators(), sureness().text
    order = {name: place for place, name in enumerate(dict.fromkeys([*primary_outcomes(), *known_ones]))}
    rows = []
    listed = table[table["verdict"] != "same"].sort_values(
        ["scenario", "indicator"], key=lambda column: column.map(order).fillna(0), kind="stable"
    )
    for row in listed.to_dict("records"):
        entry = known_ones[row["indicator"]]
        values = [f"{row[name]:+z,.{entry.decimals}f}" for name in ("mean", "weighted_mean")]
        signs = [count(round(row["share"] * row["n"]), row["n"], lang), f"{row['weighted_share']:.0%}"]
        words = [text[row[name]][lang] for name in ("verdict", "weighted_verdict")]
        first = [row["scenario"], entry.label[lang], STAGES_SHOWN[lang].get(row["stage"], row["stage"])]
        rows.append([*first, values[0], signs[0], words[0], values[1], signs[1], words[1], YES[lang][row["survives"]]])
    return pd.DataFrame(rows, columns=list(HEADINGS[lang]))
