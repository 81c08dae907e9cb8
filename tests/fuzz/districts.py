"""Random districts and policies: tables that `simsim district import` accepts, settings that `Settings` declares.

Hypothesis chooses the kind of district (how many schools, how large, how many private) and shrinks it; a generator
seeded by it fills in the rest, since two hundred schools have ten thousand cells.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from pydantic import BaseModel

from simsim.base.codes import KINDS, STAGES, SUBJECT_GROUPS, TITLES, stages_of
from simsim.districts.checks import (
    BIRTH_COLUMNS,
    CODE,
    FACILITY_COLUMNS,
    NEIGHBOURHOOD_COLUMNS,
    absent_columns,
    school_columns,
)
from simsim.districts.system import SchoolSystem, shipped
from simsim.districts.three_tables import import_district
from simsim.policy import registry

FIRST = 2014
SYSTEMS = ("china", "primary-only", "junior-only")
"""Districts of both stages, and of one alone."""
BIRTH_YEARS = range(FIRST - 13, FIRST + 6)
"""From the year in which the first entrants of a junior district were born."""
MOST_SCHOOLS = 200
MOST_IN_A_GRADE = (1, 3, 20, 60)


@dataclass(frozen=True)
class Shape:
    """What kind of district is drawn: everything else follows from the seed."""

    seed: int
    schools: int
    neighbourhoods: int
    most_in_a_grade: int
    empty_grades: float
    private: float
    idle_facilities: float
    births: int
    excluded: float
    spread_km: float
    system: str = SYSTEMS[0]

    @property
    def grades(self) -> SchoolSystem:
        """The stages and grades of the district."""
        return shipped(self.system)


shapes = st.builds(
    Shape,
    seed=st.integers(0, 2**31 - 1),
    schools=st.one_of(st.integers(1, 6), st.integers(1, 40), st.integers(1, MOST_SCHOOLS)),
    neighbourhoods=st.integers(1, 60),
    most_in_a_grade=st.sampled_from(MOST_IN_A_GRADE),
    empty_grades=st.sampled_from((0.0, 0.3, 0.9)),
    private=st.sampled_from((0.0, 0.2, 0.9)),
    idle_facilities=st.sampled_from((0.0, 0.25, 1.0)),
    births=st.sampled_from((0, 1, 30, 1000)),
    excluded=st.sampled_from((0.0, 0.5)),
    spread_km=st.sampled_from((0.0, 5.0, 400.0)),
    system=st.sampled_from(SYSTEMS),
)


def tables(shape: Shape) -> dict[str, pd.DataFrame]:
    """Return schools, neighbourhoods and births of a shape, such that the import takes them."""
    rng = np.random.default_rng(shape.seed)
    schools = [_school(rng, shape, key) for key in _keys(rng, shape.schools)]
    _both_stages_in_public(rng, shape, schools)
    places = _neighbourhoods(rng, shape, schools)
    for school in schools:
        school["neighbourhood"] = int(rng.choice([place["key"] for place in places]))
    births = [{"year": y, "births": int(rng.integers(0, shape.births + 1)), "kind": "estimate", "source": "drawn"}
              for y in BIRTH_YEARS]  # fmt: skip
    absent = absent_columns(shape.grades)
    return {
        "schools": pd.DataFrame(schools)[[c for c in _columns(shape) if c not in absent["schools.csv"]]],
        "neighbourhoods": pd.DataFrame(places)[
            [c for c in NEIGHBOURHOOD_COLUMNS if c not in absent["neighbourhoods.csv"]]
        ],
        "births": pd.DataFrame(births)[list(BIRTH_COLUMNS)],
    }


def written(shape: Shape, folder: Path) -> Path:
    """Write a shape's tables as a user would, import them, and return the district's folder."""
    paths = {}
    for name, table in tables(shape).items():
        paths[name] = folder / f"{name}-drawn.csv"
        table.to_csv(paths[name], index=False)
    given = (paths["schools"], paths["neighbourhoods"], paths["births"])
    return import_district("drawn", *given, folder / "drawn", FIRST, shape.system)


def _columns(shape: Shape) -> list[str]:
    return [column for column in school_columns(shape.grades) if column != CODE]


def _kinds(shape: Shape) -> list[str]:
    """Return the kinds of schools whose stages the district has."""
    return [kind for kind in KINDS if set(stages_of(kind)) <= set(shape.grades.stages)]


def _keys(rng: np.random.Generator, n: int) -> list[int]:
    return sorted(rng.choice(np.arange(1, 1000), size=n, replace=False).tolist())


def _school(rng: np.random.Generator, shape: Shape, key: int, kind: str | None = None, public: bool = False) -> dict:
    kind = kind or str(rng.choice(_kinds(shape)))
    school: dict[str, Any] = dict.fromkeys(_columns(shape), 0)
    school |= {
        "key": key, "name_zh": f"学校{key}", "name_en": f"School {key}", "kind": kind,
        "ownership": "public" if public or rng.random() >= shape.private else "private",
        "urban": int(rng.random() < 0.5), "building_year": int(rng.integers(1850, 2015)), "status": "synthetic",
        "x_km": float(rng.uniform(-1, 1) * shape.spread_km), "y_km": float(rng.uniform(-1, 1) * shape.spread_km),
        "senior_pupils": int(rng.integers(0, 500)) if kind == "complete" else 0,
    }  # fmt: skip
    for name in FACILITY_COLUMNS:
        school[name] = 0 if rng.random() < shape.idle_facilities else int(rng.integers(0, 10_000))
    for stage in stages_of(kind):
        school |= _stage(rng, shape, stage)
    return school


def _stage(rng: np.random.Generator, shape: Shape, stage: int) -> dict[str, int]:
    """Return pupils, rooms and teachers of one stage: at least one of each, as the import asks."""
    word, grades = STAGES[stage], shape.grades.grades(stage)
    pupils = {
        f"pupils_g{grade}": 0 if rng.random() < shape.empty_grades else int(rng.integers(0, shape.most_in_a_grade + 1))
        for grade in grades
    }
    pupils[f"pupils_g{rng.choice(list(grades))}"] += not sum(pupils.values())
    teachers = rng.multinomial(int(rng.integers(1, 2 + sum(pupils.values()) // 8)), rng.dirichlet(np.ones(5)))
    n = int(teachers.sum())
    titles = rng.multinomial(n, rng.dirichlet(np.ones(len(TITLES))))
    return {
        **pupils,
        f"rooms_{word}": int(rng.integers(1, 3 + sum(pupils.values()) // 30)),
        **{f"t_{word}_{group}": int(count) for group, count in zip(SUBJECT_GROUPS, teachers, strict=True)},
        **{f"title_{title}_{word}": int(count) for title, count in zip(TITLES, titles, strict=True)},
        **{f"{group}_{word}": int(rng.integers(0, n + 1)) for group in ("overqualified", "backbone", "star")},
    }


def _both_stages_in_public(rng: np.random.Generator, shape: Shape, schools: list[dict]) -> None:
    """Make the first school a public one of every stage where no public school teaches some stage."""
    every = set(shape.grades.stages)
    taught = {stage for s in schools if s["ownership"] == "public" for stage in stages_of(s["kind"])}
    if taught != every:
        kind = next(kind for kind in ("nine_year", "primary", "junior") if set(stages_of(kind)) == every)
        schools[0] = _school(rng, shape, schools[0]["key"], kind, public=True)


def _neighbourhoods(rng: np.random.Generator, shape: Shape, schools: list[dict]) -> list[dict]:
    """Return neighbourhoods of which each public school stage has at least one; some lie outside the district."""
    public = {
        stage: [s["key"] for s in schools if s["ownership"] == "public" and stage in stages_of(s["kind"])]
        for stage in shape.grades.stages
    }
    inside = max(shape.neighbourhoods, *map(len, public.values()))
    served = {stage: [*keys, *rng.choice(keys, inside - len(keys)).tolist()] for stage, keys in public.items()}
    outside = int(rng.binomial(inside, shape.excluded))
    places = []
    for i, key in enumerate(_keys(rng, inside + outside)):
        within = i < inside
        shares = {
            name: float(rng.random()) if i == 0 else float(rng.random() * (rng.random() < 0.7))
            for name in ("births_share", "inflow_share", "housing_share")
        }
        places.append(
            shares
            | {
                "key": key, "name_zh": f"片区{key}", "name_en": f"Area {key}", "parent": f"town {rng.integers(3)}",
                "managed_by": "district", "included": int(within), "urban": int(rng.random() < 0.5),
                "x_km": float(rng.uniform(-1, 1) * shape.spread_km), "y_km": float(rng.uniform(-1, 1)),
                "radius_km": float(rng.uniform(0.01, 20)), "ses_mean": float(rng.choice([0.0, rng.uniform(-5, 5)])),
                "migrant_share": float(rng.choice([0.0, 1.0, rng.random()])),
            }
            | {
                f"catchment_{word}": int(served[stage][i]) if within and stage in served else 0
                for stage, word in enumerate(STAGES)
            }
        )  # fmt: skip
    return places


# ---- policies ----


def settings_of(model: type[BaseModel], keys: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for the settings of a policy, from what its `Settings` declares; many stay at their default."""
    return st.fixed_dictionaries(
        {}, optional={name: _value(info.annotation, info.metadata, keys) for name, info in model.model_fields.items()}
    )


def _value(kind: Any, limits: list[Any], keys: list[int]) -> st.SearchStrategy[Any]:
    """Return a strategy for one setting: within its limits, among its choices, by its pattern."""
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*(_value(one, limits, keys) for one in get_args(kind) if one is not type(None)))
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is tuple:
        of = get_args(kind)[0]
        return st.lists(st.sampled_from(keys) if of is int else _value(of, [], keys), max_size=5, unique_by=repr)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return settings_of(kind, keys)
    low, high = (_limit(limits, word) for word in ("ge", "le"))
    above = _limit(limits, "gt")
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.one_of(st.integers(low or 0, min(high or 1000, 10**9)), st.sampled_from(keys))
    if kind is float:
        least = above if low is None else low
        ends = [x for x in (low, high) if x is not None] or [1.0]
        most = 1.0 if high is None else high
        return st.sampled_from(ends) | st.floats(least or 0.0, most, exclude_min=above is not None)
    pattern = _limit(limits, "pattern")
    return st.from_regex(pattern, fullmatch=True) if pattern else st.sampled_from(("completed", "in force"))


def _limit(limits: list[Any], word: str) -> Any:
    return next((getattr(limit, word) for limit in limits if getattr(limit, word, None) is not None), None)


@st.composite
def policies(draw: st.DrawFn, keys: list[int]) -> dict[str, dict[str, Any]]:
    """Draw one to three instances of any policies, dated in the first years."""
    names = draw(st.lists(st.sampled_from(sorted(registry())), min_size=1, max_size=3))
    found = {}
    for number, name in enumerate(names):
        start = draw(st.integers(FIRST + 1, FIRST + 4))
        found[f"p{number}"] = {
            "policy": name,
            "from": f"{start}-09-01",
            "settings": draw(settings_of(registry()[name].Settings, keys)),
        }
    return found
