"""What is drawn once about a teacher: the staff of the first September, and applicants of every later year."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simsim.base import ids as identity
from simsim.base.arrays import Columns, Floats
from simsim.base.codes import STAGES, SUBJECT_GROUPS, TITLES
from simsim.inputs.documents import Record
from simsim.rules import persons
from simsim.rules.families import EVER
from simsim.rules.titles import titled_shares
from simsim.world.schools import Part
from simsim.world.teachers import SEPTEMBER_INDEX, team_weight
from simsim.world.world import World

AGE_BANDS = (("u30", 23, 30), ("30_39", 30, 40), ("40_49", 40, 50), ("50p", 50, 55))
MEN_LEAVE_LATER = 5


def found_staff(world: World, intake: Floats) -> None:
    """Draw the teachers of the first September: numbers from schools.csv, ages, sex and effectiveness from the seed."""
    rows = {row["key"]: row for row in world.first_schools}
    better = sorts_by(world, intake)
    staff = [_of_part(world, part, rows[part.key], z) for part, z in zip(world.parts, better, strict=True)]
    columns = {name: np.concatenate([s[name] for s in staff]) for name in staff[0]}
    life, own = _life(world, columns), columns.pop("own")
    who = columns["id"], columns["stage"], columns["subject"]
    columns |= life | persons.teachers(world, *who, life["female"], life["birth_month"], own)
    columns |= _standing(world, columns, staff, rows)
    world.teachers.add(**columns)


def sorts_by(world: World, intake: Floats) -> Floats:
    """Return what teachers of the first September are sorted over schools by (parts, standardised): the mean SES of the
    intake and the share of titled staff in the stage, the latter by the weight `structure.staff_sorted_by_title`.

    Parents' standing draws good teachers, and titles are what is seen of them (Lai, Sadoulet and de Janvry 2011).
    """
    weight, stage = world.p["structure.staff_sorted_by_title"], world.parts.stage
    shares = titled_shares(world)[:, 0]
    titled = np.zeros(len(stage))
    for s in world.system.stages:
        titled[stage == s] = standardised(shares[stage == s])
    return standardised((1.0 - weight) * standardised(intake) + weight * titled)


def standardised(values: Floats) -> Floats:
    """Return values with mean 0 and SD 1; all 0 where they do not differ."""
    found: Floats = (values - values.mean()) / (values.std() or 1.0)
    return found


def _of_part(world: World, part: Part, row: Record, better: float) -> Columns:
    """Return ids, subject and effectiveness of one part's teachers; better-off schools have somewhat better ones."""
    n = int(part.posts.sum())
    ids = identity.make(world.first_year, identity.INITIAL, identity.staff_pool(part.key, part.stage), np.arange(n))
    corr = world.p["corr_teacher_school_ses_init"]
    own = world.normal("teacher/mu", ids, EVER)
    return {
        "id": ids,
        "stage": np.full(n, part.stage),
        "subject": np.repeat(np.arange(len(SUBJECT_GROUPS)), part.posts),
        "post": np.full(n, part.key),
        "home": np.full(n, part.key),
        "public": np.full(n, part.school.public),
        "own": corr * better + np.sqrt(1.0 - corr**2) * own,
    }


def _life(world: World, columns: Columns) -> Columns:
    """Draw sex, birth month, experience and years in the school;
    the age bands are national (memory, low confidence).
    """
    p, ids, stage = world.p, columns["id"], columns["stage"]
    female = world.chance(
        "teacher/sex", ids, np.array([p["women_share.primary"], p["women_share.junior"]])[stage], EVER
    )
    u, months = world.uniform("teacher/age-band", ids, EVER), world.uniform("teacher/birth-month", ids, EVER)
    shares = np.array([[p[f"age_share.{s}.{band}"] for band, _, _ in AGE_BANDS] for s in STAGES])
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)[stage]
    band = np.minimum((u[:, None] > edges).sum(axis=1), len(AGE_BANDS) - 1)
    low = np.array([low for _, low, _ in AGE_BANDS])[band]
    high = np.array([high for _, _, high in AGE_BANDS])[band] + MEN_LEAVE_LATER * (
        ~female & (band == len(AGE_BANDS) - 1)
    )
    age_months = np.floor(12 * (low + months * (high - low))).astype(np.int64)
    birth = world.first_year * 12 + SEPTEMBER_INDEX - age_months
    experience = np.maximum(0, age_months // 12 - int(p["age.youngest"]))
    here = np.floor(experience * world.uniform("teacher/years-in-school", ids, EVER)).astype(np.int64)
    return {"female": female, "birth_month": birth, "experience": experience, "years_in_school": here}


def _standing(world: World, columns: Columns, staff: list[Columns], rows: dict[int, Record]) -> Columns:
    """Give titles, degrees, backbone and star standing inside each part, in the numbers of schools.csv.

    Titles follow experience and, a little, effectiveness (they are earned); labels correlate with effectiveness by
    `star_label_corr_mu`; degrees go to the young first.
    """
    p, ids = world.p, columns["id"]
    z = columns["mu"] / (team_weight(p) or 1.0)
    corr = p["star_label_corr_mu"]
    label = corr * z + np.sqrt(1.0 - corr**2) * world.normal("teacher/label", ids, EVER)
    earned = columns["experience"] / 10.0 + corr * z + p["title_noise"] * world.normal("teacher/title", ids, EVER)
    out = {name: np.zeros(len(ids), np.int64) for name in ("title", "degree", "backbone", "star")}
    start = 0
    for part, people in zip(world.parts, staff, strict=True):
        here = slice(start, start + len(people["id"]))
        start = here.stop
        row, stage = rows[part.key], STAGES[part.stage]
        by_title, by_label = np.argsort(earned[here]), np.argsort(-label[here])
        out["title"][here][by_title] = np.repeat(np.arange(len(TITLES)), [row[f"title_{t}_{stage}"] for t in TITLES])
        young = np.argsort(columns["experience"][here], kind="stable")
        out["degree"][here] = part.stage
        out["degree"][here][young[: row[f"overqualified_{stage}"]]] = part.stage + 1
        out["backbone"][here][by_label[: row[f"backbone_{stage}"]]] = 1
        out["star"][here][by_label[: row[f"star_{stage}"]]] = 1
    return out


def applicants(world: World, stage: ArrayLike, subject: ArrayLike, n: ArrayLike, route: int = identity.HIRE) -> Columns:
    """Return the first `n` of the year's applicants for a stage and subject group, or for several (k each), one after
    the other: more hires is a superset.

    Who was employed this year by the same route is no applicant any more: the next ones follow.
    """
    p, here = world.p, world.teachers.id
    stages, subjects = np.atleast_1d(stage), np.atleast_1d(subject)
    pools = stages * len(SUBJECT_GROUPS) + subjects
    first = np.atleast_1d(identity.make(world.year, route, pools, 0))
    last = np.searchsorted(here, first + identity.MAX_SERIAL, side="right")  # ids are in ascending order
    employed = np.where(last > np.searchsorted(here, first), identity.serial(np.append(here, 0)[last - 1]) + 1, 0)
    cell, nth = identity.count_up(np.atleast_1d(n))
    ids = identity.make(world.year, route, pools[cell], employed[cell] + nth)
    stage, subject = stages[cell], subjects[cell]
    share = np.array([p["women_share.primary"], p["women_share.junior"]])[np.minimum(stage, 1)]
    female = world.chance("teacher/sex", ids, share, EVER)
    age = p["age.youngest"] + (p["age.hire_last"] - p["age.youngest"]) * world.uniform("teacher/birth-month", ids, EVER)
    birth = world.year * 12 + SEPTEMBER_INDEX - np.floor(12 * age).astype(np.int64)
    own = world.normal("teacher/mu", ids, EVER)
    people = persons.teachers(world, ids, stage, subject, female, birth, own)
    more = {"degree": stage + 1, "moved_year": np.full(len(ids), world.year), "public": np.full(len(ids), True)}
    return people | more
