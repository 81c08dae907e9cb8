"""Amounts for schools: totals, means and spreads are met exactly."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from simsim.base.arrays import Floats, Ints
from simsim.base.balance import weighted_cv, weighted_mean
from simsim.districts.amounts import GOOD_ENOUGH, counts, facilities, repaired, shared_out


def test_sharing_out_keeps_the_total_and_gives_ties_to_the_first() -> None:
    assert shared_out(10, [1, 1, 1]).tolist() == [4, 3, 3]
    assert shared_out(0, [1, 2]).tolist() == [0, 0]
    assert shared_out(7, [0, 3.5, 3.5]).tolist() == [0, 4, 3]


def test_facilities_of_single_stage_schools_meet_mean_and_cv_exactly() -> None:
    pupils = np.array([[100, 200, 300, 0, 0, 0], [0, 0, 0, 100, 150, 90], [0, 0, 0, 0, 0, 0]], dtype=float)
    z = np.array([1.0, -0.5, 0.2, 0.9, -1.0, 0.1])
    gap, amounts = facilities(
        pupils, np.array([1.0, 1.1, 1.32]), z, np.array([4.0, 6.0]), np.array([0.3, 0.4]), np.full(6, np.nan)
    )
    assert gap < 1e-9
    assert weighted_mean(amounts[:3], pupils[0, :3]) == pytest.approx(4) and weighted_cv(
        amounts[3:], pupils[1, 3:]
    ) == pytest.approx(0.4)


def test_counts_stay_within_their_bounds() -> None:
    pupils, least, most = np.array([300.0, 500, 700, 900]), np.array([10, 17, 24, 30]), np.array([75, 125, 175, 225])
    found = counts(pupils, np.array([1.0, 0.5, -0.5, -1.0]), 0.08, 0.35, least, most)
    assert ((found >= least) & (found <= most)).all()
    assert weighted_mean(found, pupils) == pytest.approx(0.08, rel=0.01) and weighted_cv(
        found, pupils
    ) == pytest.approx(0.35, rel=0.01)


def plainly_repaired(people: Ints, pupils: Floats, mean: float, cv: float, least: Ints, most: Ints) -> Ints:
    """Do the same by weighing every single person and every pair of schools in every step."""
    share = pupils / pupils.sum()

    def distance(each: Floats) -> Floats:
        means = each @ share
        spread = np.sqrt(((each - means[:, None]) ** 2) @ share)
        return (means / mean - 1) ** 2 + (spread / means / cv - 1) ** 2

    moves = [(school, step) for school in range(len(people)) for step in (1, -1)]
    steps = [(move,) for move in moves] + [two for two in product(moves[::2], moves[1::2]) if two[0][0] != two[1][0]]
    matrix = np.zeros((len(steps), len(people)), dtype=np.int64)
    for row, step in enumerate(steps):
        for school, change in step:
            matrix[row, school] += change
    best = distance(people[None] / pupils)[0]
    while best > GOOD_ENOUGH:
        trial = people + matrix
        allowed = ((trial >= least) & (trial <= most)).all(axis=1)
        found = np.where(allowed, distance(trial / pupils), np.inf)
        winner = int(np.argmin(np.round(found, 15)))
        if found[winner] >= best:
            break
        people, best = trial[winner], found[winner]
    return people


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_persons_move_as_in_a_search_through_all_pairs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 25))
    pupils = rng.integers(20, 1500, n).astype(float)
    least, most = np.ceil(pupils / 30).astype(int), np.floor(pupils / 4).astype(int)
    people = (np.rint(pupils * rng.uniform(0.06, 0.08)).astype(int) + rng.integers(-3, 4, n)).clip(least, most)
    asked = (people, pupils, 0.07, float(rng.uniform(0.05, 0.4)), least, most)
    assert repaired(*asked).tolist() == plainly_repaired(*asked).tolist()


def test_one_school_has_no_spread() -> None:
    one = np.array([100.0])
    found = counts(one, np.zeros(1), 0.07, 0.0, np.array([4]), np.array([25]))
    assert found.tolist() == [7]
