"""Who comes and who goes over the summer, in limiting cases."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
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


def test_the_chance_to_leave_adds_up_by_kind_and_before_the_turning_grades(world):
    world.p |= {"local_transfer_out": 0.01, "local_leave_transition": 0.02}
    world.p |= {"migrant_leave": 0.1, "migrant_leave_transition": 0.3}
    grade, migrant = world.students.grade, world.students.migrant
    _, leave = mobility.chances(world)
    turning = (grade == 7) | (grade == 9)
    for rows, chance in ((~turning & ~migrant, 0.01), (turning & ~migrant, 0.03)):
        assert leave[rows] == pytest.approx(chance) and rows.any()
    for rows, chance in ((~turning & migrant, 0.1), (turning & migrant, 0.4)):
        assert leave[rows] == pytest.approx(chance) and rows.any()


def test_who_is_left_of_a_calibrated_district_may_leave_by_its_account(world):
    _, usual = mobility.chances(world)
    world.account = SimpleNamespace(more_of=lambda year, school, grade: np.where(grade == 3, 0.5, 0.0))
    lost, leave = mobility.chances(world)
    stays = np.where(world.students.grade == 3, 0.5, 1.0)
    np.testing.assert_allclose(1.0 - leave, (1.0 - usual) * stays)
    np.testing.assert_array_equal(lost, mobility.dropout(world))


def test_one_draw_says_who_drops_out_who_leaves_and_who_stays(world, monkeypatch):
    students = world.students
    monkeypatch.setattr(mobility, "chances", lambda w: (np.full(len(students), 0.2), np.full(len(students), 0.3)))
    ids, u, stage = students.id.copy(), world.uniform("admit/leave", students.id), world.system.stage_of(students.grade)
    mobility.depart(world)
    np.testing.assert_array_equal(students.id, ids[u >= 0.5])
    tally = world.flows.tally
    np.testing.assert_array_equal(tally["dropouts"], np.bincount(stage[u < 0.2]))
    np.testing.assert_array_equal(tally["leavers"], np.bincount(stage[(u >= 0.2) & (u < 0.5)]))


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


def test_the_noise_of_a_cohort_is_what_lasts_of_the_shocks_since_the_first_year(world):
    world.p |= {"entry_noise_sd": 0.1, "entry_noise_rho": 0.6}
    world.year = world.first_year + 3
    who = np.zeros(1, np.int64)
    one, two, three = (world.normal("admit/entry-noise", who, world.first_year + k)[0] for k in (1, 2, 3))
    assert np.log(mobility.entry_noise(world)) == pytest.approx(0.08 * (0.36 * one + 0.6 * two + three))
    world.year = world.first_year
    assert mobility.entry_noise(world) == 1.0


def test_entrants_are_two_years_births_at_their_share_and_ratio_times_the_noise(world):
    born = {2008: 1000.0, 2009: 400.0}
    world.births = pd.DataFrame(
        {"year": list(range(2005, 2015)), "births": [born.get(y, 0.0) for y in range(2005, 2015)]}
    )
    world.p |= {"entrants_autumn_share": 0.25, "births_to_entry_urban": 0.9}
    total = 0.9 * (0.25 * 1000 + 0.75 * 400)
    share = world.neighbourhoods.births_share
    assert mobility.expected_entrants(world) == pytest.approx(total * share)
    assert mobility.expected_entrants(world, 1.5) == pytest.approx(1.5 * total * share)
    world.account = SimpleNamespace(entrants={world.year: np.arange(len(share), dtype=float)})
    assert mobility.expected_entrants(world, 1.5) == pytest.approx(np.arange(len(share)))


def test_children_of_school_age_come_into_the_first_grade_rounded_up_or_down(world):
    world.p["entry_noise_sd"] = 0.0
    expected, table = mobility.expected_entrants(world), mobility._births(world)
    assert table.shape == (len(expected), 9) and not table[:, 1:].any()
    assert (np.abs(table[:, 0] - expected) < 1.0).all()
    world.p["entry_noise_sd"] = 0.2
    noisy = mobility._births(world)[:, 0].sum()
    assert noisy == pytest.approx(expected.sum() * mobility.entry_noise(world), rel=0.02) and noisy != table.sum()


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


def test_arrivals_are_those_by_grade_at_the_level_fitted_by_the_share_of_each_neighbourhood(world):
    world.p |= {"housing_pupils_per_flat": 0.0, "inflow_scale": 0.5, "inflow_factor": 0.8}
    places, by_grade = world.neighbourhoods, world.data.spec["migration"]["arrivals_by_grade"]["value"]
    expected = mobility.expected_arrivals(world)
    assert expected == pytest.approx(0.4 * np.outer(places.inflow_share, by_grade))
    world.account = SimpleNamespace(arrivals={world.year: np.ones_like(expected)})
    assert mobility.expected_arrivals(world) == pytest.approx(expected + 0.8)


def test_new_flats_count_by_year_and_later_ones_at_the_last_level(world):
    flats = world.data.spec["housing"]["flats_by_year"]["value"]
    world.p["housing_years"] = 2.0
    assert mobility.recent_flats(world) == (flats[2013] + flats[2014]) / 2
    world.year = 2026
    assert mobility.recent_flats(world) == (flats[2024] + flats["later"]) / 2


def test_arrivals_by_grade_begin_with_the_grade_in_which_a_district_begins():
    spec = {"migration": {"arrivals_by_grade": {"value": [30, 20, 10]}}}
    world = SimpleNamespace(system=SimpleNamespace(entry_grade=3), data=SimpleNamespace(spec=spec))
    assert mobility.arrivals_by_grade(world).tolist() == [0, 0, 30, 20, 10]


def test_arrivals_of_every_neighbourhood_and_grade_are_rounded_by_a_draw_of_their_own(world, monkeypatch):
    shape = len(world.neighbourhoods), 9
    monkeypatch.setattr(mobility, "expected_arrivals", lambda w: np.full(shape, 2.5))
    few = mobility._arrivals(world)
    assert few.shape == shape and set(few.ravel().tolist()) == {2, 3}
    assert few.mean() == pytest.approx(2.5, abs=0.1) and np.ptp(few, axis=0).all() and np.ptp(few, axis=1).any()
    monkeypatch.setattr(mobility, "expected_arrivals", lambda w: np.full(shape, 2.75))
    assert (mobility._arrivals(world) >= few).all()


def test_a_year_enrols_those_of_school_age_and_those_who_arrive(world):
    before, born, come = set(world.students.id.tolist()), mobility._births(world), mobility._arrivals(world)
    mobility.arrive(world)
    students = world.students
    new = ~np.isin(students.id, list(before))
    assert (np.diff(students.id) > 0).all() and before < set(students.id.tolist())
    assert (students.school[new] == 0).all() and world.flows.tally["entrants"].sum() == born.sum()
    assert world.flows.tally["arrivals"].sum() == come.sum()
    home, grade = world.neighbourhoods.rows(students.neighbourhood[new]), students.grade[new]
    table = np.zeros_like(born)
    np.add.at(table, (home, grade - 1), 1)
    np.testing.assert_array_equal(table, born + come)
    routes = students.route[new]
    assert set(routes.tolist()) == {identity.BIRTH, identity.ARRIVAL} and (routes == identity.BIRTH).sum() == born.sum()


def test_nobody_more_is_no_entry_in_the_books(world):
    n = len(world.students)
    mobility._enrol(world, np.zeros((len(world.neighbourhoods), 9), np.int64), identity.BIRTH, "entrants")
    assert len(world.students) == n and "entrants" not in world.flows.tally


def test_children_born_here_are_migrants_as_often_as_their_neighbourhood_and_arrivals_as_arrivals_are(world):
    places = world.neighbourhoods
    places.migrant_share[:] = np.arange(len(places)) % 2
    table = np.zeros((len(places), 9), np.int64)
    table[:, 0] = 40
    for route, reason in ((identity.BIRTH, "entrants"), (identity.ARRIVAL, "arrivals")):
        before = world.students.id.copy()
        mobility._enrol(world, table, route, reason)
        new = ~np.isin(world.students.id, before)
        home, migrant = places.rows(world.students.neighbourhood[new]), world.students.migrant[new]
        if route == identity.BIRTH:
            np.testing.assert_array_equal(migrant, home % 2 == 1)
        else:
            share = world.data.spec["migration"]["migrant_share_of_arrivals"]["value"]
            assert migrant.mean() == pytest.approx(share, abs=0.06)


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
