"""A district's own past is read strictly; what nobody knew is not 0."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simsim.districts.rolls import read_rolls, rolls_of
from simsim.districts.system import shipped
from simsim.inputs.errors import InputError

SYSTEM = shipped("primary-only")
GRADES = [SYSTEM.names[grade] for grade in SYSTEM.taught]


def table(pupils: dict[tuple[int, int, str], object], codes: dict[int, str] | None = None) -> pd.DataFrame:
    codes = codes or {}
    rows = [(key, codes.get(key, f"S{key}"), year, grade, n) for (key, year, grade), n in pupils.items()]
    return pd.DataFrame(rows, columns=["key", "code", "year", "grade", "pupils"])


def test_rolls_are_schools_by_years_by_grades() -> None:
    rolls = rolls_of(table({(1, 2020, "1"): 30, (1, 2021, "2"): 28, (2, 2021, "1"): 12}), SYSTEM)
    assert rolls.pupils.shape == (2, 2, len(GRADES)) and rolls.codes == ("S1", "S2")
    assert rolls.pupils[0, 1, 1] == 28 and rolls.pupils[1, 0].sum() == 0 and not rolls.taught[1, 0].any()


def test_what_is_not_known_is_the_schools_own_mean_and_never_nothing() -> None:
    rolls = rolls_of(table({(1, 2020, "1"): "30", (1, 2021, "1"): "", (1, 2022, "1"): "20"}), SYSTEM)
    assert np.isnan(rolls.pupils[0, 1, 0]) and rolls.counted[0, 1, 0] == 25


def test_a_school_that_knows_nothing_has_as_many_as_others_in_that_grade() -> None:
    rolls = rolls_of(table({(1, 2020, "1"): "", (2, 2020, "1"): "40", (3, 2020, "1"): "20"}), SYSTEM)
    assert rolls.counted[0, 0, 0] == 30


def test_what_was_known_at_a_september_holds_nothing_later() -> None:
    rolls = rolls_of(table({(1, year, "1"): year for year in (2019, 2020, 2021)}), SYSTEM)
    assert rolls.known_at(2020).years == (2019, 2020) and rolls.known_at(2020).pupils.shape[1] == 2
    with pytest.raises(InputError, match="2019 to 2021"):
        rolls.known_at(2022)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({(1, 2020, "1"): "12 pupils"}, "line 2, pupils"),
        ({(1, 2020, "1"): "-3"}, "whole number of 0 or more"),
        ({(1, 2020, "1"): "2.5"}, "whole number of 0 or more"),
        ({(1, 2020, "1"): 3, (1, 2022, "1"): 3}, "2021.*left out"),
    ],
)
def test_wrong_rolls_are_named_with_their_place(rows: dict[tuple[int, int, str], object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        rolls_of(table(rows), SYSTEM)


def test_a_place_twice_and_a_key_of_two_schools_are_refused() -> None:
    twice = pd.concat([table({(1, 2020, "1"): 3})] * 2, ignore_index=True)
    with pytest.raises(InputError, match="twice"):
        rolls_of(twice, SYSTEM)
    other = pd.concat([table({(1, 2020, "1"): 3}), table({(1, 2021, "1"): 3}, {1: "T"})], ignore_index=True)
    with pytest.raises(InputError, match="several codes"):
        rolls_of(other, SYSTEM)


def test_a_folder_without_rolls_has_none_and_a_grade_unknown_to_it_is_refused(tmp_path: Path) -> None:
    assert read_rolls(tmp_path, SYSTEM) is None
    table({(1, 2020, "1"): 3}).assign(grade="K").to_csv(tmp_path / "rolls.csv", index=False)
    with pytest.raises(InputError, match=r"rolls\.csv.*grade"):
        read_rolls(tmp_path, SYSTEM)


def test_a_grade_of_which_nobody_knows_anything_is_not_empty() -> None:
    rolls = rolls_of(
        table({(1, 2020, "1"): "30", (1, 2020, "2"): "", (2, 2020, "1"): "20", (2, 2020, "2"): ""}), SYSTEM
    )
    assert rolls.counted[:, 0, 1].tolist() == [25, 25]
    nothing = rolls_of(table({(1, 2020, "1"): ""}), SYSTEM)
    assert nothing.counted[0, 0, 0] == 1


def test_a_number_that_is_hidden_is_never_more_than_it_can_be() -> None:
    rolls = rolls_of(table({(1, 2020, "1"): "<10", (2, 2020, "1"): "40", (1, 2021, "1"): "< 5"}), SYSTEM)
    assert np.isnan(rolls.pupils[0]).sum() == 2
    assert rolls.counted[0, :, 0].tolist() == [9, 4] and rolls.known_at(2020).counted[0, 0, 0] == 9
    with pytest.raises(InputError, match="<10 where it is hidden"):
        rolls_of(table({(1, 2020, "1"): "<1"}), SYSTEM)
