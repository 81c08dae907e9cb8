"""Teachers: the columns of one, when the law retires them, and what they add to a class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simsim.base.arrays import Floats, Mask, Rows
from simsim.districts.own import Delay, delayed
from simsim.world.person import Person

# mu, drift: SD a year of a class's score; birth_month, retire_month: months since year 0; degree: codes.DEGREES
COLUMNS: dict[str, type] = {
    "birth_month": np.int32,
    "retire_month": np.int32,
    "female": np.bool_,
    "stage": np.int8,
    "subject": np.int8,
    "degree": np.int8,
    "title": np.int8,
    "title_year": np.int16,
    "backbone": np.bool_,
    "star": np.bool_,
    "public": np.bool_,
    "mu": np.float64,
    "drift": np.float64,
    "coaching": np.float64,
    "monitored": np.float64,
    "experience": np.int16,
    "post": np.int16,
    "home": np.int16,
    "years_in_school": np.int16,
    "moved_year": np.int16,
    "spell_end": np.int16,
    "mandated": np.bool_,
    "trained_year": np.int16,
}

SEPTEMBER_INDEX = 8
TEAM = 3


class Teacher(Person):
    """One teacher: `post` is the school worked at, `home` the school that holds the permanent post."""


def retirement_month(birth_month: Rows, female: Mask, p: dict[str, float], law: tuple[Delay, ...]) -> NDArray[np.int32]:
    """Return the month of retirement (n, months since year 0): at the age of the year's parameters, and later by what
    every step of the district's law adds (`retirement` in its file, or its country's).
    """
    base = birth_month + 12 * np.where(female, p["retire_female_cadre_base"], p["retire_male_base"]).astype(np.int32)
    month: NDArray[np.int32] = delayed(base, law).astype(np.int32)
    return month


def experience_effect(experience: Rows, p: dict[str, float]) -> Floats:
    """Return what experience adds (n, SD against 20 years and more); Papay & Kraft 2015, Rockoff 2004."""
    curve = [
        p["exp_yr0"],
        p["exp_yr1"],
        p["exp_yr2"],
        *[p["exp_yr3_4"]] * 2,
        *[p["exp_yr5_9"]] * 5,
        *[p["exp_yr10_19"]] * 10,
        0.0,
    ]
    return np.array(curve)[np.minimum(experience, len(curve) - 1)]


def team_weight(p: dict[str, float]) -> float:
    """Return the SD of one teacher's mu for which a class's team of three has SD `sd_teacher_composite`.

    Colleagues share a school, so their effectiveness correlates by the square of `corr_teacher_school_ses_init`.
    """
    shared = p["corr_teacher_school_ses_init"] ** 2
    weight: float = p["sd_teacher_composite"] / np.sqrt((1.0 - shared) / TEAM + shared)
    return weight
