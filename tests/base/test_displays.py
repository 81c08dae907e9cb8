"""Displays are registered from above, and loaded when somebody asks."""

from __future__ import annotations

import pytest

from simsim.base import displays


@pytest.fixture(autouse=True)
def nobody_offers(monkeypatch):
    monkeypatch.setattr(displays, "_loaders", {})


def test_a_display_is_loaded_only_when_it_is_asked_for():
    loaded = []

    def load():
        loaded.append("plot")
        return str.upper

    displays.offer("Results.plot", load)
    assert loaded == []
    assert displays.display_of("Results.plot")("a") == "A" and loaded == ["plot"]


def test_the_last_offer_of_a_name_counts_and_leaves_other_names_alone():
    displays.offer("a", lambda: str.upper)
    displays.offer("b", lambda: str.title)
    displays.offer("a", lambda: str.lower)
    assert displays.display_of("a")("X") == "x" and displays.display_of("b")("x") == "X"


def test_a_display_that_nobody_offers_is_refused_with_the_remedy():
    with pytest.raises(LookupError, match=r"nobody offers Results\.plot; `import simsim` does"):
        displays.display_of("Results.plot")
