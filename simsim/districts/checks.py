"""What must hold in a district's files, beyond every cell being readable: the checks of `simsim district check`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from simsim.base.codes import (
    FIRST_GRADE,
    KINDS,
    LAST_GRADE,
    MAX_SCHOOL_KEY,
    N_GRADES,
    OWNERSHIP,
    STAGES,
    SUBJECT_GROUPS,
    TITLES,
    stages_of,
)
from simsim.districts.births import SCHOOL_AGE
from simsim.inputs import numbers, parameters
from simsim.inputs.csvfile import FIRST_DATA_LINE, Column, Number, Words, records
from simsim.inputs.documents import Document, Record
from simsim.inputs.errors import Problem, suggest

FACILITY_COLUMNS = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books", "multimedia_rooms")
GRADE_COLUMNS = tuple(f"pupils_g{grade}" for grade in range(1, N_GRADES + 1))
STAFF_COLUMNS = tuple(
    column
    for stage in STAGES
    for column in (
        *(f"t_{stage}_{group}" for group in SUBJECT_GROUPS),
        f"overqualified_{stage}",
        *(f"title_{title}_{stage}" for title in TITLES),
        f"backbone_{stage}",
        f"star_{stage}",
    )
)
KM, SHARE, YEAR, FLAG = Number(-500, 500), Number(0, 1), Number(1850, 2100, whole=True), Number(0, 1, whole=True)
PEOPLE, AMOUNT, KEY = Number(0, 100_000, whole=True), Number(0, 1e10), Number(1, MAX_SCHOOL_KEY, whole=True)
KEY_OR_NONE = Number(0, MAX_SCHOOL_KEY, whole=True)
SCHOOL_COLUMNS: dict[str, Column] = {
    "key": KEY, "name_zh": Words(), "name_en": Words(), "kind": Words(KINDS), "ownership": Words(OWNERSHIP),
    "urban": FLAG,
    "neighbourhood": KEY, "x_km": KM, "y_km": KM, "building_year": YEAR, "status": Words(("named", "synthetic")),
    "rooms_primary": PEOPLE, "rooms_junior": PEOPLE, **dict.fromkeys(GRADE_COLUMNS, PEOPLE), "senior_pupils": PEOPLE,
    **dict.fromkeys(STAFF_COLUMNS, PEOPLE), **dict.fromkeys(FACILITY_COLUMNS, AMOUNT),
}  # fmt: skip
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
    schools: pd.DataFrame, neighbourhoods: pd.DataFrame, births: pd.DataFrame, first_year: int
) -> list[Problem]:
    """Return what is wrong between readable tables: keys, stages, staff, catchments, births."""
    return [
        *_schools(schools, neighbourhoods),
        *_catchments(schools, neighbourhoods),
        *_shares(neighbourhoods),
        *_births(births, first_year),
    ]


def _twice(table: pd.DataFrame, column: str, file: str) -> Iterator[Problem]:
    for row in np.flatnonzero(table[column].duplicated()):
        yield Problem(
            file,
            f"line {row + FIRST_DATA_LINE}, {column}",
            table[column].iloc[row],
            "is used before; give every row its own",
        )


def _schools(schools: pd.DataFrame, neighbourhoods: pd.DataFrame) -> Iterator[Problem]:
    """Yield what is wrong in single schools."""
    file = "schools.csv"
    yield from _twice(schools, "key", file)
    known = set(neighbourhoods["key"])
    for row, school in enumerate(records(schools)):
        line = f"line {row + FIRST_DATA_LINE}"
        if school["neighbourhood"] not in known:
            remedy = "is not a key of neighbourhoods.csv; name the neighbourhood where the school stands"
            yield Problem(file, f"{line}, neighbourhood", school["neighbourhood"], remedy)
        for stage, name in enumerate(STAGES):
            for column, value, remedy in _stage(school, stage, name):
                yield Problem(file, f"{line}, {column}", value, remedy)
        if school["senior_pupils"] and school["kind"] != "complete":
            yield Problem(
                file,
                f"{line}, senior_pupils",
                school["senior_pupils"],
                "only a complete school has senior pupils; set 0",
            )


def _stage(school: Record, stage: int, name: str) -> Iterator[tuple[str, object, str]]:
    """Yield column, value and remedy for one stage of one school."""
    teachers = sum(school[f"t_{name}_{group}"] for group in SUBJECT_GROUPS)
    pupils = sum(school[f"pupils_g{grade}"] for grade in range(FIRST_GRADE[stage], LAST_GRADE[stage] + 1))
    rooms, kind = school[f"rooms_{name}"], school["kind"]
    has = {
        f"rooms_{name}": rooms,
        f"pupils_g{FIRST_GRADE[stage]}-g{LAST_GRADE[stage]}": pupils,
        f"t_{name}_*": teachers,
    }
    if stage not in stages_of(kind):
        yield from (
            (column, value, f"a school of kind {kind} has no {name} stage; set 0 or change kind")
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


def _catchments(schools: pd.DataFrame, neighbourhoods: pd.DataFrame) -> Iterator[Problem]:
    """Yield catchments without a school that can serve them, and public stages without a catchment."""
    file, by_key = "neighbourhoods.csv", schools.drop_duplicates("key").set_index("key")
    yield from _twice(neighbourhoods, "key", file)
    inside = neighbourhoods["included"] == 1
    if not inside.any():
        yield Problem(
            file, "included", None, "no neighbourhood is included; set 1 where the district itself manages schools"
        )
    for stage, name in enumerate(STAGES):
        column = f"catchment_{name}"
        for row in np.flatnonzero(inside):
            key = neighbourhoods[column].iloc[row]
            remedy = _cannot_serve(by_key, key, stage, name)
            if remedy:
                yield Problem(file, f"line {row + FIRST_DATA_LINE}, {column}", int(key), remedy)
        served = set(neighbourhoods.loc[inside, column])
        for key, school in by_key.iterrows():
            if school["ownership"] == "public" and stage in stages_of(str(school["kind"])) and key not in served:
                remedy = f"no included neighbourhood has this public school in {column}; give it at least one"
                yield Problem("schools.csv", f"key {key} ({school['name_en']})", None, remedy)


def _cannot_serve(by_key: pd.DataFrame, key: int, stage: int, name: str) -> str:
    """Return why a school cannot be a catchment's, or nothing."""
    if key == 0:
        return f"the catchment has no school; name a public school with a {name} stage"
    if key not in by_key.index:
        return f"is not a school of schools.csv{suggest(str(key), map(str, by_key.index))}"
    school = by_key.loc[key]
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


def _births(births: pd.DataFrame, first_year: int) -> Iterator[Problem]:
    """Yield years that are missing, given twice or too late for the first cohorts."""
    file, years = "births.csv", births["year"]
    yield from _twice(births, "year", file)
    gaps = sorted(set(range(int(years.min()), int(years.max()) + 1)) - set(years))
    if gaps:
        yield Problem(file, "year", gaps[0], f"{len(gaps)} years are missing between the first and the last; add them")
    first = first_year - SCHOOL_AGE
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


def _grades(value: object) -> str:
    good = isinstance(value, list) and len(value) == N_GRADES and not any(number(0, 1e6)(v) for v in value)
    return "" if good else f"must be a list of {N_GRADES} numbers from 0 on, one for each grade"


def _by_year(value: object) -> str:
    good = isinstance(value, dict) and "later" in value and not any(number(0, 1e7)(v) for v in value.values())
    good = good and isinstance(value, dict) and all(key == "later" or numbers.whole(key) is not None for key in value)
    return "" if good else "must map years to numbers from 0 on, with an entry `later` for the years not named"


LIVED: dict[str, Check] = {
    "first_year": number(1990, 2100, whole=True),
    "pupils_per_teacher.primary.value": number(1, 100),
    "pupils_per_teacher.junior.value": number(1, 100),
    "migration.arrivals_by_grade.value": _grades,
    "migration.migrant_share_of_arrivals.value": number(0, 1),
    "housing.flats_by_year.value": _by_year,
    "fitted.inflow_scale.value": number(0, 100),
    "fitted.posts_growth.value": number(-1, 1),
}
TOP_LEVEL = (
    "schema", "name", "title", "label", "first_year", "seed", "aggregates", "resources", "rules", "schools",
    "areas", "managed_by",
    "births", "migration", "housing", "pupils_per_teacher", "travel", "fitted", "defaults", "fit", "scaled",
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
    problems += [Problem(file, key, value, remedy) for key, value, remedy in _fitted(spec.get("fitted"), checks)]
    return problems + [Problem(file, key, value, remedy) for key, value, remedy in _unsourced(spec, "")]


def _missing(spec: Document, checks: Mapping[str, Check]) -> Iterator[tuple[str, str]]:
    """Yield what is missing, one by one; where that would be many lines, in one."""
    missing = [dotted for dotted in checks if not entry(spec, dotted)[1]]
    if len(missing) <= NAMED_MISSING:
        yield from ((dotted, "is missing; see the district file of erdao for an example") for dotted in missing)
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


def entry(spec: object, dotted: str) -> tuple[Any, bool]:
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
