"""A district from the tables that an office has: founded on its last roll, with its past beside it, and a list of what
was filled by which rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.base.ids import MOST_KEY
from simsim.districts import filling, hidden, past, provenance
from simsim.districts.book import read_book
from simsim.districts.checks import (
    BIRTH_COLUMNS,
    CODE,
    NEIGHBOURHOOD_COLUMNS,
    absent_columns,
    school_columns,
    table_problems,
)
from simsim.districts.files import SPEC, TABLES, imported_spec, name_problems
from simsim.districts.founding import PRIVATE, PUBLIC, Founded, codes_by_name, founded, ownerships, places, urban
from simsim.districts.given import Given
from simsim.districts.past import Past
from simsim.districts.system import SchoolSystem, read_system, system_of
from simsim.districts.zones import Seat, Zone, radii, zones_of
from simsim.inputs import parameters
from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.indicators import indicators
from simsim.tables.cells import clean, is_blank, plain
from simsim.tables.words import order, rule

EXTRA, PLANS, LIST = "extra.csv", "plans.csv", "imported.txt"
PLAN_COLUMNS = ("key", "code", "name", "year", "what", "grades", "places")
NUMBERED, ONE_POINT = "numbered in the order of the tables", "no place known: all stand in one point; no map"
SHOWN = 20
RECENT = 3
FROM_ROLLS = "pupils of the entry grade in the year in which they enter, divided by births_to_entry_urban"


@dataclass(frozen=True)
class Imported:
    """A district that was imported: its folder, and the list of what was read, left out and filled."""

    folder: Path
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([str(self.folder), *map(_short, self.lines)])


def import_book(
    book: str | Path, name: str, out: str | Path | None = None, only: Sequence[str] = (), year_is: str = "start",
    first_year: int | None = None, system: str | Path | None = None,
) -> Imported:  # fmt: skip
    """Make a district of the tables in a workbook, a text file or a folder, and write it into `out` (./NAME).

    The first year is the last roll. `only`, `year_is`, `first_year` as `read_book` takes them; `system` names a school
    system or its file, by default the one that the rolls show. InputError lists what is wrong, and nothing is written.
    """
    problems = name_problems(name, "name")
    folder = Path(out) if out is not None else Path(name if not problems else ".")
    if not problems and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        problems.append(Problem(str(out or name), "", None, "exists already; choose a new folder"))
    if problems:
        raise InputError(problems)
    given = read_book(book, only, year_is, first_year)
    rolls = past.past_of(given)
    block = past.system_shown(rolls) if system is None else read_system(system)
    made = _Making(name, given, rolls, system_of(block))
    tables = made.tables()
    absent = absent_columns(made.system)
    whole = [tables[file].assign(**dict.fromkeys(absent.get(file, ()), 0)) for file in TABLES]
    problems = table_problems(whole[0], whole[1], whole[2], rolls.last, made.system)
    if problems:
        raise InputError(capped(problems))
    folder.mkdir(parents=True, exist_ok=True)
    for file, table in {**tables, **made.beside()}.items():
        table.to_csv(folder / file, index=False, lineterminator="\n")
    provenance.write(made.provenance(tables), folder)
    spec = imported_spec(name, tables["schools.csv"], rolls.last, made.system, block, made.class_lines())
    (folder / SPEC).write_text(spec, encoding="utf-8", newline="\n")
    lines = tuple(made.lines(tables))
    (folder / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return Imported(folder, lines)


class _Making:
    """The tables of one district while they are made."""

    def __init__(self, name: str, given: Given, rolls: Past, system: SchoolSystem) -> None:
        self.name, self.given, self.rolls, self.system = name, given, rolls, system
        self.found: Founded = founded(given, rolls, system)
        self.codes = self.found.schools
        if not self.codes:
            remedy = f"have no school with pupils in grades {', '.join(system.names.values())} in {rolls.last}"
            raise InputError(Problem("rolls", "", None, remedy))
        past_schools = [code for code in (*self.found.untaught, *self.found.closed) if self._has_rolls(code)]
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

    def _has_rolls(self, code: str) -> bool:
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
                self.given.said.append(f"all {stage.word} schools are private; they are taken for public ones")
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
        put("name_en", names)
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
                why = "one grade below a year before, else the mean of the school's grades"
                put(f"pupils_g{label}", stage.grades[:, at], n - estimated.get(label, 0), why)
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
                self.given.said.append(
                    f"catchment {told['area']}: names no public school of its stage; zones a school instead"
                )
                return []
            share = next(seat.children for seat in primary or junior if seat.key == next(iter(keys.values())))
            zones.append(Zone(next(iter(keys.values())), keys.get(STAGES[0], 0), keys.get(STAGES[1], 0), share))
        covered = {s: {getattr(zone, s) for zone in zones} for s in served}
        left = [key for s in served for key in served[s] - covered[s]]
        if zones and left:
            self.given.said.append(f"catchments leave {len(left)} public schools out; zones a school instead")
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
                in_area[area] += weight  # type: ignore[assignment]
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
        return float(filling.norm("migrant_share"))

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
        files = {past.FILE: past.table_of(self.rolls, self.keys, self.system)}
        if self.given.extra:
            files[EXTRA] = pd.concat(self.given.extra, ignore_index=True).fillna("")
            files[EXTRA]["year"] = files[EXTRA]["year"].map(lambda year: "" if year == "" else str(int(year)))
        plans = self._plans()
        return files | ({PLANS: pd.DataFrame(plans, columns=list(PLAN_COLUMNS))} if plans else {})

    def _plans(self) -> list[tuple[object, ...]]:
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
            places_ = "" if event["places"] is None else int(float(str(event["places"])))
            rows.append(
                (key, code, self.given.names.get(code, code), event["year"], event["what"], " ".join(grades), places_)
            )
        return sorted(rows, key=lambda row: (str(row[3]), str(row[0])))

    def class_lines(self) -> str:
        """Return the lines of district.yaml with the class sizes that the classes of the tables show."""
        if not self.class_size:
            return ""
        sizes = ", ".join(f"{stage}: {size}" for stage, size in self.class_size.items())
        source = "classes and pupils of the last roll, nine in ten classes are no larger"
        return f'class_target: {{value: {{{sizes}}}, unit: pupils a class, kind: derived, source: "{source}"}}\n'

    def provenance(self, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Return where every column of the tables comes from."""
        if not hasattr(self, "_provenance"):
            rows = [*self._of_schools(tables["schools.csv"]), *self._of_zones(tables["neighbourhoods.csv"])]
            births = tables["births.csv"]
            first = self.rolls.last - self.system.entry_age
            needed = {year for year in births["year"] if year >= first}
            known = len(self.births_given & needed) >= rule("column_share") * len(needed)
            status = (provenance.IMPORTED, provenance.NO_RULE) if known else (provenance.FILLED, FROM_ROLLS)
            rows += [("births", column, *status, len(births)) for column in births]
            none = "none assumed until somebody enters it; `simsim district calibrate` works it out from the rolls"
            rows += [(provenance.OF_THE_FILE, name, provenance.FILLED, none, 1) for name in provenance.RULES]
            self._provenance = pd.DataFrame(rows, columns=list(provenance.COLUMNS))
        return self._provenance

    def _of_schools(self, schools: pd.DataFrame) -> Iterator[tuple[object, ...]]:
        n = len(schools)
        for column in schools:
            given, why = self.columns.given[str(column)], self.columns.rules[str(column)]
            if given >= rule("column_share") * n:
                partly = f"{n - given} of {n} filled: {why}" if given < n else why or provenance.NO_RULE
                yield "schools", column, provenance.IMPORTED, partly, n
            else:
                partly = f"{why} ({given} of {n} schools have their own)" if given else why
                yield "schools", column, provenance.FILLED, partly, n

    def _of_zones(self, zones: pd.DataFrame) -> Iterator[tuple[object, ...]]:
        n, catchments = len(zones), bool(self.given.areas)
        own = (
            "a zone for each public school of the lowest stage, and for the part of it that goes to each junior school"
        )
        rules = {
            "urban": "as the school in it", "births_share": "as the entrants of its school",
            "inflow_share": "as births_share", "housing_share": "as births_share", "ses_mean": "0: no zone differs",
            "migrant_share": "as in district-defaults-china", "radius_km": "half way to the nearest other school",
            "managed_by": "the district", "included": "all zones",
        }  # fmt: skip
        placed = (
            {"x_km": "as the school in it", "y_km": "as the school in it"}
            if self.places
            else dict.fromkeys(("x_km", "y_km"), ONE_POINT)
        )
        told = {"migrant_share"} if self._tell("migrant_pupils", "migrant_share") else set()
        told |= {"ses_mean"} if self._tell("ses") else set()
        for column in map(str, zones):
            if column in told or (catchments and column.startswith("catchment_")):
                yield "neighbourhoods", column, provenance.IMPORTED, provenance.NO_RULE, n
            elif column == "key":
                yield "neighbourhoods", column, provenance.IMPORTED, NUMBERED, n
            else:
                yield "neighbourhoods", column, provenance.FILLED, (rules | placed).get(column, own), n

    def _tell(self, *keys: str) -> bool:
        """Tell whether nearly all schools give one of these."""
        n = sum(any(self.given.number(code, key) is not None for key in keys) for code in self.codes)
        return n >= rule("column_share") * len(self.codes)

    # ---- the list ----

    def lines(self, tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
        """Yield what was read, left out and filled, line by line."""
        names = list(self.system.names.values())
        kinds = ", ".join(f"{n} {kind}" for kind, n in Counter(self.found.kinds).items())
        first, last = self.rolls.years[0], self.rolls.last
        pupils = int(sum(stage.pupils.sum() for stage in self.found.stages))
        yield f"{len(self.codes)} schools ({kinds}), {pupils:,} pupils in grades {names[0]} to {names[-1]}"
        span = f"{first} to {last}" if first < last else f"{last} only"
        year = f"{last}-{(last + 1) % 100:02d}"
        yield f"rolls: school years beginning {span}; the first year of the district is {last} ({year})"
        yield from map(str, self.given.said)
        yield from self._left_out()
        yield from self._not_known()
        yield from self._columns(tables)

    def _left_out(self) -> Iterator[str]:
        """Yield the schools that are not founded, and columns that are not used or were dropped."""
        name = self.given.names
        closed = [code for code in self.found.closed if self._has_rolls(code)]
        never = [code for code in self.found.closed if not self._has_rolls(code)]
        for codes, why in (
            (closed, f"without pupils in the last roll (closed): not founded, kept in {past.FILE}"),
            (self.found.untaught, "teach only grades that are not simulated: not founded"),
            (never, "without any roll: not founded"),
        ):
            if codes:
                yield f"{len(codes)} schools {why}: {_some(name.get(code, code) for code in codes)}"
        if self.found.partial:
            some = "school stages have pupils in some of their grades only"
            yield f"{self.found.partial} {some}; in the simulation they teach all"
        if self.misplaced:
            yield f"coordinates that cannot be: {_some(name.get(code, code) for code in self.misplaced)}"
        unused = [
            str(column) for frame in self.given.extra for column in frame if column not in ("sheet", "code", "year")
        ]
        if unused:
            yield f"{len(unused)} columns are not used and kept in {EXTRA}: {_some(unused)}"
        if self.given.dropped:
            yield f"columns about persons, dropped: {_some(self.given.dropped)}"
        counts = [n for code in self.codes if (n := self.given.number(code, "migrant_pupils")) is not None]
        if counts:
            yield f"migrant pupils: about {hidden.total(counts):,}; counts below {rule('few'):g} are not written"

    def _not_known(self) -> Iterator[str]:
        """Yield the numbers of pupils that are not known, one by one, the first twenty."""
        places_ = sorted(self.rolls.unknown, key=lambda p: (-p[1], p[0], order(p[2])))
        if places_:
            yield f"{len(places_):,} numbers of pupils are not known (blank, *, <10); they are not 0:"
        for school, year, grade in places_[:SHOWN]:
            yield f"  {self.given.names.get(school, school)}, {year}-{(year + 1) % 100:02d}, grade {grade}"
        if len(places_) > SHOWN:
            yield f"  and {len(places_) - SHOWN:,} more"

    def _columns(self, tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
        """Yield how many columns were filled, by which rule, and which indicators are no findings for it."""
        table = self.provenance(tables)
        table = table[table["table"] != provenance.OF_THE_FILE]
        filled = table[table["status"] == provenance.FILLED]
        yield f"{len(filled)} of {len(table)} columns filled:"
        for why, rows in filled.groupby("rule", sort=False):
            columns = ", ".join(f"{t}.{c}" for t, c in zip(rows["table"], rows["column"], strict=True))
            yield f"  {why}: {columns}"
        resting = provenance.resting_on(self.provenance(tables))
        if resting:
            known = indicators()
            yield f"so these {len(resting)} indicators rest on filled columns and are not reported as findings:"
            yield f"  {'; '.join(known[name].label['en'] for name in resting)}"
        free = [name for name in indicators() if name not in resting]
        yield f"{len(free)} of {len(indicators())} indicators rest on what was imported alone"


def _short(line: str) -> str:
    """Return a line of the list as a terminal shows it: of very many names the first ones."""
    names = line.split("; ")
    if len(names) <= SHOWN:
        return line
    return f"{'; '.join(names[:SHOWN])}; and {len(names) - SHOWN:,} more, see {LIST}"


def _some(names: Iterable[str]) -> str:
    """Return some names, and how many more there are."""
    every = [clean(name) for name in names]
    return ", ".join(every[:SHOWN]) + (f" and {len(every) - SHOWN:,} more" if len(every) > SHOWN else "")
