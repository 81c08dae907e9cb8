"""Who comes and who goes over the summer, in limiting cases."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import ids as identity
from simsim.rules import mobility
from tests.one_district import lived

STAY = dict.fromkeys(
    ("dropout", "migrant_leave", "local_transfer_out", "migrant_leave_transition", "local_leave_transition"), 0.0
)


@pytest.fixture
def world():
    return lived()


def test_without_a_chance_to_leave_nobody_does(world):
    world.p |= STAY
    n = len(world.students)
    mobility.depart(world)
    assert len(world.students) == n and "leavers" not in world.flows.tally


@pytest.mark.parametrize(("rate", "migrant"), [("migrant_leave", True), ("local_transfer_out", False)])
def test_migrants_and_locals_leave_at_their_own_rate(world, rate, migrant):
    world.p |= STAY | {rate: 1.0}
    staying = (world.students.migrant != migrant).sum()
    mobility.depart(world)
    assert len(world.students) == staying and (world.students.migrant != migrant).all()


def test_a_transition_makes_more_leave_before_grades_seven_and_nine_alone(world):
    world.p |= STAY | {"migrant_leave_transition": 1.0, "local_leave_transition": 1.0}
    mobility.depart(world)
    assert set(world.students.grade.tolist()) & {7, 9} == set()


def test_a_policy_may_multiply_the_chance_of_dropping_out(world, monkeypatch):
    asked = {}
    monkeypatch.setattr(type(world), "rate", lambda self, name, base: asked.setdefault(name, np.asarray(base) * 0.0))
    world.p |= STAY | {"dropout": 0.5}
    n = len(world.students)
    mobility.depart(world)
    assert len(world.students) == n and len(asked["admit/dropout"]) == n


def test_who_drops_out_is_not_counted_as_leaving_too(world):
    world.p |= STAY | {"dropout": 1.0, "dropout_poor_ratio": 1.0, "aid_effect_dropout": 0.0, "local_transfer_out": 0.5}
    n = len(world.students)
    mobility.depart(world)
    assert len(world.students) == 0 and world.flows.tally["dropouts"].sum() == n and "leavers" not in world.flows.tally


def test_poor_pupils_drop_out_more_often_and_aid_takes_a_share_away(world):
    world.p |= {"dropout": 0.01, "dropout_poor_ratio": 3.0, "aid_effect_dropout": 0.5}
    world.students.poor[:3], world.students.aided[:3] = [True, True, False], [True, False, True]
    assert mobility.dropout(world)[:3] == pytest.approx([0.015, 0.03, 0.005])


def test_without_noise_a_cohort_is_as_expected(world):
    world.p["entry_noise_sd"] = 0.0
    assert mobility.entry_noise(world) == 1.0


def test_more_children_are_a_superset_and_all_are_counted(world):
    table = np.zeros((len(world.neighbourhoods), 9), np.int64)
    table[0, 2] = 3
    before = set(world.students.id.tolist())
    mobility._enrol(world, table, identity.ARRIVAL, "arrivals")
    new = set(world.students.id.tolist()) - before
    rows = world.students.rows(sorted(new))
    assert len(new) == 3 == world.flows.tally["arrivals"].sum() and (world.students.grade[rows] == 3).all()
    assert (world.students.school[rows] == 0).all()
    assert (world.students.neighbourhood[rows] == world.neighbourhoods.key[0]).all()
    more = lived()
    table[0, 2] = 5
    mobility._enrol(more, table, identity.ARRIVAL, "arrivals")
    assert new < set(more.students.id.tolist())


def test_expected_arrivals_spread_over_neighbourhoods_and_primary_grades_of_new_flats(world):
    world.p["inflow_scale"] = 0.0
    expected = mobility.expected_arrivals(world)
    assert (expected[:, 6:] == 0).all()
    assert expected.sum() == pytest.approx(mobility.recent_flats(world) * world.p["housing_pupils_per_flat"])


def test_a_neighbourhoods_key_fits_its_slots():
    assert [identity.place_slots(np.array([1, top])) for top in (1, 3, 4, 31, 32)] == [2, 4, 8, 32, 64]


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_in_migration_after_the_last_published_year_goes_on_by_its_share_new_flats_included(world, share):
    world.year = 2030
    full = mobility.expected_arrivals(world)
    world.p["inflow_after"] = share
    np.testing.assert_allclose(mobility.expected_arrivals(world), share * full)
    assert full.sum() > 0
    world.year = 2024
    before = mobility.expected_arrivals(world)
    world.p["inflow_after"] = 1.0
    np.testing.assert_array_equal(mobility.expected_arrivals(world), before)


def test_what_is_seen_of_the_entering_cohort_a_year_before_is_what_lasts_of_former_years(world):
    world.year = 2017
    seen, rho = mobility.entry_noise(world, 2016), world.p["entry_noise_rho"]
    world.year = 2016
    assert np.log(seen) == pytest.approx(rho * np.log(mobility.entry_noise(world)))
