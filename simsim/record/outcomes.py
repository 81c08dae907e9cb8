"""What a year looked like: indicators as pure functions of the district's columns, by stage and by school."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from simsim.base.arrays import AnyArray, Floats, Ints, Mask
from simsim.base.balance import at_most, composite, schools_pass, weighted_cvs
from simsim.base.codes import FIRST, JUNIOR, PE_ARTS, STAGES, SUBJECT_GROUPS
from simsim.base.sums import NOT_DEFINED
from simsim.inputs.standards import Standard, load_standard
from simsim.record.seated import FIFTH, Seated
from simsim.world.staff import age, effects, is_new
from simsim.world.world import World

Amounts = Mapping[str, Floats]
SCORES = (
    "score", "score_sd", "score_icc", "ses_score_corr", "ses_gap", "migrant_gap", "school_gap", "urban_rural_gap"
)  # fmt: skip
FACILITY_NAMES = {
    "teaching_area": "teaching_area_m2",
    "sports_area": "sports_area_m2",
    "equipment": "equipment_yuan",
    "computers": "computers",
    "books": "books",
    "multimedia": "multimedia_rooms",
}
PER_PUPIL = {
    "teaching_area": "area_teach",
    "sports_area": "area_sport",
    "equipment": "equipment",
    "computers": "computers",
    "books": "books",
    "teachers": "teachers_per_pupil",
    "overqualified": "overqualified_per_pupil",
    "midtitle": "midtitle_per_pupil",
}


def inputs(world: World) -> dict[str, Floats]:
    """Return the inputs of the official indicators by part: pupils,
    facilities after the split, teachers by standing.
    """
    teachers, n = world.teachers, len(world.parts)
    at = world.parts.of_teachers()
    masks = {
        "teachers": np.ones(len(teachers), bool),
        "overqualified": teachers.degree > teachers.stage,
        "midtitle": teachers.title >= FIRST,
        "backbone": teachers.backbone,
        "pe_arts": teachers.subject == PE_ARTS,
    }
    people = {name: np.bincount(at[mask], minlength=n).astype(float) for name, mask in masks.items()}
    pupils = world.parts.rolls().astype(float)
    return {"pupils": pupils} | _facilities(world, pupils) | people


def _facilities(world: World, pupils: Floats) -> dict[str, Floats]:
    """Share every school's facilities between its parts by the weights of the 2012 method."""
    weights = load_standard("basic-2012").split_weights
    stage = world.parts.stage
    claim = pupils * np.where(stage == JUNIOR, weights["junior"], weights["primary"])
    keys = world.parts.key
    total = np.bincount(keys, claim, world.parts.place.shape[1])
    for school in world.open_schools:
        total[school.key] += weights["senior"] * school.senior_pupils
    share = claim / np.maximum(total[keys], 1.0)
    table = world.parts.of_schools(lambda school: list(school.facilities.values()))
    names = list(world.parts[0].school.facilities)
    return {name: table[:, names.index(column)] * share for name, column in FACILITY_NAMES.items()}


def official(world: World, amounts: Amounts, stage: int) -> dict[str, float]:
    """Return the official indicators of a stage."""
    mine = world.parts.stage == stage
    basic, quality = load_standard("basic-2012"), load_standard("quality-2017")
    return district_indicators({k: v[mine] for k, v in amounts.items()}, STAGES[stage], basic, quality)


def scores(world: World, seated: Seated, stage: int) -> dict[str, float]:
    """Return level, spread and gaps of the June scores of a stage (SD of the first year), comparing pupils in a grade;
    NaN without pupils.
    """
    mine = seated.by_stage[stage]
    if not len(mine):
        return dict.fromkeys(SCORES, NOT_DEFINED)
    score, ses, n = seated.score.take(mine), seated.ses.take(mine), world.system.n_grades + 1
    grade = seated.grade.take(mine).astype(np.int64)
    means = np.bincount(grade, score, n) / np.maximum(np.bincount(grade, minlength=n), 1)
    within = score - means.take(grade)
    migrant, part = seated.migrant.take(mine), seated.part.take(mine)
    poor, rich = seated.fifths[stage]
    urban = world.parts.urban.take(part)
    schools = by_school(part, within, ses)
    return {
        "score": float(score.mean()),
        "score_sd": float(within.std()),
        "score_icc": icc(schools["n"], schools["score"], within),
        "ses_score_corr": correlation(ses, within),
        "ses_gap": mean_of(within, ses >= rich) - mean_of(within, ses <= poor),
        "migrant_gap": mean_of(within, ~migrant) - mean_of(within, migrant),
        "school_gap": top_less_bottom(schools["n"], schools["score"], schools["score"]),
        "urban_rural_gap": mean_of(within, urban) - mean_of(within, ~urban),
    }


def by_school(part: Ints, score: Floats, ses: Floats) -> dict[str, Floats]:
    """Return pupils, mean score and mean SES of every part that has pupils."""
    n = np.bincount(part)
    has = n > 0
    return {
        "n": n[has].astype(float),
        "score": np.bincount(part, score)[has] / n[has],
        "ses": np.bincount(part, ses)[has] / n[has],
    }


def mean_of(values: AnyArray, mask: Mask) -> float:
    """Return the mean over a mask; NaN when nobody is in it."""
    rows = np.flatnonzero(mask)
    return float(values.take(rows).mean()) if len(rows) else NOT_DEFINED


def correlation(one: Floats, two: Floats) -> float:
    """Return Pearson's correlation; NaN when one of the columns does not vary."""
    varies = len(one) > 0 and np.ptp(one) > 0 and np.ptp(two) > 0
    return float(np.corrcoef(one, two)[0, 1]) if varies else NOT_DEFINED


def icc(n: Floats, means: Floats, scores: Floats) -> float:
    """Return the share of variance between schools, less what sampling alone would give (one-way ANOVA estimator).

    0 with a single school; NaN when no school has two pupils, or all pupils score the same.
    """
    total, schools = n.sum(), len(n)
    if schools < 2:
        return 0.0
    if total <= schools:
        return NOT_DEFINED
    between = (n * (means - scores.mean()) ** 2).sum()
    within = max((scores**2).sum() - (n * means**2).sum(), 0.0)
    ms_between, ms_within = between / (schools - 1), within / (total - schools)
    size = (total - (n**2).sum() / total) / (schools - 1)
    component = (ms_between - ms_within) / size
    whole = component + ms_within
    return float(component / whole) if whole != 0 else NOT_DEFINED


def top_less_bottom(n: Floats, values: Floats, order: Floats) -> float:
    """Return the pupil-weighted mean of `values` in the top fifth of pupils by schools' `order`, less the bottom
    fifth; NaN without pupils.
    """
    if not n.sum() > 0:
        return NOT_DEFINED
    ranked = np.argsort(order, kind="stable")
    upto = np.cumsum(n[ranked])
    limit = FIFTH * upto[-1]
    low = np.clip(limit - (upto - n[ranked]), 0.0, n[ranked])
    high = np.clip(upto - (upto[-1] - limit), 0.0, n[ranked])
    return float((values[ranked] * high).sum() / high.sum() - (values[ranked] * low).sum() / low.sum())


def teaching(world: World, stage: int, table: Amounts) -> dict[str, float]:
    """Return the quality of teachers and how it differs between schools of a stage (true values, SD), `table` being the
    one of `school_table`; NaN without teachers or pupils.
    """
    teachers, classes = world.teachers, world.classes
    mine = teachers.stage == stage
    parts = world.parts.stage == stage
    quality, ses = table["teacher_quality"][parts], table["ses"][parts]
    pupils = np.bincount(classes.part, classes.size, len(world.parts))[parts].astype(float)
    return {
        "teacher_quality": mean_of(effects(world), mine),
        "teacher_quality_sd_schools": weighted_sd(quality, pupils),
        "teacher_gap": top_less_bottom(pupils, quality, ses),
        "novice_share": mean_of(is_new(world), mine),
        "teacher_age": mean_of(age(world), mine),
        "backbone_share": mean_of(teachers.backbone, mine),
    }


def weighted_sd(values: Floats, weights: Floats) -> float:
    """Return the standard deviation of values that count by their weights; NaN when nothing weighs."""
    if not weights.sum() > 0:
        return NOT_DEFINED
    return float(np.sqrt(np.average((values - np.average(values, weights=weights)) ** 2, weights=weights)))


def school_teaching(world: World) -> Floats:
    """Return the mean effect of class teams in each part, weighted by class size (SD)."""
    classes, n = world.classes, len(world.parts)
    return np.bincount(classes.part, classes.team * classes.size, n) / np.maximum(
        np.bincount(classes.part, classes.size, n), 1
    )


def school_table(world: World, amounts: Amounts) -> dict[str, Floats]:
    """Return one number per part for every indicator by school."""
    students, n, share = world.students, len(world.parts), world.parts.sums
    pupils = amounts["pupils"]
    seats = world.parts.seats(world.p).astype(float)
    classes = np.bincount(world.classes.part, minlength=n)
    table = {
        "stage_code": world.parts.stage,
        "pupils": pupils,
        "seats": seats,
        "rooms": world.parts.rooms.astype(float),
        "classes": classes.astype(float),
        "seat_use": pupils / np.maximum(seats, 1.0),
        "class_size": pupils / np.maximum(classes, 1),
        "over_capacity": share(students.over_capacity),
        "displaced": share(students.displaced),
        "teachers": amounts["teachers"],
        "pupils_per_teacher": pupils / np.maximum(amounts["teachers"], 1.0),
        "teacher_quality": school_teaching(world),
        "monitored_quality": world.parts.monitored,
        "distance_km": share(students.distance_km) / np.maximum(pupils, 1.0),
        "score": share(students.score) / np.maximum(pupils, 1.0),
        "ses": share(students.ses) / np.maximum(pupils, 1.0),
        "migrant_share": share(students.migrant) / np.maximum(pupils, 1.0),
    }
    return table | {name: amounts[key] / np.maximum(pupils, 1.0) for key, name in PER_PUPIL.items()}


def district_indicators(
    inputs: Mapping[str, ArrayLike], stage: str, basic: Standard, quality: Standard
) -> dict[str, float]:
    """Return the official indicators of one stage, under the names of the results (`cv_books`, `cv17_backbone`, ...).

    `inputs` holds one value for each school of the stage (facilities already split): `pupils` and the totals of every
    indicator of both standards: teaching_area, sports_area (m2), equipment (yuan), computers, books, multimedia
    (rooms), teachers, overqualified, midtitle, backbone, pe_arts (persons). `basic_met` is 1 or 0;
    `quality17_schools_passing` is the share of schools (with pupils).
    """
    pupils = np.asarray(inputs["pupils"], dtype=np.float64)
    names = list(dict.fromkeys([*basic.indicators, *quality.indicators]))
    amounts = np.array([inputs[name] for name in names], dtype=np.float64)
    old = dict(zip(names, weighted_cvs(amounts, pupils, weighted=basic.weighted).tolist(), strict=True))
    new = (
        old
        if basic.weighted == quality.weighted
        else dict(zip(names, weighted_cvs(amounts, pupils, weighted=quality.weighted).tolist(), strict=True))
    )
    overall = composite([old[name] for name in basic.indicators])
    result = {"cv_composite": overall, "basic_met": float(at_most(overall, basic.cv_line(stage)))}
    result |= {f"cv_{name}": old[name] for name in basic.indicators} | {
        f"cv17_{name}": new[name] for name in quality.indicators
    }
    rows = [names.index(name) for name in quality.indicators]
    return result | {"quality17_schools_passing": _share_passing(amounts[rows], pupils, stage, quality)}


def _share_passing(amounts: Floats, pupils: Floats, stage: str, standard: Standard) -> float:
    """Return the share of the schools with pupils that reach the standard's minimums; NaN without schools."""
    open_ = pupils > 0
    per_unit = amounts[:, open_] / pupils[open_] * standard.per[:, None]
    passed = schools_pass(per_unit, standard.minimums(stage), needed=standard.needed, floor=standard.floor)
    return float(passed.mean()) if passed.size else NOT_DEFINED


def staffing_gap(world: World) -> Floats:
    """Return teachers less those the standard allows, by part and subject group (parts, groups); negative where short.

    The standard gives pupils per member of staff by stage (`staffing_ratio`); teachers are what is left without the
    non-teaching share. It says nothing of subjects, so each stage's allowance is shared as the stage's public teachers
    are now. Private parts have none.
    """
    p, stage = world.p, world.parts.stage
    public = world.parts.public[:, None]
    staff = world.parts.staff() * public
    ratio = np.array([p[f"staffing_ratio.{s}"] for s in STAGES])[stage]
    allowed = world.parts.rolls() / ratio * (1.0 - p["non_teaching_share"])
    mix = np.array([staff[stage == s].sum(axis=0) / max(staff[stage == s].sum(), 1) for s in range(len(STAGES))])
    gap: Floats = (staff - allowed[:, None] * mix[stage]) * public
    return gap


def gap_totals(gap: Floats) -> dict[str, float]:
    """Return the teachers above the standard at schools that have
    more, and those missing at schools that have fewer.
    """
    whole = gap.sum(axis=1)
    return {
        "surplus_teachers": float(np.maximum(whole, 0.0).sum()),
        "shortage_teachers": float(np.maximum(-whole, 0.0).sum()),
    }


def gap_by_school(gap: Floats) -> dict[str, Floats]:
    """Return the surplus (negative: shortage) of every part, in all and by subject group."""
    return {"surplus_teachers": gap.sum(axis=1)} | {
        f"surplus_{group}": gap[:, g] for g, group in enumerate(SUBJECT_GROUPS)
    }
