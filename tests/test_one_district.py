"""What tests are lent by tests/one_district.py is what they would have made themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.district import District
from tests.one_district import lived_under

SPECS = [
    "plan",
    {"name": "smaller", "extends": "baseline", "parameters": {"class_size.target.primary": 40}},
    {"name": "turning", "extends": "baseline", "policies": {"R": {"policy": "rotation", "from": "2015-09-01"}}},
]


@pytest.mark.parametrize("spec", SPECS)
def test_a_district_that_shares_its_first_year_has_every_number_of_one_that_does_not(spec):
    lent, alone = lived_under(spec, 2015, seed=3), District(spec, seed=3, fixed_parameters=True).run(to=2015)
    one, other = lent.tables(), alone.tables()
    assert list(one) == list(other)
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, other[name], obj=name)


def test_what_a_test_does_to_its_district_reaches_no_other():
    first = lived_under(SPECS[2], 2015, seed=3)
    first.students.score[:], first.parts[0].rooms = 0.0, 0
    again = lived_under(SPECS[2], 2015, seed=3)
    later = lived_under(SPECS[2], 2016, seed=3)
    assert again.parts[0].rooms and later.parts[0].rooms
    assert again.students.score.any() and later.students.score.any()
