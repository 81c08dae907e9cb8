"""The rolls of an office by school, September and grade: what is not known, what is not taught, and the school system
that they show.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from simsim.base.codes import JUNIOR, PRIMARY, STAGES
from simsim.districts.given import Given, Place
from simsim.districts.system import SchoolSystem, shipped, shipped_systems, system_of
from simsim.inputs.errors import InputError, Problem
from simsim.tables.grades import K, order

COLUMNS = ("key", "code", "year", "grade", "pupils")
PRIMARY_ENDS = (6, 5, 4, 7, 3)
"""After which grade primary schools may end; the first where several are as common."""
JUNIOR_ENDS = (9, 8)
AGE, AGE_OF_K = 6, 5


@dataclass
class Past:
    """The rolls: `known` pupils by school, September and grade; `unknown` the same places, with what they are at most.

    A grade that stands in neither is not taught by the school in that year. `apart` are years before one without rolls:
    they are left out, for cohorts cannot be followed over it.
    """

    known: dict[Place, int]
    unknown: dict[Place, int | None]
    last: int
    apart: tuple[int, ...] = ()

    def grades(self, year: int) -> dict[str, list[int]]:
        """Return by school the grades (PK -1, K 0, 1 to 12) in which it has pupils in a year, or may have them."""
        found: dict[str, list[int]] = defaultdict(list)
        for school, when, grade in (*(p for p, n in self.known.items() if n), *self.unknown):
            if when == year:
                found[school].append(order(grade))
        return {school: sorted(grades) for school, grades in found.items()}

    def of(self, school: str, year: int, grades: Iterable[str]) -> int:
        """Return the known pupils of some grades of a school in a year."""
        return sum(self.known.get((school, year, grade), 0) for grade in grades)

    @property
    def years(self) -> list[int]:
        """The Septembers of which there are rolls, in order."""
        return sorted({year for _, year, _ in self.known})


def past_of(given: Given) -> Past:
    """Return the rolls of an office. A number that is hidden (*, <10) is not known; a blank is not known where the
    school teaches the grade all the same (`_taught`), else it is a grade that is not taught, as 0 is beyond the others.
    """
    taught: dict[tuple[str, int], set[int]] = defaultdict(set)
    for (school, year, grade), cell in given.rolls.items():
        if cell.value or not (cell.blank or cell.value == 0):
            taught[school, year].add(order(grade))
    last = max(year for (_, year), grades in taught.items() if grades)
    known: dict[Place, int] = {}
    unknown: dict[Place, int | None] = {}
    for place, cell in given.rolls.items():
        school, year, grade = place
        if cell.value:
            known[place] = cell.value
        elif not cell.blank and cell.value is None:
            unknown[place] = cell.most
        elif cell.blank and _taught(order(grade), taught, school, year):
            unknown[place] = None
        elif not cell.blank and _inside(order(grade), taught.get((school, year), set())):
            known[place] = 0
    years = {year for _, year, _ in (*known, *unknown)}
    first = next(year for year in range(last, min(years) - 1, -1) if year - 1 not in years)
    known = {place: n for place, n in known.items() if place[1] >= first}
    unknown = {place: most for place, most in unknown.items() if place[1] >= first}
    return Past(known, unknown, last, tuple(sorted(year for year in years if year < first)))


def _inside(grade: int, taught: set[int]) -> bool:
    return bool(taught) and min(taught) < grade < max(taught)


def _taught(grade: int, taught: Mapping[tuple[str, int], set[int]], school: str, year: int) -> bool:
    """Tell whether a school teaches a grade of which nothing is said: with pupils in others of the year, it taught it
    in the years before and after, or it lies between the others, and no year beside shows that it is left out.
    """
    mine = taught.get((school, year), set())
    beside = [taught[school, other] for other in (year - 1, year + 1) if taught.get((school, other))]
    if not mine or not beside:
        return _inside(grade, mine)
    shown = [grade in grades for grades in beside]
    return all(shown) and len(shown) == 2 or any(shown) and _inside(grade, mine)


# ---- the school system ----


def system_shown(past: Past) -> object:
    """Return what to write as `system` of a district.yaml: the name of a shipped system, or a block.

    Stages end where most schools of the last roll end, or others begin; K is entered at five in the calendar year,
    grade 1 at six. InputError where no grade to 9 is taught.
    """
    spans = [[grade for grade in grades if grade >= 0] for grades in past.grades(past.last).values()]
    spans = [grades for grades in spans if grades]
    if not spans:
        remedy = f"have no pupils in grades K to {max(JUNIOR_ENDS)} in {past.last}; these are simulated"
        raise InputError(Problem("rolls", "", None, remedy))
    lowest = min(grades[0] for grades in spans)
    highest = max(grades[-1] for grades in spans)
    ends, begins = Counter(g[-1] for g in spans), Counter(g[0] for g in spans)
    last = highest if highest <= max(JUNIOR_ENDS) else _most(JUNIOR_ENDS, ends, begins)
    if lowest > last:
        remedy = f"teach grade {lowest} and above only; grades to {max(JUNIOR_ENDS)} are simulated"
        raise InputError(Problem("rolls", "", None, remedy))
    candidates = [end for end in PRIMARY_ENDS if lowest <= end < last]
    middle = _most(candidates, ends, begins) if candidates else last
    if lowest > max(PRIMARY_ENDS[:2]) - 1 and last > PRIMARY_ENDS[0]:
        stages = {STAGES[JUNIOR]: (lowest, last)}
    elif last <= PRIMARY_ENDS[0] and not begins[middle + 1]:
        stages = {STAGES[PRIMARY]: (lowest, last)}
    else:
        stages = {STAGES[PRIMARY]: (lowest, middle), STAGES[JUNIOR]: (middle + 1, last)}
    return _named(_block(stages))


def _most(candidates: Sequence[int], ends: Counter[int], begins: Counter[int]) -> int:
    return max(candidates, key=lambda end: ends[end] + begins[end + 1])


def _block(stages: Mapping[str, tuple[int, int]]) -> dict[str, object]:
    """Return a block for district.yaml of the grades of stages, from the first to the last."""
    labels = {
        stage: {"grades": [K if grade == 0 else grade for grade in range(first, last + 1)]}
        for stage, (first, last) in stages.items()
    }
    with_k = any(first == 0 for first, _ in stages.values())
    block: dict[str, object] = {"stages": labels, "school_age": AGE_OF_K if with_k else AGE}
    return block | ({"cohort": {"from_month": 1}} if with_k else {})


def _named(block: dict[str, object]) -> object:
    """Return the name of a shipped system that is the same, else the block; two numbers would be taken for a range."""
    system = system_of(block)
    same = [name for name in shipped_systems() if shipped(name) == system]
    return same[0] if same else block


# ---- rolls.csv ----


def table_of(past: Past, keys: Mapping[str, int], system: SchoolSystem) -> pd.DataFrame:
    """Return the table of rolls.csv (key, code, year, grade, pupils) with the grades of a system, in order."""
    labels = {name: grade for grade, name in system.names.items()}
    hidden = {place: None if most is None else f"<{most + 1}" for place, most in past.unknown.items()}
    rows = [
        (keys[school], school, year, grade, number)
        for (school, year, grade), number in {**past.known, **hidden}.items()
        if grade in labels
    ]
    rows.sort(key=lambda row: (row[0], row[2], labels[row[3]]))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"pupils": "object"})
