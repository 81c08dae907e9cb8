"""New schools: when they open, whom they take, how they are staffed, what they cost, and what cannot be built."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from simsim.base import calendar
from simsim.base.codes import JUNIOR, PRIMARY
from simsim.base.ids import ARRIVAL
from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.policies.shared import promises as projects
from simsim.scenarios.plan import Plan
from simsim.scenarios.scenario import Scenario
from tests.one_district import lived_under

ON_TIME = {"delay_probability": 0.0, "delay_probability_firm": 0.0}
YINGJUN = {
    "school": 101,
    "kind": "nine_year",
    "rooms_primary": 12,
    "rooms_junior": 9,
    "catchment_primary": [23, 24, 25],
    "catchment_junior": [23, 24, 25],
    "catchment_share": 0.4,
}


def spec(start: str = "2015-09-01", parameters: dict | None = None, **settings) -> dict:
    instance = {"policy": "new_schools", "from": start, "measure": "N", "settings": ON_TIME | settings}
    return {"name": "trial", "extends": "baseline", "policies": {"N": instance}, "parameters": parameters or {}}


def build(to: int, seed: int = 5, **more) -> District:
    return lived_under(spec(**more), to, seed)


@cache
def yingjun(to: int) -> District:
    return build(to, **YINGJUN)


@cache
def baseline(to: int) -> District:
    return lived_under("baseline", to, seed=5)


def at_school(district: District, key: int, name: str, stage: str = "primary") -> dict[int, float]:
    table = district.tables()["school_year"]
    mine = table[(table.school == key) & (table.indicator == name) & (table.stage == stage)]
    return dict(zip(mine.year, mine.value, strict=True))


def costs(district: District, kind: str = "capital") -> dict[int, float]:
    table = district.tables()["costs"]
    return table[(table.instance == "N") & (table.kind == kind)].groupby("year").value.sum().to_dict()


def test_delays_are_the_same_in_every_scenario_and_differ_between_replications():
    layout = [District(name, seed=seed).policies for name in ("openings-only", "plan") for seed in (1, 2, 3, 4)]
    dates = [{p.id: p.done for p in policies if p.name == "new_schools"} for policies in layout]
    assert dates[:4] == dates[4:]
    assert len({tuple(sorted(d["L2"].items())) for d in dates[:4]}) > 1


def test_what_is_certain_to_slip_slips_and_what_is_sure_does_not():
    steps = {"completion": {"due": "2015-12", "striving": True}, "in_use": {"due": "2016-09"}}
    late = District(spec(**YINGJUN, **steps, delay_months=12) | {}, seed=5, fixed_parameters=True)
    assert calendar.written(late.policies[0].done["completion"]) == "2015-12"
    sure = District(
        spec(**YINGJUN, **steps | ON_TIME | {"delay_probability": 1.0}, delay_months=12), seed=5, fixed_parameters=True
    )
    assert sure.policies[0].done["completion"] > calendar.month("2015-12")


@pytest.mark.slow
def test_in_plan_late_every_milestone_that_is_striven_for_is_missed():
    district = District("plan-late", seed=3).run(to=2021)
    table = district.tables()["milestones"]
    mine = table[table.measure.isin(["L2", "L3", "L4"]) & (table.striving == 1)]
    assert len(mine) == 3 and not mine.met.any()


def test_the_settings_of_the_layout_measures_are_their_milestones():
    for measure in (m for m in Plan.load().measures.values() if m.policy == "new_schools"):
        steps = [measure.settings[step] for step in projects.STEPS if step in measure.settings]
        told = [(s["name"], s["due"], s.get("striving", False)) for s in steps]
        promised = [(m.name, f"{m.due:%Y-%m}", m.striving) for m in measure.milestones]
        assert told == promised or not promised


def test_four_new_schools_by_2016_cannot_be_met_by_the_plans_own_dates():
    changes = {"delay_probability_striving": 0.0, "delay_probability_firm": 0.0}
    scenario = {
        "name": "punctual",
        "extends": "openings-only",
        "parameters": {k: {"value": v} for k, v in changes.items()},
    }
    table = District(scenario, seed=2, fixed_parameters=True).run(to=2019).tables()["milestones"]
    assert table[table.measure != "L0"].met.all()
    heading = table[table.measure == "L0"].iloc[0]
    assert not heading.met and heading.due == "2016-12" and heading.done == "2018-12"


@pytest.mark.slow
def test_a_promise_still_open_has_a_line_without_a_date():
    scenario = {
        "name": "trial",
        "extends": "openings-only",
        "policies": {"L2": {"settings": {"delay_probability": 1.0, "delay_months": 30}}},
    }
    district = District(scenario, seed=2).run(to=2016)
    table = district.tables()["milestones"]
    built = table[table.milestone == "built"].iloc[0]
    assert (built.done, built.met) == ("", 0)
    assert 102 not in district.schools
    finished = district.run(to=2020).tables()["milestones"]
    assert (finished.milestone == "built").sum() == 1 and finished[finished.milestone == "built"].done.item() > "2017"


# ---- whom it takes ----


def test_nothing_happens_before_it_opens_and_then_one_grade_a_year_is_added():
    district = build(2016, **YINGJUN, in_use={"due": "2016-09"})
    assert [101 in district.schools, min(at_school(district, 101, "pupils"))] == [True, 2016]
    grades = district.students.grade[district.students.school == 101]
    assert set(grades.tolist()) == {2, 8}, "a year later those of the first grades"
    for last in (3, 4, 5):
        district.step()
        grades = district.students.grade[district.students.school == 101]
        assert grades[grades < 7].max() == last and set(grades.tolist()) >= {2, 8}


@pytest.mark.slow
def test_its_first_grade_is_nearly_full_and_it_ends_near_its_seats():
    pupils, seats = (at_school(yingjun(2021), 101, name) for name in ("pupils", "seats"))
    assert pupils[2016] > 0.8 * 2 * seats[2016] / 6
    assert 0.8 * seats[2021] < pupils[2021] <= 1.15 * seats[2021]


@pytest.mark.slow
def test_no_pupil_is_lost_or_found_by_opening_a_school():
    for year in range(2015, 2019):
        with_school, without = yingjun(2021).tables()["district_year"], baseline(2021).tables()["district_year"]
        counts = [
            t[
                (t.year == year) & t.indicator.isin(["entrants", "arrivals"]) & (t.stage == "all") & (t.group == "all")
            ].value.tolist()
            for t in (with_school, without)
        ]
        assert counts[0] == counts[1]


def test_a_share_of_the_addresses_changes_and_the_others_keep_their_school():
    district = build(2015, **YINGJUN)
    places, students = district.neighbourhoods, district.students
    first = (students.grade == 2) & np.isin(students.neighbourhood, [23, 24, 25]) & (students.school < 900)
    share = (students.school[first] == 101).mean()
    assert 0.25 < share < 0.45
    assert (places.catchment[PRIMARY, places.rows([23, 24, 25])] == 101).all()
    assert places.former[PRIMARY, places.rows([23, 24, 25])].tolist() == [3, 11, 16]


def test_children_in_grades_it_does_not_teach_yet_belong_to_the_former_school():
    district = build(2015, **YINGJUN | {"catchment_share": 1.0})
    arrived = (district.students.years_in_school == 1) & (district.students.grade == 5)
    local = arrived & (district.students.neighbourhood == 24)
    assert local.any() and not (district.students.school[local] == 101).any()
    assert (district.students.school[local] == 11).mean() > 0.5, "as far as it has seats"


def test_an_all_grade_opening_takes_a_share_of_the_grades_above_the_first_at_once():
    district = build(2015, **YINGJUN, fill="all_grade", all_grade_share=1.0)
    grades = district.students.grade[district.students.school == 101] - 1
    assert set(grades.tolist()) == {1, 2, 3, 4, 7, 8}
    none = build(2015, **YINGJUN, fill="all_grade", all_grade_share=0.0)
    above = (none.students.school == 101) & np.isin(none.students.grade, [4, 5, 9])
    assert (none.students.route[above] == ARRIVAL).all(), "newcomers find its rooms; nobody changes to it"


def test_a_school_opens_with_as_many_grades_of_each_stage_as_it_is_told():
    few = {"fill": "all_grade", "all_grade_share": 1.0, "grades_primary": 3, "grades_junior": 1}
    district = build(2015, **YINGJUN, **few)
    grades = district.students.grade[district.students.school == 101] - 1
    assert set(grades.tolist()) == {1, 2, 3, 7}


def test_pupils_move_with_a_relocated_school_and_its_capacity_changes():
    moved = build(2015, mode="relocation", school=5, x_km=-0.9, y_km=3.2, rooms_primary=30)
    before, after = (d.schools[5] for d in (baseline(2015), moved))
    assert (before.parts[PRIMARY].rooms, after.parts[PRIMARY].rooms) == (20, 30)
    assert (after.x_km, after.y_km, after.building_year) == (-0.9, 3.2, 2015)
    assert after.facilities["teaching_area_m2"] == pytest.approx(30 * 45 * 4.5)
    assert after.facilities["computers"] >= before.facilities["computers"]
    stayed = set(
        baseline(2015).students.id[(baseline(2015).students.school == 5) & (baseline(2015).students.grade > 2)].tolist()
    )
    assert len(stayed & set(moved.students.id[moved.students.school == 5].tolist())) > 0.95 * len(stayed)
    teachers = [int((d.teachers.home == 5).sum()) for d in (baseline(2015), moved)]
    assert abs(teachers[0] - teachers[1]) <= 3


def test_an_expansion_adds_rooms_to_the_stage_named():
    district = build(
        2015, mode="expansion", school=4, rooms_primary=6, parameters={"reactive_capacity_step": {"value": 0.0}}
    )
    assert {stage: part.rooms for stage, part in district.schools[4].parts.items()} == {PRIMARY: 39, JUNIOR: 21}
    assert set(costs(district)) == {2015}


# ---- staff ----


def posts(district: District) -> int:
    return sum(int(part.posts.sum()) for part in district.parts)


def test_posts_are_moved_and_not_made():
    for to in (2015, 2021):
        assert abs(posts(yingjun(to)) - posts(baseline(to))) <= 0.003 * posts(baseline(to))


@pytest.mark.slow
def test_extra_posts_come_on_top():
    extra = build(2017, **YINGJUN, extra_posts=True)
    new = sum(int(part.posts.sum()) for part in extra.schools[101].parts.values())
    assert posts(extra) - posts(build(2017, **YINGJUN)) > 0.4 * new > 0


def test_a_new_school_has_as_many_pupils_a_post_as_its_stage():
    district = yingjun(2018)
    own = district.schools[101].parts[PRIMARY]
    public = [part for part in district.parts if part.stage == PRIMARY and part.school.public]
    mean = sum(p.pupils for p in public) / sum(p.posts.sum() for p in public)
    assert own.pupils / own.posts.sum() == pytest.approx(mean, rel=0.1)


def test_experienced_teachers_come_from_the_lead_school_when_it_lends_them():
    district = build(2015, **YINGJUN, lead=1, seconded_share=1.0, novice_share=0.0)
    moves = district.tables()["teacher_moves"]
    came = moves[(moves.destination == 101) & (moves.reason == "opening")]
    assert len(came) >= 3 and (came.origin == 1).all()
    lent = district.teachers.experience[district.teachers.rows(came.teacher.to_numpy())] - 1
    assert (lent >= district.p["novice_years"]).all()


def test_with_new_hires_alone_nobody_is_taken_from_another_school():
    district = build(2015, **YINGJUN, seconded_share=0.0, novice_share=1.0)
    moves = district.tables()["teacher_moves"]
    came = moves[(moves.destination == 101) & (moves.reason != "voluntary")]
    assert set(came.reason) == {"hire"} and len(came) >= 5


def test_it_has_a_principal_and_a_branch_leans_on_the_name_of_its_lead():
    plain, branch = build(2015, **YINGJUN), build(2015, **YINGJUN, lead=1)
    assert plain.schools[101].principal is not None and not plain.schools[101].principal.predecessor
    lead = branch.schools[1].parts[PRIMARY].status
    apart = [abs(d.schools[101].parts[PRIMARY].status - lead) for d in (plain, branch)]
    assert apart[1] < apart[0]


# ---- effects and costs ----


@pytest.mark.slow
def test_effects_are_the_penalty_of_the_first_two_years_and_the_gain_of_the_building():
    p = {
        "new_school_penalty_yr1": -0.03,
        "new_school_penalty_yr2": -0.015,
        "new_building_math": 0.025,
        "new_building_lang": 0.0125,
    }
    district = District(
        spec(**YINGJUN, parameters={k: {"value": v} for k, v in p.items()}), seed=5, fixed_parameters=True
    )
    gain = 0.05 / 3
    district.run(to=2015)
    school = district.schools[101]
    for primary, junior in ((-0.03 + gain, -0.03), (-0.015 + gain, -0.015), (gain, 0.0)):
        assert school.parts[PRIMARY].program == pytest.approx(primary)
        assert school.parts[JUNIOR].program == pytest.approx(junior, abs=1e-12)
        district.step()
    district.run(to=2023)
    assert 0.0 < school.parts[PRIMARY].program < gain, "pupils in their fifth year gain no more"


@pytest.mark.slow
def test_the_building_costs_what_its_area_costs_and_equipment_comes_with_the_grades():
    p = {"building_cost": 3000.0, "new_school.floor_factor": 2.0, "book_cost": 20.0}
    fixed = {k: {"value": v} for k, v in p.items()}
    settings = {"kind": "primary", "rooms_primary": 12, "catchment_primary": [23], "in_use": {"due": "2016-09"}}
    district = build(2021, parameters=fixed, **settings)
    building = 540 * 4.5 * 2.0 * 3000.0
    equipment = 540 * (2000 + 30 * 20.0)
    spent = costs(district)
    assert sum(spent.values()) == pytest.approx(building + equipment)
    assert spent[2021] == pytest.approx(equipment / 6)
    assert spent[2015] == pytest.approx(building * 16 / 24), "16 of the 24 months before September 2016 lie before 2016"


def test_the_senior_part_counts_in_the_building_at_the_official_weight():
    settings = {"kind": "complete", "rooms_junior": 18, "senior_pupils": 900, "catchment_junior": [15, 17]}
    school = build(2015, **settings).schools[101]
    assert school.facilities["teaching_area_m2"] == pytest.approx((900 + 1.2 * 900) * 5.8)
    assert school.senior_pupils == 300, "a third in the first year"


# ---- what cannot be built ----

WRONG = [
    ({"school": 5}, "settings.school = 5: is taken"),
    ({"mode": "relocation", "school": 77}, "settings.school = 77: is not a school of erdao"),
    ({"mode": "expansion", "school": 101}, "settings.school = 101: is not a school of erdao"),
    ({"catchment_primary": [99]}, "settings.catchment_primary = 99: is not a neighbourhood that erdao manages"),
    ({"catchment_primary": [27]}, "settings.catchment_primary = 27: is not a neighbourhood that erdao manages"),
    ({"catchment_primary": [23, 23]}, "settings.catchment_primary = 23: is named twice"),
    ({"kind": "complete", "catchment_primary": [23]}, "a complete school has no primary part; leave it out"),
    ({"kind": "complete", "rooms_primary": 6}, "settings.rooms_primary = 6: a complete school has no primary part"),
    ({"kind": "primary", "rooms_primary": 0}, "settings.rooms_primary = 0: a primary school needs rooms"),
    (
        {"mode": "relocation", "school": 5, "rooms_junior": 6},
        "settings.rooms_junior = 6: a primary school has no junior part",
    ),
    ({"senior_pupils": 100}, "settings.senior_pupils = 100: a nine_year school has no senior part"),
    ({"rooms_primary": -3}, "settings.rooms_primary = -3"),
    ({"lead": 200}, "settings.lead = 200: is not a school of erdao"),
    ({"approval": {"due": "2015-13"}}, "settings.approval.due = '2015-13'"),
    (
        {"approval": {"due": "2016-01"}, "completion": {"due": "2015-12"}},
        "settings.completion.due = '2015-12': lies before approval",
    ),
    ({"mode": "expansion", "school": 5, "catchment_primary": [23]}, "an expansion redraws no catchment"),
]


@pytest.mark.parametrize(("settings", "message"), WRONG, ids=[message[:60] for _, message in WRONG])
def test_what_cannot_be_built_is_refused(settings, message):
    with pytest.raises(InputError) as error:
        Scenario.load(spec(**settings))
    assert message in str(error.value)


def test_two_projects_at_one_school_or_for_one_catchment_conflict():
    both = spec(**YINGJUN)
    both["policies"]["M"] = {
        "policy": "new_schools",
        "from": "2016-09-01",
        "settings": {"school": 103, "catchment_primary": [23]},
    }
    with pytest.raises(InputError, match="both set the primary catchment of 23"):
        Scenario.load(both)
