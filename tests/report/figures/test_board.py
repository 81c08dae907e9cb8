"""The board of targets and dates."""

from __future__ import annotations

from simsim.report.figures import board as figures_board
from simsim.report.view import View


def test_a_promise_once_done_stays_done_and_the_four_schools_are_among_them(small_experiment):
    table = figures_board.done_by(View.of(small_experiment))
    assert (table.diff(axis=1).iloc[:, 1:].fillna(0.0) >= 0.0).all().all()
    assert any(label.startswith("L0 ") for label in table.index)


def test_numbers_to_see_are_no_lines_to_meet():
    assert figures_board._to_see() and all(name.startswith(("cost", "spending")) for name in figures_board._to_see())
