"""How precise a comparison is: the half-width of the 95 % Monte-Carlo interval of a mean difference, and enough seeds
for the one that is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from simsim.experiments.comparison import ALL, STAGES_SHOWN, base_of
from simsim.experiments.results import Results
from simsim.inputs import numbers
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.indicators import indicators

SEEDS_AT_A_TIME, MOST_SEEDS = 20, 500
LEVEL = 0.95
FORM = "must be INDICATOR=HALFWIDTH or INDICATOR/STAGE=HALFWIDTH, as score/primary=0.01"
Until: TypeAlias = str | Iterable[str] | Mapping[str, float] | None
"""What is wanted: `score/primary=0.01`, several of them, or a mapping from `score/primary` to 0.01."""


@dataclass(frozen=True)
class Goal:
    """How narrow the interval of an indicator's difference is to be, in one stage or in all that it is recorded for."""

    indicator: str
    stage: str | None
    half_width: float


def goals_of(until: Until) -> list[Goal]:
    """Return what is wanted; InputError names everything that is no indicator, no stage or no width."""
    if until is None:
        return []
    listed = [until] if isinstance(until, str) else until
    if isinstance(listed, bytes) or not isinstance(listed, Iterable) or not (listed := _kept(listed)):
        raise InputError(Problem("experiment", "until", until, FORM))
    wanted = (
        [(f"{name}={width}", str(name), numbers.real(width)) for name, width in listed.items()]
        if isinstance(listed, Mapping)
        else [_split(str(text)) for text in listed]
    )
    problems = [problem for one in wanted if (problem := _problem(*one)) is not None]
    if problems:
        raise InputError(problems)
    return [Goal(name.split("/")[0], (name.split("/") + [None])[1], float(width or 0.0)) for _, name, width in wanted]


def _kept(listed: Iterable[str] | Mapping[str, float]) -> Mapping[str, float] | list[str]:
    return listed if isinstance(listed, Mapping) else list(listed)


def _split(text: str) -> tuple[str, str, float | None]:
    name, _, width = text.partition("=")
    return text, name.strip(), numbers.written(width)


def _problem(given: str, name: str, width: float | None) -> Problem | None:
    """Return what is wrong with one thing wanted, as it was given, or None."""
    indicator, _, stage = name.partition("/")
    if width is None or not width > 0.0:
        return Problem("experiment", "until", given, f"has no half-width above 0; {FORM}")
    if indicator not in indicators():
        remedy = f"is not an indicator{suggest(indicator, indicators())}; see `simsim list indicators`"
        return Problem("experiment", "until", indicator, remedy)
    if "/" in name and stage not in STAGES_SHOWN["en"]:
        there = ", ".join(STAGES_SHOWN["en"])
        return Problem("experiment", "until", name, f"{stage!r} is no stage; there are {there}")
    return None


def half_width(error: float, n: float) -> float:
    """Return the half-width of the 95 % interval of a mean with a standard error, of n replications (Student's t)."""
    return float(stdtrit(n - 1, (1 + LEVEL) / 2) * error) if n > 1 else np.nan


def precision(results: Results, goals: Sequence[Goal]) -> pd.DataFrame:
    """Return a row a goal, stage and scenario: scenario, indicator, stage, half_width, wanted, n and reached.

    Of the last year, each scenario against the baseline. InputError when an indicator was not recorded.
    """
    base, rows = base_of(results), []
    last = int(results.summary()["last_year"].max())
    for goal in goals:
        for name in (name for name in results.scenarios if name != base):
            table = results.paired(name, base, goal.indicator, goal.stage, group=ALL, years=last)
            for entry in table.itertuples():
                width = half_width(float(str(entry.mc_error)), int(str(entry.n)))
                reached = width <= goal.half_width
                rows.append((name, goal.indicator, entry.stage, width, goal.half_width, entry.n, reached))
    columns = ["scenario", "indicator", "stage", "half_width", "wanted", "n", "reached"]
    return pd.DataFrame(rows, columns=columns)


def said(table: pd.DataFrame) -> list[str]:
    """Return a line for each row of `precision`: what was reached, or what was not and how many seeds might do."""
    return [_line(*row) for row in table.itertuples(index=False, name=None)]


def _line(scenario: str, indicator: str, stage: str, width: float, wanted: float, n: int, reached: bool) -> str:
    what = f"{scenario}: {indicator}/{stage} ±{width:.3g} (95 % Monte-Carlo interval, wanted ±{wanted:.3g})"
    if reached:
        return f"{what}: reached with {n} seeds"
    more = f"; about {int(np.ceil(n * (width / wanted) ** 2)):,} might do" if np.isfinite(width) else ""
    return f"{what}: NOT reached with {n} seeds{more}"


def more_seeds(seeds: Sequence[int], most: int) -> list[int]:
    """Return the seeds with the next ones after them, no more than `most`; the same ones when there are that many."""
    number = max(min(SEEDS_AT_A_TIME, most - len(seeds)), 0)
    return [*seeds, *range(max(seeds) + 1, max(seeds) + 1 + number)]
