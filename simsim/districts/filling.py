"""The columns of a district's tables from what an office gives; what it does not give is filled by a named rule.

Every rule is one sentence, kept with the column it filled (columns.provenance.csv): nobody takes what is filled for
what is known. The numbers behind the rules are the defaults of parameters/templates/, all judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from simsim.base.arrays import Floats, Ints
from simsim.base.codes import STAGES, SUBJECT_GROUPS, TITLES
from simsim.base.sums import added_up
from simsim.districts.defaults import FILE, TEMPLATES
from simsim.districts.given import Given
from simsim.districts.system import SchoolSystem
from simsim.inputs import parameters
from simsim.inputs.documents import Draft
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.tables.words import rule

COUNTRY = "china"
"""The set of defaults whose shares stand in for what an office does not say of its teachers and facilities."""
PER = 1000
FACILITIES = ("teaching_area_m2", "sports_area_m2", "equipment_yuan", "computers", "books")
TEACHER_RULE = "as many pupils a teacher as {source}"
OWN_RATIO, NATIONAL_RATIO = "the district's schools that say so have", "district-defaults-china has (judgement)"


@cache
def defaults() -> Draft:
    """Return the shipped defaults of a district, read once."""
    return read_yaml(resource("parameters") / TEMPLATES / FILE.format(COUNTRY))


def norm(name: str, *places: str) -> float:
    """Return a number of the defaults' rules: of one that has several the one at these places."""
    found = defaults()["rules"][name]["value"]
    for place in places:
        found = found[place]
    return float(found)


def per_pupil(stage: str, item: str) -> float:
    """Return what a pupil of a stage has of an item in the defaults."""
    return float(defaults()["resources"][stage][item]["mean"])


@dataclass
class Columns:
    """Columns being made, each with the schools that gave it and the rule for the others."""

    n: int
    cells: dict[str, Sequence[object]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, cells: Iterable[object], given: int | None = None, otherwise: str = "") -> None:
        """Add a column; `given` says how many of its cells the office gave (all), `otherwise` the rule for the rest."""
        self.cells[name] = [cell.item() if isinstance(cell, np.generic) else cell for cell in cells]
        self.given[name] = self.n if given is None else given
        self.rules[name] = otherwise


def whole_shares(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole numbers in proportion to weights that add up to a total: the largest remainders are rounded up."""
    sizes = np.asarray(weights, dtype=float)
    exact = total * sizes / sizes.sum() if sizes.sum() > 0 else np.zeros(len(sizes))
    found = np.floor(exact).astype(int)
    rest = int(total - found.sum()) if sizes.sum() > 0 else 0
    found[np.argsort(-(exact - found), kind="stable")[:rest]] += 1
    return [int(n) for n in found]


@dataclass(frozen=True)
class Stage:
    """One stage of the founded schools: its pupils by grade (n, grades) and in all, and which schools teach it (n)."""

    word: str
    grades: Ints
    taught: Sequence[bool]

    @property
    def pupils(self) -> Ints:
        """Pupils of the stage by school (n)."""
        found: Ints = self.grades.sum(axis=1)
        return found


def told(given: Given, schools: Sequence[str], key: str, stage: Stage, stages: Sequence[Stage]) -> list[float | None]:
    """Return what schools say of a stage (n): under its own heading, or as a whole, where a school teaches two stages
    in proportion to what pupils of each need.
    """
    found: list[float | None] = []
    for row, school in enumerate(schools):
        own, whole = given.number(school, f"{key}_{stage.word}"), given.number(school, key)
        if own is None and whole is not None:
            needs = [s.pupils[row] * per_pupil(s.word, "teachers") * s.taught[row] for s in stages]
            mine = stage.pupils[row] * per_pupil(stage.word, "teachers")
            own = whole * mine / added_up(needs) if any(needs) else None
        found.append(own if stage.taught[row] else None)
    return found


def staff(columns: Columns, given: Given, schools: Sequence[str], stage: Stage, stages: Sequence[Stage]) -> None:
    """Add the teachers of a stage, by subject group and title, and those with a degree or an honour."""
    says = told(given, schools, "teachers", stage, stages)
    known = [(n, p) for n, p in zip(says, stage.pupils, strict=True) if n]
    ratio = sum(p for _, p in known) / sum(n for n, _ in known) if known else 1 / per_pupil(stage.word, "teachers")
    source = OWN_RATIO if known else NATIONAL_RATIO
    teachers = [
        0 if not taught else max(1, round(n if n else pupils / ratio))
        for n, pupils, taught in zip(says, stage.pupils, stage.taught, strict=True)
    ]
    n_given = sum(bool(n) for n in says) + _absent(stage)
    lacking = TEACHER_RULE.format(source=source)
    _subjects(columns, given, schools, stage, stages, teachers, n_given if known else 0, lacking)
    _titles(columns, given, schools, stage, stages, teachers)
    _honours(columns, given, schools, stage, stages, teachers)


def _subjects(
    columns: Columns, given: Given, schools: Sequence[str], stage: Stage, stages: Sequence[Stage],
    teachers: Sequence[int], n_given: int, lacking: str,
) -> None:  # fmt: skip
    """Add the teachers of a stage by subject group, in the defaults' proportions; those of PE and arts as given.

    The column of the core subjects is imported where the number of all teachers is: it carries it.
    """
    shares = {group: norm("subject_shares", stage.word, group) for group in SUBJECT_GROUPS}
    arts = told(given, schools, "pe_arts", stage, stages)
    rows = []
    for total, own in zip(teachers, arts, strict=True):
        if own is None:
            rows.append(whole_shares(total, [shares[group] for group in SUBJECT_GROUPS]))
            continue
        pe = min(round(own), total)
        rest = whole_shares(total - pe, [shares[group] if group != "pe_arts" else 0 for group in SUBJECT_GROUPS])
        rows.append([pe if group == "pe_arts" else n for group, n in zip(SUBJECT_GROUPS, rest, strict=True)])
    n_arts = sum(own is not None for own in arts)
    n_arts += _absent(stage) if n_arts else 0
    for group, cells in zip(SUBJECT_GROUPS, zip(*rows, strict=True), strict=True):
        name, split = f"t_{stage.word}_{group}", "subjects in the shares of district-defaults-china"
        known = n_arts if group == "pe_arts" else n_given
        columns.put(name, cells, known, lacking if known < columns.n and not n_given else split)


def _titles(
    columns: Columns, given: Given, schools: Sequence[str], stage: Stage, stages: Sequence[Stage],
    teachers: Sequence[int],
) -> None:  # fmt: skip
    """Add the teachers of a stage by title: as given, else in the defaults' shares."""
    middle = per_pupil(stage.word, "midtitle") / per_pupil(stage.word, "teachers")
    senior, none = norm("senior_title_share", stage.word), norm("no_title_share", stage.word)
    usual = [(1 - middle) * none, (1 - middle) * (1 - none), middle * (1 - senior), middle * senior]
    by_title = [told(given, schools, f"title_{title}", stage, stages) for title in TITLES]
    middles = told(given, schools, "midtitle", stage, stages)
    rows, n_given = [], 0
    for row, total in enumerate(teachers):
        own = [says[row] for says in by_title]
        weights = usual
        if all(n is not None for n in own[1:]):
            rest = max(0.0, total - sum(n or 0 for n in own[1:]))
            weights, n_given = [own[0] if own[0] is not None else rest, *(n or 0 for n in own[1:])], n_given + 1
        elif (mid := middles[row]) is not None and total:
            share = min(mid / total, 1.0)
            weights, n_given = _with_middle(share, senior, none), n_given + 1
        rows.append(whole_shares(total, weights if sum(weights) > 0 else usual))
    for title, cells in zip(TITLES, zip(*rows, strict=True), strict=True):
        lacking = "titles in the shares of district-defaults-china"
        columns.put(f"title_{title}_{stage.word}", cells, n_given + _absent(stage) if n_given else 0, lacking)


def _with_middle(middle: float, senior: float, none: float) -> list[float]:
    """Return weights of the four titles of which a share has the middle one or a higher one."""
    return [(1 - middle) * none, (1 - middle) * (1 - none), middle * (1 - senior), middle * senior]


def _absent(stage: Stage) -> int:
    """Return how many schools do not teach a stage, whose cells are 0 and known."""
    return sum(not taught for taught in stage.taught)


def _honours(
    columns: Columns, given: Given, schools: Sequence[str], stage: Stage, stages: Sequence[Stage],
    teachers: Sequence[int],
) -> None:  # fmt: skip
    """Add teachers above the required degree, backbone teachers and stars of a stage."""
    word, total = stage.word, np.asarray(teachers, dtype=float)
    usual: dict[str, Floats] = {
        "overqualified": total * per_pupil(word, "overqualified") / per_pupil(word, "teachers"),
        "backbone": stage.pupils * norm("backbone_per_100", word) / 100,
        "star": stage.pupils * norm("star_per_1000", word) / PER,
    }
    for item, expected in usual.items():
        says = told(given, schools, item, stage, stages)
        cells = [
            min(round(float(other) if own is None else own), n)
            for own, other, n in zip(says, expected, teachers, strict=True)
        ]
        n_given = sum(own is not None for own in says)
        known = n_given + _absent(stage) if n_given else 0
        columns.put(f"{item}_{word}", cells, known, "as many as in district-defaults-china")


def facilities(columns: Columns, given: Given, schools: Sequence[str], stages: Sequence[Stage]) -> None:
    """Add areas, equipment, computers, books and multimedia rooms: as given, else the defaults' mean per pupil."""
    for item in FACILITIES:
        says = [given.number(school, item) for school in schools]
        usual = sum(stage.pupils * per_pupil(stage.word, item) for stage in stages)
        cells = [
            round(float(u)) if own is None else round(own) for own, u in zip(says, np.atleast_1d(usual), strict=True)
        ]
        columns.put(item, cells, sum(own is not None for own in says), "the mean per pupil of district-defaults-china")
    says = [given.number(school, "multimedia_rooms") for school in schools]
    rooms = np.array([columns.cells[f"rooms_{stage.word}"] for stage in stages], dtype=float).sum(axis=0)
    usual = rooms * norm("multimedia_per_class", "mean")
    cells = [round(float(u)) if own is None else round(own) for own, u in zip(says, usual, strict=True)]
    n_given = sum(own is not None for own in says)
    columns.put("multimedia_rooms", cells, n_given, "a share of the rooms, as in district-defaults-china")


def class_sizes(
    given: Given, schools: Sequence[str], year: int, stages: Sequence[tuple[Stage, Sequence[str]]]
) -> dict[str, int]:
    """Return the class size of each stage of which classes by grade are given: nine in ten classes have no more."""
    found = {}
    for stage, labels in stages:
        sizes = []
        for row, school in enumerate(schools):
            for at, label in enumerate(labels):
                cell = given.classes.get((school, year, label))
                if cell is not None and cell.value and stage.grades[row, at]:
                    sizes += [stage.grades[row, at] / cell.value] * cell.value
        if sizes:
            found[stage.word] = int(np.ceil(np.quantile(sizes, rule("class_quantile"))))
    return found


def rooms(
    columns: Columns, given: Given, schools: Sequence[str], year: int, stage: Stage, labels: Sequence[str],
    stages: Sequence[Stage], size: float,
) -> None:  # fmt: skip
    """Add the rooms of a stage: rooms or classes as given, else places by the class size, else the classes that its
    pupils make by grade.
    """
    cells, n_given = [], 0
    for row, school in enumerate(schools):
        if not stage.taught[row]:
            cells.append(0)
            continue
        classes = [given.classes.get((school, year, label)) for label in labels]
        counted = sum(cell.value or 0 for cell in classes if cell is not None)
        all_pupils = sum(int(s.pupils[row]) for s in stages)
        share = stage.pupils[row] / all_pupils if all_pupils else 1.0
        whole = given.number(school, f"rooms_{stage.word}") or (given.number(school, "rooms") or 0) * share
        places = given.number(school, f"places_{stage.word}") or (given.number(school, "places") or 0) * share
        own = whole or counted or places / size
        usual = sum(int(np.ceil(n / size)) for n in stage.grades[row] if n)
        n_given += bool(own)
        cells.append(max(1, round(own or usual)))
    columns.put(
        f"rooms_{stage.word}",
        cells,
        n_given + _absent(stage) if n_given else 0,
        f"one for each class of {size:g} pupils in a grade",
    )


def usual_class(stage: str) -> float:
    """Return the class size of a stage where a district gives none."""
    return float(parameters.load()[f"class_size.target.{stage}"].value)


def labels_of(system: SchoolSystem, stage: int) -> list[str]:
    """Return what the grades of a stage are called."""
    return [system.names[grade] for grade in system.grades(stage)]


def word_of(stage: int) -> str:
    """Return the word of a stage."""
    return STAGES[stage]


def joined(columns: Mapping[str, Sequence[object]], order: Iterable[str]) -> dict[str, Sequence[object]]:
    """Return columns in an order, those that are not there left out."""
    return {name: columns[name] for name in order if name in columns}
