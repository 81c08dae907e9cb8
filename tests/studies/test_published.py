"""Worlds and what is published: in how many seeds, and how near."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from simsim.conditioning.solve import SOLVED
from simsim.experiments.results import Results
from simsim.experiments.solving import COLUMNS
from simsim.inputs.errors import InputError
from simsim.studies.published import agreement, agreement_of, supposing
from tests.experiments.small_results import NAMES

WORLDS = int(os.environ.get("SIMSIM_WORLDS", "4"))
"""How many worlds the slow test lives. What is promised is 100 (SIMSIM_WORLDS=100, four minutes)."""


@pytest.mark.slow
def test_nearly_every_world_ends_within_half_a_per_cent_of_what_is_published_and_all_within_one():
    found = agreement("erdao", WORLDS, full=True).table
    for name in ("pupils_missed", "staff_missed"):
        missed = found[name].abs()
        assert (missed <= 0.005).mean() >= 0.98 and (missed <= 0.01).all()


def lived(pupils=(44_725, 44_000), scenario="plan"):
    rows = [(scenario, seed, 2024, "all", "all", "pupils", n) for seed, n in enumerate(pupils, 1)]
    rows += [(scenario, seed, 2024, "all", "all", "staff", 3_710) for seed in (1, 2)]
    drawn = [(n, name, 0.5, 0.5, int(n == 2 and name == SOLVED[1]), "erdao") for n in (1, 2) for name in SOLVED]
    tables = {
        "district_year": pd.DataFrame(rows, columns=list(NAMES)),
        "parameters": pd.DataFrame(drawn, columns=COLUMNS),
    }
    return Results(tables, {"districts": {scenario: "erdao"}, "seeds": [1, 2]}, None)


def test_an_experiment_shows_the_worlds_that_it_lived():
    found = agreement_of(lived())
    assert found.table["pupils_missed"].round(4).tolist() == [0.0, -0.0162]
    assert found.table["outside"].tolist() == ["", SOLVED[1]]
    assert "2 worlds 44,000-44,725, 1 within 0.5%, 1 within 1%, largest miss 1.62%" in found.words()


def test_an_experiment_without_its_factual_scenario_is_refused():
    with pytest.raises(InputError, match="no runs of a factual scenario"):
        agreement_of(lived(scenario="baseline"))


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
