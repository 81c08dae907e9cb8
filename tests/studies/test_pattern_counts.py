"""Only what is decided, apart from the parameters, and missed without its mechanism is counted as evidence."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from simsim.inputs.paths import resource
from simsim.studies.pattern_counts import by_worth, headline, wholes
from simsim.studies.pattern_verdicts import FAIL, NOT_COMPUTABLE, NOT_DECIDED, NOT_JUDGED, PASS
from simsim.studies.patterns import ECHO, EVIDENCE, FITTED, HOLDS_WITHOUT, ILL_POSED, NOT_TRIED

PARTS = [
    (1, PASS, FITTED),
    (1, PASS, ECHO),
    (2, PASS, EVIDENCE),
    (2, PASS, HOLDS_WITHOUT),
    (2, NOT_JUDGED, ILL_POSED),
    (3, PASS, EVIDENCE),
    (3, NOT_DECIDED, EVIDENCE),
    (4, PASS, ECHO),
    (5, PASS, NOT_TRIED),
    (5, PASS, HOLDS_WITHOUT),
    (6, FAIL, EVIDENCE),
    (7, NOT_JUDGED, ILL_POSED),
    (8, NOT_COMPUTABLE, NOT_COMPUTABLE),
]
TABLE = pd.DataFrame(PARTS, columns=["number", "verdict", "worth"]).assign(pattern="p")


def test_a_pattern_is_worth_what_the_weakest_claim_of_its_judged_parts_is():
    assert wholes(TABLE)["worth"].to_dict() == {
        1: FITTED,
        2: EVIDENCE,
        3: EVIDENCE,
        4: ECHO,
        5: NOT_TRIED,
        6: EVIDENCE,
        7: ILL_POSED,
        8: NOT_COMPUTABLE,
    }


def test_the_headline_counts_independent_decided_passes_and_the_others_apart():
    assert headline(TABLE) == (
        "Independent decided passes: 1 of 8 patterns. "
        "Passes that are no evidence: 1 not tried (5), 1 echo (4), 1 fitted (1). "
        "The others: 1 not decided, 1 FAIL, 1 not judged, 1 not computable."
    )


def test_every_pattern_is_counted_once():
    counted = by_worth(TABLE)
    assert counted.to_numpy().sum() == TABLE["number"].nunique()
    assert counted.loc[EVIDENCE].to_dict() == {PASS: 1, NOT_DECIDED: 1, FAIL: 1, NOT_JUDGED: 0, NOT_COMPUTABLE: 0}


def test_a_table_without_passes_says_none():
    assert headline(TABLE[TABLE["number"] == 6]) == (
        "Independent decided passes: 0 of 1 patterns. Passes that are no evidence: none. The others: 1 FAIL."
    )


def test_the_notebook_opens_with_the_count_that_it_computes():
    path = resource("parameters").parent / "notebooks" / "03-validation.ipynb"
    if not path.exists():
        pytest.skip("notebooks are not part of an installed package")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    printed = "".join(line for cell in cells for out in cell.get("outputs", ()) for line in out.get("text", ()))
    said = next(line for line in printed.splitlines() if line.startswith("Independent decided passes"))
    assert said in "".join(cells[0]["source"]).replace("**", "").replace("\n", " ")
