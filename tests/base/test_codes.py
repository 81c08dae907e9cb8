"""Codes and the words they stand for agree."""

from __future__ import annotations

import pytest

from simsim.base import codes
from simsim.base.ids import MOST_KEY


@pytest.mark.parametrize("kind", codes.KINDS)
def test_every_kind_of_school_teaches_a_known_stage(kind):
    stages = codes.stages_of(kind)
    assert stages and set(stages) <= {codes.PRIMARY, codes.JUNIOR}
    assert (codes.JUNIOR in stages) == (kind != "primary")


def test_codes_are_the_places_of_their_words():
    assert codes.STAGES[codes.JUNIOR] == "junior" and codes.SUBJECT_GROUPS[codes.PE_ARTS] == "pe_arts"
    assert codes.TITLES[codes.SENIOR] == "senior" and codes.SUBJECT_GROUPS[codes.OTHER] == codes.SUBJECT_GROUPS[-1]
    assert codes.NOWHERE < codes.NO_SCHOOL < MOST_KEY
