"""The table of the plan's tasks."""

from __future__ import annotations

import re

import pytest

from simsim.report.tables import plan as report_plan


@pytest.mark.slow
def test_the_list_of_tasks_counts_every_measure_once_and_folds_the_rest(view):
    from simsim.experiments.tasks import ledger

    page = report_plan.ledger_folded(view)
    counts = [int(n) for n in re.findall(r'<td class="n">(\d+)</td></tr>', page.split("<details>")[0])]
    assert sum(counts) == len(ledger(view.results, view.focus)) and page.count("<details>") >= 1
    assert {"en": "Responsible: Education Bureau", "zh": "责任部门：教育局"}[view.lang] in page


def test_every_status_has_its_place_in_the_list_of_tasks():
    from simsim.experiments.tasks import STATUS

    assert sorted(report_plan.ORDER) == sorted(STATUS)
