"""What the patterns of growth look like in one replication (21 to 23 and 30): value added of schools from year to year
and from cohort to cohort, pupils' places two years apart, the gap by SES from grade to grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from simsim.base.codes import JUNIOR, PRIMARY
from simsim.studies.pattern_scores import slope, within_grade
from simsim.studies.watched import Replication, Snapshot, Watched, base
from simsim.studies.years import after

Found = Mapping[str, float]
FEWEST = 30
"""A school with fewer pupils in a cohort says nothing about its value added."""
AVERAGE_COHORT = 68
"""Pupils a grade of the average elementary school in the source of pattern 22; larger grades are cut to it."""
COHORTS = range(1, 4)
FIRST_GAINS = range(2, 6)


def value_added_later(replication: Replication) -> Found:
    """21: the correlation over junior schools of the value added to a cohort in its second and in its third year."""
    watched = base(replication, after(10))
    return {"next_year": float(np.mean([cohort_stability(watched, after(start)) for start in COHORTS]))}


def cohort_stability(watched: Watched, year: int) -> float:
    """Return the correlation for the cohort that enters junior school in `year`."""
    grades = watched.snapshots[year].system.grades(JUNIOR)
    tables = [at_grade(watched.snapshots[year + wait], grade) for wait, grade in enumerate(grades)]
    return correlation(*(value_added(before, now) for before, now in list(pairwise(tables))[:2]))


def at_grade(snapshot: Snapshot, grade: int) -> pd.DataFrame:
    """Return the pupils of a grade."""
    table = snapshot.table()
    return table[table["grade"] == grade]


def value_added(before: pd.DataFrame, now: pd.DataFrame) -> pd.Series[float]:
    """Return by school how far its pupils score above what their test before, SES and origin foretell (SD).

    Tables have pupils as index and columns school, score, ses, migrant; who changed schools and schools with fewer than
    FEWEST pupils are left out.
    """
    both = now.join(before[["school", "score"]].add_suffix("_before"), how="inner")
    both = both[both["school"] == both["school_before"]]
    known = np.column_stack([np.ones(len(both)), both["score_before"], both["ses"], both["migrant"].astype(float)])
    score = both["score"].to_numpy(dtype=float)
    rest = score - known @ np.linalg.lstsq(known, score, rcond=None)[0]
    return means_of_many(pd.Series(rest, both.index), both["school"])


def means_of_many(values: pd.Series[float], school: pd.Series[float]) -> pd.Series[float]:
    """Return the mean by school, of schools with at least FEWEST pupils."""
    groups = values.groupby(school)
    means = groups.mean()
    return means[groups.size() >= FEWEST]


def correlation(one: pd.Series[float], other: pd.Series[float]) -> float:
    """Return the correlation over the schools that both have."""
    both = pd.concat([one, other], axis=1, join="inner").to_numpy(dtype=float)
    return float(np.corrcoef(both.T)[0, 1])


def gains_of_cohorts(replication: Replication) -> Found:
    """22: the correlation over primary schools of the mean gains from grade 4 to 5 of two successive cohorts."""
    watched = base(replication, after(10))
    before, grade = watched.snapshots[after(0)].system.grades(PRIMARY)[3:5]
    gains = {
        year: mean_gain(at_grade(watched.snapshots[year - 1], before), at_grade(watched.snapshots[year], grade))
        for year in range(after(FIRST_GAINS.start), after(FIRST_GAINS.stop) + 1)
    }
    return {"lasting": float(np.mean([correlation(one, other) for one, other in pairwise(gains.values())]))}


def mean_gain(before: pd.DataFrame, now: pd.DataFrame) -> pd.Series[float]:
    """Return by school the mean gain of its pupils over a year, of the first AVERAGE_COHORT by id."""
    both = now.join(before[["school", "score"]].add_suffix("_before"), how="inner").sort_index()
    both = both[both["school"] == both["school_before"]]
    some = both[both.groupby("school").cumcount() < AVERAGE_COHORT]
    return means_of_many(some["score"] - some["score_before"], some["school"])


def two_years(replication: Replication) -> Found:
    """23: the correlation of the scores of the same pupils two years apart."""
    snapshots = base(replication, after(10)).snapshots
    return {"two_years": correlation(*(snapshots[after(years)].table()["score"] for years in (1, 3)))}


def widening(replication: Replication) -> Found:
    """30: how much steeper scores rise with SES in the last grade than in grade 5, both grown up in the model."""
    snapshots = base(replication, after(10)).snapshots
    found = [steeper(within_grade(snapshots[after(years)]), 5, 9) for years in (9, 10)]
    return {"widening": float(np.mean(found))}


def steeper(table: pd.DataFrame, early: int, late: int) -> float:
    """Return the slope of scores on SES in a late grade less that in an early one (SD per SD)."""
    slopes = [slope(of["ses"], of["score"]) for of in (table[table["grade"] == grade] for grade in (early, late))]
    return slopes[1] - slopes[0]
