"""School years, as offices write them."""

from __future__ import annotations

import pytest

from simsim.tables.years import Year, year_in, year_of


@pytest.mark.parametrize(
    ("text", "september", "bare"),
    [
        ("2012-13", 2012, False), ("2012-2013", 2012, False), ("20122013", 2012, False), (20122013, 2012, False),
        ("2012/13", 2012, False), ("2012—2013学年", 2012, False), ("2012学年", 2012, False), ("113學年度", 2024, False),
        ("民國113年", 2024, False), ("2012年9月", 2012, False), ("SY2012-13", 2012, False), ("2012", 2012, True),
        ("Fall 2012", 2012, False),
        (2012, 2012, True), (2012.0, 2012, True), ("２０１２", 2012, True), ("2012年", 2012, True),  # noqa: RUF001
    ],
)  # fmt: skip
def test_a_school_year_is_the_september_of_the_first_and_one_alone_is_bare(text, september, bare):
    year = year_of(text)
    assert year is not None and (year.september, year.bare) == (september, bare)


def test_a_year_without_a_century_needs_its_heading():
    assert year_of(113) is None and year_of(113, "學年度").september == 2024
    assert [year_of(text) for text in ("2012-14", "1180", "last year", "12-13")] == [None] * 4
    for text in ("12-13", "2012年秋季学期", "2012-2013学年度第一学期", "2012学年上学期"):
        assert year_of(text, "学年") == Year(2012)


def test_a_year_is_found_in_titles_and_names_of_sheets():
    assert year_in("某县2022-2023学年初在校生数").september == 2022
    assert year_in("rolls_2019").september == 2019 and year_in("第113學年度").september == 2024
    assert year_in("Sheet1") is None and year_in("电话 13800000000") is None
