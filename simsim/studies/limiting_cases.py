"""Limiting cases: worlds so simple that the answer is known, and what the model says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simsim.base.arrays import Ints
from simsim.base.calendar import september
from simsim.base.codes import CORE, PRIMARY, STAGES
from simsim.base.geometry import distance_km
from simsim.district import District
from simsim.districts.projection import project_enrolment
from simsim.rules import choice
from simsim.studies.pattern_scores import within_grade
from simsim.studies.watched import Snapshot, Watched, variant, watch
from simsim.studies.years import after, first_day

NOVICE_CURVE = dict.fromkeys(("exp_yr0", "exp_yr1", "exp_yr2", "exp_yr3_4", "exp_yr5_9", "exp_yr10_19"), 0.0)
STILL_TEACHING = NOVICE_CURVE | dict.fromkeys(
    (
        "sd_class_shock",
        "sd_school_resid",
        "sd_principal",
        "sd_teacher_composite",
        "teacher_drift_sd",
        "principal_change_yr1",
    )
    + (
        "principal_change_yr2",
        "mover_class_penalty_yr1",
        "mover_class_penalty_yr2",
        "student_move_penalty",
        "peer_linear",
    )
    + ("classsize_slope", "classsize_slope_over50", "private_migrant_school_effect"),
    0.0,
)
ALIKE_FAMILIES = dict.fromkeys(
    (
        "ses_between_school_share",
        "unobs_between_school_share",
        "migrant_ses_gap",
        "m0_migrant_entry_gap",
        "transition.share",
    ),
    0.0,
)
NOBODY_MOVES = dict.fromkeys(
    (
        "migrant_leave",
        "local_transfer_out",
        "migrant_leave_transition",
        "local_leave_transition",
        "dropout",
        "inflow_factor",
    )
    + ("housing_pupils_per_flat", "entry_noise_sd"),
    0.0,
) | {"migrant_entitled_share": 1.0}
NOBODY_LEAVES = dict.fromkeys(
    ("exit_u30", "exit_30_39", "exit_40_49", "exit_50p_nonretire", "posts_growth", "vol_move_base"), 0.0
)
NEVER = september(3000)
EVERYBODY = {
    "quota": 1.0,
    "eligible_years": 0,
    "age_limit": 100,
    "compliance": 1.0,
    "spell_years": 1,
    "return_prob": 0.0,
}
LIVED = 4
"""How many years after the first a case is lived."""
CLOSE_CALL_KM = 1.0
THREE_SD = 3.0


@dataclass(frozen=True)
class Case:
    """One limiting case: what must come out, between `low` and `high`, and what does."""

    name: str
    expected: str
    found: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the model gives the known answer."""
        return self.low <= self.found <= self.high


def distance_only(seed: int) -> Case:
    """Families that care only for distance, with seats for all: everybody gets the
    nearest school, if it is clearly nearest.
    """
    taste = {
        "choice_bq": 0.0,
        "choice_bq_ses": 0.0,
        "choice_bs": 0.0,
        "choice_bd_primary": 10.0,
        "choice_bd_junior": 10.0,
    }
    seats = {"class_size.target.primary": 100, "class_size.target.junior": 100, "private_share": 0.0}
    rule = {
        "C": {"policy": "open_choice", "from": first_day(1), "settings": {"list_length": 100, "catchment_first": False}}
    }
    watched = watch(
        variant("near", rule, taste | seats),
        seed,
        after(1),
        ask=lambda d: nearest_share(d) if d.year > d.first_year else None,
    )
    return Case("families care only for distance", "all at the nearest school", watched.answers[after(1)], 0.999, 1.0)


def nearest_share(district: District) -> float:
    """Return the share of this year's entrants at the nearest school within
    reach, where the next is a kilometre farther.
    """
    students, hits = district.students, []
    x, y = district.parts.x_km, district.parts.y_km
    for stage, grade in zip(district.system.stages, district.system.entry_grades, strict=True):
        market = choice.market(
            district, np.flatnonzero((students.grade == grade) & (students.years_in_school == 0)), stage
        )
        home = students.home_x[market.rows][:, None], students.home_y[market.rows][:, None]
        km = np.where(market.near, distance_km(*home, x[market.parts], y[market.parts]), np.inf)
        order = np.sort(km, axis=1)
        clear = order[:, 1] - order[:, 0] >= CLOSE_CALL_KM
        hits.append(market.parts[km.argmin(axis=1)][clear] == district.student_parts()[market.rows][clear])
    return float(np.concatenate(hits).mean())


def identical_schools(seed: int) -> Case:
    """Schools that do not differ, and families alike everywhere:
    no gap beyond noise, F = 1 with a known SD, for years.
    """
    watched = watch(variant("alike", parameters=STILL_TEACHING | ALIKE_FAMILIES), seed, after(LIVED))
    ratios = np.array(
        [
            [variance_ratio(watched.snapshots[year], stage) for stage in range(len(STAGES))]
            for year in range(after(0), after(LIVED) + 1)
        ]
    )
    schools = [
        len(
            np.unique(
                watched.snapshots[after(LIVED)].pupils["school"][
                    watched.snapshots[after(LIVED)].pupils["stage"] == stage
                ]
            )
        )
        for stage in range(len(STAGES))
    ]
    sd = float(np.sqrt(sum(2.0 / (n - 1) for n in schools))) / len(STAGES)
    name = "identical schools"
    return Case(
        name, "F over schools 1, within three SD", float(ratios.mean()), 1.0 - THREE_SD * sd, 1.0 + THREE_SD * sd
    )


def variance_ratio(snapshot: Snapshot, stage: int) -> float:
    """Return F: the variance of schools' mean scores over what sampling pupils alone would give."""
    table = within_grade(snapshot).query("stage == @stage")
    schools = table.groupby("school")["score"].agg(["mean", "size"])
    between = (schools["size"] * (schools["mean"] - table["score"].mean()) ** 2).sum() / (len(schools) - 1)
    within = ((table["score"] - table.groupby("school")["score"].transform("mean")) ** 2).sum() / (
        len(table) - len(schools)
    )
    return float(between / within)


def no_shocks(seed: int) -> Case:
    """No shocks in teaching, growth or test: every pupil's score is the same every year."""
    calm = {"rho_K": 1.0 - 1e-12, "b_g_ses_annual": 0.0, "test_reliability": 1.0, "migrant_entitled_share": 1.0}
    watched = watch(variant("calm", parameters=STILL_TEACHING | calm), seed, after(LIVED))
    first, last = (watched.snapshots[year].table()["score"] for year in (after(0), after(LIVED)))
    return Case("no shocks", "no score ever changes", float((last - first).dropna().abs().max()), 0.0, 1e-4)


def full_rotation(seed: int) -> Case:
    """Everybody changes school every year: teachers' effectiveness
    differs between schools as a lottery would make it.
    """
    rule = {"R": {"policy": "rotation", "from": first_day(1), "settings": EVERYBODY | {"destination": "random"}}}
    watched = watch(variant("shuffled", rule), seed, after(LIVED), ask=spread_of_teachers)
    found = float(np.mean([watched.answers[year] for year in range(after(1), after(LIVED) + 1)]))
    return Case("full rotation every year", "between-school variance over that of chance: 1", found, 0.65, 1.35)


def spread_of_teachers(district: District) -> float:
    """Return the variance of mu between public schools over what dealing out at
    random gives: core teachers of primary schools.
    """
    teachers, at = district.teachers, district.teacher_parts()
    rows = (teachers.subject == CORE) & (teachers.stage == PRIMARY) & teachers.public & (teachers.experience > 1)
    mu, n = teachers.mu[rows], np.bincount(at[rows], minlength=len(district.parts))
    mean = np.bincount(at[rows], mu, len(n)) / np.maximum(n, 1)
    return float((n * (mean - mu.mean()) ** 2)[n > 0].sum() / ((n > 0).sum() - 1) / mu.var())


def closed_district(seed: int) -> Case:
    """Nobody moves in or out: every cohort grows up whole, as cohort survival with ratios of one says."""
    watched = watch(variant("closed", parameters=NOBODY_MOVES), seed, after(LIVED))
    found = rolls(watched)
    p = watched.snapshots[after(LIVED)].p
    stock = dict(enumerate(found.loc[after(0)].to_numpy().tolist(), 1))
    expected = project_enrolment(
        watched.district.births,
        stock,
        after(LIVED),
        ratios=[1.0] * (len(watched.district.system.taught) - 1),
        system=watched.district.system,
        entry_ratio=p["births_to_entry_urban"],
        autumn=p["entrants_autumn_share"],
        factor=p["births_factor"],
    )
    late = found.to_numpy()[1:, 1:] - found.to_numpy()[:-1, :-1]
    off = np.abs(found[1].to_numpy() - expected[1].to_numpy()).max() / len(watched.district.neighbourhoods)
    return Case(
        "closed district", "cohorts whole, entrants as projected", float(np.abs(late).max() + (off > 1.0)), 0.0, 0.0
    )


def rolls(watched: Watched) -> pd.DataFrame:
    """Return pupils by year and grade."""
    grades = watched.district.system.n_grades
    counts = {
        year: np.bincount(snapshot.pupils["grade"], minlength=grades + 1)[1:]
        for year, snapshot in watched.snapshots.items()
    }
    return pd.DataFrame.from_dict(counts, orient="index", columns=range(1, grades + 1))


def no_teachers_leave(seed: int) -> Case:
    """Nobody retires or leaves and no post is added: the same teachers at the same schools."""
    stay: Callable[[District], None] = lambda d: d.teachers.retire_month.__setitem__(slice(None), NEVER)  # noqa: E731
    watched = watch(
        variant("staying", parameters=NOBODY_LEAVES), seed, after(LIVED), deeds={(after(1), "budget"): stay}
    )
    first, last = (teachers_of(watched.snapshots[year]) for year in (after(0), after(LIVED)))
    return Case("no teachers leave", "none comes, goes or moves", float(len(first ^ last)), 0.0, 0.0)


def teachers_of(snapshot: Snapshot) -> set[tuple[int, int]]:
    """Return who teaches where (teacher, school)."""
    keys: Ints = snapshot.parts["key"][snapshot.teachers["part"]]
    return set(zip(snapshot.teachers["id"].tolist(), keys.tolist(), strict=True))


CASES: tuple[Callable[[int], Case], ...] = (
    distance_only,
    identical_schools,
    no_shocks,
    full_rotation,
    closed_district,
    no_teachers_leave,
)


def limiting_cases(seed: int = 1, jobs: int = 2) -> pd.DataFrame:
    """Return all limiting cases of a seed: case, expected, found, low, high, holds."""
    from joblib import Parallel, delayed

    cases = Parallel(n_jobs=jobs)(delayed(case)(seed) for case in CASES)
    columns = ["case", "expected", "found", "low", "high", "holds"]
    return pd.DataFrame([(c.name, c.expected, c.found, c.low, c.high, c.holds) for c in cases], columns=columns)
