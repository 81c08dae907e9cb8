"""The table of the parameters that were used, and of fits."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pandas as pd

from simsim.districts.files import load_district
from simsim.report.tables import sources as report_sources


def test_the_least_sure_parameters_come_first(view):
    rows = re.findall(r'class="mark (\w+)"', report_sources.parameters_used(view).split("<tbody>")[1])
    assert rows[0] == "judgement" and rows.index("published") > rows.index("judgement")


def test_with_a_screening_of_the_same_inputs_the_most_influential_parameters_come_first(view, monkeypatch):
    rows = [("rho_K", "score", 0.03), ("peer_linear", "score", 0.05), ("rho_K", "cv_composite", 0.06)]
    table = pd.DataFrame(rows, columns=["parameter", "indicator", "mu_star"])  # 1.5, 2.5 and 1.2 times what matters
    monkeypatch.setattr(
        report_sources, "table_for", lambda results, a, b: table if (a, b) == (view.focus, view.base) else None
    )
    page = report_sources.parameters_used(view)
    places = [page.index(f"<code>{name}</code>") for name in ("peer_linear", "rho_K", "sd_principal")]
    assert places == sorted(places)


def test_another_district_than_the_first_is_told_that_sources_name_other_places(view, monkeypatch):
    data, said = load_district("erdao"), view.say("parameters.elsewhere")
    assert said not in html.unescape(report_sources.parameters_used(view))
    monkeypatch.setattr(report_sources, "district_of", lambda *_: replace(data, name="elsewhere"))
    assert said in html.unescape(report_sources.parameters_used(view))


def test_a_fit_is_marked_and_called_no_validation(view):
    assert 'class="mark fitted"' in report_sources.fitted(view)
    assert {"en": "no validation", "zh": "不算验证"}[view.lang] in view.say("fitted.text")
