"""The decision page as numbers: what every option comes to in seats, children, teachers, official lines and money.

Every number is worked out in each world first and summed up over the worlds that all options share: medians and 5-95 %
intervals of values, medians of the paired differences from the base, and in how many worlds they have a sign. What is
summed or picked over years leaves out the first, which is the same in every scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats
from simsim.base.codes import STAGES
from simsim.experiments.comparison import BASELINE
from simsim.experiments.differences import differences
from simsim.experiments.evidence import Grounds, grounds_of
from simsim.experiments.filters import several
from simsim.experiments.large_classes import outside
from simsim.experiments.manifest import refuse_screening
from simsim.experiments.once import once
from simsim.experiments.places import district_of
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import deficit_line, definition
from simsim.inputs.csvfile import records
from simsim.inputs.defaults import country
from simsim.inputs.indicators import Grade, sureness
from simsim.inputs.standards import load_standard

ALL = "all"
BASIC, QUALITY = "basic-2012", "quality-2017"
COMPOSITE, SEVEN = "balance_2012_{stage}", "balance_2017_{stage}"
ROTATION = {"moved_share": "rotation_share", "moved_backbone": "rotation_backbone"}
SHORT, REACHED, INSIDE, DEARER, IN_DEBT, LOWER, HIGHER, SAME = (
    "short", "reached", "inside", "dearer", "in_debt", "lower", "higher", "same",
)  # fmt: skip
NUMBERS = ("median", "low", "high", "worlds", "difference", "difference_low", "difference_high", "with_sign")
COLUMNS = (
    "option", "value", "column", "stage", *NUMBERS, "counted", "direction", "n", "verdict", "words_en", "words_zh",
    "grade", "hangs_on_en", "hangs_on_zh",
)  # fmt: skip


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


def options_of(results: Results) -> list[str]:
    """Return the scenarios that are options: all that ran, but those outside the national law on large classes."""
    there, left_out = [name for name in results.scenarios if results.replications(name)], outside(results)
    return [name for name in there if name not in left_out] or there


@once
def decision(results: Results, base: str | None = None, options: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a row an option and value of the decision page, over the worlds that all options share.

    Columns: option, value, column (of the page), stage; median, low and high (5-95 %) of the value; `worlds` of `n`
    that are as `counted` says (short of seats, line reached or inside, dearer, in debt; empty: nothing is counted but
    the sign); difference with low and high: median and interval of the paired differences from `base`, and with_sign,
    the worlds in which it has the `direction` (lower, higher, same) of its median; verdict and words (one rule:
    parameters/indicators.yaml); grade and hangs_on: the evidence of the difference, of the base's own value in its row.
    Money in yuan. InputError for a name that is not in the results.

    >>> import simsim
    >>> results = simsim.Experiment(["baseline", "plan"], seeds=1, to=2015).run(progress=False)
    >>> table = simsim.decision(results)
    >>> table[table["value"] == "seats_short"][["option", "stage", "n"]].values.tolist()[0]
    ['baseline', 'primary', 1]
    """
    refuse_screening(results.manifest, results.folder or "results")
    asked_for = several("options", options)
    names = options_of(results) if asked_for is None else [results.scenario(name) for name in asked_for]
    base = results.scenario(base) if base is not None else BASELINE if BASELINE in names else names[0]
    worlds = Worlds(results, tuple(dict.fromkeys([*names, base])), base)
    asked = [
        (grounds, option, value, stage)
        for option in names
        for grounds in [grounds_of(results, option, base)]
        for value in VALUES
        for stage in (worlds.stages if value.by_stage else (ALL,))
    ]
    gaps = [_gap(worlds, option, value, stage) for _, option, value, stage in asked]
    words = _differences(worlds, gaps, [value for _, _, value, _ in asked])
    told = [_nothing() if option == base else found for (_, option, _, _), found in zip(asked, words, strict=True)]
    rows = [_row(worlds, *one) | found for one, found in zip(asked, told, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@once
def between(results: Results, option: str, other: str) -> pd.DataFrame:
    """Return in what an option differs from another that is not the base, world by world: a row a value and stage.

    Columns: value, column, stage, n, difference with low and high (median and 5-95 % of worlds), with_sign, direction,
    verdict and words, as in `decision`. A value that was not recorded has no row.
    """
    worlds = Worlds(results, (option, other), other)
    asked = [(value, stage) for value in VALUES for stage in (worlds.stages if value.by_stage else (ALL,))]
    gaps = [_gap(worlds, option, value, stage) for value, stage in asked]
    words = _differences(worlds, gaps, [value for value, _ in asked])
    found = zip(asked, gaps, words, strict=True)
    rows = [
        {"value": value.name, "column": value.column, "stage": stage, "n": int(gap.notna().sum())} | told
        for (value, stage), gap, told in found
        if gap.notna().any()
    ]
    return pd.DataFrame(rows)


def _gap(worlds: Worlds, option: str, value: Value, stage: str) -> pd.Series:
    """Return in what an option differs from the base by world."""
    return worlds.value(value, option, stage) - worlds.value(value, worlds.base, stage)


def by_world(worlds: Worlds, value: Value, option: str, stage: str) -> pd.Series:
    """Return a value of an option by world; of a relative one the difference from the base."""
    found = worlds.value(value, option, stage)
    return found - worlds.value(value, worlds.base, stage) if value.relative else found


def _row(worlds: Worlds, grounds: Grounds, option: str, value: Value, stage: str) -> dict[str, object]:
    found = by_world(worlds, value, option, stage)
    gaps = _gap(worlds, option, value, stage)
    own = option == worlds.base
    median, low, high = spread(found)
    row: dict[str, object] = {"option": option, "value": value.name, "column": value.column, "stage": stage}
    row |= {"median": median, "low": low, "high": high, "n": int(found.notna().sum())}
    lines = value.counted != REACHED or worlds.rule(value.name) is not None
    counts = value.met is not None and lines and not (value.relative and own) and not np.isnan(median)
    row |= {"counted": value.counted if counts else "", "worlds": np.nan}
    if value.met is not None and counts:
        row["worlds"] = int(value.met(worlds, found.dropna()).sum())
    evidence = grounds.of(found if own else gaps, value.indicator, "")
    row |= {"grade": evidence.grade.name if row["n"] and not (own and value.relative) else ""}
    row |= {f"hangs_on_{lang}": evidence.words(lang) if row["grade"] else "" for lang in ("en", "zh")}
    return row


def spread(values: pd.Series | Floats | Sequence[float]) -> tuple[float, float, float]:
    """Return median and 5-95 % of worlds without those that are NaN (linear interpolation); NaN where none is."""
    numbers = np.asarray(values, float)
    there = numbers[~np.isnan(numbers)]
    if not len(there):
        return float("nan"), float("nan"), float("nan")
    median, low, high = np.quantile(there, [0.5, *sureness().interval]).tolist()
    return median, low, high


def _nothing() -> dict[str, object]:
    numbers = dict.fromkeys(("difference", "difference_low", "difference_high", "with_sign"), float("nan"))
    return {**numbers, "direction": "", "verdict": "", "words_en": "", "words_zh": ""}


def _differences(worlds: Worlds, gaps: Sequence[pd.Series], values: Sequence[Value]) -> list[dict[str, object]]:
    """Return the paired differences of values by world, all judged at once: median, interval, worlds with its sign,
    verdict and words; nothing where no world has one.
    """
    counted = [n for n, gap in enumerate(gaps) if gap.notna().any()]
    if not counted:
        return [_nothing() for _ in gaps]
    keys = [(values[n].indicator, ALL, ALL, worlds.last) for n in counted]
    index = pd.MultiIndex.from_tuples(keys, names=["indicator", "stage", "group", "year"])
    found = np.array([gaps[n].reindex(worlds.replications).to_numpy(float) for n in counted])
    judged = differences(pd.DataFrame(found, index=index, columns=worlds.replications))
    words = dict(zip(counted, records(judged[["verdict", "words_en", "words_zh"]]), strict=True))
    return [{**_spread_of(gap), **words[n]} if n in words else _nothing() for n, gap in enumerate(gaps)]


def _spread_of(gaps: pd.Series) -> dict[str, object]:
    """Return median and interval of a paired difference, its direction, and the worlds with the sign of its median."""
    there = gaps.dropna().to_numpy(float)
    median, low, high = spread(there)
    direction = {1.0: HIGHER, -1.0: LOWER}.get(float(np.sign(median)), SAME)
    numbers = {"difference": median, "difference_low": low, "difference_high": high}
    return {**numbers, "with_sign": int((np.sign(there) == np.sign(median)).sum()), "direction": direction}


def weakest(grades: Sequence[str], known: Sequence[Grade]) -> Grade | None:
    """Return the weakest of the grades named; None where none is."""
    named = [grade for grade in known if grade.name in set(grades)]
    return min(named, key=lambda grade: grade.rank, default=None)


def alike(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs of options of a decision table whose numbers are all the same: nothing on the page tells them
    apart.
    """
    shown = ["median", "low", "high", "worlds"]
    rows = {option: mine[shown].to_numpy(float) for option, mine in table.groupby("option", sort=False)}
    names = list(rows)
    return [
        (str(a), str(b))
        for place, a in enumerate(names)
        for b in names[place + 1 :]
        if np.array_equal(rows[a], rows[b], equal_nan=True)
    ]
