"""What an experiment found: tidy tables, bands by scenario, and paired differences between scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pandas as pd

from simsim.base.displays import Shown, display_of
from simsim.experiments.costing import extra_costs
from simsim.experiments.differences import KEYS, band, differences, pairing_gain, pivot
from simsim.experiments.drivers import rank_correlations, worlds_drawn
from simsim.experiments.filters import Filter, one, seeds_among, several, unknown
from simsim.experiments.manifest import new_folder, read_manifest
from simsim.experiments.mode import lines
from simsim.experiments.once import once
from simsim.experiments.saving import write_results
from simsim.experiments.table_folder import RENAMED as RENAMED
from simsim.experiments.table_folder import TableFolder, folder_of
from simsim.experiments.told_mode import check_mode
from simsim.experiments.values import check_values, listed
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.paths import path_of

if TYPE_CHECKING:  # slow to load
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Drawn = Axes | NDArray[np.object_]

FAILURES, PARAMETERS = "failures", "parameters"
TABLES_DO = ("head", "tail", "query", "to_csv", "to_excel", "groupby", "describe", "merge", "columns", "loc", "iloc")
"""What is asked of tables of pandas, and of results by mistake."""


@dataclass(frozen=True, repr=False, eq=False)
class Results(Shown):
    """The tables of an experiment; each has the columns scenario and replication, then its own keys.

    `manifest` says what was run, with which seeds, code and inputs; `folder` is where the tables lie, if anywhere.
    """

    tables: Mapping[str, pd.DataFrame]
    manifest: Document = field(default_factory=dict)
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what holds no tables: a folder is read by `Results.load` (InputError)."""
        if not isinstance(self.tables, Mapping):
            raise InputError(Problem("results", "tables", self.tables, "is no tables; write Results.load(folder)"))

    def __eq__(self, other: object) -> bool:
        """Whether others hold the same tables and tell the same of them, wherever they lie."""
        if not isinstance(other, Results):
            return NotImplemented
        mine, theirs = self.tables, other.tables
        if self.manifest != other.manifest or set(mine) != set(theirs):
            return False
        return mine is theirs or all(mine[name].equals(theirs[name]) for name in mine)

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, name: object) -> NoReturn:
        """Refuse to be a table or a mapping of them (TypeError)."""
        raise TypeError(f"Results hold several tables; write results.frame({name!r:.40}){self._which(name)}")

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_") or name == "tables":  # what Python and IPython look for is nobody's misspelling
            raise AttributeError(name)
        raise AttributeError(f"Results have no attribute {name}{self._which(name)}")

    def _which(self, name: object) -> str:
        """Return what may be meant by a name that results have not."""
        if name in self.tables:
            return f"; its table: results.frame({name!r})"
        if name in TABLES_DO:
            return f"; a table does: results.frame('district_year').{name}(...), or results.paired(...).{name}(...)"
        known = [one for one in dir(type(self)) if not one.startswith("_")]
        return suggest(str(name), [*known, *self.tables]) or f"; there are the tables {', '.join(self.tables)}"

    def __repr__(self) -> str:
        name, runs = self.manifest.get("name", ""), self.summary()
        spans = [f"{r.scenario} ×{r.replications}, {r.first_year}–{r.last_year}" for r in runs.itertuples()]
        return f"Results({name + ': ' if name else ''}{'; '.join(spans)})"

    @classmethod
    def load(cls, folder: str | Path) -> Results:
        """Read the folder of an experiment; InputError when it is not one, holds no finished run, or tells of its
        worlds what they are not.
        """
        folder = path_of(folder, "results", "folder")
        manifest = read_manifest(folder)
        tables = folder_of(folder, manifest)
        check_mode(folder, manifest)
        return cls(tables, manifest, folder)

    def save(self, folder: str | Path) -> Path:
        """Write the tables and a manifest that says what they hold into a new or empty folder, and return it.

        InputError when the folder holds files already, or cannot be written.
        """
        folder = new_folder(path_of(folder, "results", "folder"))
        write_results(self.tables, self.manifest, folder)
        return folder

    def frame(self, table: str) -> pd.DataFrame:
        """Return a table by name; InputError, with a suggestion, when there is none of that name."""
        name = self._named(table)
        if name not in self.tables:
            raise unknown("table", table, self.tables)
        return self.tables[name]

    @staticmethod
    def _named(table: object) -> str:
        """Return a table's name as it is now; nothing for what is no name."""
        return RENAMED.get(table, table) if isinstance(table, str) else ""

    @staticmethod
    def _check_columns(table: str, frame: pd.DataFrame, wanted: Mapping[str, object]) -> None:
        """Raise InputError for a column that a table has not; one without any part has none."""
        for column in wanted:
            if column not in frame and len(frame.columns):
                hint = suggest(str(column), map(str, frame.columns))
                remedy = f"is not a column of {table}{hint}; there are {', '.join(map(str, frame.columns))}"
                raise InputError(Problem("results", str(column), None, remedy))

    def summary(self) -> pd.DataFrame:
        """Return a row a scenario: how many replications finished, the first and the last year."""
        years = self._sample().groupby("scenario", observed=True)["year"]
        spans = pd.DataFrame({"first_year": years.min(), "last_year": years.max()})
        counts = {name: len(self.replications(name)) for name in self.scenarios}
        table = pd.DataFrame({"scenario": list(counts), "replications": list(counts.values())})
        return table.join(spans, on="scenario", how="inner")

    def plot(self, indicator: str, stage: str | None = None, lang: str = "en") -> Drawn:
        """Draw an indicator over the years with 5-95 % bands, and return the Matplotlib Axes (of the whole district, or
        one a stage where that was not recorded); the figure is the reports' own.
        """
        self._filter(indicator, stage, None, None)
        axes: Drawn = display_of("Results.plot")(self, indicator, stage, lang)
        return axes

    def plot_paired(self, a: str, b: str, indicator: str, lang: str = "en") -> Drawn:
        """Draw scenario `a` minus scenario `b` over the years, run by run, with mean and 5-95 % interval; return the
        Axes, one a stage.
        """
        axes: Drawn = display_of("Results.plot_paired")(self, self.scenario(a), self.scenario(b), indicator, lang)
        return axes

    def plot_map(self, year: int | None = None, scenario: str | None = None, lang: str = "en") -> Drawn:
        """Draw the schools on the reports' schematic map in a year (the first and the last by default); return the
        Axes, one a stage and year.
        """
        name = None if scenario is None else self.scenario(scenario)
        axes: Drawn = display_of("Results.plot_map")(self, year, name, lang)
        return axes

    def plot_flows(self, scenario: str | None = None, lang: str = "en") -> Drawn:
        """Draw who rotated from where to where, in a scenario or in the two that the reports show; return the Axes, one
        a scenario.
        """
        name = None if scenario is None else self.scenario(scenario)
        axes: Drawn = display_of("Results.plot_flows")(self, name, lang)
        return axes

    def plot_costs(self, scenario: str | None = None, lang: str = "en") -> Drawn:
        """Draw what every scenario costs, and every measure of one of them; return the two Axes."""
        name = None if scenario is None else self.scenario(scenario)
        axes: Drawn = display_of("Results.plot_costs")(self, name, lang)
        return axes

    def costs(self, a: str, b: str) -> pd.DataFrame:
        """Return what scenario `a` costs more than scenario `b`, by measure and kind, in all years together (yuan):
        instance, kind, mean, low and high (5-95 % of replications), n; the total, without staff pay, is the last row.
        """
        seeds = sorted({*self.replications(a)} & {*self.replications(b)})
        one, other = (self.rows("costs", {"scenario": [self.scenario(name)]}) for name in (a, b))
        return extra_costs(one, other, seeds)

    def drivers(
        self, indicator: str, a: str, b: str | None = None, stage: str | None = None, year: int | None = None
    ) -> pd.DataFrame:
        """Return with which drawn parameters an outcome of scenario `a`, or its difference from `b`, goes in these
        worlds: rank correlation, largest first (parameter, kind, correlation, by_luck, stands_out, n).

        `stage` is by default both together, or the first that was recorded; `year` the last. InputError for what the
        results do not hold.
        """
        chosen = self._filter(
            one("indicator", indicator),
            None if stage is None else one("stage", stage),
            "all",
            self.years[-1] if year is None else one("year", year),
        )
        wide = self._wide(self.scenario(a), chosen)
        wide = wide if b is None else wide.sub(self._wide(self.scenario(b), chosen))
        if wide.empty or PARAMETERS not in self.tables:
            raise InputError(Problem("results", "indicator", indicator, "was not recorded there, or nothing was drawn"))
        stages = list(wide.index.get_level_values("stage"))
        row = wide.iloc[stages.index("all") if "all" in stages else 0]
        district = str(self.manifest.get("districts", {}).get(a, ""))
        return rank_correlations(row, worlds_drawn(self.frame(PARAMETERS), district))

    @property
    def scenarios(self) -> list[str]:
        """Scenarios in the order they were asked for."""
        if isinstance(self.tables, TableFolder):
            return self.tables.scenarios()
        column = self.frame("district_year")["scenario"]
        return list(column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.unique())

    @property
    def mode(self) -> str:
        """Whether worlds are retrospective or as of a date, what they are conditioned on, and which scenarios are
        not: in lines, as every report page and `simsim compare` print it.
        """
        return "\n".join(lines(self.manifest))

    @property
    def years(self) -> list[int]:
        """Years of the record, of whatever scenario."""
        return sorted(int(year) for year in self._sample()["year"].unique())

    def replications(self, scenario: str) -> list[int]:
        """Replications (seeds) of a scenario that finished."""
        if isinstance(self.tables, TableFolder):
            return self.tables.replications(self.scenario(scenario))
        frame = self.frame("district_year")
        return sorted(
            int(seed) for seed in frame.loc[frame["scenario"] == self.scenario(scenario), "replication"].unique()
        )

    def for_replications(self, seeds: Iterable[int]) -> Results:
        """Return the same results narrowed to some replications, given by their seeds; InputError for seeds that were
        not run.
        """
        there = set(self.manifest.get("seeds", ())) or self._seeds_recorded()
        wanted = seeds_among(seeds, there)
        if set(wanted) == there:
            return self
        mine = {"seeds": wanted} if "seeds" in self.manifest else {}
        if isinstance(self.tables, TableFolder):
            return replace(self, tables=self.tables.narrowed(wanted), manifest={**self.manifest, **mine})
        tables = {
            name: frame[frame["replication"].isin(wanted)] if "replication" in frame else frame
            for name, frame in self.tables.items()
        }
        return replace(self, tables=tables, manifest={**self.manifest, **mine})

    def _seeds_recorded(self) -> set[int]:
        columns = [self.tables[name]["replication"] for name in ("district_year", FAILURES) if name in self.tables]
        return {int(seed) for column in columns for seed in column.unique()}

    @once
    def paired(
        self,
        a: str,
        b: str,
        indicators: str | Iterable[str] | None = None,
        stage: str | Iterable[str] | None = None,
        group: str | Iterable[str] | None = None,
        years: int | Iterable[int] | None = None,
    ) -> pd.DataFrame:
        """Return paired differences, scenario `a` minus scenario `b`, over the replications both have.

        One row per indicator, stage, group and year: mean, low and high (5-95 % of replications, by linear
        interpolation), share (of replications with the sign of the mean) and with_sign (how many they are), mc_error
        (standard error of the mean), n, matters (is the mean as large as the indicator's threshold), beyond (share of
        replications that differ by more than it), pairing_gain (how many times larger the variance would be without
        common random draws), verdict and its words (parameters/indicators.yaml). A pair missing on either side is
        left out of n.
        InputError for a name or year that is not in the results, and when nothing is left.

        >>> import simsim
        >>> results = simsim.Experiment(["baseline", "plan"], seeds=1, to=2015).run(progress=False)
        >>> found = results.paired("plan", "baseline", years=2014, indicators="score", stage="primary", group="all")
        >>> found[["indicator", "year", "mean", "n"]].values.tolist()
        [['score', 2014, 0.0, 1]]
        """
        chosen = self._filter(indicators, stage, group, years)
        left, right = self._both(a, b, chosen)
        found = differences(gaps := left - right)
        gain = pairing_gain(left.to_numpy(), right.to_numpy())
        found["pairing_gain"] = gain[gaps.notna().any(axis=1).to_numpy()]
        if found.empty and chosen.wanted:
            frame = self.frame("district_year")
            both = [frame[(frame["scenario"] == name) & chosen.rows(frame)] for name in (a, b)]
            lacking = [name for name, mine in zip((a, b), both, strict=True) if mine.empty]
            raise chosen.nothing(frame[frame["scenario"] == lacking[0]] if lacking else both[0], lacking[:1])
        return found

    @once
    def gaps(
        self, a: str, b: str, indicators: str | Iterable[str] | None = None, year: int | None = None
    ) -> pd.DataFrame:
        """Return the differences that `paired` sums up: a row per indicator, stage, group and year, a column per
        replication; InputError for a name or year that is not in the results.
        """
        left, right = self._both(a, b, self._filter(indicators, None, None, year))
        return left - right

    def _both(self, a: str, b: str, chosen: Filter) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the values of two scenarios in the rows and replications that both have."""
        left, right = (self._wide(self.scenario(name), chosen) for name in (a, b))
        if left.index.equals(right.index) and left.columns.equals(right.columns):
            return left, right
        rows = left.index.intersection(right.index, sort=False)
        seeds = left.columns.intersection(right.columns)
        return left.loc[rows, seeds], right.loc[rows, seeds]

    @once
    def bands(
        self,
        indicator: str | Iterable[str] | None = None,
        stage: str | Iterable[str] | None = None,
        group: str | Iterable[str] | None = None,
        years: int | Iterable[int] | None = None,
        scenarios: str | Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """Return median, mean and 5-95 % interval over replications by scenario, indicator, stage, group and year.

        InputError for a name or year that is not in the results, and when nothing is left.

        >>> import simsim
        >>> results = simsim.Experiment(["baseline", "plan"], seeds=1, to=2015).run(progress=False)
        >>> bands = results.bands("score", stage="primary", group="all")
        >>> bands[["scenario", "year", "n"]].values.tolist()
        [['baseline', 2014, 1], ['baseline', 2015, 1], ['plan', 2014, 1], ['plan', 2015, 1]]
        """
        shown = several("scenarios", scenarios)
        names = self.scenarios if shown is None else [self.scenario(name) for name in shown]
        chosen = self._filter(indicator, stage, group, years)
        parts = [band(self._wide(name, chosen)).assign(scenario=name) for name in names]
        frame = pd.concat(parts, ignore_index=True)
        if frame.empty and (chosen.wanted or shown):
            everything = self.frame("district_year")
            raise chosen.nothing(everything[everything["scenario"].isin(names)], names)
        frame["scenario"] = pd.Categorical(frame["scenario"], names)
        return frame[["scenario", "indicator", *KEYS, "median", "mean", "low", "high", "n"]]

    def scenario(self, name: object) -> str:
        """Return a scenario's name; InputError, with a suggestion, when these results do not hold it."""
        if not isinstance(name, str) or name not in self.scenarios:
            raise unknown("scenario", name, self.scenarios)
        return str(name)

    def _filter(self, indicator: object, stage: object, group: object, years: object) -> Filter:
        asked = {"indicator": indicator, "stage": stage, "group": group, "year": years}
        if all(value is None for value in asked.values()):
            return Filter({})
        with suppress(InputError):  # what a few runs recorded answers most questions without reading all
            return Filter.of(self._sample(), **asked)
        return Filter.of(self.frame("district_year"), **asked)

    def _sample(self) -> pd.DataFrame:
        """Return rows of district_year, of every scenario: all, or of a folder those of a few replications."""
        folder = self.tables if isinstance(self.tables, TableFolder) else None
        return self.frame("district_year") if folder is None else folder.first_rows("district_year")

    def _wide(self, scenario: str, chosen: Filter) -> pd.DataFrame:
        """Return one scenario's district_year as a row per indicator, stage, group, year and a column per
        replication.
        """
        if not chosen.wanted:
            return self._whole(scenario)
        return pivot(self.rows_if_any("district_year", {"scenario": [scenario], **chosen.wanted}), ["indicator", *KEYS])

    @once
    def _whole(self, scenario: str) -> pd.DataFrame:
        return pivot(self.rows_if_any("district_year", {"scenario": [scenario]}), ["indicator", *KEYS])

    def rows(self, table: str, wanted: Mapping[str, Sequence[object] | None]) -> pd.DataFrame:
        """Return the rows of a table with one of the values wanted in each column (a list of them, or None for all); of
        a folder only these are kept. InputError for values that are no list or can stand nowhere in these results, and
        for a table or a column that there is not.
        """
        frame = self.rows_if_any(table, wanted)
        check_values(self, self._named(table), listed(wanted))
        return frame

    def rows_if_any(self, table: str, wanted: Mapping[str, Sequence[object] | None]) -> pd.DataFrame:
        """Return what `rows` does, and none for values that can stand nowhere in these results: for whoever asks
        without knowing which years, schools or measures they have. InputError as there.
        """
        if not isinstance(wanted, Mapping):
            raise InputError(
                Problem("results", "rows", wanted, "must be columns with the values wanted: {'year': [2020]}")
            )
        wanted = listed(wanted)
        if isinstance(self.tables, TableFolder) and self._named(table) in self.tables:
            frame = self.tables.read(self._named(table), wanted)
            self._check_columns(table, frame, wanted)
            return frame
        frame = self.frame(table)
        self._check_columns(table, frame, wanted)
        keep = np.ones(len(frame), bool)
        for column, values in wanted.items():
            if values is not None:
                keep &= frame[column].isin(values).to_numpy()
        return frame[keep]
