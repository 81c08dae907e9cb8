"""Amounts per school that give published means per pupil and coefficients of
variation: small equations, then whole numbers.

How schools differ is a given direction `z` (one number a school, from size and chance); only its
level and its scale are solved, so that the mean and the CV of each stage hold. Counts of people
are rounded and repaired by moving single persons.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares
from scipy.special import expit, logit

from simsim.base.arrays import Floats, Ints
from simsim.base.balance import weighted_cv, weighted_mean

PRECISION = 1e-13
GOOD_ENOUGH = 1e-8
MOST_MOVES = 2000


def shared_out(total: int, weights: ArrayLike) -> Ints:
    """Share `total` whole things by weights, by largest remainder (ties to the first)."""
    parts = np.asarray(weights, dtype=np.float64)
    exact = total * parts / parts.sum()
    whole: Ints = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-np.round(exact - whole, 9), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def facilities(
    pupils: Floats, weights: Floats, z: Floats, means: Floats, cvs: Floats, known: Floats
) -> tuple[float, Floats]:
    """Return the largest relative gap, and the amount of a facility in every school
    that gives both stages their mean and CV.

    `pupils` is (3, n) by primary, junior and senior stage, `weights` (3,) the official splitting weights, `z` (n),
    `means` and `cvs` (2,), `known` (n) amounts given beforehand or NaN. The amount per weighted pupil is exp(level +
    scale z); a school of several stages lies between its stages' levels and scales.
    """
    claims = pupils * weights[:, None]
    part = claims[0] / claims.sum(axis=0)

    def amounts(x: Floats) -> Floats:
        mix = part * (x[0] + x[1] * z) + (1 - part) * (x[2] + x[3] * z)
        return np.where(np.isnan(known), claims.sum(axis=0) * np.exp(np.clip(mix, -30, 30)), known)

    def gaps(x: Floats) -> Floats:
        per_claim = amounts(x) / claims.sum(axis=0)
        return np.concatenate([_gaps(per_claim * claims[s], pupils[s], means[s], cvs[s]) for s in (0, 1)])

    levels = np.log(means / weights[:2])
    solved = _solve(gaps, np.array([levels[0], cvs[0], levels[1], cvs[1]]))
    return float(np.abs(gaps(solved)).max()), amounts(solved)


def counts(pupils: Floats, z: Floats, mean: float, cv: float, least: Ints, most: Ints) -> Ints:
    """Return whole numbers of people (n) between `least` and `most`, with this
    mean per pupil and this CV between schools.
    """

    def amounts(x: Floats) -> Floats:
        people: Floats = least + (most - least) * expit(x[0] + x[1] * z)
        return people

    start = logit(np.clip((mean * pupils.sum() - least.sum()) / (most - least).sum(), 0.02, 0.98))
    solved = _solve(lambda x: _gaps(amounts(x), pupils, mean, cv), np.array([start, 1.0]))
    return repaired(np.rint(amounts(solved)).astype(np.int64), pupils, mean, cv, least, most)


def repaired(people: Ints, pupils: Floats, mean: float, cv: float, least: Ints, most: Ints) -> Ints:
    """Move single persons (in, out, or between two schools) while that brings
    the mean and the CV closer to the targets.
    """
    people = people.clip(least, most)
    n = len(people)
    moves = [(i, step) for i in range(n) for step in (1, -1)]
    steps = [(move,) for move in moves] + [
        pair for pair in product(moves[::2], moves[1::2]) if pair[0][0] != pair[1][0]
    ]
    matrix = np.zeros((len(steps), n), dtype=np.int64)
    for row, step in enumerate(steps):
        for school, change in step:
            matrix[row, school] += change
    best = _distance(people[None, :], pupils, mean, cv)[0]
    for _ in range(MOST_MOVES):
        trial = people + matrix
        allowed = ((trial >= least) & (trial <= most)).all(axis=1)
        distance = np.where(allowed, _distance(trial, pupils, mean, cv), np.inf)
        winner = int(np.argmin(np.round(distance, 15)))
        if best <= GOOD_ENOUGH or distance[winner] >= best:
            break
        people, best = trial[winner], distance[winner]
    return people


def _distance(people: Ints, pupils: Floats, mean: float, cv: float) -> Floats:
    """Return for each row of counts (m, n) the squared relative gaps of mean and CV, added."""
    share = pupils / pupils.sum()
    each = people / pupils
    means = each @ share
    spread = np.sqrt(((each - means[:, None]) ** 2) @ share)
    result: Floats = (means / mean - 1) ** 2 + (spread / means / cv - 1) ** 2
    return result


def _gaps(amount: Floats, pupils: Floats, mean: float, cv: float) -> Floats:
    """Return the relative gaps of mean and CV of one stage."""
    return np.array([weighted_mean(amount, pupils) / mean - 1, weighted_cv(amount, pupils) / cv - 1])


def _solve(gaps: Callable[[Floats], Floats], start: Floats) -> Floats:
    """Return the root nearest to `start`, or the point with the smallest gaps."""
    solution: Floats = least_squares(gaps, start, xtol=PRECISION, ftol=PRECISION, gtol=PRECISION, max_nfev=500).x
    return solution
