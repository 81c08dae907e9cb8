"""What the patterns of choice look like in one replication (24 and 25): who attends the nearest school when families
choose, and what that does to the mix of pupils.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.base.arrays import Ints, Mask
from simsim.base.codes import JUNIOR
from simsim.base.geometry import distance_km
from simsim.base.inequality import dissimilarity, variance_ratio
from simsim.studies.pattern_growth import Found
from simsim.studies.watched import Replication, Snapshot, base
from simsim.studies.years import after

YEARS_OF_CHOICE = range(1, 6)
NEAREST = 3


def near_schools(replication: Replication) -> Found:
    """24: the share of junior entrants at the nearest public school, and of those at none of the nearest three."""
    snapshots = replication.of("open-choice", after(5)).snapshots
    nearer = np.concatenate([schools_nearer(snapshots[after(years)], JUNIOR) for years in YEARS_OF_CHOICE])
    return {"nearest": float((nearer == 0).mean()), "beyond_three": float((nearer >= NEAREST).mean())}


def entrants(snapshot: Snapshot, stage: int) -> Mask:
    """Return which pupils entered a stage at a public school this year."""
    mine: Mask = (snapshot.pupils["stage"] == stage) & snapshot.system.is_entry(snapshot.pupils["grade"])
    return mine & snapshot.parts["public"][snapshot.pupils["part"]]


def schools_nearer(snapshot: Snapshot, stage: int) -> Ints:
    """Return for each entrant of a stage (n) how many public schools of it are nearer than the one attended."""
    mine, parts = entrants(snapshot, stage), snapshot.parts
    public = np.flatnonzero(parts["public"] & (parts["stage"] == stage))
    column = np.zeros(len(parts["key"]), np.int64)
    column[public] = np.arange(len(public))
    x, y = (snapshot.pupils[name][mine][:, None] for name in ("home_x", "home_y"))
    km = distance_km(x, y, parts["x_km"][public], parts["y_km"][public])
    own = np.take_along_axis(km, column[snapshot.pupils["part"][mine]][:, None], axis=1)
    nearer: Ints = (km < own).sum(axis=1)
    return nearer


def segregation(replication: Replication) -> Found:
    """25: how much more junior entrants are sorted between schools when families choose, mean of five years."""
    chosen, assigned = replication.of("open-choice", after(5)).snapshots, base(replication, after(5)).snapshots
    years = [after(wait) for wait in YEARS_OF_CHOICE]
    more = [pd.Series(sorting(chosen[year])) - pd.Series(sorting(assigned[year])) for year in years]
    return {str(name): float(value) for name, value in pd.concat(more, axis=1).mean(axis=1).items()}


def sorting(snapshot: Snapshot) -> dict[str, float]:
    """Return how far junior entrants are sorted between schools: between-school shares of the variance of SES and of
    knowledge, and the dissimilarity of migrant and local children.
    """
    mine = entrants(snapshot, JUNIOR)
    part, migrant = snapshot.pupils["part"][mine], snapshot.pupils["migrant"][mine]
    members, others = (np.bincount(part[who], minlength=part.max() + 1) for who in (migrant, ~migrant))
    return {
        "ses": variance_ratio(snapshot.pupils["ses"][mine], part),
        "ability": variance_ratio(snapshot.pupils["knowledge"][mine], part),
        "migrants": dissimilarity(members, others),
    }
