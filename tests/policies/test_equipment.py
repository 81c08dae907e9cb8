"""Equipment: who gets what, what it costs, when, and that hardware alone teaches nobody."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.rules import building
from tests.one_district import lived_under

FULL = {"fill": 1.0, "delay_probability": 0.0}


def equipped(
    to: int = 2016, start: str = "2015-09-01", parameters: dict | None = None, end: str | None = None, **settings
) -> District:
    instance = {"policy": "equipment", "from": start, "settings": settings} | ({"to": end} if end else {})
    spec = {"name": "trial", "extends": "baseline", "policies": {"E": instance}, "parameters": parameters or {}}
    return lived_under(spec, to, seed=5)


def plain(to: int = 2016) -> District:
    return lived_under("baseline", to, seed=5)


def has(district: District, good: str) -> dict[int, float]:
    return {key: school.facilities[good] for key, school in district.schools.items()}


def spent(district: District, kind: str, year: int | None = None) -> float:
    costs = district.tables()["costs"]
    mine = costs[(costs.instance == "E") & (costs.kind == kind)]
    return float(mine[mine.year == year].value.sum() if year else mine.value.sum())


def value(district: District, name: str, year: int, group: str = "all", stage: str = "all") -> float:
    table = district.tables()["district_year"]
    return float(
        table[
            (table.indicator == name) & (table.year == year) & (table.group == group) & (table.stage == stage)
        ].value.iloc[0]
    )


def test_every_public_school_gets_what_it_lacks_and_no_school_loses_anything():
    bought, without = equipped(to=2015, **FULL), plain(to=2015)
    for good in building.FITTINGS:
        mine, theirs = has(bought, good), has(without, good)
        assert all(mine[key] >= theirs[key] for key in mine) and sum(mine.values()) > sum(theirs.values())
    private = [key for key, school in bought.schools.items() if not school.public]
    assert private and all(has(bought, "books")[key] == has(without, "books")[key] for key in private)


def test_after_the_purchase_every_part_reaches_the_standard_for_last_years_roll():
    district = equipped(to=2014, **FULL)
    district.p |= district.spec.changes_of(2015, district.first_year)
    assert not all(building.meets(district, school) for school in district.schools.values() if school.public)
    district.policies[0].build(district)
    assert all(building.meets(district, school) for school in district.schools.values() if school.public)


def test_a_school_with_two_stages_has_enough_for_both_after_the_official_split():
    school = plain(to=2014).schools[1]
    pupils = {stage: part.pupils for stage, part in school.parts.items()}
    total = building.for_parts(school, {0: 30.0 * pupils[0], 1: 40.0 * pupils[1]})
    claims = pupils[0] + 1.1 * pupils[1]
    assert (
        total * pupils[0] / claims >= 30.0 * pupils[0] - 1e-6
        and total * 1.1 * pupils[1] / claims >= 40.0 * pupils[1] - 1e-6
    )
    assert total == pytest.approx(max(30.0, 40.0 / 1.1) * claims)


def test_urban_only_leaves_rural_schools_as_they_are_and_the_gap_opens():
    urban, without = equipped(to=2015, urban_only=True, **FULL), plain(to=2015)
    rural = [key for key, school in urban.schools.items() if not school.urban]
    assert rural and all(has(urban, "books")[key] == has(without, "books")[key] for key in rural)
    gaps = [
        value(d, "books", 2015, "urban", "primary") - value(d, "books", 2015, "rural", "primary")
        for d in (urban, without)
    ]
    assert gaps[0] > gaps[1]


def test_multimedia_reaches_one_room_per_class_room_and_costs_its_unit_price():
    district, without = equipped(to=2015, multimedia_per_class=1.0, delay_probability=0.0), plain(to=2015)
    added = sum(has(district, building.ROOMS).values()) - sum(has(without, building.ROOMS).values())
    assert added > 0 and spent(district, "capital", 2015) == pytest.approx(added * district.p["multimedia_room_cost"])
    value_added = sum(has(district, building.VALUE).values()) - sum(has(without, building.VALUE).values())
    assert value_added == pytest.approx(added * district.p["multimedia_room_cost"])


def test_gardens_and_laboratories_are_built_once_where_they_are_named():
    district = equipped(to=2018, gardens=4, laboratories=2, chosen=(1, 2), delay_probability=0.0)
    p = district.p
    assert spent(district, "capital") == pytest.approx(4 * p["garden_cost"] + 2 * p["laboratory_cost"])
    assert district.policies[0].touched == 2


def test_the_books_balance_between_what_is_bought_and_what_it_costs():
    goods = {"equipment_yuan": 1000.0, "computers": 2.0, "books": 10.0, building.ROOMS: 1.0, "sports_area_m2": 3.0}
    district = plain(to=2014)
    p, school = district.p, district.schools[1]
    before = school.facilities["equipment_yuan"]
    added = building.purchase(district, school, goods, "E", "E2")
    assert (
        added
        == 1000.0 + 2 * p["computer_cost"] + p["multimedia_room_cost"]
        == school.facilities["equipment_yuan"] - before
    )
    assert district.recorder.costs[-1][-1] == pytest.approx(added + 10 * p["book_cost"] + 3 * p["sports_area_cost"])


def test_areas_grow_towards_their_minimum_only_when_asked():
    district, without = equipped(to=2015, teaching_fill=0.5, sports_fill=0.5, delay_probability=0.0), plain(to=2015)
    for good in ("teaching_area_m2", "sports_area_m2"):
        assert sum(has(district, good).values()) > sum(has(without, good).values())
    assert has(equipped(to=2015, **FULL), "teaching_area_m2") == has(without, "teaching_area_m2")


def test_a_phase_spreads_the_purchases_over_its_years():
    district = equipped(to=2018, phase_years=3, maintained=False, **FULL)
    yearly = [spent(district, "capital", year) for year in (2015, 2016, 2017, 2018)]
    assert all(y > 0 for y in yearly[:3]) and yearly[3] == 0.0
    assert yearly[0] == pytest.approx(spent(equipped(to=2015, **FULL), "capital", 2015) / 3, rel=1e-6)


@pytest.mark.slow
def test_gaps_that_open_later_are_filled_only_when_the_standard_is_maintained():
    assert spent(equipped(to=2017, **FULL), "capital", 2017) > 0
    assert spent(equipped(to=2017, maintained=False, **FULL), "capital", 2017) == 0.0


def test_a_slip_past_september_costs_a_year():
    district = equipped(to=2017, start="2015-06-30", fill=1.0, delay_probability=1.0, delay_months=12.0)
    assert (
        spent(district, "capital", 2015) == 0.0
        and spent(district, "capital", 2016) + spent(district, "capital", 2017) > 0
    )


@pytest.mark.slow
def test_management_raises_use_and_never_lowers_it():
    assert value(equipped(managed=True, use=0.9, delay_probability=0.0), "equipment_use", 2016) == pytest.approx(0.9)
    assert value(equipped(managed=True, use=0.1, delay_probability=0.0), "equipment_use", 2016) == pytest.approx(0.5)
    assert spent(equipped(managed=True, delay_probability=0.0), "running", 2016) > 0


def test_hardware_alone_changes_no_score():
    mine, theirs = equipped(**FULL), plain()
    np.testing.assert_array_equal(mine.students.score, theirs.students.score)


def test_where_hardware_is_assumed_to_work_it_works_in_proportion_to_its_use():
    gains = []
    for use in (0.5, 1.0):
        district = equipped(to=2015, managed=True, use=use, parameters={"equipment_hardware_only": 0.03}, **FULL)
        gains.append(np.array([part.program for part in district.parts]))
    assert gains[0].max() > 0 and gains[1] == pytest.approx(2 * gains[0])


def test_unknown_schools_are_refused():
    from simsim.inputs.errors import InputError

    with pytest.raises(InputError, match="is not a school of erdao"):
        equipped(gardens=1, chosen=(99,))


def test_the_plans_dates_are_kept_when_nothing_slips():
    district = District(
        {"name": "t", "extends": "only-equipment", "parameters": {"delay_probability_firm": 0.0}}, seed=5
    ).run(to=2017)
    table = district.tables()["milestones"]
    assert set(table.measure) == {"E1", "E2", "E3"} and table.met.all()
