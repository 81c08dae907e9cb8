"""Months and school years."""

from __future__ import annotations

import pytest

from simsim.base.calendar import months_before


@pytest.mark.parametrize(
    ("year", "months", "text"),
    [(2020, 0, "2020-09"), (2020, 12, "2019-09"), (2020, 9, "2019-12"), (2020, 8.5, "2019-12")],
)
def test_months_count_back_from_september(year, months, text):
    assert months_before(year, months) == text
