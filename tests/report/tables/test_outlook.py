"""The table of seats to come."""

from __future__ import annotations

import pandas as pd

from simsim.report.tables import outlook as report_outlook


def test_a_month_before_the_simulation_begins_is_marked_as_past(view):
    row = pd.Series({"build_by": f"{view.first - 1}-09", "staff_by": f"{view.first}-10"})
    assert report_outlook._month(view, row, "build_by")[1] == "bad" and report_outlook._month(
        view, row, "staff_by"
    ) == view.say.month(row["staff_by"])


def test_every_scenario_says_what_it_assumes_of_in_migration_and_births(view, monkeypatch):
    assert "2024" not in report_outlook.assumptions(view), "the run ends before anything is assumed of in-migration"
    monkeypatch.setattr(report_outlook, "last_published", lambda spec: view.last - 1)
    words = {"en": ("full", "own series"), "zh": ("照旧", "该区出生序列")}[view.lang]
    page = report_outlook.assumptions(view)
    assert all(page.count(word) == len(view.scenarios) for word in words) and str(view.last - 1) in page
