"""Patterns of who teaches where, on schools made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.studies.pattern_staffing import (
    ends,
    experience_gap,
    poor_and_rich,
    public_with_pupils,
    ratio_by_size,
    steps_of,
    teaching_gap,
)
from tests.studies.hand_made import snapshot

PARTS = {"key": [11, 12, 13, 14, 15], "stage": 0, "public": [True, True, True, False, True]}


def test_schools_are_ranked_by_their_pupils_ses_and_private_and_empty_ones_left_out():
    seen = snapshot(PARTS, {"part": [0, 0, 1, 2, 3], "ses": [1.0, 2.0, -1.0, 0.0, 9.0]})
    assert public_with_pupils(seen, 0).tolist() == [0, 1, 2] and public_with_pupils(seen, 1).tolist() == []
    poor, rich = poor_and_rich(seen, 0, 1 / 3)
    assert (poor.tolist(), rich.tolist()) == ([1], [0])
    assert [end.tolist() for end in ends(seen, 0, np.array([0.0, 0.0, 5.0, 0.0, 0.0]), 1 / 3)] == [[0], [2]]


def test_large_schools_with_more_pupils_a_teacher_are_above_one():
    seen = snapshot(PARTS, {"part": [0] * 40 + [1] * 20 + [2] * 10}, {"part": [0, 0, 1, 2]})
    assert ratio_by_size(seen) == pytest.approx(2.0)


def test_a_move_counts_by_the_schools_of_the_year_before_and_in_its_stage():
    pupils = {"part": [0, 1, 2, 2], "ses": [0.0, 1.0, 5.0, 5.0], "score": [0.0, 2.0, 1.0, 1.0]}
    seen = snapshot(PARTS, pupils)
    moves = pd.DataFrame({"stage": ["primary"] * 3, "origin": [11, 12, 11], "destination": [12, 11, 99]})
    assert steps_of(moves, seen).to_numpy().tolist() == [[1.0, 2.0], [-1.0, -2.0]]
    assert steps_of(moves.assign(stage="junior"), seen).empty


def test_better_teachers_for_the_richer_half_are_a_gap_above_zero():
    pupils = {"part": [0, 0, 1, 1], "ses": [0.0, 1.0, 2.0, 3.0]}
    core = {"part": [0, 0, 1, 1], "subject": [0, 1, 0, 1], "effect": [-0.1, 9.0, 0.2, 9.0]}
    assert teaching_gap(snapshot(PARTS, pupils, core), 0) == pytest.approx(0.3)


def test_experience_at_the_poorest_counts_against_that_at_the_richest():
    parts = {"key": range(5), "stage": 0}
    seen = snapshot(parts, {"part": range(5), "ses": range(5)}, {"part": [0, 0, 2, 4], "experience": [2, 4, 9, 8]})
    assert experience_gap(seen, 0) == -5.0
