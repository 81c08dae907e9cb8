"""What the patterns of who teaches where look like in one replication (26 to 29 and 31), schools ranked by the SES of
their pupils or by size.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from simsim.base.arrays import Floats, Ints, Mask
from simsim.base.codes import CORE, PRIMARY, STAGES
from simsim.studies.pattern_growth import Found
from simsim.studies.pattern_scores import FIFTH, within_grade
from simsim.studies.pattern_staff import THIRD
from simsim.studies.watched import Replication, Snapshot, base
from simsim.studies.years import after

NEW_YEARS = 2
TEN_YEARS = range(1, 11)


def public_with_pupils(snapshot: Snapshot, stage: int) -> Ints:
    """Return the public parts of a stage that have pupils."""
    pupils = np.bincount(snapshot.pupils["part"], minlength=len(snapshot.parts["key"]))
    return np.flatnonzero(snapshot.parts["public"] & (snapshot.parts["stage"] == stage) & (pupils > 0))


def mean_by_part(snapshot: Snapshot, values: Floats) -> Floats:
    """Return the mean over pupils of a column of theirs by part; 0 where there are none."""
    n, at = len(snapshot.parts["key"]), snapshot.pupils["part"]
    return np.bincount(at, values, n) / np.maximum(np.bincount(at, minlength=n), 1)


def ends(snapshot: Snapshot, stage: int, rank: Floats, share: float) -> tuple[Ints, Ints]:
    """Return the public parts of a stage that are lowest and highest by `rank` (parts), a share of them each."""
    public = public_with_pupils(snapshot, stage)
    ranked = public[np.argsort(rank[public], kind="stable")]
    n = round(share * len(ranked))
    return ranked[:n], ranked[len(ranked) - n :]


def poor_and_rich(snapshot: Snapshot, stage: int, share: float) -> tuple[Ints, Ints]:
    """Return the public parts of a stage with the lowest and with the highest mean SES."""
    return ends(snapshot, stage, mean_by_part(snapshot, snapshot.pupils["ses"]), share)


def at(snapshot: Snapshot, parts: Ints) -> Mask:
    """Return which teachers work at some parts."""
    return np.isin(snapshot.teachers["part"], parts)


def new_teachers(replication: Replication) -> Found:
    """26: the share of teachers in their first two years at the poorest over that at the richest third of schools."""
    new, staff = np.zeros(2), np.zeros(2)
    for years in TEN_YEARS[1:]:
        snapshot = base(replication, after(10)).snapshots[after(years)]
        for stage in range(len(STAGES)):
            for end, parts in enumerate(poor_and_rich(snapshot, stage, THIRD)):
                here = at(snapshot, parts)
                new[end] += (snapshot.teachers["experience"][here] < NEW_YEARS).sum()
                staff[end] += here.sum()
    return {"poor_to_rich": float((new[0] / staff[0]) / (new[1] / staff[1]))}


def crowded_large_schools(replication: Replication) -> Found:
    """27: pupils per teacher in the largest over that in the smallest third of public primary schools."""
    snapshots = base(replication, after(10)).snapshots
    return {"large_to_small": float(np.mean([ratio_by_size(snapshots[after(years)]) for years in TEN_YEARS]))}


def ratio_by_size(snapshot: Snapshot) -> float:
    """Return pupils per teacher in the largest third of public primary schools over that in the smallest."""
    n = len(snapshot.parts["key"])
    pupils = np.bincount(snapshot.pupils["part"], minlength=n).astype(float)
    teachers = np.bincount(snapshot.teachers["part"], minlength=n)
    small, large = (pupils[of].sum() / teachers[of].sum() for of in ends(snapshot, PRIMARY, pupils, THIRD))
    return float(large / small)


def moves_up(replication: Replication) -> Found:
    """28: by how much pupils' SES and scores are higher where teachers move to than where they come from."""
    watched = base(replication, after(10))
    moves = watched.district.tables()["teacher_moves"].query("reason == 'voluntary'")
    steps = [steps_of(moves[moves["year"] == after(y)], watched.snapshots[after(y - 1)]) for y in TEN_YEARS]
    means = pd.concat(steps)[["ses", "score"]].mean()
    return {name: float(means[name]) for name in ("ses", "score")}


def steps_of(moves: pd.DataFrame, before: Snapshot) -> pd.DataFrame:
    """Return for every move the destination's less the origin's means of the year before (columns ses and score); moves
    from or to a school that had no pupils then are left out.
    """
    means = within_grade(before).groupby(["stage", "school"])[["ses", "score"]].mean()
    stage = moves["stage"].astype(str).map({word: code for code, word in enumerate(STAGES)})
    new, old = (
        means.reindex(pd.MultiIndex.from_arrays([stage, moves[end]])).to_numpy() for end in ("destination", "origin")
    )
    return pd.DataFrame(new - old, columns=["ses", "score"]).dropna()


def effective_teaching(replication: Replication) -> Found:
    """29: by how much the core teachers of the richer half of pupils are more effective than those of the poorer."""
    snapshots = base(replication, after(10)).snapshots
    found = [teaching_gap(snapshots[after(years)], stage) for years in range(NEW_YEARS) for stage in range(len(STAGES))]
    return {"gap": float(np.mean(found))}


def teaching_gap(snapshot: Snapshot, stage: int) -> float:
    """Return the gap of a stage: each pupil counts with the mean effect of the school's core teachers (SD)."""
    core = snapshot.teachers["subject"] == CORE
    where, n = snapshot.teachers["part"][core], len(snapshot.parts["key"])
    effect = np.bincount(where, snapshot.teachers["effect"][core], n) / np.maximum(np.bincount(where, minlength=n), 1)
    mine = snapshot.pupils["stage"] == stage
    got, ses = effect[snapshot.pupils["part"][mine]], snapshot.pupils["ses"][mine]
    rich = ses >= np.median(ses)
    return float(got[rich].mean() - got[~rich].mean())


def experience(replication: Replication) -> Found:
    """31: the mean experience of teachers at the poorest less that at the richest fifth of schools, by stage."""
    snapshots = base(replication, after(10)).snapshots
    return {
        word: float(np.mean([experience_gap(snapshots[after(years)], stage) for years in TEN_YEARS]))
        for stage, word in enumerate(STAGES)
    }


def experience_gap(snapshot: Snapshot, stage: int) -> float:
    """Return the gap of a stage (years)."""
    poor, rich = (
        snapshot.teachers["experience"][at(snapshot, parts)].mean() for parts in poor_and_rich(snapshot, stage, FIFTH)
    )
    return float(poor - rich)
