"""The warning of large classes: what is projected, which rooms it forces, who pays, and that the law is kept."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import JUNIOR
from simsim.district import District
from simsim.districts.class_law import NO_LAW, ClassLaw, Step
from simsim.districts.files import load_district
from simsim.rules import admission, class_warning, mobility
from simsim.rules.money import allocate, expect
from simsim.world.account import Account
from tests.one_district import lived
from tests.small_district import small_district
from tests.studies.own_district import both_stages

LAW = ClassLaw((Step(2015, 56, 0.05),))
SHORT = {"revenue": 1.0, "appropriation": 1.0, "balance": 0.0}


@pytest.fixture
def world():
    district = lived()
    district.class_law = LAW
    return district


def rooms_of(world) -> list[tuple]:
    return world.recorder.law_rooms


def test_no_law_forces_no_room_and_costs_nothing(world):
    world.class_law = NO_LAW
    before = world.parts.rooms.copy()
    class_warning.add_rooms(world)
    assert (world.parts.rooms == before).all() and not rooms_of(world) and class_warning.cost(world) == 0.0


def test_with_rooms_for_everybody_the_law_forces_none(world):
    world.parts.rooms = 500
    assert not class_warning.rooms_needed(world).any() and class_warning.cost(world) == 0.0


def test_a_public_school_without_rooms_gets_those_of_its_pupils_and_a_private_one_none(world):
    world.parts.rooms = 0
    needed, (staying, _, _) = class_warning.rooms_needed(world), class_warning.projected(world)
    assert not needed[~world.parts.public].any()
    assert (needed * 55 >= staying.sum(axis=1))[world.parts.public].all()
    assert needed.sum() < 1.3 * (staying.sum() + class_warning.projected(world)[1].sum()) / 55


def test_where_a_catchment_was_redrawn_children_ask_the_new_school_and_the_former_one_by_their_shares(world):
    parts, places = world.parts, world.neighbourhoods
    old, new, near = parts.of_stage(0, only_public=True)[:3].tolist()
    world.public_order[0, 0] = -1
    world.public_order[0, 0, :1] = near
    places.former[0, 0], places.share[0, 0] = parts.key[old], 0.6
    coming, homes = np.zeros((len(places.catchment), len(places))), np.full(places.catchment.shape, new)
    coming[0, 0] = 100.0
    for free, taken in (((99, 99, 0), (60, 40, 0)), ((50, 30, 99), (50, 30, 20)), ((50, 30, 5), (65, 30, 5))):
        room = np.zeros(len(parts))
        room[[new, old, near]] = free
        assert class_warning._shared_out(world, coming, homes, room)[[new, old, near]].tolist() == list(taken)


def test_children_above_the_entry_grade_ask_the_redrawn_school_once_it_teaches_them_and_else_the_former(world):
    parts, places = world.parts, world.neighbourhoods
    old, new = parts.of_stage(0, only_public=True)[:2].tolist()
    places.catchment[0], places.former[0] = parts.key[new], parts.key[old]
    parts.top_grade[new] = 2
    for grade, asked in ((2, new), (3, old)):
        assert (class_warning._teaching(world, 0, grade) == asked).all()
    parts.place[0, parts.key[old]] = -1
    assert (class_warning._teaching(world, 0, 3) == new).all()


def test_where_a_catchment_was_redrawn_since_the_account_sends_nobody_another_way(world):
    parts, places = world.parts, world.neighbourhoods
    junior = parts.of_stage(JUNIOR)
    world.account = Account(parts.key[junior], places.catchment[JUNIOR].copy())
    coming = np.full((2, len(places)), 10.0)
    assert not class_warning._by_own_past(world, coming).any()
    shares = np.tile([0.25, *[1.0] * (len(junior) - 1)], (len(places), 1))
    world.account.ways[world.year] = shares
    places.catchment[JUNIOR, 0] = -1
    found = class_warning._by_own_past(world, coming)
    expected = np.zeros_like(found)
    expected[1:, junior[0]], expected[1:, junior[1]] = 2.5, 7.5
    assert found == pytest.approx(expected)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    return District("baseline", seed=1, data=both_stages(tmp_path_factory.mktemp("calibrated"))).run(to=2020)


def test_a_calibrated_district_expects_junior_pupils_where_its_own_past_sends_them(calibrated):
    world, account = calibrated, calibrated.account
    first, plenty = world.system.first_grade[JUNIOR], np.full(len(world.parts), 1e9)
    to = account.keys[-1]
    account.ways[world.year] = np.tile((account.keys >= to).astype(float), (len(world.neighbourhoods), 1))
    account.goes_on[world.year] = np.ones_like(account.goes_on[world.year])
    staying, coming, homes = class_warning.projected(world)
    ways = class_warning._by_own_past(world, coming)
    expected = staying[:, first - 1] + class_warning._shared_out(world, coming, homes, plenty, ways)
    part, rows = int(world.parts.place[JUNIOR, to]), np.flatnonzero(world.parts.stage == JUNIOR)
    assert ways[:, part].sum() == pytest.approx(ways.sum()) and ways.sum() > 100
    world.parts.rooms = 100
    mobility.depart(world)
    mobility.arrive(world)
    admission.place(world)
    came = np.bincount(world.parts.of_students()[world.students.grade == first], minlength=len(world.parts))
    assert came[part] == pytest.approx(expected[part], rel=0.1) and expected[rows].sum() < 1.2 * expected[part]


def test_entering_children_fill_free_rooms_near_by_before_any_is_built(world):
    primary = world.parts.of_stage(0, only_public=True)
    taken = np.ceil(class_warning.projected(world)[0][primary] / 50).sum(axis=1)
    world.parts.rooms[primary] = 500
    world.parts.rooms[primary[0]] = taken[0]
    assert class_warning.rooms_needed(world)[primary[0]] == 0
    world.parts.rooms[primary] = taken
    assert class_warning.rooms_needed(world)[primary].sum() > 0


def test_what_one_stage_lacks_is_not_forgotten_for_the_next(world):
    world.parts.rooms = 0
    needed = class_warning.rooms_needed(world)
    _, coming, homes = class_warning.projected(world)
    for stage in (0, 1):
        entering = np.bincount(homes[stage], coming[stage], len(world.parts))
        assert (needed >= np.floor(entering / 55))[world.parts.public].all()


def test_the_projection_is_near_what_comes(world):
    staying, coming, _ = class_warning.projected(world)
    mobility.depart(world)
    mobility.arrive(world)
    assert staying.sum() + coming.sum() == pytest.approx(len(world.students), rel=0.05)


def test_rooms_are_booked_on_the_law_and_written_down_with_their_places_and_their_year(world):
    world.parts.rooms //= 2
    before, law = world.parts.rooms.copy(), class_warning.cost(world)
    class_warning.add_rooms(world)
    gained = world.parts.rooms - before
    booked = [(instance, yuan) for year, instance, _, _, yuan in world.recorder.costs if year == 2015]
    assert {instance for instance, _ in booked} == {class_warning.INSTANCE}
    assert sum(row[3] for row in rooms_of(world)) == gained.sum() > 0
    assert sum(row[5] for row in rooms_of(world)) == pytest.approx(sum(yuan for _, yuan in booked))
    assert law == pytest.approx(sum(row[5] for row in rooms_of(world)), rel=0.02)
    target = world.parts.class_target(world.p)
    assert all(row[0] == 2015 and row[4] in {row[3] * size for size in set(target.tolist())} for row in rooms_of(world))


def test_the_law_is_paid_before_any_measure_and_never_cut(world):
    world.budget.bound = True
    world.parts.rooms //= 2
    for name, value in SHORT.items():
        setattr(world.budget, name, value)
    expect(world)
    allocate(world)
    class_warning.add_rooms(world)
    assert rooms_of(world)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["baseline", "plan", "plan-bound"])
def test_in_every_scenario_large_classes_end_when_the_law_wants_it(scenario):
    district = District(scenario, seed=3).run(to=2021)
    table = district.tables()["district_year"].query("group == 'all'")
    wide = table.pivot_table(index=["stage", "year"], columns="indicator", values="value")
    for stage in ("primary", "junior"):
        for size, since, most in ((66, 2018, 0.02), (56, 2020, 0.05)):
            share = wide.loc[stage][f"large_classes_{size}"] / wide.loc[stage]["classes"]
            assert share[share.index >= since].max() <= most


@pytest.mark.slow
def test_frozen_stands_outside_the_law_and_keeps_its_large_classes():
    district = District("frozen", seed=3).run(to=2021)
    table = district.tables()
    assert district.class_law == NO_LAW and table["law_rooms"].empty
    large = table["district_year"].query("group == 'all' and year == 2021 and indicator == 'large_classes_56'")
    assert large["value"].sum() > 20


def test_a_district_of_another_country_is_under_no_law():
    data = load_district(small_district())
    assert District("baseline", data=data).class_law.steps
    abroad = type(data)(data.name, {**data.spec, "country": "other"}, data.schools, data.neighbourhoods, data.births)
    district = District("baseline", data=abroad).run(to=2023)
    assert district.class_law == NO_LAW and "law_rooms" not in set(district.tables()["district_year"]["indicator"])
