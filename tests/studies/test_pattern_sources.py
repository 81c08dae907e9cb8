"""Echoes are worked out from the sources that parameters name, and nobody can leave one out."""

from __future__ import annotations

import pytest

from simsim.inputs import parameters
from simsim.inputs.parameters import Parameter
from simsim.inputs.paths import resource
from simsim.inputs.yamlfile import read_yaml
from simsim.studies import patterns
from simsim.studies.pattern_sources import Sources, named, of_pattern

TABLE = Sources({"a-2010": ("Abel & Bo 2010", "the same trial"), "c": ("NCES",)}, {"by_note": ("c",)})


def parameter(name: str, source: str) -> Parameter:
    return Parameter(name, 0.0, None, None, "SD", source, "judgement")


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("Abel & Bo 2010 (sign)", {"a-2010"}),
        ("the same trial; NCES scaled", {"a-2010", "c"}),
        ("unspent balances are taken back", set()),
        ("ABEL & BO 2010", set()),
        ("effects.md 6, pattern 2 needs it", {"pattern 2"}),
        ("judgement", set()),
    ],
)
def test_a_source_is_found_in_any_of_its_spellings_and_in_whole_words(source, keys):
    assert TABLE.of(parameter("p", source)) == keys


def test_a_parameter_of_the_note_rests_on_what_the_note_rests_on():
    assert TABLE.of(parameter("by_note", "effects.md 2 (sign)")) == {"c"}


def test_a_pattern_is_a_source_of_its_own_and_one_is_not_sixteen():
    sixteen = [parameter("target", "effects.md 6 pattern 16; middle")]
    assert TABLE.sharing(of_pattern(16, []), sixteen) == ["target"]
    assert TABLE.sharing(of_pattern(1, []), sixteen) == []
    assert TABLE.sharing(of_pattern(6, ["a-2010"]), [parameter("x", "NCES"), parameter("y", "Abel & Bo 2010")]) == ["y"]


def test_names_are_matched_as_whole_words():
    assert named("NCES", "NCES MAPE scaled") and not named("NCES", "BALANCES")


@pytest.mark.slow
def test_every_source_of_a_pattern_is_in_the_table_and_every_entry_is_some_patterns():
    used = {key for pattern in patterns.load() for part in pattern.parts for key in part.sources}
    assert used == set(patterns.sources().spellings)


@pytest.mark.slow
def test_every_parameter_of_a_patterns_source_acts_in_it_or_is_said_not_to():
    known = parameters.load()
    for pattern in patterns.load():
        keys = of_pattern(pattern.number, (key for part in pattern.parts for key in part.sources))
        sharing = set(patterns.sources().sharing(keys, known.values()))
        acting = {name for part in pattern.parts for name in part.acts}
        assert sharing - acting == set(pattern.apart), pattern.number
        assert acting <= set(known) and not acting & set(pattern.apart)


def test_an_acting_parameter_whose_source_is_only_the_note_says_what_that_rests_on():
    known, noted = parameters.load(), patterns.sources().note
    acting = {name for pattern in patterns.load() for part in pattern.parts for name in part.acts}
    only_the_note = {name for name in acting if known[name].source.startswith("effects.md")}
    assert {name for name in only_the_note if not patterns.sources().of(known[name])} <= set(noted)


def test_what_is_not_tried_is_said_to_be_so():
    rows = read_yaml(resource("parameters") / "patterns.yaml")["patterns"]
    said = [row["without"] for pattern in rows for row in (pattern, *pattern["parts"]) if "without" in row]
    assert {way for way in said if isinstance(way, str)} == {"not tried"}
    assert all(way for way in said)


def test_what_switches_a_mechanism_off_is_a_parameter_within_its_limits():
    known = parameters.load()
    for pattern in patterns.load():
        for part in pattern.parts:
            for name, value in part.without.items():
                assert known[name].least <= value <= known[name].most, (pattern.number, name)
