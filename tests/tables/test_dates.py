"""Dates, terms and eras: the September of the school year in which they lie."""

from __future__ import annotations

import pytest

from simsim.tables.years import Year, year_among, year_in, year_of


@pytest.mark.parametrize(
    ("text", "september"),
    [
        ("2016春", 2015), ("2016年春季学期", 2015), ("2016秋", 2016), ("2017年3月", 2016), ("2024年6月30日", 2023),
        ("Sept-2016", 2016), ("Oct-16", 2016), ("Census Oct 2016", 2016), ("January 2017", 2016), ("Jan-17", 2016),
        ("Spring 2017", 2016), ("Autumn 2016", 2016), ("2016/9/1", 2016), ("2016-10-01 00:00:00", 2016),
        ("2017-01-15", 2016), ("15/10/2016", 2016), ("平成28年度", 2016), ("令和元年度", 2019), ("令和5年5月1日", 2023),
        ("二〇二三学年", 2023), ("'16-17", 2016), ("2016_17", 2016), ("2016 to 2017", 2016),
        ("Calendar year 2016", 2016),
    ],
)  # fmt: skip
def test_a_date_or_a_term_is_of_the_school_year_in_which_it_lies(text, september):
    year = year_of(text, "Year")
    assert year is not None and year.september == september


@pytest.mark.parametrize("text", ["June 2024", "2024-06-01", "01/09/2016", "2016-2018", "1718", "H28", "Winter 2023"])
def test_what_may_be_of_two_school_years_is_none(text):
    assert year_of(text, "Year") is None and year_in(text.replace("H28", "").replace("1718", "")) is None


def test_a_title_that_names_a_school_year_goes_before_one_that_names_a_day():
    assert year_among(["Last updated 5 October 2025", "Pupils 2021/22"]) == Year(2021)
    assert year_in("Enrollment, 2023-2024 (as of June 2024)") == Year(2023)
    assert year_in("截至2024年6月30日") == Year(2023, before=True)
