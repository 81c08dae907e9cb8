"""Target letters: where they start, who meets them, and that they decide renewal alone."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.rules import principals
from simsim.world.schools import Letter
from tests.policies.principal_trials import STAYS, live, series


def test_letters_start_from_each_schools_own_past_and_rise_in_equal_steps():
    letter = Letter(start=0.1, gain=0.04, written=2015)
    assert [letter.target(year, 4) for year in range(2015, 2020)] == pytest.approx([0.11, 0.12, 0.13, 0.14, 0.14])
    district = live(2014, {"P3": ("principal_targets", {})})
    past = {s.key: principals.quality(s) for s in principals.campuses(district)}
    district.run(to=2015)
    assert {s.key: s.principal.letter.start for s in principals.campuses(district)} == pytest.approx(past)


@pytest.mark.slow
def test_nobody_fails_an_easy_target_and_nobody_meets_an_impossible_one():
    for gain, share in ((-1.0, 1.0), (1.0, 0.0)):
        met = series(
            live(2018, {"P3": ("principal_targets", {"gain": gain, "term_years": 1})}), "principal_targets_met_share"
        )
        assert set(met.values()) == {share} and sorted(met) == [2015, 2016, 2017, 2018]


@pytest.mark.slow
def test_reviews_decide_renewal():
    def renewed(gain: float, mark: float) -> tuple[float, float]:
        policies = {
            "P2": ("principal_terms", {"pass_mark": mark}),
            "P3": ("principal_targets", {"gain": gain, "term_years": 1}),
        }
        district = live(2019, policies, STAYS)
        return series(district, "principal_terms_ended")[2019], series(district, "principal_terms_renewed")[2019]

    ended, kept = renewed(-1.0, 1.0)
    assert ended == kept > 10
    ended, kept = renewed(1.0, 0.5)
    assert ended > 10 and kept == 0


@pytest.mark.slow
def test_letters_alone_change_no_school():
    plain, reviewed = live(2018, {}), live(2018, {"P3": ("principal_targets", {})})
    np.testing.assert_array_equal(plain.students.score, reviewed.students.score)
    assert [s.principal.id for s in plain.open_schools] == [s.principal.id for s in reviewed.open_schools]
