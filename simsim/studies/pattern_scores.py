"""What the patterns of scores look like in one replication (1 to 6 and 16): one
small function a pattern, from watched runs.

Numbers are those of evidence/effects.md section 6. Every function takes the worlds of one replication and returns its
parts by name; parameters/patterns.yaml says in which range each part must lie and what failing would mean.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from simsim import actions
from simsim.base.arrays import Ints, Mask
from simsim.base.codes import STAGES
from simsim.district import District
from simsim.rules import choice
from simsim.studies.watched import Replication, Snapshot, achievement_gap, base, watch
from simsim.studies.years import after
from simsim.world.teachers import experience_effect

Found = Mapping[str, float]
FIFTH = 0.2
VETERAN, AT_TOP = 5, 20
TENTH = 0.1


def school_share(replication: Replication) -> Found:
    """1: the share of the variance of scores between schools, at first and ten years later."""
    watched = base(replication)
    first = {word: watched.mean("score_icc", (word,), (after(0), after(1))) for word in STAGES}
    return first | {f"{word}_2024": watched.mean("score_icc", (word,), (after(10),)) for word in STAGES}


def ses_slopes(replication: Replication) -> Found:
    """2: the correlation of scores with SES, and the slope between schools over the slope among pupils."""
    watched = base(replication)
    ratios = [
        slope_ratio(watched.snapshots[year], stage) for year in (after(0), after(1)) for stage in range(len(STAGES))
    ]
    return {"correlation": watched.mean("ses_score_corr"), "slope_ratio": float(np.mean(ratios))}


def slope_ratio(snapshot: Snapshot, stage: int) -> float:
    """Return the slope of schools' mean scores on their mean SES
    (weighted by pupils) over the slope of scores on SES.
    """
    table = within_grade(snapshot).query("stage == @stage")
    schools = table.groupby("school").agg(score=("score", "mean"), ses=("ses", "mean"), n=("ses", "size"))
    return slope(schools["ses"], schools["score"], schools["n"]) / slope(table["ses"], table["score"])


def slope(x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the least-squares slope of y on x."""
    across, up = np.asarray(x, float), np.asarray(y, float)
    weight = None if weights is None else np.asarray(weights)
    dx, dy = across - np.average(across, weights=weight), up - np.average(up, weights=weight)
    return float(np.average(dx * dy, weights=weight) / np.average(dx**2, weights=weight))


def within_grade(snapshot: Snapshot) -> pd.DataFrame:
    """Return the pupils with scores counted from the mean of their grade."""
    table = snapshot.table()
    return table.assign(score=table["score"] - table.groupby("grade")["score"].transform("mean"))


def autocorrelation(replication: Replication) -> Found:
    """3: the correlation of the scores of the same pupils a year apart."""
    one, two = (base(replication).snapshots[year].table()["score"] for year in (after(0), after(1)))
    both = pd.concat([one, two], axis=1, join="inner").to_numpy()
    return {"one_year": float(np.corrcoef(both.T)[0, 1])}


def survival(replication: Replication) -> Found:
    """4: how much of one year's better teaching is left a year later: two
    worlds, half the schools teach better in 2015.
    """
    add = {after(1): lambda d: shift(d, TENTH), after(2): lambda d: shift(d, -TENTH)}
    treated = watch(
        "baseline",
        replication.seed,
        after(2),
        {(year, "teach"): deed for year, deed in add.items()},
        data=replication.data,
    )
    gaps = [
        achievement_gap(treated.snapshots[year], base(replication).snapshots[year]) for year in (after(1), after(2))
    ]
    hit = np.isin(gaps[0].index, ids_at(treated.snapshots[after(1)], treated.snapshots[after(1)].parts["key"] % 2 == 1))
    stayed = gaps[0][hit].index.intersection(gaps[1].index)
    return {"left": float(gaps[1][stayed].mean() / gaps[0][stayed].mean())}


def shift(district: District, by: float) -> None:
    """Let the schools with odd keys teach better or worse from now on."""
    for part in district.parts:
        part.residual += by * (part.key % 2)


def ids_at(snapshot: Snapshot, parts: Mask) -> Ints:
    """Return the pupils of the parts that a mask marks."""
    return snapshot.pupils["id"][parts[snapshot.pupils["part"]]]


def novices(replication: Replication) -> Found:
    """5: first-year teachers against those with five years and more, and how much
    of a career's growth comes in five years.
    """
    snapshot = base(replication).snapshots[after(1)]
    effect, years = (
        experience_effect(snapshot.teachers["experience"], dict(snapshot.p)),
        snapshot.teachers["experience"],
    )
    curve = experience_effect(np.array([0, VETERAN, AT_TOP]), dict(snapshot.p))
    gap = effect[years == 0].mean() - effect[years >= VETERAN].mean()
    return {"first_year": float(gap), "growth_by_5": float((curve[1] - curve[0]) / (curve[2] - curve[0]))}


def elite(replication: Replication) -> Found:
    """6: the raw gap between top and bottom schools, and what three years at an elite
    school do to those at the margin of admission.

    At the margin: families whose first wish is an elite school and whom the lottery of open choice refused. In a second
    world some of them, by lot, are let in all the same; the others of that world are as they were.
    """
    refused = replication.of("open-choice", after(5))
    put: list[Ints] = []
    admit = {(after(1), "admit"): lambda d: put.extend(let_in(d, refused.snapshots[after(1)]))}
    gap = achievement_gap(
        watch("open-choice", replication.seed, after(3), admit, data=replication.data).snapshots[after(3)],
        refused.snapshots[after(3)],
    )
    return {
        "raw_gap": base(replication).mean("school_gap"),
        "causal": float(gap[np.isin(gap.index, np.concatenate(put))].mean()),
    }


def let_in(district: District, without: Snapshot, per_school: int = 30) -> list[Ints]:
    """Seat, by lot, some entrants at each elite school that they wanted most and did
    not get in a world `without`; return who.
    """
    students, got = (
        district.students,
        dict(zip(without.pupils["id"].tolist(), without.pupils["school"].tolist(), strict=True)),
    )
    put, top = [], top_parts(district)
    for stage, grade in zip(district.system.stages, district.system.entry_grades, strict=True):
        seeking = (
            (district.student_parts() < 0) & (students.grade == grade) & np.isin(students.id, without.pupils["id"])
        )
        market = choice.market(district, np.flatnonzero(seeking), stage)
        wish = market.parts[choice.utility(district, market, "choice", market.near).argmax(axis=1)]
        lost = np.array([got[i] for i in students.id[market.rows].tolist()]) != district.parts.key[wish]
        for index in [i for i in top if district.parts[i].stage == stage]:
            rows = market.rows[lost & (wish == index)]
            lot = district.uniform(f"meddling/elite@{district.parts[index].key}", students.id[rows])
            put.append(students.id[rows[np.argsort(lot)[:per_school]]])
            actions.place_pupils(district, rows[np.argsort(lot)[:per_school]], district.parts[index].key)
    return put


def top_parts(district: District) -> list[int]:
    """Return the public parts of highest standing, a fifth of each stage."""
    found = []
    for stage in range(len(STAGES)):
        public = district.parts.of_stage(stage, only_public=True).tolist()
        ranked = sorted(public, key=lambda i: -district.parts[i].status)
        found += ranked[: round(FIFTH * len(public))]
    return found


def migrants(replication: Replication) -> Found:
    """16: the raw gap of migrant children, the share of it that lies between schools,
    and what ten points more of them do to locals.
    """
    tables = [within_grade(base(replication).snapshots[year]) for year in (after(0), after(1))]
    raw = float(np.mean([gap_of(table) for table in tables]))
    means = [table.groupby(["stage", "school"])["score"].transform("mean") for table in tables]
    inside = float(
        np.mean([gap_of(table.assign(score=table["score"] - mean)) for table, mean in zip(tables, means, strict=True)])
    )
    classmates = -TENTH * np.mean([gap_of(table, "knowledge") for table in tables])
    spillover = float(base(replication).snapshots[after(0)].p["peer_linear"] * classmates)
    return {"raw_gap": raw, "between_schools": 1.0 - inside / raw, "spillover": spillover}


def gap_of(table: pd.DataFrame, column: str = "score") -> float:
    """Return by how much local children are ahead of migrant ones."""
    return float(table.loc[~table["migrant"], column].mean() - table.loc[table["migrant"], column].mean())
