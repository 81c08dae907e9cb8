"""Shared lessons: structured use adds a subject effect where lessons are missing; hardware adds nothing."""

from __future__ import annotations

import pytest

from simsim.district import District
from tests.trials import live, same_scores, series, spent


def programs(district: District) -> dict[int, float]:
    return {part.key: part.program for part in district.parts}


def test_structured_use_adds_the_subject_effect_over_three_subjects_where_lessons_are_missing():
    district = live(2015, {"shared_lessons": {"schools_per_year": 5, "use": 1.0, "effect": 0.06}})
    connected = {school.key for school in district.open_schools if school.shared_lessons}
    assert len(connected) == 5
    values = programs(district)
    assert all(values[key] == pytest.approx(0.02 if key in connected else 0.0) for key in values)
    assert spent(district, "shared_lessons", "capital") == {2015: 5 * 150_000}
    assert spent(district, "shared_lessons", "running") == {2015: 5 * 8_000}
    teachers = district.teachers
    share = {k: (teachers.backbone | teachers.star)[teachers.post == k].mean() for k in values}
    assert max(share[key] for key in connected) < min(
        share[s.key] for s in district.open_schools if s.public and s.key not in connected
    )


def test_hardware_and_access_alone_teach_nobody():
    district = live(2016, {"shared_lessons": {"schools_per_year": 999, "use": 0.0}})
    assert series(district, "shared_lessons_share")[2016] > 0.3
    assert same_scores(district, live(2016, {}))


def test_the_default_claims_nothing_and_a_small_dose_of_structured_use_is_worth_little():
    assert same_scores(live(2015, {"shared_lessons": {}}), live(2015, {}))
    district = live(2015, {"shared_lessons": {}}, {"shared_lessons_use": 0.1})
    p, connected = district.p, [s.key for s in district.open_schools if s.shared_lessons]
    assert {programs(district)[key] for key in connected} == {
        p["shared_lessons_use"] * p["ict_structured_cal"] / p["core_subjects"]
    }
    assert programs(district)[connected[0]] < p["mcid_score"] / 5
