"""Whole-person evaluation: where it begins, how it spreads, what it costs, and that it changes no score."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.district import District
from simsim.inputs.errors import InputError
from tests.trials import live, same_scores, series, spent


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
