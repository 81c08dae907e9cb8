"""The teachers' report says what the record holds, and what a reader must not take from it."""

from __future__ import annotations

import re

import pytest

from simsim.report.tables.catalogue import TABLES


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in TABLES if name.startswith("teachers_")])
def test_every_table_on_teachers_is_made(view, name):
    assert not TABLES[name].nothing(view)
    html = TABLES[name](view)
    assert "<caption>" in html and "<script" not in html and ">nan<" not in html


def test_leavers_and_hires_of_a_year_are_the_means_over_worlds(view):
    frame = view.results.frame("district_year")
    mine = frame[(frame["scenario"] == "plan") & (frame["group"] == "public") & (frame["stage"] == "primary")]
    wide = mine[mine["year"] == 2016].groupby("indicator", observed=True)["value"].mean()
    html = TABLES["teachers_years"](view)
    row = next(row for row in re.findall("<tr>.*?</tr>", html) if ">2016<" in row)
    cells = [re.sub("<small>.*?</small>", "", cell) for cell in re.findall(r"<td.*?>(.*?)</td>", row)]
    names = ("teachers", "posts", "teachers_needed", "retirements", "exits", "hires")
    assert cells[:6] == [view.say.number(wide[name]) for name in names]


def test_a_run_shorter_than_fifteen_years_says_to_which_year_to_run(view):
    assert "2029" in TABLES["teachers_years"](view)
