"""Tables of differences, costs and verdicts say no more than is known."""

from __future__ import annotations

import re

import pytest

from simsim.experiments.results import Results
from simsim.report.tables import cards as report_cards
from simsim.report.tables import differences as report_tables
from simsim.report.view import View


@pytest.mark.slow
def test_scenarios_whose_measures_cost_nothing_are_reported_with_a_cost_of_nothing(small_experiment):
    tables = dict(small_experiment.tables)
    free = Results(tables | {"costs": tables["costs"].iloc[:0]}, small_experiment.manifest, small_experiment.folder)
    view = View.of(free, "en")
    assert "no difference" in report_tables.costs(view) and "0" in report_cards.cards(view)


@pytest.mark.slow
def test_the_official_verdict_counts_the_worlds_and_says_that_other_parts_are_not_assessed(view):
    words = {
        "en": r"met in \d+ of \d+ worlds; other parts not assessed",
        "zh": "达标：\\d+次中\\d+次；其他部分未评估",
    }[view.lang]
    assert re.search(words, report_tables.verdicts(view)) and re.search(words, report_cards.cards(view))


@pytest.mark.slow
def test_with_few_replications_no_words_are_given(view):
    assert {"en": "too few worlds", "zh": "次数太少"}[view.lang] in report_tables.paired(view)
