"""What the patterns of enrolment, new schools and choice look like in one
replication (11 and 17 to 20), from watched runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from simsim.base.codes import PRIMARY, STAGES
from simsim.district import District
from simsim.districts.births import entrants
from simsim.districts.projection import project_enrolment, ratios_between
from simsim.rules import choice
from simsim.studies.watched import (
    WATCHED_YEARS,
    Replication,
    Snapshot,
    Watched,
    achievement_gap,
    base,
    mean_gap,
    variant,
    watch,
)
from simsim.studies.years import after

Found = Mapping[str, float]
NEW_SCHOOLS = (101, 102)


def projections(replication: Replication) -> Found:
    """17: the error of cohort survival on the district's own rolls, 1, 2 and 5 years
    ahead, ratios from the three years before.
    """
    watched, births = base(replication), base(replication).district.births
    rolls = pd.DataFrame(
        {
            year: np.bincount(snapshot.pupils["grade"], minlength=snapshot.system.n_grades + 1)[1:]
            for year, snapshot in watched.snapshots.items()
        }
    )
    errors: dict[int, list[float]] = {1: [], 2: [], 5: []}
    for start in range(after(3), after(WATCHED_YEARS) - 5 + 1):
        past = [ratios_between(rolls[year - 1], rolls[year]) for year in range(start - 2, start + 1)]
        entry = np.mean([rolls[year][0] / entrants(births, year) for year in range(start - 2, start + 1)])
        stock = dict(enumerate(rolls[start].tolist(), 1))
        ahead = project_enrolment(births, stock, start + 5, start, np.mean(past, axis=0), float(entry))
        for years, found in errors.items():
            projected, real = ahead.loc[start + years].to_numpy().sum(), rolls[start + years].to_numpy().sum()
            found.append(float(abs(projected / real - 1.0)))
    mape = {f"year_{years}": float(np.mean(found)) for years, found in errors.items()}
    return mape | {"monotone": float(mape["year_1"] <= mape["year_2"] <= mape["year_5"])}


def wave(replication: Replication) -> Found:
    """18: the Septembers in which primary and junior schools have most pupils, runs to 2032."""
    rows = base(replication).rows["pupils"]
    peak = {word: int(rows[word].idxmax()) for word in STAGES}
    return {"primary_peak": float(peak["primary"]), "junior_lag": float(peak["junior"] - peak["primary"])}


def opening(replication: Replication) -> Found:
    """19: the entrants of the new schools (L1, L2) in the first and in the third
    year, and how full L1's first grade is.

    Entrants count against the same children in a world without the schools, so that what a school is by nature is in
    both years and the dip is their difference.
    """
    built, without = replication.of("openings-only", after(7)), base(replication)
    first = {key: built.district.schools[key].opened for key in NEW_SCHOOLS if key in built.district.schools}
    early, late = (
        np.mean([entry_gap(built, without, key, year + wait) for key, year in first.items()]) for wait in (0, 2)
    )
    nine_year = NEW_SCHOOLS[0]
    filled = [first_grade_use(built.snapshots[first[nine_year] + wait], nine_year) for wait in (0, 1)]
    return {"dip": float(early - late), "filled": max(filled)}


def entry_gap(one: Watched, other: Watched, key: int, year: int) -> float:
    """Return how much higher a school's entrants of a year score than the same children in another world."""
    table = one.snapshots[year].table()
    here = table.index[(table["school"] == key) & one.snapshots[year].system.is_entry(table["grade"])]
    gap = achievement_gap(one.snapshots[year], other.snapshots[year])
    return float(gap[gap.index.isin(here)].mean())


def first_grade_use(snapshot: Snapshot, key: int) -> float:
    """Return the pupils of a school's first grade over its seats: the rooms' even share at the class target."""
    index = np.flatnonzero((snapshot.parts["key"] == key) & (snapshot.parts["stage"] == PRIMARY))[0]
    seats = (
        snapshot.parts["rooms"][index] / len(snapshot.system.grades(PRIMARY)) * snapshot.p["class_size.target.primary"]
    )
    return float(((snapshot.pupils["school"] == key) & (snapshot.pupils["grade"] == 1)).sum() / seats)


def zones(replication: Replication) -> Found:
    """11 (not prices): what addresses of the best and the second third of schools
    may expect under a lottery; the gap by 2020.
    """
    with_, without = replication.of("multi-school-zones", after(6)), base(replication, after(6))
    expected = expected_quality(with_.snapshots[after(1)], without.snapshots)
    gaps = [watched.mean("school_gap", years=(after(4), after(5), after(6))) for watched in (with_, without)]
    return {"top_addresses": expected[2], "second_addresses": expected[1], "gap_narrows": 1.0 - gaps[0] / gaps[1]}


def expected_quality(snapshot: Snapshot, before: Mapping[int, Snapshot]) -> list[float]:
    """Return by thirds of home address (weakest first) how much better or worse the
    schools of the entrants of 2015 are (SD).

    An address counts by what its entrants got without the lottery; quality as perceived in the year before.
    """
    seen = dict(
        zip(
            zip(before[after(0)].parts["key"], before[after(0)].parts["stage"], strict=True),
            before[after(0)].parts["perceived"],
            strict=True,
        )
    )
    lots, own = (entrants_of(v, seen) for v in (snapshot, before[after(1)]))
    homes = own.groupby(["stage", "neighbourhood"])["quality"].mean().rename("home")
    both = own.join(lots["quality"].rename("lot"), how="inner").join(homes, on=["stage", "neighbourhood"])
    both["third"] = both.groupby("stage")["home"].transform(lambda x: pd.qcut(x.rank(method="first"), 3, labels=False))
    return (both["lot"] - both["quality"]).groupby(both["third"]).mean().tolist()


def entrants_of(snapshot: Snapshot, quality: Mapping[tuple[int, int], float]) -> pd.DataFrame:
    """Return the entrants of a year at schools whose quality is known."""
    table = snapshot.table()
    table = table[snapshot.system.is_entry(table["grade"])]
    found = [quality.get(pair, np.nan) for pair in zip(table["school"], table["stage"], strict=True)]
    return table.assign(quality=found).dropna(subset="quality")


def open_choice(replication: Replication) -> Found:
    """20: trips and worth of the schools got under deferred acceptance against
    catchments; scores when families mind quality more.
    """
    chosen = replication.of("open-choice", after(5))
    watched = watch(
        "baseline",
        replication.seed,
        after(1),
        data=replication.data,
        ask=lambda d: worth(d, chosen.snapshots[d.year]) if d.year == after(1) else None,
    )
    trips = [entry_trips(w.snapshots[after(1)]) for w in (chosen, base(replication, after(1)))]
    steep = {
        bq: replication.of(variant(f"choice-{bq}", parameters={"choice_bq": bq}, extends="open-choice"), after(5))
        for bq in (0.8, 1.2)
    }
    return {
        "longer_trips_km": trips[0] - trips[1],
        "worth": watched.answers[after(1)],
        "more_quality": mean_gap(steep[1.2], steep[0.8], after(5)),
    }


def entry_trips(snapshot: Snapshot) -> float:
    """Return the mean distance of those who entered a stage (km)."""
    return float(snapshot.pupils["distance_km"][snapshot.system.is_entry(snapshot.pupils["grade"])].mean())


def worth(district: District, chosen: Snapshot) -> float:
    """Return by how much the schools that this year's entrants choose are worth
    more to them than those they were assigned.
    """
    got = dict(zip(chosen.pupils["id"].tolist(), chosen.pupils["school"].tolist(), strict=True))
    gains = []
    for stage, grade in zip(district.system.stages, district.system.entry_grades, strict=True):
        known = np.isin(district.students.id, chosen.pupils["id"]) & (district.student_parts() >= 0)
        rows = np.flatnonzero(known & (district.students.grade == grade))
        market = choice.market(district, rows, stage)
        value = choice.utility(district, market, "choice", np.ones((len(rows), len(market.parts)), bool))
        column = {district.parts[i].key: n for n, i in enumerate(market.parts)}
        ids, now = district.students.id[rows].tolist(), district.students.school[rows].tolist()
        pairs = [
            (n, column[got[i]], column[s])
            for n, (i, s) in enumerate(zip(ids, now, strict=True))
            if got[i] in column and s in column
        ]
        who, theirs, assigned = np.array(pairs).T
        gains.append(value[who, theirs] - value[who, assigned])
    return float(np.concatenate(gains).mean())
