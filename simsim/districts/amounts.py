"""Amounts per school that give published means per pupil and coefficients of
variation: small equations, then whole numbers.

How schools differ is a given direction `z` (one number a school, from size and chance); only its
level and its scale are solved, so that the mean and the CV of each stage hold. Counts of people
are rounded and repaired by moving single persons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares
from scipy.special import expit, logit

from simsim.base.arrays import Floats, Ints
from simsim.base.balance import weighted_cv, weighted_mean

F = TypeVar("F", float, Floats)
PRECISION = 1e-13
GOOD_ENOUGH = 1e-8
MOST_MOVES = 2000
NEAREST = 3
"""How many schools on each side of the right loss are looked at: the right one and those that may not give."""
WEIGHED = 64
"""How many steps of the best sketches are weighed exactly."""


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

    start = logit(np.clip((mean * pupils.sum() - least.sum()) / max((most - least).sum(), 1), 0.02, 0.98))
    solved = _solve(lambda x: _gaps(amounts(x), pupils, mean, cv), np.array([start, 1.0]))
    return repaired(np.rint(amounts(solved)).astype(np.int64), pupils, mean, cv, least, most)


def repaired(people: Ints, pupils: Floats, mean: float, cv: float, least: Ints, most: Ints) -> Ints:
    """Move single persons (in, out, or between two schools) while that brings
    the mean and the CV closer to the targets.

    Of all such steps the best is taken; a sketch of their distances, from sums alone, finds the few worth weighing.
    """
    people = people.clip(least, most)
    best = _distance(people[None, :], pupils, mean, cv)[0]
    for _ in range(MOST_MOVES):
        gives, gets = _near_steps(people, pupils, mean, cv, least, most)
        trial = np.repeat(people[None, :], len(gives), axis=0)
        rows = np.arange(len(gives))
        for school, change in ((gives, -1), (gets, 1)):
            trial[rows[school >= 0], school[school >= 0]] += change
        distance = _distance(trial, pupils, mean, cv)
        winner = int(np.argmin(np.round(distance, 15))) if len(gives) else -1
        if best <= GOOD_ENOUGH or winner < 0 or distance[winner] >= best:
            break
        people, best = trial[winner], distance[winner]
    return people


def _near_steps(people: Ints, pupils: Floats, mean: float, cv: float, least: Ints, most: Ints) -> tuple[Ints, Ints]:
    """Return the most promising steps: which school gives and which gets a person (-1: none), in a fixed order.

    Mean and spread hang on the sums of people and of their squares per pupil. A person who moves between two schools
    leaves the mean, so that for each school that gets one, those are near whose loss makes the sum of squares right.
    """
    total = pupils.sum()
    up = np.where(people < most, (2 * people + 1) / (pupils * total), np.inf)
    down = np.where(people > least, (1 - 2 * people) / (pupils * total), np.inf)
    square, level = float(people**2 @ (1 / (pupils * total))), float(people.sum() / total)
    gives, gets = _near_pairs(up, down, level**2 * (1 + cv**2) - square)
    n, none = np.arange(len(people)), np.full(len(people), -1)
    gives, gets = np.concatenate([none, n, gives]), np.concatenate([n, none, gets])
    change = np.where(gets < 0, 0.0, up[gets]) + np.where(gives < 0, 0.0, down[gives])
    means = level + ((gets >= 0) * 1.0 - (gives >= 0)) / total
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.maximum(square + change - means**2, 0.0))
        sketch = (means / mean - 1) ** 2 + gap(spread / means, cv) ** 2
    sketch[~np.isfinite(change) | (means <= 0)] = np.inf
    near = np.argpartition(sketch, WEIGHED)[:WEIGHED] if len(sketch) > WEIGHED else np.arange(len(sketch))
    near = near[np.isfinite(sketch[near])]
    # Singles by school and direction, then pairs by who gets: where two steps are equally good the first is taken.
    gives, gets, m = gives[near], gets[near], len(people)
    place = np.where(gives < 0, 2 * gets, np.where(gets < 0, 2 * gives + 1, 2 * m + gets * m + gives))
    order = np.argsort(place, kind="stable")
    return gives[order], gets[order]


def _near_pairs(up: Floats, down: Floats, wanted: float) -> tuple[Ints, Ints]:
    """Return for each school that could get a person those whose loss brings the sum of squares nearest `wanted`."""
    order = np.argsort(down, kind="stable")
    at = np.searchsorted(down[order], wanted - up)
    ranks = (at[:, None] + np.arange(-NEAREST, NEAREST)).clip(0, len(down) - 1)
    gives, gets = order[ranks].ravel(), np.repeat(np.arange(len(up)), 2 * NEAREST)
    other = gives != gets
    return gives[other], gets[other]


def _distance(people: Ints, pupils: Floats, mean: float, cv: float) -> Floats:
    """Return for each row of counts (m, n) the squared relative gaps of mean and CV, added."""
    share = pupils / pupils.sum()
    each = people / pupils
    means = each @ share
    spread = np.sqrt(((each - means[:, None]) ** 2) @ share)
    result: Floats = (means / mean - 1) ** 2 + gap(spread / means, cv) ** 2
    return result


def gap(found: F, target: float) -> F:
    """Return how far numbers are from a target, relative to it unless it is 0."""
    return found / target - 1 if target else found


def _gaps(amount: Floats, pupils: Floats, mean: float, cv: float) -> Floats:
    """Return the relative gaps of mean and CV of one stage."""
    return np.array([weighted_mean(amount, pupils) / mean - 1, gap(weighted_cv(amount, pupils), cv)])


def _solve(gaps: Callable[[Floats], Floats], start: Floats) -> Floats:
    """Return the root nearest to `start`, or the point with the smallest gaps."""
    solution: Floats = least_squares(gaps, start, xtol=PRECISION, ftol=PRECISION, gtol=PRECISION, max_nfev=500).x
    return solution
