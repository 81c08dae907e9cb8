"""What a report looks at: the results of an experiment, in one language, seen from one scenario against another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import cast

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.districts.facts import PUBLISHED, UNFITTED, facts, states
from simsim.districts.files import DistrictData, load_district
from simsim.districts.filled_words import column_word, rule_word, table_word
from simsim.districts.provenance import filled, resting_on
from simsim.experiments.comparison import BASELINE
from simsim.experiments.decision import decision, options_of
from simsim.experiments.differences import difference, differences
from simsim.experiments.evidence import Evidence, evidence_of, grounds_of, places_of
from simsim.experiments.manifest import refuse_screening
from simsim.experiments.one_place import Place, by_year, place_of
from simsim.experiments.outlook import last_september, month_today, outlook, signals, warnings
from simsim.experiments.places import district_name, district_of, plan_at
from simsim.experiments.plan_account import measure_table
from simsim.experiments.plan_money import bound_of
from simsim.experiments.results import Results
from simsim.experiments.scoreboard import scoreboard
from simsim.experiments.workforce import workforce
from simsim.inputs.defaults import country, default_district, last_year
from simsim.report import sums
from simsim.report.lines import Lines, judged_columns
from simsim.report.words import LANGUAGES, ONE_WORLD, Words, chinese_marks

ALL = "all"
FOCUS = "plan"
MANY = ("comparison", "teachers")
"""The kinds of page that tell of all scenarios."""
LONGEST_TITLE = 60
_open: ContextVar[Mapping[Path, Results]] = ContextVar("open", default=MappingProxyType({}))
"""Folders that are open for several pages, whose tables are read once."""
TEXTS = ("mode.string_storage", "python")
"""How pandas keeps texts meanwhile: as Python's own. Pages ask for them one by one, and each one asked of Arrow is made
anew; a tenth of a page's time.
"""


@contextmanager
def opened(folder: Results | str | Path) -> Iterator[Results]:
    """Read an experiment's folder, or take its results, for every view of the folder meanwhile; InputError when it is
    none.
    """
    results = folder if isinstance(folder, Results) else _open.get().get(Path(folder).resolve()) or Results.load(folder)
    token = _open.set({**_open.get(), **({results.folder.resolve(): results} if results.folder is not None else {})})
    try:
        with pd.option_context(*TEXTS):
            yield results
    finally:
        _open.reset(token)


@dataclass(frozen=True)
class View:
    """Results and words; `base` is the scenario that others are compared with, `focus` the one told in most detail."""

    results: Results
    say: Words
    base: str
    focus: str
    shown: tuple[str, ...] = ()
    given_today: str = ""
    place: Place | None = None

    @classmethod
    def of(
        cls,
        results: Results | str | Path,
        lang: str = "en",
        focus: str | None = None,
        base: str | None = None,
        seeds: Sequence[int] = (),
        today: str = "",
    ) -> View:
        """Open results or the folder of an experiment; InputError when a scenario is not in it, or `today` (a month, as
        2026-11) is none.
        """
        if not isinstance(results, Results):
            results = _open.get().get(Path(results).resolve()) or Results.load(results)
        if seeds:
            results = results.for_replications(seeds)
        refuse_screening(results.manifest, results.folder or "results")
        names = results.scenarios
        base = base or (BASELINE if BASELINE in names else names[0])
        focus = focus or next((name for name in (FOCUS, *names) if name in names and name != base), base)
        for name in (base, focus):
            results.replications(name)
        given_today = month_today(today, results.years[-1]) if today else ""
        return cls(results, words_of(results, focus, lang), base, focus, given_today=given_today)

    @property
    def lang(self) -> str:
        """The language."""
        return self.say.lang

    @cached_property
    def scenarios(self) -> list[str]:
        """The scenarios to show (all, unless `shown` names some), in the order they were asked for."""
        return [
            name
            for name in self.results.scenarios
            if self.results.replications(name) and name in (self.shown or self.results.scenarios)
        ]

    @property
    def others(self) -> list[str]:
        """All scenarios but the base."""
        return [name for name in self.scenarios if name != self.base]

    def alone(self) -> View:
        """Return the same view narrowed to focus and base."""
        return replace(self, shown=(self.base, self.focus))

    def of_kind(self, kind: str) -> View:
        """Return the view that a kind of page takes: one of one scenario, outlook or place, focus and base alone."""
        return self if kind in MANY else self.alone()

    def only(self, school: object = None, area: object = None) -> View:
        """Return the same view, narrowed to focus and base, of one school or area; InputError when it is not there."""
        return replace(self.alone(), place=place_of(self.results, self.focus, school, area))

    def at_place(self, scenario: str) -> pd.DataFrame:
        """Return the numbers of the view's place by stage, year and world, worked out once."""
        if scenario not in self._at_place and self.place is not None:
            self._at_place[scenario] = by_year(self.results, scenario, self.place)
        return self._at_place[scenario]

    @cached_property
    def _at_place(self) -> dict[str, pd.DataFrame]:
        return {}

    @property
    def pair(self) -> list[str]:
        """Base and focus, once each."""
        return list(dict.fromkeys((self.base, self.focus)))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages that the district teaches, as the record tells."""
        there = set(self.results.frame("district_year")["stage"].unique())
        return tuple(stage for stage in STAGES if stage in there)

    @cached_property
    def years(self) -> list[int]:
        """Years of the record."""
        return self.results.years

    @property
    def first(self) -> int:
        """The first year."""
        return self.years[0]

    @property
    def last(self) -> int:
        """The last year."""
        return self.years[-1]

    @property
    def middle(self) -> int:
        """The year in which the plan has just ended, or the one halfway through."""
        plan = plan_at(self.results, self.focus)
        ended = plan.ended if plan else None
        return ended if ended in self.years and ended else self.years[len(self.years) // 2]

    @property
    def looks_ahead(self) -> bool:
        """Whether the run goes on past the district's last year."""
        data = district_of(self.results, self.focus)
        return data is not None and self.last > last_year(data.spec)

    @cached_property
    def n(self) -> int:
        """The number of replications of the focus."""
        return len(self.results.replications(self.focus))

    def title(self, scenario: str) -> str:
        """Return a scenario's title, shortened if need be."""
        known = self.results.manifest.get("scenarios", {}).get(scenario, {})
        title = str(dict(known.get("title") or {}).get(self.lang) or scenario)
        return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"

    def translated(self, scenario: str) -> Mapping[str, str]:
        """Return the names that a scenario gives in both languages (of clusters,
        say), from the English to the report's.
        """
        found: dict[str, str] = {}
        todo: list[object] = [self.results.manifest.get("scenarios", {}).get(scenario, {}).get("resolved", {})]
        while todo:
            item = todo.pop()
            if isinstance(item, Mapping) and {"en", "zh"} <= set(item):
                found[str(item["en"])] = str(item[self.lang])
            todo += item.values() if isinstance(item, Mapping) else item if isinstance(item, list | tuple) else ()
        return Same(found)

    def description(self, scenario: str) -> str:
        """Return what a scenario says of itself."""
        known = self.results.manifest.get("scenarios", {}).get(scenario, {}).get("resolved", {})
        return str(dict(known.get("description") or {}).get(self.lang, ""))

    # ---- numbers of the district ----

    @cached_property
    def levels(self) -> pd.DataFrame:
        """Median, mean, low and high by scenario, indicator, stage,
        group and year; both stages together under `all`.
        """
        frame = self.results.bands(None, scenarios=self.scenarios)
        return frame.set_index(["scenario", "indicator", "stage", "group", "year"]).sort_index()

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Paired differences of every scenario from the base."""
        parts = [self.results.paired(name, self.base).assign(scenario=name) for name in self.others]
        if not parts:
            return pd.DataFrame()
        table = self.unfounded(pd.concat(parts))
        return table.set_index(["scenario", "indicator", "stage", "group", "year"]).sort_index()

    def unfounded(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return differences without verdicts where an indicator rests on filled columns: they are no findings."""
        if not self.filled:
            return table
        mine = table["indicator"].isin(list(self.filled))
        table = table.assign(verdict=table["verdict"].mask(mine, ""))
        for name in (f"words_{lang}" for lang in LANGUAGES):
            table[name] = table[name].mask(mine, self.say("filled.words"))
        return table

    def level(
        self, scenario: str, indicator: str, stage: str = ALL, year: int | None = None, group: str = ALL
    ) -> pd.Series:
        """Return median, mean, low, high, n of one number; NaN when it was not recorded."""
        return self._level_rows[scenario, indicator, stage, group, year or self.last]

    @cached_property
    def _level_rows(self) -> Lines:
        return Lines(self.levels, ("median", "mean", "low", "high", "n"))

    def path(self, scenario: str, indicator: str, stage: str = ALL, group: str = ALL) -> pd.DataFrame:
        """Return median, low and high by year; empty when the indicator was not recorded."""
        there = self._spans.get((scenario, indicator, stage, group), slice(0))
        return self.levels.iloc[there].set_axis(self._years_of_levels[there])

    @cached_property
    def _years_of_levels(self) -> pd.Index:
        return self.levels.index.get_level_values("year")

    @cached_property
    def _spans(self) -> dict[tuple[object, ...], slice]:
        """The rows of `levels`, which are sorted, of each number of a scenario: one a year."""
        keys = cast(pd.MultiIndex, self.levels.index).droplevel("year")
        starts = np.flatnonzero(~keys.duplicated())
        stops = [*starts[1:].tolist(), len(keys)]
        return {keys[start]: slice(start, stop) for start, stop in zip(starts.tolist(), stops, strict=False)}

    def difference(
        self, scenario: str, indicator: str, stage: str = ALL, year: int | None = None, group: str = ALL
    ) -> pd.Series:
        """Return one paired difference from the base, with its words; NaN and no words when there is none."""
        return self._pair_rows[scenario, indicator, stage, group, year or self.last]

    @cached_property
    def _pair_rows(self) -> Lines:
        return Lines(self.pairs, judged_columns(self.lang))

    def evidence(self, scenario: str, indicator: str, stage: str = ALL) -> Evidence:
        """Return what the difference of a scenario from the base in the last year hangs on."""
        return evidence_of(self.results, scenario, self.base, indicator, stage, self.last)

    def evidence_of(self, ours: pd.Series, theirs: pd.Series, indicator: str) -> Evidence:
        """Return what the paired difference of two numbers of the focus and the base by replication hangs on."""
        return grounds_of(self.results, self.focus, self.base).of((ours - theirs).dropna(), indicator, "")

    def median_gap(self, scenario: str, indicator: str, stage: str) -> float:
        """Return the median of the differences of a scenario from the base within a world, in the last year."""
        row = places_of(self.results, scenario, self.base, self.last).get((indicator, stage, ALL, self.last))
        gaps = self.results.gaps(scenario, self.base, year=self.last)
        return float("nan") if row is None else float(gaps.iloc[row].median())

    def recorded(self, indicator: str) -> bool:
        """Whether an indicator is in the results at all."""
        return indicator in self._recorded

    @cached_property
    def _recorded(self) -> frozenset[str]:
        return frozenset(self.levels.index.get_level_values("indicator"))

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """The numbers of the decision page (`simsim.decision`): of all options that are shown, the base and the focus
        among them.
        """
        options = [name for name in options_of(self.results) if name in self.scenarios]
        return decision(self.results, self.base, list(dict.fromkeys([*options, *self.pair])))

    # ---- sums over stages, and sums over years ----

    def by_world(self, scenario: str, indicator: str, stage: str) -> pd.Series:
        """Return an indicator of a stage in the last year by replication."""
        wanted = {"scenario": [scenario], "indicator": [indicator], "stage": [stage], "group": [ALL]}
        frame = self.results.rows_if_any("district_year", {**wanted, "year": [self.last]})
        return frame.set_index("replication")["value"].sort_index()

    def totals(self, scenario: str, indicator: str) -> pd.DataFrame:
        """Return the sum over the stages, a row per year and a column per replication."""
        frame = self.results.frame("district_year")
        keep = (
            (frame["scenario"] == scenario)
            & (frame["indicator"] == indicator)
            & (frame["group"] == ALL)
            & frame["stage"].isin(self.stages)
        )
        return frame[keep].groupby(["year", "replication"], observed=True)["value"].sum().unstack("replication")

    def at_the_end(self, scenario: str, indicator: str) -> pd.Series:
        """Return the sum over the stages in the last year, by replication."""
        return cast(pd.Series, self.totals(scenario, indicator).loc[self.last])

    def spent(self, scenario: str) -> pd.DataFrame:
        """Return what the measures cost over all years: a row per measure and kind, a
        column per replication; staff pay apart.
        """
        return sums.spent(self.results, scenario)

    def judged(self, ours: pd.Series, theirs: pd.Series, indicator: str) -> pd.Series:
        """Return the paired difference of two numbers by replication, judged with the threshold of an indicator."""
        if ours.index.equals(theirs.index):
            gaps = (ours - theirs).to_numpy(float)
        else:
            seeds = ours.index.intersection(theirs.index)
            gaps = (ours[seeds] - theirs[seeds]).to_numpy(float)
        row = difference(gaps, indicator)
        if indicator in self.filled:
            row |= {"verdict": "", **{f"words_{lang}": self.say("filled.words") for lang in LANGUAGES}}
        return pd.Series(row, dtype=object).rename({f"words_{self.lang}": "words"})

    def judged_rows(self, gaps: pd.DataFrame) -> Lines:
        """Return paired differences, judged, of a row per indicator, stage, group and year and a column per
        replication.
        """
        table = self.unfounded(differences(gaps))
        return Lines(table.set_index(["indicator", "stage", "group", "year"]), judged_columns(self.lang))

    # ---- the plan's scoreboard, and what is to come ----

    @cached_property
    def board(self) -> pd.DataFrame:
        """The scoreboard of the focus, with what it gains against the base."""
        return scoreboard(self.results, self.focus, self.base)

    @cached_property
    def district(self) -> DistrictData:
        """The files of the district, the default one's when the results do not say; InputError when they are gone."""
        found = district_of(self.results, self.focus)
        return (
            found if found is not None else load_district(district_name(self.results, self.focus) or default_district())
        )

    def resting(self, names: Iterable[str]) -> dict[str, str]:
        """Return the filled columns, with their rules, on which some of these indicators rest."""
        return {column: rule for name in names for column, rule in self.filled.get(name, {}).items()}

    @cached_property
    def filled(self) -> Mapping[str, Mapping[str, str]]:
        """The filled columns, with their rules, on which indicators rest, by indicator; those that rest on none left
        out.
        """
        data = district_of(self.results, self.focus)
        return {} if data is None or not filled(data.provenance) else resting_on(data.provenance)

    @cached_property
    def illustrative(self) -> View:
        """The same view without findings: for figures that rest on filled columns."""
        return replace(self, say=self.say.without_findings())

    @cached_property
    def outlook(self) -> pd.DataFrame:
        """Children against seats of the focus by stage, area and year."""
        return outlook(self.results, self.focus, self.district)

    @cached_property
    def warnings(self) -> pd.DataFrame:
        """The spells of years to come in which seats of the focus run out or stand empty."""
        return warnings(self.outlook, today=self.today)

    @cached_property
    def signals(self) -> pd.DataFrame:
        """The colour of every stage, area and year to come (focus)."""
        return signals(self.outlook, today=self.today)

    @property
    def today(self) -> str | None:
        """The month from which a look ahead is told: as given, or the last September that is known of the district;
        None where nothing was simulated past it.
        """
        if self.given_today:
            return self.given_today
        return None if self.district is None else last_september(self.district, self.last)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """The account of every measure of the focus's plan, beside what a bound budget grants."""
        return measure_table(self.results, self.focus, bound_of(self.results, self.focus))

    @property
    def turned_away(self) -> dict[tuple[str, str, str], pd.Series]:
        """Children turned away over all years by replication, by scenario, stage and group."""
        return sums.turned_away(self.results)

    def workforce(self, scenario: str) -> pd.DataFrame:
        """Return the public workforce of a scenario by stage, group, world and year, worked out once."""
        if scenario not in self._workforces:
            self._workforces[scenario] = workforce(self.results, scenario)
        return self._workforces[scenario]

    @cached_property
    def _workforces(self) -> dict[str, pd.DataFrame]:
        return {}

    def area(self, name: str) -> str:
        """Return the name of an area (subdistrict or town) in the report's language."""
        if name == ALL:
            return self.say(f"stage.{ALL}")
        return self._areas.get(name, {}).get(self.lang, name)

    @cached_property
    def _areas(self) -> dict[str, dict[str, str]]:
        return self.district.area_words()

    # ---- numbers by school ----

    @cached_property
    def schools(self) -> pd.DataFrame:
        """Name, kind, town and place of every school by scenario and year, and in
        what share of replications it is open.
        """
        columns = [f"name_{self.lang}", "kind", "ownership", "urban", "x_km", "y_km", "cluster", "open"]
        table = sums.schools(self.results)[columns]
        if self.lang == "zh":
            table["name_zh"] = table["name_zh"].map(chinese_marks)
        return table.rename(columns={f"name_{self.lang}": "name"})

    def schools_in(self, scenario: str, year: int) -> pd.DataFrame:
        """Return the schools of a scenario and year by key."""
        return cast(pd.DataFrame, self.schools.loc[scenario, year])

    def names(self) -> pd.Series:
        """Return the schools' names by key."""
        return self.schools.reset_index().drop_duplicates("school").set_index("school")["name"].astype(str).sort_index()

    def by_school(self, scenario: str, indicator: str, stage: str, year: int | None = None) -> pd.DataFrame:
        """Return median, low and high by school in a year."""
        wanted, usual = year or self.last, (self.first, self.middle, self.last)
        read = sorted({*usual}) if wanted in usual else [wanted]
        return sums.at_schools(self.results, scenario, indicator, stage, wanted, read)


def words_of(results: Results, scenario: str, lang: str) -> Words:
    """Return the words for a scenario of results: with the facts and states of its district, and the texts of its
    country, plan and itself.
    """
    data, plan = district_of(results, scenario), plan_at(results, scenario)
    own = dict(plan.words) if plan else {}
    if data is not None:
        own = {**(country(data.spec).get("words") or {}), **own, **(data.spec.get("words") or {})}
    alone = frozenset({ONE_WORLD} if len(results.replications(scenario)) == 1 else ())
    known = states(data, plan is not None) | _mode(results, data) | alone
    there = set(results.frame("district_year")["stage"].unique())
    say = Words(lang, facts(data, lang), known, own, [stage for stage in STAGES if stage in there] or STAGES)
    columns = filled(data.provenance) if data is not None else {}
    named = data is None or data.spec.get("country")
    say.facts["country"] = say("country.named" if named else "country.assumed")
    say.facts["filled"] = say("filled.columns", columns=filled_words(say, columns)) if columns else say("filled.none")
    return say


def _mode(results: Results, data: DistrictData | None) -> frozenset[str]:
    """Return the states of a district that come from the mode: set to what was published, or to nothing of later years
    as of a date.
    """
    worlds = results.manifest.get("worlds") or {}
    if data is None or not worlds:
        return frozenset()
    if data.name in (worlds.get("published_to") or {}):
        return frozenset({PUBLISHED})
    return frozenset() if worlds.get("as_of") is None else frozenset({UNFITTED})


def filled_words(say: Words, columns: Mapping[str, str]) -> str:
    """Return which columns were filled by what rule, those of one table and rule told together."""
    by_rule: dict[tuple[str, str], list[str]] = {}
    for name, rule in columns.items():
        table, _, column = name.partition(".")
        by_rule.setdefault((table, rule), []).append(column_word(table, column, say.lang))
    return say("join").join(
        say(
            "filled.column",
            name=say("filled.table", table=table_word(table, say.lang), columns=say("list").join(names)),
            rule=rule_word(rule, say.lang),
        )
        for (table, rule), names in by_rule.items()
    )


class Same(dict[str, str]):
    """A dictionary in which a word that is missing stands for itself."""

    def __missing__(self, key: str) -> str:
        return key
