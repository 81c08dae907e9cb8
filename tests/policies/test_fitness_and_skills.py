"""The hour of sport, 2+1 activities and whole-person evaluation: whom they reach, what they bring and cost."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import InputError
from simsim.rules.development import SHARES
from tests.trials import live, public, same_scores, series, spent


def test_an_hour_of_sport_lifts_the_share_above_the_line_by_the_parameter_and_costs_its_price():
    plain, sport = live(2015, {}), live(2015, {"fitness": {"compliance": 1.0}})
    mine = public(sport)
    gain = sport.students.fitness - plain.students.fitness
    assert gain[mine] == pytest.approx(sport.p["fitness_gain_hour"], abs=1e-6) and not gain[~mine].any()
    in_school = sum(part.pupils for part in sport.parts if part.school.public)
    assert spent(sport, "fitness")[2015] == pytest.approx(in_school * sport.p["sport_hour_cost"])
    assert sport.policies[0].touched == in_school
    assert same_scores(sport, plain)


def test_compliance_differs_between_schools_and_inspection_raises_it():
    asked = {"fitness": {"compliance": 0.5}}
    alone = live(2015, asked, {"mandate_compliance_spread": 0.2})
    watched = live(2015, asked | {"inspection": {"coverage": 1.0, "effect": 0.4}}, {"mandate_compliance_spread": 0.2})
    held, seen = (np.array([part.sport_hour for part in d.parts if part.school.public]) for d in (alone, watched))
    assert 0.3 <= held.min() < 0.4 and 0.6 < held.max() <= 0.7
    assert seen == pytest.approx(1 - 0.6 * (1 - held))


def test_the_hour_can_be_no_longer_than_an_hour():
    twice = live(
        2015,
        {"fitness": {"compliance": 1.0}, "after_school": {"places": 1.0, "pilot_years": 0, "years": 1}},
        {"after_school_sport": 1.0},
    )
    gain = twice.students.fitness - live(2015, {}).students.fitness
    assert gain.max() == pytest.approx(twice.p["fitness_gain_hour"], abs=1e-6)


def test_in_the_long_run_everybody_in_public_schools_is_fit():
    district = live(2021, {"fitness": {"compliance": 1.0}}, {"fitness_gain_hour": 0.1})
    mine = public(district) & (district.students.years_in_school >= 3)
    assert (district.students.fitness[mine] >= 0).all()


def test_activities_reach_a_third_of_the_schools_more_every_year():
    district = live(2014, {"skills": {"years": 3, "compliance": 1.0}})
    reached = []
    for _ in range(3):
        district.step()
        reached.append({part.key for part in district.parts if part.activities})
    assert reached[0] < reached[1] < reached[2] == {s.key for s in district.open_schools if s.public}
    assert all(part.activities in (0.0, district.p["skill_activities"]) for part in district.parts)
    assert spent(district, "skills")[2017] == pytest.approx(series(district, "pupils")[2017] * 40, rel=0.06)


def test_aiming_at_two_plus_one_brings_more_pupils_there_than_their_own_choice():
    parts = {"activities": 1.0, "years": 1, "compliance": 1.0}
    guided, free = (live(2020, {"skills": parts | {"towards": to}}) for to in ("two_plus_one", "own_choice"))
    assert series(guided, "two_plus_one_share")[2020] > 1.3 * series(free, "two_plus_one_share")[2020]
    assert series(guided, "one_skill_share")[2020] == pytest.approx(series(free, "one_skill_share")[2020], abs=0.02)


def test_evaluation_starts_at_no_52_reaches_its_cluster_a_year_later_and_then_all_public_schools():
    cluster = {"name": {"zh": "集团", "en": "Group"}, "kind": "group", "lead": 1, "members": [5, 9]}
    on_time = {"delay_probability": 0.0, "years": 4}
    district = live(2014, {"clusters": {"clusters": [cluster]}, "whole_person_evaluation": on_time})
    who = []
    for _ in range(5):
        district.step()
        who.append({school.key for school in district.open_schools if school.evaluates})
    assert who[0] == {1}
    assert {1, 5, 9} <= who[1] < who[2] < who[3]
    assert who[4] == {school.key for school in district.open_schools if school.public}
    cost = spent(district, "whole_person_evaluation")
    assert [cost[year] for year in range(2015, 2020)] == [len(keys) * 20_000 for keys in who]
    assert series(district, "evaluating_share")[2014] == 0.0 < series(district, "evaluating_share")[2015]


def test_evaluation_is_seen_only_where_it_is_made_and_changes_no_score():
    district = live(2016, {"whole_person_evaluation": {"delay_probability": 0.0}})
    table = district.tables()["school_year"].query("indicator == 'evaluation'")
    assert set(table[table.year == 2015].school) == {1} and set(table.year) == {2015, 2016}
    assert np.isfinite(table.value).all()
    assert same_scores(district, live(2016, {}))


def test_a_late_system_is_a_missed_milestone_and_holds_up_its_spread():
    instance = {"policy": "whole_person_evaluation", "from": "2014-12-31", "measure": "D4"}
    for chance, months, done, met, first in ((0.0, 0, "2014-12", 1, 2015), (1.0, 12, "2015-12", 0, 2016)):
        settings = {"delay_probability": chance, "delay_months": months}
        spec = {
            "name": "trial",
            "extends": "plan",
            "plan": {"include": ["D4"]},
            "policies": {"D4": instance | {"settings": settings}},
        }
        district = District(spec | {"parameters": {"delay_spread": 0.0}}, seed=1, fixed_parameters=True).run(to=2016)
        line = district.tables()["milestones"].query("measure == 'D4'").iloc[0]
        assert (line.due, line.done, line.striving, line.met) == ("2014-12", done, 1, met)
        assert min(year for year, share in series(district, "evaluating_share").items() if share) == first


def test_a_pioneer_that_is_not_there_is_an_error():
    with pytest.raises(InputError, match="pioneer = 999: is not a school of erdao"):
        live(2014, {"whole_person_evaluation": {"pioneer": 999}})


def test_the_shares_never_fall_because_of_a_measure():
    plain = live(2017, {})
    for policy in ("fitness", "skills", "after_school"):
        trial = live(2017, {policy: {}})
        for name in SHARES:
            mine, other = series(trial, name), series(plain, name)
            assert all(mine[year] >= other[year] for year in other), (policy, name)
