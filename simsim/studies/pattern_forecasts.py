"""What the pattern of planners' errors looks like in one replication (32): cohort survival on the district's own rolls,
stage by stage.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.base.codes import STAGES
from simsim.districts.births import entrants
from simsim.districts.projection import project_enrolment, ratios_between
from simsim.districts.system import SchoolSystem
from simsim.studies.pattern_growth import Found
from simsim.studies.watched import Replication, Watched, base
from simsim.studies.years import after

LEADS = (1, 3)
PAST = 3
LAST_START = 10


def planners_errors(replication: Replication) -> Found:
    """32: the mean absolute error of forecasts one and three years ahead, by stage, from the births known and the
    ratios of the three years before.
    """
    watched = base(replication, after(LAST_START + max(LEADS)))
    rolls, births = rolls_by_grade(watched), watched.district.births
    starts = range(after(PAST), after(LAST_START) + 1)
    errors = [stage_errors(rolls, forecast(rolls, births, start), start, watched.district.system) for start in starts]
    return {name: float(np.mean([found[name] for found in errors])) for name in errors[0]}


def rolls_by_grade(watched: Watched) -> pd.DataFrame:
    """Return pupils by grade (rows, from 0 for the first) and September (columns)."""
    counts = {
        year: np.bincount(snapshot.pupils["grade"], minlength=snapshot.system.n_grades + 1)[1:]
        for year, snapshot in watched.snapshots.items()
    }
    return pd.DataFrame(counts)


def forecast(rolls: pd.DataFrame, births: pd.DataFrame, start: int) -> pd.DataFrame:
    """Return pupils by year and grade as a planner of September `start` sees them ahead."""
    past = range(start - PAST + 1, start + 1)
    ratios = np.mean([ratios_between(rolls[year - 1], rolls[year]) for year in past], axis=0)
    entry = float(np.mean([rolls[year][0] / entrants(births, year) for year in past]))
    stock = dict(enumerate(rolls[start].tolist(), 1))
    return project_enrolment(births, stock, start + max(LEADS), start, ratios, entry)


def stage_errors(rolls: pd.DataFrame, ahead: pd.DataFrame, start: int, system: SchoolSystem) -> dict[str, float]:
    """Return the absolute errors (shares) by stage and lead."""
    found = {}
    for stage in system.stages:
        grades = list(system.grades(stage))
        for lead in LEADS:
            real = float(rolls.loc[[grade - 1 for grade in grades], start + lead].to_numpy(dtype=float).sum())
            foreseen = ahead.loc[start + lead, grades].to_numpy(dtype=float).sum()
            found[f"{STAGES[stage]}_{lead}"] = abs(float(foreseen) / real - 1.0)
    return found
