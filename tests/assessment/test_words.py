"""The words of an assessment: one of a thing is called by its singular."""

from __future__ import annotations

import re

import pytest

from simsim.assessment.judging import assess_file
from simsim.inputs.standards import Unit
from tests.assessment.school_tables import EXAMPLE


@pytest.mark.parametrize("standard", ["basic-2012", "quality-2017"])
def test_nobody_lacks_1_teachers_or_1_rooms(standard: str) -> None:
    text = assess_file(EXAMPLE, standard, "en")
    assert not re.search(r"(?<![\d.,])1 (teachers|rooms|computers|books)", text)
    assert standard == "basic-2012" or re.search(r"  1 teacher\n", text) and re.search(r"  1 room\n", text)


def test_only_exactly_one_is_singular_and_a_unit_without_one_stays() -> None:
    unit = Unit(zh="间教室", en="rooms", one="room")
    assert [unit.counted(n, "en") for n in ("0", "1", "2", "1,001")] == ["0 rooms", "1 room", "2 rooms", "1,001 rooms"]
    assert unit.counted("1", "zh") == "1间教室" and Unit(zh="平方米", en="m2").counted("1", "en") == "1 m2"
