"""Inspection: what it does to compliance, and what inspectors cost."""

from __future__ import annotations

import pytest

from tests.policies.instances import lived, one


def test_inspectors_end_their_share_of_non_compliance():
    district = lived(one("inspection", effect=0.4, coverage=0.5))
    district.year = 2016
    assert district.compliance(0.9) == pytest.approx(1.0 - 0.1 * (1.0 - 0.2))
    assert lived({}).compliance(0.9) == pytest.approx(0.9)


def test_inspection_raises_compliance_with_rotation_by_order():
    def refusals(policies: dict) -> float:
        table = lived(policies, to=2016, parameters={"rotation_mandated_compliance": 0.75}).tables()["district_year"]
        return table[(table.indicator == "rotation_refusals") & (table.stage == "all")].value.sum()

    rotation = {"R": {"policy": "rotation", "from": "2015-09-01"}}
    assert refusals(rotation | one("inspection", effect=1.0)) == 0 < refusals(rotation)


def test_an_inspector_for_every_public_school_is_paid_every_year():
    district = lived(one("inspection", cost=100.0))
    public = sum(school.public for school in district.open_schools)
    costs = district.tables()["costs"]
    assert (
        costs[costs.instance == "X"].value.tolist() == [100.0 * public] * 2
        and district.policies[0].touched == 2 * public
    )
