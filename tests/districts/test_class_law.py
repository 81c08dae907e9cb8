"""The law on large classes is its country's: steps, caps, and countries that have none."""

from __future__ import annotations

from simsim.districts.class_law import NO_LAW, class_law
from simsim.districts.files import load_district


def test_china_allows_classes_of_66_at_2_per_cent_from_2018_and_of_56_at_5_per_cent_from_2020():
    law = class_law(load_district("erdao").spec)
    assert [(step.since, step.size, step.at_most) for step in law.steps] == [(2018, 66, 0.02), (2020, 56, 0.05)]
    assert [law.cap(year) for year in (2017, 2018, 2019, 2020, 2030)] == [None, 65, 65, 55, 55]


def test_admission_aims_at_the_last_step_from_the_first_one_on():
    law = class_law(load_district("erdao").spec)
    assert [law.aim(year) for year in (2017, 2018, 2020)] == [None, 55, 55]


def test_the_example_districts_are_under_the_same_law_and_another_country_has_none():
    assert class_law(load_district("shanhe").spec) == class_law(load_district("xinwan").spec)
    assert class_law(load_district("shanhe").spec).steps
    assert class_law({"country": "other"}) == NO_LAW and NO_LAW.cap(2030) is None and NO_LAW.aim(2030) is None
