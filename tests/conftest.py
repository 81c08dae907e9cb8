"""Every test is seeded: Hypothesis tries the same examples each time, and waits for nobody."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "simsim",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("simsim")


EVIL = "<script>alert('$x_1$')</script>"


@pytest.fixture(autouse=True)
def no_neighbours(monkeypatch):
    """Experiments of other tests lie beside a test's own: nothing is taken over from them (but see test_reuse)."""
    monkeypatch.setattr("simsim.experiments.experiment.take_over", lambda *_: [])


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
