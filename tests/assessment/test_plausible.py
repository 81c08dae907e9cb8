"""Values that a wrong unit makes are named; nothing is changed."""

from __future__ import annotations

from simsim.assessment.judging import assess
from tests.assessment.school_tables import school, table


def test_a_school_in_yuan_among_schools_in_ten_thousands_is_named_with_the_range() -> None:
    rows = [school(name, primary=500, equipment_yuan=1_000_000 * factor) for name, factor in (("A", 1), ("B", 10_000))]
    told = [str(text) for text in assess(table(*rows)).said if "check the unit" in str(text)]
    assert (
        len(told) == 1
        and "the values of 1 schools are not between 20 and 200000" in told[0]
        and "B 20,000,000" in told[0]
    )
    assert not any("check the unit" in str(text) for text in assess(table(rows[0])).said)
