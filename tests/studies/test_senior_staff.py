"""The two readings of the published junior teachers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.studies.face_validity import known
from simsim.studies.senior_staff import (
    EXCLUDED,
    GROUPS,
    INCLUDED,
    MARKS,
    RANKS,
    junior_posts,
    read_as,
    senior_teachers,
)

DATA = load_district("erdao")
READ = read_as(DATA, INCLUDED)


def staff(schools: pd.DataFrame) -> pd.Series[int]:
    return schools[list(GROUPS)].sum(axis=1)


def test_senior_pupils_need_teachers_by_the_norm_of_posts():
    seniors = np.zeros(len(DATA.schools), int)
    seniors[:2] = 250, 1000
    per_staff = known()["senior_pupils_per_staff"]["value"]
    assert senior_teachers(replace(DATA, schools=DATA.schools.assign(senior_pupils=seniors))) == 1250 / per_staff * 0.9


def test_the_usual_reading_leaves_the_district_as_it_is():
    assert read_as(DATA, EXCLUDED) is DATA


def test_with_senior_staff_in_it_so_many_fewer_are_junior_teachers_and_nothing_else_changes():
    gone = staff(DATA.schools).sum() - staff(READ.schools).sum()
    assert gone == pytest.approx(senior_teachers(DATA), abs=1.0)
    rest = [name for name in DATA.schools if name not in (*GROUPS, *RANKS, *MARKS)]
    pd.testing.assert_frame_equal(DATA.schools[rest], READ.schools[rest])
    private = DATA.schools["ownership"] == "private"
    pd.testing.assert_frame_equal(DATA.schools[private], READ.schools[private])


def test_titles_and_marks_still_fit_the_teachers_of_every_school():
    schools = READ.schools
    assert (schools[list(RANKS)].sum(axis=1) == staff(schools)).all()
    assert all((schools[name] <= staff(schools)).all() and (schools[name] >= 0).all() for name in MARKS)


def test_every_public_school_has_the_same_share_fewer():
    public = DATA.schools["ownership"] == "public"
    before, left = staff(DATA.schools)[public], staff(READ.schools)[public]
    assert (left - before * left.sum() / before.sum()).abs().max() < 1.0


def test_posts_under_both_readings_are_seen_without_a_run():
    table = junior_posts("erdao")
    assert table["pupils"].nunique() == 1
    assert table.loc[EXCLUDED, "above_norm"] - table.loc[INCLUDED, "above_norm"] == pytest.approx(
        table.loc[EXCLUDED, "teachers"] - table.loc[INCLUDED, "teachers"]
    )
