"""A project's size: what is missing of a standard is bought, and senior pupils come a grade a year."""

from __future__ import annotations

import pytest

from simsim.policies.shared.building_project import ProjectSettings
from simsim.policies.shared.project_size import MOVES_WITH_A_SCHOOL, missing, senior_pupils, senior_weight


def test_what_a_school_has_is_not_bought_again():
    needed = dict.fromkeys(MOVES_WITH_A_SCHOOL, 10.0)
    assert missing({"books": 4.0, "computers": 12.0}, needed) == {
        "equipment_yuan": 10.0, "computers": 0.0, "books": 6.0, "multimedia_rooms": 10.0,
    }  # fmt: skip


def test_senior_pupils_come_a_grade_a_year_and_then_stay():
    settings = ProjectSettings(school=101, kind="complete", senior_pupils=300)
    assert [senior_pupils(settings, since) for since in range(5)] == [100, 200, 300, 300, 300]


def test_a_senior_pupil_counts_as_when_buildings_are_split():
    assert senior_weight() == pytest.approx(1.32 / 1.1)
