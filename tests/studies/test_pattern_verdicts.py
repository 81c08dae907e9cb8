"""Verdicts of patterns: exact cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.studies.pattern_verdicts import (
    FAIL,
    NOT_COMPUTABLE,
    NOT_DECIDED,
    NOT_JUDGED,
    PASS,
    judge,
    mean_interval,
    share_interval,
    together,
)


def test_the_interval_of_a_mean_is_students():
    # mean 2, SD 1, n 4: half-width 3.182446 / 2
    assert mean_interval([1.0, 2.0, 2.0, 3.0]) == pytest.approx(
        (2 - 3.182446 * np.sqrt(2 / 3) / 2, 2 + 1.299228), abs=1e-5
    )
    # two values 0 and 2: mean 1, standard error 1, t with one degree of freedom 12.706205
    assert mean_interval([0.0, 2.0]) == pytest.approx((1 - 12.706205, 1 + 12.706205), abs=1e-5)


def test_one_replication_decides_nothing_and_equal_ones_decide_everything():
    assert mean_interval([0.5]) == (-np.inf, np.inf)
    assert judge(mean_interval([0.5]), 0.0, 1.0) == NOT_DECIDED
    assert judge(mean_interval([1.0, 1.0, 1.0]), 1.0, 1.0) == PASS


def test_the_interval_of_a_share_is_exact():
    assert share_interval(6, 6) == pytest.approx((0.025 ** (1 / 6), 1.0))
    assert share_interval(0, 6) == pytest.approx((0.0, 1.0 - 0.025 ** (1 / 6)))
    assert share_interval(1, 2) == pytest.approx((1 - np.sqrt(0.975), np.sqrt(0.975)))


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.2, 0.8), PASS),
        ((0.0, 1.0), PASS),
        ((-0.1, 0.5), NOT_DECIDED),
        ((0.5, 1.1), NOT_DECIDED),
        ((-0.1, 1.1), NOT_DECIDED),
        ((1.1, 1.2), FAIL),
        ((-0.2, -0.1), FAIL),
        ((1.0, 1.2), NOT_DECIDED),
    ],
)
def test_an_interval_that_straddles_an_edge_is_not_decided(interval, verdict):
    assert judge(interval, 0.0, 1.0) == verdict


def test_an_open_range_has_one_edge():
    assert judge((-9.0, 0.004), -np.inf, 0.005) == PASS
    assert judge((-9.0, 0.006), -np.inf, 0.005) == NOT_DECIDED
    assert judge((0.006, 0.007), -np.inf, 0.005) == FAIL


def test_a_whole_fails_with_one_part_and_passes_with_all_that_are_judged():
    assert together([PASS, PASS, NOT_JUDGED]) == PASS
    assert together([PASS, NOT_DECIDED]) == NOT_DECIDED
    assert together([PASS, NOT_DECIDED, FAIL]) == FAIL
    assert together([NOT_JUDGED, NOT_JUDGED]) == NOT_JUDGED
    assert together([NOT_COMPUTABLE]) == NOT_COMPUTABLE
