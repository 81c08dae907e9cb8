"""Sentences never say more than their worlds bear, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest

from simsim.explorer.sentences import answer, gains, in_words, kept, lacking, lamp, level_words, sentence
from simsim.inputs.indicators import sureness

FEWEST = sureness().fewest_replications


def said(state):
    view = state.view()
    found = answer(state, view)
    return str(sentence(state, view, found)), str(lamp(state, view, found, 0)), found


@pytest.mark.parametrize(("lang", "one"), [("en", "one world simulated so far"), ("zh", "只模拟了一次")])
def test_one_world_is_called_one_world_and_gets_no_word_and_no_interval(state, lang, one):
    state.seeds, state.lang = 1, lang
    text, light, found = said(state)
    assert (
        one in text
        and "5-95" not in text
        and not any(words[lang] in text for key, words in sureness().text.items() if "likely" in key)
    )
    assert found.n == 1 and found.more == FEWEST - 1 and str(FEWEST - 1) in light


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_few_worlds_are_counted_and_said_to_be_too_few(state, lang):
    state.lang = lang
    text, light, found = said(state)
    assert sureness().text["few"][lang] in text and "2" in text and f"{FEWEST - 2}" in light
    assert found.evidence.grade.rank == 0


def test_a_scenario_that_is_its_own_reference_has_no_answer(state):
    state.undo()
    state.against = state.start.name
    text, _, found = said(state)
    assert found is None and "nothing differs" in text
    assert level_words(state.view(), state).count(":") == 1  # its level, once


def row(mean, error, n, verdict):
    return pd.Series({"mean": mean, "mc_error": error, "n": n, "verdict": verdict})


@pytest.mark.parametrize(
    ("mean", "error", "n", "verdict", "more"),
    [
        (0.10, 0.01, 3, "few", FEWEST - 3),
        (0.10, 0.01, 20, "very_likely_higher", 0),
        (0.10, 0.10, 20, "few", 60),  # two errors of 0.10 must come down to 0.10: four times the worlds
        (0.00, 0.01, 10, "few", 1),  # two errors of 0.01 already are the threshold of 0.02
    ],
)
def test_how_many_worlds_are_lacking_follows_from_the_error(mean, error, n, verdict, more):
    assert lacking(row(mean, error, n, verdict), "teacher_gap") == more


def test_a_title_with_markup_stays_text(state):
    bad = "<script>alert(1)</script>"
    object.__setattr__(
        state, "current", type(state.current)(**{**vars(state.current), "title": {"en": bad, "zh": bad}})
    )
    text, _, _ = said(state)
    view = state.view()
    assert "<script>" not in text + str(kept(state, view)) and "&lt;script&gt;" in text


def test_gains_name_groups_of_pupils_with_their_worlds(state):
    table = gains(state, state.view())
    assert {"all", "poor"} <= set(table["group"]) and (table["n"] == 2).all()


def test_results_are_told_in_words_with_interval_and_grade(small_experiment):
    text = in_words(small_experiment, "plan", "baseline", "score", "primary")
    assert "2 worlds" in text and "judgement" in text and "8 more seeds" in text
    assert max(map(len, text.splitlines())) <= 110
