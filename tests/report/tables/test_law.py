"""The report's table of the law on large classes: who is outside, what was forced, and why the plan ends with more."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.experiments.results import Results
from simsim.report.tables import law
from simsim.report.view import View

ROWS = [("primary", "classes", 100.0), ("primary", "pupils", 4500.0), ("primary", "rooms", 90.0)]
MORE = {"plan": 12.0, "baseline": 3.0, "frozen": 40.0}


def rows(large: dict[str, float], year: int = 2020) -> pd.DataFrame:
    """Return district_year of three scenarios, two worlds, with so many large classes."""
    found = [
        (name, seed, year, stage, "all", indicator, value)
        for name in large
        for seed in (1, 2)
        for stage, indicator, value in [*ROWS, ("primary", "large_classes_56", large[name])]
    ]
    return pd.DataFrame(found, columns=["scenario", "replication", "year", "stage", "group", "indicator", "value"])


def seen(large: dict[str, float], district: str = "erdao", lang: str = "en", as_of: int | None = None) -> View:
    resolved = {
        name: {"resolved": {"district": district, "law": "none" if name == "frozen" else "national"}} for name in large
    }
    built = pd.DataFrame(
        [("plan", 1, 2020, "primary", 3, 7, 315, 2e6)],
        columns=["scenario", "replication", "year", "stage", "school", "rooms", "places", "yuan"],
    )
    manifest = {"scenarios": resolved, "worlds": {"as_of": as_of}}
    return View.of(Results({"district_year": rows(large), "law_rooms": built}, manifest), lang)


@pytest.mark.parametrize(("lang", "words"), [("en", "outside the law"), ("zh", "不适用规定")])
def test_a_scenario_outside_the_law_is_named_as_such(lang, words):
    assert law.law(seen(MORE, lang=lang)).count(words) == 1


@pytest.mark.parametrize(("as_of", "known"), [(2014, False), (2016, True)])
def test_as_of_a_date_a_later_law_is_said_to_be_unknown(as_of, known):
    page = law.law(seen(MORE, as_of=as_of))
    assert ("was not known yet" in page) != known and ("outside the law" in page) == known


def test_rooms_places_and_money_that_the_law_forced_stand_beside_the_shares():
    page = law.law(seen(MORE))
    assert "3.5" in page and "158" in page and "1.0 million" in page and "12.0%" in page and "2020–2020" in page


def test_a_sentence_says_why_the_focus_ends_with_more_large_classes_than_the_base():
    assert "ends with more large classes" in law.law(seen(MORE))
    assert "ends with more large classes" not in law.law(seen(MORE | {"plan": 3.0}))


def test_the_small_experiment_has_a_table_in_both_languages(view):
    assert "<table" in law.law(view)
