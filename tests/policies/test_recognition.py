"""Recognition: who earns a label, that labels are seen, and what the reviews cost."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.base.codes import PE_ARTS
from simsim.district import District
from simsim.policies.recognition import LABELS, NEW_QUALITY, STANDARD, THREE_STAR


def recognised(to: int, seed: int = 6, start: str = "2015-09-01", **settings) -> District:
    policies = {"q": {"policy": "recognition", "from": start, "settings": settings}}
    return District({"name": "t", "extends": "baseline", "policies": policies}, seed=seed, fixed_parameters=True).run(
        to=to
    )


def holders(district: District, label: str) -> list:
    return [school for school in district.open_schools if label in school.recognition]


def counts(district: District, label: str) -> dict[int, float]:
    table = district.tables()["district_year"]
    mine = table[table.indicator == f"recognised_{label}"]
    return dict(zip(mine.year, mine.value, strict=True))


def test_labels_are_counted_every_year_from_the_date_on():
    district = recognised(2018, start="2016-09-01")
    for label in LABELS:
        assert set(counts(district, label)) == {2016, 2017, 2018}
        assert counts(district, label)[2018] == len(holders(district, label))
    assert not [school for school in district.open_schools if school.recognition and not school.public]


def test_nobody_improved_before_there_is_something_to_compare_with():
    new_quality = counts(recognised(2018, window=2), NEW_QUALITY)
    assert new_quality[2015] == new_quality[2016] == 0 and new_quality[2017] + new_quality[2018] > 0


def test_new_quality_are_at_most_the_share_that_improved_most():
    district = recognised(2018, window=1, improved=0.2)
    for stage in (0, 1):
        public = [p for p in district.parts if p.stage == stage and p.school.public]
        assert sum(NEW_QUALITY in p.school.recognition for p in public) <= np.ceil(0.2 * len(public))


def test_a_school_that_meets_the_standard_is_not_crowded_and_has_teachers():
    district = recognised(2016, standard=0.8)
    table = district.tables()["school_year"]
    now = table[table.year == 2016].pivot_table(index=["stage", "school"], columns="indicator", values="value")
    keys = [school.key for school in holders(district, STANDARD)]
    mine = now[now.index.get_level_values("school").isin(keys)]
    assert 0 < len(keys) < len(district.open_schools) and (mine.seat_use <= 1.0).all()
    for _, part in now.groupby("stage"):
        staffed = (
            1.0
            / part.pupils_per_teacher[[district.schools[key].public for key in part.index.get_level_values("school")]]
        )
        there = staffed[staffed.index.get_level_values("school").isin(keys)]
        assert (there >= 0.8 * staffed.mean() * 0.999).all()


def test_three_stars_are_given_for_quality_pe_and_arts_and_sports_grounds_together():
    district = recognised(2016, star=0.5)
    staff, rolls = district.staff_by_part(), district.rolls()
    for school in holders(district, THREE_STAR):
        for part in school.parts.values():
            mine = [i for i, p in enumerate(district.parts) if p.stage == part.stage and p.school.public]
            share = staff[mine, PE_ARTS] / np.maximum(rolls[mine], 1)
            here = district.parts.index(part)
            assert part.monitored >= np.median([district.parts[i].monitored for i in mine])
            assert staff[here, PE_ARTS] / rolls[here] >= 0.8 * np.median(share)  # a grade up since the review
    assert 0 < len(holders(district, THREE_STAR)) < len(district.open_schools) / 2


def test_every_label_is_seen_as_the_bonus_says():
    with_, without = recognised(2015, bonus=0.1), recognised(2015, bonus=0.0)
    for one, two in zip(with_.parts, without.parts, strict=True):
        assert one.school.recognition == two.school.recognition
        assert one.perceived - two.perceived == pytest.approx(0.1 * len(one.school.recognition))


def test_easy_lines_recognise_everybody_and_impossible_ones_nobody():
    easy = recognised(2016, improved=1.0, standard=0.0, star=0.0, window=1)
    assert {school.key for school in holders(easy, THREE_STAR)} == {s.key for s in easy.open_schools if s.public}
    hard = recognised(2016, improved=0.0, star=1.0)
    assert not holders(hard, NEW_QUALITY) and len(holders(hard, THREE_STAR)) <= 2


def test_a_review_costs_what_the_setting_says():
    district = recognised(2017, reviewed=0.5, cost=1000.0)
    costs = district.tables()["costs"]
    assert costs[costs.instance == "q"].value.sum() == 1000.0 * district.policies[0].touched
    assert 20 < district.policies[0].touched < 50
