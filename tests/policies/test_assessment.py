"""Assessment: which notices are given, to whom, and that nothing else moves."""

from __future__ import annotations

import pytest

from tests.policies.instances import lived, one


def test_a_notice_names_each_school_and_indicator_below_its_minimum_and_by_how_much():
    district = lived(one("assessment", balance="none"))
    notices, schools = district.tables()["notices"], district.tables()["school_year"]
    area = notices[
        (notices.indicator == "teaching_area") & (notices.stage == "primary") & (notices.year == 2016)
    ].set_index("school")
    seen = (
        schools[(schools.indicator == "area_teach") & (schools.stage == "primary") & (schools.year == 2016)]
        .set_index("school")
        .value
    )
    assert set(area.index) == set(seen[seen < 4.5].index) and len(area)
    assert (area.gap - (area.line - area.value)).abs().max() < 1e-9
    assert area.value.to_numpy() == pytest.approx(seen[area.index].to_numpy())


def test_the_district_is_named_for_every_coefficient_above_its_line():
    district = lived(one("assessment", schools=False))
    notices, table = district.tables()["notices"], district.tables()["district_year"]
    assert set(notices.school) <= {0}
    above = table[
        table.indicator.str.startswith("cv17_")
        & (table.stage == "junior")
        & (table.year == 2016)
        & (table.value > 0.45)
    ]
    noted = notices[(notices.stage == "junior") & (notices.year == 2016) & notices.indicator.str.startswith("cv17_")]
    assert set(noted.indicator) == set(above.indicator)


def test_notices_change_nobody_and_cost_what_they_say():
    district, without = lived(one("assessment", cost=1000.0)), lived({})
    assert (district.students.score == without.students.score).all()
    costs = district.tables()["costs"]
    assert costs[costs.instance == "X"].value.tolist() == [1000.0, 1000.0]
    assert without.tables()["notices"].empty
