"""2+1 activities: whom they reach and what they bring."""

from __future__ import annotations

import pytest

from tests.trials import live, series, spent


def test_activities_reach_a_third_of_the_schools_more_every_year():
    district = live(2014, {"skills": {"years": 3, "compliance": 1.0}})
    reached = []
    for _ in range(3):
        district.step()
        reached.append({part.key for part in district.parts if part.activities})
    assert reached[0] < reached[1] < reached[2] == {s.key for s in district.open_schools if s.public}
    assert all(part.activities in (0.0, district.p["skill_activities"]) for part in district.parts)
    assert spent(district, "skills")[2017] == pytest.approx(series(district, "pupils")[2017] * 40, rel=0.06)


@pytest.mark.slow
def test_aiming_at_two_plus_one_brings_more_pupils_there_than_their_own_choice():
    parts = {"activities": 1.0, "years": 1, "compliance": 1.0}
    guided, free = (live(2020, {"skills": parts | {"towards": to}}) for to in ("two_plus_one", "own_choice"))
    assert series(guided, "two_plus_one_share")[2020] > 1.3 * series(free, "two_plus_one_share")[2020]
    assert series(guided, "one_skill_share")[2020] == pytest.approx(series(free, "one_skill_share")[2020], abs=0.02)
