"""What must hold in a district's files, beyond every cell being readable: the checks of `simsim district check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from simsim.base.codes import KINDS, OWNERSHIP, STAGES, SUBJECT_GROUPS, TITLES, stages_of
from simsim.base.ids import MOST_KEY
from simsim.districts import ridge
from simsim.districts.factual import factual_problems
from simsim.districts.own import OWN, first_year_problem, own_problems
from simsim.districts.system import SchoolSystem, system_problems
from simsim.inputs import numbers, parameters
from simsim.inputs.csvfile import FIRST_DATA_LINE, Column, Number, Words, records
from simsim.inputs.documents import Document, Record
from simsim.inputs.errors import Problem, suggest

FACILITY_COLUMNS = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")
STAFF_COLUMNS = {
    stage: (
        *(f"t_{stage}_{group}" for group in SUBJECT_GROUPS),
        f"overqualified_{stage}",
        *(f"title_{title}_{stage}" for title in TITLES),
        f"backbone_{stage}",
        f"star_{stage}",
    )
    for stage in STAGES
}
KM, SHARE, YEAR, FLAG = Number(-500, 500), Number(0, 1), Number(1850, 2100, whole=True), Number(0, 1, whole=True)
PEOPLE, AMOUNT, KEY = Number(0, 100_000, whole=True), Number(0, 1e10), Number(1, MOST_KEY, whole=True)
KEY_OR_NONE = Number(0, MOST_KEY, whole=True)
CODE = "code"
"""The column of schools.csv with the official codes of schools, which may be left out: text, leading zeros and all."""


def school_columns(system: SchoolSystem) -> dict[str, Column]:
    """Return the columns of schools.csv in a school system, in order; those of `absent_columns` may be left out."""
    return {
        "key": KEY, CODE: Words(), "name_zh": Words(), "name_en": Words(), "kind": Words(KINDS),
        "ownership": Words(OWNERSHIP), "urban": FLAG,
        "neighbourhood": KEY, "x_km": KM, "y_km": KM, "building_year": YEAR, "status": Words(("named", "synthetic")),
        "rooms_primary": PEOPLE, "rooms_junior": PEOPLE, **dict.fromkeys(system.columns.values(), PEOPLE),
        "senior_pupils": PEOPLE,
        **dict.fromkeys((column for stage in STAGES for column in STAFF_COLUMNS[stage]), PEOPLE),
        **dict.fromkeys(FACILITY_COLUMNS, AMOUNT),
    }  # fmt: skip


def absent_columns(system: SchoolSystem) -> dict[str, tuple[str, ...]]:
    """Return by file the columns that speak of stages which the district does not teach: left out, they are all 0."""
    absent = [stage for stage in STAGES if stage not in system.words]
    senior = ("senior_pupils",) if "junior" in absent else ()
    return {
        "schools.csv": (*(c for s in absent for c in (f"rooms_{s}", *STAFF_COLUMNS[s])), *senior),
        "neighbourhoods.csv": tuple(f"catchment_{stage}" for stage in absent),
    }


NEIGHBOURHOOD_COLUMNS: dict[str, Column] = {
    "key": KEY, "name_zh": Words(), "name_en": Words(), "parent": Words(), "managed_by": Words(), "included": FLAG,
    "urban": FLAG,
    "x_km": KM, "y_km": KM, "radius_km": Number(0.01, 100), "births_share": SHARE, "inflow_share": SHARE,
    "housing_share": SHARE,
    "ses_mean": Number(-5, 5), "migrant_share": SHARE, "catchment_primary": KEY_OR_NONE,
    "catchment_junior": KEY_OR_NONE,
}  # fmt: skip
BIRTH_COLUMNS: dict[str, Column] = {"year": YEAR, "births": AMOUNT, "kind": Words(), "source": Words()}
BIRTH_OPTIONAL = ("kind", "source")
SERIES = ("national_first", "national_revised", "province_rate", "city_rate")
SERIES_COLUMNS: dict[str, Column] = {
    "series": Words(SERIES),
    "year": YEAR,
    "value": Number(0, 1e6),
    "unit": Words(),
    "source": Words(),
    "confidence": Words(),
}
KINDS_OF_NUMBER = ("published", "derived", "fitted", "estimate", "judgement")


def table_problems(
    schools: pd.DataFrame, neighbourhoods: pd.DataFrame, births: pd.DataFrame, first_year: int, system: SchoolSystem
) -> list[Problem]:
    """Return what is wrong between readable tables: keys, stages, staff, catchments, births."""
    return [
        *_schools(schools, neighbourhoods, system),
        *_catchments(schools, neighbourhoods, system),
        *_shares(neighbourhoods),
        *_births(births, first_year, system),
    ]


def _twice(table: pd.DataFrame, column: str, file: str) -> Iterator[Problem]:
    for row in np.flatnonzero(table[column].duplicated()):
        yield Problem(
            file,
            f"line {row + FIRST_DATA_LINE}, {column}",
            table[column].iloc[row],
            "is used before; give every row its own",
        )


def _schools(schools: pd.DataFrame, neighbourhoods: pd.DataFrame, system: SchoolSystem) -> Iterator[Problem]:
    """Yield what is wrong in single schools."""
    file = "schools.csv"
    yield from _twice(schools, "key", file)
    if CODE in schools:
        yield from _twice(schools, CODE, file)
    known = set(neighbourhoods["key"])
    for row, school in enumerate(records(schools)):
        line = f"line {row + FIRST_DATA_LINE}"
        if school["neighbourhood"] not in known:
            remedy = "is not a key of neighbourhoods.csv; name the neighbourhood where the school stands"
            yield Problem(file, f"{line}, neighbourhood", school["neighbourhood"], remedy)
        if school["kind"] not in system.kinds:
            remedy = f"teaches a stage that the district has not; choose one of {', '.join(system.kinds)}"
            yield Problem(file, f"{line}, kind", school["kind"], remedy)
        for stage in range(len(STAGES)):
            for column, value, remedy in _stage(school, stage, system):
                yield Problem(file, f"{line}, {column}", value, remedy)
        if school["senior_pupils"] and school["kind"] != "complete":
            yield Problem(
                file,
                f"{line}, senior_pupils",
                school["senior_pupils"],
                "only a complete school has senior pupils; set 0",
            )


def _stage(school: Record, stage: int, system: SchoolSystem) -> Iterator[tuple[str, object, str]]:
    """Yield column, value and remedy for one stage of one school."""
    name = STAGES[stage]
    teachers = sum(school[f"t_{name}_{group}"] for group in SUBJECT_GROUPS)
    grades = [system.names[grade] for grade in system.grades(stage)]
    pupils = sum(school[column] for column in system.columns_of(stage))
    rooms, kind = school[f"rooms_{name}"], school["kind"]
    has = {f"rooms_{name}": rooms, f"t_{name}_*": teachers}
    if grades:
        has |= {f"pupils_g{grades[0]}-g{grades[-1]}": pupils}
    if stage not in stages_of(kind) or not grades:
        who = f"a school of kind {kind}" if grades else "the district"
        yield from (
            (column, value, f"{who} has no {name} stage; set 0{' or change kind' if grades else ''}")
            for column, value in has.items()
            if value
        )
        return
    yield from (
        (column, value, f"a school of kind {kind} teaches the {name} stage; give it some")
        for column, value in has.items()
        if not value
    )
    titles = sum(school[f"title_{title}_{name}"] for title in TITLES)
    if titles != teachers:
        yield f"title_*_{name}", titles, f"must add up to the {teachers} teachers of the stage (t_{name}_*)"
    for group in ("overqualified", "backbone", "star"):
        if school[f"{group}_{name}"] > teachers:
            yield f"{group}_{name}", school[f"{group}_{name}"], f"cannot exceed the {teachers} teachers of the stage"


def _catchments(schools: pd.DataFrame, neighbourhoods: pd.DataFrame, system: SchoolSystem) -> Iterator[Problem]:
    """Yield catchments without a school that can serve them, and public stages without a catchment."""
    file, by_key = "neighbourhoods.csv", {row["key"]: row for row in records(schools.drop_duplicates("key"))}
    yield from _twice(neighbourhoods, "key", file)
    inside = neighbourhoods["included"] == 1
    if not inside.any():
        yield Problem(
            file, "included", None, "no neighbourhood is included; set 1 where the district itself manages schools"
        )
    for stage in system.stages:
        name = STAGES[stage]
        column = f"catchment_{name}"
        keys = neighbourhoods[column].tolist()
        for row in np.flatnonzero(inside).tolist():
            remedy = _cannot_serve(by_key, keys[row], stage, name)
            if remedy:
                yield Problem(file, f"line {row + FIRST_DATA_LINE}, {column}", int(keys[row]), remedy)
        served = set(neighbourhoods.loc[inside, column])
        for key, school in by_key.items():
            if school["ownership"] == "public" and stage in stages_of(str(school["kind"])) and key not in served:
                remedy = f"no included neighbourhood has this public school in {column}; give it at least one"
                yield Problem("schools.csv", f"key {key} ({school['name_en']})", None, remedy)


def _cannot_serve(by_key: Mapping[int, Document], key: int, stage: int, name: str) -> str:
    """Return why a school cannot be a catchment's, or nothing."""
    if key == 0:
        return f"the catchment has no school; name a public school with a {name} stage"
    if key not in by_key:
        return f"is not a school of schools.csv{suggest(str(key), map(str, by_key))}"
    school = by_key[key]
    if stage not in stages_of(str(school["kind"])):
        return f"{school['name_en']} ({school['kind']}) has no {name} stage; name a school that has"
    return (
        ""
        if school["ownership"] == "public"
        else f"{school['name_en']} is private; only public schools have catchments"
    )


def _shares(neighbourhoods: pd.DataFrame) -> Iterator[Problem]:
    """Yield shares that are all zero where the district is."""
    inside = neighbourhoods[neighbourhoods["included"] == 1]
    for column in ("births_share", "inflow_share", "housing_share"):
        if len(inside) and inside[column].sum() <= 0:
            yield Problem(
                "neighbourhoods.csv", column, 0, "is zero in every included neighbourhood; give relative sizes"
            )


def _births(births: pd.DataFrame, first_year: int, system: SchoolSystem) -> Iterator[Problem]:
    """Yield years that are missing, given twice or too late for the first cohorts."""
    file, years = "births.csv", births["year"]
    yield from _twice(births, "year", file)
    gaps = sorted(set(range(int(years.min()), int(years.max()) + 1)) - set(years))
    if gaps:
        yield Problem(file, "year", gaps[0], f"{len(gaps)} years are missing between the first and the last; add them")
    first = first_year - system.entry_age
    if years.min() > first or years.max() < first:
        yield Problem(file, "year", int(years.min()), f"must cover {first}: those children enter first")


Check = Callable[[object], str]


def number(low: float, high: float, whole: bool = False) -> Check:
    """Return a check that tells what is wrong with a value unless it is a number between two bounds."""

    def check(value: object) -> str:
        found = numbers.whole(value) if whole else numbers.real(value)
        good = found is not None and low <= found <= high
        return "" if good else f"must be a {'whole ' if whole else ''}number between {low:g} and {high:g}"

    return check


def _grades(system: SchoolSystem) -> Check:
    """Return a check that a value is a list of pupils by grade."""
    n = len(system.taught)

    def check(value: object) -> str:
        good = isinstance(value, list) and len(value) == n and not any(number(0, 1e6)(v) for v in value)
        return "" if good else f"must be a list of {n} numbers from 0 on, one for each grade"

    return check


def _by_year(value: object) -> str:
    good = isinstance(value, dict) and "later" in value and not any(number(0, 1e7)(v) for v in value.values())
    good = good and isinstance(value, dict) and all(key == "later" or numbers.whole(key) is not None for key in value)
    return "" if good else "must map years to numbers from 0 on, with an entry `later` for the years not named"


def lived(system: SchoolSystem) -> dict[str, Check]:
    """Return what a district.yaml must hold to be simulated, by dotted place."""
    return {
        "first_year": first_year_problem,
        **{f"pupils_per_teacher.{stage}.value": number(0.01, 10_000) for stage in system.words},
        "migration.arrivals_by_grade.value": _grades(system),
        "migration.migrant_share_of_arrivals.value": number(0, 1),
        "housing.flats_by_year.value": _by_year,
        "fitted.inflow_scale.value": number(0, 100),
        "fitted.posts_growth.value": number(-1, 1),
    }


TOP_LEVEL = (
    "schema", "name", "title", "label", "first_year", "system", "seed", "aggregates", "resources", "rules", "schools",
    "areas", "managed_by",
    "births", "migration", "housing", "pupils_per_teacher", "travel", "fitted", "defaults", "fit", "factual", "scaled",
    *OWN,
)  # fmt: skip


NAMED_MISSING = 12
SHOWN_BY = "`defaults: china` gives most; `simsim district template NAME` writes a short file to start from"


def spec_problems(spec: Document, file: str, checks: Mapping[str, Check]) -> list[Problem]:
    """Return the entries of a district.yaml that are missing, wrong, unknown, or do not say how they are known."""
    problems = [
        Problem(file, str(key), None, f"is not an entry of a district file{suggest(key, TOP_LEVEL)}")
        for key in spec
        if key not in TOP_LEVEL
    ]
    problems += [Problem(file, key, None, remedy) for key, remedy in _missing(spec, checks)]
    for dotted, check in checks.items():
        value, found = entry(spec, dotted)
        remedy = check(value) if found else ""
        problems += [Problem(file, dotted, value, remedy)] if remedy else []
    problems += [Problem(file, *complaint) for complaint in (*system_problems(spec.get("system")), *own_problems(spec))]
    problems += [Problem(file, *complaint) for complaint in factual_problems(spec)]
    problems += [Problem(file, key, value, remedy) for key, value, remedy in _fitted(spec.get("fitted"), checks)]
    return problems + [Problem(file, key, value, remedy) for key, value, remedy in _unsourced(spec, "")]


def _missing(spec: Document, checks: Mapping[str, Check]) -> Iterator[tuple[str, str]]:
    """Yield what is missing, one by one; where that would be many lines, in one."""
    missing = [dotted for dotted in checks if not entry(spec, dotted)[1]]
    if len(missing) <= NAMED_MISSING:
        yield from ((dotted, "is missing; see docs/data-dictionary.md for an example") for dotted in missing)
        return
    blocks = Counter(dotted.split(".")[0] for dotted in missing)
    listed = ", ".join(f"{block} ({n})" for block, n in blocks.items())
    yield missing[0], f"and {len(missing) - 1} other entries are missing, in {listed}; {SHOWN_BY}"


def _fitted(fitted: object, checks: Mapping[str, Check]) -> Iterator[tuple[str, object, str]]:
    """Yield fitted entries that are no parameter or hold no number; those with a check of their own are left to it."""
    for name, content in fitted.items() if isinstance(fitted, Mapping) else ():
        key = f"fitted.{name}"
        if name not in parameters.load():
            yield key, None, f"is not a parameter{parameters.hint(str(name), parameters.load())}"
        elif f"{key}.value" not in checks:
            value, found = entry(content, "value")
            p = parameters.load()[name]
            if not found or (number := numbers.real(value)) is None or not p.least <= number <= p.most:
                yield f"{key}.value", value, f"must be a number between {p.least:g} and {p.most:g}"
    yield from ridge.problems(fitted) if isinstance(fitted, Mapping) else ()


def entry(spec: object, dotted: str) -> tuple[object, bool]:
    """Return the value at a dotted place, and whether there is one."""
    for part in dotted.split("."):
        if not isinstance(spec, Mapping) or part not in spec:
            return None, False
        spec = spec[part]
    return spec, True


def _unsourced(spec: object, key: str) -> Iterator[tuple[str, object, str]]:
    """Yield numbers whose `kind` is not one of the words that tell how a number is known."""
    if isinstance(spec, list):
        for index, item in enumerate(spec):
            yield from _unsourced(item, f"{key}[{index}]")
    if isinstance(spec, Mapping):
        kind = spec.get("kind")
        if "value" in spec and "target" not in spec and kind not in KINDS_OF_NUMBER:
            yield (
                f"{key}.kind",
                kind,
                f"must be one of {', '.join(KINDS_OF_NUMBER)}{suggest(str(kind), KINDS_OF_NUMBER)}",
            )
        for name, value in spec.items():
            yield from _unsourced(value, f"{key}.{name}" if key else str(name))
