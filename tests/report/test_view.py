"""What a page and a figure see of the results."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from simsim.experiments.results import Results
from simsim.report.view import View, opened


def test_a_long_title_is_shortened(small_experiment):
    manifest = {"scenarios": {"baseline": {"title": {"en": "x" * 200}}}}
    view = replace(View.of(small_experiment), results=Results(small_experiment.tables, manifest))
    assert len(view.title("baseline")) <= 60


def test_while_a_folder_is_open_texts_are_pythons_own_and_pandas_is_as_it_was_afterwards(small_experiment):
    before = pd.get_option("mode.string_storage")
    with opened(small_experiment.folder) as results:
        kinds = {results.paired("plan", "baseline")[name].dtype for name in ("indicator", "verdict")}
        assert {kind.storage for kind in kinds} == {"python"}
    assert pd.get_option("mode.string_storage") == before
