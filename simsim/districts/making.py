"""The tables of a district made from what an office's tables give: schools, zones, births, its past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.base.ids import MOST_KEY
from simsim.districts import filling, hidden, past
from simsim.districts.checks import (
    BIRTH_COLUMNS,
    CODE,
    NEIGHBOURHOOD_COLUMNS,
    absent_columns,
    school_columns,
)
from simsim.districts.founding import PRIVATE, PUBLIC, Founded, codes_by_name, founded, ownerships, places, urban
from simsim.districts.given import Given
from simsim.districts.past import Past
from simsim.districts.plans_ahead import FILE as PLANS
from simsim.districts.plans_ahead import SITE
from simsim.districts.rolls import FILE as ROLLS
from simsim.districts.system import SchoolSystem
from simsim.districts.zones import Seat, Zone, kilometres, radii, zones_of
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem
from simsim.tables.cells import is_blank, plain
from simsim.tables.grades import grades_of
from simsim.tables.words import rule, say

EXTRA = "extra.csv"
PLAN_COLUMNS = ("key", "code", "name", "year", "what", "grades", "places", *SITE)
NUMBERED, ONE_POINT = "numbered in the order of the tables", "no place known: all stand in one point; no map"
RECENT = 3
FROM_ROLLS = "pupils of the entry grade in the year in which they enter, divided by births_to_entry_urban"


class Making:
    """The tables of one district while they are made."""

    def __init__(self, name: str, given: Given, rolls: Past, system: SchoolSystem) -> None:
        self.name, self.given, self.rolls, self.system = name, given, rolls, system
        self.found: Founded = founded(given, rolls, system)
        self.codes = self.found.schools
        if not self.codes:
            remedy = f"have no school with pupils in grades {', '.join(system.names.values())} in {rolls.last}"
            raise InputError(Problem("rolls", "", None, remedy))
        past_schools = [code for code in (*self.found.untaught, *self.found.closed) if self.has_rolls(code)]
        self.keys = {code: key for key, code in enumerate([*self.codes, *past_schools], 1)}
        if len(self.keys) > MOST_KEY:
            remedy = f"has {len(self.keys):,} schools; at most {MOST_KEY:,} fit into one district: choose by --only"
            raise InputError(Problem(name, "", None, remedy))
        self.ownership, self.n_owned = ownerships(given, self.codes)
        self.places, self.misplaced = places(given, self.codes)
        self._all_public()
        self.columns = filling.Columns(len(self.codes))
        self.zones: list[Zone] = []
        labels = [(stage, self._labels(stage.word)) for stage in self.found.stages]
        self.class_size = filling.class_sizes(given, self.codes, rolls.last, labels)

    def has_rolls(self, code: str) -> bool:
        """Tell whether a school stands in any roll."""
        return code in self._with_rolls

    @property
    def _with_rolls(self) -> set[str]:
        if not hasattr(self, "_rolled"):
            self._rolled = {school for school, _, _ in (*self.rolls.known, *self.rolls.unknown)}
        return self._rolled

    def _labels(self, word: str) -> list[str]:
        return filling.labels_of(self.system, STAGES.index(word))

    def _all_public(self) -> None:
        """Count private schools as public in a stage that has no other: somebody must take the children."""
        for stage in self.found.stages:
            rows = [row for row, taught in enumerate(stage.taught) if taught]
            if rows and all(self.ownership[row] == PRIVATE for row in rows):
                self.given.said.append(say("all_private", stage=stage.word))
                for row in rows:
                    self.ownership[row] = PUBLIC

    # ---- tables ----

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return schools, neighbourhoods and births by file name, without columns of stages that are not taught."""
        self._about_schools()
        for stage in self.found.stages:
            labels = self._labels(stage.word)
            size = float(self.class_size.get(stage.word, filling.usual_class(stage.word)))
            args = (self.columns, self.given, self.codes)
            filling.rooms(*args, self.rolls.last, stage, labels, self.found.stages, size)
            filling.staff(*args, stage, self.found.stages)
        filling.facilities(self.columns, self.given, self.codes, self.found.stages)
        neighbourhoods = self._neighbourhoods()
        order_of = [c for c in school_columns(self.system) if c not in absent_columns(self.system)["schools.csv"]]
        schools = pd.DataFrame(filling.joined(self.columns.cells, order_of))
        return {"schools.csv": schools, "neighbourhoods.csv": neighbourhoods, "births.csv": self._births()}

    def _about_schools(self) -> None:
        """Add keys, names, kinds, places and pupils."""
        put, n = self.columns.put, len(self.codes)
        names = [self.given.names.get(code, code) for code in self.codes]
        put("key", [self.keys[code] for code in self.codes], otherwise=NUMBERED)
        if self.given.coded:
            put(CODE, self.codes)
        put("name_zh", names)
        english = [self.given.text(code, "name_en") for code in self.codes]
        put("name_en", [own or name for own, name in zip(english, names, strict=True)])
        put("kind", self.found.kinds, otherwise="the grades served in the last roll")
        put("ownership", self.ownership, self.n_owned, "public, unless the name says otherwise")
        put("urban", *self._urban(), "urban where nothing is said")
        xs, ys = zip(*(self.places.get(code, (0.0, 0.0)) for code in self.codes), strict=True)
        known = n if self.places else 0
        why = "the middle of the schools of the area" if self.places else ONE_POINT
        put("x_km", xs, known, why)
        put("y_km", ys, known, why)
        built = [self.given.number(code, "building_year") for code in self.codes]
        usual = int(rule("building_year"))
        put(
            "building_year",
            [usual if year is None else int(year) for year in built],
            sum(y is not None for y in built),
            f"built in {usual}",
        )
        put("status", ["named"] * n)
        estimated = self.found.estimated
        for stage in self.found.stages:
            for at, label in enumerate(self._labels(stage.word)):
                why = "one grade below a year before, else the mean of the school's years in the grade, else of others"
                put(f"pupils_g{label}", stage.grades[:, at], n - estimated[label], why)
        put("senior_pupils", self.found.seniors)

    def _urban(self) -> tuple[list[int], int]:
        return urban(self.given, self.codes)

    def _seats(self, word: str) -> list[Seat]:
        """Return the public schools of a stage, with the children who enter it in a year."""
        stage = next((stage for stage in self.found.stages if stage.word == word), None)
        if stage is None:
            return []
        by_name = codes_by_name(self.given)
        found = []
        for row, code in enumerate(self.codes):
            if not stage.taught[row] or self.ownership[row] != PUBLIC:
                continue
            entry = float(stage.grades[row, 0]) or float(stage.pupils[row]) / stage.grades.shape[1]
            feeds = by_name.get(plain(self.given.text(code, "catchment_junior")), "") if word == STAGES[0] else ""
            seat = Seat(
                self.keys[code], self.given.text(code, "area"), self.places.get(code), entry, self.keys.get(feeds, 0)
            )
            found.append(seat)
        return found

    def _neighbourhoods(self) -> pd.DataFrame:
        """Return the zones as a table, and say of each school in which one it stands."""
        primary, junior = self._seats(STAGES[0]), self._seats(STAGES[1])
        self.zones = self._given_zones(primary, junior) or zones_of(primary, junior)
        by_key = {key: code for code, key in self.keys.items()}
        rounds = [by_key[zone.round] for zone in self.zones]
        at = np.array([self.places.get(code, (0.0, 0.0)) for code in rounds])
        shares = self._shares(rounds)
        number: Counter[str] = Counter()
        names = []
        for code in rounds:
            number[code] += 1
            name = self.given.names.get(code, code)
            names.append(name if rounds.count(code) == 1 else f"{name} {number[code]}")
        migrants = {code: self._migrant_share(code) for code in set(rounds)}
        urban_of = dict(zip(self.codes, self.columns.cells["urban"], strict=True))
        table = pd.DataFrame(
            {
                "key": range(1, len(rounds) + 1), "name_zh": names, "name_en": names,
                "parent": [self.given.text(code, "area") or self.name for code in rounds],
                "managed_by": self.name, "included": 1, "urban": [urban_of[code] for code in rounds],
                "x_km": at[:, 0], "y_km": at[:, 1], "radius_km": radii(at), "births_share": shares,
                "inflow_share": shares, "housing_share": shares, "ses_mean": [self._ses(code) for code in rounds],
                "migrant_share": [migrants[code] for code in rounds],
                "catchment_primary": [zone.primary for zone in self.zones],
                "catchment_junior": [zone.junior for zone in self.zones],
            }
        )[list(NEIGHBOURHOOD_COLUMNS)]  # fmt: skip
        self._stand(table)
        return table.drop(columns=list(absent_columns(self.system)["neighbourhoods.csv"]))

    def _given_zones(self, primary: Sequence[Seat], junior: Sequence[Seat]) -> list[Zone]:
        """Return the zones that a table of catchments gives; none, and a word, where it leaves a public school out."""
        by_name, zones = codes_by_name(self.given), []
        served = {stage: {seat.key for seat in seats} for stage, seats in zip(STAGES, (primary, junior), strict=True)}
        for told in self.given.areas:
            keys = {s: self._served(by_name, told.get(f"catchment_{s}"), served[s]) for s in served if served[s]}
            if not all(keys.values()):
                self.given.said.append(say("catchment_unknown", area=told["area"]))
                return []
            share = next(seat.children for seat in primary or junior if seat.key == next(iter(keys.values())))
            zones.append(Zone(next(iter(keys.values())), keys.get(STAGES[0], 0), keys.get(STAGES[1], 0), share))
        covered = {s: {getattr(zone, s) for zone in zones} for s in served}
        left = [key for s in served for key in served[s] - covered[s]]
        if zones and left:
            self.given.said.append(say("catchments_leave", n=len(left)))
            return []
        times = Counter(zone.round for zone in zones)
        return [Zone(z.round, z.primary, z.junior, z.share / times[z.round]) for z in zones]

    def _served(self, by_name: Mapping[str, str], told: object, seats: set[int]) -> int:
        key = self.keys.get(by_name.get(plain(told), ""), 0) if not is_blank(told) else 0
        return key if key in seats else 0

    def _shares(self, rounds: Sequence[str]) -> list[float]:
        """Return each zone's share of births: of its area's births where they are given, else as its entrants."""
        weights = np.array([zone.share for zone in self.zones])
        by_area: dict[str, list[float]] = {}
        for area, _, number in sorted(self.given.births, key=lambda entry: entry[1]):
            by_area.setdefault(plain(area), []).append(number)
        areas = [plain(self.given.text(code, "area")) for code in rounds]
        if all(area in by_area for area in areas):
            in_area: Counter[str] = Counter()
            for area, weight in zip(areas, weights.tolist(), strict=True):
                in_area[area] += weight
            weights = np.array(
                [w / in_area[a] * np.mean(by_area[a][-RECENT:]) for a, w in zip(areas, weights, strict=True)]
            )
        return [round(float(share), 6) for share in np.maximum(weights / weights.sum(), 1e-6)]

    def _migrant_share(self, code: str) -> float:
        """Return the share of migrants of a school's pupils; a small count counts like every small one."""
        told, own = self.given.number(code, "migrant_share"), self.given.number(code, "migrant_pupils")
        row = self.codes.index(code)
        pupils = sum(int(stage.pupils[row]) for stage in self.found.stages) + self.found.seniors[row]
        if own is not None and pupils:
            return round(min(hidden.counted(own) / pupils, 1.0), 3)
        if told is not None:
            share = told / 100 if told > 1 else told
            return round(min(hidden.counted(share * pupils) / pupils, 1.0), 3) if pupils else share
        return filling.norm("migrant_share")

    def _ses(self, code: str) -> float:
        return self.given.number(code, "ses") or 0.0

    def _stand(self, table: pd.DataFrame) -> None:
        """Add to the schools in which zone they stand: the one round them, else one they serve, else the nearest."""
        first: dict[int, int] = {}
        for zone, key in zip(self.zones, table["key"], strict=True):
            for school in (zone.round, zone.primary, zone.junior):
                first.setdefault(school, int(key))
        at = table[["x_km", "y_km"]].to_numpy(float)
        cells = []
        for code in self.codes:
            nearest = int(np.hypot(*(at - np.array(self.places.get(code, (0.0, 0.0)))).T).argmin()) + 1
            cells.append(first.get(self.keys[code], nearest))
        self.columns.put("neighbourhood", cells, 0, "the zone round the school")

    # ---- births ----

    def _births(self) -> pd.DataFrame:
        """Return births by year: as given, or as registered children say, else as many as entered."""
        told: Counter[int] = Counter()
        for _, year, number in self.given.births:
            told[year] += number  # type: ignore[assignment]
        if not told:
            for _, year, number in self.given.registered:
                told[year - self.system.entry_age] += number  # type: ignore[assignment]
        self.births_given = set(told)
        entrants = self._entrants()
        first = min(self.rolls.last - int(rule("births_years")), self.rolls.last - self.system.entry_age - 1)
        years = range(min([first, *told]), max([self.rolls.last, *told]) + 1)
        rows = []
        for year in years:
            known = year in told
            source = "the office's table of births" if known else FROM_ROLLS
            number = told[year] if known else self._nearest(entrants, year)
            rows.append((year, round(number), "published" if known else "estimate", source))
        return pd.DataFrame(rows, columns=list(BIRTH_COLUMNS))

    def _entrants(self) -> dict[int, float]:
        """Return by year of birth the births that stand for the children who entered in the years of the rolls."""
        ratio = float(parameters.load()["births_to_entry_urban"].value)
        label = self.system.names[self.system.entry_grade]
        found: Counter[int] = Counter()
        for (_, year, grade), number in self.rolls.known.items():
            if grade == label:
                found[year - self.system.entry_age] += number
        stage = self.found.stages[0]
        found[self.rolls.last - self.system.entry_age] = int(stage.grades[:, 0].sum())
        return {year: number / ratio for year, number in found.items()}

    def _nearest(self, entrants: Mapping[int, float], year: int) -> float:
        """Return the births of a year, or before the first and after the last the mean of the nearest ones."""
        if year in entrants:
            return entrants[year]
        known = sorted(entrants, key=lambda other: (abs(other - year), other))
        return float(np.mean([entrants[other] for other in known[:RECENT]]))

    # ---- what is written beside ----

    def beside(self) -> dict[str, pd.DataFrame]:
        """Return rolls.csv, and plans.csv and extra.csv where there is something to put into them."""
        files = {ROLLS: past.table_of(self.rolls, self.keys, self.system)}
        if self.given.extra:
            files[EXTRA] = pd.concat(self.given.extra, ignore_index=True).fillna("")
            files[EXTRA]["year"] = files[EXTRA]["year"].map(lambda year: "" if year == "" else str(int(year)))
        plans = pd.DataFrame(self.plans, columns=list(PLAN_COLUMNS))
        return files | ({PLANS: plans} if len(plans) else {})

    @property
    def plans(self) -> list[tuple[object, ...]]:
        """Return what is known of years to come: rows of plans.csv."""
        events = list(self.given.plans)
        for code in self.given.names:
            for what in ("opens", "closes"):
                year = self.given.number(code, what)
                if year is not None and year > self.rolls.last:
                    events.append({"school": code, "year": int(year), "what": what, "grades": [], "places": None})
        rows: list[tuple[object, ...]] = []
        for event in events:
            code = str(event["school"])
            key = self.keys.setdefault(code, len(self.keys) + 1)
            grades = event["grades"] if isinstance(event["grades"], list) else []
            grades = grades or grades_of(self.given.text(code, "grades")) if event["what"] == "opens" else grades
            told = self.given.number(code, "places") if event["places"] is None else float(str(event["places"]))
            name = self.given.names.get(code, code)
            places_ = "" if told is None or event["what"] == "closes" else int(told)
            rows.append((key, code, name, event["year"], event["what"], " ".join(grades), places_, *self._site(code)))
        return sorted(rows, key=lambda row: (str(row[3]), str(row[0])))

    def _site(self, code: str) -> tuple[object, ...]:
        """Return the area of a school of the plans, and km east and north where its place is known."""
        lonlat = {
            one: (x, y)
            for one in (*self.codes, code)
            if (x := self.given.number(one, "longitude")) and (y := self.given.number(one, "latitude"))
        }
        x, y = (self.given.number(code, axis) for axis in ("x_km", "y_km"))
        if x is None and code in lonlat and any(one in lonlat for one in self.codes) and code not in self.misplaced:
            x, y = kilometres({code: lonlat[code]}, {one: lonlat[one] for one in self.codes if one in lonlat})[code]
        return self.given.text(code, "area"), "" if x is None else x, "" if y is None else y

    def class_lines(self) -> str:
        """Return the lines of district.yaml with the class sizes that the classes of the tables show."""
        if not self.class_size:
            return ""
        sizes = ", ".join(f"{stage}: {size}" for stage, size in self.class_size.items())
        source = "classes and pupils of the last roll, nine in ten classes are no larger"
        return f'class_target: {{value: {{{sizes}}}, unit: pupils a class, kind: derived, source: "{source}"}}\n'
