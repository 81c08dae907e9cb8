"""Designs of screenings: one parameter at a time, the same for the same seed; effects by separate arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.experiments.design import ENDS, REPEATS, Design, effects, run_to_run
from simsim.inputs.parameters import load

NAMES = ("building_cost", "exp_yr0", "peer_linear", "rho_K")
DESIGN = Design(NAMES, trajectories=3, first_seed=11)


def walked(design: Design) -> np.ndarray:
    return np.array([point.percentiles for point in design.points() if not point.again])


def test_neighbours_on_a_trajectory_differ_in_one_parameter_and_share_their_seed():
    for number in range(DESIGN.trajectories):
        mine = DESIGN.points()[number * 5 : (number + 1) * 5]
        steps = np.diff([point.percentiles for point in mine], axis=0)
        assert ((steps != 0).sum(axis=1) == 1).all() and ((steps != 0).sum(axis=0) == 1).all()
        assert {point.seed for point in mine} == {11 + number} and {point.trajectory for point in mine} == {number}


def test_every_first_world_is_repeated_with_seeds_that_nobody_else_has():
    again = [point for point in DESIGN.points() if point.again]
    starts = {point.trajectory: point.percentiles for point in reversed(DESIGN.points()) if not point.again}
    assert len(again) == REPEATS * DESIGN.trajectories
    assert all(point.percentiles == starts[point.trajectory] for point in again)
    seeds = [point.seed for point in again]
    assert len(set(seeds)) == len(seeds) and not set(seeds) & {11, 12, 13}


def test_a_design_is_the_same_every_time_and_another_seed_gives_another():
    assert Design(NAMES, 3, 11).points() == DESIGN.points() != Design(NAMES, 3, 12).points()


def test_percentiles_are_those_of_the_range_that_a_parameter_is_drawn_from():
    p, point = load()["peer_linear"], DESIGN.points()[0]
    u = point.percentiles[2]
    assert ENDS[0] <= u <= ENDS[1]
    low, mode, high = p.low, p.value, p.high
    x = DESIGN.values(point)["peer_linear"]
    below = (
        (x - low) ** 2 / (high - low) / (mode - low) if x < mode else 1 - (high - x) ** 2 / (high - low) / (high - mode)
    )
    assert below == pytest.approx(u)


def test_effects_are_the_mean_changes_over_a_range_worked_out_trajectory_by_trajectory():
    x = walked(DESIGN)
    y = 3 * x[:, 0] - 2 * x[:, 1] + x[:, 0] * x[:, 3]
    by_hand = np.zeros((3, 4))
    for t in range(3):
        for one, two in zip(range(t * 5, t * 5 + 4), range(t * 5 + 1, t * 5 + 5), strict=True):
            (moved,) = np.flatnonzero(x[one] != x[two])
            by_hand[t, moved] = (y[two] - y[one]) / (x[two, moved] - x[one, moved]) * (ENDS[1] - ENDS[0])
    found = effects(DESIGN, y)
    assert found["mu_star"] == pytest.approx(np.abs(by_hand).mean(axis=0))
    assert found["mu"] == pytest.approx(by_hand.mean(axis=0))
    assert found["sigma"] == pytest.approx(by_hand.std(axis=0, ddof=1))
    assert found["mu_star"][2] == 0 and found["mu"][1] == pytest.approx(-1.8)


def test_a_trajectory_with_a_missing_world_is_left_out_and_without_any_nothing_is_known():
    y = 2 * walked(DESIGN)[:, 0]
    y[1] = np.nan
    assert effects(DESIGN, y)["mu_star"] == pytest.approx([1.8, 0, 0, 0])
    assert np.isnan(effects(DESIGN, np.full(len(y), np.nan))["mu"]).all()


def test_a_single_trajectory_has_neither_an_interval_nor_a_spread():
    found = effects(Design(NAMES, trajectories=1), np.arange(len(NAMES) + 1.0))
    assert np.isnan(found["conf"]).all() and np.isnan(found["sigma"]).all() and not np.isnan(found["mu_star"]).any()


def test_the_run_to_run_variance_is_that_between_seeds_and_its_share_an_analysis_of_variance():
    outcome = np.zeros(len(DESIGN.points()))
    groups = [[1.0, 2.0, 3.0, 2.0], [5.0, 5.0, 6.0, 8.0], [0.0, 1.0, 0.0, 3.0]]
    for t, (first, *others) in enumerate(groups):
        outcome[t * 5], outcome[15 + 3 * t : 18 + 3 * t] = first, others
    within, share = run_to_run(DESIGN, outcome)
    squares = [sum((v - sum(g) / 4) ** 2 for v in g) / 3 for g in groups]
    assert within == pytest.approx(sum(squares) / 3)
    means = [2.0, 6.0, 1.0]
    between = sum((m - 3) ** 2 for m in means) / 2 - within / 4
    assert share == pytest.approx(within / (within + between))
    outcome[0] = np.nan
    assert run_to_run(DESIGN, outcome)[0] == pytest.approx(sum(squares[1:]) / 2)
