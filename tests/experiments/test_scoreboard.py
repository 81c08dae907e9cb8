"""The plan's scoreboard and ledger, on tables small enough to judge by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.scoreboard import COLUMNS, at_end, definition, limit, scoreboard
from tests.experiments.small_results import results


def numbers(
    indicator: str,
    values: list[float],
    stage: str = "all",
    group: str = "all",
    year: int = 2016,
    scenario: str = "plan",
) -> list[tuple]:
    """Return one row a replication, from replication 1 on."""
    return [(scenario, seed, year, stage, group, indicator, value) for seed, value in enumerate(values, 1)]


def line(board: pd.DataFrame, name: str, year: int = 2016) -> pd.Series:
    return board[(board["line"] == name) & (board["year"] == year)].iloc[0]


def test_the_probability_is_the_share_of_replications_that_keep_the_rule():
    board = scoreboard(results(numbers("cv_composite", [0.5, 0.54, 0.55, 0.56], "junior")), "plan")
    row = line(board, "balance_2012_junior")
    assert row.probability == 0.75 and row.n == 4 and row.value == pytest.approx(0.5375)
    assert row.low <= 0.51 and row.high >= 0.55


def test_of_several_indicators_all_must_keep_the_rule():
    rows = [
        r
        for name in definition()["lines"]["balance_2017_primary"]["indicator"]
        for r in numbers(name, [0.4, 0.4, 0.4, 0.4], "primary")
    ]
    rows = (
        [r for r in rows if r[5] != "cv17_books"]
        + numbers("waiting", [0, 0, 3, 3])
        + numbers("turned_away", [0, 5, 0, 5])
    )
    rows = [(*r[:6], 0.51) if r[5] == "cv17_equipment" and r[1] == 2 else r for r in rows]
    board = scoreboard(results(rows), "plan")
    assert line(board, "balance_2017_primary").probability == 0.75
    assert line(board, "seats_all").probability == 0.25 and line(board, "seats_all").value == pytest.approx(3.25)


def test_a_number_that_was_not_recorded_is_said_so_and_judges_nothing():
    row = line(scoreboard(results([]), "plan"), "balance_2012_primary")
    assert np.isnan(row.probability) and row.n == 0 and "not recorded" in row.note_en and row.note_zh


def test_a_measure_that_a_scenario_lacks_is_not_met():
    row = line(scoreboard(results([]), "plan"), "rotation_share")
    assert row.probability == 0.0 and row.n == 4 and row.note_en


def test_a_share_of_whole_people_reaches_its_line_when_it_rounds_to_it():
    board = scoreboard(results(numbers("rotation_good_share", [0.1, 0.098, 0.094, 0.2])), "plan")
    assert line(board, "rotation_share").probability == 0.75


def test_a_missing_replication_is_left_out_of_the_count():
    row = line(scoreboard(results(numbers("f1_met", [1.0, 0.0])), "plan"), "f1")
    assert row.probability == 0.5 and row.n == 2


def test_a_year_without_the_number_is_not_judged_though_another_year_is():
    first = [("plan", 1, 2014, "all", "all", "pupils", 1.0)]  # the year before the plan, in which no line is judged
    board = scoreboard(results(numbers("f2_met", [1.0] * 4) + first), "plan")
    assert line(board, "f2").probability == 1.0 and np.isnan(line(board, "f2", 2015).probability)


def test_costs_are_shown_and_not_judged():
    row = line(scoreboard(results(numbers("cost_capital", [1e6, 3e6, 1e6, 3e6])), "plan"), "cost_capital")
    assert row.value == 2e6 and np.isnan(row.probability) and row.n == 4


def test_a_milestone_stands_in_its_due_year_with_the_share_that_met_it():
    met = [("plan", seed, "L1", "in use", "2015-09", "", 0, int(seed < 4)) for seed in (1, 2, 3, 4)]
    row = line(scoreboard(results([], met), "plan"), "L1: in use", 2015)
    assert row.section == "milestones" and row.probability == 0.75 and "建成并投入使用" in row.zh


def test_milestones_of_the_plan_that_nobody_writes_are_listed_as_such():
    board = scoreboard(results([], touched=[("plan", 1, "E1", "E1", "equipment", 1.0)]), "plan")
    assert line(board, "L0: four new schools completed").note_en == "the scenario does not do this"
    assert "no policy" in line(board, "E1: four gardens", 2014).note_en
    assert board[board.section == "milestones"].probability.isna().all()


@pytest.mark.slow
def test_a_gain_is_in_the_good_direction():
    rows = numbers("score", [0.1, 0.1, -0.1, 0.1], "primary", "rural") + numbers(
        "score", [0.0] * 4, "primary", "rural", scenario="base"
    )
    rows += numbers("class_size", [40.0] * 4, "primary", "urban") + numbers(
        "class_size", [42.0] * 4, "primary", "urban", scenario="base"
    )
    board = scoreboard(results(rows), "plan", "base")
    gain = line(board, "score: primary, rural")
    assert gain.probability == 0.75 and gain.value == pytest.approx(0.05)
    assert line(board, "class_size: primary, urban").probability == 1.0
    assert "gains" not in set(scoreboard(results(rows), "plan").section)


def test_the_board_at_a_year_keeps_the_dates_that_are_due_and_the_lines_of_that_year():
    met = [("plan", seed, "X", "late", "2017-06", "", 0, 0) for seed in (1, 2)]
    board = at_end(scoreboard(results(numbers("f1_met", [1.0] * 4), met), "plan"), 2016)
    assert "X: late" not in set(board["line"]) and set(board[board.section != "milestones"].year) == {2016}
    assert list(board.columns) == list(COLUMNS)


def test_every_line_has_words_in_both_languages_a_known_indicator_and_a_limit():
    from simsim.inputs.indicators import indicators

    words = definition()
    for name, entry in words["lines"].items():
        names = [entry["indicator"]] if isinstance(entry["indicator"], str) else entry["indicator"]
        assert (
            entry["en"] and entry["zh"] and entry["section"] in words["sections"] and set(names) <= set(indicators())
        ), name
        assert entry["rule"] == "see" or np.isfinite(limit(entry))
    assert set(words["gains"]) <= set(indicators())
