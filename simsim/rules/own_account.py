"""A district that is calibrated on its own rolls: how many come and go each year so that, in expectation, its pupils by
grade are those carried forward from its past.

What leaves by the usual chances is taken on the *expected* mix of local and migrant children, which changes over the
years; arrivals close the account, and where it would need fewer than none, more leave. It is worked out once, from the
state before anything happens: a policy that changes leaving has its own effect, and is not filled up again. Nobody is
ranked: each pupil has a chance, and one more pupil changes nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simsim.base.arrays import Floats
from simsim.districts.calibrated import Calibrated
from simsim.districts.system import SchoolSystem
from simsim.world.account import Account
from simsim.world.world import World

DRIFT = "admit/own-drift"


def open_account(world: World) -> Account | None:
    """Return the account of a calibrated district with this world's parameters and drift; None for any other."""
    own = world.data.calibrated
    if own is None:
        return None
    who = np.zeros(1, np.int64)
    drift = own.world_drift * float(world.normal(DRIFT, who, world.first_year)[0])
    migrants = float((world.neighbourhoods.births_share * world.neighbourhoods.migrant_share).sum())
    coming = float(world.data.spec["migration"]["migrant_share_of_arrivals"]["value"])
    return balanced(own, world.system, world.p, drift, migrants, coming)


def usual_chances(p: Mapping[str, float], system: SchoolSystem) -> Floats:
    """Return the mean chance to leave or drop out before a year of schooling: (2: local, migrant; grades + 1)."""
    poor = p["poverty_share"]
    drop = p["dropout"] * (1.0 - poor + poor * p["dropout_poor_ratio"])
    turning = np.isin(np.arange(system.n_grades + 1), system.turning)
    local = p["local_transfer_out"] + turning * p["local_leave_transition"]
    migrant = p["migrant_leave"] + turning * p["migrant_leave_transition"]
    return np.minimum(drop + np.array([local, migrant]), 1.0)


def balanced(
    own: Calibrated, system: SchoolSystem, p: Mapping[str, float], drift: float, migrants: float, coming: float
) -> Account:
    """Return the account of a calibrated district.

    `migrants` is the share of migrants among its own children and its first pupils, `coming` that among arrivals;
    `drift` is by how much all grow a year on the log scale in one world.
    """
    split, arriving = np.array([1.0 - migrants, migrants]), np.array([1.0 - coming, coming])
    stay = 1.0 - usual_chances(p, system)
    account = Account({}, {}, {}, {})
    first = system.entry_grade
    here = np.outer(split, own.first)
    for ahead, (year, expected) in enumerate(sorted(own.pupils.items()), 1):
        wanted = np.array(expected) * np.exp(drift * ahead)
        kept = here[:, :-1] * stay[:, first + 1 :]
        total = kept.sum(axis=0)
        more = np.where(total > wanted[1:], 1.0 - wanted[1:] / np.maximum(total, np.finfo(float).tiny), 0.0)
        arrivals = np.maximum(wanted[1:] - total, 0.0)
        account.entrants[year] = float(wanted[0])
        account.arrivals[year] = np.concatenate([np.zeros(first), arrivals])
        account.more_leave[year] = np.concatenate([np.zeros(first + 1), more])
        gone = 1.0 - (kept * (1.0 - more)).sum(axis=0) / np.maximum(here[:, :-1].sum(axis=0), np.finfo(float).tiny)
        account.leave[year] = np.concatenate([np.zeros(first + 1), gone])
        moved = kept * (1.0 - more) + np.outer(arriving, arrivals)
        here = np.column_stack([split * wanted[0], moved])
    return account
