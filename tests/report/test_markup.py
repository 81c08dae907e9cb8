"""The form of a finished page: HTML without errors, fit for every reader, and in one language."""

from __future__ import annotations

from simsim.inputs import parameters
from simsim.report.words import catalogue


def test_every_unit_of_a_parameter_has_chinese_words():
    known = {key.removeprefix("unit.") for key in catalogue() if key.startswith("unit.")}
    assert not {entry.unit for entry in parameters.load().values()} - known
