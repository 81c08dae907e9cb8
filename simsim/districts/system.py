"""The school system of a district: its stages, their grades, and who comes of school age when.

Inside simsim a grade is a year of schooling, counted from 1 for the first; a stage that others teach takes up its years
all the same. What people call the grades (K, 1, 2 ... or 6, 7, 8) stands in `labels`, and from there in the columns of
tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simsim.base.arrays import Mask
from simsim.base.codes import JUNIOR, KINDS, PRIMARY, STAGES, stages_of
from simsim.inputs.documents import Document
from simsim.inputs.errors import InputError, Problem, suggest
from simsim.inputs.numbers import whole
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml

DEFAULT = "china"
"""The system of parameters/systems/ that a district has unless it says otherwise."""
ENTRIES = ("stages", "school_age", "cohort")
MOST_GRADES = 15
"""Years of schooling that ids have room for (rules/mobility.py)."""
AGES = range(3, 11)
MONTHS = 12
LONGEST_LABEL = 8
NOBODY = 100
"""A grade that nobody reaches: where the junior stage begins in a district without one."""
KEPT_AT_THE_END = (2, 1)
"""Grades at the end of each stage whose pupils do not change to a school that opens: they stay until they leave."""


@dataclass(frozen=True)
class SchoolSystem:
    """Stages and grades, school age, and the month with which a cohort begins.

    `labels[stage]` names the grades of a stage in order, none where the district does not teach it; `before` counts the
    years of schooling that children have behind them when they enter. Those enter year t who reach `school_age` (and
    the years before) by the last day before `from_month` of t, or, with month 1, in the calendar year t; None leaves
    the share born late in the year before to the parameter entrants_autumn_share.
    """

    labels: tuple[tuple[str, ...], ...]
    before: int
    school_age: int
    from_month: int | None = None

    # ---- stages and grades ----

    @cached_property
    def stages(self) -> tuple[int, ...]:
        """The codes of the stages that the district teaches, in order."""
        return tuple(stage for stage in range(len(STAGES)) if self.labels[stage])

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the stages that the district teaches, in order."""
        return tuple(STAGES[stage] for stage in self.stages)

    @cached_property
    def first_grade(self) -> tuple[int, ...]:
        """The first grade of each stage; where a stage is not taught its grades are an empty range."""
        return tuple(self.before + 1 + sum(map(len, self.labels[:stage])) for stage in range(len(STAGES)))

    @cached_property
    def last_grade(self) -> tuple[int, ...]:
        """The last grade of each stage; one below the first where the stage is not taught."""
        return tuple(first + len(labels) - 1 for first, labels in zip(self.first_grade, self.labels, strict=True))

    @property
    def entry_grade(self) -> int:
        """The grade in which children of the district's own enter: the lowest that is taught."""
        return self.before + 1

    @cached_property
    def entry_grades(self) -> tuple[int, ...]:
        """The first grades of the stages that are taught."""
        return tuple(self.first_grade[stage] for stage in self.stages)

    @cached_property
    def n_grades(self) -> int:
        """The last grade; tables by grade have so many columns, of which those before `entry_grade` stay empty."""
        return self.before + sum(map(len, self.labels))

    @property
    def taught(self) -> range:
        """All grades that the district teaches."""
        return range(self.entry_grade, self.n_grades + 1)

    def grades(self, stage: int) -> range:
        """Return the grades of a stage; none where it is not taught."""
        return range(self.first_grade[stage], self.last_grade[stage] + 1)

    @cached_property
    def junior_from(self) -> int:
        """The first junior grade; one that nobody reaches in a district without junior schools."""
        return self.first_grade[JUNIOR] if self.labels[JUNIOR] else NOBODY

    def is_junior(self, grade: ArrayLike) -> Mask:
        """Return whether each grade (n) is of the junior stage, as grades past the last one are."""
        junior: Mask = np.asarray(grade) >= self.junior_from
        return junior

    def stage_of(self, grade: ArrayLike) -> NDArray[np.int8]:
        """Return the stage code of each grade (n)."""
        return self.is_junior(grade).astype(np.int8)

    def is_entry(self, grade: ArrayLike) -> Mask:
        """Return whether each grade (n) is the first of a stage."""
        entry: Mask = self._begins[np.asarray(grade)]
        return entry

    @cached_property
    def _begins(self) -> Mask:
        """By grade, whether it is the first of a stage; one more, for who has just left the last grade."""
        return np.isin(np.arange(self.n_grades + 2), self.entry_grades)

    @property
    def middle_grade(self) -> float:
        """The middle of the grades that are taught."""
        return (self.entry_grade + self.n_grades) / 2

    @property
    def years_to_middle(self) -> float:
        """The years of schooling that children have behind them in the middle grade."""
        return self.middle_grade - 1.0

    @property
    def turning(self) -> tuple[int, ...]:
        """The grades before which families leave more often: the first and the last of the junior stage."""
        return (self.first_grade[JUNIOR], self.last_grade[JUNIOR]) if self.labels[JUNIOR] else ()

    def moved_grades(self, stage: int) -> range:
        """Return the grades above the first from which pupils change to a school that opens with all its grades."""
        return range(self.first_grade[stage] + 1, self.last_grade[stage] + 1 - KEPT_AT_THE_END[stage])

    # ---- names ----

    @cached_property
    def names(self) -> dict[int, str]:
        """What each grade that is taught is called, by grade."""
        return dict(zip(self.taught, (label for labels in self.labels for label in labels), strict=True))

    @cached_property
    def columns(self) -> dict[int, str]:
        """The column of schools.csv with the pupils of each grade, by grade."""
        return {grade: f"pupils_g{name}" for grade, name in self.names.items()}

    def columns_of(self, stage: int) -> list[str]:
        """Return the columns of schools.csv with the pupils of a stage."""
        return [self.columns[grade] for grade in self.grades(stage)]

    def taught_by(self, kind: str) -> tuple[int, ...]:
        """Return the stages of the district that a school of this kind teaches."""
        return tuple(stage for stage in stages_of(kind) if self.labels[stage])

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of school that teach nothing but stages of the district."""
        return tuple(kind for kind in KINDS if set(stages_of(kind)) <= set(self.stages))

    # ---- who comes of age ----

    def age_in(self, grade: int) -> int:
        """Return the age in whole years that children reach before they begin a grade."""
        return self.school_age + grade - 1

    @property
    def entry_age(self) -> int:
        """The age in whole years that children reach before they enter."""
        return self.age_in(self.entry_grade)

    def autumn_share(self, otherwise: float) -> float:
        """Return the share of a cohort that was born in the calendar year before the others: by the month with which
        cohorts begin, or `otherwise` where the district names none.
        """
        return otherwise if self.from_month is None else (MONTHS + 1 - self.from_month) % MONTHS / MONTHS


# ---- from files ----


def shipped_systems() -> list[str]:
    """Return the names of the school systems that come with simsim."""
    return sorted(path.stem for path in (resource("parameters") / "systems").glob("*.yaml"))


@cache
def shipped(name: str = DEFAULT) -> SchoolSystem:
    """Return a school system that comes with simsim; InputError for another name."""
    if name not in shipped_systems():
        known = f"{', '.join(shipped_systems())}{suggest(name, shipped_systems())}"
        raise InputError(Problem("system", "", name, f"is no school system: write its stages, or name one of {known}"))
    return _made(read_yaml(resource("parameters") / "systems" / f"{name}.yaml"))


def system_of(content: object = None, file: str = "district.yaml") -> SchoolSystem:
    """Return the system of a district.yaml's `system`: nothing, the name of a shipped one, or a block of its own.

    What a block leaves out is as in the default system. InputError lists what is wrong.
    """
    problems = [Problem(file, key, value, remedy) for key, value, remedy in system_problems(content)]
    if problems:
        raise InputError(problems)
    if content is None or isinstance(content, str):
        return shipped(content or DEFAULT)
    return _made(content if isinstance(content, Mapping) else {})


def read_system(name_or_file: str | Path | None) -> object:
    """Return what to write as a district's `system`: None, a shipped name, or the block in a YAML file.

    InputError for neither.
    """
    if name_or_file is None or str(name_or_file) in shipped_systems():
        return None if name_or_file is None else str(name_or_file)
    if not Path(name_or_file).is_file():
        known = ", ".join(shipped_systems())
        remedy = f"is no school system: give a YAML file with `stages`, or one of {known}"
        raise InputError(Problem("system", "", str(name_or_file), remedy))
    content = read_yaml(Path(name_or_file))
    system_of(content, Path(name_or_file).name)
    return content


def _made(content: Document) -> SchoolSystem:
    """Return the system of a block that is right."""
    default = None if {"stages", "school_age"} <= set(content) else shipped()
    labels = _all_labels(content["stages"]) if "stages" in content else default.labels if default else ()
    first = _number(next(label for stage in labels for label in stage))
    age = content.get("school_age", default and default.school_age)
    month = content.get("cohort", {}).get("from_month")
    return SchoolSystem(labels, max((first or 1) - 1, 0), int(age), None if month is None else int(month))


def _all_labels(stages: Document) -> tuple[tuple[str, ...], ...]:
    return tuple(_labels(stages[word]["grades"]) if word in stages else () for word in STAGES)


def _labels(grades: list[object]) -> tuple[str, ...]:
    """Return the names of grades: of two numbers all from the first to the second, else as they are listed."""
    numbers = [whole(grade) for grade in grades]
    if len(grades) == 2 and numbers[0] is not None and numbers[1] is not None:
        return tuple(str(grade) for grade in range(numbers[0], numbers[1] + 1))
    return tuple(str(grade) for grade in grades)


def _number(label: str) -> int | None:
    """Return the number that a grade is called by; None for one with another name."""
    return int(label) if label.isascii() and label.isdecimal() else None


Complaint = tuple[str, object, str]


def system_problems(content: object) -> list[Complaint]:
    """Return key, value and remedy of everything that is wrong with a `system`."""
    if content is None:
        return []
    if isinstance(content, str):
        known = shipped_systems()
        remedy = f"is no school system: write its stages, or name one of {', '.join(known)}{suggest(content, known)}"
        return [] if content in known else [("system", content, remedy)]
    if not isinstance(content, Mapping):
        return [("system", content, "must be the name of a school system, or a block with `stages`")]
    unknown = [(f"system.{key}", None, f"is not an entry of a school system{suggest(str(key), ENTRIES)}")
               for key in content if key not in ENTRIES]  # fmt: skip
    return [*unknown, *_age_problems(content), *_stage_problems(content.get("stages"))]


def _age_problems(content: Document) -> Iterator[Complaint]:
    if "school_age" in content and whole(content["school_age"]) not in AGES:
        remedy = f"must be a whole number of years from {AGES[0]} to {AGES[-1]}"
        yield "system.school_age", content["school_age"], remedy
    cohort = content.get("cohort", {"from_month": 1})
    month = whole(cohort.get("from_month")) if isinstance(cohort, Mapping) and set(cohort) == {"from_month"} else None
    if month is None or not 1 <= month <= MONTHS:
        yield "system.cohort", cohort, "must be {from_month: M}: the month, 1 to 12, with which a cohort begins"


def _stage_problems(stages: object) -> Iterator[Complaint]:
    """Yield what is wrong with the stages of a system."""
    if stages is None:
        return
    if not isinstance(stages, Mapping) or not stages:
        yield "system.stages", stages, f"must name the grades of {' and '.join(STAGES)}, or of one of them"
        return
    good = True
    for word, stage in stages.items():
        key, remedy = f"system.stages.{word}", ""
        if word not in STAGES:
            remedy = f"is not a stage{suggest(str(word), STAGES)}; there are {' and '.join(STAGES)}"
        else:
            key, remedy = f"{key}.grades", _grade_problem(stage)
        if remedy:
            good = False
            yield key, stage, remedy
    if good:
        yield from _order_problems(_all_labels(stages))


def _grade_problem(stage: object) -> str:
    """Return what is wrong with the grades of one stage, or nothing."""
    grades = stage.get("grades") if isinstance(stage, Mapping) and set(stage) == {"grades"} else None
    if not isinstance(grades, list) or not grades:
        return "must be {grades: [first, last]}, or {grades: [...]} with the name of every grade"
    bad = [grade for grade in grades if isinstance(grade, bool) or not isinstance(grade, int | str)]
    bad += [grade for grade in grades if not str(grade).isalnum() or len(str(grade)) > LONGEST_LABEL]
    if bad:
        return f"names a grade {bad[0]!r}; use numbers, or up to {LONGEST_LABEL} letters and digits"
    numbers = [number for grade in grades if (number := whole(grade)) is not None]
    if any(number > MOST_GRADES for number in numbers) or numbers != sorted(set(numbers)):
        return f"must be in order, and end by grade {MOST_GRADES}"
    return ""


def _order_problems(labels: tuple[tuple[str, ...], ...]) -> Iterator[Complaint]:
    """Yield what does not fit between the grades of the stages."""
    names = [label for stage in labels for label in stage]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield "system.stages", twice, "are grades named twice; every grade belongs to one stage"
    first = _number(names[0])
    if len(names) + (max((first or 1) - 1, 0)) > MOST_GRADES:
        yield "system.stages", len(names), f"are too many grades; there may be {MOST_GRADES} years of schooling"
    ends = [_number(labels[PRIMARY][-1]), _number(labels[JUNIOR][0])] if all(labels) else [None, None]
    if ends[0] is not None and ends[1] is not None and ends[1] != ends[0] + 1:
        yield "system.stages.junior.grades", ends[1], f"must begin with grade {ends[0] + 1}, after the primary stage"
