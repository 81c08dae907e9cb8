"""Schools that opened are looked back at beside simpler ways to count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsim.districts.importing import import_book
from simsim.studies.calibration import own_rolls
from simsim.studies.forecast_verdicts import unlike_chance
from simsim.studies.own_openings import METHODS, RESTS, enough, openings, summary, words
from simsim.studies.own_worlds import Reopened
from tests.districts.test_own_forecast import rolls
from tests.studies.own_district import book


def with_an_opening() -> np.ndarray:
    pupils = np.full((4, 6, 3), 60.0)
    pupils[3, :3] = 0.0
    pupils[3, 3:, 0] = 36.0
    pupils[3, 3:, 1:] = 0.0
    pupils[3, 4:, 1] = 36.0
    return pupils


def test_a_school_that_opened_is_forecast_from_the_september_before() -> None:
    table = openings(rolls(with_an_opening()))
    assert set(table["what"]) == {"opened"} and table["base"].unique().tolist() == [2017]
    assert table["lead"].tolist() == [1, 2, 3] and table["actual"].tolist() == [36.0, 72.0, 72.0]
    assert table["no plan"].tolist() == [0.0, 0.0, 0.0] and table["mean size"].tolist() == [60.0, 120.0, 120.0]


def test_neighbours_are_shown_where_places_are_known() -> None:
    places = {"S0": (0.0, 0.0), "S1": (1.0, 0.0), "S2": (50.0, 0.0), "S3": (0.5, 0.0)}
    table = openings(rolls(with_an_opening()), places)
    assert set(table["what"]) == {"opened", "neighbours"}
    assert table.loc[table["what"] == "neighbours", "actual"].iloc[0] == 3 * 3 * 60.0


def test_words_say_which_way_is_closer_and_where_so_few_schools_cannot_tell() -> None:
    table = openings(rolls(with_an_opening()), lived=lambda *_: np.zeros((3, 4, 3)))
    assert table["worlds"].tolist() == [0.0, 0.0, 0.0] and summary(table)["schools"].tolist() == [1, 1, 1]
    one = words(table.assign(worlds=table["actual"]))
    assert (
        "1 school: " in one
        and "no difference from ours (nearer in 1) and" in one
        and "so many schools can tell" in one
        and "closer" not in one
    )
    assert one.endswith(RESTS)
    many = pd.concat([table] * 6)
    right = words(many.assign(worlds=many["actual"], ours=2.0))
    assert "(ours) is farther off than mean size (nearer in 0), is closer than no plan (nearer in 6); the mean" in right
    assert "worlds is closer than ours (nearer in 6) and mean size (nearer in 6) and no plan (nearer in 6)" in right
    wrong = words(many.assign(worlds=1000.0, ours=many["actual"]))
    assert "worlds is farther off than ours (nearer in 0) and mean size (nearer in 0)" in wrong


def test_five_of_six_may_be_chance_and_six_of_six_is_not() -> None:
    assert not unlike_chance(6, 1) and not unlike_chance(0, 5) and not unlike_chance(0, 0)
    assert unlike_chance(6, 0) and unlike_chance(1, 8) and not unlike_chance(50, 70) and unlike_chance(49, 71 + 1)


def test_a_district_in_which_nothing_opened_says_so() -> None:
    assert not enough(rolls(np.full((2, 2, 3), 30.0))) and enough(rolls(np.full((2, 3, 3), 30.0)))
    assert "nothing to look back at" in words(openings(rolls(np.full((2, 5, 3), 30.0))))


def opened(folder: Path, came: int) -> pd.DataFrame:
    """Return a look back at a school that opened in 2018 with three grades, and in which so many came to each."""
    folder.mkdir()
    table = pd.read_csv(book(folder))
    grades = [(year, grade) for year in (2018, 2019, 2020) for grade in range(1, year - 2014)]
    new = [("NEW", "New School", year, grade, came) for year, grade in grades]
    table = pd.concat([table, pd.DataFrame(new, columns=list(table))])
    table.to_csv(folder / "rolls.csv", index=False)
    _, data, past = own_rolls(import_book(folder / "rolls.csv", "opened", folder / "opened").folder)
    places = {code: (float(i), 0.0) for i, code in enumerate(past.codes)}
    with Reopened(past, data, 2, places) as then:
        return openings(past, places, then.lived)


@pytest.mark.slow
def test_simulated_pupils_fill_a_school_with_the_grades_it_opened_with_and_know_no_later_roll(tmp_path: Path) -> None:
    table, other = opened(tmp_path / "one", 30), opened(tmp_path / "other", 45)
    new = table[table["what"] == "opened"]
    assert new["worlds"].to_numpy() == pytest.approx(new["ours"].to_numpy(), rel=0.4)
    assert new["worlds"].iloc[0] > 1.5 * new["worlds"].iloc[2] / 3
    forecasts = ["worlds", *METHODS]
    assert table[forecasts].equals(other[forecasts]) and not table["actual"].equals(other["actual"])
