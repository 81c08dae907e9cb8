"""The table of the parameters that were used, and of fits."""

from __future__ import annotations

import re

from simsim.report.tables import sources as report_sources


def test_the_least_sure_parameters_come_first(view):
    rows = re.findall(r'class="mark (\w+)"', report_sources.parameters_used(view).split("<tbody>")[1])
    assert rows[0] == "judgement" and rows.index("published") > rows.index("judgement")


def test_a_fit_is_marked_and_called_no_validation(view):
    assert 'class="mark fitted"' in report_sources.fitted(view)
    assert {"en": "no validation", "zh": "不算验证"}[view.lang] in view.say("fitted.text")
