"""Worlds and what is published: in how many seeds, and how near."""

from __future__ import annotations

import os

import pytest

from simsim.inputs.errors import InputError
from simsim.studies.published import agreement, supposing

WORLDS = int(os.environ.get("SIMSIM_WORLDS", "4"))
"""How many worlds the slow test lives. What is promised is 100 (SIMSIM_WORLDS=100, four minutes)."""


@pytest.mark.slow
def test_nearly_every_world_ends_within_half_a_per_cent_of_what_is_published_and_all_within_one():
    found = agreement("erdao", WORLDS, full=True).table
    for name in ("pupils_missed", "staff_missed"):
        missed = found[name].abs()
        assert (missed <= 0.005).mean() >= 0.98 and (missed <= 0.01).all()


@pytest.mark.slow
def test_the_words_say_that_the_totals_are_set():
    said = agreement("erdao", [4]).words()
    assert said.startswith("pupils 2024: published 44,725, set in every world; 1 worlds") and "1 within 0.5%" in said


def test_the_published_total_may_be_taken_to_hold_seniors():
    from simsim.districts.files import load_district

    data = supposing(load_district("erdao"), "baseline", 3200)
    assert (data.factual.scenario, data.factual.pupils) == ("baseline", 41_525)


def test_a_district_that_declares_nothing_is_refused():
    with pytest.raises(InputError, match="declares nothing published"):
        agreement("shanhe", 1)
