"""Government items: given numbers, class sizes and school sizes against the lines of a standard."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from simsim.assessment.government import CLASS_SIZE, bands, classes_above, named_numbers
from simsim.assessment.judging import assess
from simsim.inputs.errors import InputError
from tests.assessment.school_tables import school, table


def test_items_nobody_gave_a_number_for_stay_unassessed() -> None:
    items = assess(table(school("A", primary=100)), "quality-2017", rotation_share=0.1).government.set_index(
        ["item", "where"]
    )["met"]
    assert (
        items["rotation_share", "all"] is True
        and items["retention", "all"] is None
        and items["school_size", "A"] is True
    )


def test_old_buildings_and_migrant_schools_may_be_larger() -> None:
    rows = [
        school("new", primary=2300),
        school("old", primary=2300, building_year=2008),
        school("migrant", primary=2300, migrant_pupils=1200),
    ]
    sizes = assess(table(*rows), "quality-2017").government.query("item == 'school_size'").set_index("where")["met"]
    assert sizes.to_dict() == {"new": False, "old": True, "migrant": True}


def sizes(*rows: dict[str, Any]) -> pd.DataFrame:
    found = assess(table(*rows), "quality-2017").government.query("item == 'school_size'")
    return found.set_index("where")[["value", "line", "met"]]


def test_the_wider_line_counts_to_its_last_year_and_only_above_its_share_of_migrants() -> None:
    rows = [
        school("2010", primary=2400, building_year=2010),
        school("2011", primary=2400, building_year=2011),
        school("half", primary=2400, migrant_pupils=1200),
        school("more", primary=2400, migrant_pupils=1201),
        school("nine", "nine_year", 1500, 1500, building_year=2000),
    ]
    assert sizes(*rows).T.to_dict("list") == {
        "2010": [2400, 2400, True], "2011": [2400, 2000, False], "half": [2400, 2000, False],
        "more": [2400, 2400, True], "nine": [3000, 3000, True],
    }  # fmt: skip


def test_senior_pupils_count_for_the_share_of_migrants_and_not_for_the_size() -> None:
    rows = [school("C", "complete", 0, 2300, 300, migrant_pupils=n) | {"school": str(n)} for n in (1300, 1301)]
    assert sizes(*rows).T.to_dict("list") == {"1300": [2300, 2000, False], "1301": [2300, 2400, True]}


def test_the_largest_class_is_taken_from_the_table_unless_given() -> None:
    frame = table(school("A", primary=100, class_size_primary=46), school("B", primary=100, class_size_primary=40))
    assert (
        assess(frame, "quality-2017").government.set_index(["item", "where"]).loc[("class_size", "primary"), "met"]
        is False
    )
    frame.loc[1, "class_size_primary"] = float("nan")
    found = assess(frame, "quality-2017").government.set_index(["item", "where"])["value"]
    assert found["class_size", "primary"] == 46
    given = assess(frame, "quality-2017", class_size_primary=45).government
    assert given.set_index(["item", "where"]).loc[("class_size", "primary"), "met"] is True


def test_numbers_for_the_command_line_are_read_or_refused() -> None:
    assert named_numbers(["retention=0.97", "training_hours = 1,000"]) == {"retention": 0.97, "training_hours": 1000}
    with pytest.raises(InputError, match="is given twice; keep one"):
        named_numbers(["retention=0.97", "retention=0.98"])
    for text in ("retention", "=3", "retention=much"):
        with pytest.raises(InputError, match="NAME=NUMBER"):
            named_numbers([text])


@pytest.mark.parametrize("text", ["retention=1①", "retention=½", "retention=٣", "retention=0_1", "retention="])
def test_a_number_of_the_command_line_is_written_in_plain_digits(text):
    with pytest.raises(InputError, match="must be NAME=NUMBER"):
        named_numbers([text])


def test_a_number_of_the_command_line_may_be_full_width():
    assert named_numbers(["retention=０．９７"]) == {"retention": 0.97}  # noqa: RUF001


def banded(above: int, **more: float) -> pd.DataFrame:
    """Return two schools with three classes of 36 to 40 each, and so many of 46 to 50 at the first."""
    counts = dict.fromkeys((key for _, key in bands("primary")), 0.0) | {"classes_36_40_primary": 3.0}
    rows = [school(f"S{i}", primary=100) | counts for i in range(2)]
    rows[0] |= {"classes_46_50_primary": float(above)} | more
    return table(*rows)


@pytest.mark.parametrize("above", [0, 1, 2])
def test_no_class_may_be_above_the_line_where_only_bands_of_size_are_known(above: int) -> None:
    items = assess(banded(above), "quality-2017").government
    row = items[(items["item"] == CLASS_SIZE) & (items["where"] == "primary")].iloc[0]
    assert row["over"] == above and row["met"] == (above == 0)


def test_classes_above_a_line_are_not_known_where_a_school_with_pupils_gives_no_band() -> None:
    frame = banded(2)
    assert classes_above(frame, "primary", 45) == 2.0
    frame.loc[1, [key for _, key in bands("primary")]] = float("nan")
    assert pd.isna(classes_above(frame, "primary", 45))
    frame.loc[1, "pupils_primary"] = 0
    assert classes_above(frame, "primary", 45) == 2.0
    assert pd.isna(classes_above(table(school("S")), "primary", 45))
