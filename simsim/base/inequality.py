"""Measures of inequality and segregation: pure functions of arrays, each with its formula and reference.

Inputs on a ratio scale (money, teachers, square metres) are given as `amounts`, each school's total, and `pupils`, each
school's pupils; a school counts by its pupils and schools without pupils are left out. Write x for a school's amount
per pupil, p for its share of pupils, s for its share of the amount, mu for the mean per pupil. Standardised scores have
no true zero, so none of these measures suits them: compare scores by `achievement_gap` and `variance_ratio`. Where a
measure does not exist (no pupils, nothing to share out) it is NaN.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, rel_entr

from simsim.base.arrays import Floats, Rows

SLACK = 1e-12
"""Slack, relative to all pupils, for a percentile that falls exactly on the edge between two schools."""


class TheilParts(NamedTuple):
    """Theil's T and its two parts: differences between groups' means, and differences inside groups."""

    total: float
    between: float
    within: float


class Shares(NamedTuple):
    """x / mu and p of the schools that have pupils (schools each); both empty when there is nothing to compare."""

    ratio: Floats
    share: Floats


def shares(amounts: ArrayLike | Shares, pupils: ArrayLike) -> Shares:
    """Return what the measures rest on; who takes several of the same amounts gives it to each instead of them.

    ValueError for amounts below zero, or not of the same schools as the pupils.
    """
    if isinstance(amounts, Shares):
        return amounts
    totals, heads = np.asarray(amounts, dtype=np.float64), np.asarray(pupils, dtype=np.float64)
    if totals.shape != heads.shape:
        raise ValueError(f"amounts and pupils must list the same schools, not {totals.shape} and {heads.shape}")
    if (totals < 0).any() or (heads < 0).any():
        raise ValueError("inequality of a ratio-scale input needs amounts and pupils of zero or more")
    open_ = heads > 0
    totals, heads = totals[open_], heads[open_]
    if not totals.sum() > 0:
        return Shares(np.empty(0), np.empty(0))
    share = heads / heads.sum()
    return Shares(totals / totals.sum() / share, share)


def theil(amounts: ArrayLike | Shares, pupils: ArrayLike) -> float:
    """Return Theil's T = sum(s ln(s / p)): 0 if all schools are equal, at most ln(1
    / p) of the only school that has anything.

    Theil, H. (1967). Economics and Information Theory. Amsterdam: North-Holland.

    ValueError when `amounts` and `pupils` do not list the same schools, or one of them is negative.
    """
    ratio, share = shares(amounts, pupils)
    return float(rel_entr(ratio * share, share).sum()) if share.size else float("nan")


def theil_parts(amounts: ArrayLike, pupils: ArrayLike, groups: ArrayLike) -> TheilParts:
    """Return Theil's T = between + within, `groups` naming each school's group (cluster, urban or rural).

    between = sum over groups of S_g ln(S_g / P_g), within = sum of S_g T_g, S_g and P_g being the
    group's shares of amount and pupils. Shorrocks, A. F. (1980). The class of additively decomposable
    inequality measures. Econometrica 48(3), 613-625.
    """
    codes = np.unique(np.asarray(groups), return_inverse=True)[1]
    group_amounts = np.bincount(codes, weights=np.asarray(amounts, dtype=np.float64) * (np.asarray(pupils) > 0))
    between = theil(group_amounts, np.bincount(codes, weights=np.asarray(pupils, dtype=np.float64)))
    total = theil(amounts, pupils)
    return TheilParts(total, between, max(total - between, 0.0) if total == total else total)


def gini(amounts: ArrayLike | Shares, pupils: ArrayLike) -> float:
    """Return Gini = sum over pairs of p_i p_j |x_i - x_j| / (2 mu): 0 if all are equal, 1 - p if one school has all.

    Computed as one minus twice the area under the Lorenz curve. Gini, C. (1912). Variabilita e mutabilita. Bologna:
    Cuppini; Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American
    Statistical Association 9, 209-219.

    ValueError when `amounts` and `pupils` do not list the same schools, or one of them is negative.
    """
    ratio, share = shares(amounts, pupils)
    if not share.size:
        return float("nan")
    order = np.argsort(ratio, kind="stable")
    held = np.cumsum(ratio[order] * share[order])
    return max(float(1 - (share[order] * (held + np.concatenate(([0.0], held[:-1])))).sum()), 0.0)


def atkinson(amounts: ArrayLike | Shares, pupils: ArrayLike, epsilon: float) -> float:
    """Return Atkinson's index 1 - (sum(p (x / mu)^(1 - e)))^(1 / (1 - e)), for e = 1
    one minus geometric over arithmetic mean.

    `epsilon` (0 or more) is the aversion to inequality: 0 cares for the mean only; from 1 on a school with nothing
    makes the index 1; ValueError below 0. Atkinson, A. B. (1970). On the measurement of inequality. Journal of
    Economic Theory 2(3), 244-263.
    """
    if not epsilon >= 0:
        raise ValueError(f"epsilon must be 0 or more, not {epsilon}")
    ratio, share = shares(amounts, pupils)
    if not share.size:
        return float("nan")
    if epsilon >= 1 and (ratio == 0).any():
        return 1.0
    power = 1 - epsilon
    if abs(power) < SLACK:
        return max(float(1 - np.exp((share * np.log(ratio)).sum())), 0.0)
    lowest = ratio.min() if power < 0 else 1.0  # a high aversion would overflow; the scale cancels
    return max(float(1 - lowest * (share * (ratio / lowest) ** power).sum() ** (1 / power)), 0.0)


def weighted_quantile(values: ArrayLike, weights: ArrayLike, share: float) -> float:
    """Return the least value that at least `share` of the weight does not exceed
    (the inverse of the distribution function).
    """
    levels, mass = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    levels, mass = levels[mass > 0], mass[mass > 0]
    if not levels.size:
        return float("nan")
    order = np.argsort(levels, kind="stable")
    reached = np.cumsum(mass[order])
    place = np.searchsorted(reached, (share - SLACK) * reached[-1])
    return float(levels[order][min(int(place), len(levels) - 1)])


def mcloone(amounts: ArrayLike | Shares, pupils: ArrayLike) -> float:
    """Return McLoone's index: what the lower half of pupils has, over what it would have at
    the median; 1 if nobody is below the median.

    The half is exact: of the median school only as many pupils count as fill it. NaN when the median pupil has
    nothing. Berne, R. and Stiefel, L. (1984). The Measurement of Equity in School Finance. Baltimore: Johns Hopkins
    University Press.

    ValueError when `amounts` and `pupils` do not list the same schools, or one of them is negative.
    """
    ratio, share = shares(amounts, pupils)
    median = weighted_quantile(ratio, share, 0.5)
    if not median > 0:
        return float("nan")
    order = np.argsort(ratio, kind="stable")
    upto = np.minimum(np.cumsum(share[order]), 0.5)
    return min(float((np.diff(upto, prepend=0.0) * ratio[order]).sum() / (0.5 * median)), 1.0)


def federal_range_ratio(
    amounts: ArrayLike | Shares, pupils: ArrayLike, *, low: float = 0.05, high: float = 0.95
) -> float:
    """Return the federal range ratio (Q95 - Q5) / Q5 of the amount per pupil over pupils; NaN (not defined) if the
    fifth percentile is 0.

    Berne and Stiefel (1984), as for `mcloone`; the percentiles are those of the United States' federal test of school
    finance.

    ValueError when `amounts` and `pupils` do not list the same schools, or one of them is negative.
    """
    ratio, share = shares(amounts, pupils)
    bottom, top = weighted_quantile(ratio, share, low), weighted_quantile(ratio, share, high)
    return (top - bottom) / bottom if bottom > 0 else float("nan")


def dissimilarity(members: ArrayLike, others: ArrayLike) -> float:
    """Return the dissimilarity index D = 1/2 sum |m / M - o / O|: the share of the group
    that would have to move for an even spread.

    `members` and `others` count each school's pupils of the group (say migrants) and of the rest. NaN when either is
    nowhere. Duncan, O. D. and Duncan, B. (1955). A methodological analysis of segregation indexes. American
    Sociological Review 20(2), 210-217.
    """
    group, rest = np.asarray(members, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if not (group.sum() > 0 and rest.sum() > 0):
        return float("nan")
    return float(np.abs(group / group.sum() - rest / rest.sum()).sum() / 2)


def random_dissimilarity(members: ArrayLike, others: ArrayLike) -> float:
    """Return the D to expect if the group's members were spread at random over the same places, exactly.

    A school of n places then has a hypergeometric number of members, and E|m - nM/T| = 2 (M - k)(n - k) P(m = k) / T
    with k = floor(nM/T), so E(D) = T / (2 M (T - M)) times the sum of those. The mean deviation is that of Diaconis, P.
    and Zabell, S. (1991). Closed form summation for classical distributions. Statistical Science 6(3), 284-302.
    """
    group, rest = np.rint(np.asarray(members, dtype=np.float64)), np.rint(np.asarray(others, dtype=np.float64))
    places, n_members, n_all = group + rest, group.sum(), (group + rest).sum()
    if not 0 < n_members < n_all:
        return float("nan")
    floor = np.floor(places * n_members / n_all)
    chance = np.exp(_ways(n_members, floor) + _ways(n_all - n_members, places - floor) - _ways(n_all, places))
    deviation = 2 * (n_members - floor) * (places - floor) * chance / n_all
    return float(deviation.sum() * n_all / (2 * n_members * (n_all - n_members)))


def _ways(n: ArrayLike, k: ArrayLike) -> Floats:
    """Return the logarithm of the number of ways to choose k of n; scipy.stats, which
    knows it too, takes half a second to load.
    """
    of, chosen = np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64)
    ways: Floats = gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1)
    return ways


def variance_ratio(values: ArrayLike, units: ArrayLike) -> float:
    """Return eta squared: the share of the variance of pupils' values that lies between units (schools), from 0 to 1.

    `values` holds one number a pupil (SES; 1 for a migrant and 0 for a local child), `units` the
    school of each. NaN when all values are equal. James, D. R. and Taeuber, K. E. (1985). Measures
    of segregation. Sociological Methodology 15, 1-32.
    """
    x = np.asarray(values, dtype=np.float64)
    codes = _codes(units)
    if not x.size or not np.ptp(x) > 0:
        return float("nan")
    x = x - x.mean()
    sizes = np.bincount(codes)
    between = (np.bincount(codes, weights=x) ** 2 / np.maximum(sizes, 1)).sum()
    return min(float(between / (x**2).sum()), 1.0)


def random_variance_ratio(units: ArrayLike) -> float:
    """Return the eta squared to expect if pupils were dealt to the same places at
    random: (units - 1) / (pupils - 1), exactly.

    It holds for any values, by the symmetry of permutations. Pitman, E. J. G. (1938). Significance tests which may be
    applied to samples from any populations: III. The analysis of variance test. Biometrika 29(3-4), 322-335.
    """
    schools = _codes(units)
    return (np.count_nonzero(np.bincount(schools)) - 1) / (schools.size - 1) if schools.size > 1 else float("nan")


def _codes(units: ArrayLike) -> Rows:
    """Return units as small whole numbers from 0: numbers that count them already stay as they are."""
    units = np.asarray(units)
    if units.size and units.dtype.kind == "i" and units.min() >= 0 and units.max() <= units.size:
        return units.astype(np.intp)
    return np.unique(units, return_inverse=True)[1]


def beyond_random(observed: float, random: float) -> float:
    """Return segregation beyond chance, (observed - random) / (1 - random): 0 as by lot, 1
    complete, negative when more even than by lot.

    Carrington, W. J. and Troske, K. R. (1997). On measuring segregation in samples with small units.
    Journal of Business and Economic Statistics 15(4), 402-409.
    """
    return (observed - random) / (1 - random) if random < 1 else float("nan")


def achievement_gap(scores: ArrayLike, first: ArrayLike, second: ArrayLike) -> float:
    """Return the gap in SD: mean score of the pupils in mask `first` minus that of
    `second`, over the SD of all the scores.

    Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences, with the SD of the whole population as the
    yardstick. NaN when a group is empty or all scores are equal.
    """
    x, one, two = np.asarray(scores, dtype=np.float64), np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if not (one.any() and two.any() and np.ptp(x) > 0):
        return float("nan")
    return float((x[one].mean() - x[two].mean()) / x.std())


def tail_gap(scores: ArrayLike, by: ArrayLike, *, share: float = 0.2) -> float:
    """Return the `achievement_gap` between the top and the bottom `share` (a fifth) of pupils by another column (SES).

    Ties at an edge belong to the tail, so the answer does not depend on the order of rows. Reardon, S. F. (2011). The
    widening academic achievement gap between the rich and the poor. In Whither Opportunity? New York: Sage.
    """
    rank = np.asarray(by, dtype=np.float64)
    if not rank.size:
        return float("nan")
    low, high = (sign * np.quantile(sign * rank, share, method="inverted_cdf") for sign in (1, -1))
    return achievement_gap(scores, rank >= high, rank <= low) if low < high else float("nan")


def distances(km: ArrayLike) -> dict[str, float]:
    """Return the mean and the 90th and 95th percentile of pupils' way to school, under
    the names of the results; NaN without pupils.
    """
    ways = np.asarray(km, dtype=np.float64)
    if not ways.size:
        return dict.fromkeys(("distance_km", "distance_p90_km", "distance_p95_km"), float("nan"))
    p90, p95 = np.percentile(ways, [90, 95])
    return {"distance_km": float(ways.mean()), "distance_p90_km": float(p90), "distance_p95_km": float(p95)}


def large_classes(sizes: ArrayLike, lines: Iterable[int]) -> dict[int, int]:
    """Return how many classes have at least each line's pupils; the ministry's statistics
    call 56 or more large, 66 or more super-large.

    The lines are in `parameters/standards/basic-2012.yaml` (`class_bands`) and are passed in:
    `large_classes(sizes, standard.class_lines)`.
    """
    pupils = np.asarray(sizes)
    return {int(line): int((pupils >= line).sum()) for line in lines}


def over_capacity(pupils: ArrayLike, seats: ArrayLike) -> float:
    """Return the pupils beyond their schools' seats: sum(max(pupils - seats, 0)); free
    seats elsewhere do not count against them.
    """
    return float(np.maximum(np.asarray(pupils, dtype=np.float64) - np.asarray(seats, dtype=np.float64), 0).sum())
