"""Open information: who sees better, that it matters only where families or
planners act on what they see, and what it costs.
"""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base import matching
from simsim.district import District
from simsim.rules import choice
from simsim.rules.monitoring import true_quality

CHOICE = {"o": {"policy": "open_choice", "from": "2015-09-01"}}


def informed(
    to: int, others: dict | None = None, parameters: dict | None = None, start: str = "2015-09-01", **settings
) -> District:
    policies = {"i": {"policy": "information", "from": start, "settings": settings}} | (others or {})
    spec = {"name": "t", "extends": "baseline", "policies": policies, "parameters": parameters or {}}
    return District(spec, seed=6, fixed_parameters=True).run(to=to)


def test_both_errors_shrink_by_the_share_that_the_settings_say():
    district = informed(2014, families=0.3, planners=0.1, reach=0.5)
    assert district.rate("admit/view-error", 2.0) == pytest.approx(2.0 * (1 - 0.5 * 0.3))
    assert district.rate("assess/monitoring-error", 2.0) == pytest.approx(2.0 * (1 - 0.5 * 0.1))


def test_where_nobody_chooses_clearer_sight_moves_no_pupil():
    one, two = informed(2017, families=1.0, planners=0.0), informed(2017, families=0.0, planners=0.0)
    for name, column in one.students.columns.items():
        np.testing.assert_array_equal(column, two.students.columns[name], err_msg=name)


@pytest.mark.slow
def test_with_perfect_sight_families_choose_as_if_there_were_no_error():
    clear = informed(2016, CHOICE, families=1.0, planners=0.0)
    seen = informed(2016, CHOICE, {"choice_view_sd": 0.0}, families=0.0, planners=0.0)
    for name, column in clear.students.columns.items():
        np.testing.assert_array_equal(column, seen.students.columns[name], err_msg=name)


def wanted(share: float) -> float:
    """Return the mean perceived quality of the schools that families of seventh graders would like best."""
    district = informed(2014, CHOICE, {"choice_view_sd": 2.0}, families=share, planners=0.0)
    of = choice.market(district, np.flatnonzero(district.students.grade == 7), 1)
    best = matching.lists(choice.utility(district, of, "t", of.near), 1)[:, 0]
    return float(np.array([district.parts[i].perceived for i in of.parts])[best].mean())


def test_the_clearer_families_see_the_better_the_schools_are_that_they_ask_for():
    assert wanted(0.0) < wanted(0.5) < wanted(1.0)


def test_planners_see_the_truth_when_all_their_error_is_gone():
    district = informed(2015, planners=1.0)
    monitored = np.array([part.monitored for part in district.parts])
    blurred = np.array([part.monitored for part in informed(2015, planners=0.0).parts])
    assert not np.allclose(monitored, blurred)
    assert np.corrcoef(monitored, true_quality(district))[0, 1] > 0.9


def test_the_platform_is_paid_once_and_its_upkeep_every_year():
    district = informed(2018, start="2016-09-01", platform=1e6, upkeep=2e5, reach=0.5)
    costs = district.tables()["costs"]
    mine = costs[costs.instance == "i"].set_index(["year", "kind"]).value
    assert mine.to_dict() == {(2016, "capital"): 5e5} | {(year, "running"): 1e5 for year in (2016, 2017, 2018)}
    assert district.policies[0].touched == 3 * round(0.5 * len(district.open_schools))
