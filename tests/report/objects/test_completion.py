"""Inside quotes IPython offers what fits there."""

from __future__ import annotations

import pytest

from simsim.report.objects.completion import offered


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("simsim.District('pl", "plan"),
        ('simsim.Experiment(["baseline", "pl', "plan-late"),
        ("results.plot('teacher_g", "teacher_gap"),
        ('results.paired("plan", "base', "baseline"),
        ('results.frame("teacher', "teacher_moves"),
        ('simsim.sweep("rotation-only", {"rotation.qu', "rotation.quota"),
        ('simsim.assess(table, standard="bas', "basic-2012"),
    ],
)
def test_the_words_of_a_call_are_offered(line, word):
    assert word in offered(line)


@pytest.mark.parametrize("line", ["print('pl", "results.plot(", "'teacher", 'simsim.sweep("nobody", {"T2.'])
def test_nothing_is_offered_elsewhere(line):
    assert offered(line) == []
