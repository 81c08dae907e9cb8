"""The validation patterns: judged as declared, and nothing hidden."""

from __future__ import annotations

import numpy as np
import pytest

from simsim.inputs.errors import InputError
from simsim.studies import patterns
from simsim.studies.patterns import FAIL, MEASURES, NOT_COMPUTABLE, PASS, Part, check, load, measure

TAGS = {"fitted": {1, 2, 3, 16}, "held_out": {6, 8, 11, 12, 13, 14, 20}, "not_computable": {10}}


def test_there_are_twenty_patterns_each_tagged_as_declared():
    found = {pattern.number: pattern.kind for pattern in load()}
    assert sorted(found) == list(range(1, 21))
    for kind, numbers in TAGS.items():
        assert {n for n, k in found.items() if k == kind} == numbers
    assert set(found.values()) == set(patterns.KINDS)


def test_every_pattern_says_source_and_meaning_and_every_part_where_it_must_lie():
    for pattern in load():
        assert pattern.source and pattern.failing and pattern.title["en"] and pattern.title["zh"]
        for part in pattern.parts:
            assert part.unit and part.words and part.kind in patterns.KINDS
            assert part.sign in patterns.SIGNS if part.sign else np.isfinite([part.low, part.high]).any()


def test_only_what_a_fit_aims_at_is_tagged_fitted():
    aimed = {(p.number, part.name) for p in load() for part in p.parts if part.kind == "fitted"}
    assert aimed == {(1, "primary"), (1, "junior"), (2, "correlation"), (3, "one_year"), (16, "raw_gap")}


def test_everything_but_what_needs_house_prices_is_measured():
    assert set(MEASURES) == {pattern.number for pattern in load() if pattern.parts}


def test_a_range_judges_the_mean_and_a_sign_the_share_of_replications():
    ranged = Part("a", "a", "SD", "checked", low=0.0, high=1.0)
    assert ranged.passes([0.5, -1.0, 2.0], 0.8) and not ranged.passes([0.5, 0.5, 9.0], 0.8)
    signed = Part("b", "b", "SD", "checked", sign="negative")
    assert signed.passes([-1, -1, -1, -1, 1], 0.8) and not signed.passes([-9, -9, -9, 1, 1], 0.8)
    assert [ranged.accepted, signed.accepted, Part("c", "c", "", "checked", high=2.0).accepted] == [
        "0 to 1",
        "below 0",
        "at most 2",
    ]


def test_failed_and_not_computable_patterns_are_in_the_table(monkeypatch):
    answers = {3: {"one_year": 0.8}, 15: {"mean_score": 0.5}}
    monkeypatch.setattr(patterns, "MEASURES", {n: lambda replication, n=n: answers[n] for n in answers})
    table = check(2, jobs=1, numbers=[3, 10, 15])
    assert table.set_index("number")["verdict"].to_dict() == {3: PASS, 10: NOT_COMPUTABLE, 15: FAIL}
    assert table.set_index("number").loc[15, "inside"] == 0.0
    summary = patterns.by_kind(table)
    assert summary.loc["checked", ["patterns passed", "patterns"]].tolist() == [0, 1]
    assert summary.loc["fitted", ["parts passed", "parts"]].tolist() == [1, 1]


@pytest.mark.parametrize("asked", [{"numbers": [21]}, {"replications": 0}])
def test_what_cannot_be_checked_is_one_clear_error(asked):
    with pytest.raises(InputError, match="patterns"):
        check(**asked)


@pytest.mark.slow
def test_a_replication_says_the_same_twice():
    assert measure(2, [14]) == measure(2, [14])


@pytest.mark.slow
def test_every_measure_gives_the_parts_that_its_pattern_declares():
    declared = {(pattern.number, part.name) for pattern in load() for part in pattern.parts}
    found = measure(1)
    assert set(found) == declared
    assert np.isfinite(list(found.values())).all()
