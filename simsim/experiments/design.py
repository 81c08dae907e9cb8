"""The design of a screening: which worlds are run, and which parameters differ between one and the next (Morris)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from warnings import catch_warnings, simplefilter

import numpy as np

from simsim.base.arrays import Floats
from simsim.inputs import parameters

LEVELS = 4
"""A parameter takes so many values: the 5th, 35th, 65th and 95th percentile of the range that it is drawn from."""
ENDS = (0.05, 0.95)
REPEATS = 3
"""The first world of each trajectory is run again with so many other seeds."""


@dataclass(frozen=True)
class Point:
    """One world: its trajectory, its seed, the percentile of every parameter; `again` tells of a repeat."""

    trajectory: int
    seed: int
    percentiles: tuple[float, ...]
    again: bool


@dataclass(frozen=True)
class Design:
    """Trajectories through the ranges of parameters `names`, each of which changes one parameter at a time.

    A trajectory is lived with one seed throughout, so that neighbours on it differ in one parameter and in nothing
    else. Points are numbered from 1: trajectory by trajectory, then the repeats.
    """

    names: tuple[str, ...]
    trajectories: int
    first_seed: int = 1

    @property
    def problem(self) -> dict[str, object]:
        """What SALib calls a problem: names and bounds of the percentiles."""
        return {"num_vars": len(self.names), "names": list(self.names), "bounds": [list(ENDS)] * len(self.names)}

    def percentiles(self) -> Floats:
        """Return the percentiles of all points but the repeats (points, parameters); the same for the same design.

        Morris 1991; Campolongo, Cariboni and Saltelli 2007; sampled by SALib.
        """
        return _percentiles(self)

    def points(self) -> list[Point]:
        """Return every world in order: a point's number is its place, from 1."""
        return list(_points(self))

    def _walked(self) -> Iterator[Point]:
        for number, row in enumerate(self.percentiles()):
            trajectory = number // (len(self.names) + 1)
            yield Point(trajectory, self.first_seed + trajectory, tuple(map(float, row)), False)

    def _repeated(self) -> Iterator[Point]:
        starts = self.percentiles()[:: len(self.names) + 1]
        seed = self.first_seed + self.trajectories
        for trajectory, row in enumerate(starts):
            for _ in range(REPEATS):
                yield Point(trajectory, seed, tuple(map(float, row)), True)
                seed += 1

    def values(self, point: Point) -> dict[str, float]:
        """Return the parameters of a world."""
        known = parameters.load()
        return {name: known[name].at(u) for name, u in zip(self.names, point.percentiles, strict=True)}


@cache
def _points(design: Design) -> tuple[Point, ...]:
    return (*design._walked(), *design._repeated())


@cache
def _percentiles(design: Design) -> Floats:
    from SALib.sample.morris import sample

    found: Floats = sample(design.problem, design.trajectories, num_levels=LEVELS, seed=design.first_seed)
    return found


def effects(design: Design, outcome: Floats) -> dict[str, Floats]:
    """Return Morris's mu_star, conf, sigma and mu of an outcome (points without repeats) for every parameter.

    Each is a change of the outcome when the parameter goes from its 5th to its 95th percentile; conf is the half-width
    of the bootstrapped 95 % interval of mu_star. A trajectory with a world that is missing (NaN) is left out; NaN where
    none is left, and a single one has neither conf nor sigma.
    """
    from SALib.analyze.morris import analyze

    length = len(design.names) + 1
    x, y = design.percentiles(), np.asarray(outcome, float)
    whole = np.repeat(~np.isnan(y.reshape(-1, length)).any(axis=1), length)
    names = {"mu_star": "mu_star", "conf": "mu_star_conf", "sigma": "sigma", "mu": "mu"}
    if not whole.any():
        return {name: np.full(len(design.names), np.nan) for name in names}
    with np.errstate(invalid="ignore", divide="ignore"), catch_warnings():
        simplefilter("ignore")  # a single trajectory has no spread
        found = analyze(design.problem, x[whole], y[whole], num_levels=LEVELS, seed=design.first_seed)
    told = {name: np.asarray(found[theirs], float) for name, theirs in names.items()}
    alone = whole.sum() == length  # resampled, one trajectory is always itself: SALib's interval of nought says nothing
    return told | ({name: np.full(len(design.names), np.nan) for name in ("conf", "sigma")} if alone else {})


def run_to_run(design: Design, outcome: Floats) -> tuple[float, float]:
    """Return the variance of an outcome between seeds of the same parameters, and its share of all variance.

    One-way analysis of variance over the first world of each trajectory and its repeats (outcome: all points); the
    share is of worlds that are spread evenly over the ranges. NaN where fewer than two seeds are there.
    """
    starts = [design.trajectories * (len(design.names) + 1) + REPEATS * t for t in range(design.trajectories)]
    groups = [
        [outcome[t * (len(design.names) + 1)], *outcome[start : start + REPEATS]] for t, start in enumerate(starts)
    ]
    y = np.array([group for group in groups if not np.isnan(group).any()], float)
    if not len(y):
        return np.nan, np.nan
    within = float(y.var(axis=1, ddof=1).mean())
    if len(y) == 1:
        return within, np.nan
    between = max(0.0, float(y.mean(axis=1).var(ddof=1)) - within / y.shape[1])
    return within, within / (within + between) if within + between > 0 else np.nan
