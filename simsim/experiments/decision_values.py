"""The values of the decision page, each as it is worked out in every world of an option: seats, children, teachers,
official lines and money.

What is summed or picked over years leaves out the first, which is the same in every scenario.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.codes import STAGES
from simsim.experiments.large_classes import outside
from simsim.experiments.places import district_of
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import deficit_line, definition
from simsim.inputs.defaults import country
from simsim.inputs.standards import load_standard

ALL = "all"
BASIC, QUALITY = "basic-2012", "quality-2017"
COMPOSITE, SEVEN = "balance_2012_{stage}", "balance_2017_{stage}"
ROTATION = {"moved_share": "rotation_share", "moved_backbone": "rotation_backbone"}
SHORT, REACHED, INSIDE, DEARER, IN_DEBT = "short", "reached", "inside", "dearer", "in_debt"


@dataclass(frozen=True)
class Worlds:
    """District records of the options by world: the rows of `district_year` that the values need, of the shared
    replications.
    """

    results: Results
    options: tuple[str, ...]
    base: str

    @cached_property
    def replications(self) -> list[int]:
        """The replications that every option has: the one denominator."""
        return sorted(set.intersection(*(set(self.results.replications(name)) for name in self.options)))

    @cached_property
    def span(self) -> list[int]:
        """The years after the first, or the only one."""
        years = self.results.years
        return years[1:] or years

    @property
    def last(self) -> int:
        """The last year."""
        return self.span[-1]

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages whose pupils are recorded, as the standard orders them."""
        there = {stage for indicator, stage, _ in self._rows if indicator == "pupils"}
        return tuple(stage for stage in STAGES if stage in there)

    @cached_property
    def _wide(self) -> pd.DataFrame:
        """A row an indicator, stage, scenario and year, a column a replication."""
        wanted = {"scenario": list(self.options), "group": [ALL], "indicator": list(_recorded())}
        frame = self.results.rows_if_any("district_year", wanted)
        frame = frame[frame["replication"].isin(self.replications)].astype(
            {"scenario": str, "indicator": str, "stage": str}
        )
        keys = ["indicator", "stage", "scenario", "year", "replication"]
        return frame.set_index(keys)["value"].unstack("replication").reindex(columns=self.replications).sort_index()

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], dict[int, int]]:
        """The rows of `_wide` that tell of each indicator, stage and scenario, by year."""
        found: dict[tuple[str, str, str], dict[int, int]] = {}
        for place, (indicator, stage, option, year) in enumerate(self._wide.index):
            found.setdefault((str(indicator), str(stage), str(option)), {})[int(year)] = place
        return found

    @cached_property
    def _numbers(self) -> Floats:
        """The numbers of `_wide`, and under them a row of NaN for what was not recorded."""
        return np.vstack([self._wide.to_numpy(float), np.full(len(self.replications), np.nan)])

    @cached_property
    def _spans(self) -> dict[tuple[str, str, str], pd.DataFrame]:
        return {}

    @cached_property
    def _values(self) -> dict[tuple[str, str, str], pd.Series]:
        return {}

    def years(self, option: str, indicator: str, stage: str) -> pd.DataFrame:
        """Return a row a year of the span, a column a world; NaN where it was not recorded."""
        key = (indicator, stage, option)
        if key not in self._spans:
            rows = self._rows.get(key, {})
            numbers = self._numbers[[rows.get(year, -1) for year in self.span]]
            self._spans[key] = pd.DataFrame(numbers, index=self.span, columns=self._wide.columns)
        return self._spans[key]

    def end(self, option: str, indicator: str, stage: str) -> pd.Series:
        """Return an indicator of the last year by world."""
        return self.years(option, indicator, stage).iloc[-1]

    def value(self, value: Value, option: str, stage: str) -> pd.Series:
        """Return a value of the page of an option by world, worked out once."""
        key = (value.name, option, stage)
        if key not in self._values:
            self._values[key] = value.of(self, option, stage).astype(float)
        return self._values[key]

    def law(self, option: str, what: str) -> pd.Series:
        """Return the rooms or yuan that the law on large classes forced by world; NaN outside the law and where it was
        not recorded.
        """
        if self._forced is None or option in self._outside:
            return pd.Series(np.nan, self.replications)
        mine = self._forced[self._forced["scenario"] == option]
        return mine.groupby("replication")[what].sum().reindex(self.replications).fillna(0.0)

    @cached_property
    def _outside(self) -> list[str]:
        return outside(self.results)

    @cached_property
    def _forced(self) -> pd.DataFrame | None:
        if "law_rooms" not in self.results.tables:
            return None
        self.results.frame("law_rooms")  # read whole, once: every pair of options asks for some of it
        return self.results.rows_if_any("law_rooms", {"scenario": list(self.options), "year": self.span})

    def rule(self, name: str) -> float | None:
        """Return the line of the country's rule of rotation, None where it has none."""
        data = district_of(self.results, self.base)
        if data is not None and not country(data.spec).get("rotation_rule"):
            return None
        return float(definition()["lines"][ROTATION[name]]["limit"])


@dataclass(frozen=True)
class Value:
    """One value of the page: its column, the indicator whose threshold, direction and evidence count, how it is worked
    out by world, and which worlds are counted (`short`, `inside`, ...; empty: those with the sign of the difference).

    A `relative` value is a difference from the base.
    """

    name: str
    column: str
    indicator: str
    of: Callable[[Worlds, str, str], pd.Series]
    by_stage: bool = False
    counted: str = ""
    met: Callable[[Worlds, pd.Series], pd.Series] | None = None
    good: str = "down"
    relative: bool = False


def _seats_short(worlds: Worlds, option: str, stage: str) -> pd.Series:
    """Pupils minus seats at the class target of a stage, in the year in which that is most."""
    return (worlds.years(option, "pupils", stage) - worlds.years(option, "seats", stage)).max()


def _unfilled(worlds: Worlds, option: str, stage: str) -> pd.Series:
    """Posts minus teachers of all stages in the last year."""
    return sum((_posts_left(worlds, option, each) for each in worlds.stages), pd.Series(0.0, worlds.replications))


def _posts_left(worlds: Worlds, option: str, stage: str) -> pd.Series:
    return worlds.end(option, "posts", stage) - worlds.end(option, "teachers", stage)


def _moved(worlds: Worlds, option: str, stage: str) -> pd.Series:
    """The share moved of the eligible teachers that the rule is about, the mean of the years; nobody: 0."""
    return worlds.years(option, "rotation_good_share", ALL).mean().fillna(0.0)


def _margin(name: str, standard: str) -> Callable[[Worlds, str, str], pd.Series]:
    """Return how far the stage and coefficient nearest to its line is inside it in the last year."""

    def of(worlds: Worlds, option: str, stage: str) -> pd.Series:
        margins = [
            load_standard(standard).cv_line(each) - worlds.end(option, indicator, each)
            for each in worlds.stages
            for indicator in _named(name.format(stage=each))
        ]
        table = pd.DataFrame(margins)
        return table.min().where(table.notna().all())

    return of


def _named(line: str) -> list[str]:
    """Return the indicators of a line of the scoreboard."""
    found = definition()["lines"].get(line, {"indicator": []})["indicator"]
    return [found] if isinstance(found, str) else list(found)


def _reaches(name: str) -> Callable[[Worlds, pd.Series], pd.Series]:
    """Return which worlds reach a line of the rule of rotation, rounded as the scoreboard rounds."""

    def met(worlds: Worlds, values: pd.Series) -> pd.Series:
        decimals = int(definition()["lines"][ROTATION[name]]["round"])
        return values.round(decimals) >= float(worlds.rule(name) or np.inf)

    return met


def _above_zero(worlds: Worlds, values: pd.Series) -> pd.Series:
    return values > 0


def _in_debt(worlds: Worlds, values: pd.Series) -> pd.Series:
    return values < deficit_line()


def _inside(worlds: Worlds, values: pd.Series) -> pd.Series:
    return values >= 0


VALUES = (
    Value("seats_short", "seats", "seats", _seats_short, True, SHORT, _above_zero),
    Value("law_rooms", "law", "law_rooms", lambda w, o, s: w.law(o, "rooms")),
    Value("law_yuan", "law", "law_rooms_yuan", lambda w, o, s: w.law(o, "yuan")),
    Value("turned_away", "children", "turned_away", lambda w, o, s: w.years(o, "turned_away", ALL).sum(min_count=1)),
    Value("waiting", "children", "waiting", lambda w, o, s: w.years(o, "waiting", ALL).max()),
    Value("teacher_gap", "teachers", "teacher_gap", lambda w, o, s: w.end(o, "teacher_gap", s), True),
    Value(
        "moved_share", "moved", "rotation_good_share", _moved,
        counted=REACHED, met=_reaches("moved_share"), good="up",
    ),
    Value(
        "moved_backbone", "moved", "rotation_good_backbone_share",
        lambda w, o, s: w.years(o, "rotation_good_backbone_share", ALL).mean(),
        counted=REACHED, met=_reaches("moved_backbone"), good="up",
    ),
    Value("unfilled_posts", "posts", "posts", _unfilled),
    Value("margin_2012", "lines", "cv_composite", _margin(COMPOSITE, BASIC), False, INSIDE, _inside, "up"),
    Value("margin_2017", "lines", "cv_composite", _margin(SEVEN, QUALITY), False, INSIDE, _inside, "up"),
    Value("net_cost", "cost", "money_out", lambda w, o, s: w.years(o, "money_out", ALL).sum(min_count=1), False,
          DEARER, _above_zero, relative=True),
    Value("worst_balance", "balance", "money_balance", lambda w, o, s: w.years(o, "money_balance", ALL).min(), False,
          IN_DEBT, _in_debt, "up"),
)  # fmt: skip
LEVELS = ("seats", "pupils", "posts", "teachers", "turned_away", "waiting", "teacher_gap", "cv_composite", "money_out")


def _recorded() -> list[str]:
    """Return the indicators that the values read."""
    seven = [name for stage in STAGES for name in _named(SEVEN.format(stage=stage))]
    more = ("money_balance", "rotation_good_share", "rotation_good_backbone_share")
    return list(dict.fromkeys([*LEVELS, *more, *seven]))
