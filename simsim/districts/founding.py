"""Which schools of an office are founded, with which pupils, where they stand and whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simsim.base.arrays import Ints
from simsim.districts.filling import Stage, labels_of, word_of
from simsim.districts.given import Given
from simsim.districts.past import Past, table_of
from simsim.districts.rolls import rolls_of
from simsim.districts.system import SchoolSystem
from simsim.districts.zones import kilometres
from simsim.tables.cells import plain
from simsim.tables.columns import columns
from simsim.tables.grades import order
from simsim.tables.words import listed, rule

PUBLIC, PRIVATE = "public", "private"
KIND = {(True, False): "primary", (False, True): "junior", (True, True): "nine_year"}
COMPLETE = "complete"
EAST, NORTH = (-180.0, 180.0), (-90.0, 90.0)


@dataclass
class Founded:
    """The schools that are founded, in order, and what was found out about them.

    `stages` hold their pupils; `estimated` counts grades whose pupils are not known and were estimated; `partial`
    counts stages of which a school serves some grades only.
    """

    schools: list[str]
    kinds: list[str]
    stages: list[Stage]
    seniors: list[int]
    estimated: Counter[str] = field(default_factory=Counter)
    partial: int = 0
    closed: list[str] = field(default_factory=list)
    untaught: list[str] = field(default_factory=list)


def founded(given: Given, past: Past, system: SchoolSystem) -> Founded:
    """Return the schools that have pupils in the last roll, in the order of the tables: their kinds by the grades that
    they serve, and their pupils; where a number is not known, an estimate.
    """
    taught = past.grades(past.last)
    labels = {stage: labels_of(system, stage) for stage in system.stages}
    every = {label for stage in labels.values() for label in stage}
    codes = list(dict.fromkeys([*given.names, *(school for school, _, _ in (*past.known, *past.unknown))]))
    mine = [code for code in codes if {_label(g) for g in taught.get(code, [])} & every]
    result = Founded(mine, [], [], [])
    result.untaught = [code for code in codes if taught.get(code) and code not in set(mine)]
    result.closed = [code for code in codes if not taught.get(code)]
    result.estimated = Counter(g for code, year, g in past.unknown if year == past.last and code in set(mine))
    rows = [codes.index(code) for code in mine]
    last_roll = _last_roll(past, codes, system)
    for stage in system.stages:
        grades: Ints = np.stack([last_roll[label][rows] for label in labels[stage]], axis=1)
        serves = grades.sum(axis=1) > 0
        result.partial += int(((grades > 0).sum(axis=1)[serves] < len(labels[stage])).sum())
        result.stages.append(Stage(word_of(stage), grades, serves.tolist()))
    by_word = {stage.word: stage.taught for stage in result.stages}
    last = max(order(label) for label in every)
    for row, code in enumerate(mine):
        has = tuple(bool(by_word.get(word_of(stage), [False] * len(mine))[row]) for stage in (0, 1))
        senior = past.of(code, past.last, [str(grade) for grade in range(last + 1, SENIOR_TO + 1)])
        complete = has == (False, True) and senior > 0
        result.kinds.append(COMPLETE if complete else KIND[has[0], has[1]])
        result.seniors.append(senior if complete else 0)
    return result


SENIOR_TO = 12


def _label(grade: int) -> str:
    return {-1: "PK", 0: "K"}.get(grade, str(grade))


def _last_roll(past: Past, codes: Sequence[str], system: SchoolSystem) -> dict[str, Ints]:
    """Return the pupils of schools by grade in the last roll, by the name of the grade (n): what is not known as every
    other use of the rolls fills it.
    """
    table = table_of(past, {code: key for key, code in enumerate(codes, 1)}, system)
    if past.last not in set(table["year"]):
        return {name: np.zeros(len(codes), np.int64) for name in system.names.values()}
    rolls = rolls_of(table, system)
    found: Ints = np.zeros((len(codes), len(rolls.grades)), np.int64)
    found[rolls.keys - 1] = rolls.counted[:, rolls.years.index(past.last)]
    return dict(zip(rolls.grades, found.T, strict=True))


# ---- whose, where ----


def ownerships(given: Given, schools: Sequence[str]) -> tuple[list[str], int]:
    """Return whether each school is public or private, and how many say so; a name that begins with 民办, 私立 or the
    like is private, all others are public.
    """
    found, n_given = [], 0
    for school in schools:
        text = plain(given.text(school, "ownership"))
        told = next((kind for kind in (PRIVATE, PUBLIC) if text and _is(text, kind)), None)
        n_given += told is not None
        name = plain(given.names.get(school, school))
        private = any(name.startswith(word) for word in listed("ownership", PRIVATE) if len(word) > 1)
        found.append(told or (PRIVATE if private else PUBLIC))
    return found, n_given


def _is(text: str, kind: str) -> bool:
    owner = columns().by_owner.get(text, "") if not text.isdecimal() or len(text) > 1 else ""
    if owner:
        return (owner == PRIVATE) == (kind == PRIVATE)
    return any(text == word or (len(word) > 1 and text.startswith(word)) for word in listed("ownership", kind))


def urban(given: Given, schools: Sequence[str]) -> tuple[list[int], int]:
    """Return whether each school stands in a town (1) or a village (0), and how many say so."""
    texts = [plain(given.text(school, "urban")) for school in schools]
    known = [text in listed("urban", "urban") or text in listed("urban", "rural") for text in texts]
    return [int(text not in listed("urban", "rural")) for text in texts], sum(known)


def places(given: Given, schools: Sequence[str]) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """Return the places that are known, km east and north of their middle, and the schools whose coordinates are wrong.

    From km as they are, else from degrees; a school without any gets the middle of its area's, else of all.
    """
    km = {s: (x, y) for s in schools if (x := given.number(s, "x_km")) is not None
          and (y := given.number(s, "y_km")) is not None}  # fmt: skip
    degrees = {s: (x, y) for s in schools if (x := given.number(s, "longitude")) is not None
               and (y := given.number(s, "latitude")) is not None}  # fmt: skip
    wrong = [s for s, (x, y) in degrees.items() if not (EAST[0] <= x <= EAST[1] and NORTH[0] <= y <= NORTH[1])]
    found = km or kilometres({s: place for s, place in degrees.items() if s not in wrong and place != (0.0, 0.0)})
    if not found:
        return {}, wrong
    middle = np.median(np.array(list(found.values())), axis=0)
    far = [s for s, place in found.items() if np.hypot(*(np.array(place) - middle)) > rule("farthest_km")]
    good = {school: place for school, place in found.items() if school not in far}
    by_area: dict[str, list[tuple[float, float]]] = {}
    for school, place in good.items():
        by_area.setdefault(given.text(school, "area"), []).append(place)
    everywhere = _middle(list(good.values()))
    for school in schools:
        area = given.text(school, "area")
        good.setdefault(school, _middle(by_area[area]) if area in by_area else everywhere)
    return good, [*wrong, *far]


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    x, y = np.mean(np.array(points), axis=0).round(3).tolist()
    return float(x), float(y)


def codes_by_name(given: Given) -> Mapping[str, str]:
    """Return the code of each school by its code and by its name, in normal form."""
    return {plain(name): code for code, name in given.names.items()} | {plain(code): code for code in given.names}
