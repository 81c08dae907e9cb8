"""A district from the tables that an office has: founded on its last roll, with its past beside it, and a list of what
was filled by which rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simsim.districts import hidden, past, provenance
from simsim.districts.book import read_book
from simsim.districts.checks import (
    absent_columns,
    table_problems,
)
from simsim.districts.files import SPEC, TABLES, imported_spec, name_problems
from simsim.districts.making import EXTRA, FROM_ROLLS, NUMBERED, ONE_POINT, Making
from simsim.districts.own import first_year_problem
from simsim.districts.plans_ahead import FILE as PLANS
from simsim.districts.rolls import FILE as ROLLS
from simsim.districts.system import read_system, system_of
from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.indicators import indicators
from simsim.tables.cells import clean
from simsim.tables.words import order, rule

LIST = "imported.txt"
SHOWN = 20


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
    remedy = first_year_problem(rolls.last)
    if remedy:
        raise InputError(Problem("rolls", "last year", rolls.last, f"is the first year of the district; it {remedy}"))
    block = past.system_shown(rolls) if system is None else read_system(system)
    made = Making(name, given, rolls, system_of(block))
    tables = made.tables()
    absent = absent_columns(made.system)
    whole = [tables[file].assign(**dict.fromkeys(absent.get(file, ()), 0)) for file in TABLES]
    problems = table_problems(whole[0], whole[1], whole[2], rolls.last, made.system)
    if problems:
        raise InputError(capped(problems))
    folder.mkdir(parents=True, exist_ok=True)
    for file, table in {**tables, **made.beside()}.items():
        table.to_csv(folder / file, index=False, lineterminator="\n")
    columns = provenance_of(made, tables)
    provenance.write(columns, folder)
    spec = imported_spec(name, tables["schools.csv"], rolls.last, made.system, block, made.class_lines())
    (folder / SPEC).write_text(spec, encoding="utf-8", newline="\n")
    lines = tuple(lines_of(made, tables, columns))
    (folder / LIST).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return Imported(folder, lines)


def provenance_of(made: Making, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return where every column of the tables comes from."""
    rows = [*_of_schools(made, tables["schools.csv"]), *_of_zones(made, tables["neighbourhoods.csv"])]
    births = tables["births.csv"]
    first = made.rolls.last - made.system.entry_age
    needed = {year for year in births["year"] if year >= first}
    known = len(made.births_given & needed) >= rule("column_share") * len(needed)
    status = (provenance.IMPORTED, provenance.NO_RULE) if known else (provenance.FILLED, FROM_ROLLS)
    rows += [("births", column, *status, len(births)) for column in births]
    none = "none assumed until somebody enters it; `simsim district calibrate` works it out from the rolls"
    rows += [(provenance.OF_THE_FILE, name, provenance.FILLED, none, 1) for name in provenance.RULES]
    return pd.DataFrame(rows, columns=list(provenance.COLUMNS))


def _of_schools(made: Making, schools: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    n = len(schools)
    for column in schools:
        given, why = made.columns.given[str(column)], made.columns.rules[str(column)]
        if given >= rule("column_share") * n:
            partly = f"{n - given} of {n} filled: {why}" if given < n else why or provenance.NO_RULE
            yield "schools", column, provenance.IMPORTED, partly, n
        else:
            partly = f"{why} ({given} of {n} schools have their own)" if given else why
            yield "schools", column, provenance.FILLED, partly, n


def _of_zones(made: Making, zones: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    n, catchments = len(zones), bool(made.given.areas)
    own = "a zone for each public school of the lowest stage, and for the part of it that goes to each junior school"
    rules = {
        "urban": "as the school in it", "births_share": "as the entrants of its school",
        "inflow_share": "as births_share", "housing_share": "as births_share", "ses_mean": "0: no zone differs",
        "migrant_share": "as in district-defaults-china", "radius_km": "half way to the nearest other school",
        "managed_by": "the district", "included": "all zones",
    }  # fmt: skip
    placed = (
        {"x_km": "as the school in it", "y_km": "as the school in it"}
        if made.places
        else dict.fromkeys(("x_km", "y_km"), ONE_POINT)
    )
    told = {"migrant_share"} if _tell(made, "migrant_pupils", "migrant_share") else set()
    told |= {"ses_mean"} if _tell(made, "ses") else set()
    for column in map(str, zones):
        if column in told or (catchments and column.startswith("catchment_")):
            yield "neighbourhoods", column, provenance.IMPORTED, provenance.NO_RULE, n
        elif column == "key":
            yield "neighbourhoods", column, provenance.IMPORTED, NUMBERED, n
        else:
            yield "neighbourhoods", column, provenance.FILLED, (rules | placed).get(column, own), n


def _tell(made: Making, *keys: str) -> bool:
    """Tell whether nearly all schools give one of these."""
    n = sum(any(made.given.number(code, key) is not None for key in keys) for code in made.codes)
    return n >= rule("column_share") * len(made.codes)


def lines_of(made: Making, tables: Mapping[str, pd.DataFrame], columns: pd.DataFrame) -> Iterator[str]:
    """Yield what was read, left out and filled, line by line."""
    names = list(made.system.names.values())
    kinds = ", ".join(f"{n} {kind}" for kind, n in Counter(made.found.kinds).items())
    first, last = made.rolls.years[0], made.rolls.last
    pupils = int(sum(stage.pupils.sum() for stage in made.found.stages))
    yield f"{len(made.codes)} schools ({kinds}), {pupils:,} pupils in grades {names[0]} to {names[-1]}"
    span = f"{first} to {last}" if first < last else f"{last} only"
    year = f"{last}-{(last + 1) % 100:02d}"
    yield f"rolls: school years beginning {span}; the first year of the district is {last} ({year})"
    if made.rolls.apart:
        gap = f"none of {made.rolls.years[0] - 1}, and a cohort cannot be followed over a year that is left out"
        yield f"rolls of {', '.join(map(str, made.rolls.apart))} are not used: there are {gap}"
    yield from map(str, made.given.said)
    yield from _left_out(made)
    planned = len(made.plans)
    if planned:
        why = "no run acts on them, nor do calibration and hindcast; what shall happen in a run is a plan or a scenario"
        yield f"{planned} openings, closures, changes of grades or of places are kept in {PLANS}: {why}"
    yield from _not_known(made)
    yield from _columns(columns)


def _left_out(made: Making) -> Iterator[str]:
    """Yield the schools that are not founded, and columns that are not used or were dropped."""
    name = made.given.names
    closed = [code for code in made.found.closed if made.has_rolls(code)]
    planned = {str(event["school"]) for event in made.given.plans}
    never = [code for code in made.found.closed if not made.has_rolls(code) and code not in planned]
    for codes, why in (
        (closed, f"without pupils in the last roll (closed): not founded, kept in {ROLLS}"),
        (made.found.untaught, "teach only grades that are not simulated: not founded"),
        (never, "without any roll: not founded"),
    ):
        if codes:
            yield f"{len(codes)} schools {why}: {_some(name.get(code, code) for code in codes)}"
    if made.found.partial:
        some = "school stages have pupils in some of their grades only"
        yield f"{made.found.partial} {some}; in the simulation they teach all"
    if made.misplaced:
        yield f"coordinates that cannot be: {_some(name.get(code, code) for code in made.misplaced)}"
    unused = [str(column) for frame in made.given.extra for column in frame if column not in ("sheet", "code", "year")]
    if unused:
        yield f"{len(unused)} columns are not used and kept in {EXTRA}: {_some(unused)}"
    if made.given.dropped:
        yield f"columns about persons, dropped: {_some(made.given.dropped)}"
    counts = [n for code in made.codes if (n := made.given.number(code, "migrant_pupils")) is not None]
    if counts:
        yield f"migrant pupils: about {hidden.total(counts):,}; counts below {rule('few'):g} are not written"


def _not_known(made: Making) -> Iterator[str]:
    """Yield the numbers of pupils that are not known, one by one, the first twenty."""
    places_ = sorted(made.rolls.unknown, key=lambda p: (-p[1], p[0], order(p[2])))
    if places_:
        yield f"{len(places_):,} numbers of pupils are not known (blank, *, <10); they are not 0:"
    for school, year, grade in places_[:SHOWN]:
        yield f"  {made.given.names.get(school, school)}, {year}-{(year + 1) % 100:02d}, grade {grade}"
    if len(places_) > SHOWN:
        yield f"  and {len(places_) - SHOWN:,} more"


def _columns(columns: pd.DataFrame) -> Iterator[str]:
    """Yield how many columns were filled, by which rule, and which indicators are no findings for it."""
    table = columns[columns["table"] != provenance.OF_THE_FILE]
    filled = table[table["status"] == provenance.FILLED]
    yield f"{len(filled)} of {len(table)} columns filled:"
    for why, rows in filled.groupby("rule", sort=False):
        names = ", ".join(f"{t}.{c}" for t, c in zip(rows["table"], rows["column"], strict=True))
        yield f"  {why}: {names}"
    resting = provenance.resting_on(columns)
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
