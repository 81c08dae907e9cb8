"""What a difference hangs on, and how good the evidence for that is: from a screening, else from the worlds themselves.

Likelihood (how many worlds) and evidence (what the numbers rest on) are two scales, as in the reports of the IPCC
(Mastrandrea et al. 2010): a difference that is found in every world drawn from judged ranges is still judged.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.special import ndtri

from simsim.base.arrays import Floats
from simsim.base.sums import added_up
from simsim.experiments.drivers import least_correlation, worlds_drawn
from simsim.experiments.once import once
from simsim.experiments.results import Results
from simsim.experiments.screening_table import table_for
from simsim.inputs import parameters
from simsim.inputs.documents import Document
from simsim.inputs.indicators import Grade, grade_of, grades, grounds_rule, indicators, sureness

SCREENING, WORLDS, FEW, NONE = "screening", "worlds", "few", "none"
DRAWN = "parameters"
MOST_STEPS = 12
BY_RULE = "derived"
"""What is the same in every world follows from the inputs by the rules alone."""
LEARNING, MONEY = "SD", "yuan"
ALL = "all"
ROUNDING = 1e-12
LISTED = {"en": ", ", "zh": "、"}


@dataclass(frozen=True)
class Evidence:
    """What a row rests on: its grade, the parameters that move it most, and how that is known from how many."""

    grade: Grade
    names: tuple[str, ...] = ()
    known_from: str = FEW
    n: int = 0

    def words(self, lang: str) -> str:
        """Return what the row hangs on, in words."""
        nothing = self.known_from in (SCREENING, WORLDS) and not self.names
        key = f"no_{self.known_from}" if nothing else self.known_from
        return grounds_rule().text[key][lang].format(names=LISTED[lang].join(_called(self.names, lang)), n=self.n)


@once
def grounds_of(results: Results, a: str, b: str) -> Grounds:
    """Return the evidence of the differences `a` minus `b`."""
    return Grounds(results, a, b)


@once
def evidence_of(results: Results, a: str, b: str, indicator: str, stage: str, year: int) -> Evidence:
    """Return the evidence of one row of differences in the last year, of whole groups."""
    gaps, places = results.gaps(a, b, year=year), places_of(results, a, b, year)
    row = places.get((indicator, stage, ALL, year))
    return grounds_of(results, a, b).of(pd.Series(dtype=float) if row is None else gaps.iloc[row], indicator, stage)


@once
def places_of(results: Results, a: str, b: str, year: int) -> dict[Hashable, int]:
    """Return the place of every row among the differences of a year."""
    return {key: place for place, key in enumerate(results.gaps(a, b, year=year).index)}


@once
def _draws(results: Results, district: str) -> pd.DataFrame:
    return worlds_drawn(results.frame(DRAWN), district)


class Grounds:
    """The evidence of the differences `a` minus `b` of results in their last year."""

    def __init__(self, results: Results, a: str, b: str) -> None:
        self.results, self.a, self.b = results, a, b

    @cached_property
    def screening(self) -> pd.DataFrame | None:
        """The table of the screening that was made from what these results were made from, if there is one."""
        return table_for(self.results, self.a, self.b)

    @cached_property
    def draws(self) -> pd.DataFrame:
        """The parameters that differ between worlds, a row per world (replications, parameters)."""
        if DRAWN not in self.results.tables:
            return pd.DataFrame()
        district = self.results.manifest.get("districts", {}).get(self.a, "")
        return _draws(self.results, str(district))

    @cached_property
    def own_effects(self) -> tuple[str, ...]:
        """The drawn parameters that only policies read which one of the two scenarios has, or has otherwise; claimed
        effects where one of them assumes them.
        """
        known = self.results.manifest.get("scenarios", {})
        assume = {name for one in (self.a, self.b) for name in _resolved(known.get(one, {})).get("assume", ())}
        sides = [_instances(known.get(name, {})) for name in (self.a, self.b)]
        mine = {dict(instance)["policy"] for _, instance in {*sides[0].items()} ^ {*sides[1].items()}}
        drawn = (p for p in parameters.load().values() if p.uncertain or p.name in assume)
        return tuple(p.name for p in drawn if mine & set(p.for_policies))

    def of(self, gaps: pd.Series, indicator: str, stage: str) -> Evidence:
        """Return the evidence for the differences of one row by replication (its index): of the screening, and of the
        worlds where none tells, or no parameter stands out from luck in it.
        """
        values = gaps.dropna()
        if len(values) > 1 and float(np.ptp(values.to_numpy(float))) <= ROUNDING * max(1.0, float(values.abs().max())):
            return Evidence(self._capped(grade_of(BY_RULE), indicator, None), (), NONE, len(values))
        mine = self._screened(indicator, stage)
        parts = {} if mine is None else screened(mine)
        shared = self.draws.index.intersection(values.index)
        if mine is not None and (parts or len(shared) < sureness().fewest_replications):
            return self._evidence(parts, indicator, mine, SCREENING, int(mine["trajectories"].iloc[0]))
        if len(shared) < sureness().fewest_replications:
            return Evidence(grades()[0], (), FEW, len(values))
        parts = _chosen(values[shared].to_numpy(float), self._ranks(shared), list(self.draws.columns))
        return self._evidence(parts, indicator, mine, WORLDS, len(shared))

    def _ranks(self, worlds: pd.Index) -> Floats:
        """Return the ranks of the parameters in some worlds, standardised, worked out once."""
        key = worlds.to_numpy().tobytes()
        if key not in self._known_ranks:
            self._known_ranks[key] = _ranked(self.draws.loc[worlds])
        return self._known_ranks[key]

    @cached_property
    def _known_ranks(self) -> dict[bytes, Floats]:
        return {}

    def _screened(self, indicator: str, stage: str) -> pd.DataFrame | None:
        """Return the rows of the screening for an indicator and stage; None when it has none."""
        return self._screenings.get((indicator, stage))

    @cached_property
    def _screenings(self) -> dict[tuple[object, ...], pd.DataFrame]:
        """The rows of the screening for each indicator and stage."""
        return {} if self.screening is None else dict(iter(self.screening.groupby(["indicator", "stage"])))

    def _evidence(
        self, parts: Mapping[str, float], indicator: str, mine: pd.DataFrame | None, source: str, n: int
    ) -> Evidence:
        """Return the evidence from the variance that each parameter makes, the largest first."""
        rule = grounds_rule()
        weakest = min((_grade(name) for name in leading(parts, rule.variance)), key=_rank, default=grades()[0])
        return Evidence(self._capped(weakest, indicator, mine), tuple(parts)[: rule.named], source, n)

    def _capped(self, grade: Grade, indicator: str, mine: pd.DataFrame | None) -> Grade:
        """Return a grade no better than that of the measure's own effect on this kind of outcome: effects on learning
        for what is measured in SD, unit costs for money. Those without any effect in a screening do not count.
        """
        entry, known = indicators().get(indicator), parameters.load()
        unit = "" if entry is None else entry.unit["en"]
        wanted = LEARNING if unit == LEARNING else MONEY if unit.startswith("money") else ""
        inert = set() if mine is None else set(mine.loc[mine["mu_star"] == 0, "parameter"])
        own = [name for name in self.own_effects if wanted and known[name].unit.startswith(wanted)]
        return min([grade, *(_grade(name) for name in own if name not in inert)], key=_rank)


def _instances(scenario: Document) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the policy instances of a scenario as a manifest keeps it, each as text that can be compared."""
    policies = _resolved(scenario).get("policies") or {}
    return {
        str(key): tuple(sorted((str(name), str(value)) for name, value in entry.items()))
        for key, entry in policies.items()
    }


def _resolved(scenario: Document) -> Document:
    """Return a scenario as it was run, from its entry in a manifest; nothing where that is not kept."""
    found: Document = scenario.get("resolved") or {}
    return found


def _grade(name: str) -> Grade:
    known = parameters.load()
    return grade_of(known[name].kind) if name in known else grades()[0]


def _called(names: Sequence[str], lang: str) -> list[str]:
    """Return what parameters are called in a language; one that is no longer known, or has no name, by its own."""
    known = parameters.load()
    return [known[name].label.get(lang) or name if name in known else name for name in names]


def _rank(grade: Grade) -> int:
    return grade.rank


def leading(parts: Mapping[str, float], share: float) -> list[str]:
    """Return the first parameters that together make a share of the sum of all parts, which are in falling order."""
    total, so_far, found = added_up(parts.values()), 0.0, []
    for name, part in parts.items():
        if so_far >= share * total - ROUNDING * total:
            break
        so_far += part
        found.append(name)
    return found


def screened(mine: pd.DataFrame) -> dict[str, float]:
    """Return the square of mu_star of the parameters that stand out in a screening, the largest first.

    A parameter stands out when its mean effect is farther from zero than luck would bring any of them in the share of
    cases that the rule allows (normal, Bonferroni). Its error is the larger of sigma / root of trajectories and what
    two runs without anything in common would give: a change that only reshuffles luck moves a difference as well.
    """
    moving = int((mine["mu_star"] > 0).sum())
    limit = float(ndtri(1.0 - grounds_rule().error / (2.0 * max(moving, 1))))
    error = np.fmax(mine["sigma"], np.sqrt(2.0) * mine["noise"]) / np.sqrt(mine["trajectories"])
    found = mine[(mine["mu"].abs() > limit * error) & (mine["mu_star"] > 0)]
    found = found.sort_values("mu_star", ascending=False, kind="stable")
    return dict(zip(found["parameter"], found["mu_star"] ** 2, strict=True))


def explained(outcome: Floats, draws: pd.DataFrame) -> dict[str, float]:
    """Return the share of the variance of the ranks of an outcome (worlds) that parameters explain (worlds,
    parameters), the largest first: forward selection by rank correlation, as long as the next one would come by luck
    no more often than the rule says, counted over all parameters.
    """
    return _chosen(outcome, _ranked(draws), list(draws.columns))


def _ranked(draws: pd.DataFrame) -> Floats:
    """Return the ranks of every column, standardised."""
    return _standard(draws.rank().to_numpy())


def _chosen(outcome: Floats, x: Floats, names: Sequence[str]) -> dict[str, float]:
    """Return what `explained` says, from the standardised ranks of the parameters."""
    y, found = _standard(pd.DataFrame(outcome).rank().to_numpy())[:, 0], dict[str, float]()
    for step in range(min(MOST_STEPS, len(y) - 3)):
        left = np.sqrt((y**2).sum())
        if left <= ROUNDING:
            break
        correlations = x.T @ y / left
        best = int(np.abs(correlations).argmax())
        if abs(correlations[best]) < least_correlation(len(y) - step, len(names)):
            break
        found[str(names[best])] = float((x[:, best] @ y) ** 2)
        direction = x[:, best].copy()
        y = y - (direction @ y) * direction
        x = _standard(x - np.outer(direction, direction @ x))
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _standard(columns: Floats) -> Floats:
    """Return columns with mean 0 and length 1; one without any spread is 0 throughout."""
    centred = columns - columns.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    found: Floats = np.divide(centred, length, out=np.zeros_like(centred), where=length > np.sqrt(ROUNDING))
    return found


def graded(results: Results, table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return a comparison (`compared`) with grade and hangs_on, in both languages, for the indicators named, of whole
    groups in the last year; empty words elsewhere.
    """
    columns = [f"{name}_{lang}" for name in ("grade", "hangs_on") for lang in ("en", "zh")]
    table = table.assign(**dict.fromkeys(columns, ""))
    last = table["year"].max()
    mine = table["indicator"].isin(list(names)) & (table["group"] == "all") & (table["year"] == last) & (table["n"] > 0)
    for (scenario, base), rows in table[mine].groupby(["scenario", "baseline"], sort=False):
        grounds = Grounds(results, str(scenario), str(base))
        gaps = results.gaps(str(scenario), str(base), list(dict.fromkeys(rows["indicator"])), int(last))
        places = {key: number for number, key in enumerate(gaps.index)}
        for number, indicator, stage in zip(rows.index, rows["indicator"], rows["stage"], strict=True):
            found = grounds.of(gaps.iloc[places[indicator, stage, "all", last]], indicator, stage)
            words = [found.grade.text["en"], found.grade.text["zh"], found.words("en"), found.words("zh")]
            table.loc[number, columns] = words
    return table
