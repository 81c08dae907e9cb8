"""Every test is seeded: Hypothesis tries the same examples each time, and waits for nobody."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from simsim.conditioning import numbers
from simsim.conditioning.solve import SOLVED, Solution

EVERY_DAY = "not slow"
"""The marker expression of the everyday tests (pyproject.toml); any other means all that can be tried."""
LONGEST = """
test_golden test_every_policy test_types test_browser report/test_render test_fuzz test_experiment test_terminal
report/figures/test_catalogue test_readme test_crew test_cli test_damage test_wheel test_worlds test_compiled
test_own_report test_standstill
""".split()
"""Files that take longest, in the order in which they are begun, after the notebooks (a kernel each) and before all
others, so that no process is left with a long one at the end.
"""
settings.register_profile(
    "all",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("everyday", settings.get_profile("all"), max_examples=15)
settings.load_profile("all")


def pytest_configure(config):
    """Try fewer examples every day than `make test` does."""
    settings.load_profile("everyday" if config.option.markexpr == EVERY_DAY else "all")


def pytest_collection_modifyitems(items):
    """Begin with what takes longest; the tests of a file stay together and in their order."""
    items.sort(key=lambda item: rank(item.path))


def rank(path: Path) -> int:
    """Return the place of a file among all: notebooks, the longest files, the others."""
    name = path.with_suffix("").as_posix()
    long = (n for n, end in enumerate(LONGEST) if name.endswith(f"/{end}"))
    return -1 if path.suffix == ".ipynb" else next(long, len(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Look for no garbage while thousands of tests are collected, nor among them afterwards: they stay to the end.

    A full search through them takes a third of a second, and every run of an experiment makes one.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def times_the_usual(times: float) -> int:
    """Return a number of examples, in proportion to those of the profile."""
    return max(1, round(times * settings().max_examples))


EVIL = "<script>alert('$x_1$')</script>"


@pytest.fixture(autouse=True)
def no_neighbours(monkeypatch):
    """Experiments of other tests lie beside a test's own: nothing is taken over from them (but see test_reuse)."""
    monkeypatch.setattr("simsim.experiments.experiment.take_over", lambda *_: [])


@pytest.fixture(scope="session", autouse=True)
def left_alone_already():
    """What is here is left out of searches for garbage already (see above): no run need count 700,000 objects for it,
    a fourteenth of a second each time. tests/experiments/test_memory.py holds to what is done instead.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simsim.experiments.worker.for_many_runs", nullcontext)
        yield


@pytest.fixture
def worlds_as_drawn(monkeypatch):
    """Worlds have what they drew: for tests whose runs are made up, and for which solving them is lost time."""
    leave_as_drawn(monkeypatch)


def leave_as_drawn(monkeypatch):
    """Patch the solving of worlds away."""

    def unsolved(found, factual, priors, drawn, start, seed):
        values = {name: drawn[name] for name in SOLVED}
        return Solution(seed, values, values)

    monkeypatch.setattr(numbers, "solve", unsolved)
    monkeypatch.setattr(numbers, "_remembered", type(numbers._remembered)())


@pytest.fixture(scope="session")
def small_experiment(tmp_path_factory):
    """Three scenarios, two replications, three years: enough for
    every figure and table; one scenario has a bad title.
    """
    import simsim

    evil = {
        "name": "evil",
        "title": {"zh": EVIL, "en": EVIL},
        "description": {"zh": EVIL, "en": EVIL},
        "extends": "rotation-only",
    }
    return simsim.Experiment(["baseline", "plan", evil], seeds=2, to=2016).run(
        out=tmp_path_factory.mktemp("small") / "run", progress=False
    )
