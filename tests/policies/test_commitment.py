"""Commitments: a date that is met or missed, and nothing else."""

from __future__ import annotations

from simsim.district import District
from tests.policies.instances import lived, one


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
