"""The published junior teachers per pupil, read in two ways: of junior schools alone, or with the staff of the senior
parts of complete secondaries, whose pupils are not simulated. What T1, the surplus and pay are under both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from simsim.base.arrays import Ints, Mask
from simsim.base.codes import JUNIOR, SUBJECT_GROUPS, TITLES
from simsim.district import District
from simsim.districts.amounts import shared_out
from simsim.districts.files import DistrictData, load_district
from simsim.inputs import parameters
from simsim.inputs.defaults import default_district
from simsim.studies.face_validity import HIGH, LOW, known, years_of

EXCLUDED, INCLUDED = "excluded", "included"
READINGS = (EXCLUDED, INCLUDED)
"""Whether the published junior teachers hold those of senior pupils: no (as the district's files have it), or yes."""
GROUPS = tuple(f"t_junior_{group}" for group in SUBJECT_GROUPS)
RANKS = tuple(f"title_{title}_junior" for title in TITLES)
MARKS = ("overqualified_junior", "backbone_junior", "star_junior")
T1 = "only-staffing"


def senior_teachers(data: DistrictData) -> float:
    """Return how many teachers a district's senior pupils need, by the norm of staff posts."""
    pupils = float(column(data, "senior_pupils").sum())
    return float(pupils / known()["senior_pupils_per_staff"]["value"] * (1.0 - value_of("non_teaching_share")))


def column(data: DistrictData, name: str) -> Ints:
    """Return a column of the table of schools as whole numbers."""
    return data.schools[name].to_numpy(dtype=np.int64).copy()


def value_of(name: str) -> float:
    """Return the most likely value of a parameter."""
    return parameters.load()[name].value


def public(data: DistrictData) -> Mask:
    """Return which schools are public."""
    return (data.schools["ownership"] == "public").to_numpy()


def read_as(data: DistrictData, reading: str) -> DistrictData:
    """Return the district with its junior teachers under a reading.

    If the published number includes senior staff, so many fewer are junior teachers. Which schools they are counted at
    is not published, so every public school has the same share fewer: the published CV stays as it is.
    """
    if reading == EXCLUDED:
        return data
    staff = {name: column(data, name) for name in (*GROUPS, *RANKS, *MARKS)}
    before = np.array([staff[name] for name in GROUPS]).sum(axis=0)
    mine = np.flatnonzero(public(data) & (before > 0))
    left = max(round(float(before[mine].sum()) - senior_teachers(data)), len(mine))
    for index, now in zip(mine.tolist(), shared_out(left, before[mine]).tolist(), strict=True):
        fewer(staff, index, now, now / float(before[index]))
    return replace(data, schools=data.schools.assign(**staff))


def fewer(staff: dict[str, Ints], index: int, teachers: int, share: float) -> None:
    """Leave a school so many junior teachers, of subjects and titles as before, and a share of each mark."""
    for names in (GROUPS, RANKS):
        for name, left in zip(names, shared_out(teachers, [staff[name][index] for name in names]), strict=True):
            staff[name][index] = left
    for name in MARKS:
        staff[name][index] = min(round(share * float(staff[name][index])), teachers)


def junior_posts(district: str | None = None) -> pd.DataFrame:
    """Return by reading, at public junior schools in the first year: pupils, teachers, pupils per teacher, and what the
    norm of posts allows (no run is needed).
    """
    data = load_district(district or default_district())
    mine, grades = public(data), data.system.columns_of(JUNIOR)
    pupils = float(sum(column(data, name)[mine].sum() for name in grades))
    allowed = pupils / value_of("staffing_ratio.junior") * (1.0 - value_of("non_teaching_share"))
    rows = {}
    for reading in READINGS:
        read = read_as(data, reading)
        teachers = float(sum(column(read, name)[mine].sum() for name in GROUPS))
        ratios = {"teachers_per_pupil": teachers / pupils, "pupils_per_teacher": pupils / teachers}
        norm = {"allowed": allowed, "above_norm": teachers - allowed}
        rows[reading] = {"pupils": pupils, "teachers": teachers} | ratios | norm
    return pd.DataFrame(rows).T.rename_axis("senior staff")


def both_readings(
    replications: int = 5, first_seed: int = 1, jobs: int = 1, district: str | None = None
) -> pd.DataFrame:
    """Return by reading and quantity the median and 5-95 % over replications: junior teachers per class and surplus,
    what T1 alone moves and changes in ten years, staff pay. Posts' growth is not fitted anew.
    """
    from joblib import Parallel, delayed

    data = load_district(district or default_district())
    seeds = range(first_seed, first_seed + replications)
    rows = []
    for reading in READINGS:
        found = pd.DataFrame(Parallel(n_jobs=jobs)(delayed(effects)(seed, read_as(data, reading)) for seed in seeds))
        for name in found:
            low, median, high = (float(found[name].quantile(q)) for q in (LOW, 0.5, HIGH))
            rows.append({"senior staff": reading, "quantity": name, "median": median, "low": low, "high": high})
    return pd.DataFrame(rows)


def effects(seed: int, data: DistrictData) -> dict[str, float]:
    """Return what one replication makes of a district's junior staff, without and with T1."""
    first, last = years_of(data)
    usual, moved = (whole(District(name, seed=seed, data=data).run(to=last)) for name in ("baseline", T1))
    found = {}
    for year in (first, last):
        found[f"junior teachers per class, {year}"] = (
            usual["teachers", "junior", year] / usual["classes", "junior", year]
        )
        found[f"junior teachers above the norm, {year}"] = usual["surplus_teachers", "junior", year]
        found[f"staff pay, {year}, million yuan"] = usual["cost_staff", "all", year] / 1e6
    found["junior teachers moved by T1"] = float(moved["released", "junior"].sum())
    for name in ("cv_teachers", "cv_composite"):
        found[f"T1: {name}, junior, {last}"] = moved[name, "junior", last] - usual[name, "junior", last]
    paid = [float(table["cost_staff", "all"].sum()) for table in (moved, usual)]
    found[f"T1: staff pay to {last}, million yuan"] = (paid[0] - paid[1]) / 1e6
    return found


def whole(district: District) -> pd.Series:
    """Return the table of district and year for everybody, by indicator, stage and year."""
    table = district.tables()["district_year"]
    table = table[table["group"] == "all"]
    return table.set_index(["indicator", "stage", "year"])["value"].sort_index()
