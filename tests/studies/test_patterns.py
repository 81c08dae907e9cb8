"""The validation patterns: judged as declared, and nothing hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from simsim.districts.files import load_district
from simsim.inputs.errors import InputError
from simsim.studies import patterns
from simsim.studies.pattern_verdicts import FAIL, NOT_COMPUTABLE, NOT_DECIDED, NOT_JUDGED, PASS
from simsim.studies.patterns import (
    ECHO,
    EVIDENCE,
    FITTED,
    HOLDS_WITHOUT,
    ILL_POSED,
    MEASURES,
    NO_SOURCE,
    NOT_TRIED,
    UNSURE_WITHOUT,
    Part,
    check,
    judged_in,
    load,
    measure,
    switched_off,
)

LOOKED_UP = set(range(21, 33))
"""Patterns whose rows were committed before any run that computes them."""
TAGS = {"fitted": {1, 2, 3}, "held_out": {6, 8, 11, 13, 14, 20} | LOOKED_UP, "not_computable": {10}}


def test_every_pattern_is_tagged_as_declared():
    found = {pattern.number: pattern.kind for pattern in load()}
    assert sorted(found) == list(range(1, 34))
    for kind, numbers in TAGS.items():
        assert {n for n, k in found.items() if k == kind} == numbers
    assert set(found.values()) == set(patterns.KINDS)


def test_every_pattern_says_source_and_meaning_and_every_part_where_it_must_lie():
    for pattern in load():
        assert pattern.source and pattern.failing and pattern.title["en"] and pattern.title["zh"]
        for part in pattern.parts:
            assert part.unit and part.words and part.kind in patterns.KINDS
            assert part.sign in patterns.SIGNS if part.sign else np.isfinite([part.low, part.high]).any()


def test_what_was_looked_up_beforehand_says_where_and_how_it_was_read():
    looked_up = {pattern.number: pattern.found for pattern in load() if pattern.found}
    assert set(looked_up) == LOOKED_UP
    for found in (one for several in looked_up.values() for one in several):
        assert set(found) == {"address", "read", "what"} and found["read"] in patterns.READS
        assert found["address"].startswith("http") and found["what"]


def test_no_pattern_that_was_looked_up_echoes_a_parameter():
    assert not [part.name for p in load() if p.number in LOOKED_UP for part in p.parts if part.echoes(p.number)]


def test_only_what_a_fit_aims_at_is_tagged_fitted():
    aimed = {(p.number, part.name) for p in load() for part in p.parts if part.kind == "fitted"}
    assert aimed == {(1, "primary"), (2, "correlation"), (3, "one_year")}


def test_everything_but_what_needs_house_prices_is_measured():
    assert set(MEASURES) == {pattern.number for pattern in load() if pattern.parts}


def test_a_range_judges_the_mean_and_a_sign_the_share_of_replications():
    ranged = Part("a", "a", "SD", "checked", low=0.0, high=1.0)
    assert ranged.verdict([0.5, 0.4, 0.6], 0.8) == PASS
    assert ranged.verdict([0.5, -1.0, 2.0], 0.8) == NOT_DECIDED
    assert ranged.verdict([9.0, 9.1, 8.9], 0.8) == FAIL
    signed = Part("b", "b", "SD", "checked", sign="negative")
    assert signed.verdict([-1] * 17, 0.8) == PASS and signed.verdict([-1] * 16, 0.8) == NOT_DECIDED
    assert signed.verdict([1] * 3, 0.8) == FAIL and signed.verdict([1] * 2, 0.8) == NOT_DECIDED
    assert [ranged.accepted, signed.accepted, Part("c", "c", "", "checked", high=2.0).accepted] == [
        "0 to 1",
        "below 0",
        "at most 2",
    ]


def test_an_ill_posed_part_is_never_judged():
    part = Part("a", "a", "SD", "checked", low=0.0, high=1.0, ill_posed="no test")
    assert part.verdict([0.5, 0.5], 0.8) == NOT_JUDGED and part.worth(99, PASS) == ILL_POSED


def of(**more: Any) -> Part:
    return Part(
        **{"name": "a", "words": "a", "unit": "SD", "kind": "held_out", "low": -1.0, "sources": ("zhu-2025",), **more}
    )


@pytest.mark.parametrize(
    ("part", "without", "worth"),
    [
        (of(), FAIL, EVIDENCE),
        (of(), PASS, HOLDS_WITHOUT),
        (of(), NOT_DECIDED, UNSURE_WITHOUT),
        (of(), "", NOT_TRIED),
        (of(compares=True), FAIL, HOLDS_WITHOUT),
        (of(compares=True, low=0.1), FAIL, EVIDENCE),
        (of(null=0.0, low=0.1), "", EVIDENCE),
        (of(null=0.5, low=0.1), "", HOLDS_WITHOUT),
        (of(null=0.0, low=0.1, sources=()), "", NO_SOURCE),
        (of(sources=()), FAIL, NO_SOURCE),
        (of(sources=("jacob-2010",), acts=("lam_persist",)), FAIL, ECHO),
        (of(sources=("jacob-2010",), acts=("rho_K",)), FAIL, EVIDENCE),
        (of(kind="fitted"), FAIL, FITTED),
    ],
)
def test_a_pass_is_worth_something_only_apart_from_its_parameters_and_with_its_mechanism(part, without, worth):
    assert part.worth(99, without) == worth


def test_the_patterns_that_echo_their_own_parameters_are_found():
    echoes = {p.number for p in load() for part in p.parts if part.echoes(p.number)}
    assert echoes == {1, 2, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 19}


def test_a_switched_off_mechanism_is_off_in_every_replication_and_elsewhere_on():
    data = load_district("erdao")
    off = switched_off({"choice_bq": 0.0, "b0_ses_entry": 0.0}, data)
    assert off.own_parameters()["choice_bq"] == 0.0 and off.fitted()["b0_ses_entry"] == 0.0
    assert "choice_bq" not in data.own_parameters() and data.fitted()["b0_ses_entry"] != 0.0
    assert off.fitted()["inflow_scale"] == data.fitted()["inflow_scale"]


def test_failed_and_not_computable_patterns_are_in_the_table(monkeypatch):
    answers = {3: {"one_year": 0.8}, 15: {"mean_score": 0.5}}
    monkeypatch.setattr(patterns, "MEASURES", {n: lambda replication, n=n: answers[n] for n in answers})
    table = check(2, jobs=1, numbers=[3, 10, 15]).set_index("number")
    assert table["verdict"].to_dict() == {3: PASS, 10: NOT_COMPUTABLE, 15: FAIL}
    assert table["worth"].to_dict() == {3: FITTED, 10: NOT_COMPUTABLE, 15: ECHO}
    assert table.loc[15, ["inside", "n", "echoes"]].tolist() == [0.0, 2, "training_generic"]


def test_what_was_measured_in_more_worlds_is_judged_by_these_and_the_rest_stays(monkeypatch):
    answers = {3: {"one_year": 0.8}, 15: {"mean_score": 0.5}}
    monkeypatch.setattr(patterns, "MEASURES", {n: lambda replication, n=n: answers[n] for n in answers})
    few = check(2, jobs=1, numbers=[3, 10, 15])
    worlds = pd.DataFrame({"replication": [1, 2, 3], "number": 3, "part": "one_year", "value": [0.1, 0.2, 0.3]})
    more = judged_in(few, worlds)
    row = more.set_index("number").loc[3]
    assert (row["n"], round(row["result"], 9), row["verdict"], row["worth"]) == (3, 0.2, FAIL, FITTED)
    pd.testing.assert_frame_equal(more[more["number"] != 3], few[few["number"] != 3])


def test_what_could_be_evidence_is_run_without_its_mechanism(monkeypatch):
    def choice(replication):
        on = replication.data is None
        return {"longer_trips_km": 1.0, "worth": 1.0 if on else -1.0, "more_quality": 0.0}

    monkeypatch.setattr(patterns, "MEASURES", {20: choice})
    table = check(17, jobs=1, numbers=[20]).set_index("unit")
    assert table["verdict"].tolist() == [PASS] * 3
    assert table["worth"].to_dict() == {"km": HOLDS_WITHOUT, "utility": EVIDENCE, "SD": HOLDS_WITHOUT}
    assert table["without"].fillna(9.0).to_dict() == {"km": 1.0, "utility": -1.0, "SD": 9.0}


@pytest.mark.parametrize("asked", [{"numbers": [99]}, {"replications": 0}])
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
