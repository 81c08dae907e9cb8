"""Measures of inequality and segregation have their known limits, add up, and agree with scipy where it has them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats as ss
from hypothesis import given
from hypothesis import strategies as st

from simsim.base import inequality as iq
from simsim.inputs.standards import load_standard

RATIO_SCALE = (
    iq.theil,
    iq.gini,
    lambda a, p: iq.atkinson(a, p, 0.5),
    lambda a, p: iq.atkinson(a, p, 1),
    lambda a, p: iq.atkinson(a, p, 2),
)
EQUAL, HEADS = [100.0, 200.0, 300.0], [10, 20, 30]

rows = st.lists(st.tuples(st.floats(0.01, 1e4), st.integers(1, 2000), st.integers(0, 3)), min_size=1, max_size=30)
counts = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=12)


def columns(data: list[tuple[float, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    per_pupil, pupils, groups = (np.array(c) for c in zip(*data, strict=True))
    return per_pupil * pupils, pupils, groups


def test_equal_provision_shows_no_inequality() -> None:
    assert [f(EQUAL, HEADS) for f in RATIO_SCALE] == pytest.approx([0] * 5, abs=1e-12)
    assert iq.federal_range_ratio(EQUAL, HEADS) == pytest.approx(0) and iq.mcloone(EQUAL, HEADS) == pytest.approx(1)


def test_one_school_with_everything_reaches_the_known_limits() -> None:
    amounts, pupils = [0, 0, 0, 50], [25, 25, 25, 25]
    assert iq.theil(amounts, pupils) == pytest.approx(math.log(4))
    assert iq.gini(amounts, pupils) == pytest.approx(0.75)
    assert iq.atkinson(amounts, pupils, 1) == 1 and iq.atkinson(amounts, pupils, 2) == 1
    assert iq.atkinson(amounts, pupils, 0.5) == pytest.approx(0.75)
    assert math.isnan(iq.mcloone(amounts, pupils)) and math.isnan(iq.federal_range_ratio(amounts, pupils))


def test_two_groups_apart_leave_nothing_within_and_two_alike_nothing_between() -> None:
    amounts, pupils = [10, 20, 90, 60], [10, 20, 30, 20]
    apart = iq.theil_parts(amounts, pupils, ["a", "a", "b", "b"])
    assert apart.within == pytest.approx(0, abs=1e-12) and apart.between == pytest.approx(apart.total)
    alike = iq.theil_parts([10, 30, 10, 30], [10, 10, 10, 10], ["a", "a", "b", "b"])
    assert (
        alike.between == pytest.approx(0, abs=1e-12) and alike.within == pytest.approx(alike.total) and alike.total > 0
    )


def test_mcloone_compares_exactly_the_lower_half_of_pupils_with_the_median() -> None:
    assert iq.mcloone([50, 100, 300], [50, 50, 50]) == pytest.approx((1 / 3 * 1 + 1 / 6 * 2) / (0.5 * 2))
    assert iq.mcloone([49, 102], [49, 51]) == pytest.approx((0.49 * 1 + 0.01 * 2) / (0.5 * 2))


def test_the_federal_range_compares_the_95th_with_the_5th_percentile_of_pupils() -> None:
    assert iq.federal_range_ratio(np.arange(1, 101), np.ones(100)) == pytest.approx((95 - 5) / 5)


def test_schools_without_pupils_are_left_out() -> None:
    for measure in (*RATIO_SCALE, iq.mcloone, iq.federal_range_ratio):
        assert measure([10, 30, 99], [10, 10, 0]) == measure([10, 30], [10, 10])
    assert iq.theil_parts([10, 30, 99], [10, 10, 0], [1, 2, 1]) == iq.theil_parts([10, 30], [10, 10], [1, 2])


def test_nothing_to_share_gives_no_number() -> None:
    for measure in (*RATIO_SCALE, iq.mcloone, iq.federal_range_ratio):
        assert math.isnan(measure([], [])) and math.isnan(measure([0, 0], [3, 4])) and math.isnan(measure([5], [0]))
    assert all(math.isnan(part) for part in iq.theil_parts([0, 0], [3, 4], [1, 2]))


def test_negative_amounts_and_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        iq.gini([-1, 2], [1, 1])
    with pytest.raises(ValueError, match="same schools"):
        iq.theil([1, 2], [1])
    with pytest.raises(ValueError, match="epsilon"):
        iq.atkinson([1, 2], [1, 1], -1)


@given(rows, st.floats(1e-3, 1e3))
def test_the_unit_does_not_matter(data: list[tuple[float, int, int]], factor: float) -> None:
    amounts, pupils, _ = columns(data)
    for measure in (*RATIO_SCALE, iq.mcloone):
        assert measure(amounts * factor, pupils) == pytest.approx(measure(amounts, pupils), rel=1e-6, abs=1e-9)


@given(rows)
def test_every_measure_stays_within_its_bounds(data: list[tuple[float, int, int]]) -> None:
    amounts, pupils, _ = columns(data)
    smallest = (pupils / pupils.sum()).min()
    assert -1e-12 <= iq.theil(amounts, pupils) <= -math.log(smallest) + 1e-9
    assert 0 <= iq.gini(amounts, pupils) <= 1 - smallest + 1e-9
    half, one, five = (iq.atkinson(amounts, pupils, e) for e in (0.5, 1, 5))
    assert 0 <= half <= one + 1e-9 <= five + 2e-9 <= 1 + 2e-9
    assert 0 < iq.mcloone(amounts, pupils) <= 1 and iq.federal_range_ratio(amounts, pupils) >= 0


@given(rows)
def test_theils_parts_add_up_to_the_whole(data: list[tuple[float, int, int]]) -> None:
    amounts, pupils, groups = columns(data)
    total, between, within = iq.theil_parts(amounts, pupils, groups)
    inside = sum(
        amounts[groups == g].sum() / amounts.sum() * iq.theil(amounts[groups == g], pupils[groups == g])
        for g in set(groups)
    )
    assert (
        between >= -1e-12
        and between + within == pytest.approx(total, abs=1e-9)
        and within == pytest.approx(inside, abs=1e-9)
    )


@given(rows, st.integers(2, 5))
def test_splitting_a_school_into_equal_halves_changes_nothing(data: list[tuple[float, int, int]], parts: int) -> None:
    amounts, pupils, _ = columns(data)
    for measure in RATIO_SCALE:
        whole = measure(amounts, pupils * parts)
        assert measure(np.repeat(amounts / parts, parts), np.repeat(pupils, parts)) == pytest.approx(whole, abs=1e-9)


@given(rows)
def test_theil_atkinson_and_gini_agree_with_scipy(data: list[tuple[float, int, int]]) -> None:
    amounts, pupils, _ = columns(data)
    per_pupil, mean = amounts / pupils, amounts.sum() / pupils.sum()
    assert iq.theil(amounts, pupils) == pytest.approx(
        ss.entropy(amounts / amounts.sum(), pupils / pupils.sum()), abs=1e-9
    )
    assert iq.atkinson(amounts, pupils, 1) == pytest.approx(1 - ss.gmean(per_pupil, weights=pupils) / mean, abs=1e-9)
    assert iq.atkinson(amounts, pupils, 2) == pytest.approx(1 - ss.hmean(per_pupil, weights=pupils) / mean, abs=1e-9)
    assert iq.atkinson(amounts, pupils, 0.5) == pytest.approx(
        1 - ss.pmean(per_pupil, 0.5, weights=pupils) / mean, abs=1e-9
    )
    pairs = np.abs(per_pupil[:, None] - per_pupil) * pupils[:, None] * pupils
    assert iq.gini(amounts, pupils) == pytest.approx(pairs.sum() / pupils.sum() ** 2 / 2 / mean, abs=1e-9)


def test_schools_apart_are_wholly_segregated_and_schools_alike_not_at_all() -> None:
    assert iq.dissimilarity([30, 0], [0, 70]) == 1 and iq.dissimilarity([10, 20], [30, 60]) == pytest.approx(0)
    migrants, schools = np.repeat([1, 0], [30, 70]), np.repeat([1, 2], [30, 70])
    assert iq.variance_ratio(migrants, schools) == 1
    assert iq.variance_ratio([1, 0, 1, 0], [5, 5, 8, 8]) == pytest.approx(0)


def test_a_group_that_is_nowhere_or_everywhere_cannot_be_segregated() -> None:
    assert math.isnan(iq.dissimilarity([0, 0], [3, 4])) and math.isnan(iq.random_dissimilarity([0, 0], [3, 4]))
    assert math.isnan(iq.dissimilarity([3, 4], [0, 0])) and math.isnan(iq.random_dissimilarity([3, 4], [0, 0]))
    assert math.isnan(iq.variance_ratio([1, 1], [1, 2])) and math.isnan(iq.variance_ratio([], []))
    assert math.isnan(iq.random_variance_ratio([1]))


def test_random_allocation_gives_the_expected_segregation() -> None:
    generator = np.random.Generator(np.random.Philox(7))
    migrant, school = np.repeat([1, 0], [60, 140]), np.repeat(np.arange(5), [10, 20, 40, 50, 80])
    found_d, found_eta = [], []
    for _ in range(3000):
        dealt = generator.permutation(migrant)
        members = np.bincount(school, weights=dealt)
        found_d.append(iq.dissimilarity(members, np.bincount(school) - members))
        found_eta.append(iq.variance_ratio(dealt, school))
    members = np.bincount(school, weights=migrant)
    expected = iq.random_dissimilarity(members, np.bincount(school) - members)
    assert expected == pytest.approx(np.mean(found_d), abs=5 * np.std(found_d) / math.sqrt(3000))
    assert iq.random_variance_ratio(school) == pytest.approx(
        np.mean(found_eta), abs=5 * np.std(found_eta) / math.sqrt(3000)
    )


@given(counts)
def test_the_expected_dissimilarity_agrees_with_scipys_hypergeometric(data: list[tuple[int, int]]) -> None:
    members, others = (np.array(c) for c in zip(*data, strict=True))
    total, group = members.sum() + others.sum(), members.sum()
    if 0 < group < total:
        law = [ss.hypergeom(total, group, n) for n in members + others]
        spread = sum(
            float((np.abs(np.arange(n + 1) - n * group / total) * h.pmf(np.arange(n + 1))).sum())
            for n, h in zip(members + others, law, strict=True)
        )
        assert iq.random_dissimilarity(members, others) == pytest.approx(
            spread * total / (2 * group * (total - group)), abs=1e-9
        )
        assert 0 <= iq.dissimilarity(members, others) <= 1


def test_the_variance_ratio_agrees_with_scipys_analysis_of_variance() -> None:
    generator = np.random.Generator(np.random.Philox(3))
    groups = [generator.normal(shift, 1, 30) for shift in (0, 0.5, 1)]
    f = ss.f_oneway(*groups).statistic
    eta = iq.variance_ratio(np.concatenate(groups), np.repeat([1, 2, 3], 30))
    assert eta == pytest.approx(2 * f / (2 * f + 87))


def test_segregation_beyond_chance_is_nothing_by_lot_and_one_when_complete() -> None:
    assert (
        iq.beyond_random(0.3, 0.3) == 0
        and iq.beyond_random(1, 0.3) == pytest.approx(1)
        and iq.beyond_random(0.1, 0.3) < 0
    )


def test_a_gap_is_counted_in_standard_deviations_of_all_pupils() -> None:
    scores = np.array([1.0, 3.0, 1.0, 3.0])
    assert iq.achievement_gap(scores, scores > 2, scores < 2) == pytest.approx(2)
    assert iq.achievement_gap(scores, [True, True, False, False], [False, False, True, True]) == 0
    assert math.isnan(iq.achievement_gap(scores, scores > 9, scores < 2)) and math.isnan(
        iq.achievement_gap([1, 1], [1, 0], [0, 1])
    )


def test_the_gap_between_top_and_bottom_fifth_ignores_the_order_of_rows() -> None:
    ses = np.arange(10.0)
    gap = iq.tail_gap(ses, ses)
    assert gap == pytest.approx((8.5 - 0.5) / ses.std())
    order = np.array([3, 1, 4, 0, 5, 9, 2, 6, 8, 7])
    assert iq.tail_gap(ses[order], ses[order]) == pytest.approx(gap)
    assert math.isnan(iq.tail_gap([1, 2, 3], [5, 5, 5])) and math.isnan(iq.tail_gap([], []))


def test_distances_large_classes_and_crowding_are_counted_as_named() -> None:
    assert iq.distances(np.arange(101))["distance_p95_km"] == 95 and all(map(math.isnan, iq.distances([]).values()))
    assert iq.large_classes([40, 55, 56, 65, 66, 70], load_standard("basic-2012").class_lines) == {56: 4, 66: 2}
    assert iq.over_capacity([50, 40], [45, 100]) == 5
