"""The examples in the docstrings of the public names print what they say they print."""

from __future__ import annotations

import doctest
import sys

import pytest

import simsim
from simsim.policy import registered, registry

MODULES = sorted({getattr(simsim, name).__module__ for name in simsim.__all__ if name != "__version__"})
EXAMPLES = [
    example
    for module in MODULES
    for example in doctest.DocTestFinder(exclude_empty=True).find(sys.modules[module])
    if example.examples
]
SHOWN = {
    "district.District",
    "experiments.experiment.Experiment",
    "experiments.results.Results.paired",
    "experiments.results.Results.bands",
    "scenarios.scenario.Scenario",
    "assessment.judging",
    "base.balance.weighted_cv",
    "districts.projection",
    "policy.Policy",
    "policy.setting",
    "policy.register",
    "studies.contract.check_policy",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("examples")


def test_the_names_that_a_user_begins_with_show_an_example():
    assert {f"simsim.{name}" for name in SHOWN} <= {example.name for example in EXAMPLES}


LONG = {"simsim.studies.contract.check_policy"}
"""Examples that live many districts; tests/test_every_policy.py does the same every day."""
EACH = [pytest.param(e, id=e.name, marks=[pytest.mark.slow] if e.name in LONG else []) for e in EXAMPLES]


@pytest.mark.slow
@pytest.mark.parametrize("example", EACH)
def test_an_example_prints_what_it_says(example, folder, monkeypatch):
    monkeypatch.chdir(folder)
    before, lines = dict(registered), []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    try:
        failed, tried = runner.run(example, out=lines.append)
    finally:
        registered.clear()
        registered.update(before)
        registry.cache_clear()
    assert tried and not failed, "".join(lines)
