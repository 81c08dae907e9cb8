"""What is said beside a difference: counts, error and evidence; grey for what was not named beforehand."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from simsim.experiments.results import Results
from simsim.inputs.indicators import primary_outcomes
from simsim.report.tables import cards, differences
from simsim.report.tables.sureness import counts, grey, primary_first
from simsim.report.view import View
from tests.experiments.small_results import NAMES

WORLDS = 40
GAIN = np.random.default_rng(3).normal(0.05, 0.03, WORLDS)


def view(lang: str) -> View:
    rows = [
        (scenario, seed, 2024, "primary", "all", name, value)
        for seed, gain in enumerate(GAIN, start=1)
        for scenario, extra in (("baseline", 0.0), ("plan", gain))
        for name, value in (("score", 1.0 + extra), ("class_size", 40.0 - 20 * extra), ("pupils", 1.0))
    ]
    draws = [(seed, "sd_principal", gain) for seed, gain in enumerate(GAIN, start=1)]
    tables = {
        "district_year": pd.DataFrame(rows, columns=list(NAMES)),
        "parameters": pd.DataFrame(draws, columns=["replication", "parameter", "value"]),
    }
    return View.of(Results(tables, {}), lang)


def test_counts_and_error_are_those_of_the_worlds():
    mine = view("en")
    row = mine.difference("plan", "score", "primary")
    positive, beyond = int((GAIN > 0).sum()), int(100 * (np.abs(GAIN) > 0.02).mean() + 0.5)
    error = 2.0227 * GAIN.std(ddof=1) / np.sqrt(WORLDS)  # Student's t, 39 degrees of freedom
    assert counts(mine, row, "score") == (
        f"sign in {positive} of {WORLDS} worlds; beyond ±0.020 in {beyond}%; mean ± {error:.4f}"
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Evidence: published effect. Main drivers: spread of principals&#x27; effectiveness"),
        ("zh", "证据等级：公开发布的效应"),
    ],
)
def test_every_row_says_what_it_rests_on(lang, words):
    assert words in differences.paired(view(lang))


def test_what_was_not_named_beforehand_is_grey_and_comes_later():
    page = differences.paired(view("en"))
    assert page.index("Mean score") < page.index("Mean class size")
    rows = re.findall(r"<tr>.*?</tr>", page)
    assert "quiet" in next(row for row in rows if "Mean class size" in row)
    assert "quiet" not in next(row for row in rows if "Mean score" in row)
    assert grey("score") == "" and grey("class_size") == "quiet"
    assert primary_first(["class_size", "score", "cv_composite"]) == ["cv_composite", "score", "class_size"]
    assert 4 <= len(primary_outcomes()) <= 6


def test_the_page_says_when_the_outcomes_were_named():
    assert "2026-11-26" in differences.paired(view("en")) and "2026-11-26" in differences.paired(view("zh"))


@pytest.mark.slow
def test_cards_say_how_many_worlds_and_what_evidence(small_experiment):
    page = cards.cards(View.of(small_experiment, "en"))
    assert page.count("Evidence: judgement") >= 4 and "sign in" in page
