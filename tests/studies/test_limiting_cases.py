"""Replication so simple that the answer is known. Others stand where the rule is
tested: learning, staffing, rotation, choice.
"""

from __future__ import annotations

import numpy as np
import pytest

from simsim.districts.projection import project_enrolment
from simsim.studies import limiting_cases as limits
from simsim.studies.watched import variant, watch

SEED = 3


@pytest.mark.slow
@pytest.mark.parametrize("case", limits.CASES, ids=lambda case: case.__name__)
def test_the_model_gives_the_known_answer(case):
    found = case(SEED)
    assert found.holds, found


def test_in_a_closed_district_the_same_children_sit_in_the_next_grade():
    """Heads are compared by the case itself; here the very same people."""
    watched = watch(variant("closed", parameters=limits.NOBODY_MOVES), SEED, 2017)
    for year in (2014, 2015, 2016):
        now, then = (watched.snapshots[y].table()["grade"] for y in (year, year + 1))
        stayed = now[now < 9]
        assert stayed.index.isin(then.index).all()
        assert (then[stayed.index] == stayed + 1).all()


def test_a_closed_districts_rolls_are_those_of_cohort_survival_grade_by_grade():
    watched = watch(variant("closed", parameters=limits.NOBODY_MOVES), SEED, 2019)
    rolls = limits.rolls(watched)
    known = {1: rolls[1].to_dict()}
    stock = dict(enumerate(rolls.loc[2014].tolist(), 1))
    expected = project_enrolment(watched.district.births, stock, 2019, ratios=[1.0] * 8, entry_ratio=1.0, known=known)
    assert np.array_equal(rolls.to_numpy(), expected.to_numpy())


def test_where_nothing_differs_the_gap_between_schools_is_that_of_sampling():
    """Pupils dealt out to schools at random would show a gap as
    large as the model's, in the last year as in the first.
    """
    watched = watch(variant("alike", parameters=limits.STILL_TEACHING | limits.ALIKE_FAMILIES), SEED, 2018)
    for year in (2014, 2018):
        table = limits.within_grade(watched.snapshots[year])
        dealt = table.assign(score=np.roll(table["score"].to_numpy(), 7919))
        gaps = [t.groupby(["stage", "school"])["score"].mean().groupby("stage").std().mean() for t in (table, dealt)]
        assert gaps[0] == pytest.approx(gaps[1], abs=0.03)


def test_without_shocks_to_births_and_moves_replications_differ_by_rounding_alone():
    calm = variant(
        "fixed",
        parameters=limits.NOBODY_MOVES | {"births_to_entry_urban": 1.0, "entrants_autumn_share": 1 / 3},
    )
    one, two = (watch(calm, seed, 2016) for seed in (1, 2))
    rounding = len(one.district.neighbourhoods)
    assert np.abs(limits.rolls(one).to_numpy() - limits.rolls(two).to_numpy()).max() <= rounding


def test_teachers_who_do_not_differ_need_no_label_to_be_told_apart():
    """Labels go by chance, and nothing is divided by the spread that is not there (warnings are errors here)."""
    same = variant("same", {"T3": {"policy": "stars", "from": "2015-09-01"}}, {"sd_teacher_composite": 0.0})
    watched = watch(same, SEED, 2016)
    assert np.allclose(watched.district.teachers.mu, 0.0)
