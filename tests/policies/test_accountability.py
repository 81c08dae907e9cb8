"""Assessment, inspection and commitments: what is noted, whom it reaches, and that nothing else moves."""

from __future__ import annotations

import pytest

from simsim.district import District


def lived(policies: dict, to: int = 2016, parameters: dict | None = None) -> District:
    spec = {"name": "trial", "extends": "baseline", "policies": policies, "parameters": parameters or {}}
    return District(spec, seed=5, fixed_parameters=True).run(to=to)


def one(name: str, start: str = "2015-09-01", **settings) -> dict:
    return {"X": {"policy": name, "from": start, "settings": settings}}


# ---- assessment ----


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


# ---- inspection ----


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


# ---- commitments ----


def test_a_commitment_that_is_on_time_is_met_by_its_date_and_moves_nothing():
    district, without = lived(one("commitment", delay_probability=0.0)), lived({})
    assert district.tables()["milestones"].values.tolist() == [["X", "in force", "2015-09", "2015-09", 0, 1]]
    assert (district.students.knowledge == without.students.knowledge).all() and district.tables()["costs"].equals(
        without.tables()["costs"]
    )


def test_a_commitment_that_slips_is_late_by_the_months_it_slips():
    district = lived(one("commitment", delay_probability=1.0, delay_months=6.0), to=2017)
    row = district.tables()["milestones"].iloc[0]
    assert row.met == 0 and "2015-11" <= row.done <= "2016-07"


def test_every_commitment_of_the_plan_has_a_date_and_a_status():
    plan = {"plan": {"file": "erdao-2014-2016", "include": ["commitments"]}}
    table = District({"name": "t", "extends": "baseline", **plan}, seed=5).run(to=2018).tables()["milestones"]
    assert set(table.measure) == {"Q4", "D3", "R1", "R2", "R3"}
