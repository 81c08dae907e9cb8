"""What the patterns of teachers and principals look like in one
replication (7 to 9 and 12 to 15), from watched runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.base.arrays import Ints
from simsim.base.codes import FIRST, SENIOR, STAGES
from simsim.district import District
from simsim.rules import principals
from simsim.studies.watched import WATCHED_YEARS, Replication, Snapshot, Watched, base, mean_gap, variant, watch
from simsim.studies.years import after, first_day

Found = Mapping[str, float]
HALF = 0.5
THIRD = 1 / 3


def rank_mix(replication: Replication) -> Found:
    """7: the correlation over schools of value added with the share
    of teachers of the first title or above, in the first five years.
    """
    snapshots = [base(replication).snapshots[year] for year in range(after(0), after(5))]
    return {
        "correlation": float(
            np.mean([title_correlation(snapshot, stage) for snapshot in snapshots for stage in range(len(STAGES))])
        )
    }


def title_correlation(snapshot: Snapshot, stage: int) -> float:
    """Return the correlation over a stage's parts of quality with the share of titles."""
    n = len(snapshot.parts["key"])
    at, titled = snapshot.teachers["part"], snapshot.teachers["title"] >= FIRST
    share = np.bincount(at, titled, n) / np.maximum(np.bincount(at, minlength=n), 1)
    mine = snapshot.parts["stage"] == stage
    return float(np.corrcoef(share[mine], snapshot.parts["quality"][mine])[0, 1])


def outflow(replication: Replication) -> Found:
    """8: the rate of voluntary moves from the weakest third of public schools over
    that from the strongest third, in ten years.
    """
    watched = base(replication)
    moves = watched.district.tables()["teacher_moves"].query("reason == 'voluntary'")
    left, held = np.zeros(2), np.zeros(2)
    for year in range(after(1), after(11)):
        snapshot = watched.snapshots[year - 1]
        gone = moves[moves["year"] == year]
        for end, part in enumerate(ends(snapshot)):
            held[end] += np.isin(snapshot.teachers["part"], part).sum()
            left[end] += sum(from_part(gone, snapshot, index) for index in part)
    return {"weak_to_strong": float((left[0] / held[0]) / (left[1] / held[1]))}


def from_part(moves: pd.DataFrame, snapshot: Snapshot, index: int) -> int:
    """Return how many of the moves left a part."""
    stage = STAGES[snapshot.parts["stage"][index]]
    return int(((moves["origin"] == snapshot.parts["key"][index]) & (moves["stage"] == stage)).sum())


def ends(snapshot: Snapshot) -> tuple[Ints, Ints]:
    """Return the parts of the lowest and of the highest third of standing, public and stage by stage."""
    low, high = [], []
    for stage in range(len(STAGES)):
        public = np.flatnonzero(snapshot.parts["public"] & (snapshot.parts["stage"] == stage))
        ranked = public[np.argsort(snapshot.parts["status"][public], kind="stable")]
        n = round(THIRD * len(ranked))
        low.append(ranked[:n])
        high.append(ranked[len(ranked) - n :])
    return np.concatenate(low), np.concatenate(high)


def tenure(replication: Replication) -> Found:
    """9: how long principals stay (school-years per departure) in the strongest
    third of schools over the weakest, without P2. Half a departure is added to each count (Haldane 1956), so that a
    world in which nobody leaves strong schools has a ratio as well.
    """
    snapshots = base(replication).snapshots
    kept, left = np.zeros(2), np.full(2, HALF)
    for year in range(after(1), after(WATCHED_YEARS) + 1):
        before, now = (
            snapshots[year - 1],
            dict(zip(snapshots[year].parts["key"].tolist(), snapshots[year].parts["principal"].tolist(), strict=True)),
        )
        for end, part in enumerate(ends(before)):
            pairs = {(before.parts["key"][i], before.parts["principal"][i]) for i in part.tolist()}
            kept[end] += len(pairs)
            left[end] += sum(now.get(key, person) != person for key, person in pairs)
    return {"strong_to_weak": float((kept[1] / left[1]) / (kept[0] / left[0]))}


def groups(replication: Replication) -> Found:
    """12: mid and senior titles at the member schools of clusters
    in 2020, against the same schools without clusters.
    """
    with_, without = replication.of("only-clusters", after(6)), base(replication)
    members = [s.key for c in with_.district.clusters for s in c.members.values() if s is not c.lead]
    shares = [
        [title_share(watched.snapshots[after(6)], members, title) for watched in (with_, without)]
        for title in (FIRST, SENIOR)
    ]
    return {"mid_title": shares[0][0] - shares[0][1], "senior_title": shares[1][0] - shares[1][1]}


def title_share(snapshot: Snapshot, keys: list[int], title: int) -> float:
    """Return the share of the teachers of some schools (keys) who hold a title."""
    here = np.isin(snapshot.parts["key"][snapshot.teachers["part"]], keys)
    return float((snapshot.teachers["title"][here] == title).mean())


def rotation(replication: Replication) -> Found:
    """13: voluntary rotation without pay or promotion: who goes and what it does to scores by 2020; what rotation by
    order, as in Japan, evens out by then.
    """
    ways = {"volunteers": {"voluntary": True, "allowance": 0, "scope": "district"}, "by-order": {"scope": "district"}}
    with_, ordered = (
        replication.of(variant(name, {"R": {"policy": "rotation", "from": first_day(1), "settings": way}}), after(6))
        for name, way in ways.items()
    )
    without = base(replication)
    movers, stayers = movers_and_stayers(with_)
    cvs = [watched.rows["cv_midtitle"].loc[:, after(6)].mean() for watched in (ordered, without)]
    return {
        "age": float(movers["age"].mean() - stayers["age"].mean()),
        "title": float(movers["title"].mean() - stayers["title"].mean()),
        "cv_midtitle": float(cvs[0] - cvs[1]),
        "mean_score": mean_gap(with_, without, after(6)),
    }


def movers_and_stayers(watched: Watched) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return age and title of those who rotated and of the eligible who did not, over all years."""
    moves = watched.district.tables()["teacher_moves"].query("reason == 'rotation'")
    columns = ("id", "age", "title", "years_in_school", "public")
    went, stayed = [], []
    for year in sorted(set(moves["year"])):
        snapshot = watched.snapshots[year]
        table = pd.DataFrame({name: snapshot.teachers[name] for name in columns}).set_index("id")
        mine = table.index.isin(moves.loc[moves["year"] == year, "teacher"])
        able = table["public"] & (table["years_in_school"] >= snapshot.p["rotation_eligible_years"])
        able &= table["age"] < snapshot.p["rotation.age_limit"]
        went.append(table[mine])
        stayed.append(table[able & ~mine])
    return pd.concat(went), pd.concat(stayed)


def new_principals(replication: Replication) -> Found:
    """14: scores when every public school changes its principal in 2016, against a world where none does."""
    held = {"staff/principal-leaves": 0.0}
    calm, changed = (
        watch("baseline", replication.seed, after(6), deeds, held, data=replication.data)
        for deeds in ({}, {(after(2), "staff"): replace_all})
    )
    effect = {year: mean_gap(changed, calm, year) for year in (after(2), after(4), after(5), after(6))}
    return {
        "next_year": effect[after(2)],
        "years_3_to_5": float(np.mean([effect[year] for year in (after(4), after(5), after(6))])),
    }


def replace_all(district: District) -> None:
    """Appoint a new principal, neither better nor worse than the one before, at every public school."""
    for school in principals.campuses(district):
        effectiveness = school.principal.effectiveness if school.principal else 0.0
        principals.appoint(district, school).effectiveness = effectiveness


def training(replication: Replication) -> Found:
    """15: what generic training adds to the mean score by 2019, its effect drawn from the range of the evidence."""
    trained = variant("trained", {"T6": {"policy": "training", "from": first_day(1), "settings": {"effect": None}}})
    return {"mean_score": mean_gap(replication.of(trained, after(5)), base(replication), after(5))}
