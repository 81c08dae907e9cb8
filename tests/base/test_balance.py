"""The official indicators reproduce their published examples, and behave at the edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsim.base.balance import composite, schools_pass, split, weighted_cv, weighted_cvs, weighted_mean
from simsim.inputs.standards import load_standard

BOOKS, PUPILS = [279, 137, 935, 160, 402], [45, 37, 89, 76, 55]
WEIGHTS = load_standard("basic-2012").split_weights
schools = st.lists(st.tuples(st.floats(0, 1e6), st.integers(1, 5000)), min_size=1, max_size=40)


def test_the_published_example_of_five_schools_is_reproduced() -> None:
    assert weighted_cv(BOOKS, PUPILS) == pytest.approx(0.515257, abs=5e-7)
    assert weighted_mean(BOOKS, PUPILS) == pytest.approx(6.334437, abs=5e-7)
    assert weighted_cv(BOOKS, PUPILS, weighted=False) == pytest.approx(0.488771, abs=5e-7)


def test_the_published_split_of_a_nine_year_school_is_reproduced() -> None:
    primary, junior, senior = split(23_226, 166, 210, 0, WEIGHTS)
    assert (round(float(primary), 1), round(float(junior), 1), float(senior)) == (9711.6, 13514.4, 0.0)


def test_a_senior_pupil_counts_a_fifth_more_than_a_junior_pupil() -> None:
    _, junior, senior = split(220, 0, 100, 100, WEIGHTS)
    assert senior / junior == pytest.approx(1.2)


def test_splitting_loses_nothing_and_gives_nothing_to_parts_without_pupils() -> None:
    amounts = np.array([100.0, 50.0, 70.0, 10.0])
    parts = np.array(split(amounts, [10, 0, 5, 0], [10, 10, 5, 0], [0, 0, 5, 0], WEIGHTS))
    assert parts.sum(axis=0) == pytest.approx([100, 50, 70, 0])
    assert parts[0, 1] == 0 and parts[2, 0] == 0


def test_schools_without_pupils_are_left_out() -> None:
    assert weighted_cv([*BOOKS, 999], [*PUPILS, 0]) == weighted_cv(BOOKS, PUPILS)


def test_no_pupils_or_no_books_give_no_number_rather_than_a_false_one() -> None:
    assert (
        math.isnan(weighted_cv([], []))
        and math.isnan(weighted_cv([5], [0]))
        and math.isnan(weighted_cv([0, 0], [3, 4]))
    )
    assert math.isnan(composite([])) and math.isnan(composite([0.1, math.nan]))


def test_the_composite_is_the_plain_mean_as_in_the_published_table_of_erdao() -> None:
    assert composite([0.246, 0.471, 0.388, 0.299, 0.189, 0.475, 0.479, 0.533]) == pytest.approx(0.385, abs=5e-4)
    assert composite([0.441, 0.494, 0.495, 0.311, 0.388, 0.365, 0.236, 0.493]) == pytest.approx(0.403, abs=5e-4)


def test_amounts_and_pupils_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same schools"):
        weighted_cv([1, 2, 3], [1, 2])


@given(schools, st.floats(1e-3, 1e3))
def test_a_cv_is_never_negative_and_ignores_the_unit(rows: list[tuple[float, int]], factor: float) -> None:
    amounts, pupils = np.array([a for a, _ in rows]), [p for _, p in rows]
    if amounts.sum() > 1e-3:
        cv = weighted_cv(amounts, pupils)
        assert cv >= 0
        assert weighted_cv(amounts * factor, pupils) == pytest.approx(cv, rel=1e-9, abs=1e-9)


@given(schools)
def test_a_school_counts_as_its_pupils_would_one_by_one(rows: list[tuple[float, int]]) -> None:
    per_pupil = np.repeat([a / p for a, p in rows], [min(p, 50) for _, p in rows])
    small = [(a * min(p, 50) / p, min(p, 50)) for a, p in rows]
    if per_pupil.sum() > 1e-3:
        assert weighted_cv(*zip(*small, strict=True)) == pytest.approx(
            per_pupil.std() / per_pupil.mean(), rel=1e-6, abs=1e-9
        )


def test_equal_provision_has_no_variation() -> None:
    assert weighted_cvs([[10, 20, 30], [1, 2, 3]], [100, 200, 300]) == pytest.approx([0, 0], abs=1e-12)


def test_a_school_passes_with_six_of_seven_only_if_the_seventh_reaches_85_percent() -> None:
    minimums = np.ones(7)
    table = np.ones((7, 4))
    table[0, 1], table[0, 2], table[:2, 3] = 0.85, 0.84, 0.9
    assert schools_pass(table, minimums, needed=6, floor=0.85).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("amounts", "pupils"),
    [
        (["1", "2"], [10, 10]),
        ([True, False], [10, 10]),
        ([1, 2], [10, math.nan]),
        ([[1, 2], [3, 4]], [10, 10]),
        (pd.Series([1, 2]), pd.Series([10, 20], index=[1, 0])),
    ],
)
def test_what_would_be_taken_for_other_numbers_is_refused(amounts, pupils) -> None:
    with pytest.raises(ValueError, match="must be numbers|of different schools"):
        weighted_cv(amounts, pupils)
    assert weighted_cv(pd.Series([1, 2]), pd.Series([10, 10])) == weighted_cv([1, 2], [10, 10]) > 0
