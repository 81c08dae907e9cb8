"""What a page and a figure see of the results."""

from __future__ import annotations

from dataclasses import replace

from simsim.experiments.results import Results
from simsim.report.view import View


def test_a_long_title_is_shortened(small_experiment):
    manifest = {"scenarios": {"baseline": {"title": {"en": "x" * 200}}}}
    view = replace(View.of(small_experiment), results=Results(small_experiment.tables, manifest))
    assert len(view.title("baseline")) <= 60
