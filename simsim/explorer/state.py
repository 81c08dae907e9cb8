"""What the explorer looks at, and what was lived of it: a plain class, without widgets and without processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from simsim.conditioning.numbers import remember, remembered
from simsim.districts.files import DistrictData
from simsim.experiments.comparison import BASELINE
from simsim.experiments.costing import PAID, STAFF
from simsim.experiments.manifest import SCHEMA
from simsim.experiments.request import Asked, Place, districts_of, scenarios_of
from simsim.experiments.results import Results
from simsim.experiments.solving import mode_of, solutions_in
from simsim.explorer.lives import COSTS, DISTRICT, DRAWN, PLACES, SCHOOLS, Job, Key, Lived, Tables, lived
from simsim.inputs.documents import Draft
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.form import merge
from simsim.inputs.indicators import known, primary_outcomes
from simsim.inputs.numbers import whole
from simsim.inputs.run_limits import at_least_one, last_year_of
from simsim.policy import find, registry
from simsim.report.view import ALL, View
from simsim.report.words import Words
from simsim.scenarios.files import names
from simsim.scenarios.instances import Instance
from simsim.scenarios.scenario import Scenario

MOST_SAVED = 3
SEEDS = 10
"""With so many worlds the fixed mapping has words for how sure a difference is (parameters/indicators.yaml)."""
EXPLORED, SAVED = "explored", "saved-{n}"
NEW_SCHOOL = "new-school"
DATE = "{year}-09-01"


@dataclass(frozen=True)
class Site:
    """A new school: the September of its opening, its place (km; None: amid its catchment), its kind."""

    year: int
    x_km: float | None = None
    y_km: float | None = None
    kind: str = "nine_year"


class Explorer:
    """A scenario that may be changed lever by lever, beside the scenario that it is compared with.

    `worlds` are what was lived, by the content of a scenario and the seed: nothing is lived twice. `wanted` lists what
    is still to live, `take` puts in what came of it; whoever has no processes calls `live`.
    """

    def __init__(
        self,
        scenario: Asked = "plan",
        district: Place = None,
        to: int | None = None,
        seeds: int = SEEDS,
        lang: str = "en",
    ) -> None:
        found = (
            scenarios_of([BASELINE, scenario], district)
            if _name(scenario) != BASELINE
            else scenarios_of([BASELINE], district)
        )
        self.base, self.start = found[0], found[-1]
        self.place = str(district) if isinstance(district, str | Path) else None
        self.data: DistrictData = districts_of([self.start], district)[self.start.name]
        self.to = last_year_of(to, [self.data])
        self.seeds, self.lang = at_least_one("seeds", seeds), Words(lang).lang
        self.first = int(self.data.spec["first_year"])
        self.changes: dict[str, Draft | None] = {}
        self.saved: list[Scenario] = []
        self.worlds: dict[Key, Tables] = {}
        self.failures: dict[Key, str] = {}
        self.problem = ""
        self.against = self.base.name
        self.indicator, self.stage, self.year = next(iter(primary_outcomes())), "primary", self.to
        self.current = self.start

    # ---- levers ----

    @property
    def instances(self) -> dict[str, Instance]:
        """The policies at work in the current scenario, by id."""
        return {instance.id: instance for instance in self.current.instances}

    def measures(self) -> list[str]:
        """Return the ids of all measures that can be moved: those of the scenario, then policies that it has not."""
        used = {i.policy for i in (*self.start.instances, *self.current.instances)}
        others = [name for name in registry() if name not in used and name not in self.instances]
        return [*dict.fromkeys([i.id for i in (*self.start.instances, *self.current.instances)]), *others]

    def change(self, instance: str, **settings: object) -> None:
        """Give an instance settings of its own; one that is not there yet is added, from its first possible year."""
        self._change(instance, {"settings": settings})

    def start_in(self, instance: str, year: int) -> None:
        """Let an instance act from the September of a year on."""
        self._change(instance, {"from": DATE.format(year=year)})

    def switch(self, instance: str, on: bool) -> None:
        """Put an instance in force, or out of it."""
        before = self._known(instance)
        if on and before:
            self._try({key: entry for key, entry in self.changes.items() if key != instance or entry is not None})
        elif on:
            self._change(instance, {})
        elif before:
            self._try({**self.changes, instance: None})
        else:
            self.undo(instance)

    def undo(self, instance: str | None = None) -> None:
        """Take back what was changed of an instance, or everything."""
        self._try({} if instance is None else {key: entry for key, entry in self.changes.items() if key != instance})

    def build_school(self, site: Site | None) -> None:
        """Open a new school, or take it back."""
        if site is None:
            self.undo(NEW_SCHOOL)
            return
        place = {key: value for key in ("x_km", "y_km") if (value := getattr(site, key)) is not None}
        settings = {"mode": "opening", "school": self._free_key(), "kind": site.kind, **place}
        entry = {"policy": "new_schools", "from": DATE.format(year=site.year), "settings": settings}
        self._try({**self.changes, NEW_SCHOOL: entry})

    def _free_key(self) -> int:
        used = [
            int(i.settings.model_dump().get("school", 0)) for i in self.start.instances if i.policy == "new_schools"
        ]
        return max(int(self.data.schools["key"].max()), *used, 0) + 1

    def _known(self, instance: str) -> bool:
        return any(one.id == instance for one in self.start.instances)

    def _change(self, instance: str, entry: Draft) -> None:
        before = self.changes.get(instance) or {}
        if not self._known(instance) and not before:
            before = {"policy": find(instance).name, "from": DATE.format(year=self.first + 1)}
        self._try({**self.changes, instance: merge(before, entry)})

    def _try(self, changes: dict[str, Draft | None]) -> None:
        """Make a change if the scenario bears it; else keep the last one that did, and what is wrong in `problem`."""
        try:
            current = Scenario.load(self.draft(changes), self.place) if changes else self.start
        except InputError as error:
            self.problem = str(error)
            return
        self.changes, self.current, self.problem = changes, current, ""

    # ---- what can be copied ----

    def draft(self, changes: Mapping[str, Draft | None] | None = None, name: str = EXPLORED) -> Draft:
        """Return the current scenario (or one with other changes) as the content of a scenario file."""
        changes = self.changes if changes is None else changes
        title = {lang: f"{text}*" for lang, text in self.start.title.items()}
        head: Draft = {"schema": "simsim-scenario/1", "name": name, "title": title}
        if self.start.name in names():
            place = {"district": self.place} if self.place is not None else {}
            return {**head, "extends": self.start.name, **place, "policies": dict(changes)}
        whole = self.start.to_dict() | head
        policies = merge(whole["policies"], dict(changes))
        return {**whole, "policies": {key: entry for key, entry in policies.items() if entry is not None}}

    # ---- scenarios side by side ----

    def save(self) -> str:
        """Keep the current scenario for comparison, three at most; return its name, the one that it has if it is kept
        already. InputError for one too many.
        """
        if twin := next((one for one in self.saved if one.digest == self.current.digest), None):
            return twin.name
        if len(self.saved) == MOST_SAVED:
            raise InputError(Problem("explorer", "saved", MOST_SAVED, "are saved already; remove one of them first"))
        name = next(n for i in range(1, MOST_SAVED + 1) if (n := SAVED.format(n=i)) not in {s.name for s in self.saved})
        title = {lang: f"{text} [{name[-1]}]" for lang, text in self.current.title.items()}
        self.saved.append(replace(self.current, name=name, title=title))
        return name

    def forget(self, name: str) -> None:
        """Remove a saved scenario; InputError for a name that none has."""
        if name not in (saved := [scenario.name for scenario in self.saved]):
            remedy = f"is not saved{suggest(name, saved)}; there are {', '.join(saved) or 'none'}"
            raise InputError(Problem("explorer", "saved", name, remedy))
        self.saved = [scenario for scenario in self.saved if scenario.name != name]

    @property
    def reference(self) -> Scenario:
        """The scenario that others are compared with."""
        return self.base if self.against == self.base.name else self.start

    @property
    def shown(self) -> list[Scenario]:
        """The reference, the saved scenarios and the current one."""
        found = {s.name: s for s in (self.reference, *self.saved)}
        return list({**found, EXPLORED: replace(self.current, name=EXPLORED)}.values())

    # ---- worlds ----

    def wanted(self) -> list[Job]:
        """Return the worlds that are still to live: seed by seed, what is compared first."""
        jobs: dict[Key, Job] = {}
        for seed in range(1, self.seeds + 1):
            solution = remembered(self.data, seed)
            for scenario in dict.fromkeys([self.reference.name, EXPLORED, *(s.name for s in self.saved)]):
                one = next(s for s in self.shown if s.name == scenario)
                job = Job(one, seed, self.to, self.data, seed - 1, (solution,) if solution else ())
                if job.key not in self.worlds and job.key not in self.failures:
                    jobs.setdefault(job.key, job)
        return list(jobs.values())

    def take(self, found: Lived) -> None:
        """Put in what came of a world."""
        if found.failure:
            self.failures[found.key] = found.failure
            return
        self.worlds[found.key] = found.tables
        drawn = found.tables[DRAWN]
        remember(self.data, solutions_in(drawn.assign(replication=found.key[1]), self.data))

    def live(self, jobs: Iterable[Job] | None = None) -> Explorer:
        """Live the worlds that are wanted here and now, one after another."""
        for job in self.wanted() if jobs is None else jobs:
            self.take(lived(job))
        return self

    def seeds_of(self, scenario: Scenario) -> list[int]:
        """Return the seeds of a scenario that were lived, of those that are wanted."""
        return [seed for seed in range(1, self.seeds + 1) if (scenario.digest, seed) in self.worlds]

    @property
    def n(self) -> int:
        """In how many worlds both the current scenario and its reference were lived."""
        return len({*self.seeds_of(self.current)} & {*self.seeds_of(self.reference)})

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to show."""
        return self.n > 0

    @property
    def compares(self) -> bool:
        """Whether the current scenario differs from its reference."""
        return self.current.digest != self.reference.digest

    # ---- what is shown ----

    def results(self) -> Results:
        """Return what was lived as Results, of the indicator looked at and those that go with it; InputError before a
        world was.
        """
        if not self.is_ready:
            raise InputError(Problem("explorer", "results", None, "are not there yet: live a world first, live()"))
        scenarios = [s for s in self.shown if self.seeds_of(s)]
        indicators = [self.indicator, "score", "pupils"]
        tables = {
            DISTRICT: self._table(DISTRICT, scenarios, lambda t: t[t["indicator"].isin(indicators)]),
            SCHOOLS: self._table(SCHOOLS, scenarios),
            PLACES: self._table(PLACES, scenarios),
            COSTS: self._table(COSTS, scenarios),
            DRAWN: self._drawn(scenarios),
        }
        return Results(tables, self._manifest(scenarios))

    def _table(
        self, name: str, scenarios: Sequence[Scenario], keep: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    ) -> pd.DataFrame:
        parts = []
        for scenario in scenarios:
            for seed in self.seeds_of(scenario):
                table = self.worlds[scenario.digest, seed][name]
                table = keep(table) if keep is not None else table
                words = {c: str for c in table.columns if isinstance(table[c].dtype, pd.CategoricalDtype)}
                parts.append(table.astype(words).assign(scenario=scenario.name, replication=seed))
        return pd.concat(parts, ignore_index=True)

    def _drawn(self, scenarios: Sequence[Scenario]) -> pd.DataFrame:
        seeds = {seed: self.worlds[s.digest, seed][DRAWN] for s in scenarios for seed in self.seeds_of(s)}
        parts = [
            table.drop(columns=["scenario", "replication"], errors="ignore").assign(replication=seed)
            for seed, table in seeds.items()
        ]
        return pd.concat(parts, ignore_index=True)

    def _manifest(self, scenarios: Sequence[Scenario]) -> Draft:
        entries = {s.name: {"digest": s.digest, "title": dict(s.title), "resolved": s.to_dict()} for s in scenarios}
        data = dict.fromkeys([s.name for s in scenarios], self.data)
        return {
            "schema": SCHEMA,
            "name": "explorer",
            "scenarios": entries,
            "districts": {s.name: self.data.name for s in scenarios},
            "to": self.to,
            "worlds": mode_of(scenarios, data, False, None),
        }

    def view(self) -> View:
        """Return the view of what was lived, from the current scenario on its reference."""
        return View.of(self.results(), self.lang, focus=EXPLORED, base=self.reference.name)

    def look_at(self, indicator: str | None = None, stage: str | None = None, year: int | None = None) -> None:
        """Look at another indicator, stage or year; InputError for an indicator or a stage that is none, and for what
        is no year of the explorer's.
        """
        if indicator is not None:
            known([indicator])
        stages = self.stages_of(indicator or self.indicator) or [ALL, *self.data.system.words]
        if stage is not None and stage not in stages:
            raise InputError(Problem("explorer", "stage", stage, f"must be one of {', '.join(stages)}"))
        if year is not None and (whole(year) is None or not self.first <= year <= self.to):
            raise InputError(Problem("explorer", "year", year, f"must be a year from {self.first} to {self.to}"))
        self.indicator, self.stage = indicator or self.indicator, stage or self.stage
        self.year = self.year if year is None else int(year)

    def stages_of(self, indicator: str) -> list[str]:
        """Return the stages that an indicator was recorded for, as far as anything was lived."""
        for tables in self.worlds.values():
            table = tables[DISTRICT]
            mine = table[(table["indicator"] == indicator) & (table["group"] == ALL)]
            return list(dict.fromkeys(mine["stage"].astype(str)))
        return []

    def recorded(self) -> set[str]:
        """Return the indicators of the district that were recorded, as far as anything was lived."""
        for tables in self.worlds.values():
            table = tables[DISTRICT]
            return set(table.loc[table["group"] == ALL, "indicator"].astype(str))
        return set()

    def spent(self, scenario: Scenario) -> pd.Series:
        """Return what the measures of a scenario cost until the year looked at (yuan), by seed; staff pay apart."""
        found = {}
        for seed in self.seeds_of(scenario):
            costs = self.worlds[scenario.digest, seed][COSTS]
            mine = costs[(costs["instance"] != STAFF) & costs["kind"].isin(PAID) & (costs["year"] <= self.year)]
            found[seed] = float(mine["value"].sum())
        return pd.Series(found, dtype=float)

    @cached_property
    def places(self) -> pd.DataFrame:
        """The neighbourhoods that the district manages: key, names and place."""
        table = self.data.neighbourhoods
        return table[table["included"].astype(bool)].reset_index(drop=True)

    def schools(self, scenario: Scenario) -> pd.DataFrame:
        """Return the schools of a stage in the year looked at: name, place, pupils, seat_use and score, means of the
        worlds in which each is open, and in how many (`worlds`) it is.
        """
        parts = []
        for seed in self.seeds_of(scenario):
            tables = self.worlds[scenario.digest, seed]
            rows, where = tables[SCHOOLS], tables[PLACES]
            mine = rows[(rows["year"] == self.year) & (rows["stage"] == self.stage)]
            wide = mine.astype({"indicator": str}).pivot(index="school", columns="indicator", values="value")
            here = where[where["year"] == self.year].set_index("school")[[f"name_{self.lang}", "x_km", "y_km"]]
            parts.append(
                wide.join(here.astype({f"name_{self.lang}": str})).rename(columns={f"name_{self.lang}": "name"})
            )
        if not parts:
            return pd.DataFrame(columns=["name", "x_km", "y_km", "pupils", "seat_use", "score", "worlds"])
        table = pd.concat(parts)
        found = table.drop(columns="name").groupby(level=0).mean()
        return found.assign(name=table["name"].groupby(level=0).first(), worlds=table.groupby(level=0).size())


def _name(scenario: Asked) -> str:
    return scenario.name if isinstance(scenario, Scenario) else str(scenario)
