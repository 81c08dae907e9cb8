"""Tables of people, measures that reached nobody and budgets that bind."""

from __future__ import annotations

import re

from simsim.experiments.results import Results
from simsim.report.tables import equity as report_people
from simsim.report.view import View


def changed(results, table, **columns):
    """Return results in which some columns of a table have other values."""
    frames = {name: results.frame(name) for name in results.tables}
    return Results(frames | {table: frames[table].assign(**columns)}, results.manifest)


def test_a_measure_that_touched_nobody_is_told_at_the_top_with_its_runs(small_experiment):
    assert report_people.idle(View.of(changed(small_experiment, "touched", value=1.0))) == ""
    touched = small_experiment.frame("touched")
    nobody = (
        (touched["instance"] == "C1")
        & (touched["scenario"] == "plan")
        & (touched["replication"] == touched["replication"].min())
    )
    box = report_people.idle(View.of(changed(small_experiment, "touched", value=(~nobody).astype(float))))
    assert "C1 (Clusters of schools) in 1 of 2" in box and box.count("<li>") == 1 and 'class="failed"' in box


def test_a_budget_is_told_by_year_only_where_it_binds(small_experiment):
    free = report_people.budget(View.of(changed(small_experiment, "instance_year", funded=1.0)))
    bound = report_people.budget(View.of(changed(small_experiment, "instance_year", funded=0.5)))
    assert "spending is not limited" in free and "<table" not in free
    assert "50.0%" in bound and bound.count("<tr>") == 1 + len(report_people.by_year(View.of(small_experiment)))


def test_what_lies_between_clusters_is_neither_good_nor_bad(view):
    rows = re.findall(r"<tr>(.*?)</tr>", report_people.equity(view))
    between = [row for row in rows if view.say("equity.theil_between_clusters") in row]
    assert len(between) == 3 and not any("good" in row or "bad" in row for row in between)


def test_parameters_set_in_vain_are_told_with_the_reason_in_both_languages(small_experiment):
    parameters = {"class_size.target.primary": {"value": 30, "from": 2030}}
    plan = dict(small_experiment.manifest["scenarios"]["plan"])
    plan["resolved"] = plan["resolved"] | {"parameters": parameters}
    calm = changed(small_experiment, "touched", value=1.0)
    manifest = small_experiment.manifest | {"scenarios": small_experiment.manifest["scenarios"] | {"plan": plan}}
    results = Results({name: calm.frame(name) for name in calm.tables}, manifest)
    english, chinese = (report_people.idle(View.of(results, lang=lang)) for lang in ("en", "zh"))
    assert "class_size.target.primary = 30 from 2030 (dated after the last year of the run)" in english
    assert "自2030年起（晚于模拟的最后一年）" in chinese and english.count("<li>") == 1
