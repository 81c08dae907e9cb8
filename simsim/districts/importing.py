"""A district from the tables that an office has: founded on its last roll, with its past beside it, and a list of what
was filled by which rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from simsim.base.codes import STAGES
from simsim.districts import hidden, past, provenance
from simsim.districts.book import read_book
from simsim.districts.checks import (
    absent_columns,
    table_problems,
)
from simsim.districts.files import SPEC, TABLES, name_problems, new_folder, occupied
from simsim.districts.filled_words import column_word, rule_word, table_word
from simsim.districts.making import FROM_ROLLS, NUMBERED, ONE_POINT, Making
from simsim.districts.own import first_year_problem
from simsim.districts.plans_ahead import FILE as PLANS
from simsim.districts.system import read_system, system_of
from simsim.districts.three_tables import imported_spec
from simsim.inputs.errors import InputError, Problem, capped
from simsim.inputs.indicators import indicators
from simsim.inputs.whole_files import csv_of, write_all
from simsim.tables.cells import clean
from simsim.tables.columns import columns as columns_of
from simsim.tables.grades import order
from simsim.tables.words import Said, rule, say
from simsim.tables.words import words as words_of

LISTS = {"en": "imported.txt", "zh": "imported.zh.txt"}
"""The file of the list in each language."""
SHOWN = 20


@dataclass(frozen=True)
class Imported:
    """A district that was imported: its folder, and the list of what was read, left out and filled."""

    folder: Path
    lines: tuple[str, ...]
    lines_zh: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """Return the folder and the list in English (en) or Chinese (zh), as a terminal shows it."""
        lines = self.lines_zh if lang == "zh" else self.lines
        return "\n".join([str(self.folder), *(_short(line, lang) for line in lines)])

    def __str__(self) -> str:
        return self.text("en")


def import_book(
    book: str | Path, name: str, out: str | Path | None = None, only: Sequence[str] = (), year_is: str = "start",
    first_year: int | None = None, system: str | Path | None = None,
) -> Imported:  # fmt: skip
    """Make a district of the tables in a workbook, a text file or a folder, and write it into `out` (./NAME).

    The first year is the last roll. `only`, `year_is`, `first_year` as `read_book` takes them; `system` names a school
    system or its file, by default the one that the rolls show. InputError lists what is wrong, and nothing is written.
    """
    problems = name_problems(name, "name")
    folder = new_folder(name if not problems else ".", out)
    problems += [] if problems else occupied(folder, out or name)
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
    columns = provenance_of(made, tables)
    spec = imported_spec(name, tables["schools.csv"], rolls.last, made.system, block, made.class_lines())
    told = {lang: tuple(lines_of(made, tables, columns, lang)) for lang in LISTS}
    texts = {file: csv_of(table) for file, table in {**tables, **made.beside(), provenance.FILE: columns}.items()}
    texts |= {SPEC: spec, **{LISTS[lang]: "\n".join(lines) + "\n" for lang, lines in told.items()}}
    write_all({folder / file: text for file, text in texts.items()})
    return Imported(folder, told["en"], told["zh"])


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
        "parent": "the district", "managed_by": "the district", "included": "all zones",
    }  # fmt: skip
    placed = (
        {"x_km": "as the school in it", "y_km": "as the school in it"}
        if made.places
        else dict.fromkeys(("x_km", "y_km"), ONE_POINT)
    )
    told = {"migrant_share"} if _tell(made, "migrant_pupils", "migrant_share") else set()
    told |= {"ses_mean"} if _tell(made, "ses") else set()
    told |= {"parent"} if (zones["parent"] != made.name).mean() >= rule("column_share") else set()
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


def lines_of(
    made: Making, tables: Mapping[str, pd.DataFrame], columns: pd.DataFrame, lang: str = "en"
) -> Iterator[str]:
    """Yield what was read, left out and filled, line by line, in English (en) or Chinese (zh)."""
    for said in (*_read(made, lang), *made.given.said, *_left_out(made, lang), *_planned(made), *_not_known(made)):
        yield said.text(lang) if isinstance(said, Said) else str(said)
    yield from _columns(columns, lang)


def _spans(made: Making, lang: str) -> Iterator[str]:
    """Yield each stage with its first and last grade."""
    for stage in made.system.stages:
        grades = [made.system.names[grade] for grade in made.system.grades(stage)]
        span = DASH[lang].join(dict.fromkeys((grades[0], grades[-1])))
        yield f"{words_of()['stages'][lang][STAGES[stage]]} {span}"


def _read(made: Making, lang: str) -> Iterator[Said]:
    """Yield how many schools and pupils there are, and of which years."""
    names = list(made.system.names.values())
    number = Counter(made.found.kinds)
    words = [f"{n} {kind}" if lang == "en" else f"{columns_of().kinds[kind].zh}{n}所" for kind, n in number.items()]
    kinds = COMMA[lang].join(words)
    first, last = made.rolls.years[0], made.rolls.last
    pupils = int(sum(stage.pupils.sum() for stage in made.found.stages))
    yield say("import_schools", n=len(made.codes), kinds=kinds, pupils=pupils, first=names[0], last=names[-1])
    span = "import_rolls" if first < last else "import_roll"
    yield say(span, first=first, last=last, year=_school_year(last))
    yield say("import_assumed", spans=COMMA[lang].join(_spans(made, lang)))
    if made.rolls.apart:
        gap = made.rolls.years[0] - 1
        yield say("import_apart", years=", ".join(map(str, made.rolls.apart)), gap=gap)


def _school_year(september: int) -> str:
    return f"{september}-{(september + 1) % 100:02d}"


def _planned(made: Making) -> Iterator[Said]:
    if made.plans:
        yield say("import_plans", n=len(made.plans), file=PLANS, name=made.name)


def _left_out(made: Making, lang: str) -> Iterator[Said]:
    """Yield the schools that are not founded, and columns that are not used or were dropped."""
    name = made.given.names
    closed = [code for code in made.found.closed if made.has_rolls(code)]
    planned = {str(event["school"]) for event in made.given.plans}
    never = [code for code in made.found.closed if not made.has_rolls(code) and code not in planned]
    for codes, key in ((closed, "import_closed"), (made.found.untaught, "import_untaught"), (never, "import_never")):
        if codes:
            yield say(key, n=len(codes), some=_some((name.get(code, code) for code in codes), lang))
    if made.found.partial:
        yield say("import_partial", n=made.found.partial)
    if made.misplaced:
        yield say("import_misplaced", some=_some((name.get(code, code) for code in made.misplaced), lang))
    unused = [str(column) for frame in made.given.extra for column in frame if column not in ("sheet", "code", "year")]
    if unused:
        yield say("import_unused", n=len(unused), some=_some(unused, lang))
    if made.given.dropped:
        yield say("import_persons", some=_some(made.given.dropped, lang))
    counts = [n for code in made.codes if (n := made.given.number(code, "migrant_pupils")) is not None]
    if counts:
        yield say("import_migrants", n=hidden.total(counts), few=f"{rule('few'):g}")


def _not_known(made: Making) -> Iterator[Said]:
    """Yield the numbers of pupils that are not known, one by one, the first twenty."""
    places_ = sorted(made.rolls.unknown, key=lambda p: (-p[1], p[0], order(p[2])))
    if places_:
        yield say("import_unknown", n=len(places_))
    for school, year, grade in places_[:SHOWN]:
        yield say(
            "import_unknown_one", school=made.given.names.get(school, school), year=_school_year(year), grade=grade
        )
    if len(places_) > SHOWN:
        yield say("import_more", n=len(places_) - SHOWN)


def _columns(columns: pd.DataFrame, lang: str) -> Iterator[str]:
    """Yield how many columns were filled, by which rule, and which indicators are no findings for it."""
    table = columns[columns["table"] != provenance.OF_THE_FILE]
    filled = table[table["status"] == provenance.FILLED]
    yield say("import_columns", n=len(filled), all=len(table)).text(lang)
    for why, rows in filled.groupby("rule", sort=False):
        yield f"  {rule_word(str(why), lang)}{COLON[lang]}{_names(rows, lang)}"
    resting = provenance.resting_on(columns)
    known = indicators()
    if resting:
        yield say("import_resting", n=len(resting)).text(lang)
        yield f"  {JOIN[lang].join(known[name].label[lang] for name in resting)}"
    yield say("import_free", n=sum(name not in resting for name in known), all=len(known)).text(lang)


DASH = {"en": " to ", "zh": "—"}
JOIN, COMMA, COLON = {"en": "; ", "zh": "；"}, {"en": ", ", "zh": "、"}, {"en": ": ", "zh": "："}  # noqa: RUF001


def _names(rows: pd.DataFrame, lang: str) -> str:
    """Return the names of columns, with their tables."""
    pairs = zip(rows["table"].astype(str), rows["column"].astype(str), strict=True)
    dot = "." if lang == "en" else "·"
    return COMMA[lang].join(f"{table_word(table, lang)}{dot}{column_word(table, name, lang)}" for table, name in pairs)


def _short(line: str, lang: str) -> str:
    """Return a line of the list as a terminal shows it: of very many names the first ones."""
    names = line.split(JOIN[lang])
    if len(names) <= SHOWN:
        return line
    more = f"{len(names) - SHOWN:,}"
    rest = f"and {more} more, see {LISTS['en']}" if lang == "en" else f"另有{more}项，见{LISTS['zh']}"  # noqa: RUF001
    return JOIN[lang].join([*names[:SHOWN], rest])


def _some(names: Iterable[str], lang: str) -> str:
    """Return some names, and how many more there are."""
    every = [clean(name) for name in names]
    more = len(every) - SHOWN
    rest = "" if more <= 0 else f" and {more:,} more" if lang == "en" else f"等，另有{more:,}个"  # noqa: RUF001
    return COMMA[lang].join(every[:SHOWN]) + rest
