"""Promised dates: what follows from a step that is on time or slips, worked out by hand."""

from __future__ import annotations

import pytest

from simsim.base import calendar
from simsim.policies.shared import promises as projects
from simsim.policies.shared.promises import Promise


def when(**steps: tuple[str, bool]) -> dict[str, int]:
    return {step: Promise(step, calendar.month(due), striving) for step, (due, striving) in steps.items()}


def written(done: dict[str, int]) -> dict[str, str]:
    return {step: calendar.written(count) for step, count in done.items()}


def no_slip(step: str, promise: Promise) -> int:
    return 0


def test_a_school_completed_in_december_is_in_use_in_the_september_after():
    done = projects.dates(when(approval=("2014-12", False), completion=("2015-12", True)), 24, no_slip)
    assert written(done) == {"approval": "2014-12", "completion": "2015-12", "in_use": "2016-09"}


def test_a_start_of_construction_is_followed_by_the_building_time():
    done = projects.dates(when(construction=("2016-12", True)), 24, no_slip)
    assert written(done) == {"construction": "2016-12", "completion": "2018-12", "in_use": "2019-09"}


@pytest.mark.parametrize(
    ("months", "in_use"), [(0, "2016-09"), (9, "2016-09"), (10, "2017-09"), (21, "2017-09"), (22, "2018-09")]
)
def test_a_slip_past_a_september_costs_a_year_and_a_shorter_one_nothing(months, in_use):
    promises = when(completion=("2015-12", True), in_use=("2016-09", False))
    done = projects.dates(promises, 24, lambda step, promise: months if step == "completion" else 0)
    assert calendar.written(done["in_use"]) == in_use


def test_an_early_slip_makes_every_later_step_late():
    promises = when(approval=("2014-12", False), construction=("2015-03", False), completion=("2016-08", False))
    done = projects.dates(promises, 24, lambda step, promise: 2 if step == "approval" else 0)
    assert written(done) == {
        "approval": "2015-02",
        "construction": "2015-05",
        "completion": "2016-10",
        "in_use": "2017-09",
    }
